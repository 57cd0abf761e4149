"""How two people change a rule: one proposes with a reason, another approves.

What must always hold stands in the database (migration 0009), which also carries an approved change
out; the checks here say the same in sentences, and that the rules can still be computed by.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import connection

from policies.wording import decided_already
from reviewer.clocks import TABLES
from reviewer.models import RuleChange, RuleRow, RuleTable
from reviewer.workflow.clocks import recompute
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import has_any, require_words, who_may
from reviewer.workflow.rule_book import book, look_again
from reviewer.workflow.rule_checks import book_with
from reviewer.workflow.rule_effects import Effect, Moved, effect_of, lost_by, requests_with_clocks

PROPOSE = "reviewer.add_rulechange"
APPROVE = "reviewer.approve_rulechange"
Row = Mapping[str, str]
LONGEST = 60
ITS_DAY = re.compile(r"\.\d{4}-\d\d-\d\d$")


@verb
def propose_rule_change(
    *, table: str, key: str, row: Row | None, reason: str, by: User, at: datetime
) -> RuleChange:
    """Propose a row with these columns in place of the current one, a new row, or (no row) an end.

    Nothing changes until a second person approves it.
    """
    change = a_change(table=table, key=key, row=row, reason=reason, by=by, at=at)
    return _proposed([change])[0]


@verb
def propose_from_day(
    *, table: str, key: str, row: Row, starts_on: date, reason: str, by: User, at: datetime
) -> RuleChange:
    """Propose that the row ends the day before and another one with these columns takes its place.

    The two changes are decided together; given back is the one that begins.
    """
    ending, beginning = from_day(
        table=table, key=key, row=row, starts_on=starts_on, reason=reason, by=by, at=at
    )
    return _proposed([ending, beginning])[1]


@verb
def approve_rule_change(*, change: RuleChange, by: User, at: datetime) -> RuleChange:
    """Approve what someone else proposed: limits that still run are computed by it at once."""
    _wait_for_turn()
    changes = _locked(change)
    _require(by, APPROVE)
    for one in changes:
        if one.proposed_by_id == by.pk:
            raise Refused(
                f"{by.get_username()} proposed this change, and nobody approves an own change: ask"
                " a second person to approve it."
            )
        _require_difference(one)
    book_with(changes)  # refuses what cannot be read
    before, requests = book(), requests_with_clocks()
    _decide(changes, is_approved=True, by=by, at=at)
    look_again()
    require_limits(lost_by(recompute(requests, at=at, write=True), before=before))
    return next(one for one in changes if one.pk == change.pk)


@verb
def decline_rule_change(*, change: RuleChange, by: User, at: datetime) -> RuleChange:
    """Leave everything as it is; who proposed a change takes it back in this way."""
    changes = _locked(change)
    if any(one.proposed_by_id != by.pk for one in changes):
        _require(by, APPROVE)
    _decide(changes, is_approved=False, by=by, at=at)
    return next(one for one in changes if one.pk == change.pk)


def a_change(
    *, table: str, key: str, row: Row | None, reason: str, by: User, at: datetime
) -> RuleChange:
    """The change as it would be proposed, to tell what it would do."""
    columns = None if row is None else dict(row)
    return RuleChange(
        table=table, key=key, row=columns, reason=reason.strip(), proposed_by=by, proposed_at=at
    )


def from_day(
    *, table: str, key: str, row: Row, starts_on: date, reason: str, by: User, at: datetime
) -> list[RuleChange]:
    """The current row ended the day before, and the row that begins under a name of its own."""
    current = current_row(table, key)
    if current is None or "applies_from" not in current or "applies_to" not in current:
        raise Refused(f"Rows of the table {table} do not begin or end on a day.")
    for column, is_outside in (
        ("applies_from", current["applies_from"] >= starts_on.isoformat()),
        ("applies_to", current["applies_to"] and current["applies_to"] < starts_on.isoformat()),
    ):
        if current[column] and is_outside:
            raise Refused(
                f"{column} of {key} is {current[column]}: the new limit begins on a day on which"
                " the old one holds, and after its first."
            )
    column, new_key = TABLES[table].key, f"{ITS_DAY.sub('', key)}.{starts_on}"
    ended = {**current, "applies_to": (starts_on - timedelta(days=1)).isoformat()}
    begun = {**row, column: new_key, "applies_from": starts_on.isoformat()}
    return [
        a_change(table=table, key=key, row=ended, reason=reason, by=by, at=at),
        a_change(table=table, key=new_key, row=begun, reason=reason, by=by, at=at),
    ]


def effect(changes: Sequence[RuleChange]) -> Effect:
    """What the changes would do to the clocks that go now. Raises Refused as proposing them."""
    for one in changes:
        _require_sense(one)
    return effect_of(book_with(changes))


def made_together(change: RuleChange) -> list[RuleChange]:
    """The change with the one it is decided together with, in the order of their proposal."""
    partner = change.together_with or getattr(change, "partner", None)
    return sorted([change, *([partner] if partner else [])], key=lambda one: one.pk)


def current_row(table: str, key: str) -> dict[str, str] | None:
    found = RuleRow.objects.current().filter(table=table, key=key).first()
    return found.row if found else None


def require_limits(lost: Sequence[Moved]) -> None:
    """Refuse what would leave an open request or appeal without a limit."""
    if lost:
        first = lost[0]
        clocks = "1 open clock" if len(lost) == 1 else f"{len(lost)} open clocks"
        line = first.clock.request.get_line_of_business_display()
        raise Refused(
            f"{clocks} would have no limit any more; so “{first.clock.label}” of a request under"
            f" {line}: {first.why_none} Let a row apply to it."
        )


def _proposed(changes: list[RuleChange]) -> list[RuleChange]:
    _require(changes[0].proposed_by, PROPOSE)
    require_limits(effect(changes).lost)
    for one in changes:
        if RuleChange.objects.filter(table=one.table, key=one.key, decided_at=None).exists():
            raise Refused(
                f"A change of {one.key} is proposed already: approve or decline that first."
            )
    first = None
    for one in changes:
        one.together_with = first
        one.save(force_insert=True)
        first = one
    return changes


def _require_sense(change: RuleChange) -> None:
    if change.table not in RuleTable.values:
        raise Refused(f"There is no table “{change.table}”.")
    if not change.key:
        raise Refused(f"Give the row its name ({TABLES[change.table].key}).")
    if len(change.key) > LONGEST:
        raise Refused(f"The name of a row has at most {LONGEST} characters: shorten {change.key}.")
    require_words(change.reason, "why: the reason stays with the change")
    _require_difference(change)


def _require_difference(change: RuleChange) -> None:
    now = current_row(change.table, change.key)
    if change.row != now:
        return
    if now is None:
        raise Refused(f"There is no row {change.key} that could end.")
    raise Refused(f"{change.key} has these columns already: nothing would change.")


def _require(by: User, permission: str) -> None:
    if not has_any(User.objects.get(pk=by.pk), permission):
        raise Refused(who_may(permission))


def _wait_for_turn() -> None:
    """One approval at a time: each is checked against the rules that the one before left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('reviewer_rulerow', 0))")


def _locked(change: RuleChange) -> list[RuleChange]:
    """The change and its partner as they stand now, locked, or a sentence when it was decided."""
    pks = [one.pk for one in made_together(change)]
    fresh = RuleChange.objects.select_for_update(of=("self",)).select_related("decided_by")
    changes = list(fresh.filter(pk__in=pks).order_by("pk"))
    for one in changes:
        if one.decided_by is not None and one.decided_at is not None:
            who, at = one.decided_by.get_username(), one.decided_at
            raise Refused(decided_already("change", is_approved=one.is_approved, by=who, at=at))
    return changes


def _decide(changes: list[RuleChange], *, is_approved: bool, by: User, at: datetime) -> None:
    for one in changes:
        one.is_approved, one.decided_by, one.decided_at = is_approved, by, at
        one.save(update_fields=["is_approved", "decided_by", "decided_at"])
