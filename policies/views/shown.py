"""Which version of a bulletin a page shows for a day, and the sentences that say so.

A page asks without a request in hand, so nothing is weighed but the day: `policies.resolver`
answers for a request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from policies.models import Version


@dataclass(frozen=True, slots=True)
class Shown:
    """The version for the day, or the newest where none is in effect, and why."""

    version: Version | None
    sentence: str
    near: str
    is_in_effect: bool


def first_day(version: Version) -> date | None:
    return version.publication.effective_from


def last_day(version: Version) -> date | None:
    """The last day on which the version is in effect; None while no end is written."""
    ended_on = version.publication.ended_on
    return ended_on - timedelta(days=1) if ended_on else None


def is_in_effect(version: Version, on: date) -> bool:
    start, ended_on = first_day(version), version.publication.ended_on
    return start is not None and start <= on and (ended_on is None or on < ended_on)


def is_undated(version: Version, on: date) -> bool:
    """Whether it states no day from which it is in effect, and has not ended by the day."""
    ended_on = version.publication.ended_on
    return first_day(version) is None and (ended_on is None or on < ended_on)


def shown_on(published: Sequence[Version], on: date) -> Shown:
    """Choose among the published versions of one bulletin, in order of their ordinals."""
    near = _near(published, on)
    for version in published:
        if is_in_effect(version, on):
            return Shown(
                version, f"{_name(version)}, because it is {period(version, on)}.", near, True
            )
    undated = [version for version in published if is_undated(version, on)]
    if undated:
        return Shown(undated[-1], _undated(undated[-1], on), near, is_in_effect=False)
    if published:
        nearest = _nearest(published, on)
        untold = "" if near.startswith(f"{_name(nearest)} ") else near
        return Shown(nearest, _none(nearest, on), untold, is_in_effect=False)
    return Shown(None, "No version of this bulletin has been published.", "", is_in_effect=False)


def why_this(version: Version, on: date) -> str:
    """Why a version stands here whose address was asked for."""
    if version.status != Version.Status.PUBLISHED:
        return (
            f"{_name(version)} is not published ({version.get_status_display().lower()}):"
            " nothing may be decided by it."
        )
    if is_undated(version, on):
        return _undated(version, on)
    return f"{_name(version)}, because its address was asked for. It is {period(version, on)}."


def period(version: Version, on: date) -> str:
    """Where the day stands to the version: "in effect on 2026-03-02: from 2026-01-01 ..."."""
    start, end = first_day(version), last_day(version)
    if start and start == version.publication.ended_on:
        return f"withdrawn before it took effect on {start}"
    if start and start > on:
        return f"not yet in effect on {on}: it takes effect on {start}, {_days(start - on)} later"
    if end and end < on:
        since = f"it ended on {end}, {_days(on - end)} before"
        return f"no longer in effect on {on}: {since}"
    if start is None:
        return "published without an effective date"
    until = f"to {end}" if end else "with no end stated"
    return f"in effect on {on}: from {start} {until}"


def _undated(version: Version, on: date) -> str:
    end = last_day(version)
    until = f"goes on to {end}" if end else "has not ended"
    return (
        f"{_name(version)} states no effective date. It is published and {until}, but nothing"
        f" says whether it governs {on}."
    )


def _none(version: Version, on: date) -> str:
    return (
        f"No version is in effect on {on}. {_name(version)} stands here: it is"
        f" {period(version, on)}."
    )


def _nearest(published: Sequence[Version], on: date) -> Version:
    """The last that began before a day on which none is in effect, else the first to come."""
    held = [one for one in published if first_day(one) != one.publication.ended_on] or published
    begun = [one for one in held if (start := first_day(one)) is None or start <= on]
    return begun[-1] if begun else min(held, key=lambda one: first_day(one) or on)


def _near(published: Sequence[Version], on: date) -> str:
    """The next version to come."""
    coming = [
        (start, one)
        for one in published
        if (start := first_day(one)) and start > on and start != one.publication.ended_on
    ]
    if not coming:
        return ""
    start, version = min(coming, key=lambda pair: pair[0])
    return f"{_name(version)} takes effect on {start}, in {_days(start - on)}."


def _name(version: Version) -> str:
    return f"Version {version.ordinal}"


def _days(span: timedelta) -> str:
    return "1 day" if span.days == 1 else f"{span.days} days"
