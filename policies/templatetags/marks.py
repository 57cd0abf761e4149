"""The small marks of every page: icons, stances, moments and days, in the interface's words."""

from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# Stance -> class in the stylesheet, which draws the icon, and the words a reader sees.
STANCES = {
    "covered_if_criteria_met": ("criteria", "Covered if criteria met"),
    "covered": ("covered", "Covered"),
    "not_covered": ("excluded", "Not covered"),
    "experimental": ("experiment", "Experimental"),
    "related": ("related", "Related"),
    "unknown": ("unstated", "Not stated"),
    # what follows from several of them, and the answers in a word
    "not_named": ("unstated", "Not named"),
    "depends": ("depends", "It depends"),
    "conflict": ("conflict", "Contradictory"),
    "yes": ("covered", "Covered"),
    "no": ("excluded", "Not covered"),
    "conditional": ("criteria", "Conditions decide"),
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite, for the eye only: words beside it must say the same."""
    sprite = static("icons/sprite.svg")
    return format_html(
        '<svg class="i" aria-hidden="true"><use href="{}#i-{}"/></svg>', sprite, name
    )


@register.simple_tag
def stance(value: str, *, large: bool = False) -> SafeString:
    """A stance as word, icon and color; anything unheard of reads "Not stated".

    The markup holds no address, so it may be kept with a published version for ever.
    """
    css, words = STANCES.get(value, STANCES["unknown"])
    size = " large" if large else ""
    return format_html('<span class="stance {}{}">{}</span>', css, size, words)


@register.filter
def moment(at: datetime | None, now: datetime | None = None) -> SafeString:
    """A time someone must meet, in the current time zone: "Tue 3 Mar, 17:00".

    The year is added when it is not the year of `now`.
    """
    if at is None:
        return not_stated()
    here = timezone.localtime(at)
    year = "" if here.year == timezone.localtime(now).year else f" {here.year}"
    words = f"{here:%a} {here.day} {here:%b}{year}, {here:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', here.isoformat(timespec="minutes"), words)


@register.filter
def iso(day: date | None) -> SafeString:
    """A day of record: "2026-03-02", or "not stated"."""
    if day is None:
        return not_stated()
    if isinstance(day, datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    return format_html("<time>{}</time>", day.isoformat())


@register.filter
def ago(at: datetime | None, now: datetime | None = None) -> SafeString:
    """How long ago, in the two largest units: "2 d 4 h ago"; ahead of now: "in 6 min"."""
    if at is None:
        return not_stated()
    seconds = ((now or timezone.now()) - at).total_seconds()
    words = duration(int(abs(seconds) // 60))
    words = f"in {words}" if seconds < 0 else f"{words} ago"
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="minutes"), words)


def duration(minutes: int) -> str:
    """Whole minutes in words, two units at most: "2 d 4 h", "6 h 10 min", "under 1 min"."""
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    counts = [(days, "d"), (hours, "h"), (0 if days else minutes, "min")]
    return " ".join(f"{count} {unit}" for count, unit in counts if count) or "under 1 min"


def not_stated() -> SafeString:
    return format_html('<span class="quiet">{}</span>', "not stated")
