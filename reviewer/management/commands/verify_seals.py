"""`verify_seals`: compare the record with its seals; exits 1 where something was changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from reviewer.models import Seal
from reviewer.seals import faults_of


class Command(BaseCommand):
    help = "Compare the record with its seals and say what was changed; exits 1 on any change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--last", default="", metavar="HASH", help="a seal's hash that was kept elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        seals = Seal.objects.select_related("previous").order_by("id")
        faults = 0
        for fault in faults_of(seals.iterator(), last=options["last"]):
            faults += 1
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"The record is not what was sealed: {faults} faults.")
        self.stdout.write(f"{seals.count()} seals agree with the record.")
