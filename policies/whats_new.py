"""What happened to the library, by day: versions published, taking effect, ended.

One entry is a version on a day, whatever happened to it then. The end of a version that another
replaces is told by the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from policies.models import Publication, Version

Place = tuple[date, int]  # the day and the publication's key: where a list goes on


@dataclass(frozen=True, slots=True)
class Happening:
    """A version and what happened to it on a day; `earlier` is the version before it."""

    day: date
    publication: Publication
    earlier: Version | None
    sentence: str

    @property
    def version(self) -> Version:
        return self.publication.version

    @property
    def place(self) -> Place:
        return self.day, self.publication.pk


def happenings(
    *, today: date, since: date | None, below: Place | None, limit: int
) -> list[Happening]:
    """The newest first, what is still to come before all; three queries."""
    places = _places(since, below)[:limit]
    related = Publication.objects.select_related(
        "version__bulletin", "bulletin", "successor"
    ).defer("version__content", "version__source_bytes", "successor__content")
    found = related.defer("successor__source_bytes").in_bulk([pk for _, pk in places])
    earlier = _earlier(found.values())
    return [
        Happening(day, found[pk], earlier.get(pk), _told(found[pk], day, today))
        for day, pk in places
    ]


def _places(since: date | None, below: Place | None) -> "QuerySet[Publication, Place]":
    everything = Publication.objects.order_by()
    published = _days(everything, TruncDate("published_at"), since, below)
    took_effect = _days(everything, F("effective_from"), since, below)
    ended = _days(everything.filter(successor__isnull=True), F("ended_on"), since, below)
    return published.union(took_effect, ended).order_by(F("day").desc(), F("pk").desc())


def _days(
    publications: QuerySet[Publication],
    day: F | TruncDate,
    since: date | None,
    below: Place | None,
) -> "QuerySet[Publication, Place]":
    found = publications.annotate(day=day).filter(day__isnull=False)
    if since:
        found = found.filter(day__gte=since)
    if below:
        last, pk = below
        found = found.filter(Q(day__lt=last) | Q(day=last, pk__lt=pk))
    return found.values_list("day", "pk")


def _earlier(publications: Iterable[Publication]) -> dict[int, Version]:
    """By the key of a publication, the published version before its own. One query."""
    asked = list(publications)
    published = Version.objects.published().filter(bulletin__in={one.bulletin_id for one in asked})
    before: dict[int, list[Version]] = {}
    for version in published.only("bulletin", "ordinal", "status", "content_hash").order_by(
        "ordinal"
    ):
        before.setdefault(version.bulletin_id, []).append(version)
    found = {
        one.pk: [it for it in before[one.bulletin_id] if it.ordinal < one.version.ordinal]
        for one in asked
    }
    return {pk: versions[-1] for pk, versions in found.items() if versions}


def _told(one: Publication, day: date, today: date) -> str:
    """What happened to it on the day, as a sentence."""
    name = f"Version {one.version.ordinal}"
    is_published = timezone.localtime(one.published_at).date() == day
    if one.ended_on == day and not one.successor_id:
        if one.effective_from == day:
            return f"{name} is withdrawn before it takes effect: {one.end_reason}"
        verb = "ends" if day > today else "ended"
        return f"{name} {verb}, and no other takes its place: {one.end_reason}"
    if not is_published:
        return f"{name} {'takes' if day > today else 'took'} effect."
    is_import = one.version.origin == Version.Origin.IMPORT
    done = "was entered as already in force" if is_import else "was published"
    if one.effective_from is None:
        return f"{name} {done}. It states no effective date."
    if one.effective_from == day:
        return f"{name} {done} and took effect."
    if one.effective_from > day:
        return f"{name} {done}. It takes effect on {one.effective_from}."
    return f"{name} {done}, in effect from {one.effective_from}."


def since_days(days: int, today: date) -> date | None:
    """The first day that is looked back to; None for 0: to the beginning."""
    return today - timedelta(days=days) if days else None
