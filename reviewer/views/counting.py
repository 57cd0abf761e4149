"""Counts that stop at a thousand: nobody reads further, and a million rows are never walked."""

from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST: Final = 1_000  # beyond it a count is told as "1,000+"


def counts_of(**found: QuerySet[Any]) -> dict[str, int]:
    """How many rows each has, one beyond `MOST` at the highest. One query for all of them."""
    counts, pieces = dict.fromkeys(found, 0), {}
    values: list[Any] = []
    for name, rows in found.items():
        try:
            sql, params = rows.order_by().values("pk")[: MOST + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        pieces[name] = f"(SELECT COUNT(*) FROM ({sql}) AS counted)"  # noqa: S608
        values += params
    if pieces:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(pieces.values())}", values)
            counts.update(zip(pieces, cursor.fetchone(), strict=True))
    return counts
