"""The list of bulletins, and a bulletin in one of its versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from policies.forms import DayForm, FilterForm
from policies.models import Bulletin, CodeSpan, LineOfBusiness, Passage, StanceType, Version
from policies.reading import codes
from policies.reading.codes import Membership
from policies.reading.document import CodeSpan as PrintedSpan
from policies.views.code_tables import with_hits
from policies.views.likely import likely_bulletins
from policies.views.reading_marks import changed_since, note_reading
from policies.views.shown import Shown, first_day, is_undated, last_day, shown_on, why_this
from policies.views.text import text_of

reads_library = permission_required("policies.view_bulletin", raise_exception=True)
PAGE = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A bulletin in the list, with the version that the day shows."""

    bulletin: Bulletin
    shown: Shown
    starts_on: date | None
    is_undated: bool


@require_safe
@reads_library
def bulletin_list(request: HttpRequest) -> HttpResponse:
    """Every bulletin by number, with the version in effect today."""
    on = timezone.localdate()
    form = FilterForm(request.GET)
    words, after = form.filled()
    bulletins = _listed(request.user, words).filter(number__gt=after)
    page = list(bulletins[: PAGE + 1])
    context = {
        "on": on,
        "lines": [_line(bulletin, on) for bulletin in page[:PAGE]],
        "next": page[PAGE - 1].number if len(page) > PAGE else "",
        "words": words,
        "after": after,
        "form": form,
    }
    return render(request, "policies/bulletin_list.html", context)


@require_safe
@reads_library
def bulletin_detail(request: HttpRequest, number: str) -> HttpResponse:
    """The version of a bulletin for today, or for the day that `?on=` names."""
    versions = versions_of(number, request.user)
    form = DayForm(request.GET)
    on = form.day(timezone.localdate())
    shown = shown_on([one for one in versions if one.is_frozen], on)
    version = shown.version or (versions[-1] if versions else None)
    if version is None:
        return unknown(request, number)
    near = [shown.near] if shown.near else []
    sentence = shown.sentence if shown.version else why_this(version, on)
    return _reader(request, version, versions, on=on, because=sentence, near=near, form=form)


