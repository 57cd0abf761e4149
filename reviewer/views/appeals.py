"""Appeals: received, assigned to someone independent, decided."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewer.models import Appeal


@require_safe
@permission_required("reviewer.view_appeal", raise_exception=True)
def appeal_list(request: HttpRequest) -> HttpResponse:
    rows = Appeal.objects.visible_to(request.user).by_time_left()[:50]
    return render(request, "reviewer/work.html", {"rows": rows})
