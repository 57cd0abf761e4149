"""`enter_requests FILE --by USER`: many requests from a CSV file, each whole or not at all."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from policies.management.arguments import bytes_of
from reviewer.forms.intake_rows import told
from reviewer.intake_csv import MOST_BYTES, NotRequests
from reviewer.intake_runs import Tell, foreseen, go_on
from reviewer.models import IntakeFile, Reviewer
from reviewer.time import now
from reviewer.workflow.errors import Refused
from reviewer.workflow.intake_files import receive_file, rows_of, start_entering

FOREVER: Final = float("inf")


class Command(BaseCommand):
    help = (
        "Enter the requests of a CSV file as a person who may. A run that was interrupted goes on"
        " where it stood, and nothing is entered twice. Exits 1 where a request is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--by", required=True, metavar="USER", help="the account under which they are entered"
        )
        parser.add_argument(
            "--preview", action="store_true", help="tell what would happen, and enter nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path, by = options["file"], person(options["by"])
        try:
            data = bytes_of(path, most=MOST_BYTES)
            file = receive_file(data=data, name=path.name, by=by, at=now())
            with bar(file.row_count, "looking through") as tell:
                while not file.is_checked:
                    go_on(file, seconds=FOREVER, by=by, tell=tell)
            if options["preview"]:
                self._foretell(file)
                return
            if file.started_at is None:
                start_entering(file=file, by=by, at=now())
            with bar(file.row_count, "entering") as tell:
                go_on(file, seconds=FOREVER, by=by, tell=tell)
        except (Refused, NotRequests) as error:
            raise CommandError(f"{path}: {error}") from error
        self._report(file)

    def _foretell(self, file: IntakeFile) -> None:
        wrong = [fault for one in foreseen(file, rows_of(file)) for fault in one.faults]
        for fault in wrong:
            self.stdout.write(told(fault))
        bad = sum(1 for one in file.checked if one["faults"])
        self.stdout.write(f"{file.row_count} requests, {bad} to mend. Nothing was entered.")

    def _report(self, file: IntakeFile) -> None:
        refused = file.rows.filter(request=None)
        for sentences in refused.filter(earlier=None).values_list("refused", flat=True):
            self.stdout.write(sentences)
        before = refused.filter(earlier__isnull=False).count()
        entered, bad = file.rows.exclude(request=None).count(), refused.count() - before
        self.stdout.write(
            f"{file.row_count} requests: {entered} entered, {before} entered before from another"
            f" file, {bad} refused."
        )
        if bad:
            raise CommandError(
                f"Mend what is refused: {file.get_absolute_url()}/to-mend.csv has it as a file."
            )


def person(username: str) -> Reviewer:
    try:
        return Reviewer.objects.select_related("user").get(user__username=username)
    except Reviewer.DoesNotExist:
        raise CommandError(f"Nobody here signs in as {username}.") from None


@contextmanager
def bar(total: int, words: str) -> Iterator[Tell]:
    """A bar on a terminal, nothing elsewhere."""
    with tqdm(total=total, desc=words, unit="request", disable=None, leave=False) as shown:

        def tell(done: int) -> None:
            shown.update(done - shown.n)

        yield tell
