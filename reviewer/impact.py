"""What a change of a bulletin touches here: open requests, approvals, appeals, letters to write.

Only numbers leave this module: the policy staff who read them see no member data.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, QuerySet

from policies.impact import Change, Item, Touched
from reviewer.impact_requests import Found, find
from reviewer.models import Appeal, Determination, Notice, Request
from reviewer.models.determinations import GRANTING
from reviewer.models.notices import written


def touched(change: Change) -> Iterator[Touched]:
    """Everything by kind, in thirteen queries."""
    yield from _requests(change, find(change))
    yield _approvals(change)
    yield _appeals(change)
    yield _letters(change)


def _requests(change: Change, found: Found) -> Iterator[Touched]:
    number, new, old = change.version.bulletin.number, change.version.ordinal, change.governs_now
    day = f"from {change.effective_from} on" if change.effective_from else "from a day not yet said"
    if old is None:
        reached = f"No version of {number} goes on, so none governs them."
    elif change.is_retirement:
        reached = f"Version {old.ordinal} governs them; {day} no version does."
    else:
        reached = f"Version {old.ordinal} governs them; {day} version {new} takes its place."
    yield _of("open requests that it reaches", reached, found.reached)
    words = f"{number} does not govern them today. A code of their lines or diagnoses is added, "
    words += "removed, or moved to another stance."
    yield _of("further open requests with a code that changes", words, found.with_changed_code)
    words = f"A version of {number} governs them by a day that the change leaves as it is."
    yield _of("open requests that stay under the version of their day", words, found.staying)


def _of(what: str, sentence: str, requests: Iterable[Request]) -> Touched:
    items = tuple(
        Item(one.number, one.get_absolute_url(), "reviewer.view_request", _scope(one))
        for one in requests
    )
    return Touched(what, len(items), sentence, items)


def _approvals(change: Change) -> Touched:
    """Active determinations that grant something on the day of the change or after it."""
    from_day = change.effective_from or change.on
    granted = _active(change).filter(outcome__in=GRANTING, ends_on__gte=from_day)
    number = change.version.bulletin.number
    words = f"Granted under {number}, for days of service on {from_day} or later."
    return _decided("approvals not yet used up", words, granted)


def _appeals(change: Change) -> Touched:
    appeals = Appeal.objects.open().filter(
        determination__version__bulletin=change.version.bulletin_id
    )
    items = tuple(
        Item(one.number, one.get_absolute_url(), "reviewer.view_appeal", _scope(one.request))
        for one in appeals.select_related("request").order_by("number")
    )
    words = f"Open, against determinations that rest on {change.version.bulletin.number}."
    return Touched("open appeals", len(items), words, items)


def _letters(change: Change) -> Touched:
    told = Count("notices__recipient", filter=written("notices__", ""), distinct=True)
    unsent = _active(change).annotate(told=told).filter(told__lt=len(Notice.Recipient))
    number = change.version.bulletin.number
    words = f"Determined under {number}; the member or the provider is still to be told."
    return _decided("determinations with letters to be written", words, unsent)


def _active(change: Change) -> QuerySet[Determination]:
    """The determinations that hold now and rest on the bulletin, whichever of its versions."""
    rest_on_it = Determination.objects.filter(version__bulletin=change.version.bulletin_id)
    return rest_on_it.filter(active_for__isnull=False).select_related("request", "line")


def _decided(what: str, sentence: str, determinations: QuerySet[Determination]) -> Touched:
    items = tuple(
        Item(
            f"{one.request.number}, line {one.line.position}",
            one.get_absolute_url(),
            "reviewer.view_determination",
            _scope(one.request),
        )
        for one in determinations.order_by("request__number", "line__position")
    )
    return Touched(what, len(items), sentence, items)


def _scope(request: Request) -> Callable[[User | AnonymousUser], bool]:
    return partial(_sees, request.line_of_business)


def _sees(line_of_business: str, user: User | AnonymousUser) -> bool:
    """Whether `Request.objects.visible_to` shows the person requests of this line of business."""
    reviewer = getattr(user, "reviewer", None)
    lines = reviewer.lines_of_business if reviewer else []
    return user.has_perm("reviewer.view_request") and line_of_business in lines
