"""The one way from a number in an address to a record: within the person's scope, and noted.

What is fetched here is written to the access log with the response (`reviewer/middleware.py`).
A page that shows other requests than the one in its address notes them by `note_shown`.
"""

from collections.abc import Iterable

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from reviewer.form_pages import page_of
from reviewer.models import (
    Appeal,
    Clock,
    Determination,
    Document,
    IntakeFile,
    ReceiptCorrection,
    Request,
    Reviewer,
)

SHOWN = "shown_requests"


def note_shown(http_request: HttpRequest, numbers: Iterable[str]) -> None:
    """Remember the numbers of requests that the response shows."""
    noted: dict[str, None] = http_request.__dict__.setdefault(SHOWN, {})
    noted.update(dict.fromkeys(numbers))


def is_noted(http_request: HttpRequest) -> bool:
    """Whether requests were looked for, even if none was found."""
    return SHOWN in http_request.__dict__


def shown(http_request: HttpRequest) -> list[str]:
    """The numbers noted, in the order of their first showing."""
    return list(http_request.__dict__.get(SHOWN, ()))


def get_request(http_request: HttpRequest, number: str) -> Request:
    """A request the person may see. Raises Http404 for any other."""
    visible = Request.objects.visible_to(http_request.user)
    related = visible.select_related("member", "coverage", "assigned_to__user")
    found = get_object_or_404(related, number=number)
    note_shown(http_request, [found.number])
    note_seen(http_request, found)
    return found


def note_seen(http_request: HttpRequest, request: Request) -> None:
    """Tell a request that a form is about what the page of the form knew of it."""
    if page := page_of(http_request):
        request.seen_event = page.event


def get_determination(http_request: HttpRequest, number: str, pk: int) -> Determination:
    """A determination of a request the person may see. Raises Http404 for any other."""
    request = get_request(http_request, number)
    if not http_request.user.has_perm("reviewer.view_determination"):
        return get_object_or_404(Determination.objects.none(), pk=pk)
    related = Determination.objects.select_related(
        "line", "reason", "version__bulletin", "signed_by__user", "credential"
    )
    found = get_object_or_404(related, request=request, pk=pk)
    found.request = found.line.request = request
    return found


def get_document(http_request: HttpRequest, number: str, pk: int) -> Document:
    """A document of a request the person may see. Raises Http404 for any other."""
    request = get_request(http_request, number)
    found = get_object_or_404(Document.objects.told(), request=request, pk=pk)
    found.request = request
    return found


def get_appeal(http_request: HttpRequest, number: str) -> Appeal:
    """An appeal the person may see. Raises Http404 for any other."""
    visible = Appeal.objects.visible_to(http_request.user)
    related = visible.select_related(
        "request__member", "request__coverage", "determination__line", "assigned_to__user"
    )
    found = get_object_or_404(related, number=number)
    note_shown(http_request, [found.request.number])
    note_seen(http_request, found.request)
    return found


def get_clock(http_request: HttpRequest, number: str, pk: int) -> Clock:
    """A clock of a request the person may see, and of its appeal only where they see that too.

    Raises Http404 for any other.
    """
    request = get_request(http_request, number)
    related = Clock.objects.select_related(
        "appeal__determination__line", "rule_row", "started_by", "stopped_by__milestone", "ended_by"
    )
    found = get_object_or_404(related, request=request, pk=pk)
    if found.appeal:
        get_object_or_404(Appeal.objects.visible_to(http_request.user), pk=found.appeal_id)
        found.appeal.request = request
    found.request = request
    return found


def get_correction(http_request: HttpRequest, pk: int) -> ReceiptCorrection:
    """A correction of a time of what the person may see. Raises Http404 for any other."""
    visible = ReceiptCorrection.objects.visible_to(http_request.user).with_people()
    found = get_object_or_404(visible, pk=pk)
    note_shown(http_request, [found.event.request.number])
    return found


def get_intake_file(http_request: HttpRequest, pk: int) -> IntakeFile:
    """A file of requests the person may see. Raises Http404 for any other."""
    visible = IntakeFile.objects.visible_to(http_request.user).select_related("sent_by__user")
    return get_object_or_404(visible, pk=pk)


def get_reviewer(http_request: HttpRequest) -> Reviewer:
    """The person who is signed in. Raises Http404 for an account without."""
    reviewer = getattr(http_request.user, "reviewer", None)
    if not isinstance(reviewer, Reviewer):
        raise Http404("This account is not a reviewer's.")
    return reviewer
