"""A whole comparison, in the order in which it is read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from policies.comparison.editions import Edition, Heading
from policies.comparison.effects import Change, Effect
from policies.comparison.pairing import pair_headings
from policies.comparison.statements import Row, Statements
from policies.comparison.tables import CodeLine, compare_tables
from policies.comparison.words import Redline, redline, words_of
from policies.models import LineOfBusiness

_FACTS = "compare-facts"  # anchors of the parts that no section of the text is
_CODES = "compare-codes"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something said of the whole version: its title, to whom it applies, its legends."""

    name: str
    before: str
    after: str
    line: Redline
    change: Change


@dataclass(frozen=True, slots=True)
class CodeTable:
    """The lines under one heading of the code tables, and under one subject."""

    heading: str
    scope: str
    changed: tuple[CodeLine, ...]
    kept: tuple[CodeLine, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page. One of `rows`, `facts` and `tables` holds something."""

    anchor: str
    title: str
    was_title: str  # where the heading is another one, or its label
    fate: str  # kept | new | gone
    kind: str
    rows: tuple[Row, ...] = ()
    facts: tuple[Fact, ...] = ()
    tables: tuple[CodeTable, ...] = ()
    own: tuple[Change, ...] = ()  # changes of the part as a whole

    def changes(self) -> Iterator[Change]:
        yield from self.own
        for some in (self.facts, self.rows):
            for one in some:
                yield from (one.change,) if isinstance(one, Fact) else one.changes
        for line in chain.from_iterable(table.changed for table in self.tables):
            yield from line.changes

    @property
    def count(self) -> int:
        return sum(1 for _ in self.changes())


@dataclass(frozen=True, slots=True)
class Noted:
    """A change with its place: what the summary lists."""

    part: Part
    row_id: str
    place: str
    change: Change


@dataclass(frozen=True)
class Comparison:
    """Two editions, the earlier first, and the parts of the page."""

    before: Edition
    after: Edition
    parts: tuple[Part, ...]

    @cached_property
    def noted(self) -> tuple[Noted, ...]:
        """Every change, in the order of the page."""
        return tuple(chain.from_iterable(_noted(part) for part in self.parts))

    @cached_property
    def counts(self) -> dict[Effect, int]:
        found = Counter(one.change.effect for one in self.noted)
        return {effect: found[effect] for effect in Effect}

    def of(self, effect: Effect) -> list[Noted]:
        return [one for one in self.noted if one.change.effect == effect]


def compare(before: Edition, after: Edition) -> Comparison:
    """Compare two versions of one bulletin. Pure: the same editions give the same answer."""
    facts = tuple(_facts(before, after))
    whole = Part(_FACTS, "The version as a whole", "", "kept", "facts", facts=facts)
    parts = [whole] if facts else []
    text = list(_parts(before, after))
    place = next(
        (at for at, part in enumerate(text) if part.kind in ("background", "references")), len(text)
    )
    return Comparison(before, after, (*parts, *text[:place], _codes(before, after), *text[place:]))


def row_id(row: Row) -> str:
    """The anchor of a row on the page: that of the newer version, or the older one's with -was."""
    return row.anchors[1] or f"{row.anchors[0]}-was"


def line_id(table: int, line: int) -> str:
    return f"{_CODES}-{table}-{line}"


def _noted(part: Part) -> Iterator[Noted]:
    for change in part.own:
        yield Noted(part, part.anchor, part.title, change)
    for fact in part.facts:
        yield Noted(part, part.anchor, fact.name, fact.change)
    for row in part.rows:
        for change in row.changes:
            yield Noted(part, row_id(row), row.places[1] or row.places[0], change)
    for number, table in enumerate(part.tables, 1):
        for place, line in enumerate(table.changed, 1):
            named = line.after or line.before
            if named == "no specific code":
                named = "".join(
                    run.text for run in line.description.after or line.description.before
                )
            for change in line.changes:
                yield Noted(part, line_id(number, place), named, change)


def _parts(before: Edition, after: Edition) -> Iterator[Part]:
    """The sections of the newer version; one that is gone stands where it stood."""
    sections = pair_headings(before.headings, after.headings)
    back = {new: old for old, new in sections.items()}
    rows = Statements(before, after).rows()
    position = {
        "old": {one.anchor: one.position for one in before.statements},
        "new": {one.anchor: one.position for one in after.statements},
    }
    here: dict[int, list[Row]] = {}
    gone: dict[int, list[Row]] = {}
    for row in rows:
        old_section = row.old_section if row.old_section is not None else -1
        section = row.section if row.section is not None else sections.get(old_section)
        if section is not None:
            here.setdefault(section, []).append(row)
        else:
            gone.setdefault(old_section, []).append(row)
    told: set[int] = set()
    for place, heading in enumerate(after.headings):
        old = back.get(place)
        for missing in range(old or 0):
            if missing not in sections and missing not in told:
                told.add(missing)
                yield from _gone(before.headings[missing], gone.get(missing, []))
        yield from _part(
            heading,
            before.headings[old] if old is not None else None,
            _in_order(here.get(place, []), position["old"], position["new"]),
        )
    for missing, heading in enumerate(before.headings):
        if missing not in sections and missing not in told:
            yield from _gone(heading, gone.get(missing, []))


def _in_order(rows: Sequence[Row], old: dict[str, int], new: dict[str, int]) -> tuple[Row, ...]:
    """In the newer order; what is gone follows what stood before it."""
    present = sorted((row for row in rows if row.anchors[1]), key=lambda row: new[row.anchors[1]])
    placed = list(present)
    missing = [row for row in rows if not row.anchors[1]]
    for row in sorted(missing, key=lambda row: old[row.anchors[0]], reverse=True):
        at = old[row.anchors[0]]
        earlier = [
            place
            for place, one in enumerate(placed)
            if one.anchors[1]
            and one.anchors[0]
            and one.fate != "moved"
            and old[one.anchors[0]] < at
        ]
        placed.insert(earlier[-1] + 1 if earlier else 0, row)
    return tuple(placed)


def _part(heading: Heading, old: Heading | None, rows: tuple[Row, ...]) -> Iterator[Part]:
    own: list[Change] = []
    if old is None and not rows:
        own.append(Change(_effect(heading), "a heading was added"))
    elif old is not None and words_of(old.text) != words_of(heading.text):
        own.append(Change(_effect(heading), f"the heading was “{old.text.rstrip(' :')}”"))
    if not rows and not own:
        return
    was = old.title if old is not None and old.title != heading.title else ""
    fate = "new" if old is None else "kept"
    yield Part(heading.anchor, heading.title, was, fate, heading.kind, rows=rows, own=tuple(own))


def _gone(heading: Heading, rows: Sequence[Row]) -> Iterator[Part]:
    own = () if rows else (Change(_effect(heading), "a heading is gone"),)
    anchor = f"{heading.anchor}-gone"
    yield Part(anchor, heading.title, "", "gone", heading.kind, rows=tuple(rows), own=own)


def _effect(heading: Heading) -> Effect:
    return Effect.EDITORIAL if heading.reason else Effect.READ


def _codes(before: Edition, after: Edition) -> Part:
    lines, own = compare_tables(before.document, after.document)
    keys = dict.fromkeys(
        (group.scope or "", group.heading.rstrip(" :"))
        for document in (after.document, before.document)
        for group in document.code_groups
    )
    tables = []
    for scope, heading in keys:
        mine = [one for one in lines if (one.scope, one.heading) == (scope, heading)]
        if mine:
            changed = tuple(one for one in mine if one.changes)
            kept = tuple(one for one in mine if not one.changes)
            tables.append(CodeTable(heading, scope, changed, kept))
    return Part(_CODES, "Codes", "", "kept", "codes", tables=tuple(tables), own=tuple(own))


def _facts(before: Edition, after: Edition) -> Iterator[Fact]:
    scope = Effect.SCOPE
    yield from _fact("Title", before.title, after.title, Change(Effect.READ, "the title changed"))
    yield from _fact(
        "Lines of business",
        _lines_of_business(before.lines_of_business),
        _lines_of_business(after.lines_of_business),
        Change(scope, "it applies to other lines of business"),
    )
    yield from _fact(
        "Jurisdictions",
        ", ".join(sorted(before.jurisdictions)) or "all",
        ", ".join(sorted(after.jurisdictions)) or "all",
        Change(scope, "it applies in other jurisdictions"),
    )
    yield from _fact(
        "Legend of the codes",
        "\n".join(before.document.legends) or "none",
        "\n".join(after.document.legends) or "none",
        Change(Effect.READ, "the legend changed"),
    )
    names = ("Last review", "Next review")
    for name, old, new in zip(names, before.reviews, after.reviews, strict=True):
        days = [one.isoformat() if one else "not stated" for one in (old, new)]
        yield from _fact(
            name, days[0], days[1], Change(Effect.EDITORIAL, "only a date of review changed")
        )


def _fact(name: str, before: str, after: str, change: Change) -> Iterator[Fact]:
    if before.split() == after.split():
        return
    if words_of(before) == words_of(after):
        change = Change(Effect.EDITORIAL, "only white space or punctuation changed")
    yield Fact(name, before, after, redline(before, after), change)


def _lines_of_business(values: Iterable[str]) -> str:
    return "; ".join(sorted(LineOfBusiness(one).label for one in values)) or "all"
