"""What a version says, as one canonical text, and the stance types proposed for its passages."""

import json
from collections.abc import Iterator, Mapping, Sequence

from policies.models import StanceType, Version
from policies.reading import Document
from policies.reading.document import Json, Section

# A section's own kind decides, else the nearest above it; scope and related policies say nothing.
_STANCE_TYPES = {
    "limitations": StanceType.BENEFIT_EXCLUSION,
    "medical_necessity": StanceType.MEDICAL_NECESSITY,
    "criteria": StanceType.MEDICAL_NECESSITY,
    "experimental": StanceType.EXPERIMENTAL,
    "cosmetic": StanceType.COSMETIC,
}
_SAYS_NOTHING = {"scope", "related", "codes", "background", "appendix", "references"}


def proposed_stance_types(document: Document) -> dict[str, str]:
    """By the anchor of a passage; only those that have one."""

    def walk(sections: Sequence[Section], above: str) -> Iterator[tuple[str, str]]:
        for section in sections:
            is_silent = section.kind in _SAYS_NOTHING
            stance = "" if is_silent else _STANCE_TYPES.get(section.kind, above)
            if stance:
                yield from ((block.anchor, str(stance)) for block in section.blocks)
            yield from walk(section.children, stance)

    return dict(walk(document.sections, ""))


def canonical(
    reading: Json,
    *,
    stance_types: Mapping[str, str],
    lines_of_business: Sequence[str],
    jurisdictions: Sequence[str],
) -> str:
    """The one text whose SHA-256 stands for a version: JSON, its keys sorted, without blanks."""
    whole = {
        "reading": reading,
        "stance_types": dict(stance_types),
        "lines_of_business": sorted(lines_of_business),
        "jurisdictions": sorted(jurisdictions),
    }
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def reading_of(version: Version) -> Document:
    """The document as it was read when the version was imported."""
    return Document.from_json(json.loads(version.content)["reading"])


def current_content(version: Version) -> str:
    """The canonical text with the stance types and the scope that a draft has now."""
    stated = version.passages.exclude(stance_type="").values_list("anchor", "stance_type")
    return canonical(
        json.loads(version.content)["reading"],
        stance_types=dict(stated),
        lines_of_business=version.lines_of_business,
        jurisdictions=version.jurisdictions,
    )
