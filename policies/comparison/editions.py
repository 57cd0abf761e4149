"""What of a version is compared: its sections in a row, its statements, and how they combine."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

from policies.comparison.words import words_of
from policies.models import Criterion as StoredCriterion
from policies.models import Version
from policies.reading import Document
from policies.reading.document import Block, Criterion, Section

# What stands in these gives reasons or sources; a change there is editorial.
REASONS = {"background": "background", "references": "references", "policy-history": "history"}
_NOT_TEXT = {"contents", "codes"}


def place_of(anchor: str) -> str:
    """How a criterion is cited: "I.A.2", "IV, bullet 3"; empty where it is no item of a list."""
    head, _, rest = anchor.partition("-")
    if head != "criteria" or not rest:
        return ""
    steps = [one for one in rest.split("-") if one]
    named = ".".join(one for one in steps if not one.startswith("bullet"))
    bullets = [f"bullet {one[6:]}" for one in steps if one.startswith("bullet")]
    return ", ".join(filter(None, [named, *bullets]))


class Link(NamedTuple):
    """What is stored of a criterion's lineage; without a fate nothing was before its version."""

    identity: UUID
    fate: str = ""
    split_from: UUID | None = None

    @property
    def origin(self) -> UUID:
        """The identity of what it goes on from: its own, or that of which it is a part."""
        return self.split_from or self.identity


@dataclass(frozen=True, slots=True)
class Statement:
    """A passage, or a criterion with its own paragraphs, one a line."""

    position: int
    section: int  # its place among the sections
    anchor: str
    label: str
    kind: str  # paragraph | note | item
    depth: int
    text: str
    words: tuple[str, ...]
    ground: str
    criterion: Criterion | None
    parent: str  # the anchor of the criterion above it
    link: Link | None

    @property
    def identity(self) -> UUID | None:
        return self.link.identity if self.link else None

    @property
    def place(self) -> str:
        """As it is cited: "I.A.2", "IV, bullet 3", "passage 1"."""
        if named := place_of(self.anchor):
            return named
        number = self.anchor.rpartition("-")[2].removeprefix("p")
        noun = "item" if self.kind == "item" else "note" if self.kind == "note" else "passage"
        return f"{noun} {number}" if number.isdigit() else noun


@dataclass(frozen=True, slots=True)
class Heading:
    """A section without what stands in it. `reason`: why it counts as editorial, or empty."""

    anchor: str
    kind: str
    label: str
    text: str
    reason: str

    @property
    def title(self) -> str:
        text = self.text.rstrip(" :") or "Without a heading"
        return f"{self.label}. {text}" if self.label else text


@dataclass(frozen=True, slots=True)
class Edition:
    """A version as it is compared.

    `follows`: the ordinal of the version that the fates in its lineage speak of.
    """

    ordinal: int
    follows: int | None
    title: str
    document: Document
    headings: tuple[Heading, ...]
    statements: tuple[Statement, ...]
    criteria: Mapping[str, Criterion]
    parents: Mapping[str, str]
    links: Mapping[str, Link]  # of criteria, by anchor
    lines_of_business: frozenset[str]
    jurisdictions: frozenset[str]
    reviews: tuple[date | None, date | None]

    def above(self, anchor: str) -> Iterator[Criterion]:
        """The criteria above one, the nearest first."""
        while anchor := self.parents.get(anchor, ""):
            yield self.criteria[anchor]


def earlier_than(
    created_at: datetime | Combinable, *, bulletin: int | Combinable, ordinal: int | Combinable
) -> QuerySet[Version]:
    """First the version that a new one goes on from: the newest then published, since that is the
    text people go by, else the one before it by ordinal, so that drafts on drafts match too."""
    was_published = Q(publication__published_at__lte=created_at)
    others = Version.objects.filter(bulletin=bulletin, ordinal__lt=ordinal)
    return others.alias(was_published=was_published).order_by(
        F("was_published").desc(nulls_last=True), "-ordinal"
    )


