"""`seal_record`: seal what was written since the last seal; for a scheduler."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import OperationalError

from reviewer.database import as_owner
from reviewer.seals import seal_record


class Command(BaseCommand):
    help = "Seal the record, and print the seal's hash: keep it where this database cannot reach."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with as_owner():
                made = seal_record()
        except OperationalError as error:
            raise CommandError(
                f"The record is busy; nothing was sealed. Run it again. ({error})"
            ) from error
        for seal in made:
            rows = sum(batch["rows"] for batch in seal.tables.values())
            self.stdout.write(f"{seal}: {rows} rows, {seal.sha256}")
        if not made:
            self.stdout.write("Nothing was written since the last seal.")
