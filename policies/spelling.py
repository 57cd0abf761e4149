"""Codes as people type them: small letters, dots, the letter O for a zero."""

from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz import fuzz, process

from policies.models import Code
from policies.reading import codes

_NEAR = 75  # of 100
_FEW = 3


@dataclass(frozen=True, slots=True)
class TypedCode:
    """The key of what was typed, and a sentence where a character was taken for another."""

    key: str
    note: str


def read_code(typed: str) -> TypedCode:
    """No system has the letter O after the first place, so there it was meant as a zero."""
    key = codes.normalise(typed)
    mended = key[:1] + key[1:].replace("O", "0")
    if mended[:1] == "O" and not codes.systems_of(mended):
        mended = "0" + mended[1:]
    if mended == key or not codes.systems_of(mended):
        return TypedCode(key, "")
    return TypedCode(mended, f"Read as {mended}, with a zero where the letter O was typed.")


def similar_codes(key: str) -> tuple[str, ...]:
    """Loaded codes that an unknown one may have been meant for, as they are displayed."""
    begins = Q(pk__in=[])
    for start in {key[:3], key.replace("O", "0")[:3]}:
        if len(start) == 3:
            begins |= Q(key__gte=start, key__lt=f"{start}~")
    stored = Code.objects.filter(begins).values_list("key", "display")[:500]
    known = dict(stored)
    near = process.extract(key, known.keys(), scorer=fuzz.ratio, limit=_FEW, score_cutoff=_NEAR)
    return tuple(known[found] for found, _, _ in near)
