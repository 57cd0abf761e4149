"""The changes of state; each is whole or did not happen."""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from policies.models import Bulletin, Publication, Version
from policies.publishing.history import APPROVED, RETURNED, SUBMITTED, noted, why_draft
from policies.publishing.rules import (
    is_written_here,
    last_day,
    named,
    overlap,
    require_day,
    require_end_after_start,
    require_ended,
    require_notice,
    require_second_person,
)
from policies.publishing.sealing import require_unchanged, seal
from policies.refusals import Refused

Status = Version.Status
_LONGEST_REASON = 200


@transaction.atomic
def submit(*, version: Version, by: User, at: datetime) -> Version:
    """Send a draft to a second person. Who submits a text without an author becomes its author."""
    version = _locked(version, Status.DRAFT, "submitted")
    version.author = version.author or by
    if not version.change_note.strip() and version.origin == Version.Origin.LIBRARY:
        raise Refused(
            f"{named(version)} says nothing of what changed: write the change note, in words for "
            "reviewers, and submit it again."
        )
    sealed = seal(version)
    version.status = Status.IN_REVIEW
    version.save(update_fields=["author", "status", *sealed])
    return noted(version, SUBMITTED, by=by, at=at)


@transaction.atomic
def approve(*, version: Version, by: User, at: datetime) -> Version:
    """Approve what someone else wrote, and into which one did not write either."""
    version = _locked(version, Status.IN_REVIEW, "approved")
    require_second_person(version, by)
    require_unchanged(version)
    version.approver, version.approved_at = by, at
    version.status = Status.APPROVED
    version.save(update_fields=["approver", "approved_at", "status"])
    return noted(version, APPROVED, by=by, at=at)


@transaction.atomic
def return_to_draft(*, version: Version, by: User, at: datetime, reason: str = "") -> Version:
    """Reopen a text that waits for approval or publication; an approval lapses."""
    version = _locked(version, (Status.IN_REVIEW, Status.APPROVED), "returned to draft")
    version.approver, version.approved_at = None, None
    version.status = Status.DRAFT
    version.save(update_fields=["approver", "approved_at", "status"])
    return noted(version, f"{RETURNED} {reason}".rstrip(), by=by, at=at)


@transaction.atomic
def publish(
    *, version: Version, effective_from: date | None, by: User | None, at: datetime
) -> Publication:
    """Freeze a version and let it take effect; None: the day is not stated.

    The version that went on until now ends on that day. An import that nobody wrote into needs no
    approval: a person with the server's keys vouches that it is in force already.
    """
    bulletin = Bulletin.objects.select_for_update().get(pk=version.bulletin_id)
    is_import = version.origin == Version.Origin.IMPORT and not is_written_here(version)
    expected = (Status.APPROVED, Status.DRAFT) if is_import else Status.APPROVED
    version = _locked(version, expected, "published")
    require_day(effective_from)
    require_notice(version, effective_from, at)
    _make_room(version, effective_from, by=by, at=at)
    if version.status == Status.DRAFT:
        sealed = seal(version)
        version.status = Status.APPROVED
        version.save(update_fields=["status", *sealed])
    else:
        require_unchanged(version)
    publication = _take_effect(version, bulletin, effective_from, by=by, at=at)
    start = effective_from.isoformat() if effective_from else "a day that is not stated"
    noted(version, f"Published, in effect from {start}.", by=by, at=at)
    return publication


@transaction.atomic
def publish_as_stored(
    *, version: Version, effective_from: date | None, at: datetime
) -> Publication:
    """Publish an import that the caller's own transaction has just stored, its bulletin locked.

    Nobody has seen it yet, so it is a draft that nobody wrote into and its content is what its
    parts say: nothing is read again.
    """
    assert version.origin == Version.Origin.IMPORT
    require_day(effective_from)
    _make_room(version, effective_from, by=None, at=at)
    version.status = Status.APPROVED
    version.save(update_fields=["status"])
    return _take_effect(version, version.bulletin, effective_from, by=None, at=at)


@transaction.atomic
def retire(
    *, version: Version, on: date, reason: str, by: User | None, at: datetime
) -> Publication:
    """End a published version without a successor; `on` is the first day it no longer holds.

    On the very day from which it would be in effect, before that day has come, it is called off.
    """
    Bulletin.objects.select_for_update().get(pk=version.bulletin_id)
    version = _locked(version, Status.PUBLISHED, "retired")
    publication = version.publication
    reason = reason.strip()
    if not reason or len(reason) > _LONGEST_REASON:
        raise Refused(
            f"Say in at most {_LONGEST_REASON} characters why {named(version)} is retired."
        )
    require_day(on)
    if publication.ended_on:
        raise Refused(
            f"{named(version)} ends on {last_day(publication)} already, and the end of a version "
            "is written once."
        )
    require_end_after_start(version, on, at)
    _end(publication, on, reason, by=by, at=at)
    noted(version, f"{end_in_words(publication)} {reason}", by=by, at=at)
    return publication


def end_in_words(publication: Publication) -> str:
    """What an end means, and what it leaves behind, in whole sentences."""
    start, ended_on = publication.effective_from, publication.ended_on
    assert ended_on is not None
    if start != ended_on:
        return f"Retired: no longer in effect from {ended_on}."
    left = publication.bulletin.publications.filter(successor=publication.version_id).first()
    called_off = f"Called off before it took effect on {start}."
    if left is None:
        return called_off
    return (
        f"{called_off} Version {left.version.ordinal}, whose place it was to take, ends on "
        f"{last_day(left)} all the same: publish another version that takes effect on "
        f"{left.ended_on}, or none is in effect from then on."
    )


def _make_room(version: Version, start: date | None, *, by: User | None, at: datetime) -> None:
    """End what goes on until now, or say why the new version cannot stand beside the others."""
    others = version.bulletin.publications.select_related("version__bulletin").order_by("id")
    for other in others:
        if start is None:
            require_ended(version, other)
        elif other.ended_on is None and (other.effective_from or date.min) < start:
            reason = f"Replaced by version {version.ordinal}."
            _end(other, start, reason, by=by, at=at, successor=version)
        elif other.ended_on is None or max(start, other.effective_from or start) < other.ended_on:
            raise Refused(overlap(version, other, start))


def _take_effect(
    version: Version, bulletin: Bulletin, start: date | None, *, by: User | None, at: datetime
) -> Publication:
    version.status = Status.PUBLISHED
    version.save(update_fields=["status"])
    if version.title != bulletin.title:
        bulletin.title = version.title
        bulletin.save(update_fields=["title"])
    return Publication.objects.create(
        version=version,
        bulletin=bulletin,
        effective_from=start,
        published_at=at,
        published_by=by,
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
            f"{named(locked)} is {locked.get_status_display().lower()}, and only a version that is "
            f"{wanted} can be {verb}.{why_draft(locked)}"
        )
    return locked
