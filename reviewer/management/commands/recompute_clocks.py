"""`recompute_clocks`: compute every limit anew and say what is kept otherwise, and why."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from reviewer.models import Request, RuleRow
from reviewer.time import now
from reviewer.workflow.clocks import Difference, recompute
from reviewer.workflow.earlier import start_clocks, without_clock

BATCH = 1000


class Command(BaseCommand):
    help = "Compute every limit from its facts by the rules of today; exits 1 where one differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--write",
            action="store_true",
            help="keep the limits as they are computed now; what earlier versions of a rule said"
            " stays with each clock",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        write, moved, seen = options["write"], 0, 0
        missing = self.start_missing(write=write)
        for pks in batches():
            with transaction.atomic():
                found = requests(pks, write=write)
                differences = recompute(found, at=now(), write=write)
            for clock, group in groupby(differences, key=lambda one: one.clock):
                moved += 1
                self.stdout.write(f"{clock.appeal or clock.request} {clock.label}")
                for difference in group:
                    self.stdout.write(f"  {told(difference)}")
            seen += len(found)
        self.stdout.write(f"{seen} requests, {moved} clocks differ.")
        if moved and write:
            self.stdout.write(
                "Written by the system. No milestone is added: each clock keeps what the earlier"
                " version of its rule had said, and every version of a rule is kept."
            )
        elif moved or missing:
            raise CommandError("What is kept is not what is computed. Run it with --write to mend.")

    def start_missing(self, *, write: bool) -> int:
        """Start clocks of what was entered before they were kept, or count what lacks them."""
        if write:
            objections = start_clocks()
            self.stdout.writelines(f"{one}\n" for one in objections)
            return len(objections)
        if count := without_clock().count():
            self.stdout.write(f"{count} open requests have no clock.")
        return count


def batches() -> Iterator[list[int]]:
    every = list(Request.objects.order_by("pk").values_list("pk", flat=True))
    return (every[first : first + BATCH] for first in range(0, len(every), BATCH))


def requests(pks: list[int], *, write: bool) -> list[Request]:
    found = Request.objects.filter(pk__in=pks).order_by("pk").select_related("coverage")
    return list(found.select_for_update(of=["self"]) if write else found)


def told(difference: Difference) -> str:
    """What differs in words, and by which version of which rule."""
    name = difference.field.removesuffix("_id").replace("_", " ")
    if difference.field == "error":
        return f"nothing can be computed: {difference.computed}"
    if difference.field == "rule_row_id":
        after = difference.after
        return f"rule: {difference.before} -> {after}{reason(after)}"
    return f"{name}: {plain(difference.stored)} -> {plain(difference.computed)}"


def reason(row: RuleRow | None) -> str:
    if row is None:
        return ""
    change = row.change
    if change is None:
        return ", as shipped"
    return f", proposed by {change.proposed_by}, approved by {change.decided_by}: {change.reason}"


def plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo("UTC")).isoformat(timespec="seconds")
    return str(value or "nothing")
