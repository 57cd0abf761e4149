"""What is drawn of a clock, and the same in words and as a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from reviewer.clocks.moments import in_words, short_day
from reviewer.models import ClockEvent
from reviewer.views.clock_drawing import Drawing, Mark, Stretch, draw

if TYPE_CHECKING:
    from reviewer.views.clock_facts import ClockShown


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table that says what is drawn."""

    at: datetime
    when: str
    name: str
    note: str


class ClockPicture:
    """The stretches, milestones and limits of one clock."""

    def __init__(self, one: "ClockShown") -> None:
        self.one, self.clock, self.at, self.zone = one, one.clock, one.at, one.zone

    @cached_property
    def drawing(self) -> Drawing:
        return draw(
            list(self._stretches()),
            [Mark(fact.at, name, self.short(fact), "event") for name, fact in self.milestones],
            list(self._limits()),
            now=self.at if self.clock.is_going else None,
            zone=self.zone,
            said=self.said,
        )

    @cached_property
    def milestones(self) -> list[tuple[str, ClockEvent]]:
        """What happened, by name; facts of one act that bear one name are told once."""
        told: dict[tuple[datetime, str], ClockEvent] = {}
        for fact in self.one.facts:
            told.setdefault((fact.at, self.one.name_of(fact)), fact)
        return [(name, fact) for (_, name), fact in told.items()]

    def short(self, fact: ClockEvent) -> str:
        local = fact.at.astimezone(self.zone)
        day = short_day(local)
        return f"{day}, {local:%H:%M}" if fact.has_time else day

    def _stretches(self) -> Iterator[Stretch]:
        start = self.one.instant("starts_at") or self.clock.started_by.at
        base = self.one.instant("base_at")
        due = self.clock.due_at or self.clock.tolled_until or start
        stopped, resumed = self.one.instant("stopped_from"), self.one.instant("resumed_at")
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
        if self.one.is_overdue:
            yield Stretch(due, self.at, "late", "overdue")

    def _limits(self) -> Iterator[Mark]:
        clock = self.clock
        base = self.one.instant("base_at")
        if base and base != clock.due_at and not self.one.instant("stopped_from"):
            yield self._mark(base, "Base limit")
        if self.one.is_tolled and clock.tolled_until:
            yield self._mark(clock.tolled_until, "Stopped until, without an answer")
        due = "Due, if no answer comes" if self.one.is_tolled else "Due"
        if clock.due_at:
            yield self._mark(clock.due_at, due, "due")
        for name, at in self.one.others():
            yield self._mark(at, name)
        for one in self.one.regimes:
            limit = self.one.answer["by_rule"][one.rule]
            if limit and datetime.fromisoformat(limit) != clock.due_at:
                yield self._mark(datetime.fromisoformat(limit), f"{one.rule} ({one.role})", "other")

    def _mark(self, at: datetime, name: str, look: str = "") -> Mark:
        local = at.astimezone(self.zone)
        clock = "end of day" if f"{local:%H:%M:%S}" == "23:59:59" else f"{local:%H:%M}"
        return Mark(at, name, f"{short_day(local)}, {clock}", look)

    @property
    def lines(self) -> list[Line]:
        """What is drawn, as a table: events and limits by their time."""
        happened = [
            Line(fact.at, self.when_of(fact), name, "event") for name, fact in self.milestones
        ]
        limits = [Line(one.at, self.one.when(one.at), one.name, "limit") for one in self._limits()]
        here = [Line(self.at, self.one.when(self.at), "Now", "")] if self.clock.is_going else []
        return sorted((*happened, *limits, *here), key=lambda line: line.at)

    @property
    def said(self) -> str:
        """The drawing in words."""
        told = "; ".join(f"{line.name} {line.when}" for line in self.lines)
        spans = [one for one in self._stretches() if one.look in ("stopped", "late")]
        extra = [
            f"{one.name} from {self.one.when(one.since)} to {self.one.when(one.until)}"
            for one in spans
        ]
        return ". ".join([told, *extra]) + "."

    def when_of(self, fact: ClockEvent) -> str:
        words = in_words(fact.at, self.zone)
        return words if fact.has_time else words.rpartition(",")[0]
