"""The CSV file of an authorization list: its rows, or every line that has to be mended."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise, product

from policies.imports.authorization.cells import (
    Unclear,
    codes_of,
    day_of,
    lines_of,
    note_of,
    plans_of,
    requirement_of,
    states_of,
)
from policies.imports.authorization.columns import table_of
from policies.imports.authorization.rows import Fault, Key, Listed, NotAList, refuse

Cells = dict[str, str]
Track = Callable[[Iterable[tuple[int, Cells]]], Iterable[tuple[int, Cells]]]


def read_list(data: bytes, *, begins: date | None = None, track: Track = iter) -> list[Listed]:
    """The rows of a file. `begins`: the first day of rows that state none. `track` sees every
    line pass, to tell how far it is. Raises NotAList with all that is wrong."""
    rows: list[Listed] = []
    faults: list[Fault] = []
    for number, cells in track(table_of(data)):
        try:
            rows += _listed(number, cells, begins)
        except Unclear as unclear:
            told = str(unclear)
            faults.append(Fault(number, told[:1].upper() + told[1:]))
    faults += _clashes(rows)
    if faults:
        raise NotAList(sorted(faults, key=lambda one: one.line))
    if not rows:
        raise refuse("The file names its columns and has no row: choose the one with the list.")
    return rows


def _listed(number: int, cells: Cells, begins: date | None) -> Iterator[Listed]:
    if set(cells) == {""}:
        raise Unclear(f"it has {cells['']}: put text with commas between quotation marks.")
    held = codes_of(cells.get("low", ""), cells.get("high", ""), cells.get("system", ""))
    requirement = requirement_of(cells.get("requirement", ""))
    first = day_of(cells.get("valid_from", ""), "the first day") or begins
    last = day_of(cells.get("valid_to", ""), "the last day")
    if first is None:
        raise Unclear("it states no first day: fill valid_from, or give a day for all such rows.")
    if last and last < first:
        raise Unclear(f"the last day {last} is before the first, {first}: check both.")
    note = note_of(cells.get("note", ""))
    whose = product(
        lines_of(cells.get("line_of_business", "")),
        plans_of(cells.get("plan", "")),
        states_of(cells.get("state", "")),
    )
    for line, plan, state in whose:
        yield Listed(
            number, **held, requirement=requirement, line_of_business=line, plan=plan, state=state,
            valid_from=first, valid_to=last, note=note,
        )  # fmt: skip


def _clashes(rows: Iterable[Listed]) -> Iterator[Fault]:
    """Rows about the same codes and people whose days overlap: which of them counts?"""
    by_key: dict[Key, list[Listed]] = defaultdict(list)
    for row in rows:
        by_key[row.key].append(row)
    for same in by_key.values():
        for one, other in pairwise(sorted(same, key=lambda row: (row.valid_from, row.line))):
            if one.valid_to is None or one.valid_to >= other.valid_from:
                yield Fault(
                    max(one.line, other.line),
                    f"It speaks of the same codes, people and days as line"
                    f" {min(one.line, other.line):,}: keep one, or give the earlier its last day.",
                )
