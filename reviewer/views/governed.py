"""Which versions govern a page of requests: in bulk, for lists. The workspace says why."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q, TextField

from policies.effective_bases import Bases, line_bases
from policies.kept import Kept
from policies.models import CodeSpan
from policies.models.code_tables import COVER
from policies.prepared import AnyOf, Prepared, Row, Slot, ask_written
from policies.resolver import TERMS, Fit, Occasion, Terms, fit
from reviewer.models import Request, ServiceLine
from reviewer.time import local_day

TEXTS = ArrayField(TextField())
Code = tuple[str, str]  # system and code
KEPT: Final = 4_000  # answers for a code on an occasion
_kept: Kept[tuple[object, Code, Occasion], tuple[str, ...]] = Kept(KEPT)
_STATE = """
    SELECT ended.*, own.bases FROM (
        SELECT count(*), max(id), count(ended_on), sum(ended_on - DATE '2000-01-01') AS days,
            sum(id) FILTER (WHERE ended_on IS NOT NULL) AS which
        FROM policies_publication
    ) ended, (
        SELECT string_agg(id || effective_basis, ' ' ORDER BY id) AS bases
        FROM policies_bulletin WHERE effective_basis <> ''
    ) own
"""


def occasion_of(request: Request, line: ServiceLine, *, at: datetime) -> Occasion:
    """What decides which version governs a line, as of the moment."""
    return Occasion(
        line_of_business=request.line_of_business,
        jurisdiction=request.jurisdiction,
        service_on=line.starts_on,
        received_on=local_day(request.received_at),
        processed_on=local_day(at),
    )


def governed_by(requests: Sequence[Request], *, at: datetime) -> dict[int, list[str]]:
    """For each request the versions that name a code of it and govern: "0198 v3", or may, because
    they state no effective date: "1246 v1, undated". Three queries for all of them, two where a
    process has answered before.

    Versions of one bulletin never overlap: where one governs, no other of them may.
    """
    bases, library = line_bases(), _library()
    state = (library, tuple(bases.values()))
    asked: list[tuple[Request, Code, Occasion]] = [
        (request, (line.system, line.code), occasion_of(request, line, at=at))
        for request in requests
        for line in request.lines.all()
    ]
    found = {(code, occasion): _kept.get((state, code, occasion)) for _, code, occasion in asked}
    naming = _naming({code for (code, _), names in found.items() if names is None})
    for (code, occasion), names in found.items():
        if names is None:
            answer = _shown(naming[code], occasion, bases)
            _kept.keep((state, code, occasion), answer)
            found[code, occasion] = answer
    answers: dict[int, dict[str, None]] = {request.pk: {} for request in requests}
    for request, code, occasion in asked:
        answers[request.pk] |= dict.fromkeys(found[code, occasion] or ())
    return {request: list(names) for request, names in answers.items()}


def _library() -> Row:
    """What there is published, until when, and what bulletins go by: another answer when any of
    it is another. Everything else that decides is in published versions, which never change."""
    (state,) = ask_written(_STATE, {})
    return state


def _shown(naming: Mapping[str, Terms], occasion: Occasion, bases: Bases) -> tuple[str, ...]:
    fits = ((name, fit(terms, occasion, bases)) for name, terms in naming.items())
    return tuple(
        name if how is Fit.YES else f"{name}, undated" for name, how in fits if how is not Fit.NO
    )


def _naming(codes: Collection[Code]) -> dict[Code, dict[str, Terms]]:
    """By code the published versions whose tables hold it ("0198 v3"), in the order of bulletins,
    with what decides when they govern."""
    if not codes:
        return {}
    keys = sorted({code for _, code in codes})
    prefixes = {key[:length] for key in keys for length in range(1, len(key) + 1)}
    systems = sorted({system for system, _ in codes})
    spans = _holding().ask(keys=keys, prefixes=sorted(prefixes), systems=systems)
    naming: dict[Code, dict[str, Terms]] = {code: {} for code in codes}
    by_system = defaultdict(list)
    for system, code in sorted(codes):
        by_system[system].append(code)
    for system, lower, upper, number, ordinal, *terms in spans:
        asked = by_system[system]
        within = asked[bisect_left(asked, lower) : bisect_right(asked, upper)]
        for code in within:
            naming[system, code].setdefault(f"{number} v{ordinal}", Terms(*terms))
    return naming


@cache
def _holding() -> Prepared:
    """The query of `CodeSpan.objects.holding()` for any keys of some systems."""
    held = Q(cover__overlap=Slot("prefixes", TEXTS)) | Q(AnyOf(F("lower"), Slot("keys", TEXTS)))
    spans = CodeSpan.objects.alias(cover=COVER).filter(held, version__status="published")
    within = spans.filter(AnyOf(F("system"), Slot("systems", TEXTS)))
    return Prepared(
        within.order_by("version__bulletin__number", "version__ordinal").values_list(
            "system", "lower", "upper", "version__bulletin__number", "version__ordinal",
            *(f"version__{name}" for name in TERMS),
        )
    )  # fmt: skip
