"""Many rows at once: ids reserved beforehand, then one COPY a table."""

from collections.abc import Iterable, Iterator
from itertools import chain
from operator import attrgetter

from django.db import connection, models


def reserved_ids(model: type[models.Model], number: int) -> Iterator[int]:
    """Ids for rows that name one another, so that a tree goes in at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return iter([row[0] for row in cursor.fetchall()])


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
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    statement = f"COPY {quote(first._meta.db_table)} ({names}) FROM STDIN"
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in chain([first], in_order):
            copy.write_row(values(row))
