"""The places of a document in the order of its text, each with the words that stand there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from policies.reading.document import Block, CodeGroup, CodeRow, Criterion, Document, Section
from policies.reading.lines import clean

Words = tuple[str, ...]
_REGIONS = {"contents": "contents", "policy-history": "history"}
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where words of the source went. Which of the parts are set depends on the kind."""

    # title | number | date | contents | history | section | passage | reference
    # legend | scope | group | row | caption
    kind: str
    text: str
    section: Section | None = None
    block: Block | None = None
    criterion: Criterion | None = None
    group: CodeGroup | None = None
    row: CodeRow | None = None

    @property
    def anchor(self) -> str:
        """The place's permanent name in the version; empty where it has none."""
        if self.block:
            return self.block.anchor
        return self.section.anchor if self.section else ""


@dataclass(slots=True)
class Slot:
    """A place while the source's lines are laid into it: `done` of its words are."""

    place: Place
    words: Words
    done: int = field(default=0)

    @property
    def rest(self) -> Words:
        return self.words[self.done :]


def words_of(text: str) -> Words:
    """Letters and figures of a text in small letters: what a reading never changes."""
    return tuple(_WORD.findall(clean(text).casefold()))


def slots_of(document: Document) -> list[Slot]:
    """A slot for every place that holds words, in the order of the text as far as it is known."""
    return [
        Slot(place, words) for place in _places(document) if (words := words_of(_written(place)))
    ]


def _places(document: Document) -> Iterator[Place]:
    yield Place("title", document.title)
    yield Place("number", document.number)
    tree = _by_anchor(document.criteria)
    tables = list(_tables(document))
    references = set(document.references)
    for section in document.sections:
        yield from _of_section(section, tree, references, "")
        if section.kind == "codes" and tables:
            yield from tables
            tables = []
    yield from tables


def _of_section(
    section: Section, tree: dict[str, Criterion], references: set[str], region: str
) -> Iterator[Place]:
    region = region or _REGIONS.get(section.anchor, "")
    kind = region or ("caption" if section.kind == "codes" else "section")
    criterion = tree.get(section.anchor)
    yield Place(kind, section.heading, section=section, criterion=criterion)
    for block in section.blocks:
        kind = region or ("caption" if section.kind == "codes" else "passage")
        if block.text in references:
            kind = "reference"
        criterion = tree.get(block.anchor)
        yield Place(kind, block.text, section=section, block=block, criterion=criterion)
    for child in section.children:
        yield from _of_section(child, tree, references, region)


def _tables(document: Document) -> Iterator[Place]:
    for legend in document.legends:
        yield Place("legend", legend)
    scope: str | None = None
    for group in document.code_groups:
        if group.scope and group.scope != scope:
            yield Place("scope", group.scope, group=group)
        scope = group.scope
        yield Place("group", group.heading, group=group)
        for row in group.rows:
            yield Place("row", row.description, group=group, row=row)


def _written(place: Place) -> str:
    """The words of a place as its source writes them."""
    if place.kind == "number":
        return f"Number: {place.text}"
    if place.row is None:
        return place.text
    codes = (f"{one.low} {one.high}" if one.high != one.low else one.low for one in place.row.codes)
    ending = "no specific code" if place.row.service_without_code else ""
    return f"{' '.join(codes)} {place.text} {ending}"


def _by_anchor(tree: Sequence[Criterion]) -> dict[str, Criterion]:
    found: dict[str, Criterion] = {}
    waiting = list(tree)
    while waiting:
        one = waiting.pop()
        found.setdefault(one.anchor, one)
        waiting += one.children
    return found
