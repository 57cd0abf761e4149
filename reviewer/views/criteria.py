"""The criteria of a version, answered for a request."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from reviewer.access import get_request
from reviewer.decorators import needs, once
from reviewer.views import criteria_acts as acts
from reviewer.views.criteria_pane import Place


def _place(http_request: HttpRequest, number: str, version: int) -> Place:
    return Place(get_request(http_request, number), acts.published(version))


@require_safe
@needs("reviewer.view_request")
def request_criteria(http_request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The checklist on a page of its own, or the pane alone where it is asked for in one."""
    place = _place(http_request, number, version)
    return acts.show(http_request, place, page="reviewer/request_criteria.html")


@require_POST
@needs("reviewer.review_request")
@once
def request_criterion(
    http_request: HttpRequest, number: str, version: int, pk: int
) -> HttpResponse:
    """Save one answer."""
    return acts.save_answer(http_request, _place(http_request, number, version), pk)


@require_POST
@needs("reviewer.review_request")
@once
def request_criterion_evidence(
    http_request: HttpRequest, number: str, version: int, pk: int
) -> HttpResponse:
    """Point an answer to a page of a document."""
    return acts.add_evidence(http_request, _place(http_request, number, version), pk)


@require_POST
@needs("reviewer.review_request")
@once
def request_criterion_evidence_remove(
    http_request: HttpRequest, number: str, version: int, pk: int, evidence: int
) -> HttpResponse:
    """Point no longer to a page."""
    return acts.drop_evidence(http_request, _place(http_request, number, version), pk, evidence)


@require_POST
@needs("reviewer.review_request")
@once
def request_criteria_open(http_request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Begin again from answers that were signed on."""
    return acts.begin_again(http_request, _place(http_request, number, version))


@require_POST
@needs("reviewer.review_request")
@once
def request_criteria_take_over(
    http_request: HttpRequest, number: str, version: int
) -> HttpResponse:
    """Take answers over that were given to another version."""
    return acts.take_over(http_request, _place(http_request, number, version))
