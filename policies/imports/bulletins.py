"""Bulletins from files: each becomes a draft version, whole or not at all."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import DataError, OperationalError, transaction
from django.db.models import Max

from policies.imports.content import canonical, proposed_stance_types
from policies.imports.lineage import Lineage, earlier_version
from policies.imports.parts import store_parts
from policies.models import Bulletin, Version
from policies.reading import Document, NotABulletin, read
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
    document: Document | None = None,
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

    `document`: what `read` made of the very bytes, where that is done already.
    `effective`: the day stated beside the text, which then counts instead of the text's own.
    `category` and `effective_basis` are those of a bulletin that is new; without the second it goes
    as the line of business. Raises NotABulletin with
    one sentence; then nothing is stored.
    """
    document = document or read(data, name=name)
    draft = Version(
        status=Version.Status.DRAFT,
        origin=origin,
        lines_of_business=list(lines_of_business),
        jurisdictions=list(jurisdictions),
        effective_stated=effective or document.effective,
        change_note=change_note,
        source_name=name[-200:],
        source_bytes=data,
        source_sha256=sha256(data).hexdigest(),
        author=author,
        created_at=at,
    )
    new_bulletin = {
        "title": document.title,
        "category": category,
        "effective_basis": effective_basis,
    }
    try:
        return _store(draft, document, new_bulletin)
    except DataError as error:
        raise NotABulletin(unfit(error)) from error
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _TOO_MUCH_FOR_POSTGRES:
            raise
        raise NotABulletin(unfit(error)) from error


@transaction.atomic
def _store(draft: Version, document: Document, new_bulletin: dict[str, str]) -> Imported:
    bulletin, _ = Bulletin.objects.get_or_create(number=document.number, defaults=new_bulletin)
    # Imports of one bulletin take turns, so that versions are numbered once.
    bulletin = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
    known = bulletin.versions.filter(source_sha256=draft.source_sha256).first()
    if known:
        stored = tuple(NotUnderstood(**one) for one in known.not_understood)
        return Imported(known, is_new=False, not_understood=stored)
    last = bulletin.versions.aggregate(last=Max("ordinal"))["last"]
    stance_types = proposed_stance_types(document)
    fill(draft, document, stance_types)
    draft.bulletin = bulletin
    draft.ordinal = (last or 0) + 1
    draft.save(force_insert=True)
    lineage = Lineage(earlier_version(draft) if last else None)
    store_parts(draft, document, stance_types=stance_types, lineage=lineage)
    return Imported(draft, is_new=True, not_understood=document.not_understood)


def fill(draft: Version, document: Document, stance_types: dict[str, str]) -> None:
    """Write into a draft, without saving it, what its text says; `effective_stated` stays."""
    draft.title = document.title
    draft.last_review = document.last_review
    draft.next_review = document.next_review
    draft.legends = list(document.legends)
    draft.not_understood = [asdict(one) for one in document.not_understood]
    draft.content = canonical(
        document.as_json(),
        stance_types=stance_types,
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
