"""The library and its versions for other programs, as files that stream."""

from collections.abc import Iterator
from datetime import date

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from policies.exports import TABLES, csv_lines, json_lines, published_versions
from policies.forms import DayForm
from policies.views.bulletins import reads_library

TOLD = {
    "codes": "A row for each code or range, with its stance, group, scope and brackets",
    "passages": "A row for each passage, with its anchor and the ground on which it speaks",
    "criteria": "A row for each policy statement, with its rule and its identity",
}


@require_safe
@reads_library
def library_export(request: HttpRequest) -> HttpResponse:
    """What can be had, of all published versions or of those in effect on a day."""
    form = DayForm(request.GET)
    on = form.cleaned_data["on"] if form.is_valid() else None
    context = {
        "form": form,
        "on": on,
        "today": timezone.localdate(),
        "typed_day": request.GET.get("on", "")[:20],
        "versions": published_versions(on=on).count(),
        "tables": list(TOLD.items()),
    }
    return render(request, "policies/library_export.html", context)


@require_safe
@reads_library
def library_lines(request: HttpRequest) -> StreamingHttpResponse:
    """JSON lines: one object for each version."""
    on = _day(request)
    lines = json_lines(published_versions(on=on))
    return _file(lines, f"benchbook-library{_dated(on)}.jsonl", "application/jsonl")


@require_safe
@reads_library
def library_table(request: HttpRequest, table: str) -> StreamingHttpResponse:
    """One of the tables as CSV, over many versions."""
    on = _day(request)
    lines = csv_lines(published_versions(on=on), _known(table))
    return _file(lines, f"benchbook-{table}{_dated(on)}.csv", "text/csv")


@require_safe
@reads_library
def version_table(
    request: HttpRequest, number: str, ordinal: int, table: str
) -> StreamingHttpResponse:
    """One of the tables as CSV, for a published version."""
    _known(table)
    version = get_object_or_404(published_versions(), bulletin__number=number, ordinal=ordinal)
    lines = csv_lines(published_versions().filter(pk=version.pk), table)
    return _file(lines, f"{number}-v{ordinal}-{table}.csv", "text/csv")


def _day(request: HttpRequest) -> date | None:
    """The day asked for; None: every published version."""
    form = DayForm(request.GET)
    if not form.is_valid():
        raise BadRequest("The day cannot be read: write it as 2026-03-02.")
    on: date | None = form.cleaned_data["on"]
    return on


def _dated(on: date | None) -> str:
    return f"-{on}" if on else ""


def _known(table: str) -> str:
    if table not in TABLES:
        raise Http404(f"There is no table {table}: there are {', '.join(TABLES)}.")
    return table


def _file(lines: Iterator[str], name: str, content_type: str) -> StreamingHttpResponse:
    disposition = content_disposition_header(True, name)
    return StreamingHttpResponse(
        lines,
        content_type=f"{content_type}; charset=utf-8",
        headers={"Content-Disposition": disposition or "attachment"},
    )
