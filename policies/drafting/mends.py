"""Mends of single lines of a draft's source, and the reading that follows from them.

The file stays as it came; each mend is a row, and the newest of a line counts. Every mend is read
at once, so a version always says what its file and its mends say.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import DataError, transaction

from policies.drafting.carrying import Carried
from policies.drafting.edits import note_edit
from policies.drafting.rereading import replace_reading
from policies.imports.bulletins import unfit
from policies.models import Mend, Version
from policies.publishing import Refused
from policies.reading import Document, NotABulletin
from policies.reading.mending import LineMend, read_mended
from policies.reading.source_lines import SourceLine, source_lines

LONGEST_REASON = 300


@transaction.atomic
def mend_line(
    *,
    version: Version,
    line: int,
    after: str,
    reason: str,
    by: User,
    at: datetime,
    before: str | None = None,
    seen: int | None = None,
) -> Version:
    """Read a line in other words, from now on. Line breaks in `after` make several lines of it.

    `before`: the words of the line, where several blocks of a page share its number. `seen`: the id
    of the mend that the editor had in view, 0 for none; another one meanwhile is not overwritten.
    Raises Refused; then nothing has changed.
    """
    if not after.strip():
        raise Refused(f"Line {line} would have no words: set it aside, with a reason.")
    locked, source = _locked(version), _source_line(version, line, before)
    last = _last(locked, source, seen)
    is_read = last is None or not last.is_set_aside
    if is_read and after == (last.after if last else source.raw):
        raise Refused(f"Line {line} reads so already: change its words, or leave it.")
    return _mended(locked, source, after=after, is_set_aside=False, reason=reason, by=by, at=at)


@transaction.atomic
def set_aside_line(
    *,
    version: Version,
    line: int,
    reason: str,
    by: User,
    at: datetime,
    before: str | None = None,
    seen: int | None = None,
) -> Version:
    """Leave a line out of the reading, because it carries nothing; as `mend_line` otherwise."""
    locked, source = _locked(version), _source_line(version, line, before)
    last = _last(locked, source, seen)
    if last is not None and last.is_set_aside:
        raise Refused(f"Line {line} is set aside already.")
    return _mended(locked, source, after="", is_set_aside=True, reason=reason, by=by, at=at)


@transaction.atomic
def accept_line(
    *,
    version: Version,
    line: int,
    reason: str,
    by: User,
    at: datetime,
    before: str | None = None,
    seen: int | None = None,
) -> Version:
    """Say of a line that was placed with a doubt that it is read rightly; as `mend_line` otherwise.

    It stays reported, with who accepted it and why.
    """
    locked, source = _locked(version), _source_line(version, line, before)
    last = _last(locked, source, seen)
    if last is not None and last.is_set_aside:
        raise Refused(f"Line {line} is set aside: read it as it came first.")
    if last is not None and last.is_accepted:
        raise Refused(f"Line {line} is accepted already.")
    words = last.after if last else source.raw
    facts = {"is_set_aside": False, "is_accepted": True}
    return _mended(locked, source, after=words, reason=reason, by=by, at=at, **facts)


@transaction.atomic
def take_back_mend(
    *,
    version: Version,
    line: int,
    by: User,
    at: datetime,
    reason: str = "Taken back.",
    before: str | None = None,
    seen: int | None = None,
) -> Version:
    """Read a line in the words of the file again; what was mended stays in the history."""
    locked, source = _locked(version), _source_line(version, line, before)
    last = _last(locked, source, seen)
    is_plain = last is None or not (last.is_set_aside or last.is_accepted)
    if last is None or (is_plain and last.after == source.raw):
        raise Refused(f"Line {line} is read as it stands in the file: there is no mend of it.")
    return _mended(
        locked, source, after=source.raw, is_set_aside=False, reason=reason, by=by, at=at
    )


@transaction.atomic
def read_again(*, version: Version, by: User, at: datetime) -> Version:
    """Read the source, as mended, anew; what people settled stays where the text is the same.

    Raises Refused when it no longer reads as this bulletin; then nothing has changed.
    """
    locked = _locked(version)
    note_edit(version=locked, what="Read the source again.", by=by, at=at)
    return _read_into(locked)


def reading_as_mended(version: Version) -> Document:
    """The document that the file and its mends make up. Raises NotABulletin."""
    data = bytes(version.source_bytes)
    return read_mended(data, name=version.source_name, mends=line_mends(version))


def line_mends(version: Version) -> list[LineMend]:
    """The mends of a version in the order in which they were made."""
    return [
        LineMend(one.line, one.before, one.after, one.is_set_aside)
        for one in version.mends.order_by("id")
    ]


def _mended(
    version: Version,
    source: SourceLine,
    *,
    after: str,
    is_set_aside: bool,
    reason: str,
    by: User,
    at: datetime,
    is_accepted: bool = False,
) -> Version:
    Mend.objects.create(
        version=version,
        line=source.number,
        before=source.raw,
        after=after,
        is_set_aside=is_set_aside,
        is_accepted=is_accepted,
        reason=_reason(source.number, reason),
        by=by,
        at=at,
    )
    if is_set_aside or is_accepted:
        verb = "Set aside" if is_set_aside else "Accepted"
    else:
        verb = "Took back the mend of" if after == source.raw else "Mended"
    what = f"{verb} line {source.number}: {reason.strip()}"
    note_edit(version=version, what=what, by=by, at=at)
    return _read_into(version)


def _read_into(version: Version) -> Version:
    try:
        document = reading_as_mended(version)
    except NotABulletin as error:
        raise Refused(f"So the source no longer reads as a bulletin. {error}") from error
    number = version.bulletin.number
    if document.number != number:
        raise Refused(
            f"So the source would be bulletin {document.number}, and this is a version of "
            f"{number}: leave its number as it is, or import the text under the other number."
        )
    try:
        replace_reading(version, document, Carried(version))
    except DataError as error:
        raise Refused(unfit(error)) from error
    return version


def _locked(version: Version) -> Version:
    fresh = Version.objects.select_for_update(of=("self",)).select_related("bulletin")
    locked = fresh.get(pk=version.pk)
    if locked.is_frozen:
        raise Refused(
            f"{locked} is published and never changes: import the corrected text as a new version."
        )
    return locked


def _source_line(version: Version, number: int, before: str | None) -> SourceLine:
    numbered = [
        one
        for one in source_lines(bytes(version.source_bytes))
        if one.number == number and not one.left_out and not one.states_date
    ]
    found = [one for one in numbered if before is None or one.raw == before]
    if not found:
        raise Refused(f"Line {number} of {version.source_name} is not read by its words.")
    if len({one.raw for one in found}) > 1:
        raise Refused(f"Line {number} of {version.source_name} has several blocks: say which.")
    return found[0]


def _last(version: Version, source: SourceLine, seen: int | None) -> Mend | None:
    mends = version.mends.filter(line=source.number, before=source.raw)
    last = mends.select_related("by").order_by("-id").first()
    if seen is not None and seen != (last.pk if last else 0):
        assert last is not None
        raise Refused(_meanwhile(last))
    return last


def _meanwhile(last: Mend) -> str:
    who = last.by.get_full_name() or last.by.get_username()
    if last.is_set_aside:
        done = "set it aside"
    elif last.is_accepted:
        done = "accepted it as it is read"
    elif last.after == last.before:
        done = "put the words of the file back"
    else:
        done = f"mended it to “{last.after.strip()}”"
    return (
        f"While you wrote, {who} {done} ({last.reason.rstrip('.')}). What you typed is kept here: "
        "compare the two, and save again if yours is to stand."
    )


def _reason(number: int, reason: str) -> str:
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Refused(
            f"Say in at most {LONGEST_REASON} characters why line {number} is read otherwise: "
            "the reason is kept with it."
        )
    return words
