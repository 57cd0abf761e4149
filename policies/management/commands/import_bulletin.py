"""`import_bulletin FILE|FOLDER... [--effective DATE] [--publish]`: bulletins into the library."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from policies import publishing
from policies.imports.ahead import ReadAhead
from policies.imports.bulletins import Imported, import_bulletin
from policies.imports.files import FileRead
from policies.management.arguments import day
from policies.models import Version
from policies.reading import NotABulletin

_LINE = 100


class Command(BaseCommand):
    """Import each file whole or not at all; one that fails does not keep the others out."""

    help = "Store bulletins as drafts, or with --publish as already in force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files",
            nargs="+",
            type=Path,
            metavar="FILE",
            help="a bulletin's file, or a folder of them",
        )
        parser.add_argument(
            "--effective",
            type=day,
            metavar="DATE",
            help="the day from which it is in effect; else the text's own, or not stated",
        )
        parser.add_argument("--publish", action="store_true", help="publish what is imported")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = _files_in(options["files"])
        failures = []
        counts: Counter[str] = Counter()
        is_silent = None if len(paths) > 1 else True
        with ReadAhead(paths) as ahead:
            for path in tqdm(paths, unit="file", disable=is_silent, leave=False):
                try:
                    file = ahead.read(path)
                    imported = _import(file, options["effective"], publish=options["publish"])
                except (NotABulletin, publishing.Refused) as error:
                    failures.append(f"{path} was not imported. {error}")
                    counts["refused"] += 1
                else:
                    self._tell(path, imported)
                    counts["imported" if imported.is_new else "already there"] += 1
        if len(paths) > 1:
            told = ", ".join(f"{count:,} {words}" for words, count in counts.items())
            self.stdout.write(f"{len(paths):,} files: {told}.")
        if failures:
            raise CommandError("\n".join(failures))

    def _tell(self, path: Path, imported: Imported) -> None:
        version = imported.version if imported.is_new else _as_it_stands(imported.version)
        what = f"{version.bulletin.number} version {version.ordinal}, {version.title}"
        where = "is stored" if imported.is_new else "is already there"
        self.stdout.write(f"{path.name}: {what} {where}: {_state(version)}.")
        self.stdout.write(f"Not understood: {len(imported.not_understood)}")
        for one in imported.not_understood:
            text = one.text if len(one.text) <= _LINE else one.text[: _LINE - 1] + "…"
            self.stdout.write(f"  line {one.line}: {one.reason}: {text}")


def _files_in(paths: Sequence[Path]) -> list[Path]:
    """The files that were named, and those of folders that were, but for hidden ones."""
    found = []
    for path in paths:
        if path.is_dir():
            inside = (one for one in path.rglob("*") if one.is_file())
            found += sorted(one for one in inside if not one.name.startswith("."))
        else:
            found.append(path)
    if not found:
        raise CommandError("The folder holds no file: name one with a file for each bulletin.")
    return found


@transaction.atomic
def _import(file: FileRead, effective: date | None, *, publish: bool) -> Imported:
    imported = import_bulletin(
        file.data,
        name=file.name,
        at=timezone.now(),
        flat=file.flat,
        origin=Version.Origin.IMPORT if publish else Version.Origin.LIBRARY,
        effective=effective,
    )
    version = imported.version
    if publish and imported.is_new:
        day = effective or version.effective_stated
        publishing.publish_as_stored(version=version, effective_from=day, at=timezone.now())
    elif publish and version.status == Version.Status.DRAFT:
        _publish(version, effective or version.effective_stated)
    return imported


def _publish(version: Version, effective: date | None) -> None:
    """A draft that a person wrote here goes through a second person; one from a file need not."""
    if version.author_id is not None:
        raise publishing.Refused(
            f"{version.bulletin.number} version {version.ordinal} is a draft of "
            f"{version.author}: have it approved and published in the site."
        )
    if edit := version.edits.select_related("by").first():
        raise publishing.Refused(
            f"{edit.by} wrote into {version.bulletin.number} version {version.ordinal}: have it "
            "approved and published in the site."
        )
    if version.origin != Version.Origin.IMPORT:
        version.origin = Version.Origin.IMPORT
        version.save(update_fields=["origin"])
    publishing.publish(version=version, effective_from=effective, by=None, at=timezone.now())


def _as_it_stands(version: Version) -> Version:
    fresh = Version.objects.select_related("bulletin", "publication")
    return fresh.defer("content", "source_bytes").get(pk=version.pk)


def _state(version: Version) -> str:
    if version.status != Version.Status.PUBLISHED:
        stated = version.effective_stated
        day = f"to be in effect from {stated}" if stated else "its effective date is not stated"
        return f"{version.get_status_display().lower()}, {day}"
    publication = version.publication
    start = publication.effective_from
    since = f"in effect from {start}" if start else "its effective date is not stated"
    end = f", ended on {publication.ended_on}" if publication.ended_on else ""
    return f"published, {since}{end}"
