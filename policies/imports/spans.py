"""Where each criterion stands in the text of its section."""

from collections.abc import Iterator, Sequence

from policies.reading.document import Block, Criterion, Document, Section

Span = tuple[int, int]


def spans_of(read: Document) -> dict[str, Span]:
    """By anchor, the criterion's first and last character in the passages of its section, joined
    by line breaks. A statement that goes on after the list under it spans the list too; logic that
    stands only in a heading has no span."""
    places: Places = {}
    for section in _sections(read.sections):
        places |= _places(section.blocks)
    spans = ((one.anchor, _span(one, places)) for one in _criteria(read.criteria))
    return {anchor: span for anchor, span in spans if span}


Places = dict[str, list[tuple[Block, int]]]


def _places(blocks: Sequence[Block]) -> Places:
    """By anchor the passage and those that may go on from it, each with where it begins."""
    found: Places = {}
    start = 0
    for block in blocks:
        found.setdefault(block.anchor, []).append((block, start))
        owner, _, rest = block.anchor.rpartition("-p")
        if rest.isdigit() and owner in found:
            found[owner].append((block, start))
        start += len(block.text) + 1
    return found


def _span(criterion: Criterion, places: Places) -> Span | None:
    anchor = criterion.anchor
    owned = places.get(anchor) or places.get(anchor.rpartition("-all")[0], [])
    wanted = criterion.text.split("\n")
    said = [(block, start) for block, start in owned if block.text][: len(wanted)]
    if [block.text for block, _ in said] != wanted:
        return None
    (_, start), (last, end) = said[0], said[-1]
    return start, end + len(last.text)


def _criteria(tree: Sequence[Criterion]) -> Iterator[Criterion]:
    for one in tree:
        yield one
        yield from _criteria(one.children)


def _sections(tree: Sequence[Section]) -> Iterator[Section]:
    for one in tree:
        yield one
        yield from _sections(one.children)
