"""Releases of code systems: reading a file and loading its rows are apart; a release is whole.

Codes that a later release no longer has end on the day before it; a descriptor is stored only
where it says something new.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO

from django.db import connection, transaction

from policies.imports.rows import insert_rows, reserved_ids
from policies.models import Code, Descriptor, Release
from policies.reading import codes

_COLUMNS = {"system", "code", "short", "long", "billable", "add_on"}


class NotACodeFile(ValueError):
    """The file cannot be loaded; `str()` is one sentence for the person at hand."""


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One code as a file states it."""

    system: str
    code: str
    short: str
    long: str = ""
    is_billable: bool = True
    is_add_on: bool = False


def read_codes(data: bytes) -> Iterator[CodeLine]:
    """The lines of a CSV file with the columns system, code, short, long, billable, add_on."""
    table = csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""))
    missing = _COLUMNS - set(table.fieldnames or ())
    if missing:
        raise NotACodeFile(f"The file lacks the column {sorted(missing)[0]}: add it.")
    for row in table:
        yield CodeLine(
            row["system"],
            row["code"],
            row["short"],
            row["long"],
            is_billable=row["billable"] == "1",
            is_add_on=row["add_on"] == "1",
        )


@transaction.atomic
def load_codes(
    rows: Iterable[CodeLine],
    *,
    system: str,
    release_name: str,
    valid_from: date,
    source: str,
    sha256: str,
    at: datetime,
) -> Release:
    """Load the rows of one system as a release, or find the release that these bytes made.

    Raises NotACodeFile when a later release is loaded already.
    """
    with connection.cursor() as cursor:  # loads of codes take turns; reading goes on
        cursor.execute("LOCK TABLE policies_release IN SHARE ROW EXCLUSIVE MODE")
    known = Release.objects.filter(system=system, sha256=sha256).first()
    if known:
        return known
    later = Release.objects.filter(system=system, valid_from__gte=valid_from).first()
    if later:
        raise NotACodeFile(
            f"{later} is loaded already, valid from {later.valid_from}: load releases in order."
        )
    release = Release.objects.create(
        system=system,
        name=release_name,
        valid_from=valid_from,
        source=source,
        sha256=sha256,
        loaded_at=at,
    )
    stated = {codes.normalise(row.code): row for row in rows if row.system == system}
    _load(release, stated)
    return release


def _load(release: Release, stated: dict[str, CodeLine]) -> None:
    going_on = Code.objects.filter(system=release.system, valid_to__isnull=True)
    known = dict(going_on.values_list("key", "pk"))
    last_day = release.valid_from - timedelta(days=1)
    gone = [pk for key, pk in known.items() if key not in stated]
    Code.objects.filter(pk__in=gone).update(valid_to=last_day)
    new = [key for key in stated if key not in known]
    known |= zip(new, reserved_ids(Code, len(new)), strict=True)
    insert_rows(_code(release, known[key], key, stated[key]) for key in new)
    said = _descriptors(release.system)
    insert_rows(
        Descriptor(code_id=known[key], release=release, short=row.short[:200], long=row.long)
        for key, row in stated.items()
        if said.get(known[key]) != (row.short[:200], row.long)
    )


def _descriptors(system: str) -> dict[int, tuple[str, str]]:
    """What each code that goes on means until now."""
    stored = Descriptor.objects.filter(code__system=system, code__valid_to__isnull=True)
    in_order = stored.order_by("release__valid_from").values_list("code_id", "short", "long")
    return {code: (short, long) for code, short, long in in_order}


def _code(release: Release, pk: int, key: str, row: CodeLine) -> Code:
    return Code(
        pk=pk,
        system=release.system,
        key=key,
        display=row.code.upper(),
        valid_from=release.valid_from,
        is_billable=row.is_billable,
        is_add_on=row.is_add_on,
    )
