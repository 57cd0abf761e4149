"""What a new list does to the rows that are there.

A row that it repeats goes on. A row that it changes ends on the day before, and another begins. A
list that replaces also ends what it no longer names; one that adds leaves it alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256

from policies.authorization import whom
from policies.imports.authorization.rows import Fault, Key, Listed, NotAList, key_of
from policies.models import AuthorizationRule

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ending:
    """A stored row and its new last day; the day before it begins, where it never will."""

    rule: AuthorizationRule
    last: date

    @property
    def whom(self) -> str:
        return whom(self.rule)

    @property
    def is_withdrawn(self) -> bool:
        return self.last < self.rule.valid_from


@dataclass(slots=True)
class Difference:
    """Rows that begin, rows that end, and rows of which nothing changes."""

    begin: list[Listed] = field(default_factory=list)
    end: list[Ending] = field(default_factory=list)
    go_on: int = 0  # rows of the file that are there already
    past: int = 0  # rows of the file that were over before the day from which it replaces
    stay: list[AuthorizationRule] = field(default_factory=list)  # begin later than a new row

    @property
    def digest(self) -> str:
        """What a preview showed, to tell whether it still holds when it is stored."""
        begin = [f"{row.line} {row.key} {row.valid_from}" for row in self.begin]
        end = [f"{one.rule.pk} {one.last}" for one in self.end]
        return sha256("\n".join([*begin, "", *end]).encode()).hexdigest()

    @property
    def sentence(self) -> str:
        """ "12 rows begin, 3 end, 40 go on unchanged." """
        begin, end = _rows(len(self.begin), "begins", "begin"), len(self.end)
        ends = f"{end:,} {'ends' if end == 1 else 'end'}"
        on = f"{self.go_on:,} {'goes' if self.go_on == 1 else 'go'} on unchanged"
        return f"{begin}, {ends}, {on}."


def difference(
    rows: Sequence[Listed], stored: Iterable[AuthorizationRule], *, replaces_from: date | None
) -> Difference:
    """What the rows of a file do to the stored ones; withdrawn ones are of no account.

    Raises NotAList where a row cannot begin without another being lost.
    """
    made = Difference()
    by_key: dict[Key, list[AuthorizationRule]] = defaultdict(list)
    for rule in stored:
        if not rule.is_withdrawn:
            by_key[key_of(rule)].append(rule)
    faults: list[Fault] = []
    touched: set[int] = set()
    for row in _meant(rows, replaces_from, made):
        same = by_key.get(row.key, [])
        if replaces_from:
            _replace(row, same, made, touched, replaces_from)
        else:
            faults += _add(row, same, made)
    if faults:
        raise NotAList(faults)
    if replaces_from:
        everything = [rule for same in by_key.values() for rule in same]
        _end_the_rest(everything, made, touched, replaces_from)
    return made


def _meant(rows: Sequence[Listed], replaces_from: date | None, made: Difference) -> list[Listed]:
    """The rows as they count: from the day on which the list replaces."""
    if replaces_from is None:
        return list(rows)
    meant = []
    for row in rows:
        if row.valid_to and row.valid_to < replaces_from:
            made.past += 1
        elif row.valid_from < replaces_from:
            meant.append(row.beginning(replaces_from))
        else:
            meant.append(row)
    return meant


def _add(row: Listed, same: Sequence[AuthorizationRule], made: Difference) -> list[Fault]:
    """A row of a list that adds: others of its codes and people end, but for what lasts longer."""
    overlapping = sorted(
        (rule for rule in same if _overlap(rule, row)), key=lambda rule: rule.valid_from
    )
    alike = [one for one in overlapping if row.says_as(one) and one.valid_from <= row.valid_from]
    if alike and _goes_on(alike[-1], row, made):
        return []
    for rule in overlapping:
        if rule in alike:
            row = row.beginning((rule.valid_to or row.valid_from) + DAY)
        elif rule.valid_from > row.valid_from:
            made.stay.append(rule)
        elif not _is_longer(rule, row):
            made.end.append(Ending(rule, row.valid_from - DAY))
        elif rule.valid_from == row.valid_from:
            return [_same_day(row, rule)]
    made.begin.append(row)
    return []


def _replace(
    row: Listed,
    same: Sequence[AuthorizationRule],
    made: Difference,
    touched: set[int],
    replaces_from: date,
) -> None:
    """A row of a list that replaces: the one it repeats goes on, the rest ends afterwards."""
    for rule in same:
        counts_from = max(rule.valid_from, replaces_from)
        if not _overlap(rule, row) or not row.says_as(rule) or counts_from != row.valid_from:
            continue
        if rule.pk in touched:
            continue
        touched.add(rule.pk)
        if _goes_on(rule, row, made):
            return
        assert rule.valid_to is not None
        row = row.beginning(rule.valid_to + DAY)
        break
    made.begin.append(row)


def _end_the_rest(
    stored: Iterable[AuthorizationRule], made: Difference, touched: set[int], replaces_from: date
) -> None:
    for rule in stored:
        is_over = rule.valid_to is not None and rule.valid_to < replaces_from
        if rule.pk not in touched and not is_over:
            made.end.append(Ending(rule, max(rule.valid_from, replaces_from) - DAY))


def _goes_on(rule: AuthorizationRule, row: Listed, made: Difference) -> bool:
    """Whether a stored row that says the same does for the new one, its end perhaps sooner."""
    if rule.valid_to == row.valid_to:
        made.go_on += 1
        return True
    if _is_longer(rule, row):
        assert row.valid_to is not None
        made.end.append(Ending(rule, row.valid_to))
        return True
    return False


def _overlap(rule: AuthorizationRule, row: Listed) -> bool:
    starts = rule.valid_to is None or row.valid_from <= rule.valid_to
    return starts and (row.valid_to is None or rule.valid_from <= row.valid_to)


def _is_longer(rule: AuthorizationRule, row: Listed) -> bool:
    """Whether a stored row lasts beyond the new one."""
    if row.valid_to is None:
        return False
    return rule.valid_to is None or rule.valid_to > row.valid_to


def _same_day(row: Listed, rule: AuthorizationRule) -> Fault:
    return Fault(
        row.line,
        f"{row.printed} begins on {row.valid_from} as a row of “{rule.source}” does, which lasts"
        " longer and says otherwise: give this row a later first day, or end that one first.",
    )


def _rows(number: int, verb: str, verbs: str) -> str:
    return f"1 row {verb}" if number == 1 else f"{number:,} rows {verbs}"
