"""Everything that the code sets say of one code on a day: a fixed number of queries a kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery

from policies.code_add_ons import SYSTEMS, AddOns, add_ons_of
from policies.code_family import (
    Children,
    SeventhCharacter,
    children_of,
    family_keys,
    neighbors_of,
    parents_of,
    seventh_of,
)
from policies.code_history import CodeEvent, Wording, events_of, wordings_of
from policies.code_standing import (
    SEVENTH,
    Described,
    Standing,
    row_on,
    standing_on,
    standing_sentence,
)
from policies.models import Code, Descriptor, Release, System


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """Of a code that no release holds only the neighbors, and what add-on files say, are known."""

    code: Code | None  # the row of the day
    standing: Standing | None
    sentence: str  # its standing on the day
    wording: Wording | None  # the description of the day
    wordings: tuple[Wording, ...]  # all of them, the newest first
    events: tuple[CodeEvent, ...]
    parents: tuple[Described, ...]
    children: Children | None  # of a header
    seventh: SeventhCharacter | None
    neighbors: tuple[Code, ...]
    add_ons: AddOns | None


def code_facts(key: str, system: str, *, on: date, rows: Sequence[Code] | None = None) -> CodeFacts:
    """Three queries for a diagnosis, four for a service; a header takes two more. `rows` are what
    `family_rows` found, where the caller has them already: two queries less."""
    rows = family_rows(key, system) if rows is None else rows
    own = [one for one in rows if one.key == key]
    code = row_on(own, on)
    first = getattr(code, "first_release", None)
    children = children_of(code, on) if code and not code.is_billable else None
    wordings = wordings_of(own, on)
    return CodeFacts(
        code=code,
        standing=standing_on(code, on) if code else None,
        sentence=standing_sentence(code, on) if code else "",
        wording=next((one for one in wordings if one.is_current), None),
        wordings=wordings,
        events=events_of(own, first),
        parents=tuple(_described(one, on) for one in parents_of(key, rows, on)),
        children=children,
        seventh=_seventh(key, system, code, rows, children, on),
        neighbors=neighbors_of(key, system, on),
        add_ons=add_ons_of(key, is_add_on=bool(code and code.is_add_on), on=on)
        if system in SYSTEMS
        else None,
    )


def family_rows(key: str, system: str) -> list[Code]:
    """The rows of the code, of the headers above it and of its siblings; two queries."""
    wanted = Q(key__in=[key, *family_keys(key, system)])
    if system == System.ICD_10_CM and len(key) == SEVENTH:
        wanted |= Q(key__gte=key[:-1], key__lt=f"{key[:-1]}~")
    first = Release.objects.filter(system=OuterRef("system")).order_by("valid_from")
    found = Code.objects.filter(wanted, system=system).select_related("successor").described()
    return list(found.annotate(first_release=Subquery(first.values("valid_from")[:1])))


def _seventh(
    key: str,
    system: str,
    code: Code | None,
    rows: Sequence[Code],
    children: Children | None,
    on: date,
) -> SeventhCharacter | None:
    if system != System.ICD_10_CM or code is None:
        return None
    valid = [one for one in rows if standing_on(one, on) is Standing.VALID]
    siblings = [one for one in valid if len(one.key) == SEVENTH and one.key[:-1] == key[:-1]]
    below = children.codes if children and not children.more else ()
    return seventh_of(key, code.display, siblings, below)


def _described(code: Code, on: date) -> Described:
    said: list[Descriptor] = list(code.descriptors.all())  # the newest first
    until = [one for one in said if one.release.valid_from <= on]
    newest = next(iter(until or said[-1:]), None)
    return Described(code, newest.short if newest else "")
