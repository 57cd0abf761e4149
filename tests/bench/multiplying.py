"""Ten thousand bulletins from a thousand, inside the scratch database.

The importer takes a minute for a thousand, so the rest are copies by SQL, with numbers, contents
and hashes of their own, published in the steps that the triggers ask for. Every table that hangs
on a version is copied; the marked code stands only in the bulletins that were imported.
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
ELSEWHERE = "Q53"  # where the copies' rows of the marked code point
BOUNDS = ("low", "high", "lower", "upper")


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
        return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE id <= {step}"

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
            return {column: moved_key(f'"{column}"') for column in BOUNDS}
        return {}

    def _content(self) -> str:
        """A copy's text differs in a blank at its end: it is another text with another hash."""
        return f"content || repeat(' ', {self.ordinal})"


def moved_key(column: str) -> str:
    """The keys of the marked code's rows, pointed elsewhere."""
    start, length = MARKED[: len(ELSEWHERE)], len(ELSEWHERE)
    moved = f"'{ELSEWHERE}' || substr({column}, {length + 1})"
    return f"CASE WHEN starts_with({column}, '{start}') THEN {moved} ELSE {column} END"


def multiply(times: int) -> None:
    """So many times the bulletins that are there; the owner writes, every trigger agrees."""
    with plain("owner") as owner:
        owner.execute("SET statement_timeout = 0")
        steps = {model: last(owner, model) for model in COPIED}
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
