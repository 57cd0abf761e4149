"""Django's `flush`, as the role that owns the tables."""

from argparse import ArgumentParser

from django.core.management.commands import flush


class Command(flush.Command):
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)  # type: ignore[arg-type]
        parser.set_defaults(database="owner")
