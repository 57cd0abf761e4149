"""Worklists: the requests that are one's own, and those that nobody has taken."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewer.models import Request

seen = permission_required("reviewer.view_request", raise_exception=True)


@require_safe
@seen
def work_mine(request: HttpRequest) -> HttpResponse:
    rows = Request.objects.visible_to(request.user).filter(assigned_to__user=request.user).open()
    return render(request, "reviewer/work.html", {"rows": rows.by_time_left()[:50]})


@require_safe
@seen
def work_queue(request: HttpRequest) -> HttpResponse:
    rows = Request.objects.visible_to(request.user).unassigned().open()
    return render(request, "reviewer/work.html", {"rows": rows.by_time_left()[:50]})
