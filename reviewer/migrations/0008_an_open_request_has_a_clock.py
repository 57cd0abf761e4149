"""At commit, an open request and an open appeal have the clock of their decision.

A clock keeps what started it and what it is for; it stops by a fact of its own request, at the time
of that fact, and ends by a milestone of it. What is stopped or ended never goes on.
"""

from importlib import import_module

from django.db import migrations, models

gates = import_module("reviewer.migrations.0002_gates")
paths = import_module("policies.migrations.0006_no_temporary_tables")

FUNCTIONS = """
CREATE FUNCTION reviewer_check_request_clock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked bigint := CASE WHEN TG_TABLE_NAME = 'reviewer_clock'
        THEN (to_jsonb(NEW) ->> 'request_id')::bigint ELSE NEW.id END;
BEGIN
    IF EXISTS (
        SELECT FROM reviewer_request AS r
        WHERE r.id = asked
            AND r.state IN ('received', 'incomplete', 'in_review', 'referred', 'reopened')
            AND NOT EXISTS (
                SELECT FROM reviewer_clock
                WHERE request_id = r.id AND appeal_id IS NULL AND duty = 'decision' AND ended = ''
            )
    ) THEN
        RAISE EXCEPTION 'an open request has a clock'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_open_request_has_a_clock';
    END IF;
    RETURN NULL;
END $$;

-- What other stages than the plan's own appeal are due by has other names.
CREATE FUNCTION reviewer_check_appeal_clock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked bigint := CASE WHEN TG_TABLE_NAME = 'reviewer_clock'
        THEN (to_jsonb(NEW) ->> 'appeal_id')::bigint ELSE NEW.id END;
BEGIN
    IF EXISTS (
        SELECT FROM reviewer_appeal AS a
        WHERE a.id = asked AND a.state IN ('received', 'assigned')
            AND NOT EXISTS (
                SELECT FROM reviewer_clock
                WHERE appeal_id = a.id AND ended = ''
                    AND (duty = 'appeal_decision' OR a.stage <> 'appeal_decision' OR a.step = 'ire')
            )
    ) THEN
        RAISE EXCEPTION 'an open appeal has a clock'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_open_appeal_has_a_clock';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION reviewer_check_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM reviewer_clockevent WHERE id = NEW.started_by_id
            AND request_id = NEW.request_id AND appeal_id IS NOT DISTINCT FROM NEW.appeal_id)
        OR (NEW.stopped_by_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM reviewer_clockevent WHERE id = NEW.stopped_by_id AND at = NEW.stopped_at
            AND request_id = NEW.request_id AND appeal_id IS NOT DISTINCT FROM NEW.appeal_id))
        OR (NEW.ended_by_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM reviewer_event WHERE id = NEW.ended_by_id AND request_id = NEW.request_id))
    THEN
        RAISE EXCEPTION 'a clock starts, stops and ends by evidence of its own request'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'the_evidence_is_of_the_same_request';
    END IF;
    IF TG_OP = 'INSERT' THEN
        RETURN NEW;
    END IF;
    IF (NEW.request_id, NEW.duty, NEW.recipient, NEW.started_by_id, NEW.scope, NEW.zone)
            IS DISTINCT FROM
            (OLD.request_id, OLD.duty, OLD.recipient, OLD.started_by_id, OLD.scope, OLD.zone)
        OR (NEW.appeal_id, NEW.determination_id)
            IS DISTINCT FROM (OLD.appeal_id, OLD.determination_id)
    THEN
        RAISE EXCEPTION 'a clock keeps its start and its duty'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_clock_keeps_its_start';
    END IF;
    IF (OLD.ended <> '' AND (NEW.ended, NEW.ended_by_id) IS DISTINCT FROM (OLD.ended, OLD.ended_by_id))
        OR (OLD.ended <> '' AND NEW.stopped_by_id IS DISTINCT FROM OLD.stopped_by_id)
        OR (OLD.stopped_by_id IS NOT NULL AND NEW.ended <> '')
        OR (OLD.stopped_by_id IS NOT NULL AND NEW.stopped_by_id IS DISTINCT FROM OLD.stopped_by_id
            AND NOT EXISTS (SELECT FROM reviewer_clockevent
                WHERE id = NEW.stopped_by_id AND corrects_id = OLD.stopped_by_id))
    THEN
        RAISE EXCEPTION 'a clock that stopped stays so'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_stopped_clock_stays_so';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reviewer_check_clock_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.appeal_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM reviewer_appeal WHERE id = NEW.appeal_id AND request_id = NEW.request_id))
        OR (NEW.determination_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM reviewer_determination
            WHERE id = NEW.determination_id AND request_id = NEW.request_id))
        OR (NEW.milestone_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM reviewer_event WHERE id = NEW.milestone_id AND request_id = NEW.request_id))
        OR (NEW.corrects_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM reviewer_clockevent AS c
            WHERE c.id = NEW.corrects_id AND c.request_id = NEW.request_id AND c.type = NEW.type
                AND c.appeal_id IS NOT DISTINCT FROM NEW.appeal_id
                AND c.determination_id IS NOT DISTINCT FROM NEW.determination_id))
    THEN
        RAISE EXCEPTION 'a fact is of one request'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'the_evidence_is_of_the_same_request';
    END IF;
    RETURN NEW;
END $$;
"""


