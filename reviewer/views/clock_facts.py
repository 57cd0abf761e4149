"""One clock as its page and its drawer show it: how it stands, why, and what could move it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from reviewer.clocks import Event, Rule, RuleBook, StepKind
from reviewer.clocks.conventions import cite
from reviewer.clocks.errors import ClockError
from reviewer.clocks.rules import rule_of
from reviewer.models import Clock, ClockEvent
from reviewer.views import clock_words as named
from reviewer.views.clock_drawing import Drawing
from reviewer.views.clock_hours import Hours, hours_of
from reviewer.views.clock_months import Months, Span, months_of
from reviewer.views.clock_moves import Moved, moves
from reviewer.views.clock_picture import ClockPicture, Line
from reviewer.views.time_left import TimeLeft, clock_left
from reviewer.workflow.clocks.facts import as_event

CONVENTION: Final = cite("")
TESTED: Final = (StepKind.EXTENDED, StepKind.NO_EFFECT)
SUPPOSED: Final = (StepKind.RESUMED, StepKind.LIMIT, StepKind.MAXIMUM)


@dataclass(frozen=True, slots=True)
class StepShown:
    """A line of the derivation; `is_supposed`: it holds only if no answer comes."""

    name: str
    sentence: str
    at: str
    citation: str
    convention: str  # its id, where it is cited
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
                convention=step.citation.removeprefix(CONVENTION)
                if step.citation.startswith(CONVENTION)
                else "",
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
    def picture(self) -> ClockPicture:
        return ClockPicture(self)

    @property
    def drawing(self) -> Drawing:
        return self.picture.drawing

    @property
    def lines(self) -> list[Line]:
        return self.picture.lines

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

    def others(self) -> Iterator[tuple[str, datetime]]:
        """Further limits that are drawn, by name."""
        clock = self.clock
        if clock.legal_max_at:
            yield "Legal maximum", clock.legal_max_at
        if clock.accept_through and clock.accept_through != clock.due_at:
            yield "Accepted through", clock.accept_through
        if clock.target_at:
            yield "Service target", clock.target_at

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
            others=tuple(self.others()),
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

    def instant(self, name: str) -> datetime | None:
        """An instant of the kept answer; none in answers kept before it was told."""
        written = self.answer.get(name)
        return datetime.fromisoformat(written) if written else None
