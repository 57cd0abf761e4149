"""What a release brought: codes that are new, that ended, and that it describes otherwise."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet

from policies.models import Code, Descriptor, Release


@dataclass(frozen=True, slots=True)
class Brought:
    """Counts; a header that became billable ended and is new."""

    new: int
    ended: int
    revised: int
    unchanged: int


def brought(release: Release) -> Brought:
    new, revised = new_codes(release).count(), revised_codes(release).count()
    valid = Code.objects.filter(system=release.system).valid(release.valid_from)
    touched = valid.filter(descriptors__release=release)
    return Brought(
        new, ended_codes(release).count(), revised, valid.count() - touched.distinct().count()
    )


def new_codes(release: Release) -> QuerySet[Code]:
    """Codes that no release before it had."""
    return _described(release).exclude(Exists(_earlier(release)))


def revised_codes(release: Release) -> QuerySet[Code]:
    """Codes that it describes otherwise than the release before."""
    return _described(release).filter(Exists(_earlier(release)))


def ended_codes(release: Release) -> QuerySet[Code]:
    """Codes whose last day lies between the release before and this one's first day."""
    ended = Code.objects.filter(system=release.system, valid_to__lt=release.valid_from)
    return ended.filter(valid_to__gte=_previous_start(release)).exclude(pk__in=new_codes(release))


def _described(release: Release) -> QuerySet[Code]:
    return Code.objects.filter(system=release.system, descriptors__release=release)


def _earlier(release: Release) -> QuerySet[Descriptor]:
    before = Descriptor.objects.filter(code=OuterRef("pk"))
    return before.filter(release__valid_from__lt=release.valid_from)


def _previous_start(release: Release) -> date:
    before = Release.objects.filter(system=release.system, valid_from__lt=release.valid_from)
    starts: list[date] = list(
        before.order_by(F("valid_from").desc()).values_list("valid_from", flat=True)[:1]
    )
    return starts[0] if starts else date.min
