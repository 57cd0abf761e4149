"""Bulletins as text in the published form, in our own words, with what is planted in them.

The same seed and index give the same text. The sizes have a median of about 40 KB and a tail to
400 KB; the policy and its codes take a quarter, background and references the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from policies.reading.document import CodeSpan
from tests.bench.code_sets import DIAGNOSES, MARKED, PROCEDURES, SUPPLIES, Spans
from tests.bench.words import Prose

MEDIAN, SMALLEST, LARGEST = 40_000, 6_000, 400_000
SPREAD = 0.95  # of the logarithm: one in a hundred has 360 KB or more
MARKED_ROWS = 66  # a code's hits on the page that the bar speaks of
RARE_WORD, RARE_EVERY = "lanthographometry", 40
PUBLISHED_IN = 2024
STANCES = (
    ("covered if selection criteria are met", "covered_if_criteria_met"),
    ("not covered for indications listed in the bulletin", "not_covered"),
    ("not covered for indications listed in the bulletin (not all-inclusive)", "not_covered"),
    ("covered for indications listed in the bulletin", "covered"),
)
CONTENTS = ["Policy", "Applicable CPT / HCPCS / ICD-10 Codes", "Background", "References"]
BLANKS = "\u00a0" * 8  # they make a description continue the one above


@dataclass(frozen=True, slots=True)
class Group:
    """A group of codes as planned: what its heading says, and the spans of every row."""

    system: str
    stance: str
    rows: tuple[tuple[CodeSpan, ...], ...]


@dataclass(frozen=True, slots=True)
class Generated:
    number: str
    title: str
    effective: date
    text: str
    groups: tuple[Group, ...]
    criteria: int  # numbered statements below the three subjects

    @property
    def data(self) -> bytes:
        return self.text.encode()

    @property
    def name(self) -> str:
        return f"{self.number}.txt"


def bulletins(count: int, *, seed: int = 1) -> Iterator[Generated]:
    """So many bulletins, the marked code standing in `MARKED_ROWS` rows of all of them."""
    for index in range(count):
        marked = MARKED_ROWS * (index + 1) // count - MARKED_ROWS * index // count
        yield Writer(index, marked=marked, seed=seed).write()


def size(random: Random) -> int:
    return int(min(max(MEDIAN * random.lognormvariate(0, SPREAD), SMALLEST), LARGEST))


class Writer:
    """Writes one bulletin from the top; `marked` of its rows hold the marked code."""

    def __init__(self, index: int, *, marked: int, seed: int) -> None:
        self.index = index
        self.marked = marked
        self.random = Random(f"bulletin {index} of seed {seed}")
        self.prose = Prose(self.random)
        self.spans = Spans(self.random)
        self.lines: list[str] = []
        self.groups: list[Group] = []
        self.criteria = 0

    def write(self) -> Generated:
        wanted = size(self.random)
        number = f"{self.index + 1:04}"
        title = self.prose.title(3)
        effective = date(PUBLISHED_IN, 1, 1) + timedelta(days=self.random.randrange(365))
        self._head(title, number)
        self._policy(title, wanted // 8)
        self._codes(wanted // 8)
        self._background(wanted)
        self._references(max(4, wanted // 1_500))
        self._history(effective)
        text = "\n".join(self.lines) + "\n"
        return Generated(number, title, effective, text, tuple(self.groups), self.criteria)

    def _add(self, *lines: str) -> None:
        self.lines += lines

    def _head(self, title: str, number: str) -> None:
        self._add(
            title, "", f"Number:\u00a0 {number}", "", "Table Of Contents", "", *CONTENTS, "", ""
        )

    # Policy

    def _policy(self, title: str, wanted: int) -> None:
        self._add("Policy", "", "Scope of Policy", "")
        self._add(f"This bulletin addresses {title.lower()} for {self.prose.phrase(6)}.", "")
        self._item(1, 1, "Medical Necessity")
        for ordinal in range(1, 1 + max(1, wanted // 1_400)):
            self._item(2, ordinal, self.prose.title(3))
            self._statement()
            self.criteria += 1
        self._item(1, 2, "Policy Limitations and Exclusions")
        self._add(f"    The plan does not cover {self.prose.phrase(12)}.", "")
        self._add(f"    Note:\u00a0 {self.prose.sentence()}", "")
        self._item(1, 3, "Related Policies")
        for _ in range(2):
            self._add(f"    * {self.random.randrange(1, 9_999):04} {self.prose.title(3)}")
        self._add("")

    def _item(self, depth: int, ordinal: int, text: str) -> None:
        self._add(f"{'  ' * (2 * depth - 1)}{ordinal}. {text}", "")

    def _statement(self) -> None:
        """An introduction, conditions joined by `and`, and one that opens a list of its own."""
        self._add(
            f"{' ' * 8}{self.prose.phrase(5).capitalize()} is considered medically necessary when"
            " all of the following are met:",
            "",
        )
        conditions = self.random.randint(2, 4)
        for ordinal in range(1, conditions + 1):
            self._add(f"{' ' * 10}{ordinal}. {self.prose.phrase(12).capitalize()}; and")
        self._add(f"{' ' * 10}{conditions + 1}. At least one of the following:", "")
        options = self.random.randint(2, 4)
        for ordinal in range(1, options + 1):
            end = "." if ordinal == options else "; or"
            self._add(f"{' ' * 14}{ordinal}. {self.prose.phrase(9).capitalize()}{end}")
        self._add("")
        self.criteria += conditions + 1 + options

    # Codes

    def _codes(self, wanted: int) -> None:
        self._add("Table:", "", "CPT Codes / HCPCS Codes / ICD-10 Codes", "")
        self._add("Code Code Description", "")
        self._add(
            "Information in the [brackets] below was added by the plan.\u00a0 \u00a0 Codes"
            ' requiring a 7th character are shown with "+":',
            "",
        )
        rows = max(6, wanted // 90)
        for system, share in ((PROCEDURES, 0.2), (SUPPLIES, 0.2), (DIAGNOSES, 0.6)):
            stances = self.random.sample(STANCES, 1 if rows < 40 else 3)
            for words, stance in stances:
                made = self._rows(system, max(1, int(rows * share / len(stances))))
                self._table(system, f"{system.removesuffix('-CM')} codes {words}:", stance, made)
        if self.marked:
            words, stance = self.random.choice(STANCES)
            self._table(
                SUPPLIES, f"HCPCS codes {words}:", stance, [self._marked_row()] * self.marked
            )

    def _marked_row(self) -> tuple[CodeSpan, ...]:
        if self.index % 2:
            return (CodeSpan(MARKED, MARKED, False, False),)
        return (CodeSpan("Q4310", "Q4329", False, False),)

    def _rows(self, system: str, count: int) -> list[tuple[CodeSpan, ...]]:
        return [
            tuple(
                self.spans.range(system)
                if self.random.random() < 0.35
                else self.spans.single(system)
                for _ in range(self.random.choice((1, 1, 1, 1, 2, 4)))
            )
            for _ in range(count)
        ]

    def _table(
        self, system: str, heading: str, stance: str, rows: list[tuple[CodeSpan, ...]]
    ) -> None:
        self._add(heading, "")
        planned = []
        for spans in rows:
            self._row(spans)
            planned.append(spans)
            if system == PROCEDURES and self.random.random() < 0.2:
                add_on = self.spans.single(system, add_on=True)
                self._add(f"+ {add_on.low} {BLANKS}each further {self.prose.phrase(2)}")
                planned.append((add_on,))
        self._add("")
        self.groups.append(Group(system, stance, tuple(planned)))

    def _row(self, spans: tuple[CodeSpan, ...]) -> None:
        cell = ", ".join(printed(span) for span in spans)
        bracket = f" [not for {self.prose.phrase(3)}]" if self.random.random() < 0.1 else ""
        words = f"{self.prose.phrase(4).capitalize()}; {self.prose.phrase(3)}{bracket}"
        if len(spans) > 2:  # a cell over several lines
            self._add(cell, words)
        else:
            self._add(f"{cell} {words}")

    # Reasons

    def _background(self, wanted: int) -> None:
        self._add("Background", "")
        if self.index % RARE_EVERY == 0:
            self._add(f"A report of {RARE_WORD} has {self.prose.phrase(9)}.", "")
        so_far = sum(map(len, self.lines)) + len(self.lines)
        left = int((wanted - so_far) * 0.88)
        while left > 0:
            if self.random.random() < 0.2:
                self._add(self.prose.title(4), "")
            paragraph = self.prose.paragraph(self.random.randint(300, 1_500))
            left -= len(paragraph) + 2
            self._add(paragraph, "")

    def _references(self, count: int) -> None:
        self._add("", "References", "", "The above policy rests on these sources:", "")
        for ordinal in range(1, count + 1):
            year, volume = self.random.randint(1990, 2024), self.random.randint(1, 80)
            author, title = self.prose.title(1), self.prose.phrase(8).capitalize()
            pages = f"{self.random.randint(1, 400)}-{self.random.randint(401, 800)}"
            journal = f"J {self.prose.title(1)}. {year};{volume}:{pages}."
            self._add(f"  {ordinal}. {author} A. {title}. {journal}")
        self._add("")

    def _history(self, effective: date) -> None:
        reviewed = effective - timedelta(days=40)
        again = reviewed + timedelta(days=365)
        self._add("Policy History", "")
        self._add(f"Last Review {reviewed:%m/%d/%Y}", "", f"Effective: {effective:%m/%d/%Y}", "")
        self._add(f"Next Review: {again:%m/%d/%Y}")


def printed(span: CodeSpan) -> str:
    """A span as a table prints it."""
    mark = "+" if span.seventh_character else ""
    if span.low == span.high:
        return f"{'+ ' if span.add_on else ''}{span.low}{mark}"
    return f"{span.low}{mark} - {span.high}{mark}"
