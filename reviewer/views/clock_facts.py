"""One clock as its page and its drawer show it: how it stands, why, and what could move it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from reviewer.clocks import Event, Rule, RuleBook, StepKind
from reviewer.clocks.errors import ClockError
from reviewer.clocks.moments import in_words
from reviewer.clocks.rules import rule_of
from reviewer.models import Clock, ClockEvent
from reviewer.views import clock_words as named
from reviewer.views.clock_drawing import Drawing, Mark, Stretch, draw
from reviewer.views.clock_hours import Hours, hours_of
from reviewer.views.clock_months import Months, Span, months_of
from reviewer.views.clock_moves import Moved, moves
from reviewer.views.time_left import TimeLeft, clock_left
from reviewer.workflow.clocks.facts import as_event

TESTED: Final = (StepKind.EXTENDED, StepKind.NO_EFFECT)
SUPPOSED: Final = (StepKind.RESUMED, StepKind.LIMIT, StepKind.MAXIMUM)


@dataclass(frozen=True, slots=True)
class StepShown:
    """A line of the derivation; `is_supposed`: it holds only if no answer comes."""

    name: str
    sentence: str
    at: str
    citation: str
    look: str
    is_supposed: bool = False


@dataclass(frozen=True, slots=True)
class RegimeShown:
    rule: str
    whose: str
    limit: str
    due: str
    role: str
    citation: str
    doubt: str
    governs: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table that says what is drawn."""

    at: datetime
    when: str
    name: str
    note: str


