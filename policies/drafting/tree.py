"""The tree of criteria of a version as an editor reads it: each beside what it goes on from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from policies.comparison.editions import place_of
from policies.comparison.words import Redline, redline
from policies.drafting.criteria import state_of
from policies.drafting.doubts import Doubt, doubts_of
from policies.drafting.rules import in_words
from policies.imports.lineage import earlier_version
from policies.models import Criterion, Fate, Section, Version

_DEEPEST = 8  # levels that the page draws apart


@dataclass(frozen=True)
class Node:
    """A criterion with what an editor has to see of it."""

    criterion: Criterion
    heading: str  # of the section that begins with it; empty where one goes on
    earlier: Criterion | None
    doubts: Sequence[Doubt]
    has_children: bool
    is_followed: bool  # a version was before this one

    @property
    def anchor(self) -> str:
        return self.criterion.anchor

    @property
    def place(self) -> str:
        return place_of(self.anchor) or self.criterion.label or "introduction"

    @property
    def called(self) -> str:
        """How a button speaks of it."""
        return "this introduction" if self.place == "introduction" else self.place

    @property
    def label(self) -> str:
        label = self.criterion.label
        return f"{label}." if label and label != "•" else label

    @property
    def depth(self) -> int:
        return min(self.criterion.depth, _DEEPEST)

    @property
    def rule(self) -> str:
        """How those under it combine, in words; empty where there are none."""
        if not self.has_children:
            return ""
        return in_words(self.criterion.rule, self.criterion.at_least)

    @property
    def is_confirmed(self) -> bool:
        return self.criterion.confirmed_at is not None

    @property
    def token(self) -> str:
        return state_of(self.criterion)

    @property
    def fate(self) -> str:
        """What became of the earlier statement, in words; empty where it is as before."""
        fate = self.criterion.fate
        return "" if fate in ("", Fate.SAME) else str(Fate(fate).label)

    @property
    def was(self) -> str:
        """Where the earlier statement stood, if elsewhere."""
        if self.earlier is None or self.earlier.anchor == self.anchor:
            return ""
        return place_of(self.earlier.anchor) or "introduction"

    @cached_property
    def redline(self) -> Redline | None:
        """Its words against the earlier ones, where those are others."""
        if self.earlier is None or self.earlier.text == self.criterion.text:
            return None
        return redline(self.earlier.text, self.criterion.text)


@dataclass(frozen=True)
class Tree:
    """The whole of a version's criteria, and those of the version before that are gone."""

    version: Version
    before: Version | None
    nodes: Sequence[Node]
    gone: Sequence[Criterion]
    earlier: Sequence[Criterion]

    @cached_property
    def confirmed(self) -> int:
        return sum(node.is_confirmed for node in self.nodes)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed == len(self.nodes)

    @cached_property
    def waiting(self) -> list[Node]:
        return [node for node in self.nodes if not node.is_confirmed]

    @property
    def undoubted(self) -> int:
        """How many may be confirmed at once."""
        return sum(not node.doubts for node in self.waiting)

    @property
    def doubted(self) -> int:
        return sum(bool(node.doubts) for node in self.waiting)

    def at(self, anchor: str) -> Node | None:
        return next((node for node in self.nodes if node.anchor == anchor), None)

    def after(self, node: Node) -> Node | None:
        """The next that waits to be confirmed, from the top again after the last."""
        place = node.criterion.position
        later = [one for one in self.waiting if one.criterion.position > place]
        return next(iter([*later, *(one for one in self.waiting if one is not node)]), None)

    def branch(self, node: Node) -> list[Node]:
        """It and all under it."""
        inside = {node.criterion.pk}
        found = [node]
        for one in self.nodes:
            if one.criterion.parent_id in inside:
                inside.add(one.criterion.pk)
                found.append(one)
        return found

    def taken_by(self) -> dict[str, str]:
        """By anchor of an earlier criterion the places of those that go on from it."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if node.earlier is not None:
                known = found.get(node.earlier.anchor)
                found[node.earlier.anchor] = f"{known} and {node.place}" if known else node.place
        return found


def tree_of(version: Version) -> Tree:
    """The tree of a version. Six queries."""
    criteria = list(version.criteria.select_related("confirmed_by").order_by("position"))
    before = earlier_version(version) if any(one.fate for one in criteria) else None
    stated = Criterion.objects.filter(version=before).order_by("position") if before else ()
    earlier = list(stated)
    by_identity = {one.identity: one for one in earlier}
    nodes = list(_nodes(version, criteria, by_identity, is_followed=before is not None))
    met = {node.earlier.pk for node in nodes if node.earlier}
    gone = [one for one in earlier if one.pk not in met]
    return Tree(version, before, nodes, gone, earlier)


def _nodes(
    version: Version,
    criteria: Sequence[Criterion],
    earlier: Mapping[UUID, Criterion],
    *,
    is_followed: bool,
) -> Iterable[Node]:
    headings = _headings(version)
    doubts = doubts_of(version, criteria)
    parents = {one.parent_id for one in criteria}
    last = None
    for one in criteria:
        heading = headings.get(one.anchor) or headings.get(one.anchor.rpartition("-all")[0])
        is_first = heading is not None and heading != last and one.parent_id is None
        last = heading if is_first else last
        yield Node(
            criterion=one,
            heading=heading or "" if is_first else "",
            earlier=earlier.get(one.split_from or one.identity) if one.fate != Fate.NEW else None,
            doubts=doubts.get(one.anchor, ()),
            has_children=one.pk in parents,
            is_followed=is_followed,
        )


def _headings(version: Version) -> dict[str, str]:
    """By the anchor of a passage, or of the section itself, the section's heading."""
    sections = {
        one.pk: one
        for one in Section.objects.filter(version=version).only("heading", "anchor", "label")
    }
    titles = {pk: _title(one) for pk, one in sections.items()}
    found = {one.anchor: titles[pk] for pk, one in sections.items()}
    for anchor, section in version.passages.values_list("anchor", "section_id"):
        found[anchor] = titles[section]
    return found


def _title(section: Section) -> str:
    heading = section.heading.rstrip(" :")
    return f"{section.label}. {heading}" if section.label else heading
