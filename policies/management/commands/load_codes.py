"""`load_codes FORMAT FILE --name NAME --valid-from DATE [--accept]`: a release of codes, whole."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from policies.imports.code_files import FORMATS, NotACodeFile
from policies.imports.code_sets import load_file
from policies.imports.files import read_code_file
from policies.management.releases import add_arguments, bar, tell
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
        add_arguments(parser, named="FY2027")
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
