"""Django's `migrate`, as the role that owns the tables."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError
from django.core.management.commands import migrate


class Command(migrate.Command):
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)  # type: ignore[arg-type]
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        if os.environ.get("DATABASE_URL") and not os.environ.get("DATABASE_OWNER_URL"):
            raise CommandError("Set DATABASE_OWNER_URL too: the role that owns the tables")
        super().handle(*args, **options)
