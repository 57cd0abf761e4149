"""Files of requests: kept as they were sent, looked at, then entered row by row.

A row and its outcome are one transaction. So a run that is interrupted goes on where it stood, two
who carry it on at once share the rows between them, and what was entered once is never again.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from reviewer.intake_csv import Row, read_requests
from reviewer.models import IntakeFile, IntakeRow, Request, Reviewer
from reviewer.outages import is_outage
from reviewer.time import local_day
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import account
from reviewer.workflow.requests import ENTER

NOT_SEEN: Final = (
    "There is no such file among those you may see. Whoever sent it, or their supervisor, can open"
    " it."
)
FAILED: Final = (
    "Benchbook failed on this row, and nothing of it was stored. The failure is in the site's log:"
    " tell those who run the site, with the number of the row."
)
logger = logging.getLogger(__name__)


def rows_of(file: IntakeFile) -> list[Row]:
    """The requests of a file that was taken, read anew from its bytes."""
    return read_requests(bytes(file.data))


@verb
def receive_file(*, data: bytes, name: str, by: Reviewer, at: datetime) -> IntakeFile:
    """Keep a file of requests; nothing is entered. The same bytes are the same file again.

    Raises NotRequests for a file that cannot be read as requests.
    """
    user = account(by, ENTER)
    rows = read_requests(data)
    file, is_new = IntakeFile.objects.defer("data").get_or_create(
        sha256=hashlib.sha256(data).hexdigest(),
        defaults={
            "name": name.replace("\0", "")[-160:] or "requests.csv",
            "data": data,
            "row_count": len(rows),
            "sent_by": by,
            "sent_at": at,
            "lines_of_business": by.lines_of_business,
        },
    )
    if not is_new and not IntakeFile.objects.visible_to(user).filter(pk=file.pk).exists():
        raise Refused(
            f"{file.sent_by} sent this file on {local_day(file.sent_at)}. Ask them how far it is:"
            " no request is entered twice."
        )
    return file


@verb
def note_checked(
    *, file: IntakeFile, after: int, faults: Sequence[dict[str, Any]], by: Reviewer
) -> IntakeFile:
    """Keep what a look ahead found in the rows after the first `after`; somebody else may have
    been quicker."""
    lock_file(file, by=by)
    if len(file.checked) == after:
        file.checked = [*file.checked, *faults]
        file.save(update_fields=["checked"])
    return file


@verb
def start_entering(*, file: IntakeFile, by: Reviewer, at: datetime) -> IntakeFile:
    """Say that the requests shall be entered, after a look at what would happen."""
    lock_file(file, by=by)
    if not file.is_checked:
        raise Refused("The file is not looked through yet. Let that end, then enter its requests.")
    if file.started_at:
        raise Refused("The requests of this file are being entered already. Reload the page.")
    file.started_at = at
    file.save(update_fields=["started_at"])
    return file


@verb
def enter_row(
    *, file: IntakeFile, row: Row, enter: Callable[[], Request], by: Reviewer, at: datetime
) -> IntakeRow:
    """Enter a row by `enter`, whole or not at all, and keep what became of it."""
    lock_file(file, by=by)
    if file.started_at is None:
        raise Refused("Nobody has said yet to enter the requests of this file. Look at them first.")
    if known := file.rows.filter(number=row.number).first():
        return known
    said = {
        "file": file,
        "number": row.number,
        "reference": row.reference[:60],
        "sha256": row.sha256,
        "text": row.text,
        "at": at,
    }
    _take_turn(row)
    if earlier := entered_before(row):
        done = IntakeRow.objects.create(**said, earlier=earlier, refused=_before(earlier))
    else:
        done = IntakeRow.objects.create(**said, **_outcome(enter, row))
    if file.rows.count() == file.row_count:
        file.finished_at = at
        file.save(update_fields=["finished_at"])
    return done


def entered_before(row: Row) -> IntakeRow | None:
    """The same row, entered from this file or another."""
    # In the words of its index, which holds few of the rows.
    entered = IntakeRow.objects.filter(request__isnull=False).exclude(sha256="")
    entered = entered.filter(sha256=row.sha256)
    return entered.select_related("request", "file__sent_by__user").defer("file__data").first()


def _take_turn(row: Row) -> None:
    """Until the transaction ends nobody else enters the same row, from whatever file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [row.sha256])


def _before(earlier: IntakeRow) -> str:
    return (
        f"Entered already on {local_day(earlier.at)} as request {earlier.request}, from"
        f" “{earlier.file}”. Nothing is to be done."
    )


def _outcome(enter: Callable[[], Request], row: Row) -> dict[str, Any]:
    try:
        with transaction.atomic():
            return {"request": enter()}
    except Refused as refusal:
        return {"refused": refusal.sentence}
    except Exception as error:
        if is_outage(error):
            raise
        logger.exception("Row %s of a file of requests failed", row.number)
        return {"refused": FAILED}


def lock_file(file: IntakeFile, *, by: Reviewer) -> None:
    """Read the file anew and keep others from it until the end of the transaction."""
    user = account(by, ENTER)
    visible = IntakeFile.objects.visible_to(user).defer("data").select_for_update(of=["self"])
    try:
        file.refresh_from_db(fields=["checked", "started_at", "finished_at"], from_queryset=visible)
    except IntakeFile.DoesNotExist as error:
        raise Refused(NOT_SEEN) from error
