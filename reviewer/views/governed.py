"""Which versions govern a page of requests: in bulk, for lists. The workspace says why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from policies.models import Bulletin, CodeSpan
from policies.resolver import Occasion, governing_versions
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
    """For each request the versions that govern it and name a code of it: "0198 v3"."""
    lines = [(request, line) for request in requests for line in request.lines.all()]
    spans = _spans({(line.system, line.code) for _, line in lines})
    bulletins = {span.version.bulletin_id: span.version.bulletin for span in spans}
    answers: dict[int, list[str]] = {request.pk: [] for request in requests}
    resolved: dict[Occasion, dict[int, int | None]] = {}
    for request, line in lines:
        occasion = occasion_of(request, line, at=at)
        if occasion not in resolved:
            resolved[occasion] = _resolve(bulletins.values(), occasion)
        for span in spans:
            names = str(span.version)
            governs = resolved[occasion][span.version.bulletin_id] == span.version_id
            if governs and _holds(span, line) and names not in answers[request.pk]:
                answers[request.pk].append(names)
    return answers


def _resolve(bulletins: Iterable[Bulletin], occasion: Occasion) -> dict[int, int | None]:
    found = governing_versions(bulletins, occasion)
    return {one.bulletin.pk: one.version.pk if one.version else None for one in found}


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
