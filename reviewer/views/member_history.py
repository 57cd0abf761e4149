"""What else is known of a member: the other requests, what was decided on them, and appeals."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewer.access import get_request, get_reviewer, note_shown
from reviewer.decorators import needs
from reviewer.models import Appeal, Determination, Request, ServiceLine
from reviewer.models.requests import RequestQuerySet
from reviewer.time import now
from reviewer.views.governed import governed_by
from reviewer.views.time_left import decision_left

ROWS: Final = 50
NEWEST: Final = 4  # on the workspace
TOLD: Final = ("request", "line", "outcome", "ground", "signed_on", "units_granted", "replaces")


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line of another request with its determinations, the one that holds now last, and what it
    has in common with the request at hand."""

    line: ServiceLine
    determinations: list[Determination]
    alike: str


@dataclass(frozen=True, slots=True)
class Past:
    """Another request of the member."""

    request: Request
    lines: list[PastLine]
    appeals: list[Appeal]
    policies: list[str]  # bulletins that govern a code of this request and of the one at hand


@dataclass(frozen=True, slots=True)
class MemberHistory:
    """The newest requests first. `unseen` and `unseen_appeals` count what the reader may not see;
    appeals only among the requests that are shown."""

    shown: list[Past]
    total: int  # that the reader may see
    unseen: int
    unseen_appeals: int


@require_safe
@needs("reviewer.view_request")
def request_history(http_request: HttpRequest, number: str) -> HttpResponse:
    """All other requests of the member, page by page."""
    request, at = get_request(http_request, number), now()
    user = get_reviewer(http_request).user
    page = Paginator(others_of(request, user), ROWS).get_page(http_request.GET.get("page"))
    context = {
        "case": request,
        "history": history_of(http_request, request, list(page.object_list), at=at),
        "page": page,
        "left": decision_left(request, at=at) if request.is_open else None,
        "now": at,
    }
    return render(http_request, "reviewer/request_history.html", context)


def newest_history(http_request: HttpRequest, request: Request, *, at: datetime) -> MemberHistory:
    """As much as the workspace shows."""
    found = others_of(request, get_reviewer(http_request).user)[:NEWEST]
    return history_of(http_request, request, list(found), at=at)


def others_of(request: Request, user: User) -> RequestQuerySet:
    """The other requests of the member that the person may see."""
    seen = Request.objects.visible_to(user).filter(member=request.member_id)
    return seen.exclude(pk=request.pk).order_by("-received_at", "-pk")


def history_of(
    http_request: HttpRequest, request: Request, found: Sequence[Request], *, at: datetime
) -> MemberHistory:
    """What a page shows of the requests found, noted as shown. Eight queries, however many."""
    user = get_reviewer(http_request).user
    every = Request.objects.filter(member=request.member_id).exclude(pk=request.pk)
    counts = every.aggregate(
        every=Count("pk"), seen=Count("pk", filter=Q(pk__in=others_of(request, user).values("pk")))
    )
    note_shown(http_request, [one.number for one in found])
    appeals, unseen_appeals = _appeals(found, user)
    return MemberHistory(
        shown=_with_facts(request, found, appeals, at),
        total=counts["seen"],
        unseen=counts["every"] - counts["seen"],
        unseen_appeals=unseen_appeals,
    )


def _appeals(found: Sequence[Request], user: User) -> tuple[dict[int, list[Appeal]], int]:
    """By request the appeals that the person may see, and how many they may not."""
    every = Appeal.objects.filter(request__in=[one.pk for one in found])
    if not user.has_perm("reviewer.view_appeal"):
        return {}, every.count()
    by_request: dict[int, list[Appeal]] = defaultdict(list)
    related = every.select_related("decision", "outside_decision", "determination__line")
    for one in related.order_by("pk"):
        by_request[one.request_id].append(one)
    return by_request, 0


def _with_facts(
    request: Request, found: Sequence[Request], appeals: dict[int, list[Appeal]], at: datetime
) -> list[Past]:
    decided = Prefetch("determinations", Determination.objects.only(*TOLD).order_by("pk"))
    lines = ServiceLine.objects.order_by("position").prefetch_related(decided)
    every = [request, *found]
    prefetch_related_objects(every, Prefetch("lines", lines))
    policies = {pk: _numbers(names) for pk, names in governed_by(every, at=at).items()}
    return [
        Past(
            request=other,
            lines=[_told(line, other, request) for line in other.lines.all()],
            appeals=appeals.get(other.pk, []),
            policies=[one for one in policies[request.pk] if one in policies[other.pk]],
        )
        for other in found
    ]


def _told(line: ServiceLine, other: Request, request: Request) -> PastLine:
    determinations = list(line.determinations.all())
    for one in determinations:
        one.request = other
    return PastLine(line, determinations, _alike(line, request))


def _alike(line: ServiceLine, request: Request) -> str:
    """The same code, and whether it is asked for on days that the request at hand asks for."""
    same = [
        one for one in request.lines.all() if (one.system, one.code) == (line.system, line.code)
    ]
    if not same:
        return ""
    is_then = any(one.starts_on <= line.ends_on and line.starts_on <= one.ends_on for one in same)
    return "same code, days overlap" if is_then else "same code"


def _numbers(names: Sequence[str]) -> list[str]:
    """Of "0298 v3" and the like, the bulletins."""
    return list(dict.fromkeys(name.partition(" ")[0] for name in names))
