"""Every change of state of a version: submit, approve, publish, retire, return to draft.

What must always hold stands in the database (`migrations/0002_frozen_versions.py`); the checks here
say the same in sentences. Changes by a person are noted in the admin's history of the version.
"""

from datetime import date, datetime, timedelta
from hashlib import sha256

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from policies.imports.content import PartsDiffer, current_content
from policies.models import Bulletin, Publication, Version
from policies.refusals import Refused as Refused

Status = Version.Status
_LONGEST_REASON = 200
_EARLIEST = date(1900, 1, 1)


@transaction.atomic
def submit(*, version: Version, by: User, at: datetime) -> Version:
    """Send a draft to a second person. Who submits a text without an author becomes its author."""
    version = _locked(version, Status.DRAFT, "submitted")
    version.author = version.author or by
    if not version.change_note.strip() and version.origin == Version.Origin.LIBRARY:
        raise Refused(
            f"{_name(version)} says nothing of what changed: write the change note, in words for "
            "reviewers, and submit it again."
        )
    _seal(version)
    version.status = Status.IN_REVIEW
    version.save(update_fields=["author", "content", "content_hash", "status"])
    return _noted(version, "Submitted for approval.", by=by, at=at)


@transaction.atomic
def approve(*, version: Version, by: User, at: datetime) -> Version:
    """Approve what someone else wrote."""
    version = _locked(version, Status.IN_REVIEW, "approved")
    if version.author_id == by.pk:
        raise Refused(
            f"{_name(version)} was written by {by.get_username()}, and nobody approves an own "
            "text: ask a second person to approve it."
        )
    _require_unchanged(version)
    version.approver, version.approved_at = by, at
    version.status = Status.APPROVED
    version.save(update_fields=["approver", "approved_at", "status"])
    return _noted(version, "Approved.", by=by, at=at)


@transaction.atomic
def return_to_draft(*, version: Version, by: User, at: datetime, reason: str = "") -> Version:
    """Reopen a text that waits for approval or publication; an approval lapses."""
    version = _locked(version, (Status.IN_REVIEW, Status.APPROVED), "returned to draft")
    version.approver, version.approved_at = None, None
    version.status = Status.DRAFT
    version.save(update_fields=["approver", "approved_at", "status"])
    return _noted(version, f"Returned to draft. {reason}".rstrip(), by=by, at=at)


@transaction.atomic
def publish(
    *, version: Version, effective_from: date | None, by: User | None, at: datetime
) -> Publication:
    """Freeze a version and let it take effect; None: the day is not stated.

    The version that went on until now ends on that day. An import needs no approval: a person with
    the server's keys vouches that it is in force already.
    """
    bulletin = Bulletin.objects.select_for_update().get(pk=version.bulletin_id)
    is_import = version.origin == Version.Origin.IMPORT
    expected = (Status.APPROVED, Status.DRAFT) if is_import else Status.APPROVED
    version = _locked(version, expected, "published")
    _require_day(effective_from)
    _make_room(version, effective_from, by=by, at=at)
    if version.status == Status.DRAFT:
        _seal(version)
        version.status = Status.APPROVED
        version.save(update_fields=["content", "content_hash", "status"])
    else:
        _require_unchanged(version)
    version.status = Status.PUBLISHED
    version.save(update_fields=["status"])
    if version.title != bulletin.title:
        bulletin.title = version.title
        bulletin.save(update_fields=["title"])
    publication = Publication.objects.create(
        version=version,
        bulletin=bulletin,
        effective_from=effective_from,
        published_at=at,
        published_by=by,
    )
    start = effective_from.isoformat() if effective_from else "a day that is not stated"
    _noted(version, f"Published, in effect from {start}.", by=by, at=at)
    return publication


@transaction.atomic
def retire(
    *, version: Version, on: date, reason: str, by: User | None, at: datetime
) -> Publication:
    """End a published version without a successor; `on` is the first day it no longer holds."""
    Bulletin.objects.select_for_update().get(pk=version.bulletin_id)
    version = _locked(version, Status.PUBLISHED, "retired")
    publication = version.publication
    reason = reason.strip()
    if not reason or len(reason) > _LONGEST_REASON:
        raise Refused(
            f"Say in at most {_LONGEST_REASON} characters why {_name(version)} is retired."
        )
    _require_day(on)
    if publication.ended_on:
        raise Refused(
            f"{_name(version)} ends on {_last_day(publication)} already, and the end of a version "
            "is written once."
        )
    if publication.effective_from and on < publication.effective_from:
        raise Refused(
            f"{_name(version)} takes effect on {publication.effective_from}: retire it on that day "
            "or later."
        )
    _end(publication, on, reason, by=by, at=at)
    _noted(version, f"Retired on {on}: {reason}", by=by, at=at)
    return publication


