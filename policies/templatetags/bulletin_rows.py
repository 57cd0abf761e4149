"""The cells of the list of bulletins, set piece by piece: a page has a hundred rows."""

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


@register.simple_tag(takes_context=True)
def bulletin_cells(context: Context, line: "Line") -> SafeString:
    """One bulletin, with the version that the day or the asked standing shows."""
    cells = (
        escape(line.bulletin.title) + _mark(context, line),
        _category(line.bulletin.category),
        _version(line),
        _days(line),
        _next_review(context, line),
    )
    rest = "".join(f"<td>{cell}</td>" for cell in cells)
    return mark_safe(f'<td class="code">{_number(line)}</td>{rest}')  # noqa: S308


def _number(line: "Line") -> str:
    number = line.bulletin.number
    if line.standing and line.shown.version:
        ordinal = line.shown.version.ordinal
        address = reverse("policies:version_detail", args=[number, ordinal])
    else:
        address = reverse("policies:bulletin_detail", args=[number])
    return f'<a href="{escape(address)}">{escape(number)}</a>'


def _mark(context: Context, line: "Line") -> str:
    if line.mark is None:
        return ""
    said = {"mark": line.mark, "request": context["request"], "csrf_token": context["csrf_token"]}
    return render_to_string("policies/parts/unread_mark.html", said)


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
    end = f" to {iso(line.ends_on)}" if line.ends_on else ""
    near = f' <span class="quiet">{sentence(line.shown.near)}</span>' if line.shown.near else ""
    return f"{iso(line.starts_on)}{end}{near}"


def _next_review(context: Context, line: "Line") -> str:
    version = line.shown.version
    if version is None:
        return ""
    is_past = version.next_review is not None and version.next_review < context["on"]
    return iso(version.next_review) + ('<span class="over">, past</span>' if is_past else "")
