"""`read_bulletin FILE [--json]`: what the reader makes of a bulletin, without a database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policies.imports.files import read_file
from policies.reading import Document, NotABulletin, read
from policies.reading.document import CodeGroup, Criterion, Section

_LINE = 100


class Command(BaseCommand):
    """Print one bulletin as an outline, or as the JSON object of the specification."""

    help = "Read a bulletin and print its outline, or with --json everything as one object."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        document = _read(options["file"])
        if options["json"]:
            self.stdout.write(json.dumps(document.as_json(), indent=1, ensure_ascii=False))
            return
        for line in outline(document):
            self.stdout.write(line)


def _read(path: Path) -> Document:
    try:
        return read(read_file(path), name=path.name)
    except NotABulletin as error:
        raise CommandError(f"{path} was not read. {error}") from error


def outline(document: Document) -> Iterator[str]:
    """The document for a person: headings, criteria with rules, code groups, doubts."""
    yield f"{document.number} {document.title}"
    for name in ("last_review", "effective", "next_review"):
        day = getattr(document, name)
        yield f"{name.replace('_', ' ')}: {day.isoformat() if day else 'not stated'}"
    yield from _part("Sections", _sections(document.sections, 1))
    yield from _part("Criteria", _criteria(document.criteria, 1))
    yield from _part("Code groups", (_group(one) for one in document.code_groups))
    yield from _part("Legends", (f"  {_short(one)}" for one in document.legends))
    yield ""
    yield f"References: {len(document.references)}"
    yield from _part(
        f"Not understood: {len(document.not_understood)}",
        (f"  line {one.line}: {one.reason}: {_short(one.text)}" for one in document.not_understood),
    )


def _part(heading: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield heading
    yield from lines


def _sections(sections: Iterable[Section], depth: int) -> Iterator[str]:
    for one in sections:
        label = f"{one.label}. " if one.label else ""
        count = f"{len(one.blocks)} blocks" if one.blocks else "empty"
        yield f"{'  ' * depth}{label}{one.heading} [{one.kind}, {count}] #{one.anchor}"
        yield from _sections(one.children, depth + 1)


def _criteria(criteria: Iterable[Criterion], depth: int) -> Iterator[str]:
    for one in criteria:
        label = f"{one.label}. " if one.label else ""
        rule = f"at least {one.at_least}" if one.at_least else one.rule
        shown = f" [{rule}]" if one.children else ""
        yield f"{'  ' * depth}{label}{_short(one.text)}{shown} #{one.anchor}"
        yield from _criteria(one.children, depth + 1)


def _group(group: CodeGroup) -> str:
    scope = f" for {group.scope}" if group.scope else ""
    is_open = ", open list" if group.open_list else ""
    spans = sum(len(row.codes) for row in group.rows)
    return (
        f"  {group.heading}{scope} [{group.system}, {group.stance}{is_open}]: "
        f"{len(group.rows)} rows, {spans} codes and ranges"
    )


def _short(text: str) -> str:
    line = text.replace("\n", " / ")
    return line if len(line) <= _LINE else line[: _LINE - 1] + "…"
