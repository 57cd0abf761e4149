"""Many rows at once: ids reserved beforehand, then one COPY a table."""

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from django.db import connection, models


def reserved_ids(model: type[models.Model], number: int) -> list[int]:
    """Ids for rows that name one another, so that a tree goes in at once."""
    if not number:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(sequence) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass"
            " AS sequence OFFSET 0) AS named, generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return [row[0] for row in cursor.fetchall()]


def insert_row(row: models.Model) -> None:
    """Insert one row with long texts, which learns its id: no SQL is parsed that holds them."""
    fields = [one for one in row._meta.concrete_fields if not one.generated]
    (row.pk,) = reserved_ids(type(row), 1)
    values = (one.get_db_prep_save(getattr(row, one.attname), connection) for one in fields)
    copy_rows(type(row), [one.attname for one in fields], [tuple(values)])
    row._state.adding, row._state.db = False, connection.alias


def insert_rows(rows: Iterable[models.Model]) -> None:
    """Insert rows of one model; they do not learn their ids."""
    in_order = iter(rows)
    first = next(in_order, None)
    if first is None:
        return
    fields = [
        field
        for field in first._meta.concrete_fields
        if not field.generated and not (field.primary_key and first.pk is None)
    ]
    values = attrgetter(*(field.attname for field in fields))
    every = (values(row) for row in chain([first], in_order))
    copy_rows(type(first), [field.attname for field in fields], every)


def copy_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Insert rows given as tuples of these attributes: thousands of models cost more than that."""
    quote = connection.ops.quote_name
    columns = {field.attname: quote(str(field.column)) for field in model._meta.concrete_fields}
    named = ", ".join(columns[name] for name in names)
    statement = f"COPY {quote(model._meta.db_table)} ({named}) FROM STDIN"
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(row)
