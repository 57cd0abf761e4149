"""`record_missed_limits`: record every limit that passed without a decision; for a scheduler."""

from typing import Any

from django.core.management import BaseCommand

from reviewer.time import now
from reviewer.workflow.acts.missed_limits import record_missed_limits


class Command(BaseCommand):
    help = "Record limits that passed, as the law sees them. Nothing is decided by it."

    def handle(self, *args: Any, **options: Any) -> None:
        count = record_missed_limits(at=now())
        self.stdout.write(f"Recorded: {count} limit{'' if count == 1 else 's'} that passed")
