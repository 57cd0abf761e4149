"""What a person last read of a bulletin, and what has come since.

The first visit to a bulletin in effect says what was read; from then on only an acknowledgment
moves it, so that nothing newer is ever taken for read by being passed on the way.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery

from policies.models import Acknowledgment, Bulletin, Version
from policies.models.versions import VersionQuerySet
from policies.prepared import AnyOf, Prepared, Row, Slot, partly


class NotToAcknowledge(Exception):
    """A version that nobody can have read; `str()` is a sentence."""


def last_read(reader: User, bulletin: Bulletin) -> Acknowledgment | None:
    """The newest version of the bulletin that the person has read."""
    return last_reads(reader, [bulletin]).get(bulletin.pk)


def last_reads(reader: User, bulletins: Iterable[Bulletin]) -> dict[int, Acknowledgment]:
    """By the key of the bulletin, the newest version that the person has read. One query."""
    rows = _reads().ask(reader=reader.pk, bulletins=[one.pk for one in bulletins])
    return {one.bulletin_id: one for one in map(_read, rows)}


@cache
def _reads() -> Prepared:
    among = AnyOf(F("bulletin"), Slot("bulletins", ArrayField(BigIntegerField())))
    read = Acknowledgment.objects.filter(among, reader=Slot("reader", BigIntegerField()))
    return Prepared(
        read.order_by("version__ordinal").values_list(
            "pk", "reader_id", "bulletin_id", "version_id", "at",
            "version__ordinal", "version__status", "version__content_hash",
        )
    )  # fmt: skip


def _read(row: Row) -> Acknowledgment:
    pk, reader, bulletin, version, at, ordinal, status, content_hash = row
    read = partly(
        Acknowledgment, id=pk, reader_id=reader, bulletin_id=bulletin, version_id=version, at=at
    )
    read.version = partly(
        Version,
        id=version,
        bulletin_id=bulletin,
        ordinal=ordinal,
        status=status,
        content_hash=content_hash,
    )
    return read


def acknowledge(*, version: Version, reader: User, at: datetime) -> Acknowledgment:
    """The person says that they have read the version. Saying it again changes nothing."""
    if not version.is_frozen:
        raise NotToAcknowledge(
            f"{version} is not published ({version.get_status_display().lower()}): it may still"
            " change, so there is nothing to acknowledge yet."
        )
    _note(version, reader, at)
    return Acknowledgment.objects.get(reader=reader, version=version)


def note_visit(
    *, version: Version, reader: User, read: Acknowledgment | None, at: datetime, on: date
) -> None:
    """A visit to the version in effect counts as reading it where it is the first to the bulletin,
    or where the person has signed the version. Any other visit changes nothing.

    `read` is the last that the person read of the bulletin.
    """
    if is_current(version, on) and (signed(version, reader) or read is None):
        _note(version, reader, at)


def is_news(version: Version, read: Acknowledgment | None, reader: User, on: date) -> bool:
    """Whether the person has read an earlier version and not this one, which holds or is to come.

    `read` is the last they read, with its version. Who signed a version knows what it says.
    """
    if read is None or not version.is_frozen or signed(version, reader):
        return False
    is_live = version.stage(on) in (Version.Stage.PUBLISHED, Version.Stage.SCHEDULED)
    return is_live and version.ordinal > read.version.ordinal


def is_current(version: Version, on: date) -> bool:
    """Whether it is in effect on the day, or published without a day and not ended."""
    return version.is_frozen and version.stage(on) == Version.Stage.PUBLISHED


def signed(version: Version, reader: User) -> bool:
    """Whether the person wrote, approved or published the version."""
    return reader.pk in (
        version.author_id,
        version.approver_id,
        version.publication.published_by_id,
    )


def unread(versions: VersionQuerySet, reader: User | Slot) -> VersionQuerySet:
    """Those of the published versions that are newer than what the person last read."""
    read = Acknowledgment.objects.filter(reader=reader, bulletin=OuterRef("bulletin"))
    newest = read.order_by("-version__ordinal").values("version__ordinal")[:1]
    own = Q(author=reader) | Q(approver=reader) | Q(publication__published_by=reader)
    opened = Acknowledgment.objects.filter(reader=reader).values("bulletin")
    newer = versions.filter(bulletin__in=opened).alias(last_read=Subquery(newest))
    return newer.filter(ordinal__gt=F("last_read")).exclude(own)


def _note(version: Version, reader: User, at: datetime) -> None:
    read = Acknowledgment(reader=reader, bulletin_id=version.bulletin_id, version=version, at=at)
    Acknowledgment.objects.bulk_create([read], ignore_conflicts=True)
