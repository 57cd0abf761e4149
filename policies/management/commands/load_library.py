"""`load_library [--on DATE]`: the bulletins and codes of the demonstration, once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from policies.imports.demonstration import load_library
from policies.management.arguments import day
from policies.publishing import Refused


class Command(BaseCommand):
    """Load what `policies/demo` holds."""

    help = "Load the demonstration bulletins and the codes they name, with dates around today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=day, help="the day from which dates count (today)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = load_library(on=options["on"] or timezone.localdate(), at=timezone.now())
        except Refused as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if made:
            self.stdout.write(f"The library is loaded: {len(made)} versions are new.")
        else:
            self.stdout.write("The library is already there: nothing was changed.")
