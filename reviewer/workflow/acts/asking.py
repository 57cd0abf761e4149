"""What an act would do to a limit, asked before it is written: the clock now and then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from reviewer.clocks import Deadline, Event, EventType, Flag, Rule, RuleBook, Step
from reviewer.clocks.moments import At, in_words, moment_of
from reviewer.models import Appeal, Clock, ClockEvent
from reviewer.workflow.clocks import computed, decision_clock
from reviewer.workflow.clocks.facts import standing
from reviewer.workflow.clocks.scopes import Subject
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_book import book

# What can be done instead of an act that the rules reject.
INSTEAD: Final = {
    Flag.NOT_AVAILABLE: "Decide with what is there; what is missing may be asked for, but that"
    " stops no clock.",
    Flag.BAD_GROUND: "Choose a ground that the rule names, or decide in time.",
    Flag.LATE_NOTICE: "It is too late to extend: decide now.",
    Flag.ALREADY_EXTENDED: "There is one extension. Decide in time, or withdraw the one that"
    " stands.",
    Flag.NOT_UPGRADED: "The request stays as it is. Decide it as soon as you can.",
    Flag.DEFICIENCY_LATE: "Ask for what is missing as a plain request, which stops no clock, and"
    " decide in time.",
}
NO_EFFECT: Final = {
    EventType.EXTENSION_WITHDRAWN: "No extension stands that could be withdrawn.",
    EventType.URGENCY_ATTESTED: "It is expedited already.",
    EventType.EXPEDITE_REFUSED: "It is not expedited, so there is nothing to refuse.",
    EventType.DEFICIENCY_NOTICE_SENT: "No rule lets the clock of this request wait for such a"
    " notice. Ask for information, or extend the decision where a rule allows it.",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """The limit as it stands, and as it would stand after an act."""

    event: Event
    now: Deadline
    then: Deadline

    @property
    def news(self) -> tuple[Step, ...]:
        """The steps that the act would add."""
        return tuple(one for one in self.then.derivation if one not in self.now.derivation)

    @property
    def objection(self) -> str:
        """Why the rules reject the act; empty where it would take effect."""
        if _takes_effect(self.event.type, self.now, self.then, has_news=bool(self.news)):
            return ""
        said = self.news[0].sentence if self.news else NO_EFFECT.get(self.event.type, "")
        return said or "It changes nothing."

    @property
    def instead(self) -> str:
        """What can be done instead of what is rejected."""
        if not self.objection:
            return ""
        return " ".join(words for flag, words in INSTEAD.items() if flag in self._new_flags())

    def _new_flags(self) -> set[Flag]:
        return set(self.then.flags) - (set(self.now.flags) - set(INSTEAD))

    @property
    def is_moved(self) -> bool:
        return (self.now.due_at, self.now.tolled_until) != (
            self.then.due_at,
            self.then.tolled_until,
        )


def _takes_effect(type: EventType, now: Deadline, then: Deadline, *, has_news: bool) -> bool:
    match type:
        case EventType.EXTENSION_NOTICE_SENT | EventType.EXTENSION_REQUESTED:
            return Flag.EXTENDED in then.flags and Flag.EXTENDED not in now.flags
        case EventType.EXTENSION_WITHDRAWN:
            return Flag.EXTENDED in now.flags and Flag.EXTENDED not in then.flags
        case EventType.URGENCY_ATTESTED:
            return Flag.UPGRADED in then.flags and Flag.UPGRADED not in now.flags
        case EventType.EXPEDITE_REFUSED:
            is_back = Flag.UPGRADED in now.flags and Flag.UPGRADED not in then.flags
            return is_back or (Flag.REFUSED in then.flags and Flag.REFUSED not in now.flags)
        case EventType.DEFICIENCY_NOTICE_SENT:
            return has_news and Flag.DEFICIENCY_LATE not in then.flags
        case _:
            return has_news


def what_if(
    clock: Clock, event: Event, *, at: datetime, facts: Sequence[ClockEvent] | None = None
) -> Comparison:
    """The clock as it stands at the moment, and with the event, at the moment or when the event
    is if that is later. `facts` are the standing ones of the request, where they are at hand.
    Raises ClockError."""
    known = standing(clock.request) if facts is None else facts
    then_at: At = max(at, instant_in(clock, event.at))
    return Comparison(
        event,
        computed(clock, as_of=at, facts=known),
        computed(clock, as_of=then_at, extra=[event], facts=known),
    )


def instant_in(clock: Clock, at: At) -> datetime:
    zone = ZoneInfo(clock.zone)
    return moment_of(at, zone, seen_from=zone).instant


def going_clock(of: Subject) -> Clock:
    """The clock of the decision. Raises Refused where it does not go."""
    clock = decision_clock(of)
    if clock is None or not clock.is_going:
        what = "appeal" if isinstance(of, Appeal) else "request"
        raise Refused(f"The clock of {what} {of} has stopped: there is no limit to move.")
    return clock


def require_effect(clock: Clock, event: Event, *, at: datetime) -> Comparison:
    """Refuse an act that the rules reject, with the reason and what can be done instead."""
    answer = what_if(clock, event, at=at)
    if answer.objection:
        due = answer.now.due_at
        until = f" The limit is {in_words(due, ZoneInfo(clock.zone))}." if due else ""
        raise Refused(" ".join(filter(None, (f"{answer.objection}{until}", answer.instead))))
    return answer


def extendable_rule(clock: Clock, *, among: RuleBook | None = None) -> Rule:
    """The row whose extension counts: the standard one where expediting was refused.

    `among` is the book, where it is at hand.
    """
    rules = among or book()
    beside = {one["rule_id"] for one in clock.others}
    is_refused = Flag.REFUSED in clock.answer["flags"]
    if is_refused and clock.applied_rule_id not in beside:
        return rules.rule(clock.applied_rule_id)
    return rules.rule(clock.rule_id)
