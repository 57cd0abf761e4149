"""Time left in words first: what a worklist and a workspace say of a due time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from policies.templatetags.marks import duration
from reviewer.models import Appeal, Request

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
        return TimeLeft(f"stopped by law until {local.day} {local:%b}", "none")
    if due_at is None:
        return TimeLeft("no limit stated", "none")
    minutes = int(abs((due_at - at).total_seconds()) // 60)
    if due_at < at:
        return TimeLeft(f"overdue by {duration(minutes)}", "late")
    return TimeLeft(f"{duration(minutes)} left", "soon" if due_at - at < SOON else "")


def time_kept(due_at: datetime | None, *, done_at: datetime) -> TimeLeft:
    """How a deed that is done stood to its due time."""
    if due_at is None:
        return TimeLeft("decided; no limit stated", "met")
    minutes = int(abs((due_at - done_at).total_seconds()) // 60)
    if done_at > due_at:
        return TimeLeft(f"decided {duration(minutes)} late", "late")
    return TimeLeft(f"decided {duration(minutes)} before due", "met")
