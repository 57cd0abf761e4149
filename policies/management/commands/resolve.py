"""`resolve NUMBER|CODE [--line L] [--state S] [--service D] [--received D] [--processed D]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policies.code_resolver import resolve_code
from policies.management.arguments import day
from policies.models import Bulletin, LineOfBusiness
from policies.resolver import Governing, Occasion, governing_version


class Command(BaseCommand):
    """What is not given is not stated, and nothing is guessed."""

    help = "Say which version of a bulletin, or of those that name a code, governs, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("subject", metavar="NUMBER|CODE", help="of a bulletin, or a code")
        parser.add_argument("--line", default="", choices=LineOfBusiness.values, metavar="LINE",
                            help=f"of business: {', '.join(LineOfBusiness.values)}")  # fmt: skip
        parser.add_argument("--state", default="", help="the jurisdiction, by its two letters")
        parser.add_argument("--service", type=day, metavar="DATE", help="the date of service")
        parser.add_argument("--received", type=day, metavar="DATE", help="the date of receipt")
        parser.add_argument("--processed", type=day, metavar="DATE", help="of processing")

    def handle(self, *args: Any, **options: Any) -> None:
        occasion = Occasion(
            line_of_business=options["line"],
            jurisdiction=options["state"].upper(),
            service_on=options["service"],
            received_on=options["received"],
            processed_on=options["processed"],
        )
        answers = _answers(options["subject"], occasion)
        if not answers:
            raise CommandError(
                f"No bulletin has the number {options['subject']}, and no published version names "
                "such a code: check its characters."
            )
        for sentence, governing in answers:
            self.stdout.write(sentence)
            for miss in governing.untold_misses:
                self.stdout.write(f"  Near miss: {miss.sentence}")


def _answers(subject: str, occasion: Occasion) -> list[tuple[str, Governing]]:
    bulletin = Bulletin.objects.filter(number=subject).first()
    if bulletin is not None:
        governing = governing_version(bulletin, occasion)
        return [(governing.sentence, governing)]
    return [(one.sentence, one.governing) for one in resolve_code(subject, occasion)]
