"""The workspace: everything that is known of one request, on one page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewer.access import get_request, get_reviewer
from reviewer.decorators import needs
from reviewer.time import now
from reviewer.views.workspace import workspace_of


@require_safe
@needs("reviewer.view_request")
def request_detail(http_request: HttpRequest, number: str) -> HttpResponse:
    """The request, what governs it and why, what was decided, and what may be done."""
    request = get_request(http_request, number)
    context = workspace_of(http_request, request, get_reviewer(http_request), at=now())
    return render(http_request, "reviewer/request_detail.html", context)
