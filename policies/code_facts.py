"""Everything that the code sets say of one code on a day: a fixed number of queries a kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import OuterRef, Q, Subquery, TextField

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
from policies.prepared import PreparedModels, Slot, with_related


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
    """Two queries for a diagnosis, three for a service; a header takes two more. `rows` are what
    `family_rows` found, where the caller has them already: one query less."""
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
    """The rows of the code, of the headers above it and of its siblings, each with its successor,
    its descriptors, the newest first, and the day of its system's first release; one query."""
    keys = {f"key_{at}": one for at, one in enumerate([key, *family_keys(key, system)])}
    has_siblings = system == System.ICD_10_CM and len(key) == SEVENTH
    among = {"stem": key[:-1], "after": f"{key[:-1]}~"} if has_siblings else {}
    query = _family(len(keys), has_siblings=has_siblings)
    found: dict[int, Code] = {}
    said: dict[int, list[Descriptor]] = {}
    for code, successor, descriptor, release, first_release in query.ask(
        system=system, **keys, **among
    ):
        own = found.setdefault(code.pk, code)
        own.successor = successor
        own.first_release = first_release  # type: ignore[attr-defined]
        if descriptor:
            descriptor.release = release
            said.setdefault(code.pk, []).append(descriptor)
    for pk, code in found.items():
        with_related(code, "descriptors", said.get(pk, ()))
    return list(found.values())


@cache
def _family(keys: int, *, has_siblings: bool) -> PreparedModels:
    """Apart for each number of keys: the database keeps no plan for lists of any length."""
    wanted = Q(key__in=[Slot(f"key_{at}", TextField()) for at in range(keys)])
    if has_siblings:
        wanted |= Q(key__gte=Slot("stem", TextField()), key__lt=Slot("after", TextField()))
    first = Release.objects.filter(system=OuterRef("system")).order_by("valid_from")
    found = Code.objects.filter(wanted, system=Slot("system", TextField()))
    described = found.annotate(first_release=Subquery(first.values("valid_from")[:1]))
    return PreparedModels(
        described.order_by("key", "valid_from", "-descriptors__release__valid_from"),
        "successor", "descriptors", "descriptors__release",
    )  # fmt: skip


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
