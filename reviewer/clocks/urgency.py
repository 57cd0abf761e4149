"""Urgency that changes midway: expediting refused, or raised on a standard request."""

from reviewer.clocks.book import RuleBook
from reviewer.clocks.conventions import cite
from reviewer.clocks.counting import count
from reviewer.clocks.events import EventType, Timeline
from reviewer.clocks.reckoning import Reckoning
from reviewer.clocks.result import Flag, StepKind
from reviewer.clocks.rules import Rule
from reviewer.clocks.selection import Scope, find
from reviewer.clocks.starts import started_by

STANDARD, EXPEDITED = "standard", "expedited"


def standard_after_refusal(
    rule: Rule, scope: Scope, timeline: Timeline, book: RuleBook
) -> tuple[Rule, Scope] | None:
    """The standard row, where expediting was refused and the table has one."""
    refused = timeline.first(EventType.EXPEDITE_REFUSED)
    if refused is None or scope.urgency != EXPEDITED or refused.event.type in rule.starts_on:
        return None
    standard = scope.with_urgency(STANDARD)
    found = find(book, standard, timeline)
    return (found, standard) if found else None


def raise_urgency(one: Reckoning, scope: Scope) -> Reckoning:
    """The expedited limit from the attestation, where it is earlier than the running limit."""
    refused = one.timeline.first(EventType.EXPEDITE_REFUSED)
    attested = one.timeline.first(
        EventType.URGENCY_ATTESTED, since=refused.moment if refused else None
    )
    if attested is None or scope.urgency != STANDARD:
        return one
    when = f"Urgency was raised {one.words(attested.instant)}"
    rule = find(one.book, scope.with_urgency(EXPEDITED), one.timeline)
    if rule is None or rule.rule_id == one.rule.rule_id:
        sentence = f"{when}, but there is no expedited rule for this: nothing changes."
        return one.flagged(Flag.NOT_UPGRADED).saying(
            sentence, cite("C15"), kind=StepKind.NO_EFFECT, event=attested.event.type.value
        )
    start = started_by(attested, rule, one.timeline)
    counted = count(rule, start, one.timeline, one.book)
    told = one.flagged(Flag.UPGRADED).saying(
        f"{when}: {rule} counts from then.",
        cite("C15"),
        kind=StepKind.MOVED,
        event=attested.event.type.value,
    )
    told = told.but(steps=told.steps + counted.steps)
    if one.due is not None and one.due <= counted.limit:
        return told.saying(
            f"The running limit, {one.words(one.due)}, is not later: it stands.",
            cite("C15"),
            instant=one.due,
        )
    upgraded = told.but(
        rule=rule,
        due=counted.limit,
        alarm=counted.alarm,
        legal_max=None,
        tolled_until=None,
        base=counted.limit,
        counted_from=start.moment.instant,
        stopped_from=None,
        resumed_at=None,
    )
    return upgraded.saying(
        f"It is earlier than the running limit: {one.words(counted.limit)}.",
        cite("C15"),
        instant=counted.limit,
    )
