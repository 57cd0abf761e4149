"""The stance types that the headings of a bulletin propose for its passages.

Named by their values in `policies.models.StanceType`: no database is needed to read a bulletin.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.reading import Document, document

# A section's own kind decides, else the nearest above it; scope and related policies say nothing.
_STANCE_TYPES = {
    "limitations": "benefit_exclusion",
    "medical_necessity": "medical_necessity",
    "criteria": "medical_necessity",
    "experimental": "experimental",
    "cosmetic": "cosmetic",
}
_SAYS_NOTHING = {"scope", "related", "codes", "background", "appendix", "references"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A stance type that a heading proposes for the passages under it."""

    stance_type: str
    heading: str


def proposals(read: Document) -> dict[str, Proposal]:
    """By the anchor of a passage; only those for which a heading proposes a stance type."""

    def walk(
        sections: Sequence[document.Section], above: Proposal | None
    ) -> Iterator[tuple[str, Proposal]]:
        for section in sections:
            proposal = above
            if section.kind in _SAYS_NOTHING:
                proposal = None
            elif section.kind in _STANCE_TYPES:
                proposal = Proposal(_STANCE_TYPES[section.kind], section.heading.rstrip(" :"))
            if proposal:
                yield from ((block.anchor, proposal) for block in section.blocks)
            yield from walk(section.children, proposal)

    return dict(walk(read.sections, None))


def proposed_stance_types(read: Document) -> dict[str, str]:
    """By the anchor of a passage; only those that have one."""
    return {anchor: one.stance_type for anchor, one in proposals(read).items()}
