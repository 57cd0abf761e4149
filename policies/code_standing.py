"""Where a code stands on a day: valid, ended or not yet valid, and the sentence that says so."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from policies.models import Code


class Standing(StrEnum):
    VALID = "valid"
    ENDED = "ended"
    NOT_YET = "not_yet"


def standing_on(code: Code, on: date) -> Standing:
    if code.valid_from > on:
        return Standing.NOT_YET
    if code.valid_to is not None and code.valid_to < on:
        return Standing.ENDED
    return Standing.VALID


def row_on(rows: Iterable[Code], on: date) -> Code | None:
    """Of the rows of one code the last that began by the day, else the first to come."""
    in_order = sorted(rows, key=lambda one: one.valid_from)
    begun = [one for one in in_order if one.valid_from <= on]
    return next(iter(begun[-1:] or in_order), None)


def standing_sentence(code: Code, on: date) -> str:
    """Whole, with the code as its subject; an ended code names its successor."""
    standing = standing_on(code, on)
    if standing is Standing.NOT_YET:
        return f"{code.display} is not yet valid on {on}: it is valid from {code.valid_from}."
    if standing is Standing.ENDED:
        named = code.successor and code.successor.display
        instead = f"Its successor is {named}." if named else "No successor is stated."
        return f"{code.display} is not valid on {on}: it ended on {code.valid_to}. {instead}"
    end = f"to {code.valid_to}" if code.valid_to else "with no end stated"
    return f"{code.display} is valid on {on}: from {code.valid_from} {end}."
