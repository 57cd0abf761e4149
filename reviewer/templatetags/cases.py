"""Marks of a case: time left, diagnosis codes with their dot, fingerprints cut short."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from policies.models import System
from policies.reading.codes import dotted
from reviewer.views.time_left import TimeLeft

register = template.Library()


@register.simple_tag
def time_left(left: TimeLeft) -> SafeString:
    """A clock: words first, then the class that colors them."""
    return format_html('<span class="clock {}">{}</span>', left.css, left.words)


@register.filter
def icd(key: str) -> str:
    """A diagnosis code as it is displayed: `S39012A` gives `S39.012A`."""
    return dotted(key)


@register.filter
def shown_in(key: str, system: str) -> str:
    """A code as its system displays it."""
    return dotted(key) if system == System.ICD_10_CM else key


@register.filter
def fingerprint(digest: str) -> SafeString:
    """The beginning of a hash, with the whole of it on hovering."""
    return format_html('<span class="n" title="{}">{}…</span>', digest, digest[:12])
