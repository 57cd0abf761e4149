"""What a line of a source became, as the parse review shows it: much of it, so in few bytes."""

from collections.abc import Iterator
from typing import Protocol

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from policies.templatetags.marks import stance

register = template.Library()


class ShownPlace(Protocol):
    """A place ready to be shown; empty fields are not."""

    @property
    def css(self) -> str: ...
    @property
    def depth(self) -> int: ...
    @property
    def codes(self) -> tuple[str, ...]: ...
    @property
    def stance(self) -> str: ...


class ShownLine(Protocol):
    """A line with its places; `begun`: the line that began the place, where that is another."""

    @property
    def places(self) -> tuple[ShownPlace, ...]: ...
    @property
    def begun(self) -> str: ...


# The fields of a place in the order in which they stand, each with its element.
_FIELDS = (
    ("label", '<b class="label">{}</b>'),
    ("text", '<span class="text">{}</span>'),
    ("full_text", '<span class="full">in full: {}</span>'),
    ("what", '<span class="what">{}</span>'),
    ("notes", '<span class="what">{}</span>'),
    ("rule", '<span class="rule">{}</span>'),
    ("anchor", "<code>#{}</code>"),
)


@register.simple_tag
def reading_places(line: ShownLine) -> SafeString:
    """The places of a line, or the line that it goes on from."""
    if line.begun:
        words = '<a class="goes-on" href="#l{0}">goes on from line {0}</a>'
        return format_html(words, line.begun)
    return format_html_join("", "{}", ((_place(one),) for one in line.places))


def _place(one: ShownPlace) -> SafeString:
    depth = f" d{one.depth}" if one.depth > 1 else ""
    inside = format_html_join("", "{}", ((part,) for part in _parts(one)))
    return format_html('<div class="became {}{}">{}</div>', one.css, depth, inside)


def _parts(one: ShownPlace) -> Iterator[SafeString]:
    if one.codes:
        yield format_html('<b class="codes">{}</b>', ", ".join(one.codes))
    for name, element in _FIELDS:
        value = getattr(one, name)
        if value:
            yield format_html(element, value)
    if one.stance:
        yield stance(one.stance)
