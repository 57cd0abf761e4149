"""`compare NUMBER BEFORE AFTER [--json]`: what changed between two versions of a bulletin."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policies.comparison import Comparison, Effect, Override, compare, editions_of
from policies.comparison.parts import CodeTable, Part
from policies.comparison.reclassified import reclassified, said_of
from policies.comparison.statements import Row
from policies.comparison.words import Run
from policies.models import Version

Facts = dict[str, Any]


class Command(BaseCommand):
    """Print the changes by class, then the text and the codes side by side in one line each."""

    help = "Compare two versions of a bulletin: text, criteria and codes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="NUMBER")
        parser.add_argument(
            "before",
            type=int,
            metavar="BEFORE",
            help="usually the earlier version",
        )
        parser.add_argument(
            "after", type=int, metavar="AFTER", help="the version to compare with it"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        number, before, after = options["number"], options["before"], options["after"]
        found = Version.objects.filter(bulletin__number=number).order_by("ordinal")
        versions = {one.ordinal: one for one in found.defer("source_bytes")}
        there = ", ".join(map(str, versions)) or "none"
        missing = [str(one) for one in (before, after) if one not in versions]
        if missing:
            words = " and no version ".join(missing)
            raise CommandError(f"{number} has no version {words}. There are: {there}.")
        if before == after:
            raise CommandError(f"Name two different versions. There are: {there}.")
        old, new = versions[before], versions[after]
        said = said_of((old, new)).select_related("by")
        compared = reclassified(compare(*editions_of(old, new)), said).comparison
        if options["json"]:
            self.stdout.write(json.dumps(_facts(number, compared), indent=1, ensure_ascii=False))
            return
        for line in _report(number, compared):
            self.stdout.write(line)


def _facts(number: str, compared: Comparison) -> Facts:
    return {
        "bulletin": number,
        "before": compared.before.ordinal,
        "after": compared.after.ordinal,
        "counts": {str(effect): count for effect, count in compared.counts.items()},
        "changes": [
            {
                "part": one.part.title,
                "place": one.place,
                "anchor": one.row_id,
                "class": str(one.change.effect),
                "rule": one.change.words,
                "by_rule": str(
                    one.change.override.by_rule if one.change.override else one.change.effect
                ),
                "override": _override(one.change.override),
            }
            for one in compared.noted
        ],
        "parts": [_part(one) for one in compared.parts],
    }


def _override(said: Override | None) -> Facts | None:
    if said is None:
        return None
    return {
        "by_rule": str(said.by_rule),
        "by": said.by,
        "at": said.at.isoformat(),
        "reason": said.reason,
    }


def _part(part: Part) -> Facts:
    return {
        "title": part.title,
        "was": part.was_title,
        "fate": part.fate,
        "statements": [_row(one) for one in part.rows],
        "facts": [
            {"name": one.name, "before": one.before, "after": one.after} for one in part.facts
        ],
        "code_tables": [_table(one) for one in part.tables],
    }


def _row(row: Row) -> Facts:
    return {
        "fate": row.fate,
        "before": {"place": row.places[0], "text": [_redlined(one, "-") for one in row.before]},
        "after": {"place": row.places[1], "text": [_redlined(one, "+") for one in row.after]},
        "changes": [one.sentence for one in row.changes],
    }


def _table(table: CodeTable) -> Facts:
    return {
        "heading": table.heading,
        "scope": table.scope,
        "lines": [
            {
                "fate": line.fate,
                "before": line.before,
                "after": line.after,
                "stances": line.stances,
                "description": {
                    "before": _redlined(line.description.before, "-"),
                    "after": _redlined(line.description.after, "+"),
                },
                "notes": line.notes,
                "changes": [one.sentence for one in line.changes],
            }
            for line in (*table.changed, *table.kept)
        ],
    }


def _redlined(runs: Sequence[Run], sign: str) -> str:
    """The runs as text, what changed in brackets: "[-in the chart-]", "[+with a measure+]"."""
    return "".join(f"[{sign}{run.text}{sign}]" if run.is_changed else run.text for run in runs)


def _report(number: str, compared: Comparison) -> Iterator[str]:
    yield f"{number} version {compared.before.ordinal} and version {compared.after.ordinal}"
    yield ", ".join(f"{count} {effect}" for effect, count in compared.counts.items())
    for effect in Effect:
        for one in compared.of(effect):
            yield f"  {one.change.sentence}  ({one.part.title}, {one.place})"
            if said := one.change.override:
                yield f"    {said.by_rule} by rule; {said.by} on {said.at:%Y-%m-%d}: {said.reason}"
    for part in compared.parts:
        if part.count:
            yield ""
            yield part.title
            yield from _lines(part)


def _lines(part: Part) -> Iterator[str]:
    for fact in part.facts:
        yield f"  {fact.name}: {fact.before} -> {fact.after}"
    for row in part.rows:
        if row.fate == "kept" and not row.changes:
            continue
        yield f"  {row.fate} {row.places[1] or row.places[0]} {f'({row.note})' if row.note else ''}"
        yield from (f"    - {_redlined(runs, '-')}" for runs in row.before)
        yield from (f"    + {_redlined(runs, '+')}" for runs in row.after)
    for table in part.tables:
        for line in table.changed:
            before, after = (codes or "not listed" for codes in (line.before, line.after))
            yield f"  {before} -> {after} ({table.heading})"
            yield from (f"    {note}" for note in line.notes)
