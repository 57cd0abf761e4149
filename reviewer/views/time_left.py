"""Time left in words first: what a worklist and a workspace say of a due time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from policies.templatetags.marks import duration
from reviewer.models import Appeal, Clock, Request
from reviewer.workflow.clocks.scopes import DECISIONS

SOON: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """The words, and the class that draws them."""

    words: str
    css: str = ""


def decision_left(of: Request | Appeal, *, at: datetime) -> TimeLeft:
    """What is left until the decision of a request or an appeal is due."""
    return time_left(of.decision_due_at, at=at, tolled_until=of.decision_tolled_until)


def time_left(
    due_at: datetime | None, *, at: datetime, tolled_until: datetime | None = None
) -> TimeLeft:
    """What is left until something is due; an absent due time means that no rule states one, and
    until `tolled_until` the law stops the clock for an answer.
    """
    if tolled_until is not None and at <= tolled_until:
        local = timezone.localtime(tolled_until)
        return TimeLeft(f"stopped by law until {local.day} {local:%b}", "paused")
    if due_at is None:
        return TimeLeft("no limit stated", "none")
    minutes = int(abs((due_at - at).total_seconds()) // 60)
    if due_at < at:
        return TimeLeft(f"overdue by {duration(minutes)}", "late")
    return TimeLeft(f"{duration(minutes)} left", "soon" if due_at - at < SOON else "")


def clock_left(clock: Clock, *, at: datetime) -> TimeLeft:
    """How a clock stands: what is left, or how its duty was done."""
    if clock.ended:
        return TimeLeft(f"ended: {clock.get_ended_display().lower()}", "none")
    limit = clock.accept_through or clock.due_at
    if clock.stopped_at is not None:
        deed = "decided" if clock.duty in DECISIONS else "done"
        return time_kept(limit, done_at=clock.stopped_at, deed=deed)
    return time_left(limit, at=at, tolled_until=clock.tolled_until)


def going_of(clocks: Iterable[Clock], *, at: datetime) -> list[tuple[Clock, TimeLeft]]:
    """Clocks of notices and other duties that go, with what is left; the decision has its own."""
    going = [one for one in clocks if one.is_going and one.duty not in DECISIONS]
    going.sort(key=lambda one: one.due_at or one.tolled_until or at)
    return [(one, clock_left(one, at=at)) for one in going]


def time_kept(due_at: datetime | None, *, done_at: datetime, deed: str = "decided") -> TimeLeft:
    """How a deed that is done stood to its due time."""
    if due_at is None:
        return TimeLeft(f"{deed}; no limit stated", "met")
    minutes = int(abs((due_at - done_at).total_seconds()) // 60)
    if done_at > due_at:
        return TimeLeft(f"{deed} {duration(minutes)} late", "late")
    return TimeLeft(f"{deed} {duration(minutes)} before due", "met")
