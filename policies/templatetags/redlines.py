"""A compared text as HTML: what the other text does not have is marked."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from policies.comparison.words import Run

register = template.Library()


@register.filter
def deleted(runs: Iterable[Run]) -> SafeString:
    """The older text; <del> holds what is gone."""
    return _marked(runs, "del")


@register.filter
def inserted(runs: Iterable[Run]) -> SafeString:
    """The newer text; <ins> holds what is new."""
    return _marked(runs, "ins")


def _marked(runs: Iterable[Run], tag: str) -> SafeString:
    pieces = []
    for run in runs:
        words = _lines(run.text)
        pieces.append(f"<{tag}>{words}</{tag}>" if run.is_changed else words)
    return mark_safe("".join(pieces))  # noqa: S308  made from escaped pieces


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
