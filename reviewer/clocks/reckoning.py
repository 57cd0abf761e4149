"""The state that the stages of a computation hand on: a limit, its flags, its steps so far."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reviewer.clocks.book import RuleBook
from reviewer.clocks.conventions import cite
from reviewer.clocks.counting import count
from reviewer.clocks.events import EventType, Timeline
from reviewer.clocks.moments import day_in_words, end_of_day, in_words
from reviewer.clocks.result import Flag, Said, Step, StepKind
from reviewer.clocks.rules import Rule
from reviewer.clocks.selection import compared_date
from reviewer.clocks.starts import Start, after_deficiency_notice, shown, words


@dataclass
class Reckoning:
    """Never changed once made, only followed by another. Instants are UTC.

    `start` is the first one, also where another row's clock started later; `base` is the limit
    before extensions; `due` is None while the clock is stopped. `counted_from` is where the count
    of the row that set the limit began.
    """

    rule: Rule
    start: Start
    timeline: Timeline
    book: RuleBook
    base: datetime
    due: datetime | None
    alarm: datetime | None
    steps: tuple[Step, ...]
    flags: frozenset[Flag] = frozenset()
    legal_max: datetime | None = None
    tolled_until: datetime | None = None
    accept: datetime | None = None
    counted_from: datetime | None = None
    stopped_from: datetime | None = None
    resumed_at: datetime | None = None

    def but(self, **changed: Any) -> "Reckoning":
        """As `dataclasses.replace`, without its cost: a deadline takes a dozen of these."""
        other = object.__new__(Reckoning)
        other.__dict__.update(self.__dict__ | changed)
        return other

    def flagged(self, *flags: Flag) -> "Reckoning":
        return self.but(flags=self.flags | set(flags))

    def without(self, *flags: Flag) -> "Reckoning":
        return self.but(flags=self.flags - set(flags))

    def saying(
        self,
        sentence: Said,
        citation: str,
        *,
        instant: datetime | None = None,
        kind: StepKind = StepKind.NOTE,
        event: str = "",
    ) -> "Reckoning":
        at = None if instant is None else shown(instant, self.timeline)
        return self.but(steps=(*self.steps, Step(sentence, at, citation, kind, event)))

    def words(self, instant: datetime) -> str:
        return in_words(instant, self.timeline.zone)


def begin(rule: Rule, start: Start, timeline: Timeline, book: RuleBook) -> Reckoning:
    """The base limit of a row from its start."""
    counted = count(rule, start, timeline, book)
    return Reckoning(
        rule=rule,
        start=start,
        timeline=timeline,
        book=book,
        base=counted.limit,
        due=counted.limit,
        alarm=counted.alarm,
        steps=(
            Step(rule.in_words, None, rule.citation, StepKind.RULE),
            *_by_which_day(rule, timeline),
            start.step,
            *counted.steps,
        ),
        counted_from=start.moment.instant,
    )


def _by_which_day(rule: Rule, timeline: Timeline) -> tuple[Step, ...]:
    """Why this version of a limit that has changed: the day that chose it."""
    day = compared_date(rule, timeline) if rule.has_dates else None
    if day is None or not rule.covers(day):
        return ()
    what = words(rule.applies_by)
    return (Step(lambda: f"Chosen by the {what}, {day_in_words(day)}.", None, cite("C20")),)


def move_if_incomplete(one: Reckoning) -> Reckoning:
    """An urgent request that lacks information moves to its own row after a timely notice."""
    notice = one.timeline.first(EventType.DEFICIENCY_NOTICE_SENT)
    if notice is None or not one.rule.deficiency_notice_rule_id:
        return one
    notice_rule = one.book.rule(one.rule.deficiency_notice_rule_id)
    limit = count(notice_rule, one.start, one.timeline, one.book).limit
    sent = f"The notice of what is missing was sent {one.words(notice.instant)}"
    if notice.instant > limit:
        sentence = f"{sent}, after its limit {one.words(limit)}: it has no effect."
        return one.flagged(Flag.DEFICIENCY_LATE).saying(
            sentence,
            notice_rule.citation,
            kind=StepKind.NO_EFFECT,
            event=EventType.DEFICIENCY_NOTICE_SENT,
        )
    rule = one.book.rule(one.rule.incomplete_rule_id)
    sentence = f"{sent}, within its limit {one.words(limit)}: {rule} applies."
    told = one.saying(
        sentence,
        cite("incomplete"),
        kind=StepKind.MOVED,
        event=EventType.DEFICIENCY_NOTICE_SENT,
    )
    moved = begin(rule, after_deficiency_notice(rule, notice, one.timeline), one.timeline, one.book)
    return moved.but(start=one.start, steps=told.steps + moved.steps, flags=one.flags)


def hold_to_floor(one: Reckoning) -> Reckoning:
    """The later of the counted limit and the end of the day of the row's other event."""
    floor = one.timeline.first(one.rule.floor_event) if one.rule.floor_event else None
    if floor is None:
        return one
    end = end_of_day(floor.moment.day, one.timeline.zone)
    named = f"The {words(floor.event.type)}, {day_in_words(floor.moment.day)},"
    if end <= one.base:
        return one.saying(f"{named} is not later: the limit stands.", cite("later_of"))
    later = one.but(base=end, due=end)
    sentence = f"{named} is later: the limit is {one.words(end)}."
    return later.saying(sentence, cite("later_of"), instant=end, kind=StepKind.LIMIT)
