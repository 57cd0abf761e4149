"""From drafts of sections to the document's: anchors, blocks, criteria and references."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policies.reading import headings
from policies.reading.criteria import (
    PLAIN_LIST,
    Rule,
    introduction_at,
    is_note,
    items_of,
    rule_of,
)
from policies.reading.document import Block, Criterion, NotUnderstood, Section
from policies.reading.drafts import OUTSIDE_POLICY, Draft
from policies.reading.lists import Content, Item, ItemList, Paragraph

BULLET = "•"
_WITHOUT_CRITERIA = OUTSIDE_POLICY | {"related"}
_NAMED_BY_CRITERIA = {"medical_necessity", "criteria", "scope", "other"}
_YEAR = re.compile(r"\b(19|20)\d\d\b")


@dataclass(slots=True)
class _Numbering:
    """Counts the blocks of a section; free headings in the background go on counting."""

    prefix: str
    count: int = 0

    def next(self, infix: str = "-") -> str:
        self.count += 1
        return f"{self.prefix}{infix}{self.count}"


@dataclass(slots=True)
class _Group:
    """The items of one list, with its introduction; text may interrupt the items."""

    introduction: str
    anchor: str  # of the introducing paragraph, empty when there is none
    line: int
    lists: list[ItemList]
    criteria: list[Criterion]
    prefix: str = ""

    def rule(self) -> Rule:
        return rule_of(self.introduction, items_of(self.lists))


@dataclass(slots=True)
class _Place:
    """Where content is laid out: its blocks, the prefix of its lists, depth and numbering."""

    blocks: list[Block]
    prefix: str
    depth: int
    numbering: _Numbering
    infix: str = "-"


class Layout:
    """Turns drafts into sections; gathers criteria, references and doubts on the way."""

    def __init__(self) -> None:
        self.criteria: list[Criterion] = []
        self.references: list[str] = []
        self.doubts: list[NotUnderstood] = []
        self._anchors = headings.Anchors()
        self._lists: dict[str, int] = {}

    def section(self, draft: Draft, numbering: _Numbering | None = None) -> Section:
        """The section and everything under it."""
        anchor = self._anchors.take(_section_anchor(draft))
        if numbering is None or draft.is_policy:
            numbering = _Numbering(anchor)
        if draft.region == "references":
            blocks = self._references(draft, numbering)
        elif draft.kind in _WITHOUT_CRITERIA or not draft.is_policy:
            blocks = list(self._plain(draft.outline.content, numbering, 0))
        else:
            blocks = self._statements(draft, anchor, numbering)
        children = tuple(self.section(child, numbering) for child in draft.children)
        return Section(
            draft.heading,
            "other" if draft.kind in ("contents", "history") else draft.kind,
            anchor,
            draft.label,
            draft.ordinal,
            draft.depth,
            tuple(blocks),
            children,
        )

    def _plain(self, content: Content, numbering: _Numbering, depth: int) -> Iterator[Block]:
        """Paragraphs and items where lists carry no policy."""
        for part in content:
            if isinstance(part, Paragraph):
                yield self._paragraph(part, numbering.next(), depth)
                continue
            for item in part.items:
                own = item.content[:1] if item.text else []
                label = BULLET if item.is_bullet else item.marker
                anchor = self._anchors.take(numbering.next())
                yield Block("item", anchor, label, depth + 1, item.text)
                yield from self._plain(item.content[len(own) :], numbering, depth + 1)

    def _references(self, draft: Draft, numbering: _Numbering) -> list[Block]:
        blocks = []
        are_numbered = any(isinstance(part, ItemList) for part in draft.outline.content)
        for part in draft.outline.content:
            if isinstance(part, ItemList):
                blocks += [self._reference(item, numbering.prefix) for item in part.items]
            elif (
                not are_numbered and len(part.text) > 30 and _YEAR.search(part.text)
            ):  # a reference without its number
                self.references.append(part.text)
            if isinstance(part, Paragraph):
                blocks.append(self._paragraph(part, numbering.next("-p"), 0))
        return blocks

    def _reference(self, item: Item, prefix: str) -> Block:
        text = " ".join(_texts(item.content))
        self.references.append(text)
        label = BULLET if item.is_bullet else item.marker
        anchor = self._anchors.take(f"{prefix}-{item.ordinal}")
        return Block("item", anchor, label, 1, text)

    def _paragraph(self, part: Paragraph, anchor: str, depth: int) -> Block:
        kind = "note" if is_note(part.text) else "paragraph"
        return Block(kind, self._anchors.take(anchor), "", depth, part.text)

    def _statements(self, draft: Draft, anchor: str, numbering: _Numbering) -> list[Block]:
        blocks: list[Block] = []
        depth = 0 if draft.ordinal is None else 1
        place = _Place(blocks, _list_prefix(draft), depth, numbering)
        for group in self._groups(draft.outline.content, place, []):
            rule = self._settled(group)
            if not rule.is_logical:
                self.criteria += group.criteria
                continue
            # The logic of a list that stands in no item is kept in its introducing paragraph.
            text, own = group.introduction or draft.heading, group.anchor or anchor
            joined = tuple(group.criteria)
            self.criteria.append(
                Criterion(own, draft.label, text, rule.name, rule.at_least, joined)
            )
        return blocks

    def _groups(self, content: Content, place: _Place, before: list[Paragraph]) -> list[_Group]:
        """Lay out content in order; the lists come back as groups with their criteria.

        `before`: what stands above the content and may introduce its first list.
        """
        groups: list[_Group] = []
        anchors = [""] * len(before)
        for part in content:
            if isinstance(part, Paragraph):
                block = self._paragraph(part, place.numbering.next(place.infix), place.depth)
                place.blocks.append(block)
                before.append(part)
                anchors.append(block.anchor)
                continue
            if not groups or (before and not part.continues):
                position = introduction_at(before)
                introduction = before[position].text if before else ""
                anchor = anchors[position] if before else ""
                groups.append(_Group(introduction, anchor, part.items[0].line, [], []))
            self._fill(groups[-1], part, place)
            before, anchors = [], []
        return groups

    def _fill(self, group: _Group, part: ItemList, place: _Place) -> None:
        if not (group.lists and part.continues):
            group.prefix = self._owned(place.prefix)
        group.lists.append(part)
        for item in part.items:
            made = self._statement(item, place.blocks, group.prefix, place.depth + 1)
            group.criteria.append(made)

    def _owned(self, prefix: str) -> str:
        """A prefix for the anchors of one list: `criteria`, then `criteria-list2`."""
        self._lists[prefix] = times = self._lists.get(prefix, 0) + 1
        return prefix if times == 1 else f"{prefix}-list{times}"

    def _statement(self, item: Item, blocks: list[Block], prefix: str, depth: int) -> Criterion:
        label, step = _label(item, depth)
        anchor = self._anchors.take(f"{prefix}-{step}")
        blocks.append(Block("item", anchor, label, depth, item.text))
        rest = item.content[1:] if item.text else item.content
        place = _Place(blocks, anchor, depth, _Numbering(anchor, 1), "-p")
        own = [part for part in item.content[:1] if isinstance(part, Paragraph)]
        groups = self._groups(rest, place, own)
        text = "\n".join(part.text for part in item.content if isinstance(part, Paragraph))
        rule, children = self._joined(anchor, groups)
        return Criterion(anchor, label, text, rule.name, rule.at_least, children)

    def _joined(self, anchor: str, groups: list[_Group]) -> tuple[Rule, tuple[Criterion, ...]]:
        rules = [self._settled(group) for group in groups]
        if len(groups) == 1:
            return rules[0], tuple(groups[0].criteria)
        if not any(rule.is_logical for rule in rules):
            return PLAIN_LIST, tuple(one for group in groups for one in group.criteria)
        # Several lists under one statement: each keeps its logic, what joins them is not said.
        reason = "a second list under one statement: how the two combine is not stated"
        self._doubt(groups[-1].line, groups[-1].introduction, reason)
        made: list[Criterion] = []
        for position, (group, rule) in enumerate(zip(groups, rules, strict=True), start=1):
            own = group.anchor or f"{anchor}-all{position}"
            text, joined = group.introduction, tuple(group.criteria)
            made.append(Criterion(own, "", text, rule.name, rule.at_least, joined))
        return PLAIN_LIST, tuple(made)

    def _settled(self, group: _Group) -> Rule:
        rule = group.rule()
        if rule.doubt:
            self._doubt(group.line, group.introduction, f"no rule is decided: {rule.doubt}")
        return rule

    def _doubt(self, line: int, text: str, reason: str) -> None:
        self.doubts.append(NotUnderstood(line, text, reason))


def _section_anchor(draft: Draft) -> str:
    if draft.kind in ("history", "contents"):
        return {"history": "policy-history"}.get(draft.kind, "contents")
    if draft.kind in ("other", "criteria"):  # "criteria-..." names the statements
        return headings.slug(draft.heading)
    return draft.kind.replace("_", "-")


def _list_prefix(draft: Draft) -> str:
    """`criteria-II` in a numbered section, else `criteria`, or the kind where it is another."""
    if draft.ordinal is not None:
        return f"criteria-{draft.label}"
    return "criteria" if draft.kind in _NAMED_BY_CRITERIA else draft.kind.replace("_", "-")


def _label(item: Item, depth: int) -> tuple[str, str]:
    """The label in print and its form in an anchor; decimals stand for the label of their depth."""
    if item.is_bullet:
        return BULLET, f"bullet{item.ordinal}"
    label = headings.label(item.ordinal, depth) if item.style == "decimal" else item.marker
    return label, label


def _texts(content: Content) -> Iterator[str]:
    for part in content:
        if isinstance(part, Paragraph):
            yield part.text
        else:
            for item in part.items:
                yield from _texts(item.content)
