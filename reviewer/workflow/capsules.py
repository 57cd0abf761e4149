"""The capsule: everything a determination was based on, as it stood, in canonical JSON.

It is a pure function of the rows, so that it can be computed anew and compared.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from policies.models import Passage, Version
from policies.models.code_tables import CodeSpan
from policies.reading import codes
from policies.reading.document import CodeSpan as PrintedSpan
from reviewer.models import CriteriaReview, CriterionAnswer, Determination, Document
from reviewer.workflow.attention import Opened, attention_of
from reviewer.workflow.clocks import decision_clock
from reviewer.workflow.criteria.reviews import answers_of, result_of

FORMAT: Final = 2
SINCE_2: Final = ("criteria", "documents")  # capsules of format 1 lack them
_CONFIRMED: Final = "stance_type_confirmed"  # capsules from before it was kept lack it


class Cited(Protocol):
    """A citation, written or still a draft."""

    @property
    def passage(self) -> Passage: ...
    @property
    def quote(self) -> str: ...


def capsule_of(determination: Determination, citations: Sequence[Cited]) -> str:
    """The capsule of a determination, written or about to be."""
    return canonical(facts_of(determination, citations))


def canonical(facts: dict[str, Any]) -> str:
    """JSON with sorted keys and no spaces: the same facts are the same bytes."""
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def facts_of(determination: Determination, citations: Sequence[Cited]) -> dict[str, Any]:
    request, line = determination.request, determination.line
    diagnoses = [one.code for one in line.diagnoses.order_by("position")]
    version = determination.version
    return {
        "format": FORMAT,
        "decision": _decision(determination),
        "policy": version and _policy(determination, version, [line.code, *diagnoses]),
        "no_bulletin_reason": determination.no_bulletin_reason,
        "citations": [_citation(one) for one in citations],
        "criteria": determination.criteria_review and _criteria(determination.criteria_review),
        "documents": [_document(one) for one in documents_seen(determination)],
        "request": {
            "number": request.number,
            "member_number": request.member.number,
            "line_of_business": request.line_of_business,
            "jurisdiction": request.jurisdiction,
            "review_type": request.review_type,
            "urgency": request.urgency,
            "received_at": moment(request.received_at),
            "diagnoses": [one.code for one in request.diagnoses.order_by("position")],
        },
        "line": {
            "position": line.position,
            "system": line.system,
            "code": line.code,
            "modifiers": line.modifiers,
            "units": line.units,
            "frequency": line.frequency,
            "place_of_service": line.place_of_service,
            "starts_on": str(line.starts_on),
            "ends_on": str(line.ends_on),
            "diagnoses": diagnoses,
        },
        "clock": _clock(determination),
        "signature": _signature(determination),
    }


def _clock(determination: Determination) -> dict[str, Any] | None:
    """By which rule the decision was due, and how that was worked out."""
    followed = determination.appeal_decision
    clock = decision_clock(followed.appeal if followed else determination.request)
    if clock is None:
        return None
    return {
        "rule": clock.applied_rule_id,
        "rule_version": clock.rule_row.version,
        "book_version": clock.book_version,
        "citation": clock.citation,
        "due_at": moment(clock.due_at),
        "tolled_until": moment(clock.tolled_until),
        "legal_max_at": moment(clock.legal_max_at),
        "by_rule": clock.answer["by_rule"],
        "derivation": clock.answer["derivation"],
    }


def _decision(determination: Determination) -> dict[str, Any]:
    return {
        "outcome": determination.outcome,
        "ground": determination.ground,
        "reason": determination.reason.code,
        "reason_words": determination.reason.words,
        "reason_text": determination.reason_text,
        "rationale_clinical": determination.rationale_clinical,
        "rationale_plain": determination.rationale_plain,
        "units_granted": determination.units_granted,
        "starts_on": determination.starts_on and str(determination.starts_on),
        "ends_on": determination.ends_on and str(determination.ends_on),
        "authorization_number": determination.authorization_number,
        "replaces": determination.replaces_id,
        "replacement_reason": determination.replacement_reason,
        "variance_reason": determination.variance_reason,
        "appeal_decision": determination.appeal_decision_id,
    }


def _policy(determination: Determination, version: Version, keys: list[str]) -> dict[str, Any]:
    return {
        "bulletin": version.bulletin.number,
        "title": version.title,
        "ordinal": version.ordinal,
        "content_hash": determination.version_hash,
        "source_sha256": version.source_sha256,
        "why_it_governs": determination.version_reason,
        "code_rows": list(_code_rows(version, keys)),
    }


def _citation(citation: Cited) -> dict[str, Any]:
    passage = citation.passage
    return {
        "anchor": passage.anchor,
        "heading": passage.section.heading,
        "quote": citation.quote,
        _CONFIRMED: passage.stance_confirmed_at is not None,
    }


def _criteria(review: CriteriaReview) -> dict[str, Any]:
    """Every statement of the version with what was found of it, answered or not."""
    answers = {one.criterion_id: one for one in answers_of(review)}
    return {
        "review": review.pk,
        "verdict": result_of(review).verdict.value,
        "statements": [
            {
                "anchor": one.anchor,
                "label": one.label,
                "text": one.text,
                "rule": one.rule,
                "at_least": one.at_least,
                "confirmed": one.confirmed_at is not None,
                **_found(answers.get(one.pk)),
            }
            for one in review.version.criteria.order_by("position")
        ],
    }


def _found(answer: CriterionAnswer | None) -> dict[str, Any]:
    if answer is None:
        return {"finding": "", "comment": "", "answered_by": None, "evidence": []}
    return {
        "finding": answer.finding,
        "comment": answer.comment,
        "answered_by": answer.answered_by.user.get_username(),
        "answered_at": moment(answer.answered_at),
        "evidence": [
            {"document": one.document_id, "page": one.page, "note": one.note}
            for one in answer.evidence.all()
        ],
    }


def documents_seen(determination: Determination) -> list[Opened]:
    """The documents in use, with how many of their pages the signer has opened."""
    in_use = determination.request.documents.told().in_use()
    return attention_of(determination.request, determination.signed_by, in_use)


def _document(seen: Opened) -> dict[str, Any]:
    one: Document = seen.document
    return {
        "document": one.pk,
        "sha256": one.content.sha256,
        "type": one.kind,
        "title": one.title,
        "dated_on": one.dated_on and str(one.dated_on),
        "pages": one.content.page_count,
        "pages_opened_by_signer": seen.opened,
    }


def _code_rows(version: Version, keys: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows that name one of the codes, as they stand in the version."""
    for key in dict.fromkeys(keys):
        spans = CodeSpan.objects.naming(key).filter(version=version).select_related("row__group")
        for span in spans.order_by("position"):
            printed = PrintedSpan(span.low, span.high, span.is_add_on, span.has_seventh_character)
            match = codes.membership(key, printed)
            if match is not codes.Membership.OUTSIDE:
                group = span.row.group
                yield {
                    "code": key,
                    "match": match.value,
                    "printed": span.printed,
                    "description": span.row.full_description,
                    "brackets": span.row.brackets,
                    "group": group.heading,
                    "stance": group.stance,
                    "is_open_list": group.is_open_list,
                    "scope": group.scope,
                }


