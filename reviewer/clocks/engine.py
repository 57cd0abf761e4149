"""One deadline from a row and a list of events, by the order of work of the conventions.

Select; refused to standard; base limit; incomplete; later-of; extension, withdrawal, stopping;
urgency raised; other rules; last acceptance; status. Nothing is stored and nothing is read from
a clock: the same events give the same answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reviewer.clocks.answer import accept_filings, answer
from reviewer.clocks.book import RuleBook, shipped_book
from reviewer.clocks.conventions import cite
from reviewer.clocks.errors import NotStarted
from reviewer.clocks.events import Event, EventType, Timeline
from reviewer.clocks.extensions import extend
from reviewer.clocks.holidays import DayCalendar
from reviewer.clocks.moments import At, day_in_words, zone_named
from reviewer.clocks.reckoning import Reckoning, begin, hold_to_floor, move_if_incomplete
from reviewer.clocks.result import Deadline, Flag, OtherRule, StepKind
from reviewer.clocks.rules import Rule
from reviewer.clocks.selection import Scope, select
from reviewer.clocks.starts import required_start
from reviewer.clocks.urgency import raise_urgency, standard_after_refusal


@dataclass(slots=True)
class Case:
    """What is common to every row that is computed for one answer."""

    book: RuleBook
    zone: ZoneInfo
    timeline: Timeline
    members_timeline: Timeline | None = None


def compute(
    what: Rule | Scope,
    events: Iterable[Event],
    zone: str,
    *,
    scope: Scope | None = None,
    member_zone: str | None = None,
    as_of: At | None = None,
    others: Iterable[OtherRule] = (),
    book: RuleBook | None = None,
) -> Deadline:
    """The deadline of a row, or of the row a scope selects, with its derivation.

    For a row, `scope` is what was asked, to find the expedited or the standard row beside it;
    without, the row's own values. `zone` governs the case (IANA name); `member_zone` counts for
    claimants' filings only. Without `as_of` the events are final and there is no status. `book`
    is the shipped one unless given. Raises ClockError: NoRule or SeveralRules from selection,
    NotStarted, NotADeadline, each with a sentence.
    """
    known, here = tuple(events), zone_named(zone)
    case = Case(book or shipped_book(), here, Timeline.of(known, here, here, as_of))
    if member_zone and member_zone != zone:
        there = zone_named(member_zone)
        case.members_timeline = Timeline.of(known, here, there, as_of)
    if isinstance(what, Rule):
        rule, scope = what, scope or Scope.of(what)
    else:
        rule, scope = select(case.book, what, case.timeline), what
    selected = _reckon(rule, scope, case)
    return answer(rule, selected, [(one, _other(one, case)) for one in others], case.book)


def _other(other: OtherRule, case: Case) -> Reckoning | None:
    rule = case.book.rule(other.rule_id)
    try:
        return _reckon(rule, Scope.of(rule), case)
    except NotStarted:
        return None


def _reckon(rule: Rule, scope: Scope, case: Case) -> Reckoning:
    """In the case zone; a claimant's own time also in the member's zone, and the later counts."""
    one = _reckon_along(case.timeline, rule, scope, case)
    there = case.members_timeline
    if rule.day_calendar is not DayCalendar.CLAIMANT or there is None:
        return one
    other = _reckon_along(there, rule, scope, case)
    later = other if one.due and other.due and other.due > one.due else one
    accepts = [limit for limit in (one.accept, other.accept) if limit]
    told = later.but(accept=max(accepts, default=None))
    sentence = f"Counted in {case.zone} and in {there.zone}: the later instant counts."
    return told.saying(sentence, cite("C9"), instant=told.due)


def _reckon_along(timeline: Timeline, rule: Rule, scope: Scope, case: Case) -> Reckoning:
    standard = standard_after_refusal(rule, scope, timeline, case.book)
    if standard:
        refused_rule, (rule, scope) = rule, standard
    one = begin(rule, required_start(rule, timeline), timeline, case.book)
    if standard:
        sentence = f"Expediting was refused: {rule} counts instead of {refused_rule}."
        told = one.flagged(Flag.REFUSED).saying(
            sentence,
            cite("refused"),
            kind=StepKind.MOVED,
            event=EventType.EXPEDITE_REFUSED,
        )
        one = told.but(steps=(told.steps[-1], *one.steps))
    one = extend(hold_to_floor(move_if_incomplete(one)))
    one = raise_urgency(_note_plain_requests(one), scope)
    return accept_filings(one)


def _note_plain_requests(one: Reckoning) -> Reckoning:
    requested = one.timeline.first(EventType.INFORMATION_REQUESTED)
    if requested is None or requested.event.type in one.rule.satisfied_by:
        return one
    sentence = (
        f"Information was requested on {day_in_words(requested.moment.day)}; "
        "a plain request does not stop the clock."
    )
    return one.flagged(Flag.REQUEST_DOES_NOT_TOLL).saying(
        sentence, cite("C13"), kind=StepKind.NO_EFFECT, event=EventType.INFORMATION_REQUESTED
    )
