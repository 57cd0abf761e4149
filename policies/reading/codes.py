"""Codes as keys: their form, the systems they may belong to, and membership in spans.

A key is a code without its dot, in capitals: `S134XXA`. Keys compare by characters, as Postgres
compares text under the "C" collation. The `~` sorts after every letter and digit, so `Z9889~`
lies above every code that begins with `Z9889`.
"""

import re
from enum import StrEnum

from policies.reading.document import CodeSpan

AFTER_EVERY_CODE = "~"

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_NOT_IN_KEY = re.compile(r"[\s.+\u200b\ufeff]+")
_SHAPES = {
    "CPT": re.compile(r"\d{5}|\d{4}[A-Z]"),
    "HCPCS": re.compile(r"[A-V]\d{4}"),
    "CDT": re.compile(r"D\d{4}"),
    "ICD-10-CM": re.compile(r"[A-Z]\d[0-9A-Z]{1,5}"),
    "ICD-10-PCS": re.compile(r"[0-9BCDFGHX][0-9A-HJ-NP-Z]{6}"),
    "revenue": re.compile(r"\d{3,4}"),
}
_ICD_10_CM = _SHAPES["ICD-10-CM"]


class Membership(StrEnum):
    """How a code stands to a span."""

    EXACT = "exact"  # the span is this very code
    RANGE = "range"  # inside, with everything below it
    PARTLY = "partly"  # a header; some codes below it are inside, others are not
    OUTSIDE = "outside"


def plain_dashes(text: str) -> str:
    """The text with the hyphen for every dash that is printed for it."""
    return text.translate(_DASHES)


def normalise(text: str) -> str:
    """The key of a code as typed or printed: `s13.4xx a` and `S13.4XXA+` give `S134XXA`."""
    return _NOT_IN_KEY.sub("", plain_dashes(text)).upper()


def dotted(key: str) -> str:
    """An ICD-10-CM key as it is displayed: `S134XXA` gives `S13.4XXA`, `D66` stays."""
    return f"{key[:3]}.{key[3:]}" if len(key) > 3 else key


def systems_of(key: str) -> tuple[str, ...]:
    """Every system whose codes can look like this key; `D6600` may be three things."""
    return tuple(system for system, shape in _SHAPES.items() if shape.fullmatch(key))


def system_of(group_system: str, code: str) -> str:
    """The group's system, or by its shape the code's own: publishers mix CPT and HCPCS"""
    possible = systems_of(normalise(code))
    return group_system if group_system in possible or not possible else possible[0]


def bounds(span: CodeSpan) -> tuple[str, str]:
    """Keys such that a key is inside the span if and only if lower <= key <= upper ("C" order).

    Codes below the upper bound of a range count, hence the `~`. A single code stands for itself
    alone (lower == upper), unless a 7th character has still to follow it. Headers that are only
    partly inside may sort outside: find them by `reach`, tell them by `membership`.
    """
    low, high = normalise(span.low), normalise(span.high)
    if low == high and not _awaits_seventh_character(span, high):
        return low, high
    return low, high + AFTER_EVERY_CODE


def reach(key: str) -> tuple[str, str]:
    """The key and the end of everything below it, to find spans that overlap a header."""
    return key, key + AFTER_EVERY_CODE


def membership(key: str, span: CodeSpan) -> Membership:
    """Where a key stands. The caller compares systems first: ICD-10-CM `C17.13` and HCPCS
    `C1713` are one key."""
    low, high = normalise(span.low), normalise(span.high)
    if not key or not low:
        return Membership.OUTSIDE
    if key == low == high:
        return Membership.EXACT
    lower, upper = bounds(span)
    if lower > upper:  # a range printed upside down holds nothing
        return Membership.OUTSIDE
    starts_low, starts_high = low.startswith(key), high.startswith(key)
    if len(key) < max(len(low), len(high)) and (starts_low or starts_high):
        return _header(key, low, high, is_single=lower == upper)
    return Membership.RANGE if lower <= key <= upper else Membership.OUTSIDE


def _header(key: str, low: str, high: str, *, is_single: bool) -> Membership:
    """A key that begins a bound: inside when nothing below it lies beyond that bound."""
    if key == high:  # everything below the upper bound counts
        return Membership.RANGE if low <= key else Membership.PARTLY
    if not _ICD_10_CM.fullmatch(key):  # only diagnosis codes have codes below them
        return Membership.RANGE if low <= key <= high and not is_single else Membership.OUTSIDE
    # X is a placeholder and has no siblings; 0 is the first character there is, Z the last.
    from_first = not low.startswith(key) or not low[len(key) :].strip("0X")
    to_last = not high.startswith(key) or not high[len(key) :].strip("ZX")
    if from_first and to_last and not is_single:
        return Membership.RANGE
    return Membership.PARTLY


def _awaits_seventh_character(span: CodeSpan, key: str) -> bool:
    """Whether the `+` says so, or a placeholder in the sixth place, which never ends a code."""
    has_open_end = len(key) == 6 and key.endswith("X") and _ICD_10_CM.fullmatch(key) is not None
    return span.seventh_character or has_open_end
