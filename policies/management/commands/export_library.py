"""`export_library [--table NAME] [--on DATE] [--bulletin NUMBER] [--ordinal N]`, to stdout."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policies.exports import TABLES, csv_lines, json_lines, published_versions
from policies.management.arguments import day


class Command(BaseCommand):
    """Write published versions as JSON lines, or one table of them as CSV."""

    help = "Write the published library as JSON lines, or with --table as CSV, to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--table", choices=TABLES, help="CSV of this table instead")
        parser.add_argument(
            "--on", type=day, metavar="DATE", help="only what is in effect on that day"
        )
        parser.add_argument("--bulletin", metavar="NUMBER", help="only this bulletin")
        parser.add_argument("--ordinal", type=int, metavar="N", help="only its version N")

    def handle(self, *args: Any, **options: Any) -> None:
        versions = published_versions(on=options["on"])
        if options["bulletin"]:
            versions = versions.filter(bulletin__number=options["bulletin"])
        if options["ordinal"] is not None:
            versions = versions.filter(ordinal=options["ordinal"])
        if not versions.exists():
            raise CommandError("No published version is what was asked for: nothing was written.")
        table = options["table"]
        lines = csv_lines(versions, table) if table else json_lines(versions)
        for line in lines:
            self.stdout.write(line, ending="")
