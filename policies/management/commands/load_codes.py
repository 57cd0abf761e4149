"""`load_codes FORMAT FILE --name NAME --valid-from DATE [--accept]`: a release of codes, whole."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from policies.imports.code_files import FORMATS, NotACodeFile
from policies.imports.code_sets import load_file
from policies.imports.files import read_code_file
from policies.management.arguments import day
from policies.management.releases import bar, tell
from policies.refusals import Refused


class Command(BaseCommand):
    """Load a publisher's file as a release, or nothing of it."""

    help = "Load a publisher's file of codes as a release: the whole file, or nothing of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "format",
            choices=FORMATS,
            metavar="FORMAT",
            help=", ".join(f"{name} ({kind.label})" for name, kind in FORMATS.items()),
        )
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--name", required=True, help="as its publisher names it: “FY2027”")
        parser.add_argument(
            "--valid-from", required=True, type=day, metavar="DATE", help="its first day"
        )
        parser.add_argument(
            "--accept",
            action="store_true",
            help="load it although more than 1 %% of its lines are not understood and left out",
        )
        parser.add_argument(
            "--own-wording",
            action="store_true",
            help="the descriptors are your own, not the publisher's",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with bar() as progress:
                release, file = load_file(
                    read_code_file(options["file"]),
                    format_name=options["format"],
                    release_name=options["name"],
                    valid_from=options["valid_from"],
                    source=options["file"].name,
                    at=timezone.now(),
                    is_accepted=options["accept"],
                    is_own_wording=options["own_wording"],
                    progress=progress,
                )
        except (NotACodeFile, Refused) as error:
            raise CommandError(f"{options['file']} was not loaded. {error}") from error
        tell(self.stdout, release, file)