def _make_room(version: Version, start: date | None, *, by: User | None, at: datetime) -> None:
    """End what goes on until now, or say why the new version cannot stand beside the others."""
    others = version.bulletin.publications.select_related("version__bulletin").order_by("id")
    for other in others:
        if start is None:
            _require_ended(version, other)
        elif other.ended_on is None and (other.effective_from or date.min) < start:
            reason = f"Replaced by version {version.ordinal}."
            _end(other, start, reason, by=by, at=at, successor=version)
        elif other.ended_on is None or max(start, other.effective_from or start) < other.ended_on:
            raise Refused(_overlap(version, other, start))


def _require_day(day: date | None) -> None:
    """A year in two digits is written once like any other: refuse it while it can be mended."""
    if day is not None and day < _EARLIEST:
        raise Refused(f"{day} is no day of this library: write the year in full, as 2026-03-02.")


def _require_ended(version: Version, other: Publication) -> None:
    if other.ended_on is None:
        stated = other.effective_from
        how = f"is in effect from {stated}" if stated else "states no effective date"
        raise Refused(
            f"{_name(other.version)} {how} and goes on: say from which day "
            f"{_name(version)} takes its place."
        )


def _overlap(version: Version, other: Publication, start: date) -> str:
    name = _name(other.version)
    if other.ended_on is None:
        return (
            f"{name} takes effect on {other.effective_from}, so {_name(version)} cannot go on from "
            f"{start}: give a later day than {other.effective_from}."
        )
    return (
        f"{name} is in effect until {_last_day(other)}, so {_name(version)} cannot take effect on "
        f"{start}: give {other.ended_on} or a later day."
    )


def _end(
    publication: Publication,
    on: date,
    reason: str,
    *,
    by: User | None,
    at: datetime,
    successor: Version | None = None,
) -> None:
    publication.ended_on, publication.end_reason = on, reason
    publication.ended_by, publication.ended_at, publication.successor = by, at, successor
    publication.save(update_fields=["ended_on", "end_reason", "ended_by", "ended_at", "successor"])


def _locked(version: Version, expected: str | tuple[str, ...], verb: str) -> Version:
    """The version as it stands now, locked, or a sentence when it is in another state."""
    fresh = Version.objects.select_for_update(of=("self",)).select_related("bulletin")
    locked = fresh.get(pk=version.pk)
    allowed = (expected,) if isinstance(expected, str) else expected
    if locked.status not in allowed:
        wanted = " or ".join(Status(one).label.lower() for one in allowed)
        raise Refused(
            f"{_name(locked)} is {locked.get_status_display().lower()}, and only a version that is "
            f"{wanted} can be {verb}."
        )
    return locked


def _seal(version: Version) -> None:
    """Make the content, and its hash, what the parts of the draft say now."""
    version.content = _content(version)
    version.content_hash = sha256(version.content.encode()).hexdigest()


def _require_unchanged(version: Version) -> None:
    if version.content != _content(version):
        raise Refused(
            f"{_name(version)} was changed after it was submitted: return it to draft and submit "
            "it again."
        )


def _content(version: Version) -> str:
    try:
        return current_content(version)
    except PartsDiffer as error:
        raise Refused(
            f"Parts of {_name(version)} were added or taken away since its text was read: import "
            "the corrected text as a new version."
        ) from error


def _noted(version: Version, what: str, *, by: User | None, at: datetime) -> Version:
    if by is not None:
        LogEntry.objects.create(
            user=by,
            action_time=at,
            content_type=ContentType.objects.get_for_model(Version),
            object_id=str(version.pk),
            object_repr=str(version),
            action_flag=CHANGE,
            change_message=what,
        )
    return version


def _name(version: Version) -> str:
    return f"{version.bulletin.number} version {version.ordinal}"


def _last_day(publication: Publication) -> str:
    assert publication.ended_on is not None
    return (publication.ended_on - timedelta(days=1)).isoformat()
