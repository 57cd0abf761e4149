"""An authorization list into the library: shown first, then stored whole or not at all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from hashlib import sha256

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import Q

from policies.imports.authorization.difference import Difference, difference
from policies.imports.authorization.reading import Track, read_list
from policies.imports.authorization.rows import Listed, refuse
from policies.imports.rows import insert_rows, reserved_ids
from policies.models import AuthorizationList, AuthorizationRule
from policies.refusals import Refused


def preview_list(
    data: bytes,
    *,
    begins: date | None = None,
    replaces_from: date | None = None,
    track: Track = iter,
) -> Difference:
    """What a file would do; nothing is stored. Raises NotAList with all that is wrong."""
    known = AuthorizationList.objects.filter(sha256=sha256(data).hexdigest()).first()
    if known:
        raise refuse(
            f"This very file was stored on {known.entered_at:%Y-%m-%d} as “{known}”: nothing of it"
            " is new."
        )
    rows = read_list(data, begins=begins, track=track)
    first = replaces_from or min(row.valid_from for row in rows)
    open_rules = Q(valid_to__isnull=True) | Q(valid_to__gte=first)
    stored = AuthorizationRule.objects.filter(open_rules).select_related("source")
    return difference(rows, stored, replaces_from=replaces_from)


@transaction.atomic
def store_list(
    data: bytes,
    *,
    name: str,
    file_name: str,
    begins: date | None = None,
    replaces_from: date | None = None,
    shown: str = "",
    by: User | None,
    at: datetime,
    track: Track = iter,
) -> tuple[AuthorizationList, Difference]:
    """Store a file. `shown`: the digest of the difference that a person has seen.

    Raises NotAList, and Refused where the rows have changed since that person looked.
    """
    with connection.cursor() as cursor:  # lists are stored in turns; reading goes on
        cursor.execute("LOCK TABLE policies_authorizationrule IN SHARE ROW EXCLUSIVE MODE")
    made = preview_list(data, begins=begins, replaces_from=replaces_from, track=track)
    if shown and shown != made.digest:
        raise Refused("The rows have changed since this was shown: look at it again.")
    source = AuthorizationList.objects.create(
        name=name,
        file_name=file_name,
        sha256=sha256(data).hexdigest(),
        entered_at=at,
        entered_by=by,
    )
    _end(made, source, by, at)
    _begin(made.begin, source, by, at)
    if by:
        insert_rows([_entry(source, ADDITION, f"Stored: {made.sentence}", by, at)])
    return source, made


def _end(made: Difference, source: AuthorizationList, by: User | None, at: datetime) -> None:
    by_day: dict[date, list[int]] = defaultdict(list)
    for one in made.end:
        by_day[one.last].append(one.rule.pk)
    for last, rules in by_day.items():
        AuthorizationRule.objects.filter(pk__in=rules).update(valid_to=last)
    if by:
        insert_rows(
            _entry(one.rule, CHANGE, f"Ended on {one.last}, as “{source}” has it.", by, at)
            for one in made.end
        )


def _begin(
    rows: Sequence[Listed], source: AuthorizationList, by: User | None, at: datetime
) -> None:
    ids = reserved_ids(AuthorizationRule, len(rows))
    begun = [_rule(row, source, pk) for row, pk in zip(rows, ids, strict=True)]
    insert_rows(begun)
    if by:
        entries: Iterable[LogEntry] = (
            _entry(rule, ADDITION, f"Stored with “{source}”, line {row.line}.", by, at)
            for rule, row in zip(begun, rows, strict=True)
        )
        insert_rows(entries)


def _rule(row: Listed, source: AuthorizationList, pk: int) -> AuthorizationRule:
    return AuthorizationRule(
        pk=pk, source=source, system=row.system, low=row.low, high=row.high, lower=row.lower,
        upper=row.upper, requirement=row.requirement, line_of_business=row.line_of_business,
        plan=row.plan, state=row.state, valid_from=row.valid_from, valid_to=row.valid_to,
        note=row.note,
    )  # fmt: skip


def _entry(one: models.Model, flag: int, message: str, by: User, at: datetime) -> LogEntry:
    """A line of the admin's history."""
    return LogEntry(
        action_time=at,
        user=by,
        content_type=ContentType.objects.get_for_model(one),
        object_id=str(one.pk),
        object_repr=str(one)[:200],
        action_flag=flag,
        change_message=message,
    )
