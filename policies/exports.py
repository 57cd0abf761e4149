"""The library, or a version, for other programs: JSON lines, and CSV for spreadsheets.

Everything streams: one version is in memory at a time.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.db.models import QuerySet

from policies.models import Version
from policies.records import (
    CODE_COLUMNS,
    CRITERION_COLUMNS,
    PASSAGE_COLUMNS,
    Row,
    code_rows,
    criterion_rows,
    passage_rows,
    version_record,
)

Tables = dict[str, tuple[tuple[str, ...], Callable[[Version], Iterator[Row]]]]
TABLES: Tables = {
    "codes": (CODE_COLUMNS, code_rows),
    "passages": (PASSAGE_COLUMNS, passage_rows),
    "criteria": (CRITERION_COLUMNS, criterion_rows),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def published_versions(*, on: date | None = None) -> QuerySet[Version]:
    """Every published version, or those in effect on a day and those that state no day."""
    versions = Version.objects.published()
    if on is not None:
        versions = Version.objects.in_effect(on) | Version.objects.undated()
    whole = versions.select_related(
        "bulletin", "publication__successor", "author", "approver"
    ).defer("source_bytes", "publication__successor__content")
    return whole.order_by("bulletin__number", "ordinal")


def json_lines(versions: QuerySet[Version]) -> Iterator[str]:
    """One line for each version: `policies.records.version_record`."""
    for version in versions.iterator(chunk_size=10):
        yield json.dumps(version_record(version), ensure_ascii=False) + "\n"


def csv_lines(versions: QuerySet[Version], table: str) -> Iterator[str]:
    """The rows of a table of TABLES under its header, in the same order for the same library."""
    columns, rows_of = TABLES[table]
    write: Callable[[Iterable[object]], str] = csv.writer(_Echo()).writerow
    yield write(columns)
    for version in versions.defer("content").iterator(chunk_size=50):
        for row in rows_of(version):
            yield write(safe_cells(row))


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def safe_cells(row: Iterable[object]) -> list[object]:
    """A row in which no text is taken for a formula by a spreadsheet."""
    return [f"'{one}" if isinstance(one, str) and one.startswith(_FORMULA) else one for one in row]
