"""An answer as one JSON object, for the page's address and for the command line."""

from datetime import date
from typing import Any

from policies.answers.model import (
    Answer,
    AskedCode,
    BulletinAnswer,
    Contradiction,
    LineAnswer,
    PairAnswer,
    Said,
    Source,
)
from policies.answers.pasted import Pasted
from policies.answers.stances import source_of
from policies.hits import Hit
from policies.models import AuthorizationRule

Json = dict[str, Any]


def as_json(answer: Answer, pasted: Pasted) -> Json:
    """Whole: the question as it was read, then the lines. Addresses are without the host."""
    occasion = answer.occasion
    return {
        "asked": {
            "services": list(pasted.services),
            "diagnoses": list(pasted.diagnoses),
            "service_on": _iso(occasion.service_on),
            "received_on": _iso(occasion.received_on),
            "processed_on": _iso(occasion.processed_on),
            "line_of_business": occasion.line_of_business or None,
            "state": occasion.jurisdiction or None,
            "plan": answer.plan or None,
        },
        "notes": list(pasted.notes),
        "unread": [{"typed": one.typed, "reason": one.reason} for one in pasted.unread],
        "lines": [_line(one, answer) for one in answer.lines],
    }


def _line(line: LineAnswer, answer: Answer) -> Json:
    beside = zip(answer.diagnoses, line.by_diagnosis, strict=True)
    return _code(line.code) | {
        "coverage": _said(line.coverage),
        "authorization": _said(line.authorization),
        "documentation": _said(line.documentation),
        "diagnoses": [_code(code) | {"coverage": _said(said)} for code, said in beside],
        "bulletins": [_bulletin(one) for one in line.bulletins],
        "contradictions": [_contradiction(one) for one in line.contradictions],
        "absence": line.absence or None,
        "elsewhere": list(line.elsewhere),
    }


def _code(code: AskedCode) -> Json:
    return {
        "code": code.display,
        "systems": list(code.systems),
        "descriptor": code.descriptor or None,
        "read_as": code.note or None,
    }


def _bulletin(answer: BulletinAnswer) -> Json:
    governing, version = answer.governing, answer.version
    return {
        "bulletin": governing.bulletin.number,
        "title": version.title,
        "version": governing.version.ordinal if governing.version else None,
        "content_hash": governing.version.content_hash if governing.version else None,
        "address": governing.version.get_absolute_url() if governing.version else None,
        "governs": answer.governs,
        "sentence": governing.sentence,
        "near_misses": [
            {
                "version": miss.version.ordinal,
                "sentence": miss.sentence,
                "may_govern": miss.is_possible,
            }
            for miss in governing.near_misses
        ],
        "stances": list(answer.stances),
        "rows": [_row(one) for one in answer.hits],
        "diagnoses": [_pair(one) for one in answer.pairs],
    }


def _pair(pair: PairAnswer) -> Json:
    return {
        "code": pair.diagnosis.display,
        "follows": pair.follows,
        "in_words": pair.follows.label,
        "sentence": pair.sentence,
        "open_list": pair.has_open_list,
        "rows": [_row(one) for one in pair.hits],
    }


def _row(hit: Hit) -> Json:
    facts = hit.facts
    return _source(source_of(hit)) | {
        "group": facts.heading,
        "stance": facts.stance,
        "scope": facts.scope or None,
        "open_list": facts.is_open_list,
        "membership": str(hit.membership),
        "matched": hit.sentence,
        "listed_as": hit.printed,
        "description": hit.facts.full_description,
        "brackets": list(hit.facts.brackets),
    }


def _said(said: Said) -> Json:
    return {
        "value": said.value,
        "sentence": said.sentence,
        "sources": [*map(_source, said.sources), *map(_rule, said.rules)],
    }


def _source(source: Source) -> Json:
    version = source.version
    return {
        "bulletin": version.bulletin.number,
        "version": version.ordinal,
        "anchor": source.anchor,
        "place": source.words,
        "address": source.address,
        "content_hash": version.content_hash,
    }


def _rule(rule: AuthorizationRule) -> Json:
    return {
        "list": rule.source.name,
        "row": rule.printed,
        "requirement": rule.requirement,
        "line_of_business": rule.line_of_business or None,
        "plan": rule.plan or None,
        "state": rule.state or None,
        "valid_from": _iso(rule.valid_from),
        "valid_to": _iso(rule.valid_to),
        "sha256": rule.source.sha256 or None,
    }


def _contradiction(one: Contradiction) -> Json:
    return {
        "code": one.code,
        "kind": "between" if one.is_between else "within",
        "told_apart": one.is_told_apart,
        "sentence": one.sentence,
        "places": [_source(place) for place in one.sources],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