def editions_of(*versions: Version) -> list[Edition]:
    """The editions of versions that came with their content. One query."""
    follows = earlier_than(
        OuterRef("version__created_at"),
        bulletin=OuterRef("version__bulletin"),
        ordinal=OuterRef("version__ordinal"),
    )
    found = StoredCriterion.objects.filter(version__in=versions).annotate(
        follows=Subquery(follows.values("ordinal")[:1])
    )
    links: dict[int, dict[str, Link]] = {one.pk: {} for one in versions}
    earlier: dict[int, int | None] = {}
    names = ("version_id", "follows", "anchor", "identity", "fate", "split_from")
    for pk, ordinal, anchor, *link in found.values_list(*names):
        links[pk][anchor] = Link(*link)
        earlier[pk] = ordinal
    return [edition_of(one, links[one.pk], follows=earlier.get(one.pk)) for one in versions]


def edition_of(
    version: Version, links: Mapping[str, Link], *, follows: int | None = None
) -> Edition:
    """Read a version's content, the text that its hash speaks for. No query."""
    content = json.loads(version.content)
    document = Document.from_json(content["reading"])
    criteria, parents = _logic(document.criteria)
    sections = list(_flat(document.sections, ""))
    statements: list[Statement] = []
    for place, (section, _) in enumerate(sections):
        for block, text in _merged(section.blocks, criteria):
            statements.append(
                Statement(
                    position=len(statements),
                    section=place,
                    anchor=block.anchor,
                    label=block.label,
                    kind=block.kind,
                    depth=block.depth,
                    text=text,
                    words=words_of(text),
                    ground=content["stance_types"].get(block.anchor, ""),
                    criterion=criteria.get(block.anchor),
                    parent=parents.get(block.anchor, ""),
                    link=links.get(block.anchor),
                )
            )
    return Edition(
        ordinal=version.ordinal,
        follows=follows,
        title=version.title,
        document=document,
        headings=tuple(
            Heading(one.anchor, one.kind, one.label, one.heading, reason)
            for one, reason in sections
        ),
        statements=tuple(statements),
        criteria=criteria,
        parents=parents,
        links=links,
        lines_of_business=frozenset(content["lines_of_business"]),
        jurisdictions=frozenset(content["jurisdictions"]),
        reviews=(version.last_review, version.next_review),
    )


def _flat(sections: Sequence[Section], reason: str) -> Iterator[tuple[Section, str]]:
    """The sections in order of print, each with the reason of the nearest that has one."""
    for one in sections:
        if one.anchor in _NOT_TEXT or one.kind in _NOT_TEXT:
            continue
        own = REASONS.get(one.kind) or REASONS.get(one.anchor) or reason
        yield one, own
        yield from _flat(one.children, own)


def _logic(tree: Sequence[Criterion]) -> tuple[dict[str, Criterion], dict[str, str]]:
    """By anchor, every criterion and the anchor of the one above it."""
    criteria: dict[str, Criterion] = {}
    parents: dict[str, str] = {}

    def walk(some: Sequence[Criterion], parent: str) -> None:
        for one in some:
            criteria[one.anchor] = one
            parents[one.anchor] = parent
            walk(one.children, one.anchor)

    walk(tree, "")
    return criteria, parents


def _merged(
    blocks: Sequence[Block], criteria: Mapping[str, Criterion]
) -> Iterator[tuple[Block, str]]:
    """The passages of a section; a criterion's further paragraphs join its first."""
    owned: dict[str, list[str]] = {}
    anchors = {block.anchor for block in blocks}
    for block in blocks:
        owner, _, rest = block.anchor.rpartition("-p")
        is_further = rest.isdigit() and block.anchor not in criteria
        if is_further and owner in criteria and owner in anchors:
            owned.setdefault(owner, []).append(block.text)
            continue
        owned.setdefault(block.anchor, []).insert(0, block.text)
    for block in blocks:
        if block.anchor in owned:
            yield block, "\n".join(one for one in owned[block.anchor] if one)