class ClockShown:
    """Everything that is said of a clock at a moment; `facts` are those that count for it."""

    def __init__(
        self, clock: Clock, facts: Sequence[ClockEvent], *, book: RuleBook, at: datetime
    ) -> None:
        self.clock, self.facts, self.book, self.at = clock, facts, book, at
        self.zone = ZoneInfo(clock.zone)
        self.answer: dict[str, Any] = clock.answer

    # -- how it stands

    @property
    def left(self) -> TimeLeft:
        return clock_left(self.clock, at=self.at)

    @property
    def is_tolled(self) -> bool:
        return self.clock.is_tolled(self.at)

    @property
    def is_overdue(self) -> bool:
        due = self.clock.accept_through or self.clock.due(self.at)
        return self.clock.is_going and due is not None and due < self.at

    @cached_property
    def rule(self) -> Rule:
        """The row that set the limit, as it was when the limit was computed."""
        return rule_of(self.clock.rule_row.row or {})

    @property
    def due(self) -> str:
        return self.when(self.clock.due_at)

    @property
    def tolled_until(self) -> str:
        return self.when(self.clock.tolled_until)

    @property
    def limit(self) -> str:
        return named.limit_words(self.rule)

    @property
    def whose(self) -> str:
        return named.regime_words(self.rule)

    @property
    def doubt(self) -> str:
        return named.confidence_words(self.answer["confidence"])

    @property
    def missed(self) -> str:
        if not self.clock.is_going or self.is_tolled:
            return ""
        return named.missed_words(self.answer["missed_outcome"], has_passed=self.is_overdue)

    @property
    def done(self) -> str:
        """The evidence by which it stopped or ended."""
        clock = self.clock
        if clock.stopped_by:
            name = named.milestone_of(clock.stopped_by)
            return f"{name}, {self.when(clock.stopped_at)}"
        if clock.ended_by:
            reason = clock.get_ended_display().lower()
            return f"{clock.ended_by.get_name_display()}, {self.when(clock.ended_by.at)}: {reason}"
        return ""

    @property
    def further(self) -> list[tuple[str, str, str]]:
        """Further instants: name, time, and what it is in one clause."""
        rows = {
            "Legal maximum": self.clock.legal_max_at,
            "Accepted through": self.clock.accept_through,
            "Service target": self.clock.target_at,
            "Alarm": self.clock.alarm_at,
        }
        return [
            (name, self.when(at), named.CLAUSES[name])
            for name, at in rows.items()
            if at and at != self.clock.due_at
        ]

    @property
    def moves(self) -> tuple[str, ...]:
        try:
            return moves(Moved(
                self.clock, self.rule, self.instant("base_at"), self.events, self.book, self.at
            ))  # fmt: skip
        except ClockError:
            return ()  # the rules were changed since; the derivation says by which it was computed

    # -- why

    @property
    def steps(self) -> list[StepShown]:
        return list(self._steps())

    def _steps(self) -> Iterator[StepShown]:
        is_supposed = False
        for step in self.clock.steps:
            is_supposed |= self.is_tolled and step.kind is StepKind.RESUMED
            name = named.KINDS[step.kind]
            if step.kind is StepKind.START and step.event:
                name = named.milestone(step.event)
            yield StepShown(
                name=name,
                sentence=named.named_as_milestone(step.sentence, step.event),
                at=self.when(step.instant),
                citation=step.citation,
                look=step.kind.value,
                is_supposed=is_supposed and step.kind in SUPPOSED,
            )

    @property
    def regimes(self) -> list[RegimeShown]:
        """The rule that was selected and those of other regimes; none where it stands alone."""
        by_rule: dict[str, str | None] = self.answer["by_rule"]
        roles = {one["rule_id"]: one["role"] for one in self.clock.others}
        return [
            self._regime(rule_id, roles.get(rule_id, "selected"), limit)
            for rule_id, limit in by_rule.items()
        ]

    def _regime(self, rule_id: str, role: str, limit: str | None) -> RegimeShown:
        try:
            rule: Rule | None = self.book.rule(rule_id)
        except ClockError:
            rule = None
        due = self.when(datetime.fromisoformat(limit)) if limit else "not started"
        return RegimeShown(
            rule=rule_id,
            whose=named.regime_words(rule) if rule else "",
            limit=named.limit_words(rule) if rule else "",
            due=due,
            role=named.ROLES.get(role, role),
            citation=rule.citation if rule else "",
            doubt=named.confidence_words(rule.confidence) if rule else "",
            governs=rule_id == self.clock.applied_rule_id,
        )

    # -- drawn

    @cached_property
    def drawing(self) -> Drawing:
        return draw(
            list(self._stretches()),
            [Mark(fact.at, self.name_of(fact), self.short(fact), "event") for fact in self.facts],
            list(self._limits()),
            now=self.at if self.clock.is_going else None,
            zone=self.zone,
            said=self.said,
        )

    def name_of(self, fact: ClockEvent) -> str:
        """The milestone's name, who was told, and whether the law gives it no effect."""
        name = named.milestone_of(fact)
        name = f"{name} ({fact.recipient})" if fact.recipient else name
        return f"{name}: without effect" if fact.pk in self.without_effect else name

    @cached_property
    def without_effect(self) -> set[int]:
        """Facts that the derivation says have no effect; both tell of a kind in their order."""
        tested = [one for one in self.clock.steps if one.kind in TESTED]
        return {
            fact.pk
            for type in {one.event for one in tested}
            for fact, step in zip(
                [one for one in self.facts if one.type == type],
                [one for one in tested if one.event == type],
                strict=False,
            )
            if step.kind is StepKind.NO_EFFECT
        }

    def short(self, fact: ClockEvent) -> str:
        local = fact.at.astimezone(self.zone)
        day = f"{local:%a} {local.day} {local:%b}"
        return f"{day}, {local:%H:%M}" if fact.has_time else day

    def _stretches(self) -> Iterator[Stretch]:
        start = self.instant("starts_at") or self.clock.started_by.at
        base = self.instant("base_at")
        due = self.clock.due_at or self.clock.tolled_until or start
        stopped, resumed = self.instant("stopped_from"), self.instant("resumed_at")
        if due < start:  # a notice that is due before an event
            yield Stretch(due, start, "base", "before the event")
        elif stopped:
            yield Stretch(start, stopped, "base", "counted")
            until = resumed or self.clock.tolled_until or due
            yield Stretch(stopped, until, "stopped", "stopped by law")
            yield Stretch(until, due, "extra", "extension")
        elif base and start < base < due:
            yield Stretch(start, base, "base", "base limit")
            yield Stretch(base, due, "extra", "extension")
        else:
            yield Stretch(start, due, "base", "counted")
        if self.is_overdue:
            yield Stretch(due, self.at, "late", "overdue")

    def _limits(self) -> Iterator[Mark]:
        clock = self.clock
        base = self.instant("base_at")
        if base and base != clock.due_at and not self.instant("stopped_from"):
            yield self._mark(base, "Base limit")
        if self.is_tolled and clock.tolled_until:
            yield self._mark(clock.tolled_until, "Stopped until, without an answer")
        due = "Due, if no answer comes" if self.is_tolled else "Due"
        if clock.due_at:
            yield self._mark(clock.due_at, due, "due")
        for name, at in self._others():
            yield self._mark(at, name)
        for one in self.regimes:
            limit = self.answer["by_rule"][one.rule]
            if limit and datetime.fromisoformat(limit) != clock.due_at:
                yield self._mark(datetime.fromisoformat(limit), f"{one.rule} ({one.role})", "other")

    def _others(self) -> Iterator[tuple[str, datetime]]:
        clock = self.clock
        if clock.legal_max_at:
            yield "Legal maximum", clock.legal_max_at
        if clock.accept_through and clock.accept_through != clock.due_at:
            yield "Accepted through", clock.accept_through
        if clock.target_at:
            yield "Service target", clock.target_at

    def _mark(self, at: datetime, name: str, look: str = "") -> Mark:
        local = at.astimezone(self.zone)
        clock = "end of day" if f"{local:%H:%M:%S}" == "23:59:59" else f"{local:%H:%M}"
        return Mark(at, name, f"{local:%a} {local.day} {local:%b}, {clock}", look)

    @property
    def lines(self) -> list[Line]:
        """What is drawn, as a table: events and limits by their time."""
        happened = [
            Line(fact.at, self.when_of(fact), self.name_of(fact), "event") for fact in self.facts
        ]
        limits = [Line(one.at, self.when(one.at), one.name, "limit") for one in self._limits()]
        here = [Line(self.at, self.when(self.at), "Now", "")] if self.clock.is_going else []
        return sorted((*happened, *limits, *here), key=lambda line: line.at)

    @property
    def said(self) -> str:
        """The drawing in words."""
        told = "; ".join(f"{line.name} {line.when}" for line in self.lines)
        spans = [one for one in self._stretches() if one.look in ("stopped", "late")]
        extra = [
            f"{one.name} from {self.when(one.since)} to {self.when(one.until)}" for one in spans
        ]
        return ". ".join([told, *extra]) + "."

    # -- counted

    @cached_property
    def span(self) -> Span | None:
        start, base, due = self.instant("starts_at"), self.instant("base_at"), self.clock.due_at
        if start is None or base is None or due is None:
            return None
        return Span(
            zone=self.zone,
            starts_at=start,
            base_at=base,
            due_at=due,
            stopped_from=self.instant("stopped_from"),
            resumed_at=self.instant("resumed_at"),
            others=tuple(self._others()),
            now=self.at if self.clock.is_going else None,
        )

    @cached_property
    def months(self) -> Months | None:
        return months_of(self.rule, self.span, self.book) if self.span else None

    @cached_property
    def hours(self) -> Hours | None:
        return hours_of(self.rule, self.span) if self.span else None

    # --

    @cached_property
    def events(self) -> list[Event]:
        return [as_event(fact, self.clock.zone) for fact in self.facts]

    def when(self, at: datetime | None) -> str:
        return named.when(at, self.zone)

    def when_of(self, fact: ClockEvent) -> str:
        words = in_words(fact.at, self.zone)
        return words if fact.has_time else words.rpartition(",")[0]

    def instant(self, name: str) -> datetime | None:
        """An instant of the kept answer; none in answers kept before it was told."""
        written = self.answer.get(name)
        return datetime.fromisoformat(written) if written else None
