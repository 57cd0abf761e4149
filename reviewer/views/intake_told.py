"""What a page or a file tells of a file of requests: counts, rows, and what is to mend."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse

from policies.exports import safe_cells
from reviewer.forms.intake_rows import told as told_in_words
from reviewer.intake_csv import COLUMNS, Fault, Row
from reviewer.intake_csv.columns import WRONG
from reviewer.intake_runs import foreseen
from reviewer.models import IntakeFile, Member, Request
from reviewer.workflow.intake_files import rows_of

SHOWN: Final = 200  # rows of each kind on the page
BOM: Final = (
    "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it spreadsheets take UTF-8 for something else
)
NAMES: Final = [one.name for one in COLUMNS]


@dataclass(frozen=True, slots=True)
class RowTold:
    """A row with what is wrong, or the request that it is."""

    row: Row
    faults: Sequence[Fault] = ()
    refused: Sequence[str] = ()
    request: Request | None = None
    before: str = ""

    @property
    def codes(self) -> str:
        return ", ".join(line.cells.get("code", "") for line in self.row.lines)

    @property
    def typed(self) -> Iterator[tuple[Fault, str]]:
        """Each fault with the cell that it is about."""
        lines = {line.number: line.cells for line in self.row.lines}
        return ((one, lines[one.line].get(one.column, "")) for one in self.faults)


@dataclass(frozen=True, slots=True)
class Told:
    """`done` of all; of those, `good` are or would be entered, `known` were before."""

    done: int
    good: int
    bad: int
    known: int
    wrong_rows: Sequence[RowTold]
    good_rows: Sequence[RowTold]
    known_rows: Sequence[RowTold]

    @property
    def rows(self) -> Sequence[RowTold]:
        return [*self.wrong_rows, *self.good_rows, *self.known_rows]


def told_of(file: IntakeFile) -> Told:
    rows = rows_of(file)
    every = list(done_rows(file, rows) if file.started_at else ahead(file, rows))
    known = [one for one in every if one.before]
    bad = [one for one in every if (one.faults or one.refused) and not one.before]
    good = [one for one in every if not (one.faults or one.refused or one.before)]
    kinds = bad[:SHOWN], good[:SHOWN], known[:SHOWN]
    return Told(len(every), len(good), len(bad), len(known), *kinds)


def ahead(file: IntakeFile, rows: list[Row]) -> Iterator[RowTold]:
    """What would happen."""
    for one in foreseen(file, rows):
        yield RowTold(one.row, faults=one.faults, before=one.before)


def done_rows(file: IntakeFile, rows: list[Row]) -> Iterator[RowTold]:
    """What did."""
    by_number = {row.number: row for row in rows}
    done = file.rows.select_related("request", "earlier__request").order_by("number")
    for one in done:
        row = by_number[one.number]
        if one.earlier:
            yield RowTold(row, before=str(one.earlier.request))
        else:
            yield RowTold(row, refused=one.refused.splitlines(), request=one.request)


def members_of(rows: Iterable[Row]) -> list[str]:
    """The numbers of known members among those that rows name."""
    numbers = {row.cells.get("member_number", "") for row in rows}
    return list(Member.objects.filter(number__in=numbers).values_list("number", flat=True))


def to_mend(file: IntakeFile) -> list[tuple[Row, str]]:
    """Rows that were refused, or would be, with what is wrong."""
    rows = rows_of(file)
    if file.started_at:
        refused = file.rows.filter(request=None, earlier=None).values_list("number", "refused")
        wrong = dict(refused)
    else:
        wrong = {
            one.row.number: " ".join(told_in_words(fault) for fault in one.faults)
            for one in foreseen(file, rows)
            if one.faults
        }
    return [(row, wrong[row.number]) for row in rows if row.number in wrong]


def csv_of(rows: Iterable[tuple[Row, str]], *, name: str) -> HttpResponse:
    """Rows as they were sent, under the columns of the template; no cell is a formula."""
    response = _csv(name)
    writer = csv.writer(response)
    writer.writerow([*NAMES, WRONG])
    for row, wrong in rows:
        for line in row.lines:
            said = wrong if line is row.lines[0] else ""
            writer.writerow(safe_cells([*(line.cells.get(one, "") for one in NAMES), said]))
    return response


def template_csv() -> HttpResponse:
    response = _csv("requests.csv")
    csv.writer(response).writerow(NAMES)
    return response


def _csv(name: str) -> HttpResponse:
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
