"""The places of a version that can be cited: anchors, how each is named, and the words there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.reading.document import Block, CodeGroup, CodeRow, CodeSpan, Document, Section


@dataclass(frozen=True, slots=True)
class Place:
    """One of them. `name` follows the version in a citation: "criterion I.A", "code row 3"."""

    anchor: str
    kind: str  # section | paragraph | note | item | code_row | reference
    name: str
    heading: str  # what it stands under
    text: str


def places_of(document: Document) -> dict[str, Place]:
    """By anchor, in the order of the text; a code row's text opens with its codes."""
    found: dict[str, Place] = {}
    for one in (*_of_sections(document), *_of_codes(document.code_groups)):
        found.setdefault(one.anchor, one)
    return found


def block_name(block: Block, section: Section) -> str:
    """How a passage is cited: "criterion II.C.1", "criterion IV, bullet 3", "limitation 1"."""
    is_reference = section.kind == "references" and block.kind == "item"
    return named(block.anchor, title_of(section), is_reference=is_reference)


def named(anchor: str, title: str, *, is_reference: bool = False) -> str:
    """The same from the anchor of a passage and the title of its section."""
    kind, _, rest = anchor.partition("-")
    if kind == "criteria" and rest:
        steps = rest.split("-")
        named = ".".join(one for one in steps if not one.startswith("bullet"))
        bullets = [f"bullet {one[6:]}" for one in steps if one.startswith("bullet")]
        return ", ".join([f"criterion {named}".strip(), *bullets])
    if kind == "limitations":
        return f"limitation {rest}"
    number = anchor.rpartition("-")[2].removeprefix("p")
    return f"{title}, {'reference' if is_reference else 'passage'} {number}"


def title_of(section: Section) -> str:
    heading = section.heading.rstrip(" :")
    return f"{section.label}. {heading}" if section.label else heading


def flat(sections: Sequence[Section]) -> Iterator[Section]:
    for one in sections:
        yield one
        yield from flat(one.children)


def references_of(document: Document, section: Section) -> Iterator[tuple[Block, int]]:
    """The passages of a list of references, each with its number in the list; 0: it has none."""
    number = 0
    for one in flat([section]):
        for block in one.blocks:
            is_next = document.references[number : number + 1] == (block.text,)
            number += is_next
            yield block, number if is_next else 0


def row_id(position: int) -> str:
    """The anchor of a row; positions count through the version, as `CodeRow.position` does."""
    return f"code-row-{position}"


def printed(span: CodeSpan) -> str:
    """As a table shows it: `+ 97546`, `S00.00X+ - T88.9XX+`."""
    mark = "+" if span.seventh_character else ""
    low = f"{'+ ' if span.add_on else ''}{span.low}{mark}"
    return low if span.low == span.high else f"{low} - {span.high}{mark}"


def _of_sections(document: Document) -> Iterator[Place]:
    for section in flat(document.sections):
        title = title_of(section)
        words = "\n".join([section.heading, *(block.text for block in section.blocks)])
        yield Place(section.anchor, "section", f"“{title}”", title, words)
        for block in section.blocks:
            yield Place(block.anchor, block.kind, block_name(block, section), title, block.text)


def _of_codes(groups: Sequence[CodeGroup]) -> Iterator[Place]:
    position = 0
    for group in groups:
        heading = group.heading.rstrip(" :")
        if group.scope:
            heading = f"{group.scope.rstrip(' :')}: {heading}"
        for row in group.rows:
            position += 1
            yield Place(
                row_id(position), "code_row", f"code row {position}", heading, _row_text(row)
            )


def _row_text(row: CodeRow) -> str:
    codes = ", ".join(printed(span) for span in row.codes) or "no specific code"
    return f"{codes} {row.full_description}"
