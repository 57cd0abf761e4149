"""Marks of a case: time left, diagnosis codes with their dot, fingerprints cut short."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from policies.models import Criterion
from policies.reading.codes import dotted
from policies.templatetags.marks import duration
from reviewer.models import Event
from reviewer.views.time_left import TimeLeft
from reviewer.workflow.criteria.tree import place_at, place_of
from reviewer.workflow.places_of_service import places_of_service

register = template.Library()


@register.simple_tag
def time_left(left: TimeLeft, address: str = "") -> SafeString:
    """A clock: words first, then the class that colors them. With an address it leads to its
    arithmetic, which opens over the page.
    """
    if not address:
        return format_html('<span class="clock {}">{}</span>', left.css, left.words)
    return format_html(
        '<a class="clock {}" href="{}" data-drawer title="Why this time">{}</a>',
        left.css,
        address,
        left.words,
    )


@register.filter
def icd(key: str) -> str:
    """A diagnosis code as it is displayed: `S39012A` gives `S39.012A`."""
    return dotted(key)


@register.filter
def place(criterion: Criterion | Mapping[str, str]) -> str:
    """Where a criterion stands in its version, "I.A.2"; also one that a capsule keeps."""
    if isinstance(criterion, Criterion):
        return place_of(criterion)
    return place_at(criterion["anchor"], criterion["label"])


@register.filter
def place_of_service(code: str) -> str:
    """A place of service with its name: `11` gives "11 Office"."""
    name = places_of_service().get(code, "")
    return f"{code} {name}".strip()


@register.filter
def with_brackets(description: str, brackets: Iterable[str]) -> SafeString:
    """A row's description, with the plan's notes in brackets set apart."""
    words = str(escape(description))
    for bracket in brackets:
        note = str(escape(f"[{bracket}]"))
        marked = format_html('<b class="bracket">{}</b>', note)
        words = words.replace(note, marked) if note in words else f"{words} {marked}"
    return mark_safe(words)  # noqa: S308  every piece is escaped


@register.filter
def low(words: str) -> str:
    """Inside a sentence: "Fax" gives "fax"; "Electronic (X12 278)" keeps its X12."""
    return words[:1].lower() + words[1:]


@register.filter
def told(event: Event) -> SafeString:
    """A milestone by its name, and its sentence; not both where they begin with the same word."""
    name, sentence = event.get_name_display(), event.sentence
    if not sentence:
        return format_html("{}.", name)
    if sentence.split()[0] == name.split()[0]:
        return format_html("{}", sentence)
    return format_html('{}<span class="quiet">: {}</span>', name, sentence)


@register.filter
def shift(by: timedelta | None) -> str:
    """By how much a limit moves: "1 d 2 h earlier"."""
    if by is None:
        return "not stated"
    minutes = int(abs(by.total_seconds()) // 60)
    if not minutes:
        return "the same"
    return f"{duration(minutes)} {'later' if by > timedelta() else 'earlier'}"


@register.filter
def fingerprint(digest: str) -> SafeString:
    """The beginning of a hash, with the whole of it on hovering."""
    return format_html('<span class="n" title="{}">{}…</span>', digest, digest[:12])
