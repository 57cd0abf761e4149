"""`load_add_ons PROGRAM FILE --name NAME --valid-from DATE [--accept]`: NCCI's add-on codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from policies.imports.add_ons import load_add_ons
from policies.imports.code_files import NotACodeFile
from policies.imports.files import read_code_file
from policies.management.releases import add_arguments, tell_not_understood
from policies.models.add_ons import Program
from policies.refusals import Refused


class Command(BaseCommand):
    """Load a file as the whole list of its program, or nothing of it."""

    help = "Load NCCI's file of add-on codes, as text or as a spreadsheet: whole, or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("program", choices=Program.values, metavar="PROGRAM")
        add_arguments(parser, named="2026 Q4")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file, read = load_add_ons(
                read_code_file(options["file"]),
                program=options["program"],
                name=options["name"],
                valid_from=options["valid_from"],
                source=options["file"].name,
                at=timezone.now(),
                is_accepted=options["accept"],
            )
        except (NotACodeFile, Refused) as error:
            raise CommandError(f"{options['file']} was not loaded. {error}") from error
        codes = len({line.add_on for line in read.lines})
        self.stdout.write(f"{file}: {codes:,} add-on codes in {len(read.lines):,} lines.")
        for remark in read.remarks:
            self.stdout.write(remark)
        tell_not_understood(self.stdout, read.not_understood)
