"""Releases of code systems: reading a file and loading its lines are apart; a release is whole.

A code is valid for the days that its file states. Where it states none, a code begins with the
release that first has it and ends on the day before the one that no longer does.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256 as digest_of

from django.db import connection, transaction
from django.utils import timezone

from policies.imports.code_files import FORMATS, CodeFile, CodeLine, NotUnderstood
from policies.imports.code_periods import place_codes
from policies.imports.loaded import tell_loaded
from policies.imports.rows import copy_rows
from policies.models import Descriptor, Release
from policies.reading import codes
from policies.refusals import Refused

MOST_NOT_UNDERSTOOD = 0.01  # of a file's lines
NOTICE = "notice of the publisher"
_STEP = 1000
_SHORT = 200
Progress = Callable[[int, int], None]  # how many lines are done, of how many


class Doubtful(Refused):
    """Too many lines of a file were not understood; `lines` are those."""

    def __init__(self, sentence: str, lines: Sequence[NotUnderstood]) -> None:
        super().__init__(sentence)
        self.lines = lines


def load_file(
    data: bytes,
    *,
    format_name: str,
    release_name: str,
    valid_from: date,
    source: str,
    at: datetime,
    is_accepted: bool = False,
    is_own_wording: bool = False,
    progress: Progress | None = None,
) -> tuple[Release, CodeFile[CodeLine]]:
    """Read a file of one of the FORMATS and load it as a release.

    Raises NotACodeFile where it cannot be read; Refused where it is loaded already, where a later
    release is, and where too many lines were not understood and nobody has accepted that.
    """
    kind = FORMATS[format_name]
    sha256 = digest_of(data).hexdigest()
    _refuse_known(kind.system, sha256, valid_from)  # asked first: reading takes a while
    file = kind.read(data)
    refuse_doubtful(file.not_understood, file.count, is_accepted=is_accepted)
    notice = [NotUnderstood(0, file.notice, NOTICE)] if file.notice else []
    release = load_codes(
        file.lines,
        system=kind.system,
        release_name=release_name,
        valid_from=valid_from,
        source=source,
        sha256=sha256,
        at=at,
        file_format=kind.label,
        not_understood=[*notice, *file.not_understood],
        is_own_wording=is_own_wording,
        progress=progress,
    )
    return release, file


def refuse_doubtful(
    not_understood: Sequence[NotUnderstood], count: int, *, is_accepted: bool
) -> None:
    """Raises Doubtful when more of a file is not understood than an editor would overlook."""
    share = len(not_understood) / count if count else 0.0
    if share <= MOST_NOT_UNDERSTOOD or is_accepted:
        return
    first = not_understood[0]
    raise Doubtful(
        f"{len(not_understood):,} of {count:,} lines were not understood, more than 1 %. The"
        f" first is line {first.number}: {first.reason}. Choose the format that"
        " the file has, or accept that these lines are left out.",
        not_understood,
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
    file_format: str = "",
    not_understood: Iterable[NotUnderstood] = (),
    is_own_wording: bool = False,
    progress: Progress | None = None,
) -> Release:
    """Load the lines of one system as a release.

    Raises Refused when these bytes are loaded already, or a later release is.
    """
    with connection.cursor() as cursor:  # loads of codes take turns; reading goes on
        cursor.execute("LOCK TABLE policies_release IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SET LOCAL statement_timeout = '10min'")  # a page's limit is not a load's
    _refuse_known(system, sha256, valid_from)
    release = Release.objects.create(
        system=system,
        name=release_name,
        valid_from=valid_from,
        source=source,
        file_format=file_format,
        is_own_wording=is_own_wording,
        not_understood=[asdict(one) for one in not_understood],
        sha256=sha256,
        loaded_at=at,
    )
    stated = {codes.normalise(row.code): row for row in rows if row.system == system}
    said = _descriptors(system)
    placed = place_codes(release, stated)
    _describe(release, stated, placed, said, progress)
    tell_loaded(release)
    return release


def _refuse_known(system: str, sha256: str, valid_from: date) -> None:
    known = Release.objects.filter(system=system, sha256=sha256).first()
    if known:
        day = timezone.localdate(known.loaded_at)
        raise Refused(
            f"These very bytes were loaded as {known} on {day}: there is nothing to load."
        )
    later = Release.objects.filter(system=system, valid_from__gte=valid_from).first()
    if later:
        raise Refused(
            f"{later} is loaded already, valid from {later.valid_from}: load releases in order."
        )


def _describe(
    release: Release,
    stated: dict[str, CodeLine],
    placed: dict[str, int],
    said: dict[int, tuple[str, str]],
    progress: Progress | None,
) -> None:
    """Store a description where it says something new of its code."""

    def counted() -> Iterable[tuple[str, CodeLine]]:
        for done, one in enumerate(stated.items(), start=1):
            yield one
            if progress and (done % _STEP == 0 or done == len(stated)):
                progress(done, len(stated))

    rows = (
        (placed[key], release.pk, row.short[:_SHORT], row.long)
        for key, row in counted()
        if said.get(placed[key]) != (row.short[:_SHORT], row.long)
    )
    copy_rows(Descriptor, ("code_id", "release_id", "short", "long"), rows)


def _descriptors(system: str) -> dict[int, tuple[str, str]]:
    """What each code means until now."""
    stored = Descriptor.objects.filter(code__system=system)
    in_order = stored.order_by("release__valid_from").values_list("code_id", "short", "long")
    return {code: (short, long) for code, short, long in in_order.iterator()}
