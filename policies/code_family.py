"""The codes around a code: the headers above it, the codes below it, its neighbors in the set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import DateField, TextField

from policies.code_standing import (
    SEVENTH,
    row_on,
    seventh_characters,
    seventh_missing,
    with_short,
    with_texts,
)
from policies.models import Code, System
from policies.prepared import Prepared, Slot, partly

NEIGHBORS = 4  # on each side
_SHORTEST = 3  # characters of an ICD-10-CM category
_MOST_BELOW = 5000
_MOST_CHILDREN = 60


@dataclass(frozen=True, slots=True)
class Children:
    """The next codes below a header. `more`: how many are not among `codes`."""

    codes: tuple[Code, ...]
    more: int
    billable: int  # of all codes below, however deep


@dataclass(frozen=True, slots=True)
class Encounter:
    """A 7th character with what it adds to the description."""

    character: str
    code: Code
    meaning: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class SeventhCharacter:
    """What the seventh place says or would have to."""

    sentence: str
    encounters: tuple[Encounter, ...]


def family_keys(key: str, system: str) -> list[str]:
    """The keys of the headers that may stand above a code; only ICD-10-CM builds codes so."""
    if system != System.ICD_10_CM:
        return []
    return [key[:length] for length in range(_SHORTEST, min(len(key), SEVENTH))]


def parents_of(key: str, rows: Iterable[Code], on: date) -> tuple[Code, ...]:
    """The loaded headers above a code, the widest first, each as it stands on the day."""
    by_key: dict[str, list[Code]] = {}
    for row in rows:
        if row.key != key and key.startswith(row.key):
            by_key.setdefault(row.key, []).append(row)
    found = [row_on(by_key[one], on) for one in sorted(by_key, key=len)]
    return tuple(one for one in found if one)


def children_of(code: Code, on: date) -> Children:
    """The codes right below one: those that have no other code between; two queries."""
    below = Code.objects.valid(on).filter(system=code.system).below(code.key)
    listed = below.exclude(key=code.key).order_by("key").values_list("pk", "key", "is_billable")
    ids: list[int] = []
    last = "~"
    billable = 0
    for pk, key, is_billable in listed[:_MOST_BELOW]:
        billable += is_billable
        if not key.startswith(last):
            last = key
            ids.append(pk)
    shown = with_texts(Code.objects.filter(pk__in=ids[:_MOST_CHILDREN]), on).order_by("key")
    return Children(tuple(shown), max(0, len(ids) - _MOST_CHILDREN), billable)


def neighbors_of(key: str, system: str, on: date) -> tuple[Code, ...]:
    """The codes before and after it in the code set; one query."""
    rows = _neighbors().ask(key=key, system=system, on=on)
    return tuple(_neighbor(*one) for one in rows)


def _neighbor(
    pk: int, system: str, key: str, display: str, add_on: bool, billable: bool, short: str | None
) -> Code:
    code = partly(
        Code,
        id=pk,
        system=system,
        key=key,
        display=display,
        is_add_on=add_on,
        is_billable=billable,
    )
    code.short = short  # type: ignore[attr-defined]
    return code


@cache
def _neighbors() -> Prepared:
    key, on = Slot("key", TextField()), Slot("on", DateField())
    valid = Code.objects.filter(system=Slot("system", TextField())).valid(on)
    columns = ("pk", "system", "key", "display", "is_add_on", "is_billable", "short")
    described = with_short(valid, on).values_list(*columns)
    before = described.filter(key__lt=key).order_by("-key")[:NEIGHBORS]
    after = described.filter(key__gt=key).order_by("key")[:NEIGHBORS]
    return Prepared(before.union(after).order_by("key"))


def seventh_of(
    key: str, display: str, siblings: Sequence[Code], children: Sequence[Code]
) -> SeventhCharacter | None:
    """Of a whole code what its 7th character says; of a header that one must follow, and which.

    `siblings` are the codes with the same first six characters, with their descriptors.
    """
    if ends := seventh_characters(key, children):
        said = seventh_missing(display, key, ends)
        return SeventhCharacter(said, _encounters(key, children))
    if len(key) != SEVENTH or not siblings:
        return None
    encounters = _encounters(key, siblings)
    meaning = next((one.meaning for one in encounters if one.is_own), "")
    said = f"The 7th character is {key[-1]}{f': {meaning}' if meaning else ''}."
    if "X" in key[_SHORTEST : SEVENTH - 1]:
        said += " The placeholder X holds the places before it that say nothing."
    return SeventhCharacter(said, encounters)


def _encounters(key: str, found: Sequence[Code]) -> tuple[Encounter, ...]:
    """What tells the descriptions apart stands behind the comma before which they are alike."""
    words = [getattr(one, "full", None) or _said(one) for one in found]
    alike = _beginning(min(words), max(words)) if len(words) > 1 else ""
    start = alike.rfind(", ") + 2 if ", " in alike else None
    return tuple(
        Encounter(code.key[-1], code, text[start:] if start else "", code.key == key)
        for code, text in zip(found, words, strict=True)
    )


def _beginning(low: str, high: str) -> str:
    """What all texts between these two, in their order, begin with."""
    alike = 0
    for one, other in zip(low, high, strict=False):
        if one != other:
            break
        alike += 1
    return low[:alike]


def _said(code: Code) -> str:
    newest = next(iter(code.descriptors.all()), None)
    return str(newest) if newest else ""
