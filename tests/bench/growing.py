"""A record of a million requests from ten thousand, inside the scratch database.

Written by the site's own code a request takes milliseconds, so the rest are copies by SQL, with
numbers, holders and due times of their own. What is done grows with the years; what is open, or
still to tell, grows only to twenty times as much, as in a house that works through its days.
"""

import psycopg
from django.db.models import Model

from reviewer.models import (
    ActiveDetermination,
    Clock,
    ClockEvent,
    Determination,
    Event,
    Notice,
    Request,
    Reviewer,
    ServiceLine,
)
from tests.bench.scratch import plain, tidy
from tests.cast import enter_nurse

COPIED = (
    Request, ServiceLine, ClockEvent, Clock, Event, Determination, ActiveDetermination, Notice
)  # fmt: skip
LIVELY = 20  # so many of the copies have open requests and some to tell of
NURSES = 50
DONE = "state IN ('notified', 'closed')"
DETERMINATIONS = f"""
INSERT INTO reviewer_determination (request_id, line_id, outcome, ground, reason_id, reason_text,
  rationale_clinical, rationale_plain, units_granted, starts_on, ends_on, authorization_number,
  version_hash, version_reason, no_bulletin_reason, variance_reason, replacement_reason, capsule,
  capsule_hash, signed_by_id, signed_at, signed_on, signed_zone, credential_id, credential_kind,
  credential_from, credential_to)
SELECT r.id, l.id, 'approved', '', (SELECT min(id) FROM reviewer_reasoncode WHERE NOT is_adverse),
  '', 'Approved.', 'Approved.', 1, l.starts_on, l.ends_on, 'B' || l.id,
  '', '', 'Generated.', '', '', '{{}}',
  encode(sha256(convert_to('{{}}', 'UTF8')), 'hex'), c.reviewer_id, r.received_at + '2 days',
  ((r.received_at + '2 days') AT TIME ZONE 'UTC')::date, 'UTC', c.id, c.kind,
  c.valid_from, c.valid_to
FROM reviewer_request r JOIN reviewer_serviceline l ON l.request_id = r.id
JOIN reviewer_credential c ON c.reviewer_id = %s WHERE r.{DONE}
"""
POINTERS = """
INSERT INTO reviewer_activedetermination (line_id, determination_id)
SELECT line_id, id FROM reviewer_determination
"""
TO_TELL = """
UPDATE reviewer_request SET state = 'determined' WHERE state = 'notified' AND id % 25 = 0
"""
NOTICES = f"""
INSERT INTO reviewer_notice (request_id, determination_id, kind, recipient, channel, body, sha256,
  sent_by_id, sent_at)
SELECT r.id, d.id, 'determination', who, 'mail', 'Generated.',
  encode(sha256(convert_to('Generated.', 'UTF8')), 'hex'), d.signed_by_id, d.signed_at
FROM reviewer_request r JOIN reviewer_determination d ON d.request_id = r.id
CROSS JOIN (VALUES ('member'), ('provider')) AS told (who) WHERE r.{DONE}
"""
EVENTS = """
INSERT INTO reviewer_event (request_id, name, at, sentence, before, after, by_id)
SELECT id, name, received_at, '', '{}', jsonb_build_object('state', moved), entered_by_id
FROM reviewer_request
JOIN (VALUES ('entered', 'received'), ('information_requested', 'incomplete')) AS e (name, moved)
  ON name = 'entered' OR state = 'incomplete'
"""
# A person has some forty in hand.
HELD = f"""
UPDATE reviewer_request SET assigned_to_id = NULL
WHERE NOT ({DONE}) AND assigned_to_id IS NOT NULL AND id % 12 <> 0
"""
QUIET = "CREATE TEMP TABLE quiet AS SELECT id FROM reviewer_request WHERE " + DONE


def decide(nurse: Reviewer) -> None:
    """What is done among the first requests has its determination, letters and milestones."""
    with plain("owner") as owner:
        owner.execute("SET statement_timeout = 0")
        with triggers_off(owner):
            owner.execute(DETERMINATIONS, [nurse.pk])
            for statement in (HELD, POINTERS, TO_TELL, NOTICES, EVENTS):
                owner.execute(statement)
    tidy()


def grow(count: int) -> None:
    """So many requests, or a few more, from those that are there; other nurses hold the copies."""
    others = [enter_nurse(f"nurse{one}", f"Nurse {one}").pk for one in range(NURSES)]
    with plain("owner") as owner:
        owner.execute("SET statement_timeout = 0")
        owner.execute(QUIET)
        steps = {model: last(owner, model) for model in COPIED}
        (quiet,) = owner.execute("SELECT count(*) FROM quiet").fetchone()
        there, ordinal = steps[Request], 0
        while there < count:
            ordinal += 1
            there += steps[Request] if ordinal < LIVELY else quiet
            with triggers_off(owner):
                for model in COPIED:
                    owner.execute(copy_of(model, steps, ordinal, others[ordinal % NURSES]))
            owner.commit()
        for model in COPIED:
            if model is not ActiveDetermination:
                table = model._meta.db_table
                owner.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
    tidy()


def copy_of(model: type[Model], steps: dict[type[Model], int], ordinal: int, holder: int) -> str:
    """`INSERT ... SELECT` of the first rows, their keys moved by the step of their table."""
    own = {
        "number": f"number || '-{ordinal}'",
        "assigned_to_id": f"CASE WHEN assigned_to_id IS NULL THEN NULL ELSE {holder} END",
        "decision_due_at": f"decision_due_at + {ordinal} * interval '61 seconds'",
        "authorization_number": f"authorization_number || '-{ordinal}'",
    }
    columns, values = [], []
    for field in model._meta.concrete_fields:
        if field.generated:
            continue
        related = field.remote_field.model if field.is_relation else None
        step = steps.get(related or (model if field.primary_key else None))
        moved = f'"{field.column}" + {step * ordinal}' if step else f'"{field.column}"'
        columns.append(f'"{field.column}"')
        values.append(own.get(field.column, moved))
    table = model._meta.db_table
    key = "line_id" if model is ActiveDetermination else "id"
    chosen = [f"{key} <= {steps[ServiceLine if key == 'line_id' else model]}"]
    if ordinal >= LIVELY and model is Request:
        chosen.append("id IN (SELECT id FROM quiet)")
    elif ordinal >= LIVELY and model is not ActiveDetermination:
        chosen.append("request_id IN (SELECT id FROM quiet)")
    elif ordinal >= LIVELY:
        lines = f"SELECT id FROM {ServiceLine._meta.db_table} WHERE request_id IN (TABLE quiet)"
        chosen.append(f"line_id IN ({lines})")
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table}"
        f" WHERE {' AND '.join(chosen)}"
    )


class triggers_off:  # noqa: N801 - reads as a statement
    """The tables' own triggers rest: what is copied was checked, and is older than they allow."""

    def __init__(self, owner: psycopg.Connection) -> None:
        self.owner = owner

    def __enter__(self) -> None:
        self.owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self._turn("DISABLE")

    def __exit__(self, failed: object, *_: object) -> None:
        if failed is None:
            self._turn("ENABLE")

    def _turn(self, word: str) -> None:
        for model in COPIED:
            self.owner.execute(f"ALTER TABLE {model._meta.db_table} {word} TRIGGER USER")


def last(owner: psycopg.Connection, model: type[Model]) -> int:
    key = "line_id" if model is ActiveDetermination else "id"
    (highest,) = owner.execute(f"SELECT max({key}) FROM {model._meta.db_table}").fetchone()
    return highest or 0
