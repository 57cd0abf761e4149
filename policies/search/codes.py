"""Codes that were typed, alone or among words. They are found by range, never by words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from policies.hits import Hit, hits_of, wide
from policies.models import Code, CodeSpan, System
from policies.models.code_sets import SLUGS
from policies.reading import codes
from policies.reading.codes import Membership
from policies.search.filters import Filters
from policies.search.typed import Term
from policies.spelling import read_code

SHOWN = 20
_START = re.compile(r"[A-Z]?\d[0-9A-Z]{1,6}")
# Among words "2020" is a year and "A1C" a test, unless a release or a table knows the code.
_SURE = re.compile(r"\d{5}|\d{4}[A-Z]|0\d{3}|[A-Z]\d{4}|[A-Z]\d[0-9A-Z]{3,5}")
_STRENGTH = {Membership.EXACT: 0, Membership.RANGE: 1, Membership.PARTLY: 2}


@dataclass(frozen=True, slots=True)
class CodeFound:
    """A code of a loaded release, or one that only a bulletin names (no descriptor then)."""

    system: str
    key: str
    display: str
    descriptor: str

    def get_absolute_url(self) -> str:
        return reverse("policies:code_detail", args=[SLUGS[self.system], self.display])


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that stands among the words, and the bulletins that name it: each once, as exactly
    as it does."""

    code: CodeFound
    hits: tuple[Hit, ...]
    spelling: str

    @property
    def versions(self) -> set[int]:
        return {hit.facts.version_id for hit in self.hits}

    @property
    def said(self) -> str:
        """How many bulletins name it, and how."""
        if not self.hits:
            return "No bulletin that is searched here names it."
        exact = sum(hit.membership is Membership.EXACT for hit in self.hits)
        ranged = len(self.hits) - exact
        count = "1 bulletin names" if len(self.hits) == 1 else f"{len(self.hits)} bulletins name"
        if not exact or not ranged:
            return f"{count} it: {'as this very code' if exact else 'by range'}."
        return f"{count} it: {exact} as this very code, {ranged} by range."


def codes_alone(asked: str, filters: Filters) -> list[CodeFound]:
    """Codes that begin so: of the releases, else of the tables that are searched."""
    key = read_code(asked).key
    if not _START.fullmatch(key) or " " in asked.strip():
        return []
    stored = Code.objects.below(key).filter(system__in=System.values).valid(filters.on)
    known = stored.prefetch_related("descriptors").order_by("key", "system")[:SHOWN]
    found = [CodeFound(one.system, one.key, one.display, _descriptor(one)) for one in known]
    return found or [
        CodeFound(system, codes.normalise(low), low, "")
        for system, low in CodeSpan.objects.filter(
            system__in=System.values,
            lower__gte=key,
            lower__lt=f"{key}~",
            version__in=filters.versions().values("pk"),
        )
        .order_by("low", "system")
        .values_list("system", "low")
        .distinct()[:SHOWN]
    ]


def codes_among(
    groups: Sequence[tuple[Term, ...]], filters: Filters
) -> tuple[list[Asked], list[tuple[Term, ...]]]:
    """The codes among the words, and the groups that are words."""
    asked: list[Asked] = []
    words: list[tuple[Term, ...]] = []
    for group in groups:
        one = None
        if len(group) == 1 and not group[0].is_phrase and re.search(r"\d", group[0].text):
            one = _asked(group[0].text, filters)
        if one is None:
            words.append(group)
        elif one.code not in [other.code for other in asked]:
            asked.append(one)
    return asked, words


def _asked(text: str, filters: Filters) -> Asked | None:
    typed = read_code(text)
    if not _START.fullmatch(typed.key) or not codes.systems_of(typed.key):
        return None
    known = _known(typed.key, filters.on)
    is_sure = "." in text or _SURE.fullmatch(typed.key) is not None
    hits = _hits(typed.key, filters) if known or is_sure or len(typed.key) == 3 else []
    exact = next((one for one in hits if one.membership is Membership.EXACT), None)
    if re.fullmatch(r"[1-9]\d{2,3}", typed.key) or not (known or exact or (is_sure and hits)):
        return None
    system = known.system if known else hits[0].facts.system
    display = codes.dotted(typed.key) if system == "ICD-10-CM" else typed.key
    code = known or CodeFound(system, typed.key, display, "")
    return Asked(code, tuple(one for one in hits if one.facts.system == code.system), typed.note)


def _known(key: str, on: date) -> CodeFound | None:
    stored = Code.objects.filter(key=key, system__in=System.values).valid(on)
    one = stored.prefetch_related("descriptors").order_by("system").first()
    return CodeFound(one.system, one.key, one.display, _descriptor(one)) if one else None


def _descriptor(code: Code) -> str:
    newest = code.descriptors.all()[:1]
    return str(newest[0]) if newest else ""


def _hits(key: str, filters: Filters) -> list[Hit]:
    """The strongest naming of every version that is searched, exact ones first."""
    spans = CodeSpan.objects.naming(key).filter(version__in=filters.versions().values("pk"))
    hits = hits_of(key, wide(spans), asked=key)
    hits.sort(key=lambda one: (_STRENGTH[one.membership], one.facts.number))
    return list({hit.facts.version_id: hit for hit in reversed(hits)}.values())[::-1]
