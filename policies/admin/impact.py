"""What a version changes, and what it touches where bulletins are used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify

from policies import impact
from policies.admin.bases import AdminOfVersions
from policies.admin.codes_changed import codes_changed
from policies.admin.step import Anyone
from policies.admin.tallies import comparison_of, replaced_by
from policies.admin.version_pages import page_context, version_of
from policies.impact import Change, Item, Touched
from policies.models import Version

SHOWN, PAGE = 60, 600  # numbers of one kind among the others, and on a page of their own


@dataclass(frozen=True, slots=True)
class Number:
    """A number, and of its list so much as fits beside the others."""

    key: str
    touched: Touched
    items: Sequence[tuple[Item, bool]]  # and whether its page opens for this person

    @property
    def is_cut(self) -> bool:
        return len(self.items) < self.touched.count

    @property
    def is_open(self) -> bool:
        return all(is_open for _, is_open in self.items)


def version_impact(modeladmin: AdminOfVersions, request: HttpRequest, pk: int) -> HttpResponse:
    """The change in numbers, and every number with its list; `?list=` shows one of them whole."""
    version = version_of(modeladmin, request, pk)
    change = change_of(version, on=timezone.localdate())
    title = f"{version}: what it touches"
    context = page_context(modeladmin, request, version, here="impact", title=title)
    touched = impact.touched_by(change)
    context |= facts_of(change) | {"numbers": numbers_of(touched, request.user)}
    asked = request.GET.get("list", "")
    if whole := next((one for one in touched if slugify(one.what) == asked), None):
        context |= {"whole": whole, "asked": asked, "page": _page(request, whole)}
    return TemplateResponse(request, "admin/policies/version/impact.html", context)


def change_of(version: Version, *, on: date) -> Change:
    """The change that the version makes by taking effect, on the day that is known of it."""
    day = version.publication.effective_from if version.is_frozen else version.effective_stated
    return Change(version, replaced_by(version), day, on)


def facts_of(change: Change) -> dict[str, Any]:
    """What the change is by itself: the classes of what changed in the text, and the codes."""
    old, new = change.replaces, change.version
    compared = comparison_of(old, new) if old else None
    return {
        "change": change,
        "tally": list(compared.counts.items()) if compared else [],
        "codes": list(codes_changed(change, compared)),
    }


def numbers_of(touched: Iterable[Touched], user: Anyone) -> list[Number]:
    """Each with the beginning of its list, as this person may open it."""
    return [
        Number(
            slugify(one.what),
            one,
            [(item, item.is_open_to(user)) for item in one.items[:SHOWN]],
        )
        for one in touched
    ]


def first_day(version: Version, on: date) -> date | None:
    """The first day on which it may take effect when it is published on the given one; None: no
    notice is asked for."""
    return on + timedelta(days=version.notice_days) if version.notice_days else None


def proposed_day(version: Version, on: date) -> date | None:
    """The day that its text states, or the first possible one where that is later."""
    stated, first = version.effective_stated, first_day(version, on)
    return max(stated, first) if stated and first else stated


def _page(request: HttpRequest, touched: Touched) -> Page[tuple[Item, bool]]:
    items = [(item, item.is_open_to(request.user)) for item in touched.items]
    return Paginator(items, PAGE).get_page(request.GET.get("page"))
