"""What a version says, as one canonical text."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from policies.imports.flat import printed
from policies.models import (
    CodeGroup,
    CodeRow,
    CodeSpan,
    Criterion,
    Passage,
    Section,
    Version,
)
from policies.reading import Document
from policies.reading.document import Json

# The keys of a reading, and the fields that hold them.
_SECTION = {name: name for name in ("heading", "kind", "anchor", "label", "depth")}
_PASSAGE = {name: name for name in ("kind", "anchor", "label", "depth", "text")}
_CRITERION = {name: name for name in ("anchor", "label", "text", "rule", "at_least")}
_GROUP = {name: name for name in ("heading", "system", "stance", "scope")}
_GROUP["open_list"] = "is_open_list"
_ROW = {name: name for name in ("description", "full_description", "brackets")}
_ROW["service_without_code"] = "is_service_without_code"
_SPAN = {"low": "low", "high": "high", "add_on": "is_add_on"}
_SPAN["seventh_character"] = "has_seventh_character"


def canonical(
    reading: Json | str,
    *,
    stance_types: Mapping[str, str],
    lines_of_business: Sequence[str],
    jurisdictions: Sequence[str],
    confirmed: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """The one text whose SHA-256 stands for a version: JSON, its keys sorted, without blanks.

    `confirmed`: the anchors of the criteria and of the passages' stance types that a person has
    confirmed. Without any the key is missing, as in texts from before there was one.
    `reading`: as JSON, or `printed` already.
    """
    whole = {
        "reading": reading if isinstance(reading, str) else printed(reading),
        "stance_types": printed(dict(stance_types)),
        "lines_of_business": printed(sorted(lines_of_business)),
        "jurisdictions": printed(sorted(jurisdictions)),
    }
    if confirmed and any(confirmed.values()):
        anchors = {name: list(anchors) for name, anchors in confirmed.items()}
        whole["confirmed"] = printed(anchors)
    return "{" + ",".join(f'"{name}":{value}' for name, value in sorted(whole.items())) + "}"


def reading_of(version: Version) -> Document:
    """The document as it was read when the version was imported."""
    return Document.from_json(json.loads(version.content)["reading"])


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What of a version a person has confirmed, by anchors; everything else is as it was read."""

    criteria: frozenset[str]
    stance_types: frozenset[str]


def confirmed_in(content: Mapping[str, Any]) -> Confirmed:
    """What the content of a version says that people have confirmed."""
    stated = content.get("confirmed", {})
    return Confirmed(
        frozenset(stated.get("criteria", ())), frozenset(stated.get("stance_types", ()))
    )


def current_content(version: Version) -> str:
    """The canonical text with what a draft's parts, stance types and scope say now.

    Raises PartsDiffer when parts were added or taken away since the text was read.
    """
    passages = version.passages.order_by("position")
    stated = passages.exclude(stance_type="").values_list("anchor", "stance_type")
    criteria = version.criteria.filter(confirmed_at__isnull=False).order_by("position")
    stances = passages.filter(stance_confirmed_at__isnull=False)
    return canonical(
        _current_reading(version),
        stance_types=dict(stated),
        lines_of_business=version.lines_of_business,
        jurisdictions=version.jurisdictions,
        confirmed={
            "criteria": list(criteria.values_list("anchor", flat=True)),
            "stance_types": list(stances.values_list("anchor", flat=True)),
        },
    )


class PartsDiffer(Exception):
    """The parts of a version are not those that were read."""


def _current_reading(version: Version) -> Json:
    """The reading with the words of the rows, so that a correction of a draft is hashed too."""
    reading: Json = json.loads(version.content)["reading"]
    sections = list(_flat(reading["sections"]))
    groups = reading["code_groups"]
    rows = [row for group in groups for row in group["rows"]]
    read_and_stored: list[tuple[list[Json], QuerySet[Any], dict[str, str]]] = [
        (sections, Section.objects.all(), _SECTION),
        ([one for each in sections for one in each["blocks"]], Passage.objects.all(), _PASSAGE),
        (list(_flat(reading["criteria"])), Criterion.objects.all(), _CRITERION),
        (groups, CodeGroup.objects.all(), _GROUP),
        (rows, CodeRow.objects.all(), _ROW),
        ([one for row in rows for one in row["codes"]], CodeSpan.objects.all(), _SPAN),
    ]
    for parts, stored, names in read_and_stored:
        kept = stored.filter(version=version).order_by("position").values_list(*names.values())
        _overwrite(parts, list(kept), list(names))
    references = version.references.order_by("position")
    reading["references"] = list(references.values_list("text", flat=True))
    reading["legends"] = list(version.legends)
    return reading


def _overwrite(parts: list[Json], stored: list[tuple[Any, ...]], names: list[str]) -> None:
    if len(parts) != len(stored):
        raise PartsDiffer
    for part, values in zip(parts, stored, strict=True):
        part.update(zip(names, values, strict=True))
    for part in parts:
        if part.get("scope") == "":
            part["scope"] = None


def _flat(tree: list[Json]) -> Iterator[Json]:
    for one in tree:
        yield one
        yield from _flat(one["children"])
