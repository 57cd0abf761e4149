"""Files of many requests: sent, looked through, entered some at a time, and told of."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from reviewer.access import get_intake_file, get_reviewer, note_shown
from reviewer.decorators import needs, once
from reviewer.forms.intake_files import IntakeFileForm
from reviewer.intake_csv import COLUMNS, NotRequests
from reviewer.intake_runs import go_on
from reviewer.models import IntakeFile
from reviewer.time import now
from reviewer.views.intake_told import Told, csv_of, members_of, template_csv, to_mend, told_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.intake_files import receive_file, start_entering
from reviewer.workflow.requests import ENTER

SECONDS: Final = 1.5  # of work between two answers of the bar
WITHOUT_A_BAR: Final = 8.0  # where a person presses the button for each
LISTED: Final = 50


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ENTER)
def intake_file_list(http_request: HttpRequest) -> HttpResponse:
    """Send a file, and see those that were sent."""
    if http_request.method == "POST":
        return _sent(http_request)
    return _listed(http_request, IntakeFileForm())


@once
def _sent(http_request: HttpRequest) -> HttpResponse:
    form = IntakeFileForm(http_request.POST, http_request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = receive_file(
                data=file.read(), name=file.name or "", by=get_reviewer(http_request), at=now()
            )
        except NotRequests as error:
            form.add_error("file", list(error.sentences))
        except Refused as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return redirect(kept)
    return _listed(http_request, form)


def _listed(http_request: HttpRequest, form: IntakeFileForm) -> HttpResponse:
    visible = IntakeFile.objects.visible_to(http_request.user).defer("data")
    files = visible.select_related("sent_by__user").with_counts()[:LISTED]
    context = {"form": form, "files": files, "columns": COLUMNS}
    return render(http_request, "reviewer/intake_file_list.html", context)


@require_safe
@needs(ENTER)
def intake_file_detail(http_request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; what would happen, row by row; and at the end what did."""
    file = get_intake_file(http_request, pk)
    context = {"file": file, "told": _told(http_request, file)}
    return render(http_request, "reviewer/intake_file_detail.html", context)


@require_POST
@needs(ENTER)
def intake_file_go_on(http_request: HttpRequest, pk: int) -> HttpResponse:
    """Work for a moment, then say how far it is: the bar asks again by itself.

    Nothing is done twice by asking again, so this is no intent that a repeat must be kept from.
    """
    file, by = get_intake_file(http_request, pk), get_reviewer(http_request)
    is_bar = http_request.headers.get("HX-Request") == "true"
    stood = file.started_at
    go_on(file, seconds=SECONDS if is_bar else WITHOUT_A_BAR, by=by)
    if not is_bar:
        return redirect(file)
    file = get_intake_file(http_request, pk)
    if not file.is_going_on or file.started_at != stood:
        return HttpResponseClientRedirect(file.get_absolute_url())
    context = {"file": file, "told": _told(http_request, file)}
    return render(http_request, "reviewer/parts/intake_file_progress.html", context)


@require_POST
@needs(ENTER)
@once
def intake_file_enter(http_request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the requests shall be entered; the page then works through them."""
    file = get_intake_file(http_request, pk)
    try:
        start_entering(file=file, by=get_reviewer(http_request), at=now())
    except Refused as refusal:
        context = {"file": file, "told": _told(http_request, file), "refused": refusal.sentence}
        return render(http_request, "reviewer/intake_file_detail.html", context)
    return redirect(file)


@require_safe
@needs(ENTER)
def intake_file_to_mend(http_request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that were refused, as a file to mend and send again, with what is wrong."""
    file = get_intake_file(http_request, pk)
    rows = to_mend(file)
    note_shown(http_request, members_of([row for row, _ in rows]))
    return csv_of(rows, name=f"requests-to-mend-{file.pk}.csv")


@require_safe
@needs(ENTER)
def intake_file_template(http_request: HttpRequest) -> HttpResponse:
    """A file with the names of the columns, to be filled."""
    return template_csv()


def _told(http_request: HttpRequest, file: IntakeFile) -> Told:
    """What the page shows, noted as seen."""
    told = told_of(file)
    note_shown(http_request, [str(one.request) for one in told.rows if one.request])
    note_shown(http_request, members_of([one.row for one in told.rows]))
    return told
