"""Folders of bulletins: kept first, then imported file by file, each whole or not at all.

What waits is in the database, so a run goes on after an interruption where it stood, and two who
carry it on at once share the files out between them.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from policies.imports.bulletins import Imported, import_bulletin
from policies.models import ImportFile, ImportRun
from policies.reading import NotABulletin

Outcome = ImportFile.Outcome
MOST_FILES = 2_000
MOST_BYTES = 256 * 1024 * 1024
logger = logging.getLogger(__name__)


class FolderRefused(Exception):
    """A folder that cannot be taken; `str()` is a sentence: what is wrong and what to do."""


@transaction.atomic
def start_run(
    *,
    name: str,
    files: Iterable[tuple[str, bytes]],
    options: dict[str, Any],
    by: User,
    at: datetime,
) -> ImportRun:
    """Keep the files of a folder, in the order of their names; nothing is imported yet.

    `options` go to `import_bulletin` with every file: category, effective_basis,
    lines_of_business, jurisdictions, change_note. Raises FolderRefused.
    """
    found = sorted(files)
    if not found:
        raise FolderRefused("The folder holds no file: choose one with a file for each bulletin.")
    if len(found) > MOST_FILES:
        raise FolderRefused(
            f"The folder holds {len(found):,} files and a run at most {MOST_FILES:,}: split it."
        )
    if (size := sum(len(data) for _, data in found)) > MOST_BYTES:
        raise FolderRefused(
            f"The files hold {size:,} bytes together and a run at most {MOST_BYTES:,}: split it."
        )
    run = ImportRun.objects.create(name=name[:200], options=options, by=by, started_at=at)
    ImportFile.objects.bulk_create(
        [
            ImportFile(
                run=run,
                position=position,
                name=file_name[-300:],
                data=data,
                sha256=sha256(data).hexdigest(),
            )
            for position, (file_name, data) in enumerate(found, start=1)
        ],
        batch_size=50,
    )
    return run


def import_waiting(run: ImportRun, *, seconds: float, at: datetime) -> int:
    """Import files that wait, for so long; returns how many were done. At least one is, if any."""
    began = monotonic()
    done = 0
    while _import_next(run, at=at):
        done += 1
        if monotonic() - began >= seconds:
            break
    return done


@transaction.atomic
def _import_next(run: ImportRun, *, at: datetime) -> bool:
    """One file and its outcome, in one transaction. False where none waits for us."""
    waiting = run.files.filter(outcome=Outcome.WAITING).order_by("position")
    file = waiting.select_for_update(skip_locked=True).first()
    if file is None:
        return False
    try:
        with transaction.atomic():
            _note(file, _import(file, run, at=at))
    except NotABulletin as error:
        file.outcome, file.reason = Outcome.REFUSED, str(error)
    except Exception:
        logger.exception("File %s of import run %s failed", file.position, run.pk)
        file.outcome = Outcome.REFUSED
        file.reason = (
            "Benchbook failed on this file, and nothing of it was stored. The failure is in the"
            " site's log: tell those who run the site, with the number of this run."
        )
    file.done_at = at
    file.save()
    return True


def _import(file: ImportFile, run: ImportRun, *, at: datetime) -> Imported:
    name = file.name.rpartition("/")[2]
    return import_bulletin(bytes(file.data), name=name, at=at, author=run.by, **run.options)


def _note(file: ImportFile, imported: Imported) -> None:
    """What became of it. The version keeps the file's bytes from here on."""
    file.outcome = Outcome.DRAFT if imported.is_new else Outcome.KNOWN
    file.version = imported.version
    file.not_understood_count = len(imported.not_understood)
    file.data = b""
