"""What a failure may say of itself in a log: never the values of a row."""

import logging
import traceback
from types import TracebackType

import psycopg
from django.db import DatabaseError

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutValues(logging.Formatter):
    """Postgres adds the failing row to what it says: of its errors only the first line is kept."""

    def formatException(self, ei: Raised) -> str:
        error, told = ei[1], list[str]()
        while error is not None:
            where = "".join(traceback.format_tb(error.__traceback__))
            told.append(f"{where}{type(error).__name__}: {said(error)}")
            error = error.__cause__ or error.__context__
        return "\n\nIt came of:\n".join(told)


def said(error: BaseException) -> str:
    if isinstance(error, psycopg.Error):
        return error.diag.message_primary or ""
    return "" if isinstance(error, DatabaseError) else str(error)
