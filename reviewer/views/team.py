"""The team's work: everyone's open requests, and many of them handed on in one act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from reviewer.access import get_reviewer
from reviewer.decorators import needs, once
from reviewer.forms.absences import named
from reviewer.models import Request
from reviewer.time import local_day, now
from reviewer.views import worklist
from reviewer.views.worklist_filters import People, people, read_filters
from reviewer.workflow.covering import absent_on
from reviewer.workflow.errors import Refused
from reviewer.workflow.taking import NotAll, assign_requests

MOST: Final = 200  # at once
NOT_SEEN: Final = "It is not among the requests you may see."


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reviewer.assign_request")
@once
def team(http_request: HttpRequest) -> HttpResponse:
    """Everyone's open requests. What is marked goes to one person: all of it, or none."""
    at, who = now(), people()
    chosen = http_request.POST.getlist("chosen")[:MOST]
    refused, refusal = {}, ""
    if http_request.method == "POST":
        try:
            done = _hand_on(http_request, chosen, who, at)
        except NotAll as error:
            refused, refusal = error.refused, error.sentence
        except Refused as error:
            refusal = error.sentence
        else:
            messages.success(http_request, done)
            return redirect(http_request.get_full_path())
    out = absent_on(local_day(at))
    seen = Request.objects.visible_to(cast(User, http_request.user)).open()
    filters = read_filters(http_request.GET, among=who)
    context = {
        "list": worklist.build(http_request, seen, filters=filters, at=at),
        "chosen": chosen,
        "to": http_request.POST.get("to", ""),
        "people": [(name, named(one, out)) for name, one in who.assignees.items()],
        "out": out.values(),
        "refused": refused,
        "refusal": refusal,
        "names_member": False,
        "selects": True,
    }
    return worklist.answer(http_request, "reviewer/team.html", context)


def _hand_on(http_request: HttpRequest, chosen: Sequence[str], who: People, at: datetime) -> str:
    to = who.assignees.get(http_request.POST.get("to", ""))
    if to is None:
        raise Refused("Nobody is chosen. Say to whom the requests go.")
    by = get_reviewer(http_request)
    requests = list(Request.objects.visible_to(by.user).filter(number__in=chosen))
    if unseen := set(chosen) - {one.number for one in requests}:
        raise NotAll(dict.fromkeys(sorted(unseen), NOT_SEEN))
    count = assign_requests(requests=requests, to=to, by=by, at=at)
    return f"{count} request{'s are' if count > 1 else ' is'} assigned to {to}."
