"""Which open requests a change of a bulletin reaches, and which it leaves as they are."""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from policies.effective_bases import Bases, line_bases
from policies.impact import Change, Code, CodeTable, changed_codes, code_tables
from policies.models import System, Version
from policies.resolver import TERMS, Fit, Occasion, Terms, compared, fit
from reviewer.models import Diagnosis, Request, ServiceLine
from reviewer.time import local_day


class Found(NamedTuple):
    """Open requests in the order of their numbers, each in one list at most."""

    reached: list[Request]
    with_changed_code: list[Request]
    staying: list[Request]


@dataclass(frozen=True, slots=True)
class _Published:
    """A version that may govern: when, which codes, and whether it ends or begins by the change."""

    terms: Terms
    table: CodeTable
    is_changing: bool


def find(change: Change) -> Found:
    """Sort the open requests by what the change does to them. Ten queries."""
    bases = line_bases()
    published = _published(change)
    asked = _codes_asked()
    changed = set(changed_codes(change, asked))
    named = {code for code in asked if any(one.table.stances(code) for one in published)}
    coming = _coming_terms(change)
    found = Found([], [], [])
    for request in _open_requests(named | changed, changed):
        occasions = _occasions(request, change)
        governed = _governed(occasions, published, bases)
        if any(one.is_changing and _is_from(change, one, on, bases) for one, on in governed):
            found.reached.append(request)
        elif _names_changed(request, occasions, changed, coming, bases):
            found.with_changed_code.append(request)
        elif governed:
            found.staying.append(request)
    return found


def _published(change: Change) -> list[_Published]:
    of_bulletin = Version.objects.published().filter(bulletin=change.version.bulletin_id)
    terms = {pk: Terms(*row) for pk, *row in of_bulletin.values_list("pk", *TERMS)}
    tables, ending = code_tables(terms), change.governs_now
    changing = {change.version.pk, ending.pk if ending else None}
    return [_Published(one, tables[pk], pk in changing) for pk, one in terms.items()]


def _coming_terms(change: Change) -> Terms:
    """By which days and for whom the change holds: as the version itself, from its day on."""
    [row] = Version.objects.filter(pk=change.version.pk).values_list(*TERMS)
    return Terms(*row)._replace(effective_from=change.effective_from, ended_on=None)


def _codes_asked() -> set[Code]:
    """Every code of an open request: of its lines, and of its diagnoses."""
    still_open = Request.objects.open()
    lines = ServiceLine.objects.filter(request__in=still_open).order_by()
    diagnoses = Diagnosis.objects.filter(request__in=still_open).order_by()
    return {
        *lines.values_list("system", "code").distinct(),
        *((System.ICD_10_CM.value, code) for code in diagnoses.values_list("code", flat=True)),
    }


def _open_requests(by_line: Collection[Code], by_diagnosis: Collection[Code]) -> Sequence[Request]:
    """Open requests with one of the codes, with their lines and diagnoses."""
    of_request = {"request": OuterRef("pk")}
    lines = ServiceLine.objects.filter(code__in={code for _, code in by_line}, **of_request)
    diagnoses = Diagnosis.objects.filter(code__in=_diagnoses(by_diagnosis), **of_request)
    asked = Request.objects.open().filter(Exists(lines) | Exists(diagnoses))
    return list(asked.prefetch_related("lines", "diagnoses").order_by("number"))


def _diagnoses(codes: Collection[Code]) -> set[str]:
    return {code for system, code in codes if system == System.ICD_10_CM}


def _occasions(request: Request, change: Change) -> list[tuple[Code, Occasion]]:
    """For each line its code, and what decides which version governs it today."""
    return [
        (
            (line.system, line.code),
            Occasion(
                line_of_business=request.line_of_business,
                jurisdiction=request.jurisdiction,
                service_on=line.starts_on,
                received_on=local_day(request.received_at),
                processed_on=change.on,
            ),
        )
        for line in request.lines.all()
    ]


def _governed(
    occasions: Sequence[tuple[Code, Occasion]], published: Sequence[_Published], bases: Bases
) -> list[tuple[_Published, Occasion]]:
    """Where a version names the code of a line and governs it, or may: nothing tells when it is in
    effect."""
    return [
        (version, occasion)
        for code, occasion in occasions
        for version in published
        if version.table.stances(code) and fit(version.terms, occasion, bases) is not Fit.NO
    ]


def _is_from(change: Change, version: _Published, occasion: Occasion, bases: Bases) -> bool:
    """Whether the day by which the version was chosen is not before the change."""
    day = compared(version.terms.basis, _still_open(occasion), bases).on
    return change.effective_from is None or day is None or day >= change.effective_from


def _names_changed(
    request: Request,
    occasions: Sequence[tuple[Code, Occasion]],
    changed: AbstractSet[Code],
    coming: Terms,
    bases: Bases,
) -> bool:
    """Whether a changed code is among the lines that the change is for, or the diagnoses of a
    request with such a line."""
    meant = [
        code
        for code, occasion in occasions
        if fit(coming, _still_open(occasion), bases) is not Fit.NO
    ]
    diagnoses = {one.code for one in request.diagnoses.all()}
    return bool(changed & set(meant) or (meant and _diagnoses(changed) & diagnoses))


def _still_open(occasion: Occasion) -> Occasion:
    """It may be processed on any later day."""
    return replace(occasion, processed_on=None)
