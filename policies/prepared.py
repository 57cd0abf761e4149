"""Queries whose SQL is written once. For what a page asks each time, Django takes longer to write
the query than the database to answer it; here only the values change from one asking to the next.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, Field, Func, Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

Row = tuple[Any, ...]
Stored = TypeVar("Stored", bound=Model)


class Slot(Value):
    """The place of a value that is given when the query is asked."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(name, output_field)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)

    def __deepcopy__(self, memo: object) -> "Slot":
        return self


class AnyOf(Func):
    """Whether a column is one of the values of a slot, however many there are."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class Prepared:
    """A `values_list()` with slots in its filters."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self.sql, self.parameters = rows.query.sql_with_params()

    def ask(self, **values: Any) -> list[Row]:
        """The rows for these values, by the names of the slots. One query."""
        given: Sequence[Any] = [
            values[one.value] if isinstance(one, Slot) else one for one in self.parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, given)
            return list(cursor.fetchall())


def partly(model: type[Stored], **columns: object) -> Stored:
    """A model with some of its columns, as `only()` reads it."""
    names = [one.attname for one in model._meta.concrete_fields if one.attname in columns]
    return model.from_db(DEFAULT_DB_ALIAS, names, [columns[name] for name in names])
