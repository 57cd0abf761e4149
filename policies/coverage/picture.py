"""The library as one picture: a dot for every bulletin in its category, an arc between two that
say opposite things, and a square for every code that was asked for and that none names."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count
from django.urls import reverse

from policies.coverage.gaps import Unnamed
from policies.coverage.oppositions import COVERED, REFUSED, Opposition
from policies.models import CodeSpan, System, Version
from policies.models.code_sets import SLUGS
from policies.stages import current
from policies.usage import Usage

WIDTH, LEFT, LINE = 960, 200, 24  # in units of the drawing
ROOMY, CLOSE = 76, 20  # from dot to dot: with its number beside it, or without
SQUARES = 60  # codes that are drawn
ARCS = 80
_SIZES = ((100, 8), (10, 6.5), (1, 5))  # citations, and the radius from there on
_HOLLOW = 4.5


@dataclass(frozen=True, slots=True)
class Dot:
    """A bulletin where it is drawn; `look` is its class."""

    x: int
    y: int
    r: float
    number: str
    look: str
    is_cited: bool
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Square:
    x: int
    y: int
    code: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Arc:
    path: str
    words: str
    row: int  # in the list of oppositions


@dataclass(frozen=True, slots=True)
class Band:
    """A category: its name beside its dots."""

    name: str
    y: int
    top: int
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    bands: tuple[Band, ...]
    squares: tuple[Square, ...]
    squares_y: int
    arcs: tuple[Arc, ...]
    height: int
    bulletins: int
    cited: int
    pairs: int
    more_codes: int
    is_labelled: bool
    width: int = WIDTH
    left: int = LEFT


def picture(
    used: Usage,
    on: date,
    *,
    opposed: Sequence[Opposition],
    missing: Sequence[Unnamed],
    rows: int = 200,
) -> Picture:
    """All that is drawn of the versions that hold on the day. Two queries.

    Numbers stand beside the dots where every category fits on a line with them. `rows`: so many of
    the oppositions stand in the table that the arcs lead to.
    """
    categories = _categories(on)
    longest = max((len(rows) for _, rows in categories), default=0)
    grid = _Grid(ROOMY if longest * ROOMY <= WIDTH - LEFT else CLOSE)
    bands, top = _bands(categories, used, grid)
    dots = [dot for band in bands for dot in band.dots]
    pairs = _pairs(opposed)
    places = {dot.address: (dot.x, dot.y) for dot in dots}
    drawn = [(row, one) for row, one in pairs if row <= rows][:ARCS]
    shown = missing[:SQUARES]
    return Picture(
        bands=bands,
        squares=tuple(_square(one, *grid.at(place, top)) for place, one in enumerate(shown)),
        squares_y=top + LINE // 2,
        arcs=tuple(_arc(row, one, places) for row, one in drawn),
        height=top + grid.lines(len(shown)) * LINE + 8,
        bulletins=len(dots),
        cited=sum(dot.is_cited for dot in dots),
        pairs=len(pairs),
        more_codes=len(missing) - len(shown),
        is_labelled=grid.step == ROOMY,
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the dots of a category stand, line by line."""

    step: int

    @property
    def a_line(self) -> int:
        return (WIDTH - LEFT) // self.step

    def at(self, place: int, top: int) -> tuple[int, int]:
        line, column = divmod(place, self.a_line)
        return LEFT + column * self.step + CLOSE // 2, top + line * LINE + LINE // 2

    def lines(self, count: int) -> int:
        return -(-count // self.a_line)


Row = tuple[str, int, str, str, int, int]


def _categories(on: date) -> list[tuple[str, list[Row]]]:
    """The versions that hold, by category, with how many service codes each covers and refuses;
    those without a category last."""
    holding = Version.objects.filter(current(on))
    spans = CodeSpan.objects.filter(version__in=holding).exclude(system=System.ICD_10_CM)
    counted = spans.order_by().values_list("version", "row__group__stance").annotate(Count("pk"))
    covered: Counter[int] = Counter()
    refused: Counter[int] = Counter()
    for version, stance, count in counted:
        covered[version] += count * (stance in COVERED)
        refused[version] += count * (stance in REFUSED)
    versions = holding.order_by("bulletin__category", "bulletin__number").values_list(
        "bulletin__category", "bulletin", "bulletin__number", "title", "pk"
    )
    rows = [(*row[:4], covered[row[4]], refused[row[4]]) for row in versions]
    named = sorted(rows, key=lambda row: row[0] == "")
    return [(name, list(some)) for name, some in groupby(named, key=lambda row: row[0])]


def _bands(
    categories: Iterable[tuple[str, list[Row]]], used: Usage, grid: _Grid
) -> tuple[tuple[Band, ...], int]:
    """The categories from the top down, and where they end."""
    bands, top = [], 0
    for name, rows in categories:
        dots = tuple(_dot(row, used, *grid.at(place, top)) for place, row in enumerate(rows))
        bands.append(Band(name or "no category", top + LINE // 2, top, dots))
        top += grid.lines(len(dots)) * LINE
    return tuple(bands), top


def _dot(row: Row, used: Usage, x: int, y: int) -> Dot:
    _, bulletin, number, title, covered, refused = row
    cited = used.cited[bulletin]
    times = "once" if cited == 1 else f"{cited:,} times"
    said = f"cited {times}" if cited else "cited by nobody"
    looks = {(True, True): "both", (True, False): "covered", (False, True): "refused"}
    return Dot(
        x=x,
        y=y,
        r=next((size for least, size in _SIZES if cited >= least), _HOLLOW),
        number=number,
        look=looks.get((covered > 0, refused > 0), "neither"),
        is_cited=cited > 0,
        words=f"{number} {title}: {said}; service codes covered {covered}, not covered {refused}",
        address=reverse("policies:bulletin_detail", args=[number]),
    )


def _square(code: Unnamed, x: int, y: int) -> Square:
    words = f"{code.system} {code.display}: requested {code.told} times, named nowhere"
    address = reverse("policies:code_detail", args=[SLUGS[code.system], code.display])
    return Square(x, y, code.display, words, address)


def _pairs(opposed: Sequence[Opposition]) -> list[tuple[int, Opposition]]:
    """The first opposition of every two bulletins, with its row."""
    pairs: dict[frozenset[int], tuple[int, Opposition]] = {}
    for row, one in enumerate(opposed, start=1):
        pairs.setdefault(frozenset(one.bulletins), (row, one))
    return list(pairs.values())


def _arc(row: int, one: Opposition, places: Mapping[str, tuple[int, int]]) -> Arc:
    """Bent the farther the wider the two stand apart."""
    covered, refused = one.covered.version.bulletin, one.refused.version.bulletin
    (x1, y1), (x2, y2) = (places[both.get_absolute_url()] for both in (covered, refused))
    bend = 14 + (abs(x1 - x2) + abs(y1 - y2)) // 6
    middle = (x1 + x2) // 2, (y1 + y2) // 2
    by = (middle[0], middle[1] - bend) if y1 == y2 else (middle[0] + bend, middle[1])
    words = f"{covered.number} and {refused.number} say opposite things"
    return Arc(f"M{x1} {y1}Q{by[0]} {by[1]} {x2} {y2}", words, row)
