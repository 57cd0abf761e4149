"""Versions as records for other programs: one JSON object each, and flat rows for spreadsheets.

A record's `content` is the text that the version's hash speaks for: printed as JSON with sorted
keys, without blanks, in UTF-8, its SHA-256 is `content_hash`.
"""

import json
from collections.abc import Iterator
from typing import Any

from policies.models import CodeSpan, Criterion, Passage, Publication, Version
from policies.reading.document import Json

Row = tuple[Any, ...]
OF_VERSION = ("number", "version", "effective_from", "ended_on", "content_hash")
CODE_COLUMNS = (
    *OF_VERSION, "system", "low", "high", "is_add_on", "has_seventh_character", "stance",
    "is_open_list", "scope", "group", "description", "brackets",
)  # fmt: skip
PASSAGE_COLUMNS = (
    *OF_VERSION, "anchor", "section", "kind", "label", "depth", "stance_type",
    "stance_confirmed_at", "text",
)  # fmt: skip
CRITERION_COLUMNS = (
    *OF_VERSION, "anchor", "parent", "label", "rule", "at_least", "identity", "confirmed_at",
    "text",
)  # fmt: skip


def version_record(version: Version) -> Json:
    """A version with its facts, its publication and its content; dates as ISO 8601.

    The version comes with its bulletin, author, approver and publication, and with its content.
    """
    return {
        "number": version.bulletin.number,
        "version": version.ordinal,
        "title": version.title,
        "address": version.get_absolute_url(),
        "status": version.status,
        "origin": version.origin,
        "category": version.bulletin.category,
        "effective_basis": version.bulletin.effective_basis or None,
        "original_effective": _day(version.bulletin.original_effective),
        "publication": _publication(version.publication) if version.is_frozen else None,
        "last_review": _day(version.last_review),
        "next_review": _day(version.next_review),
        "notice_days": version.notice_days,
        "change_note": version.change_note,
        "author": version.author and version.author.get_username(),
        "approver": version.approver and version.approver.get_username(),
        "approved_at": _day(version.approved_at),
        "source": {"name": version.source_name, "sha256": version.source_sha256},
        "content_hash": version.content_hash,
        "content": json.loads(version.content),
    }


def _publication(publication: Publication) -> Json:
    successor = publication.successor
    return {
        "effective_from": _day(publication.effective_from),
        "ended_on": _day(publication.ended_on),
        "end_reason": publication.end_reason or None,
        "superseded_by": successor and successor.ordinal,
        "published_at": _day(publication.published_at),
    }


def _day(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def code_rows(version: Version) -> Iterator[Row]:
    """A row for each code or range, under CODE_COLUMNS."""
    spans = CodeSpan.objects.filter(version=version).order_by("position")
    for span in spans.select_related("row__group"):
        row, group = span.row, span.row.group
        yield (
            *_of(version), span.system, span.low, span.high, span.is_add_on,
            span.has_seventh_character, group.stance, group.is_open_list, group.scope,
            group.heading, row.full_description, " ".join(row.brackets),
        )  # fmt: skip


def passage_rows(version: Version) -> Iterator[Row]:
    """A row for each passage, under PASSAGE_COLUMNS."""
    passages = Passage.objects.filter(version=version).order_by("position")
    for one in passages.select_related("section").defer("search", "section__search"):
        yield (
            *_of(version), one.anchor, one.section.heading, one.kind, one.label, one.depth,
            one.stance_type, _day(one.stance_confirmed_at), one.text,
        )  # fmt: skip


def criterion_rows(version: Version) -> Iterator[Row]:
    """A row for each policy statement, under CRITERION_COLUMNS."""
    criteria = Criterion.objects.filter(version=version).order_by("position")
    for one in criteria.select_related("parent"):
        parent = one.parent.anchor if one.parent else ""
        yield (
            *_of(version), one.anchor, parent, one.label, one.rule, one.at_least, one.identity,
            _day(one.confirmed_at), one.text,
        )  # fmt: skip


def _of(version: Version) -> Row:
    publication = version.publication if version.is_frozen else None
    return (
        version.bulletin.number,
        version.ordinal,
        _day(publication and publication.effective_from),
        _day(publication and publication.ended_on),
        version.content_hash,
    )
