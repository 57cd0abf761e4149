"""`look_up CODE... [--diagnosis CODE] [--on DATE] [--json]`: what the bulletins say of codes."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from policies.answers import as_json
from policies.code_help import Kind, explain
from policies.hits import Hit
from policies.look_up import Answer as CodeAnswer
from policies.look_up import look_up
from policies.look_up_form import LookUpForm
from policies.management.arguments import day
from policies.models import LineOfBusiness

Facts = dict[str, Any]


class Command(BaseCommand):
    """One code alone: every row that names it. Otherwise the answer for a request."""

    help = "Look codes up in the bulletins, alone or together with diagnoses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="+", metavar="CODE")
        parser.add_argument(
            "--diagnosis", action="append", default=[], metavar="CODE", help="may be repeated"
        )
        parser.add_argument("--on", type=day, metavar="DATE", help="the date of service (today)")
        parser.add_argument(
            "--received", type=day, metavar="DATE", help="the date of receipt (the day of --on)"
        )
        parser.add_argument("--line-of-business", default="", choices=LineOfBusiness.values)
        parser.add_argument("--state", default="", help="two letters")
        parser.add_argument("--plan", default="")
        parser.add_argument(
            "--json", action="store_true", help="print the object of the address /look-up.json"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or timezone.localdate()
        is_alone = len(options["codes"]) == 1 and not options["diagnosis"]
        if is_alone and not options["json"]:
            for line in _report(look_up(options["codes"][0], on=on)):
                self.stdout.write(line)
            return
        facts = _asked(options | {"on": on})
        if options["json"]:
            self.stdout.write(json.dumps(facts, indent=1, ensure_ascii=False))
            return
        for line in _told(facts):
            self.stdout.write(line)


def _asked(options: dict[str, Any]) -> Facts:
    """The object. Raises CommandError with what is wrong in the question."""
    form = LookUpForm(
        {
            "codes": " ".join(options["codes"]),
            "diagnoses": " ".join(options["diagnosis"]),
            "on": options["on"].isoformat(),
            "received": (options["received"] or options["on"]).isoformat(),
            "line_of_business": options["line_of_business"],
            "state": options["state"],
            "plan": options["plan"],
        }
    )
    if not form.is_valid():
        raise CommandError(" ".join(one for said in form.errors.values() for one in map(str, said)))
    return as_json(*form.answer(timezone.localdate()))


def _told(facts: Facts) -> Iterator[str]:
    """The answer for a request in lines."""
    for one in facts["unread"]:
        yield f"“{one['typed']}” {one['reason']}"
    yield from facts["notes"]
    sentences: dict[str, list[str]] = {}
    for line in facts["lines"]:
        yield ""
        yield f"{line['code']}  {line['descriptor'] or ''}".rstrip()
        for name in ("coverage", "authorization", "documentation"):
            yield f"  {name}: {line[name]['value']}. {line[name]['sentence']}"
        for diagnosis in line["diagnoses"]:
            said = diagnosis["coverage"]
            yield f"  with {diagnosis['code']}: {said['value']}. {said['sentence']}"
        yield from (f"  Contradiction: {one['sentence']}" for one in line["contradictions"])
        yield from (f"  {one}" for one in line["elsewhere"])
        for policy in line["bulletins"]:
            near = [f"  Near miss: {one['sentence']}" for one in policy["near_misses"]]
            sentences[policy["sentence"]] = near
    for sentence, near in sentences.items():
        yield ""
        yield sentence
        yield from near


def _report(answer: CodeAnswer) -> Iterator[str]:
    """Everything that is said of one code."""
    systems = " or ".join(answer.systems) or "no code system"
    descriptor = f"  {answer.descriptor}" if answer.descriptor else ""
    yield f"{answer.display} ({systems}){descriptor}"
    yield f"On {answer.on}"
    if answer.spelling:
        yield answer.spelling
    yield from _table(answer.hits)
    yield ""
    yield from answer.notes
    if answer.absence:
        yield answer.absence
    said = explain(answer.typed, on=answer.on)
    if said.kind is not Kind.KNOWN:
        yield said.words


def _table(hits: Sequence[Hit]) -> Iterator[str]:
    version = group = None
    for hit in hits:
        if version != hit.version.pk:
            version, group = hit.version.pk, None
            name = f"{hit.version.bulletin.number} version {hit.version.ordinal}"
            yield ""
            yield f"{name}  {hit.version.title} ({hit.standing.removeprefix('is ')})"
        if group != (hit.group.scope, hit.group.heading):
            group = (hit.group.scope, hit.group.heading)
            if hit.group.scope:
                yield f"  {hit.group.scope}"
            is_open = ", open list" if hit.group.is_open_list else ""
            yield f"  {hit.group.heading}"
            yield f"  {hit.group.get_stance_display()}{is_open}"
        yield f"    {hit.asked:<9} {hit.sentence:<34} {hit.row.full_description}"
