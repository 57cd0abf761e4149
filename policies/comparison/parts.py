"""What a comparison is made of: its parts as they are read, and each change with its place and key.

The key of a change is its place and a digest of the rule's words and of both texts: it stays the
same for as long as the change does, and whatever a person said of the change hangs on it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import chain

from policies.comparison.editions import Edition
from policies.comparison.effects import Change, Effect
from policies.comparison.statements import Row
from policies.comparison.tables import CodeLine
from policies.comparison.words import Redline, Run

FACTS = "compare-facts"  # anchors of the parts that no section of the text is
CODES = "compare-codes"
_LONGEST_PLACE = 160  # characters of a key

# Given a change with its anchor, its place in words, and the texts that it is about.
Visit = Callable[[Change, str, str, Iterable[str]], Change]


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
        return (one.change for one in self.noted())

    @property
    def count(self) -> int:
        return sum(1 for _ in self.changes())

    def noted(self) -> Iterator["Noted"]:
        """Its changes with their places, in the order of the page."""
        found: list[Noted] = []

        def note(change: Change, row_id: str, place: str, _: Iterable[str]) -> Change:
            found.append(Noted(self, row_id, place, change))
            return change

        self.visited(note)
        return iter(found)

    def keyed(self) -> "Part":
        """The same with a key on every change."""

        def key(change: Change, _: str, place: str, texts: Iterable[str]) -> Change:
            words = "\0".join([change.words, *texts])
            digest = sha256(words.encode()).hexdigest()[:16]
            where = f"{self.anchor} {place}"[:_LONGEST_PLACE]
            return replace(change, key=f"{where} {digest}")

        return self.visited(key)

    def visited(self, visit: Visit) -> "Part":
        """The same with every change replaced by what is made of it."""
        return replace(
            self,
            own=tuple(visit(one, self.anchor, self.title, [self.was_title]) for one in self.own),
            facts=tuple(self._fact(one, visit) for one in self.facts),
            rows=tuple(_row(one, visit) for one in self.rows),
            tables=tuple(_table(one, number, visit) for number, one in enumerate(self.tables, 1)),
        )

    def _fact(self, fact: Fact, visit: Visit) -> Fact:
        texts = [fact.before, fact.after]
        return replace(fact, change=visit(fact.change, self.anchor, fact.name, texts))


@dataclass(frozen=True, slots=True)
class Noted:
    """A change with its place: what the summary lists."""

    part: Part
    row_id: str
    place: str
    change: Change


@dataclass(frozen=True)
class Comparison:
    """Two editions and the parts of the page: what the second has that the first has not."""

    before: Edition
    after: Edition
    parts: tuple[Part, ...]

    @cached_property
    def noted(self) -> tuple[Noted, ...]:
        """Every change, in the order of the page."""
        return tuple(chain.from_iterable(part.noted() for part in self.parts))

    @cached_property
    def counts(self) -> dict[Effect, int]:
        found = Counter(one.change.effect for one in self.noted)
        return {effect: found[effect] for effect in Effect}

    def of(self, effect: Effect) -> list[Noted]:
        return [one for one in self.noted if one.change.effect == effect]


def row_id(row: Row) -> str:
    """The anchor of a row on the page: that of the newer version, or the older one's with -was."""
    return row.anchors[1] or f"{row.anchors[0]}-was"


def line_id(table: int, line: int) -> str:
    return f"{CODES}-{table}-{line}"


def _row(row: Row, visit: Visit) -> Row:
    place = row.places[1] or row.places[0]
    texts = [_text(side) for runs in (row.before, row.after) for side in runs]
    made = tuple(visit(one, row_id(row), place, texts) for one in row.changes)
    return replace(row, changes=made)


def _table(table: CodeTable, number: int, visit: Visit) -> CodeTable:
    lines = enumerate(table.changed, 1)
    return replace(
        table, changed=tuple(_line(one, line_id(number, place), visit) for place, one in lines)
    )


def _line(line: CodeLine, anchor: str, visit: Visit) -> CodeLine:
    described = line.description
    named = line.after or line.before
    if named == "no specific code":
        named = _text(described.after or described.before)
    texts = [line.scope, line.before, line.after, *line.stances]
    texts += [_text(described.before), _text(described.after)]
    made = tuple(visit(one, anchor, named, texts) for one in line.changes)
    return replace(line, changes=made)


def _text(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)
