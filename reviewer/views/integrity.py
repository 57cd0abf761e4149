"""The report on the integrity of information: every correction of a time, with what it moved."""

import csv
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.exports import safe_cells
from reviewer.access import get_reviewer, note_shown
from reviewer.decorators import needs
from reviewer.forms.integrity import IntegrityForm
from reviewer.models import ReceiptCorrection
from reviewer.time import local_day, now
from reviewer.views.correction_shown import APPROVED, CorrectionShown, shown_all
from reviewer.workflow.receipt_moves import Move

SEE: Final = "reviewer.view_receiptcorrection"
SHOWN: Final = 100  # on the page; the file has more
MOST: Final = 5000  # in a file
DECIDED: Final[dict[str, dict[str, Any]]] = {
    "": {},
    "waiting": {"decided_at": None},
    "approved": {"is_approved": True},
    "declined": {"is_approved": False},
}
COLUMNS: Final = (
    "request", "appeal", "line_of_business", "jurisdiction", "what", "from", "to", "state",
    "reason", "evidence", "proposed_by", "proposed_at", "decided_by", "decided_at", "limit_of",
    "limit", "due_before", "due_after", "moved_minutes", "rule_before", "rule_after",
    "late_before", "late_after",
)  # fmt: skip


@require_safe
@needs(SEE)
def information_integrity(http_request: HttpRequest) -> HttpResponse:
    """Corrections that were proposed or decided in a period, the last first."""
    at = now()
    form = IntegrityForm(http_request.GET, today=local_day(at))
    context: dict[str, Any] = {"form": form, "most": MOST, "shown": SHOWN, "now": at}
    if form.is_valid():
        found = _asked(http_request, form)
        rows = _rows(http_request, found[:SHOWN])
        context |= {
            "rows": rows,
            "count": found.count(),
            "approved": found.filter(is_approved=True).count(),
            "waiting": found.filter(decided_at=None).count(),
            "query": http_request.GET.urlencode(),
        }
    return render(http_request, "reviewer/information_integrity.html", context)


@require_safe
@needs(SEE)
def information_integrity_csv(http_request: HttpRequest) -> HttpResponse:
    """The same as a file, a line for each limit that was moved; no cell is a formula."""
    form = IntegrityForm(http_request.GET, today=local_day(now()))
    if not form.is_valid():
        return HttpResponse(
            form.errors.as_text(), content_type="text/plain; charset=utf-8", status=400
        )
    start, end = form.cleaned_data["start"], form.cleaned_data["end"]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"information-integrity-{start}-{end}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for one in _rows(http_request, _asked(http_request, form)[:MOST]):
        writer.writerows(safe_cells(cells) for cells in _lines(one))
    return response


def _asked(http_request: HttpRequest, form: IntegrityForm) -> QuerySet[ReceiptCorrection]:
    """What the form asks for, of the requests that the person may see."""
    data = form.cleaned_data
    found = ReceiptCorrection.objects.visible_to(http_request.user).between(*form.period())
    found = found.filter(**DECIDED[data["state"]])
    if data["line"]:
        found = found.filter(event__request__line_of_business=data["line"])
    if data["jurisdiction"]:
        found = found.filter(event__request__jurisdiction=data["jurisdiction"])
    return found.with_people().order_by("-proposed_at", "-pk")


def _rows(http_request: HttpRequest, found: QuerySet[ReceiptCorrection]) -> list[CorrectionShown]:
    """With what they moved, and noted as seen."""
    corrections: Sequence[ReceiptCorrection] = list(found)
    rows = shown_all(corrections, get_reviewer(http_request).user, at=now())
    note_shown(http_request, [one.case.number for one in rows])
    return rows


def _lines(one: CorrectionShown) -> Iterator[list[object]]:
    """One line for each limit that it moved, or one without; what waits has moved none."""
    correction, case, event = one.correction, one.case, one.correction.event
    told: list[object] = [
        case.number,
        event.appeal.number if event.appeal else "",
        case.line_of_business,
        case.jurisdiction,
        one.fact,
        _stamp(event.at),
        _stamp(correction.at),
        one.state,
        correction.reason,
        correction.evidence,
        str(correction.proposed_by),
        _stamp(correction.proposed_at),
        str(correction.decided_by or ""),
        _stamp(correction.decided_at),
    ]
    moves: Sequence[Move | None] = one.moves if one.state == APPROVED else ()
    for move in moves or [None]:
        yield [*told, *(_moved(move) if move else [""] * 9)]


def _moved(move: Move) -> list[object]:
    by = move.by
    return [
        move.of,
        move.label,
        _stamp(move.was.due_at),
        _stamp(move.then.due_at),
        round(by.total_seconds() / 60) if by is not None else "",
        move.was.rule,
        move.then.rule,
        "yes" if move.was.is_late else "no",
        "yes" if move.then.is_late else "no",
    ]


def _stamp(at: Any) -> str:
    """In the plan's zone, with its offset."""
    return timezone.localtime(at).isoformat(timespec="minutes") if at else ""
