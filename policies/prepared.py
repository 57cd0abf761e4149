"""Queries whose SQL is written once. For what a page asks each time, Django takes longer to write
the query than the database to answer it; here only the values change from one asking to the next.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Field, Func, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

Row = tuple[Any, ...]


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
