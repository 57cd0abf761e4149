"""Ten thousand bulletins from a thousand, inside the scratch database.

The importer takes a minute for a thousand, so the rest are copies by SQL, with numbers, contents
and hashes of their own, published in the steps that the triggers ask for. Every table that hangs
on a version is copied; the marked code stands only in the bulletins that were imported.

A copy names codes of its own, drawn from the releases, and ranges of two of them, so that a code
has about as many hits among ten thousand bulletins as among a thousand.
"""

from dataclasses import dataclass

import psycopg
from django.db.models import Model

from policies.models import (
    Bulletin,
    CodeGroup,
    CodeRow,
    CodeSpan,
    Criterion,
    Passage,
    Publication,
    Reference,
    Section,
    Version,
)
from tests.bench.code_sets import MARKED
from tests.bench.scratch import plain, tidy

PARTS = (Section, Passage, Criterion, CodeGroup, CodeRow, CodeSpan, Reference)
COPIED = (Bulletin, Version, *PARTS, Publication)
# Every code, in order, with the next one of its family; and how many there are.
DRAWN = """
CREATE TEMP TABLE drawn AS
SELECT system AS of_system, key, display, row_number() OVER in_order - 1 AS place,
  lead(key, 1, key) OVER family AS last, lead(display, 1, display) OVER family AS last_display
FROM policies_code WHERE NOT starts_with(key, %s)
WINDOW in_order AS (PARTITION BY system ORDER BY key),
  family AS (PARTITION BY system, left(key, 3) ORDER BY key);
"""
SYSTEMS = "CREATE TEMP TABLE systems AS SELECT of_system, count(*) AS codes FROM drawn GROUP BY 1"
SPANS = """
policies_codespan JOIN systems ON systems.of_system = policies_codespan.system
JOIN drawn ON drawn.of_system = policies_codespan.system
  AND drawn.place = (hashint8extended(id, {ordinal}) & 9223372036854775807) % codes
"""
IS_RANGE = "(low <> high AND drawn.last <> drawn.key)"
SPAN = {
    "low": "drawn.display",
    "high": f"CASE WHEN {IS_RANGE} THEN drawn.last_display ELSE drawn.display END",
    "lower": "drawn.key",
    "upper": f"CASE WHEN {IS_RANGE} THEN drawn.last || '~' ELSE drawn.key END",
    "is_add_on": f"is_add_on AND NOT {IS_RANGE}",
    "has_seventh_character": "false",
}


@dataclass(frozen=True, slots=True)
class Copying:
    """One copy of everything that was imported: how far its keys and numbers are moved."""

    steps: dict[type[Model], int]
    bulletins: int
    ordinal: int

    def statement(self, model: type[Model]) -> str:
        """`INSERT ... SELECT` of the rows that the importer made."""
        fields = [one for one in model._meta.concrete_fields if not one.generated]
        columns = ", ".join(f'"{one.column}"' for one in fields)
        values = ", ".join(self._value(model, one) for one in fields)
        table, step = model._meta.db_table, self.steps[model]
        rows = SPANS.format(ordinal=self.ordinal) if model is CodeSpan else table
        return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {rows} WHERE id <= {step}"

    def _value(self, model, field) -> str:
        related = field.remote_field.model if field.is_relation else None
        moved = model if field.primary_key else related
        if moved in self.steps:
            return f'"{field.column}" + {self.steps[moved] * self.ordinal}'
        return self._own(model).get(field.column, f'"{field.column}"')

    def _own(self, model) -> dict[str, str]:
        if model is Bulletin:
            number = f"(number::int + {self.bulletins * self.ordinal})::text"
            return {"number": number, "category": f"'Generated {self.ordinal}'"}
        if model is Version:
            return {
                "status": "'draft'",
                "content": self._content(),
                "content_hash": f"encode(sha256(convert_to({self._content()}, 'UTF8')), 'hex')",
            }
        if model is CodeSpan:
            return SPAN
        return {}

    def _content(self) -> str:
        """A copy's text differs in a blank at its end: it is another text with another hash."""
        return f"content || repeat(' ', {self.ordinal})"


def multiply(times: int) -> None:
    """So many times the bulletins that are there; the owner writes, every trigger agrees."""
    with plain("owner") as owner:
        owner.execute("SET statement_timeout = 0")
        steps = {model: last(owner, model) for model in COPIED}
        owner.execute(DRAWN, [MARKED[:3]])
        owner.execute(SYSTEMS)
        (bulletins,) = owner.execute(f"SELECT count(*) FROM {Bulletin._meta.db_table}").fetchone()
        for ordinal in range(1, times):
            copying = Copying(steps, bulletins, ordinal)
            for model in COPIED[:-1]:
                owner.execute(copying.statement(model))
            for status in ("approved", "published"):
                owner.execute(
                    f"UPDATE {Version._meta.db_table} SET status = %s WHERE id > %s",
                    [status, steps[Version] * ordinal],
                )
            owner.execute(copying.statement(Publication))
            owner.commit()
        for model in COPIED:
            table = model._meta.db_table
            owner.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )
    tidy()


def last(owner: psycopg.Connection, model: type[Model]) -> int:
    (highest,) = owner.execute(f"SELECT max(id) FROM {model._meta.db_table}").fetchone()
    return highest or 0