def _signature(determination: Determination) -> dict[str, Any]:
    credential = determination.credential
    signer = determination.signed_by
    return {
        "signer": signer.user.get_username(),
        "signer_name": str(signer),
        "signed_at": moment(determination.signed_at),
        "signed_on": str(determination.signed_on),
        "zone": determination.signed_zone,
        "credential": credential
        and {
            "id": credential.pk,
            "kind": determination.credential_kind,
            "title": credential.title,
            "specialty": credential.specialty,
            "license_number": credential.license_number,
            "state": credential.state,
            "valid_from": str(determination.credential_from),
            "valid_to": str(determination.credential_to),
        },
    }


def moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def verify(determination: Determination, *, tells_answers: bool = True) -> list[str]:
    """What does not agree between the capsule, its hash, the version and the rows; none is well.

    Without `tells_answers`, that answers to criteria disagree is told without the answers.
    """
    stored: dict[str, Any] = json.loads(determination.capsule)
    found = []
    if sha256(determination.capsule) != determination.capsule_hash:
        found.append("The capsule is not what its hash says.")
    version = determination.version
    hashes = version and {version.content_hash, sha256(version.content)}
    if version and hashes != {determination.version_hash}:
        found.append(f"The text of {version} is not what the hash in the determination says.")
    citations = list(determination.citations.select_related("passage__section"))
    found += [
        f"The quotation of {one.anchor} is not in the passage."
        for one in citations
        if one.quote not in one.passage.text or one.anchor != one.passage.anchor
    ]
    found += _missing_documents(determination, stored.get("documents", []))
    rows = facts_of(determination, citations)
    if stored.get("format") == 1:
        rows["format"] = 1
        rows["decision"].pop("variance_reason")
        for name in SINCE_2:
            rows.pop(name)
    # A clock may run on by an extension, documents come and are read later, people change their
    # names, and what answers come to is worked out.
    for facts in (stored, rows):
        facts.pop("clock", None)
        facts.pop("documents", None)
        facts.get("signature", {}).pop("signer_name", None)
        (facts.get("criteria") or {}).pop("verdict", None)
    for was, now in zip(stored.get("citations", []), rows["citations"], strict=False):
        if _CONFIRMED not in was:
            del now[_CONFIRMED]
    if not tells_answers and stored.pop("criteria", None) != rows.pop("criteria", None):
        found.append("The answers to the criteria in the capsule are not those in the records.")
    return found + list(_differences(stored, rows))


def _missing_documents(determination: Determination, stored: list[dict[str, Any]]) -> Iterator[str]:
    """Documents that were in the case and no longer are what they were."""
    kept = dict(determination.request.documents.values_list("pk", "content__sha256"))
    for one in stored:
        if kept.get(one["document"]) != one["sha256"]:
            yield f"The document “{one['title']}” is not the one that was in the case."


def _differences(stored: Any, rows: Any, where: str = "") -> Iterator[str]:
    if isinstance(stored, dict) and isinstance(rows, dict):
        for key in sorted(stored.keys() | rows.keys()):
            yield from _differences(stored.get(key), rows.get(key), f"{where}.{key}".strip("."))
    elif stored != rows:
        yield f"“{where}” is {stored!r} in the capsule and {rows!r} in the records."
