"""Time left in words first: what a worklist and a workspace say of a due time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from policies.templatetags.marks import duration

SOON: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """The words, and the class that draws them."""

    words: str
    css: str = ""


def time_left(due_at: datetime | None, *, at: datetime) -> TimeLeft:
    """What is left until something is due; an absent due time means that no rule states one."""
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
