"""The limit that a request will have, told before it is entered; nothing is written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from policies.wording import either, listed
from reviewer.clocks import (
    ClockError,
    Deadline,
    Event,
    EventType,
    Flag,
    NoRule,
    NotStarted,
    OtherRule,
    Rule,
    RuleBook,
    Scope,
    compute,
)
from reviewer.models import Clock, Request
from reviewer.time import local_day
from reviewer.workflow.clocks.opening import ADVICE, NoLimit, find_scope, no_limit
from reviewer.workflow.clocks.questions import kinds_of
from reviewer.workflow.clocks.scopes import DECISION, others_of, regimes_of, usual_kind_of, zone_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_words import item_kind_in_words, whose

ASKED_FOR: Final = {"enrollee_request": "enrollee", "provider_request": "provider"}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The answer, the row that sets it, and the limit with the longest extension (None: none)."""

    deadline: Deadline
    rule: Rule
    zone: ZoneInfo
    extended: Deadline | None


def foresee(
    request: Request, *, information_complete_at: datetime | None, book: RuleBook
) -> Foreseen:
    """When the decision on a request will be due, by the same steps as when it is entered.

    Raises NoLimit, with what is missing, where no rule states a limit.
    """
    zone = zone_of(request, book)
    clock = Clock(request=request, zone=zone)
    events = list(_events(request, information_complete_at))
    try:
        require_known_kinds(request, book)
        duty = book.duty(DECISION)
        scope = find_scope(clock, duty, events, book)
        others = others_of(request, duty, scope, events, zone, book)
        deadline = compute(scope, events, zone, others=others, book=book)
    except (NoRule, NotStarted) as error:
        raise no_limit(clock, error) from error
    except ClockError as error:
        raise NoLimit(f"No limit can be computed for it: {error}") from error
    rule = book.rule(deadline.applied_rule_id)
    extended = _extended(book.rule(deadline.rule_id), scope, events, zone, others, book)
    return Foreseen(deadline, rule, ZoneInfo(zone), extended)


def _events(request: Request, information_complete_at: datetime | None) -> Iterator[Event]:
    yield Event(
        EventType.RECEIVED,
        request.received_at,
        course_ends_at=request.course_ends_at,
        rating_period_start=request.rating_period_start,
    )
    if information_complete_at is not None:
        yield Event(EventType.NECESSARY_INFORMATION_RECEIVED, information_complete_at)


def _extended(
    rule: Rule,
    scope: Scope,
    events: list[Event],
    zone: str,
    others: list[OtherRule],
    book: RuleBook,
) -> Deadline | None:
    """As if it were extended at once; None where the rule has no extension."""
    for ground in rule.extension_grounds:
        at = events[0].at
        by = ASKED_FOR.get(ground)
        extension = (
            Event(EventType.EXTENSION_REQUESTED, at, by=by)
            if by
            else Event(EventType.EXTENSION_NOTICE_SENT, at, ground=ground)
        )
        then = compute(scope, [*events, extension], zone, others=others, book=book)
        if Flag.EXTENDED in then.flags:
            return then
    return None


def require_known_kinds(request: Request, book: RuleBook) -> None:
    """Refuse a kind of item that the rules of the request do not know, and none where they tell
    kinds apart and none of them is usual."""
    on, said = local_day(request.received_at), dict(request.item_kinds)
    for one in regimes_of(request, book):
        kind = said.pop(one.regime, "")
        known = kinds_of(request, one.regime, on=on, book=book)
        if known and (kind or usual_kind_of(request, one.regime)) not in known:
            raise NoLimit(_unknown_kind(one.regime, kind, known), about="item_kind")
    if said:
        raise Refused(
            f"The rules of {listed([whose(one) for one in said])} do not count for this coverage."
            " Choose the coverage anew, then what kind of item it is."
        )


def _unknown_kind(regime: str, kind: str, known: Iterable[str]) -> str:
    choice = either([f"“{item_kind_in_words(one)}”" for one in known])
    if not kind:
        return (
            f"The limits of {whose(regime)} depend on the kind of item."
            f" {ADVICE['item_kind']} Choose {choice}."
        )
    return (
        f"The rules of {whose(regime)} have no limit for “{item_kind_in_words(kind)}” in such a"
        f" request. Choose {choice}."
    )
