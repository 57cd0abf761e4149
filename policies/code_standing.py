"""Where a code stands on a day, and the sentences that say so; codes with their descriptions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, NullIf

from policies.models import Code, Descriptor
from policies.wording import either

SEVENTH = 7  # the place of the character that tells the encounter, the fetus or the stage


class Standing(StrEnum):
    VALID = "valid"
    ENDED = "ended"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Described:
    """A code with its short description of a day; empty where no release gives one."""

    code: Code
    short: str

    @property
    def display(self) -> str:
        return self.code.display

    def get_absolute_url(self) -> str:
        return self.code.get_absolute_url()


def described(found: Sequence[Code], on: date) -> tuple[Described, ...]:
    """Codes with what the newest release by the day calls them; one query."""
    if not found:
        return ()
    said = Descriptor.objects.filter(code__in=found, release__valid_from__lte=on)
    newest = dict(said.order_by("release__valid_from").values_list("code", "short"))
    return tuple(Described(one, newest.get(one.pk, "")) for one in found)


def with_short(found: QuerySet[Code], on: date | Value) -> QuerySet[Code]:
    """Codes with `short`, their short description as of the newest release by that day."""
    said = Descriptor.objects.filter(code=OuterRef("pk"), release__valid_from__lte=on)
    newest = said.order_by("-release__valid_from").values("short")[:1]
    return found.annotate(short=Subquery(newest))


def with_texts(found: QuerySet[Code], on: date) -> QuerySet[Code]:
    """As `with_short`, with `full` too: the long description, or the short where there is none."""
    said = Descriptor.objects.filter(code=OuterRef("pk"), release__valid_from__lte=on)
    newest = said.order_by("-release__valid_from")
    full = Coalesce(NullIf("long", Value("")), "short", output_field=TextField())
    return with_short(found, on).annotate(
        full=Subquery(newest.annotate(full=full).values("full")[:1])
    )


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
    what = "valid" if code.is_billable else "in the code set"
    return f"{code.display} is {what} on {on}: from {code.valid_from} {end}."


def seventh_characters(key: str, below: Sequence[Code]) -> list[str]:
    """The 7th characters that an ICD-10-CM header takes; empty where other codes follow it too."""
    stem = key.ljust(SEVENTH - 1, "X")
    ends = [one.key[SEVENTH - 1 :] for one in below if one.key[: SEVENTH - 1] == stem]
    is_all = len(ends) == len(below) and below[:1] and below[0].system == "ICD-10-CM"
    return ends if is_all else []


def seventh_missing(display: str, key: str, characters: Sequence[str]) -> str:
    """What an incomplete code lacks."""
    filled = " The placeholder X fills each empty place before it." if len(key) < 6 else ""
    return f"{display} is incomplete: a 7th character must follow, {either(characters)}.{filled}"
