"""Instants and wall clocks. Instants are in UTC; zones enter only here and when shown.

Python compares and subtracts two times of the same zone by the wall clock, so everything is
reckoned in UTC and turned into local time at the end.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reviewer.clocks.errors import ClockError

At = date | datetime
"""A local date, a local date-time, or an aware date-time."""

LAST_SECOND = time(23, 59, 59)


def zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ClockError(f"No time zone {name!r}. Use an IANA name: America/Chicago.") from error


def instant_of(at: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local time: the first of two readings; a time in a gap moves on."""
    aware = at if at.tzinfo else at.replace(tzinfo=zone, fold=0)
    return aware.astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return instant_of(datetime.combine(day, time.min), zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    return instant_of(datetime.combine(day, LAST_SECOND), zone)


def wall_time_later(instant: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    """The instant at which the wall clock shows the same time plus `by`."""
    wall = instant.astimezone(zone).replace(tzinfo=None)
    return instant_of(wall + by, zone)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened: the instant, the local day, and whether a clock time is known."""

    instant: datetime
    day: date
    has_time: bool

    def is_not_before(self, other: "Moment") -> bool:
        """At or after the other; by their days where either lacks a time."""
        if self.has_time and other.has_time:
            return self.instant >= other.instant
        return self.day >= other.day


def moment_of(at: At, zone: ZoneInfo, *, seen_from: ZoneInfo) -> Moment:
    """A time of the case zone, with the day it falls on in another; a bare date stays itself."""
    if not isinstance(at, datetime):
        return Moment(midnight(at, seen_from), at, has_time=False)
    instant = instant_of(at, zone)
    return Moment(instant, instant.astimezone(seen_from).date(), has_time=True)


@lru_cache(maxsize=4096)
def in_words(instant: datetime, zone: ZoneInfo) -> str:
    """`Mon 2 Nov 2026, 13:00 EST`, with seconds only where they say something."""
    local = instant.astimezone(zone)
    seconds = f":{local.second:02}" if local.second else ""
    clock = f"{local.hour:02}:{local.minute:02}{seconds}"
    return f"{day_in_words(local.date())}, {clock} {local.tzname()}"


@lru_cache(maxsize=4096)
def day_in_words(day: date) -> str:
    return f"{short_day(day)} {day:%Y}"


def short_day(day: date) -> str:
    """`Mon 2 Nov`, where the year is known."""
    return f"{day:%a} {day.day} {day:%b}"
