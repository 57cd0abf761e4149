"""NCCI's files of add-on codes into the database: each is the whole list of its program."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256 as digest_of

from django.db import connection, transaction
from django.utils import timezone

from policies.imports.code_files import CodeFile
from policies.imports.code_files.ncci_add_ons import AddOnLine, read_add_ons
from policies.imports.code_sets import refuse_doubtful
from policies.imports.loaded import tell_add_ons_loaded
from policies.imports.rows import insert_rows
from policies.models import AddOnEdit, AddOnFile
from policies.refusals import Refused


@transaction.atomic
def load_add_ons(
    data: bytes,
    *,
    program: str,
    name: str,
    valid_from: date,
    source: str,
    at: datetime,
    is_accepted: bool = False,
) -> tuple[AddOnFile, CodeFile[AddOnLine]]:
    """Read a file and load it.

    Raises NotACodeFile where it cannot be read; Refused where it is loaded already, where a later
    one is, and where too many lines were not understood and nobody has accepted that.
    """
    with connection.cursor() as cursor:  # loads take turns; reading goes on
        cursor.execute("LOCK TABLE policies_addonfile IN SHARE ROW EXCLUSIVE MODE")
    sha256 = digest_of(data).hexdigest()
    _refuse_known(program, sha256, valid_from)
    read = read_add_ons(data)
    refuse_doubtful(read.not_understood, read.count, is_accepted=is_accepted)
    file = AddOnFile.objects.create(
        program=program,
        name=name,
        valid_from=valid_from,
        source=source,
        sha256=sha256,
        not_understood=[asdict(one) for one in read.not_understood],
        loaded_at=at,
    )
    insert_rows(_edits(file, read))
    tell_add_ons_loaded(file)
    return file, read


def _refuse_known(program: str, sha256: str, valid_from: date) -> None:
    files = AddOnFile.objects.filter(program=program)
    known = files.filter(sha256=sha256).first()
    if known:
        day = timezone.localdate(known.loaded_at)
        raise Refused(
            f"These very bytes were loaded as {known} on {day}: there is nothing to load."
        )
    later = files.filter(valid_from__gte=valid_from).first()
    if later:
        raise Refused(
            f"{later} is loaded already, valid from {later.valid_from}: load files in order."
        )


def _edits(file: AddOnFile, read: CodeFile[AddOnLine]) -> Iterator[AddOnEdit]:
    for line in read.lines:
        yield AddOnEdit(
            file=file,
            add_on=line.add_on,
            primary=line.primary,
            kind=line.kind,
            effective_from=line.effective_from,
            effective_to=line.effective_to,
            note=line.note,
        )
