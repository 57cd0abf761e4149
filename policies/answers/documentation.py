"""The third answer: what the governing versions ask to be shown."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count

from policies.answers.model import BulletinAnswer, Said, Source, Value
from policies.models import Criterion, Section
from policies.wording import listed


@dataclass(frozen=True, slots=True)
class Asked:
    """What a version asks for: its sections on documentation, and how many single criteria."""

    sections: list[tuple[str, str]] = field(default_factory=list)  # anchor and heading
    criteria: int = 0
    first: str = ""  # anchor of the first criterion


def asked_by(versions: Collection[int]) -> dict[int, Asked]:
    """By version; three queries."""
    found: dict[int, list[tuple[str, str]]] = {pk: [] for pk in versions}
    sections = Section.objects.filter(version__in=versions, heading__icontains="documentation")
    for pk, anchor, heading in sections.order_by("version", "position").values_list(
        "version", "anchor", "heading"
    ):
        found[pk].append((anchor, heading.rstrip(" :")))
    single = Criterion.objects.filter(version__in=versions, children__isnull=True)
    counts = dict(single.order_by().values_list("version").annotate(Count("pk")))
    roots = Criterion.objects.filter(version__in=versions, parent__isnull=True)
    first = dict(roots.order_by("-position").values_list("version", "anchor"))
    return {pk: Asked(found[pk], counts.get(pk, 0), first.get(pk, "")) for pk in versions}


def documentation(bulletins: Iterable[BulletinAnswer], asked: dict[int, Asked]) -> Said:
    governing = [one for one in bulletins if one.governs]
    if not governing:
        return Said(Value.UNKNOWN, "No version governs, so none says what must be shown.")
    told, sources = [], []
    for one in governing:
        version = one.version
        wanted = asked[version.pk]
        told.append(_told(f"{version.bulletin.number} version {version.ordinal}", wanted))
        sources += [Source(version, anchor, heading) for anchor, heading in wanted.sections]
        if wanted.criteria:
            sources.append(Source(version, wanted.first, "criteria"))
    value = Value.YES if sources else Value.UNKNOWN
    return Said(value, " ".join(told), tuple(sources))


def _told(name: str, wanted: Asked) -> str:
    parts = [f"by its section “{heading}”" for _, heading in wanted.sections]
    if wanted.criteria:
        each = f"each of its {wanted.criteria} criteria" if wanted.criteria > 1 else "its criterion"
        parts.append(f"for {each}")
    if parts:
        return f"{name} asks for documentation {listed(parts)}."
    return (
        f"{name} has no section on documentation and no criteria: what must be shown is not stated."
    )
