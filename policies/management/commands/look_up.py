"""`look_up CODE [--diagnosis CODE] [--on DATE] [--json]`: what the bulletins say of a code."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from policies.look_up import Answer, Hit, PolicyAnswer, look_up, look_up_pair
from policies.management.arguments import day
from policies.resolver import Occasion

Facts = dict[str, Any]


class Command(BaseCommand):
    """Print every hit with its group, its stance and how it matched."""

    help = "Look a code up in the bulletins, alone or together with diagnoses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code")
        parser.add_argument(
            "--diagnosis", action="append", default=[], metavar="CODE", help="may be repeated"
        )
        parser.add_argument("--on", type=day, metavar="DATE", help="the day asked about (today)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or timezone.localdate()
        answer = look_up(options["code"], on=on)
        facts = _facts(answer)
        if options["diagnosis"]:
            # Only the day is known here, so it stands for every day that a bulletin may go by.
            occasion = Occasion("", "", on, on, on)
            pair = look_up_pair(
                code=options["code"], diagnoses=options["diagnosis"], occasion=occasion
            )
            facts["diagnoses"] = options["diagnosis"]
            facts["policies"] = [_policy(one) for one in pair]
        if options["json"]:
            self.stdout.write(json.dumps(facts, indent=1, ensure_ascii=False))
            return
        for line in _report(facts):
            self.stdout.write(line)


def _facts(answer: Answer) -> Facts:
    return {
        "code": answer.display,
        "systems": list(answer.systems),
        "descriptor": answer.descriptor,
        "on": answer.on.isoformat(),
        "hits": [_hit(one) for one in answer.hits],
        "notes": list(answer.notes),
        "absence": answer.absence,
        "spelling": answer.spelling,
        "suggestions": list(answer.suggestions),
    }


def _hit(hit: Hit) -> Facts:
    return {
        "code": hit.asked,
        "bulletin": hit.version.bulletin.number,
        "title": hit.version.title,
        "version": hit.version.ordinal,
        "standing": hit.standing.removeprefix("is "),
        "group": hit.group.heading,
        "scope": hit.group.scope,
        "stance": hit.group.stance,
        "stance_in_words": hit.group.get_stance_display(),
        "open_list": hit.group.is_open_list,
        "membership": str(hit.membership),
        "matched": hit.sentence,
        "listed_as": hit.span.printed,
        "description": hit.row.full_description,
        "brackets": list(hit.row.brackets),
    }


def _policy(answer: PolicyAnswer) -> Facts:
    governing = answer.governing
    return {
        "bulletin": governing.bulletin.number,
        "version": governing.version.ordinal if governing.version else None,
        "sentence": governing.sentence,
        "near_misses": [miss.sentence for miss in governing.near_misses],
        "code_hits": [_hit(one) for one in answer.code_hits],
        "diagnosis_hits": [_hit(one) for one in answer.diagnosis_hits],
    }


def _report(facts: Facts) -> Iterator[str]:
    systems = " or ".join(facts["systems"]) or "no code system"
    descriptor = f"  {facts['descriptor']}" if facts["descriptor"] else ""
    yield f"{facts['code']} ({systems}){descriptor}"
    yield f"On {facts['on']}"
    if facts["spelling"]:
        yield facts["spelling"]
    if "policies" in facts:
        yield from _policies(facts)
    else:
        yield from _table(facts["hits"])
    yield ""
    yield from facts["notes"]
    if facts["absence"]:
        yield facts["absence"]
    if facts["suggestions"]:
        yield f"Did you mean {', '.join(facts['suggestions'])}?"


def _policies(facts: Facts) -> Iterator[str]:
    if not facts["policies"]:
        yield ""
        yield "No bulletin that governs, or may govern, names this code."
    for policy in facts["policies"]:
        yield ""
        yield policy["sentence"]
        for sentence in policy["near_misses"]:
            yield f"  Near miss: {sentence}"
        yield from _table(policy["code_hits"] + policy["diagnosis_hits"])
        if not policy["diagnosis_hits"]:
            yield f"It does not name {' or '.join(facts['diagnoses'])}."


def _table(hits: Sequence[Facts]) -> Iterator[str]:
    bulletin = group = None
    for hit in hits:
        if bulletin != (hit["bulletin"], hit["version"]):
            bulletin, group = (hit["bulletin"], hit["version"]), None
            yield ""
            yield f"{hit['bulletin']} version {hit['version']}  {hit['title']} ({hit['standing']})"
        if group != (hit["scope"], hit["group"]):
            group = (hit["scope"], hit["group"])
            if hit["scope"]:
                yield f"  {hit['scope']}"
            is_open = ", open list" if hit["open_list"] else ""
            yield f"  {hit['group']}"
            yield f"  {hit['stance_in_words']}{is_open}"
        yield f"    {hit['code']:<9} {hit['matched']:<34} {hit['description']}"
