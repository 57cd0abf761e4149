"""Queries whose SQL is written once. For what a page asks each time, Django takes longer to write
the query than the database to answer it; here only the values change from one asking to the next,
and a connection that has asked before sends no more than the values.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.utils import CursorWrapper
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
    """A `values_list()` with slots in its filters.

    `keeps_plan`: no, where the best way to find the rows depends on the values.
    """

    def __init__(self, rows: QuerySet[Any, Any], *, keeps_plan: bool = True) -> None:
        self.sql, self.parameters = rows.query.sql_with_params()
        self._cursor = _KeepingCursor if keeps_plan else _PlanningCursor

    def ask(self, **values: Any) -> list[Row]:
        """The rows for these values, by the names of the slots. One query."""
        given: Sequence[Any] = [
            values[one.value] if isinstance(one, Slot) else one for one in self.parameters
        ]
        with _wrapped(self._cursor) as cursor:
            cursor.execute(self.sql, given)
            return list(cursor.fetchall())


def ask_written(sql: str, values: Mapping[str, Any]) -> list[Row]:
    """The rows of SQL written by hand, with the named values in their places. One query."""
    with _wrapped(_KeepingCursor) as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


class PreparedModels:
    """A query of models with slots in its filters, of the models at the end of the `related` paths,
    and of the values that it is annotated with. What it defers is left out."""

    def __init__(self, found: QuerySet[Any], *related: str) -> None:
        self._kinds = [found.model, *(_at_end_of(found.model, path) for path in related)]
        left_out, _ = found.query.deferred_loading
        columns, ends = [], [0]
        self._names = []
        for kind, path in zip(self._kinds, ("", *(f"{one}__" for one in related)), strict=True):
            fields = [one for one in kind._meta.concrete_fields if path + one.name not in left_out]
            self._names.append([one.attname for one in fields])
            columns += [path + one.attname for one in fields]
            ends.append(len(columns))
        self._places = [slice(*both) for both in pairwise(ends)]
        self._rows = Prepared(found.values_list(*columns, *found.query.annotation_select))

    def ask(self, **values: Any) -> list[Row]:
        """Each model with its related ones, None where there is none, and the values. One query."""
        return [self._made(row) for row in self._rows.ask(**values)]

    def _made(self, row: Row) -> Row:
        parts = zip(self._kinds, self._names, self._places, strict=True)
        models = [_model(kind, names, row[place]) for kind, names, place in parts]
        return *models, *row[self._places[-1].stop :]


class _PlanningCursor(psycopg.Cursor[Row]):
    """Sends the values beside the SQL; the database plans the query for them."""

    keeps_plan = False

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        return super().execute(query, params, prepare=self.keeps_plan, **how)


class _KeepingCursor(_PlanningCursor):
    """Lets the database plan a query once for a connection, not at each asking."""

    keeps_plan = True


def _wrapped(kind: type[_PlanningCursor]) -> CursorWrapper:
    """As `connection.cursor()`, which would write the values into the SQL."""
    connection.ensure_connection()
    cursor: Any = kind(connection.connection)
    if connection.queries_logged:
        return connection.make_debug_cursor(cursor)
    return connection.make_cursor(cursor)


def _at_end_of(model: type[Model], path: str) -> type[Model]:
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model


def _model(kind: type[Model], names: Sequence[str], row: Row) -> Model | None:
    return None if row[0] is None else kind.from_db(DEFAULT_DB_ALIAS, names, row)


def partly(model: type[Stored], **columns: object) -> Stored:
    """A model with some of its columns, as `only()` reads it."""
    names = [one.attname for one in model._meta.concrete_fields if one.attname in columns]
    return model.from_db(DEFAULT_DB_ALIAS, names, [columns[name] for name in names])


def with_one(model: Model, name: str, found: Model | None) -> None:
    """Let `model.name` be what was found, as `select_related()` does."""
    model._state.fields_cache[name] = found


def with_related(model: Model, name: str, found: Iterable[Model]) -> None:
    """Let `name.all()` be what was found, as `prefetch_related()` does."""
    vars(model).setdefault("_prefetched_objects_cache", {})[name] = list(found)
