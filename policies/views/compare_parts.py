"""The parts of a comparison as the page sets them: rows folded, codes described, changes told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from policies.comparison import CodeTable, Comparison, Noted, Part
from policies.comparison.descriptors import Described, Key, keys_of
from policies.comparison.effects import Override
from policies.comparison.parts import line_id, row_id
from policies.comparison.statements import Row
from policies.comparison.tables import CodeLine

FATES = {"kept": "as before", "logic": "logic changed", "edited": "in the same words"}
# The stylesheet draws four fates; the others are ways of being reworded.
DRAWN = {"new": "new", "gone": "gone", "kept": "kept", "edited": "kept"}
SHORT = 120  # characters: a lone passage no longer than that is shown although it is as before
FEW = 3  # codes of a line whose descriptors are all shown; of more only those that differ


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with what the template needs of it."""

    row: Row
    id: str
    css: str
    fate: str
    absent: str


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows in a run: one that changed, or several that are as before."""

    rows: tuple[Shown, ...]
    is_folded: bool

    @property
    def extent(self) -> str:
        places = [one.row.places[1] for one in self.rows]
        count = f"{len(places)} as before"
        return (
            f"{count}: {places[0]} to {places[-1]}" if len(places) > 1 else f"{count}: {places[0]}"
        )


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of codes with its anchor and what the code sets say of its codes."""

    line: CodeLine
    id: str
    described: tuple[Described, ...]


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table of codes; `otherwise` are codes as before that a release describes otherwise."""

    table: CodeTable
    changed: tuple[LineShown, ...]
    otherwise: tuple[Described, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of the summary, for every place of a part that it holds for."""

    sentence: str
    part: Part
    places: tuple[Noted, ...]
    override: Override | None


def told(noted: Sequence[Noted]) -> list[Told]:
    """The changes of one class, those of a part with the same sentence together."""
    places: dict[tuple[str, str, Override | None], list[Noted]] = {}
    for one in noted:
        key = (one.part.anchor, one.change.words, one.change.override)
        places.setdefault(key, []).append(one)
    return [
        Told(words, some[0].part, tuple(some), override)
        for (_, words, override), some in places.items()
    ]


def parts_shown(
    compared: Comparison, described: Mapping[Key, Described]
) -> list[tuple[Part, list[Fold], list[TableShown]]]:
    return [(part, _folds(part), _tables(part, described)) for part in compared.parts]


def _tables(part: Part, described: Mapping[Key, Described]) -> list[TableShown]:
    return [
        TableShown(
            table,
            tuple(
                LineShown(line, line_id(number, place), _worth_saying(line, described))
                for place, line in enumerate(table.changed, 1)
            ),
            tuple(_differing(table.kept, described)),
        )
        for number, table in enumerate(part.tables, 1)
    ]


def _worth_saying(line: CodeLine, described: Mapping[Key, Described]) -> tuple[Described, ...]:
    found = [described[key] for key in keys_of(line) if key in described]
    return tuple(one for one in found if one.differs or len(found) <= FEW)


def _differing(lines: Iterable[CodeLine], described: Mapping[Key, Described]) -> list[Described]:
    keys = dict.fromkeys(key for line in lines for key in keys_of(line) if key in described)
    return [described[key] for key in keys if described[key].differs]


def _folds(part: Part) -> list[Fold]:
    """The rows of a part; what is as before is folded where it is long or many."""
    made = []
    for is_kept, group in groupby(
        part.rows, key=lambda row: row.fate == "kept" and not row.changes
    ):
        rows = [_shown(row) for row in group]
        if not is_kept:
            made += [Fold((one,), is_folded=False) for one in rows]
            continue
        length = sum(len(run.text) for one in rows for side in one.row.after for run in side)
        made.append(Fold(tuple(rows), is_folded=len(rows) > 1 or length > SHORT))
    return made


def _shown(row: Row) -> Shown:
    is_criterion = row.kind == "item" and row.is_criterion
    noun = "criterion" if is_criterion else {"paragraph": "passage"}.get(row.kind, row.kind)
    return Shown(
        row=row,
        id=row_id(row),
        css=DRAWN.get(row.fate, "reworded"),
        fate=FATES.get(row.fate, row.fate),
        absent=f"No such {noun}.",
    )
