"""The rows of the parse review: a source line, what it became, and what people made of it.

Long runs of lines that read well are folded; whatever asks for a look never is.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from policies.admin.became import Became, became
from policies.drafting.mends import line_mends
from policies.imports.content import PartsDiffer, current_content, reading_of
from policies.models import Mend, Version
from policies.reading import Document
from policies.reading.mending import as_read
from policies.reading.places import Place
from policies.reading.source_lines import SourceLine, source_lines
from policies.reading.tracing import Fate, Traced, trace_read

LOOK = (Fate.DOUBTFUL, Fate.NOT_UNDERSTOOD, Fate.LOST)
_PROSE = {"background", "appendix", "references"}
# By what is folded: how long a run may be, and how many of its lines show before and after.
_FOLDS = {"prose": (8, 2, 1), "codes": (60, 12, 3)}
Ranges = Sequence[tuple[int, int]]


@dataclass(slots=True)
class Row:
    """One line of the review."""

    key: str  # its number; where several blocks share it, the second is "23.2"
    source: SourceLine
    fate: Fate
    places: tuple[Became, ...]
    reasons: tuple[str, ...]
    begun: str  # the key of the row that began its place, where that is another
    mends: list[Mend]  # all that were made of it, the newest last
    fold: str = ""
    previous: str = ""  # keys of the rows to look at around it
    following: str = ""

    @property
    def mend(self) -> Mend | None:
        """The mend that counts now."""
        last = self.mends[-1] if self.mends else None
        is_back = last is not None and not last.is_set_aside and last.after == last.before
        return None if is_back else last

    @property
    def accepted(self) -> Mend | None:
        """The mend that says that it is read rightly for all its doubt."""
        last = self.mends[-1] if self.mends else None
        return last if last and last.is_accepted and self.fate == Fate.DOUBTFUL else None

    @property
    def is_mended(self) -> bool:
        return self.mend is not None and not self.mend.is_set_aside

    @property
    def is_plain(self) -> bool:
        """Whether it only has its place, without any mark."""
        return self.fate == Fate.PLACED and not self.mend

    @property
    def css(self) -> str:
        names = [self.fate.value] if self.fate != Fate.PLACED else []
        names += ["look"] if self.wants_look else []
        names += [f"is-{self.places[0].css}"] if self.places else []
        return " ".join(names)

    @property
    def wants_look(self) -> bool:
        return self.fate in LOOK and not self.accepted

    @property
    def words(self) -> str:
        """What is read of it now."""
        return self.mend.after if self.mend and not self.mend.is_set_aside else self.source.raw

    @property
    def seen(self) -> int:
        return self.mends[-1].pk if self.mends else 0

    @property
    def can_be_mended(self) -> bool:
        return not self.source.left_out and not self.source.states_date


@dataclass(frozen=True, slots=True)
class Together:
    """Rows that stand in one place together, or the line that stands for a folded run."""

    rows: tuple[Row, ...] = ()
    folded: tuple[Row, ...] = ()

    @property
    def first(self) -> Row:
        return self.folded[0]

    @property
    def last(self) -> Row:
        return self.folded[-1]


@dataclass(frozen=True, slots=True)
class Review:
    """Every row of a version's source, in order."""

    rows: list[Row]
    counts: Counter[str] = field(default_factory=Counter)

    def row(self, key: str) -> Row | None:
        return next((one for one in self.rows if one.key == key), None)

    def only(self, wanted: str) -> list[Row]:
        """The rows of one filter; all of them for an unknown one."""
        tests: dict[str, Callable[[Row], bool]] = {
            "look": lambda row: row.wants_look,
            "mended": lambda row: row.is_mended,
            "accepted": lambda row: row.accepted is not None,
            "aside": lambda row: row.fate == Fate.SET_ASIDE,
            "page": lambda row: row.fate == Fate.PAGES_OWN,
        }
        test = tests.get(wanted)
        return [row for row in self.rows if test(row)] if test else self.rows


def review_of(version: Version) -> Review:
    """The trace of a version's source with its mends."""
    document = _document(version)
    mends = line_mends(version)
    lines = source_lines(bytes(version.source_bytes))
    traced = trace_read(as_read(lines, mends), document)
    rows = list(_rows(traced, _mends_by_line(version), _dates(document)))
    looks = [row for row in rows if row.wants_look]
    for before, row, after in zip([None, *looks], looks, [*looks[1:], None], strict=False):
        row.previous = before.key if before else ""
        row.following = after.key if after else ""
    return Review(rows, _counted(rows))


def folded(rows: Iterable[Row], shown: Ranges, opened: str) -> Iterator[Together]:
    """The rows with long runs folded, but for those `shown` by line numbers and the row opened."""

    def kind(row: Row) -> str:
        number = row.source.number
        is_shown = row.key == opened or any(first <= number <= last for first, last in shown)
        return "" if is_shown else row.fold

    for fold, run in groupby(rows, kind):
        ones = list(run)
        longest, before, after = _FOLDS.get(fold, (len(ones), 0, 0))
        if len(ones) <= longest:
            yield from _together(ones)
        else:
            yield from _together(ones[:before])
            yield Together(folded=tuple(ones[before:-after]))
            yield from _together(ones[-after:])


def _together(rows: Iterable[Row]) -> Iterator[Together]:
    held: list[Row] = []
    for row in rows:
        if held and row.begun != held[0].key:
            yield Together(tuple(held))
            held = []
        held.append(row)
    if held:
        yield Together(tuple(held))


def _rows(
    traced: Iterable[Traced], mends: dict[tuple[int, str], list[Mend]], dates: dict[str, str]
) -> Iterator[Row]:
    times: Counter[int] = Counter()
    begun: dict[int, str] = {}  # by place, the row that began it
    part = ""  # the kind of the section at the top
    for one in traced:
        source = one.source
        times[source.number] += 1
        again = times[source.number]
        key = str(source.number) if again == 1 else f"{source.number}.{again}"
        place = one.places[0] if one.places else None
        first = begun.setdefault(id(place), key) if place else key
        row = Row(
            key=key,
            source=source,
            fate=one.fate,
            places=tuple(became(place, dates) for place in one.places),
            reasons=one.reasons,
            begun=first if one.goes_on and first != key else "",
            mends=mends.get((source.number, source.raw), []),
        )
        if place and place.section and place.section.depth == 1:
            part = place.section.kind
        if place and row.is_plain:
            row.fold = _fold(place, part)
        yield row


def _fold(place: Place, part: str) -> str:
    """As what a line may be folded; the heading of a part never is."""
    if place.row:
        return "codes"
    opens_part = place.kind == "section" and place.section and place.section.depth == 1
    return "prose" if part in _PROSE and not opens_part else ""


def _mends_by_line(version: Version) -> dict[tuple[int, str], list[Mend]]:
    found: defaultdict[tuple[int, str], list[Mend]] = defaultdict(list)
    for mend in version.mends.select_related("by").order_by("id"):
        found[mend.line, mend.before].append(mend)
    return dict(found)


def _document(version: Version) -> Document:
    """The reading with what people settled since; as it was read where parts were changed."""
    try:
        return Document.from_json(json.loads(current_content(version))["reading"])
    except PartsDiffer:
        return reading_of(version)


def _dates(document: Document) -> dict[str, str]:
    days = {
        "last review": document.last_review,
        "effective": document.effective,
        "next review": document.next_review,
    }
    return {name: day.isoformat() if day else "" for name, day in days.items()}


def _counted(rows: Iterable[Row]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts["all"] += 1
        counts[row.fate.value] += 1
        counts["look"] += row.wants_look
        counts["mended"] += row.is_mended
    return counts
