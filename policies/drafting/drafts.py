"""What every verb on a draft does first and last: take it to itself, and say anew what it says."""

from hashlib import sha256

from policies.imports.content import PartsDiffer, current_content
from policies.models import Version
from policies.publishing import Refused


def locked_draft(version: Version) -> Version:
    """The version as it stands now, locked. Raises Refused unless it is a draft."""
    fresh = Version.objects.select_for_update(of=("self",)).select_related("bulletin")
    locked = fresh.defer("source_bytes").get(pk=version.pk)
    if locked.is_frozen:
        raise Refused(
            f"{locked} is published and never changes: import the corrected text as a new version."
        )
    if locked.status != Version.Status.DRAFT:
        raise Refused(
            f"{locked} is {locked.get_status_display().lower()}, and this is work on a draft: "
            "return it to draft first."
        )
    return locked


def seal_again(version: Version) -> None:
    """Make the content, and its hash, what the parts of a draft say now."""
    try:
        version.content = current_content(version)
    except PartsDiffer as error:
        raise Refused(
            f"Parts of {version} were added or taken away since its text was read: read it again."
        ) from error
    version.content_hash = sha256(version.content.encode()).hexdigest()
    version.save(update_fields=["content", "content_hash"])
