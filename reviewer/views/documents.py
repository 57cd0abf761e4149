"""Adding documents to a request, and setting them aside."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from reviewer.access import get_document, get_request, get_reviewer
from reviewer.decorators import needs, once
from reviewer.documents.reading import MOST_BYTES, MOST_PAGES
from reviewer.forms.documents import Filing
from reviewer.forms.verbs import ReasonForm
from reviewer.time import now
from reviewer.views.time_left import decision_left
from reviewer.views.verbs import Words
from reviewer.workflow.documents import ADD, SET_ASIDE, set_aside
from reviewer.workflow.errors import Refused

page = require_http_methods(["GET", "HEAD", "POST"])


@page
@needs(*ADD)
def request_document_new(http_request: HttpRequest, number: str) -> HttpResponse:
    """Choose files, which are read and listed; then say what each is, and file them together.

    Files are read before the transaction begins that carries the form out: a hostile one takes
    its time.
    """
    if http_request.method == "POST" and not http_request.FILES:
        return _file(http_request, number=number)
    filing = _filing(http_request, number)
    if http_request.FILES:
        filing.take(http_request.FILES.getlist("files"))
    return _shown(http_request, filing)


@once
def _file(http_request: HttpRequest, number: str) -> HttpResponse:
    filing = _filing(http_request, number)
    if not list(filing.kept):
        filing.refused.append("No file is chosen. Choose one or more, then read them.")
        return _shown(http_request, filing)
    if filing.is_valid():
        try:
            added = filing.save()
        except Refused:
            pass  # said at its row
        else:
            what = "One document is" if len(added) == 1 else f"{len(added)} documents are"
            messages.success(http_request, f"{what} in the file of {filing.request}.")
            return redirect("reviewer:request_documents", number)
    return _shown(http_request, filing)


def _filing(http_request: HttpRequest, number: str) -> Filing:
    data = http_request.POST if http_request.method == "POST" else None
    request = get_request(http_request, number)
    return Filing(data, request=request, by=get_reviewer(http_request), at=now())


def _shown(http_request: HttpRequest, filing: Filing) -> HttpResponse:
    case = filing.request
    assert case is not None, "the address names it"
    filing.show()
    context = {
        "case": case,
        "filing": filing,
        "rows": list(filing.kept),
        "megabytes": MOST_BYTES // 1024**2,
        "most_pages": MOST_PAGES,
        "left": decision_left(case, at=filing.at),
    }
    return render(http_request, "reviewer/request_document_new.html", context)


ASIDE: Final = Words(
    "Set aside",
    "Set the document aside",
    "It stays in the file, struck through, with your reason, and can still be read.",
    "“{document}” is set aside.",
    is_grave=True,
)


@page
@needs(*SET_ASIDE)
@once
def request_document_set_aside(http_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A document that is not of this case."""
    document, at = get_document(http_request, number, pk), now()
    form = ReasonForm(http_request.POST if http_request.method == "POST" else None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            set_aside(document=document, reason=reason, by=get_reviewer(http_request), at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, ASIDE.done.format(document=document))
            return redirect("reviewer:request_documents", number)
    context = {
        "case": document.request,
        "form": form,
        "words": ASIDE,
        "subject": document.title,
        "left": decision_left(document.request, at=at),
    }
    return render(http_request, "reviewer/request_verb.html", context)
