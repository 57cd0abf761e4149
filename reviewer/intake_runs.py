"""A file of requests worked through, some rows at a time: first a look ahead, then the entering.

Each call does what fits into its seconds and comes back, so that no page waits and no worker of
the site is held; the next call goes on where the rows of the database say that it stands.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any

from reviewer.forms.intake_cells import YES
from reviewer.forms.intake_rows import Asked, IntakeOfRow, alike, asked_of
from reviewer.intake_csv import Fault, Row
from reviewer.models import IntakeFile, IntakeRow, Request, Reviewer
from reviewer.outages import is_outage
from reviewer.time import now
from reviewer.workflow.intake_files import (
    FAILED,
    enter_row,
    entered_before,
    note_checked,
    rows_of,
)

Tell = Callable[[int], None]  # how many rows are done
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A row as a look ahead found it: what is wrong with it, or nothing."""

    row: Row
    faults: list[Fault]
    before: str = ""  # the request that it is already


def go_on(file: IntakeFile, *, seconds: float, by: Reviewer, tell: Tell | None = None) -> None:
    """Look at more rows, or enter more where that was said. At least one, if any is left."""
    if file.started_at is None:
        check_some(file, seconds=seconds, by=by, tell=tell)
    elif file.finished_at is None:
        enter_some(file, seconds=seconds, by=by, tell=tell)


def check_some(file: IntakeFile, *, seconds: float, by: Reviewer, tell: Tell | None = None) -> None:
    began, rows, after = monotonic(), rows_of(file), len(file.checked)
    good = [one for one in foreseen(file, rows) if not one.faults]
    found = []
    for row in rows[after:]:
        before = entered_before(row)
        faults = [] if before else faults_of(row, by=by)
        faults += () if faults or before else like_another(row, good)
        seen = Foreseen(row, faults, before=str(before.request) if before else "")
        good += [] if faults else [seen]
        found.append(kept(seen))
        if tell:
            tell(after + len(found))
        if monotonic() - began >= seconds:
            break
    note_checked(file=file, after=after, faults=found, by=by)


def faults_of(row: Row, *, by: Reviewer) -> list[Fault]:
    try:
        return IntakeOfRow(row, by=by, at=now()).faults()
    except Exception as error:
        if is_outage(error):
            raise
        logger.exception("Row %s of a file of requests could not be looked at", row.number)
        return [Fault(row.number, "", FAILED)]


def like_another(row: Row, good: list[Foreseen]) -> Iterator[Fault]:
    """What the entering will find once the rows before it are requests."""
    if row.cells.get("another_request", "").lower() in YES:
        return
    mine: list[Asked] = list(asked_of(row))
    for other in good:
        if alike(mine, asked_of(other.row)):
            yield Fault(
                row.line_of("another_request"),
                "another_request",
                f"It asks for the same as line {other.row.number}. Take one of them out; if it is"
                " another request, write yes in another_request.",
            )
            return


def enter_some(file: IntakeFile, *, seconds: float, by: Reviewer, tell: Tell | None = None) -> None:
    began, done = monotonic(), set(file.rows.values_list("number", flat=True))
    waiting = [row for row in rows_of(file) if row.number not in done]
    for count, row in enumerate(waiting, len(done) + 1):
        enter_one(file, row, by=by)
        if tell:
            tell(count)
        if monotonic() - began >= seconds:
            return


def enter_one(file: IntakeFile, row: Row, *, by: Reviewer) -> IntakeRow:
    at = now()

    def enter() -> Request:
        return IntakeOfRow(row, by=by, at=at).enter()

    return enter_row(file=file, row=row, enter=enter, by=by, at=at)


def kept(seen: Foreseen) -> dict[str, Any]:
    return {"faults": [asdict(one) for one in seen.faults], "before": seen.before}


def foreseen(file: IntakeFile, rows: list[Row]) -> list[Foreseen]:
    """What the look ahead has found so far, row by row."""
    return [
        Foreseen(row, [Fault(**one) for one in told["faults"]], told["before"])
        for row, told in zip(rows, file.checked, strict=False)
    ]
