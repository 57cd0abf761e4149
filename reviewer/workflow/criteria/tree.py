"""A version's statements as a tree, each with where it stands and whether it excludes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policies.kept import Kept
from policies.models import Criterion, Passage, Rule, Section, StanceType, Version
from reviewer.workflow.criteria.result import Node

EXCLUDING: Final = {
    StanceType.BENEFIT_EXCLUSION,
    StanceType.EXPERIMENTAL,
    StanceType.COSMETIC,
}
EXCLUDING_SECTIONS: Final = {"limitations", "experimental", "cosmetic"}
KEPT: Final = 96  # trees of published versions, which never change, that a process keeps
_kept: "Kept[tuple[int, str], Tree]" = Kept(KEPT)


@dataclass(frozen=True, slots=True)
class Statement:
    """A criterion with its place in the version."""

    criterion: Criterion
    section: Section | None
    excludes: bool
    place: str  # "I.A.2": as a reader cites it
    children: tuple["Statement", ...]

    @property
    def rule(self) -> str:
        """How the statements under it combine. What a topmost exclusion lists ("each of the
        following is experimental") excludes one by one."""
        is_listing = self.excludes and self.criterion.parent_id is None
        is_all = self.criterion.rule == Rule.ALL
        return Rule.ANY.value if is_listing and is_all else self.criterion.rule

    @property
    def is_confirmed(self) -> bool:
        """Whether a person has confirmed how it was read; else it is as software read it."""
        return self.criterion.confirmed_at is not None


@dataclass(frozen=True, slots=True)
class Tree:
    version: Version
    roots: tuple[Statement, ...]

    def statements(self) -> Iterator[Statement]:
        """All of them, in the order of the text."""
        yield from _walk(self.roots)

    def by_key(self) -> dict[int, Statement]:
        return {one.criterion.pk: one for one in self.statements()}

    def nodes(self) -> tuple[Node, ...]:
        return tuple(_node(one) for one in self.roots)


def tree_of(version: Version) -> Tree:
    """Two queries; none where a process keeps it."""
    return trees_of([version])[version.pk]


def trees_of(versions: Iterable[Version]) -> dict[int, Tree]:
    """By version. Two queries for all of them; none where a process keeps them."""
    trees: dict[int, Tree] = {}
    unknown: dict[int, Version] = {}
    for version in versions:
        tree = _kept.get((version.pk, version.content_hash)) if version.is_frozen else None
        if tree is None:
            unknown[version.pk] = version
        else:
            trees[version.pk] = tree
    for tree in _grown(unknown) if unknown else ():
        trees[tree.version.pk] = tree
        if tree.version.is_frozen:
            _kept.keep((tree.version.pk, tree.version.content_hash), tree)
    return trees


def _grown(versions: Mapping[int, Version]) -> Iterator[Tree]:
    under: dict[tuple[int, int | None], list[Criterion]] = defaultdict(list)
    anchors: set[str] = set()
    for criterion in Criterion.objects.filter(version__in=versions).order_by("position"):
        criterion.version = versions[criterion.version_id]
        under[criterion.version_id, criterion.parent_id].append(criterion)
        anchors.update(_passage_anchors(criterion))
    found = Passage.objects.filter(version__in=versions, anchor__in=anchors)
    passages: dict[int, dict[str, Passage]] = {pk: {} for pk in versions}
    for one in found.select_related("section").only(
        "anchor", "version", "stance_type", "section__kind", "section__heading",
        "section__label", "section__anchor", "section__version",
    ):  # fmt: skip
        passages[one.version_id][one.anchor] = one

    def grow(version: int, parent: int | None) -> tuple[Statement, ...]:
        return tuple(
            _statement(one, passages[version], grow(version, one.pk))
            for one in under[version, parent]
        )

    return (Tree(version, grow(pk, None)) for pk, version in versions.items())


def _statement(
    criterion: Criterion, passages: Mapping[str, Passage], children: tuple[Statement, ...]
) -> Statement:
    stated = (passages.get(anchor) for anchor in _passage_anchors(criterion))
    passage = next((one for one in stated if one), None)
    return Statement(
        criterion,
        passage.section if passage else None,
        _excludes(passage),
        place_of(criterion),
        children,
    )


def _passage_anchors(criterion: Criterion) -> tuple[str, str]:
    """Where its words may stand, the likelier first."""
    return criterion.anchor, criterion.anchor.removesuffix("-all")


def _excludes(passage: Passage | None) -> bool:
    """Whether meeting what a passage says means that the service is not covered."""
    if passage is None:
        return False
    if passage.stance_type:
        return passage.stance_type in EXCLUDING
    return passage.section.kind in EXCLUDING_SECTIONS


def place_of(criterion: Criterion) -> str:
    """Where a statement stands in its version, as it is cited: "I.A.2", "experimental 1"."""
    return place_at(criterion.anchor, criterion.label)


def place_at(anchor: str, label: str) -> str:
    """As `place_of`, of what a capsule keeps of a criterion."""
    kind, _, rest = anchor.partition("-")
    last = rest.rpartition("-")[2]
    if kind == "criteria" and (last == label or last.startswith("bullet")):
        return rest.replace("-bullet", ".").replace("-", ".")
    if label.isalnum():
        return label
    return anchor.replace("-bullet", " ").replace("-", " ")


def _node(one: Statement) -> Node:
    return Node(
        key=one.criterion.pk,
        rule=one.rule,
        at_least=one.criterion.at_least,
        excludes=one.excludes,
        children=tuple(_node(child) for child in one.children),
    )


def _walk(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    for one in statements:
        yield one
        yield from _walk(one.children)
