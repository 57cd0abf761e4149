"""What must be so before a version changes its state, in the sentences of a refusal."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from policies.models import Publication, Version
from policies.refusals import Refused

_EARLIEST = date(1900, 1, 1)


def is_written_here(version: Version) -> bool:
    """Whether anybody wrote the text or wrote into it; else it is as its file came."""
    return version.author_id is not None or version.edits.exists()


def require_second_person(version: Version, by: User) -> None:
    """Neither the author nor anyone who wrote into the draft."""
    if version.author_id == by.pk:
        raise Refused(
            f"{named(version)} was written by {by.get_username()}, and nobody approves an own "
            "text: ask a second person to approve it."
        )
    edit = version.edits.filter(by=by).order_by("-at", "-id").first()
    if edit is not None:
        day = timezone.localtime(edit.at).date()
        raise Refused(
            f"{by.get_username()} wrote into {named(version)} on {day} (“{edit.what}”), and nobody "
            "approves what they wrote into: ask someone who did not to approve it."
        )


def require_notice(version: Version, start: date | None, at: datetime) -> None:
    """A version in force already, which is imported, gives no notice of itself."""
    if not version.notice_days or version.origin == Version.Origin.IMPORT:
        return
    first = timezone.localdate(at) + timedelta(days=version.notice_days)
    if start is None or start < first:
        days = "1 day" if version.notice_days == 1 else f"{version.notice_days} days"
        raise Refused(
            f"{named(version)} asks for {days} of notice: published today it takes effect on "
            f"{first} at the earliest. Give that day or a later one."
        )


def require_end_after_start(version: Version, on: date, at: datetime) -> None:
    start = version.publication.effective_from
    if start is None or on > start:
        return
    if timezone.localdate(at) >= start:
        raise Refused(
            f"{named(version)} took effect on {start} and cannot be called off any more: retire it "
            "on a later day."
        )
    if on < start:
        raise Refused(
            f"{named(version)} takes effect on {start}: retire it on that day, so that it never "
            "does, or on a later one."
        )


def require_day(day: date | None) -> None:
    """A year in two digits is written once like any other: refuse it while it can be mended."""
    if day is not None and day < _EARLIEST:
        raise Refused(f"{day} is no day of this library: write the year in full, as 2026-03-02.")


def require_ended(version: Version, other: Publication) -> None:
    if other.ended_on is None:
        stated = other.effective_from
        how = f"is in effect from {stated}" if stated else "states no effective date"
        raise Refused(
            f"{named(other.version)} {how} and goes on: say from which day "
            f"{named(version)} takes its place."
        )


def overlap(version: Version, other: Publication, start: date) -> str:
    name = named(other.version)
    if other.ended_on is None:
        return (
            f"{name} takes effect on {other.effective_from}, so {named(version)} cannot go on from "
            f"{start}: give a later day than {other.effective_from}."
        )
    return (
        f"{name} is in effect until {last_day(other)}, so {named(version)} cannot take effect on "
        f"{start}: give {other.ended_on} or a later day."
    )


def named(version: Version) -> str:
    return f"{version.bulletin.number} version {version.ordinal}"


def last_day(publication: Publication) -> str:
    assert publication.ended_on is not None
    return (publication.ended_on - timedelta(days=1)).isoformat()