@require_safe
@reads_library
def version_detail(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """One version at its permanent address."""
    versions = versions_of(number, request.user)
    version = next((one for one in versions if one.ordinal == ordinal), None)
    if version is None:
        return unknown(request, number, versions=versions, ordinal=ordinal)
    form = DayForm(request.GET)
    on = form.day(timezone.localdate())
    shown = shown_on([one for one in versions if one.is_frozen], on)
    near = []
    if shown.version and shown.version != version and shown.is_in_effect:
        near = [f"{shown.sentence.partition(',')[0]} is in effect on {on}."]
    because = why_this(version, on)
    return _reader(request, version, versions, on=on, because=because, near=near, form=form)


@require_safe
@reads_library
def version_source(request: HttpRequest, number: str, ordinal: int) -> HttpResponse:
    """The file that the version was read from, byte for byte, never shown in the browser."""
    readable = _readable(request.user).filter(bulletin__number=number, ordinal=ordinal)
    file = readable.values_list("source_name", "source_bytes").first()
    if file is None:
        return unknown(request, number, ordinal=ordinal)
    name, data = file
    disposition = content_disposition_header(True, name)
    return HttpResponse(
        bytes(data),
        content_type="application/octet-stream",
        headers={"Content-Disposition": disposition or "attachment"},
    )


def _reader(
    request: HttpRequest,
    version: Version,
    versions: Sequence[Version],
    *,
    on: date,
    because: str,
    near: Sequence[str],
    form: DayForm,
) -> HttpResponse:
    today = timezone.localdate()
    note_reading(request, version)
    text = text_of(version.pk, version.content_hash)
    code = request.GET.get("code", "").strip()[:20]
    hits = _rows_naming(version, code) if code else []
    ordinals = [one.ordinal for one in versions]
    context = {
        "version": version,
        "bulletin": version.bulletin,
        "versions": list(reversed(versions)),
        "newest": versions[-1].ordinal,
        "earlier": max((one for one in ordinals if one < version.ordinal), default=None),
        "text": text,
        "body": with_hits(text.body, hits),
        "code": code,
        "hits": hits,
        "because": because,
        "near": near,
        "on": on,
        "today": today,
        "changed": changed_since(version, request.user, today),
        "form": form,
        "typed_day": request.GET.get("on", "")[:20] or on.isoformat(),
        "lines_of_business": [LineOfBusiness(one).label for one in version.lines_of_business],
        "starts_on": first_day(version) if version.is_frozen else None,
        "ends_on": last_day(version) if version.is_frozen else None,
        "stance_types": _stance_types(version),
    }
    return render(request, "policies/version_detail.html", context)


def _is_policy_staff(user: User | AnonymousUser) -> bool:
    return user.has_perm("policies.change_version") or user.has_perm("policies.approve_version")


def _readable(user: User | AnonymousUser) -> QuerySet[Version]:
    """Published versions; those on their way only for the people who write and approve them."""
    if _is_policy_staff(user):
        return Version.objects.all()
    return Version.objects.published()


def versions_of(number: str, user: User | AnonymousUser) -> list[Version]:
    """The readable versions of a bulletin in their order, without their long texts."""
    readable = _readable(user).filter(bulletin__number=number).order_by("ordinal")
    with_facts = readable.select_related("bulletin", "publication", "author", "approver")
    return list(with_facts.defer("content", "source_bytes", "not_understood", "legends"))


def _listed(user: User | AnonymousUser, words: str) -> QuerySet[Bulletin]:
    readable = _readable(user).select_related("publication").order_by("ordinal")
    slim = readable.only("bulletin", "ordinal", "status", "next_review", "publication")
    found = Bulletin.objects.filter(Exists(readable.filter(bulletin=OuterRef("pk"))))
    for word in words.split():
        named = Q(number__startswith=word) | Q(title__icontains=word) | Q(category__icontains=word)
        found = found.filter(named)
    return found.prefetch_related(Prefetch("versions", slim, to_attr="readable")).order_by("number")


def _line(bulletin: Bulletin, on: date) -> Line:
    readable: list[Version] = bulletin.readable  # type: ignore[attr-defined]
    shown = shown_on([one for one in readable if one.is_frozen], on)
    version = shown.version
    start = first_day(version) if version else None
    return Line(bulletin, shown, start, version is not None and is_undated(version, on))


def _rows_naming(version: Version, code: str) -> list[int]:
    """The positions of the rows that hold a code, also partly."""
    key = codes.normalise(code)
    spans = CodeSpan.objects.naming(key).filter(version=version).select_related("row")
    return [span.row.position for span in spans if _names(span, key)]


def _names(span: CodeSpan, key: str) -> bool:
    printed = PrintedSpan(span.low, span.high, span.is_add_on, span.has_seventh_character)
    return codes.membership(key, printed) != Membership.OUTSIDE


def _stance_types(version: Version) -> list[tuple[str, str, str]]:
    """Sections and the ground on which their passages speak: (anchor, heading, ground)."""
    stated = Passage.objects.filter(version=version).exclude(stance_type="")
    found = stated.order_by("section__position").values_list(
        "section__position", "section__anchor", "section__heading", "stance_type"
    )
    return [
        (anchor, heading.rstrip(" :"), StanceType(ground).label)
        for _, anchor, heading, ground in found.distinct()
    ]


def unknown(
    request: HttpRequest,
    number: str,
    *,
    versions: Sequence[Version] = (),
    ordinal: int | None = None,
) -> HttpResponse:
    """Status 404, with what there is instead."""
    context = {
        "number": number,
        "ordinal": ordinal,
        "versions": versions,
        "likely": [] if versions else likely_bulletins(number),
    }
    return render(request, "policies/bulletin_unknown.html", context, status=404)
