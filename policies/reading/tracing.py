"""What became of each line of a source: its place in the document, or why it has none.

The trace is found afterwards, by laying the lines into the document's places in order. It so holds
for every reading that is kept, also one by an earlier reader, and proves each line anew: a line
that is neither in a place nor reported comes out as LOST.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from policies.reading import headings
from policies.reading.document import Document, NotUnderstood
from policies.reading.laying import Laid, Layer, is_mark
from policies.reading.places import Place, slots_of, words_of
from policies.reading.source_lines import SourceLine

_PAGES_OWN = ("taken for the page's own", "a page's header or footer", "sets it apart")


class Fate(StrEnum):
    """What became of a line."""

    PLACED = "placed"  # in the result, without a doubt
    DOUBTFUL = "doubtful"  # in the result and reported
    NOT_UNDERSTOOD = "not_understood"  # reported, in no place
    PAGES_OWN = "pages_own"  # menus, page numbers, legal notices around the bulletin
    SET_ASIDE = "set_aside"  # left out on purpose, by a person
    LOST = "lost"  # neither in the result nor reported, which is a defect of the reader


@dataclass(frozen=True, slots=True)
class Traced:
    """One line of the source with its places; `goes_on`: the first was begun by a line before."""

    source: SourceLine
    fate: Fate
    places: tuple[Place, ...] = ()
    reasons: tuple[str, ...] = ()
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A line as it was read: in the source's words or a person's, or set aside."""

    source: SourceLine
    text: str
    is_set_aside: bool = False


def trace(lines: Sequence[SourceLine], document: Document) -> list[Traced]:
    """What became of each line, in order. The document must be a reading of these lines."""
    return trace_read([Words(line, line.text) for line in lines], document)


def trace_read(lines: Sequence[Words], document: Document) -> list[Traced]:
    """The same for lines of which people have mended some."""
    layer = Layer(slots_of(document))
    reasons = _reasons(lines, document.not_understood)
    return [_traced(line, layer, known) for line, known in zip(lines, reasons, strict=True)]


def _traced(line: Words, layer: Layer, reasons: tuple[str, ...]) -> Traced:
    source = line.source
    if line.is_set_aside:
        return Traced(source, Fate.SET_ASIDE)
    if source.left_out:
        return Traced(source, Fate.PAGES_OWN, reasons=(source.left_out,))
    if any(map(is_pages_own, reasons)):
        return Traced(source, Fate.PAGES_OWN, reasons=reasons)
    laid = _laid(line, layer, is_reported=bool(reasons))
    if laid is None:
        fate = Fate.NOT_UNDERSTOOD if reasons else Fate.LOST
        return Traced(source, fate, reasons=reasons)
    fate = Fate.DOUBTFUL if reasons else Fate.PLACED
    return Traced(source, fate, laid.places, reasons, laid.goes_on)


def _laid(line: Words, layer: Layer, *, is_reported: bool) -> Laid | None:
    if line.source.states_date:
        return Laid((Place("date", line.text),))
    words = words_of(line.text)
    if not words:
        return Laid((Place("signs", line.text),))
    found = layer.lay(line.text, words, in_pieces=is_reported or "\n" in line.text)
    if found is None and _is_caption(line.text):
        return Laid((Place("caption", line.text),))
    if found is None and is_mark(line.text):
        return Laid((Place("signs", line.text),))
    return found


def _is_caption(text: str) -> bool:
    """The words over a table of codes; of several, the reader keeps those that say most."""
    return headings.stripped(text).casefold() == "table" or headings.is_code_caption(text)


def _reasons(lines: Sequence[Words], reports: Iterable[NotUnderstood]) -> list[tuple[str, ...]]:
    """The reasons for each line; of lines that share a number, the one of these words has them."""
    numbered: defaultdict[int, list[int]] = defaultdict(list)
    for position, line in enumerate(lines):
        if not line.is_set_aside:
            numbered[line.source.number].append(position)
    found: list[dict[str, None]] = [{} for _ in lines]
    for report in reports:
        among = numbered.get(report.line, [])
        named = [one for one in among if report.text in lines[one].text.split("\n")]
        mine = named or among
        free = (one for one in mine if report.reason not in found[one])
        for position in [next(free, mine[0])] if mine else []:
            found[position][report.reason] = None
    return [tuple(one) for one in found]


def is_pages_own(reason: str) -> bool:
    """Whether a report is of what stands around a bulletin: menus, page numbers, legal notices."""
    return any(words in reason for words in _PAGES_OWN)


def counts(lines: Iterable[Traced]) -> dict[Fate, int]:
    """How many lines met each fate; those that none met are counted 0."""
    found = dict.fromkeys(Fate, 0)
    for line in lines:
        found[line.fate] += 1
    return found


def lost(lines: Iterable[Traced]) -> Iterator[Traced]:
    """Lines that the reader neither kept nor reported; there should never be one."""
    return (line for line in lines if line.fate == Fate.LOST)
