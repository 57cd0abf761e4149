"""The table: what was measured, against which floor, and whether the bar is met."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.bench.measuring import Times

HEADINGS = ("", "p50", "p95", "p99", "ratio", "at best", "queries", "bar", "met", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `times` or `value` says how much; `is_met` is None where there is no bar.

    `ratio` is of the medians; `at_best` is of the 10th percentiles, which hold still where other
    programs share the machine.
    """

    subject: str
    times: Times | None = None
    value: str = ""
    ratio: float | None = None
    at_best: float | None = None
    bar: str = ""
    is_met: bool | None = None
    note: str = ""
    queries: int | None = None

    def cells(self) -> tuple[str, ...]:
        met = {True: "yes", False: "NO", None: "" if not self.bar else "-"}[self.is_met]
        return (
            self.subject,
            duration(self.times.p50) if self.times else self.value,
            duration(self.times.p95) if self.times else "",
            duration(self.times.p99) if self.times else "",
            multiple(self.ratio),
            multiple(self.at_best),
            "" if self.queries is None else str(self.queries),
            self.bar,
            met,
            self.note,
        )


def against(
    floor: Times, subject: str, times: Times, most: float | None = None, *, note: str = ""
) -> Row:
    """A row whose bar, if it has one, is a multiple of the floor: met by the median and at best."""
    ratio, at_best = times.p50 / floor.p50, times.p10 / floor.p10
    if most is None:
        return Row(subject, times, ratio=ratio, at_best=at_best, note=note)
    is_met = max(ratio, at_best) <= most
    return Row(subject, times, "", ratio, at_best, f"<= {most:g} x", is_met, note)


def at_most(subject: str, ratio: float, most: float, *, note: str = "") -> Row:
    """A row for a ratio by itself."""
    return Row(subject, ratio=ratio, bar=f"<= {most:g} x", is_met=ratio <= most, note=note)


def multiple(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f} x"


def absent(subject: str, bar: str = "", note: str = "there is no such page yet") -> Row:
    return Row(subject, value="not measured", bar=bar, note=note)


def duration(seconds: float) -> str:
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.2f} ms"
    return f"{seconds:.1f} s"


def show(title: str, rows: Sequence[Row]) -> None:
    print_table(title, HEADINGS, [row.cells() for row in rows], figures=6)


def print_table(
    title: str, headings: Sequence[str], lines: Iterable[Sequence[str]], *, figures: int = 4
) -> None:
    """Columns as wide as they must be. After the first come columns of figures, set right."""
    table = [tuple(headings), *map(tuple, lines)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    print(f"\n{title}")
    for cells in table:
        padded = [
            cell.rjust(width) if 0 < at <= figures else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        print("  ".join(padded).rstrip(), flush=True)


def summary(rows: Iterable[Row]) -> str:
    rows = list(rows)
    met = sum(row.is_met is True for row in rows)
    missed = [row.subject for row in rows if row.is_met is False]
    unmeasured = sum(row.is_met is None and bool(row.bar) for row in rows)
    said = f"{met} bars met, {len(missed)} missed, {unmeasured} not measured"
    return f"{said}: {'; '.join(missed)}" if missed else said
