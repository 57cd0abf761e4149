"""Letters and notices that are due, or still possible, with the moment until which.

They are offered before their limit. What is offered follows from the clocks that go and from the
rules; nothing is stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse

from reviewer.clocks import ClockError, Flag, Rule, RuleBook, compute
from reviewer.models import Clock, Request
from reviewer.workflow.acts.asking import extendable_rule
from reviewer.workflow.acts.extensions import grounds_of
from reviewer.workflow.clocks.facts import as_event
from reviewer.workflow.clocks.scopes import DECISIONS
from reviewer.workflow.rule_book import book as current_book

# Sooner, more time is seldom needed; later, a letter may not go out any more before the limit.
OFFERED_FROM: Final = 0.5  # of the time that the rule gives
# Where the letter of a duty is written.
LETTERS: Final = {
    "extension_letter": ("extend", "Write the extension letter"),
    "expedite_refusal": ("letters/refusal", "Write the letter"),
    "deemed_denial": ("letters/not-decided", "Write the notice"),
}
CONFIRMATIONS: Final = (
    "written_after_oral_member",
    "written_after_oral_provider",
    "appeal_written_after_oral",
)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to write, why, until when, and where it is done."""

    request: Request
    appeal_id: int | None
    assigned_to_id: int | None  # who has the case in hand, and may use a choice
    what: str
    why: str
    until: datetime
    address: str
    button: str
    citation: str
    is_due: bool  # otherwise it may be done, and need not


def offers(request: Request, *, at: datetime) -> list[Offer]:
    """What can be offered for one request and its appeals, earliest first."""
    return offers_of([request], at=at)


def offers_of(requests: Iterable[Request], *, at: datetime) -> list[Offer]:
    """As `offers`, for many requests."""
    by_pk = {one.pk: one for one in requests}
    useful = Q(duty__in=[*DECISIONS, *LETTERS, *CONFIRMATIONS])
    book = current_book()
    clocks = Clock.objects.going().filter(useful, request__in=by_pk)
    found = []
    for clock in clocks.select_related("appeal", "started_by", "determination"):
        clock.request = by_pk[clock.request_id]
        if clock.appeal:
            clock.appeal.request = clock.request
        found += _of_clock(clock, at, book)
    return sorted(found, key=lambda one: (one.until, one.what))


def _of_clock(clock: Clock, at: datetime, book: RuleBook) -> list[Offer]:
    if clock.duty in DECISIONS:
        found = (_missing_information(clock, at, book), _extension(clock, at, book))
        return [one for one in found if one]
    if clock.due_at is None:
        return []
    if clock.duty in CONFIRMATIONS:
        address = _notice_address(clock)
        return [_due(clock, clock.due_at, address, "Write the confirmation")] if address else []
    path, button = LETTERS[clock.duty]
    return [_due(clock, clock.due_at, f"{_home(clock)}/{path}", button)]


def _due(clock: Clock, due_at: datetime, address: str, button: str) -> Offer:
    return Offer(
        **_of_whom(clock),
        what=clock.label,
        why="It is due.",
        until=due_at,
        address=address,
        button=button,
        citation=clock.citation,
        is_due=True,
    )


def _of_whom(clock: Clock) -> dict[str, Any]:
    of = clock.appeal or clock.request
    return {
        "request": clock.request,
        "appeal_id": clock.appeal_id,
        "assigned_to_id": of.assigned_to_id,
    }


def _home(clock: Clock) -> str:
    return (clock.appeal or clock.request).get_absolute_url()


def _notice_address(clock: Clock) -> str:
    if clock.appeal:
        return reverse("reviewer:appeal_notice_send", args=[clock.appeal.number])
    if clock.determination_id is None:
        return ""
    return reverse("reviewer:notice_send", args=[clock.request.number, clock.determination_id])


def _extension(clock: Clock, at: datetime, book: RuleBook) -> Offer | None:
    """More time, while the rule still gives it: from half of the base period on, or as soon as
    information is missing."""
    rule, flags = extendable_rule(clock, among=book), clock.answer["flags"]
    limit = base_limit(clock, rule)
    is_open = rule.extension_number is not None and Flag.EXTENDED not in flags
    if not is_open or limit is None or at > limit or not grounds_of(rule):
        return None
    if Flag.UPGRADED in flags or not (is_waiting(clock) or is_late_enough(clock, limit, at)):
        return None
    days = rule.extension_number
    return Offer(
        **_of_whom(clock),
        what="Extension",
        why=f"The decision may still be extended by {days} days, by a letter that goes before the"
        " limit.",
        until=limit,
        address=f"{_home(clock)}/extend",
        button="Extend the decision",
        citation=rule.citation,
        is_due=False,
    )


def base_limit(clock: Clock, rule: Rule) -> datetime | None:
    """The limit of the row itself, whatever other rows say."""
    of_rows = clock.answer["by_rule"]
    if said := of_rows.get(rule.rule_id):
        return datetime.fromisoformat(said)
    return clock.due_at


def is_waiting(clock: Clock) -> bool:
    return clock.appeal is None and clock.request.state == Request.State.INCOMPLETE


def is_late_enough(clock: Clock, limit: datetime, at: datetime) -> bool:
    started = clock.started_by.at
    return at >= started + (limit - started) * OFFERED_FROM


def _missing_information(clock: Clock, at: datetime, book: RuleBook) -> Offer | None:
    """What an urgent request lacks is told within a limit of its own."""
    rule = book.rule(clock.rule_id)
    if not rule.deficiency_notice_rule_id or clock.applied_rule_id == rule.incomplete_rule_id:
        return None
    limit = deficiency_limit(clock, rule.deficiency_notice_rule_id, book)
    if limit is None or at > limit:
        return None
    if not (is_waiting(clock) or is_late_enough(clock, limit, at)):
        return None
    return Offer(
        **_of_whom(clock),
        what="Letter about missing information",
        why="If the request lacks information, say so in time: its limit then waits for the"
        " answer.",
        until=limit,
        address=f"{_home(clock)}/missing-information",
        button="Say what is missing",
        citation=book.rule(rule.deficiency_notice_rule_id).citation,
        is_due=False,
    )


def deficiency_limit(clock: Clock, rule_id: str, book: RuleBook) -> datetime | None:
    """Until when the letter about missing information counts, from the receipt."""
    received = as_event(clock.started_by, clock.zone)
    try:
        return compute(book.rule(rule_id), [received], clock.zone, book=book).due_at
    except ClockError:
        return None