def at_commit(table: str, name: str, when: str, function: str) -> str:
    return (
        f"CREATE CONSTRAINT TRIGGER {name} AFTER {when} ON reviewer_{table}"
        f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}();"
    )


FORWARD = [
    FUNCTIONS,
    at_commit("request", "an_open_request_has_a_clock", "INSERT OR UPDATE OF state",
              "reviewer_check_request_clock"),
    at_commit("clock", "an_open_request_keeps_a_clock", "UPDATE OF ended",
              "reviewer_check_request_clock"),
    at_commit("appeal", "an_open_appeal_has_a_clock", "INSERT OR UPDATE OF state",
              "reviewer_check_appeal_clock"),
    at_commit("clock", "an_open_appeal_keeps_a_clock", "UPDATE OF ended",
              "reviewer_check_appeal_clock"),
    gates.trigger("clock", "a_clock_goes_by_its_evidence", "BEFORE INSERT OR UPDATE",
                  "reviewer_check_clock"),
    gates.trigger("clockevent", "a_fact_is_of_one_request", "BEFORE INSERT",
                  "reviewer_check_clock_event"),
    gates.trigger("clock", "a_clock_is_never_deleted", "BEFORE DELETE", "reviewer_refuse_change"),
    gates.trigger("clock", "clocks_are_never_emptied", "BEFORE TRUNCATE",
                  "policies_refuse_truncate", "STATEMENT"),
]  # fmt: skip
BACKWARD = [
    *[f"DROP FUNCTION reviewer_check_{name}() CASCADE;"
      for name in ["request_clock", "appeal_clock", "clock", "clock_event"]],
    "DROP TRIGGER a_clock_is_never_deleted ON reviewer_clock;",
    "DROP TRIGGER clocks_are_never_emptied ON reviewer_clock;",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0007_rules_and_clocks")]

    operations = [
        migrations.AddField(
            model_name="appeal",
            name="decision_tolled_until",
            field=models.DateTimeField(
                help_text="Until when the law stops that clock for an answer.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="appeal",
            name="decision_citation",
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AlterField(
            model_name="appeal",
            name="decision_due_at",
            field=models.DateTimeField(
                help_text="Of its decision's clock; see Clock.due_at.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="decision_tolled_until",
            field=models.DateTimeField(
                help_text="Until when the law stops that clock for an answer.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="request",
            name="decision_citation",
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AlterField(
            model_name="request",
            name="decision_due_at",
            field=models.DateTimeField(
                help_text="Of its decision's clock; see Clock.due_at.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="due_at",
            field=models.DateTimeField(
                help_text="The limit, if nothing more arrives. Ask `due` for how it stands.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="tolled_until",
            field=models.DateTimeField(
                help_text="Until when the law stops the clock for an answer that has not come.",
                null=True,
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(paths.fixed_path("reviewer"), migrations.RunSQL.noop),
    ]
