"""`fuzz [FILE ...] [--seconds N | --count N] [--seed N]`: bulletins spoilt at random, and read.

Each must give a document or a refusal with its sentence, in a time that its size bounds.
"""

import random
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policies.reading.mutation import Tally, mutated, outcome

BULLETINS = Path(__file__).resolve().parents[2] / "demo" / "bulletins"
_MOST_SHOWN = 20


class Command(BaseCommand):
    """Spoil bulletins at random and report what the reader made of them."""

    help = "Spoil bulletins at random and read them; only documents and refusals may come."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="bulletins to begin with")
        parser.add_argument("--seconds", type=float, default=60)
        parser.add_argument("--count", type=int, help="how many files, however long that takes")
        parser.add_argument("--seed", type=int, help="repeat an earlier run")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = options["files"] or sorted(BULLETINS.iterdir())
        try:
            whole = [path.read_bytes() for path in paths]
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
        seed = options["seed"] if options["seed"] is not None else random.randrange(2**32)  # noqa: S311
        tally = self._run(whole, seed, options["seconds"], options["count"])
        self.stdout.write(
            f"{tally.files:,} files ({tally.bytes / 1e6:,.0f} MB, seed {seed}): "
            f"{tally.read:,} read, {tally.refused:,} refused, {len(tally.faults):,} faults; "
            f"longest {tally.longest:.2f} s"
        )
        for sentence, count in tally.sentences.most_common():
            self.stdout.write(f"  {count:,} x {sentence}")
        for fault in tally.faults[:_MOST_SHOWN]:
            self.stderr.write(fault)
        if tally.faults:
            raise CommandError(f"The reader failed on {len(tally.faults):,} files.")

    def _run(self, whole: list[bytes], seed: int, seconds: float, count: int | None) -> Tally:
        tally = Tally()
        until = time.monotonic() + seconds
        number = 0
        while number < count if count else time.monotonic() < until:
            chance = random.Random(f"{seed}-{number}")  # noqa: S311
            how, data = mutated(chance, whole)
            tally.add(f"case {seed}-{number} ({how}, {len(data):,} bytes)", outcome(data))
            number += 1
        return tally
