"""Which versions govern a page of requests: in bulk, for lists. The workspace says why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from policies.models import CodeSpan
from policies.resolver import Governing, Occasion, governing_on_each
from reviewer.models import Request, ServiceLine
from reviewer.time import local_day


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
    they state no effective date: "1246 v1, undated"."""
    lines = [(request, line) for request in requests for line in request.lines.all()]
    spans = _spans({(line.system, line.code) for _, line in lines})
    bulletins = {span.version.bulletin_id: span.version.bulletin for span in spans}
    occasions = {line.pk: occasion_of(request, line, at=at) for request, line in lines}
    resolved = governing_on_each(bulletins.values(), set(occasions.values()))
    answers: dict[int, list[str]] = {request.pk: [] for request in requests}
    for request, line in lines:
        names = _names(resolved[occasions[line.pk]])
        for span in spans:
            name = names.get(span.version_id) if _holds(span, line) else None
            if name and name not in answers[request.pk]:
                answers[request.pk].append(name)
    return answers


def _names(governing: Iterable[Governing]) -> dict[int, str]:
    """The versions that govern or may, by their keys, as a list shows them."""
    names = {}
    for one in governing:
        if one.version:
            names[one.version.pk] = str(one.version)
            continue
        for miss in one.near_misses:
            if miss.is_possible:
                names[miss.version.pk] = f"{miss.version}, undated"
    return names


def _holds(span: CodeSpan, line: ServiceLine) -> bool:
    return span.system == line.system and span.lower <= line.code <= span.upper


def _spans(keys: set[tuple[str, str]]) -> list[CodeSpan]:
    """Spans of published versions that hold one of the codes, the nearest bulletin first."""
    by_system: dict[str, Q] = defaultdict(Q)
    for system, key in sorted(keys):
        by_system[system] |= Q(lower__lte=key, upper__gte=key)
    wanted = Q(pk=None)
    for system, held in by_system.items():
        wanted |= Q(held, system=system)
    return list(
        CodeSpan.objects.filter(wanted, version__status="published")
        .select_related("version__bulletin")
        .defer("version__content", "version__source_bytes")
        .order_by("version__bulletin__number", "version__ordinal")
    )
