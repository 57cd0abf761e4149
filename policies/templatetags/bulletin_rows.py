"""The cells of the list of bulletins, set piece by piece: a page has dozens of rows."""

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from policies.templatetags.marks import iso
from policies.templatetags.sentences import sentence

if TYPE_CHECKING:
    from policies.views.browsing import Line

register = template.Library()
KEPT = 2_048  # cells of each column


@register.simple_tag(takes_context=True)
def bulletin_cells(context: Context, line: "Line") -> SafeString:
    """One bulletin, with the version that the day or the asked standing shows."""
    version = line.shown.version
    cells = (
        escape(line.bulletin.title) + _mark(context, line),
        _category(line.bulletin.category),
        _version(line),
        _days(line),
        _next_review(version.next_review, context["on"]) if version else "",
    )
    rest = "</td><td>".join(cells)
    return mark_safe(f'<td class="code">{_number(line)}</td><td>{rest}</td>')  # noqa: S308


def _number(line: "Line") -> str:
    version = line.shown.version if line.standing else None
    return _link(line.bulletin.number, version.ordinal if version else 0)


@lru_cache(maxsize=KEPT)
def _link(number: str, ordinal: int) -> str:
    """To a version; 0, to the bulletin."""
    if ordinal:
        address = reverse("policies:version_detail", args=[number, ordinal])
    else:
        address = reverse("policies:bulletin_detail", args=[number])
    return f'<a href="{escape(address)}">{escape(number)}</a>'


def _mark(context: Context, line: "Line") -> str:
    if line.mark is None:
        return ""
    said = {"mark": line.mark, "request": context["request"], "csrf_token": context["csrf_token"]}
    return render_to_string("policies/parts/unread_mark.html", said)


@lru_cache(maxsize=KEPT)
def _category(name: str) -> str:
    if not name:
        return iso(None)
    return f'<a class="plain" href="?{escape(urlencode({"category": name}))}">{escape(name)}</a>'


def _version(line: "Line") -> str:
    version = line.shown.version
    if version is None:
        return '<span class="quiet">none published</span>'
    if line.standing:
        return f'v{version.ordinal} <span class="quiet">{escape(line.standing)}</span>'
    is_over = not line.shown.is_in_effect and not line.is_undated
    return f"v{version.ordinal}" + (' <span class="over">not in effect</span>' if is_over else "")


def _days(line: "Line") -> str:
    if line.shown.version is None:
        return ""
    return _period(line.starts_on, line.ends_on, line.shown.near)


@lru_cache(maxsize=KEPT)
def _period(start: date | None, end: date | None, near: str) -> str:
    until = f" to {iso(end)}" if end else ""
    then = f' <span class="quiet">{sentence(near)}</span>' if near else ""
    return f"{iso(start)}{until}{then}"


@lru_cache(maxsize=KEPT)
def _next_review(day: date | None, on: date) -> str:
    is_past = day is not None and day < on
    return iso(day) + ('<span class="over">, past</span>' if is_past else "")
