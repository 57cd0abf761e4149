"""`load_demonstration`: fill an empty database with invented people and requests, once."""

from typing import Any

from django.core.management import BaseCommand

from reviewer.database import as_owner
from reviewer.demonstration.loading import load
from reviewer.time import now


class Command(BaseCommand):
    help = "Load the demonstration's library, people and requests; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            count = load(at=now())
        self.stdout.write(f"The demonstration holds {count} requests")
