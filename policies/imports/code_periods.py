"""From when to when codes are valid, once a release has stated what it states.

What is over stays as it was: a code that comes again is another row, and so is one whose header
became billable, since that changes what may be submitted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from policies.imports.code_files import CodeLine
from policies.imports.rows import copy_rows, reserved_ids
from policies.models import Code, Release
from policies.reading import codes

_DAY = timedelta(days=1)
_BATCH = 500
_COLUMNS = (
    "id", "system", "key", "display", "valid_from", "valid_to", "is_billable", "is_add_on",
    "successor_id",
)  # fmt: skip


class Known(NamedTuple):
    """A code's newest row before the release."""

    pk: int
    valid_from: date
    valid_to: date | None
    is_billable: bool
    is_add_on: bool
    successor: int | None
    is_only: bool


class Period(NamedTuple):
    valid_from: date
    valid_to: date | None


@dataclass(slots=True)
class _Plan:
    """What has to be written: rows that begin, and rows whose facts change."""

    begins: dict[str, Period] = field(default_factory=dict)
    changed: dict[int, Known] = field(default_factory=dict)
    replaced: dict[int, str] = field(default_factory=dict)  # a row, by the new one of its key


def place_codes(release: Release, stated: dict[str, CodeLine]) -> dict[str, int]:
    """End, begin and change codes by what a release states; gives the row of each key."""
    known = _known(release.system)
    plan = _Plan()
    for key, line in stated.items():
        _place(plan, key, line, known.get(key), release.valid_from)
    gone = [row for key, row in known.items() if key not in stated]
    _end(plan, [row for row in gone if _goes_on(row, release.valid_from)], release.valid_from)
    new = zip(plan.begins, reserved_ids(Code, len(plan.begins)), strict=True)
    placed = {key: known[key].pk for key in stated if key in known} | dict(new)
    successors = _successors(release.system, stated, placed)
    copy_rows(Code, _COLUMNS, _begun(release, stated, placed, plan, successors))
    _change(plan, {placed[key]: pk for key, pk in successors.items()}, placed, known)
    return placed


def _end(plan: _Plan, gone: Iterable[Known], first: date) -> None:
    """End codes that a release no longer has; one that was only to begin later never was."""
    never = []
    for row in gone:
        if row.valid_from >= first:
            never.append(row.pk)
        else:
            plan.changed[row.pk] = row._replace(valid_to=first - _DAY)
    if never:
        Code.objects.filter(successor__in=never).update(successor=None)
        Code.objects.filter(pk__in=never).delete()


def _place(plan: _Plan, key: str, line: CodeLine, row: Known | None, first: date) -> None:
    """Decide what one line means for the newest row of its code."""
    if row is None:
        plan.begins[key] = Period(line.valid_from or first, line.valid_to)
    elif not _goes_on(row, first):
        if line.valid_to is None or line.valid_to >= first:
            plan.begins[key] = Period(_again(line, row, first), line.valid_to)
        else:
            _carry_on(plan, line, row)
    elif line.valid_from and line.valid_from > row.valid_from:
        _end_and_begin(plan, key, row, Period(line.valid_from, line.valid_to))
    elif line.is_billable != row.is_billable and row.valid_from < first:
        _end_and_begin(plan, key, row, Period(first, line.valid_to))
        plan.replaced[row.pk] = key
    else:
        _carry_on(plan, line, row)


def _goes_on(row: Known, first: date) -> bool:
    return row.valid_to is None or row.valid_to >= first


def _again(line: CodeLine, row: Known, first: date) -> date:
    """The day a code that had ended begins again: the stated one where it comes after the end."""
    stated = line.begins_again or line.valid_from
    return stated if stated and row.valid_to and stated > row.valid_to else first


def _end_and_begin(plan: _Plan, key: str, row: Known, period: Period) -> None:
    last_day = period.valid_from - _DAY
    plan.changed[row.pk] = row._replace(valid_to=min(row.valid_to or last_day, last_day))
    plan.begins[key] = period


def _carry_on(plan: _Plan, line: CodeLine, row: Known) -> None:
    """The row stays; its days become those that the file states, if it states any."""
    begin = row.valid_from
    if line.valid_from and row.is_only:
        begin = min(begin, line.valid_from)
    now = row._replace(
        valid_from=begin,
        valid_to=max(line.valid_to, begin) if line.valid_to else None,
        is_billable=line.is_billable,
        is_add_on=line.is_add_on,
    )
    if now != row:
        plan.changed[row.pk] = now


def _known(system: str) -> dict[str, Known]:
    """The newest row of each key."""
    in_order = Code.objects.filter(system=system).order_by("key", "valid_from")
    rows = in_order.values_list(
        "key", "pk", "valid_from", "valid_to", "is_billable", "is_add_on", "successor"
    )
    newest: dict[str, Known] = {}
    for key, pk, begin, end, is_billable, is_add_on, successor in rows.iterator():
        is_only = key not in newest
        newest[key] = Known(pk, begin, end, is_billable, is_add_on, successor, is_only)
    return newest


def _successors(system: str, stated: dict[str, CodeLine], placed: dict[str, int]) -> dict[str, int]:
    """The rows that codes are succeeded by, where a row of that code is there."""
    named = {key: codes.normalise(line.successor) for key, line in stated.items() if line.successor}
    elsewhere = Code.objects.exclude(system=system).filter(
        key__in=set(named.values()) - set(placed)
    )
    known = dict(elsewhere.order_by("valid_from").values_list("key", "pk")) | placed
    return {key: known[one] for key, one in named.items() if one in known}


def _begun(
    release: Release,
    stated: dict[str, CodeLine],
    placed: dict[str, int],
    plan: _Plan,
    successors: dict[str, int],
) -> Iterator[tuple[object, ...]]:
    """The new rows, as `_COLUMNS` names their values."""
    for key, (begin, end) in plan.begins.items():
        line = stated[key]
        facts = (line.is_billable, line.is_add_on, successors.get(key))
        yield placed[key], release.system, key, line.code.upper(), begin, end, *facts


def _change(
    plan: _Plan,
    successors: dict[int, int],
    placed: dict[str, int],
    known: dict[str, Known],
) -> None:
    """Write the changed rows, and the successors of rows that were there before."""
    replaced = {pk: placed[key] for pk, key in plan.replaced.items()}
    before = {row.pk: row for row in known.values()}
    for pk, successor in (successors | replaced).items():
        row = plan.changed.get(pk) or before.get(pk)
        if row and row.successor != successor:
            plan.changed[pk] = row._replace(successor=successor)
    Code.objects.bulk_update(
        _models(plan.changed.values()),
        ["valid_from", "valid_to", "is_billable", "is_add_on", "successor"],
        batch_size=_BATCH,
    )


def _models(rows: Iterable[Known]) -> list[Code]:
    return [
        Code(
            pk=row.pk,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            is_billable=row.is_billable,
            is_add_on=row.is_add_on,
            successor_id=row.successor,
        )
        for row in rows
    ]
