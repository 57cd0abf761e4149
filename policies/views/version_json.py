"""A version and each of its places as JSON, at permanent addresses.

`content` is written out exactly as it is hashed: JSON with sorted keys and without blanks. Its
SHA-256 is `content_hash`, so that whoever holds the answer can check it.
"""

import json
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.forms import DayForm
from policies.imports.content import reading_of
from policies.models import Version
from policies.reading.document import Criterion, Document, Json
from policies.views.citations import citation
from policies.views.places import Place, places_of
from policies.views.shown import is_in_effect, why_this
from policies.views.unknown import unknown_anchor, unknown_version
from policies.views.versions import version_with_text

reads_library = permission_required("policies.view_bulletin", raise_exception=True)


@require_safe
@reads_library
def version_json(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """The whole version: facts, publication, content, and the address of every place."""
    version = version_with_text(number, ordinal, request.user)
    if version is None:
        return unknown_version(request, number, ordinal)
    return version_as_json(request, version, _day(request))


@require_safe
@reads_library
def passage_json(request: HttpRequest, number: str, ordinal: int, anchor: str) -> HttpResponse:
    """One place of a version: its words, its ground, its logic or its codes, its citation."""
    version = version_with_text(number, ordinal, request.user)
    if version is None:
        return unknown_version(request, number, ordinal)
    document = reading_of(version)
    places = places_of(document)
    if anchor not in places:
        return unknown_anchor(request, version, anchor, places)
    cited = citation(request, version, places[anchor])
    content = json.loads(version.content)
    answer = (
        _place(request, version, places[anchor])
        | {"heading": places[anchor].heading, "text": places[anchor].text}
        | {"stance_type": content["stance_types"].get(anchor)}
        | _logic(document, anchor)
        | _codes(document, anchor)
        | {"version": _facts(request, version), "as_of": _as_of(version, _day(request))}
        | {"citation": {"text": cited.text, "html": cited.html}}
    )
    return JsonResponse(answer)


def version_as_json(request: HttpRequest, version: Version, on: date) -> HttpResponse:
    """A version that came with its content."""
    places = places_of(reading_of(version)).values()
    facts = _facts(request, version) | {
        "as_of": _as_of(version, on),
        "places": [_place(request, version, one) for one in places],
    }
    opening = json.dumps(facts, ensure_ascii=False, indent=1).removesuffix("\n}")
    body = f'{opening},\n "content": {version.content}\n}}\n'
    return HttpResponse(body, content_type="application/json")


def _day(request: HttpRequest) -> date:
    return DayForm(request.GET).day(timezone.localdate())


def _facts(request: HttpRequest, version: Version) -> Json:
    bulletin = version.bulletin
    number = [bulletin.number, version.ordinal]
    absolute = request.build_absolute_uri
    return {
        "address": absolute(version.get_absolute_url()),
        "json": absolute(reverse("policies:version_json", args=number)),
        "number": bulletin.number,
        "ordinal": version.ordinal,
        "title": version.title,
        "bulletin": {
            "address": absolute(bulletin.get_absolute_url()),
            "title": bulletin.title,
            "category": bulletin.category or None,
            "effective_basis": bulletin.effective_basis or None,
            "original_effective": _iso(bulletin.original_effective),
        },
        "status": version.status,
        "origin": version.origin,
        "lines_of_business": version.lines_of_business,
        "jurisdictions": version.jurisdictions,
        "last_review": _iso(version.last_review),
        "next_review": _iso(version.next_review),
        "effective_stated": _iso(version.effective_stated),
        "notice_days": version.notice_days,
        "change_note": version.change_note or None,
        "written_by": _name(version.author),
        "approved_by": _name(version.approver),
        "approved_at": _iso(version.approved_at),
        "publication": _publication(version),
        "source": {
            "name": version.source_name,
            "sha256": version.source_sha256,
            "address": absolute(reverse("policies:version_source", args=number)),
        },
        "content_hash": version.content_hash,
    }


def _publication(version: Version) -> Json | None:
    if not version.is_frozen:
        return None
    publication = version.publication
    successor = publication.successor
    return {
        "effective_from": _iso(publication.effective_from),
        "ended_on": _iso(publication.ended_on),
        "end_reason": publication.end_reason or None,
        "successor": successor.ordinal if successor else None,
        "published_at": _iso(publication.published_at),
        "published_by": _name(publication.published_by),
    }


def _as_of(version: Version, on: date) -> Json:
    return {
        "on": on.isoformat(),
        "stage": version.stage(on),
        "is_in_effect": version.is_frozen and is_in_effect(version, on),
        "sentence": why_this(version, on),
    }


def _place(request: HttpRequest, version: Version, place: Place) -> Json:
    number = [version.bulletin.number, version.ordinal, place.anchor]
    address = f"{version.get_absolute_url()}#{place.anchor}"
    return {
        "anchor": place.anchor,
        "kind": place.kind,
        "name": place.name,
        "address": request.build_absolute_uri(address),
        "json": request.build_absolute_uri(reverse("policies:passage_json", args=number)),
    }


def _logic(document: Document, anchor: str) -> Json:
    """How the statements under a criterion combine; nothing for other places."""

    def found(tree: tuple[Criterion, ...]) -> Criterion | None:
        for one in tree:
            if one.anchor == anchor:
                return one
            if inner := found(one.children):
                return inner
        return None

    criterion = found(document.criteria)
    if criterion is None:
        return {}
    children = [one.anchor for one in criterion.children]
    logic = {"rule": criterion.rule, "at_least": criterion.at_least, "children": children}
    return {"criterion": {"label": criterion.label, **logic}}


def _codes(document: Document, anchor: str) -> Json:
    """The group and the codes of a row of the code tables; nothing for other places."""
    reading = document.as_json()
    position = 0
    for group in reading["code_groups"]:
        for row in group["rows"]:
            position += 1
            if anchor == f"code-row-{position}":
                return {"group": {key: group[key] for key in group if key != "rows"}, "row": row}
    return {}


def _name(user: User | None) -> str | None:
    return (user.get_full_name() or user.get_username()) if user else None


def _iso(moment: date | datetime | None) -> Any:
    return moment.isoformat() if moment else None
