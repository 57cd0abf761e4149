"""Bulletins from files: each becomes a draft version, whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import DataError, OperationalError, transaction
from django.db.models import Max

from policies.imports.content import canonical
from policies.imports.flat import Flat, flatten
from policies.imports.lineage import Lineage, earlier_version
from policies.imports.parts import store_parts
from policies.imports.rows import insert_row
from policies.models import Bulletin, Version
from policies.reading import NotABulletin, read
from policies.reading.document import NotUnderstood

_TOO_MUCH_FOR_POSTGRES = "54000"  # program_limit_exceeded: a paragraph too long to be searched


@dataclass(frozen=True, slots=True)
class Imported:
    """The version of a file; `is_new` is False where its bytes had been imported before."""

    version: Version
    is_new: bool
    not_understood: tuple[NotUnderstood, ...]


def import_bulletin(
    data: bytes,
    *,
    name: str,
    at: datetime,
    flat: Flat | None = None,
    author: User | None = None,
    origin: str = Version.Origin.LIBRARY,
    category: str = "",
    effective: date | None = None,
    effective_basis: str = "",
    lines_of_business: Sequence[str] = (),
    jurisdictions: Sequence[str] = (),
    change_note: str = "",
) -> Imported:
    """Store a file as the next draft of its bulletin, or find the version it already is.

    `flat`: what was read in the very bytes, where that is done already.
    `effective`: the day stated beside the text, which then counts instead of the text's own.
    `category` and `effective_basis` are those of a bulletin that is new; without the second it goes
    as the line of business. Raises NotABulletin with
    one sentence; then nothing is stored.
    """
    flat = flat or flatten(read(data, name=name))
    draft = Version(
        status=Version.Status.DRAFT,
        origin=origin,
        lines_of_business=list(lines_of_business),
        jurisdictions=list(jurisdictions),
        effective_stated=effective or flat.effective,
        change_note=change_note,
        source_name=name[-200:],
        source_bytes=data,
        source_sha256=sha256(data).hexdigest(),
        author=author,
        created_at=at,
    )
    new_bulletin = {
        "title": flat.title,
        "category": category,
        "effective_basis": effective_basis,
    }
    try:
        return _store(draft, flat, new_bulletin)
    except DataError as error:
        raise NotABulletin(unfit(error)) from error
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _TOO_MUCH_FOR_POSTGRES:
            raise
        raise NotABulletin(unfit(error)) from error


@transaction.atomic
def _store(draft: Version, read: Flat, new_bulletin: dict[str, str]) -> Imported:
    bulletin, is_new = Bulletin.objects.get_or_create(number=read.number, defaults=new_bulletin)
    last = None
    if not is_new:
        # Imports of one bulletin take turns, so that versions are numbered once.
        bulletin = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
        if known := bulletin.versions.filter(source_sha256=draft.source_sha256).first():
            stored = tuple(NotUnderstood(**one) for one in known.not_understood)
            return Imported(known, is_new=False, not_understood=stored)
        last = bulletin.versions.aggregate(last=Max("ordinal"))["last"]
    fill(draft, read)
    draft.bulletin = bulletin
    draft.ordinal = (last or 0) + 1
    insert_row(draft)
    store_parts(draft, read, lineage=Lineage(earlier_version(draft) if last else None))
    not_understood = tuple(NotUnderstood(**one) for one in read.not_understood)
    return Imported(draft, is_new=True, not_understood=not_understood)


def fill(draft: Version, read: Flat) -> None:
    """Write into a draft, without saving it, what its text says; `effective_stated` stays."""
    draft.title = read.title
    draft.last_review = read.last_review
    draft.next_review = read.next_review
    draft.legends = read.legends
    draft.not_understood = read.not_understood
    draft.content = canonical(
        read.reading,
        stance_types=read.stance_types,
        lines_of_business=draft.lines_of_business,
        jurisdictions=draft.jurisdictions,
    )
    draft.content_hash = sha256(draft.content.encode()).hexdigest()


def unfit(error: Exception) -> str:
    """The sentence for a text of which a part is too long to be stored."""
    reason = str(error).partition("\n")[0].rstrip(".")
    return (
        f"A title, label or paragraph is longer than any bulletin's ({reason}): "
        "give the text of one bulletin, copied from its title to its last reference."
    )
