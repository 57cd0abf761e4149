"""The list of bulletins: by letter, category, standing, line of business, and as of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.catalog import Asked, bulletins_asked, with_versions
from policies.catalog_counts import choices
from policies.forms import BrowseForm
from policies.models import Bulletin, Version
from policies.stages import Standing
from policies.views.bulletins import reads_library
from policies.views.reading_marks import ChangedSince, marks_of
from policies.views.shown import Shown, first_day, is_undated, last_day, shown_on

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A bulletin in the list, with the version that the day or the asked standing shows."""

    bulletin: Bulletin
    shown: Shown
    standing: str
    starts_on: date | None
    ends_on: date | None
    is_undated: bool
    mark: ChangedSince | None


@require_safe
@reads_library
def bulletin_list(request: HttpRequest) -> HttpResponse:
    """Every bulletin by number, with the version in effect on the day."""
    form = BrowseForm(request.GET)
    asked, after = form.asked(timezone.localdate()), form.goes_on_after()
    bulletins = bulletins_asked(asked, request.user).filter(number__gt=after)
    page = list(with_versions(bulletins, asked, request.user)[: PAGE + 1])
    context = {
        "on": asked.on,
        "asked": asked,
        "lines": _lines(request, page[:PAGE], asked),
        "choices": choices(asked, request.user),
        "next": page[PAGE - 1].number if len(page) > PAGE else "",
        "words": asked.words,
        "after": after,
        "form": form,
        "typed_day": request.GET.get("on", "")[:20],
        "wrong": [message for some in form.errors.values() for message in some],
    }
    return render(request, "policies/bulletin_list.html", context)


def _lines(request: HttpRequest, page: list[Bulletin], asked: Asked) -> list[Line]:
    chosen = {one.pk: _shown(one, asked) for one in page}
    versions = [one.version for one in chosen.values() if one.version]
    marks = marks_of(versions, request.user, asked.on)
    return [_line(bulletin, chosen[bulletin.pk], asked, marks) for bulletin in page]


def _shown(bulletin: Bulletin, asked: Asked) -> Shown:
    """The version for the day, or the newest that stands as asked for."""
    versions: list[Version] = bulletin.asked_for  # type: ignore[attr-defined]
    if asked.standing:
        is_in_effect = asked.standing == Standing.IN_EFFECT
        return Shown(versions[-1], "", "", is_in_effect=is_in_effect)
    return shown_on([one for one in versions if one.is_frozen], asked.on)


def _line(
    bulletin: Bulletin, shown: Shown, asked: Asked, marks: Mapping[int, ChangedSince]
) -> Line:
    version = shown.version
    words = Standing(asked.standing).label.lower() if asked.standing else ""
    if version is None or not version.is_frozen:
        stated = version.effective_stated if version else None
        return Line(bulletin, shown, words, stated, None, is_undated=False, mark=None)
    return Line(
        bulletin,
        shown,
        words,
        first_day(version),
        last_day(version),
        is_undated=is_undated(version, asked.on),
        mark=marks.get(version.pk),
    )
