"""`import_authorization_list FILE --name NAME`: a CSV file into the authorization list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from policies.imports.authorization import (
    MAX_BYTES,
    Difference,
    NotAList,
    preview_list,
    store_list,
)
from policies.management.arguments import bytes_of, day

_SHOWN = 20


class Command(BaseCommand):
    """Store the rows of a file, whole or not at all; every line to be mended is named."""

    help = "Store which codes need prior authorization or notification, from a CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--name", required=True, help="the document that the rows come from")
        parser.add_argument(
            "--begins", type=day, metavar="DATE", help="the first day of rows that state none"
        )
        parser.add_argument(
            "--replaces-from",
            type=day,
            metavar="DATE",
            help="end on the day before every row that the file does not repeat; else it adds",
        )
        parser.add_argument("--preview", action="store_true", help="tell what would be stored")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        days = {"begins": options["begins"], "replaces_from": options["replaces_from"]}
        try:
            data = bytes_of(path, most=MAX_BYTES)
            with tqdm(unit="line", disable=None, leave=False) as bar:
                track = _Counting(bar)
                if options["preview"]:
                    self._tell(preview_list(data, **days, track=track))
                    self.stdout.write("Nothing was stored.")
                    return
                source, made = store_list(
                    data, name=options["name"], file_name=path.name, **days,
                    by=None, at=timezone.now(), track=track,
                )  # fmt: skip
        except NotAList as error:
            raise CommandError(f"{path} was not stored.\n{error}") from error
        self._tell(made)
        self.stdout.write(f"“{source}” is stored.")

    def _tell(self, made: Difference) -> None:
        for row in made.begin[:_SHOWN]:
            self.stdout.write(f"+ {row.printed}: {row.requirement}, from {row.valid_from}")
        for ending in made.end[:_SHOWN]:
            self.stdout.write(f"- {ending.rule}, ends on {ending.last}")
        more = max(0, len(made.begin) - _SHOWN) + max(0, len(made.end) - _SHOWN)
        if more:
            self.stdout.write(f"  and {more:,} more.")
        self.stdout.write(made.sentence)


class _Counting:
    """Lines as they pass, counted on a bar."""

    def __init__(self, bar: Any) -> None:
        self.bar = bar

    def __call__(self, lines: Any) -> Any:
        for line in lines:
            self.bar.update()
            yield line
