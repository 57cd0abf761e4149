"""The library as one picture: a dot for every bulletin in its category, an arc between two that
say opposite things, and a square for every code that was asked for and that none names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, Q
from django.urls import reverse

from policies.coverage.gaps import Unnamed
from policies.coverage.oppositions import COVERED, REFUSED, Opposition
from policies.models import System, Version
from policies.models.code_sets import SLUGS
from policies.stages import current
from policies.usage import Usage

WIDTH, LEFT, STEP, LINE = 960, 236, 22, 24  # in units of the drawing
A_LINE = (WIDTH - LEFT) // STEP
SQUARES = 2 * A_LINE  # codes that are drawn
ARCS = 80
_SIZES = ((100, 8), (10, 6.5), (1, 5))  # citations, and the radius from there on
_HOLLOW = 4.5


@dataclass(frozen=True, slots=True)
class Dot:
    """A bulletin where it is drawn; `look` is its class."""

    x: int
    y: int
    r: float
    look: str
    is_cited: bool
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Square:
    x: int
    y: int
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
    width: int = WIDTH
    left: int = LEFT


def picture(
    used: Usage, on: date, *, opposed: Sequence[Opposition], missing: Sequence[Unnamed]
) -> Picture:
    """All that is drawn of the versions that hold on the day. One query."""
    bands, top = _bands(used, on)
    places = {
        address: (dot.x, dot.y) for band in bands for dot in band.dots for address in [dot.address]
    }
    arcs = list(_arcs(opposed, places))
    rows = -(-min(len(missing), SQUARES) // A_LINE)
    dots = [dot for band in bands for dot in band.dots]
    return Picture(
        bands=bands,
        squares=tuple(_square(place, one, top) for place, one in enumerate(missing[:SQUARES])),
        squares_y=top + LINE // 2,
        arcs=tuple(arcs[:ARCS]),
        height=top + max(rows, 1) * LINE + 8,
        bulletins=len(dots),
        cited=sum(dot.is_cited for dot in dots),
        pairs=len(arcs),
        more_codes=max(len(missing) - SQUARES, 0),
    )


def _bands(used: Usage, on: date) -> tuple[tuple[Band, ...], int]:
    """The categories from the top down, those without a name last; and where they end."""
    services = ~Q(code_spans__system=System.ICD_10_CM)
    versions = Version.objects.filter(current(on)).annotate(
        covered=Count("code_spans", services & Q(code_spans__row__group__stance__in=COVERED)),
        refused=Count("code_spans", services & Q(code_spans__row__group__stance__in=REFUSED)),
    )
    rows = versions.order_by("bulletin__category", "bulletin__number").values_list(
        "bulletin__category", "bulletin", "bulletin__number", "title", "covered", "refused"
    )
    named = sorted(rows, key=lambda row: row[0] == "")
    bands, top = [], 0
    for name, some in groupby(named, key=lambda row: row[0]):
        dots = tuple(_dot(place, row[1:], used, top) for place, row in enumerate(some))
        bands.append(Band(name or "no category", top + LINE // 2, top, dots))
        top += -(-len(dots) // A_LINE) * LINE
    return tuple(bands), top


def _dot(place: int, row: tuple[int, str, str, int, int], used: Usage, top: int) -> Dot:
    bulletin, number, title, covered, refused = row
    cited = used.cited[bulletin]
    times = "once" if cited == 1 else f"{cited:,} times"
    said = f"cited {times}" if cited else "cited by nobody"
    x, y = _at(place, top)
    return Dot(
        x=x,
        y=y,
        r=next((size for least, size in _SIZES if cited >= least), _HOLLOW),
        look={
            (True, True): "both", (True, False): "covered", (False, True): "refused",
        }.get((covered > 0, refused > 0), "neither"),
        is_cited=cited > 0,
        words=f"{number} {title}: {said}; service codes covered {covered}, not covered {refused}",
        address=reverse("policies:bulletin_detail", args=[number]),
    )  # fmt: skip


def _square(place: int, code: Unnamed, top: int) -> Square:
    x, y = _at(place, top)
    words = f"{code.system} {code.display}: requested {code.told} times, named nowhere"
    address = reverse("policies:code_detail", args=[SLUGS[code.system], code.display])
    return Square(x, y, words, address)


def _at(place: int, top: int) -> tuple[int, int]:
    line, column = divmod(place, A_LINE)
    return LEFT + column * STEP + STEP // 2, top + line * LINE + LINE // 2


def _arcs(opposed: Sequence[Opposition], places: dict[str, tuple[int, int]]) -> Iterable[Arc]:
    """One for every two bulletins, bent the farther the wider they stand apart."""
    drawn = set()
    for row, one in enumerate(opposed, start=1):
        if one.bulletins in drawn or one.bulletins[::-1] in drawn:
            continue
        drawn.add(one.bulletins)
        covered, refused = one.covered.version.bulletin, one.refused.version.bulletin
        (x1, y1), (x2, y2) = (places[both.get_absolute_url()] for both in (covered, refused))
        bend = 14 + (abs(x1 - x2) + abs(y1 - y2)) // 6
        middle = (x1 + x2) // 2, (y1 + y2) // 2
        by = (middle[0], middle[1] - bend) if y1 == y2 else (middle[0] + bend, middle[1])
        words = f"{covered.number} and {refused.number} say opposite things"
        yield Arc(f"M{x1} {y1}Q{by[0]} {by[1]} {x2} {y2}", words, row)
