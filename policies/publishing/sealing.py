"""The content of a version, and its hash: what its parts say at the moment it is submitted."""

from hashlib import sha256

from policies.imports.content import PartsDiffer, current_content
from policies.models import Version
from policies.publishing.rules import named
from policies.refusals import Refused


def seal(version: Version) -> list[str]:
    """Make the content, and its hash, what the parts of the draft say now; not saved.

    Returns the fields that changed by it: none where nothing was edited since the text was read.
    """
    content = _content(version)
    if content == version.content:
        return []
    version.content = content
    version.content_hash = sha256(content.encode()).hexdigest()
    return ["content", "content_hash"]


def require_unchanged(version: Version) -> None:
    if version.content != _content(version):
        raise Refused(
            f"{named(version)} was changed after it was submitted: return it to draft and submit "
            "it again."
        )


def _content(version: Version) -> str:
    try:
        return current_content(version)
    except PartsDiffer as error:
        raise Refused(
            f"Parts of {named(version)} were added or taken away since its text was read: import "
            "the corrected text as a new version."
        ) from error
