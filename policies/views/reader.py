"""All that the page of a version shows, apart from why it is shown."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from policies.imports.content import reading_of
from policies.models import CodeSpan, LineOfBusiness, Version
from policies.reading import codes
from policies.reading.codes import Membership
from policies.reading.document import CodeSpan as PrintedSpan
from policies.release_board.told import of_version
from policies.views.code_tables import code_tables, with_hits
from policies.views.facts import bases, overdue, standing, version_lines
from policies.views.related import related
from policies.views.shown import first_day, last_day
from policies.views.text import Text, text_of

LONGEST_FILTER = 100


def page_of(
    request: HttpRequest, version: Version, versions: Sequence[Version], on: date
) -> dict[str, Any]:
    """The context of the reader's template. The queries are as many for a long text as for a
    short one."""
    text = text_of(version.pk, version.content_hash)
    code = request.GET.get("code", "").strip()[:20]
    typed = " ".join(request.GET.get("filter", "").split())[:LONGEST_FILTER]
    hits = _rows_naming(version, code) if code else []
    is_apart = text.is_heavy and "whole" not in request.GET
    lines = version_lines(versions, on)
    names, named_in = related(version.bulletin, text.mentions, on)
    return {
        "version": version,
        "bulletin": version.bulletin,
        "standing": standing(version, versions, on),
        "lines": lines,
        "line": next(one for one in lines if one.version == version),
        "newest": versions[-1].ordinal,
        "text": text,
        "is_apart": is_apart,
        "body": _body(version, text, hits=hits, typed=typed, is_apart=is_apart),
        "code": code,
        "hits": hits,
        "on": on,
        "overdue": overdue(version, timezone.localdate()),
        "bases": bases(version),
        "lines_of_business": [LineOfBusiness(one).label for one in version.lines_of_business],
        "starts_on": first_day(version) if version.is_frozen else None,
        "ends_on": last_day(version) if version.is_frozen else None,
        "grounds": text.grounds,
        "names": names,
        "named_in": named_in,
        "told_of_releases": of_version(version),
    }


def _body(
    version: Version, text: Text, *, hits: Sequence[int], typed: str, is_apart: bool
) -> SafeString:
    pieces = []
    for part in text.parts:
        html = part.html(is_apart=is_apart)
        if part.is_codes and typed:
            html = f"{part.opening}{_filtered(version, typed)}{part.closing}"
        pieces.append(with_hits(html, hits) if part.is_codes else html)
    return mark_safe("".join(pieces))  # noqa: S308  made by `text_of` from escaped pieces


def _filtered(version: Version, typed: str) -> SafeString:
    whole = Version.objects.only("content").get(pk=version.pk)
    return code_tables(reading_of(whole), version.get_absolute_url(), typed)


def _rows_naming(version: Version, code: str) -> list[int]:
    """The positions of the rows that hold a code, also partly."""
    key = codes.normalise(code)
    spans = CodeSpan.objects.naming(key).filter(version=version).select_related("row")
    return sorted({span.row.position for span in spans if _names(span, key)})


def _names(span: CodeSpan, key: str) -> bool:
    printed = PrintedSpan(span.low, span.high, span.is_add_on, span.has_seventh_character)
    return codes.membership(key, printed) != Membership.OUTSIDE
