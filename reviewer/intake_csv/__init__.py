"""CSV files of requests, read without any database: rows, their cells, and what is not clear."""

from reviewer.intake_csv.columns import COLUMNS, Column
from reviewer.intake_csv.reading import (
    MOST_BYTES,
    MOST_REQUESTS,
    TOO_LARGE,
    Fault,
    Line,
    NotRequests,
    Row,
    read_requests,
)

__all__ = [
    "COLUMNS",
    "MOST_BYTES",
    "MOST_REQUESTS",
    "TOO_LARGE",
    "Column",
    "Fault",
    "Line",
    "NotRequests",
    "Row",
    "read_requests",
]
