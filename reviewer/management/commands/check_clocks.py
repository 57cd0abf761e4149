"""`check_clocks FILE.jsonl`: run worked examples of deadlines and show every disagreement."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection

from reviewer.clocks import ClockError, RuleBook, shipped_book
from reviewer.clocks.checking import Disagreement, Example, check
from reviewer.clocks.moments import in_words, zone_named
from reviewer.models import RuleRow
from reviewer.workflow import rule_book

DISAGREES, UNREADABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Run worked examples of deadlines, one JSON object a line, by the rules of the database."
        " Exits 1 where an example disagrees or a line cannot be read, 2 where the file cannot."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.jsonl")
        parser.add_argument(
            "--shipped", action="store_true", help="by the rules as shipped, not the database's"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']}: {error}", returncode=UNREADABLE) from error
        kept = None if options["shipped"] else book_of_the_database()
        book, source = kept or shipped_book(), "of the database" if kept else "as shipped"
        counts = {"agree": 0, "disagree": 0, "unreadable": 0}
        for said, lines in self._checked(text, book):
            counts[said] += 1
            for line in lines:
                self.stdout.write(line)
        self.stdout.write(
            f"{counts['agree'] + counts['disagree']} examples, {counts['agree']} agree, "
            f"{counts['disagree']} disagree; {counts['unreadable']} unreadable lines; "
            f"rules {book.version} ({source})"
        )
        if counts["disagree"] or counts["unreadable"]:
            raise SystemExit(DISAGREES)

    def _checked(self, text: str, book: RuleBook) -> Iterator[tuple[str, list[str]]]:
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                example = Example.from_json(_object(line))
            except ClockError as error:
                yield "unreadable", [f"line {number}: {error}", ""]
                continue
            found = check(example, book)
            yield ("disagree", list(described(found, number))) if found else ("agree", [])


def book_of_the_database() -> RuleBook | None:
    """The current rows, where there is a database that has any."""
    if RuleRow._meta.db_table not in connection.introspection.table_names():
        return None
    return rule_book.book() if RuleRow.objects.exists() else None


def _object(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except ValueError as error:
        raise ClockError(f"it is no JSON: {error}") from error
    if not isinstance(data, dict):
        raise ClockError("it is no JSON object")
    return data


def described(found: Disagreement, number: int) -> Iterator[str]:
    """Both sides of a disagreement: what the example says, what we say, and how we came to it."""
    example = found.example
    cited = f" ({example.citation})" if example.citation else ""
    yield f"line {number}, {example.id}, {example.rule_id}{cited}"
    if example.note:
        yield f"  the example says: {example.note}"
    if found.selected:
        yield f"  rule: expected {example.rule_id}, the scope selects {found.selected}"
    if found.wrong:
        expected = json.dumps(dict(example.expect), default=str, ensure_ascii=False)
        yield f"  expected {expected}"
        yield f"  ours: {found.wrong}"
    for one in found.differences:
        yield f"  {one}"
    zone = zone_named(example.zone)
    for event in example.timeline.happened:
        yield f"  event {in_words(event.instant, zone)}: {event.event.type}"
    for step in found.derivation:
        yield f"  step  {step.sentence} [{step.citation}]"
    yield ""
