"""A draft's parts, content and doubts replaced by those of another reading of its source."""

from hashlib import sha256

from policies.drafting.carrying import Carried
from policies.imports.bulletins import fill
from policies.imports.content import current_content
from policies.imports.flat import flatten
from policies.imports.lineage import Lineage
from policies.imports.parts import store_parts
from policies.models import CodeGroup, CodeRow, CodeSpan, Criterion, Passage, Section, Version
from policies.reading import Document

_READ = ["title", "last_review", "next_review", "effective_stated", "legends", "not_understood"]
_SEAL = ["content", "content_hash"]
_PARTS = (CodeSpan, CodeRow, CodeGroup, Criterion, Passage, Section)


def replace_reading(version: Version, document: Document, carried: Carried) -> None:
    """Put a reading in the place of the one before, in the caller's transaction.

    The version is locked and not published. A sign-off of it is withdrawn by the database.
    """
    read = flatten(document)
    lineage = Lineage.of_draft(version)
    fill(version, read)
    version.effective_stated = carried.typed.effective or document.effective
    version.next_review = carried.typed.next_review or document.next_review
    version.save(update_fields=[*_READ, *_SEAL])
    _remove_parts(version)
    store_parts(version, read, lineage=lineage)
    carried.hand_over(version, document)
    version.content = current_content(version)
    version.content_hash = sha256(version.content.encode()).hexdigest()
    version.save(update_fields=_SEAL)
    version.refresh_from_db()


def _remove_parts(version: Version) -> None:
    version.references.all().delete()
    for part in _PARTS:
        part.objects.filter(version=version).delete()
