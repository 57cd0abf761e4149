"""Who goes by which day, and what a change of that would do, as the admin's pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from policies.effective_bases import basis_now, goes_by, in_words, line_bases
from policies.models import BasisChange, Bulletin, LineOfBusiness, Version
from policies.wording import line_of_business as named

STAYS = "What is signed stays as it was signed."


@dataclass(frozen=True, slots=True)
class Line:
    """A line of business, and what rests on what it goes by."""

    value: str
    name: str
    basis: str
    change: BasisChange | None  # that was approved last; None: as from the start
    bulletins: int  # published for it, without a day of their own
    is_open: bool  # another day is proposed


def lines() -> list[Line]:
    """All lines of business in their order; four queries."""
    bases = line_bases()
    last = {one.line_of_business: one for one in decided().filter(is_approved=True).order_by("id")}
    proposed = set(undecided().values_list("line_of_business", flat=True))
    reached = _published_for(Version.objects.published().filter(bulletin__effective_basis=""))
    return [
        Line(
            value=line,
            name=named(line),
            basis=in_words(bases[line]),
            change=last.get(line),
            bulletins=len(reached[line]),
            is_open=line in proposed,
        )
        for line in LineOfBusiness.values
    ]


def own_bases() -> "QuerySet[Bulletin]":
    """Bulletins that go by a day of their own, with how many of their versions are published."""
    count = Count("versions", filter=Q(versions__status=Version.Status.PUBLISHED))
    return Bulletin.objects.exclude(effective_basis="").annotate(published=count).order_by("number")


def undecided() -> "QuerySet[BasisChange]":
    return BasisChange.objects.filter(decided_at__isnull=True).select_related(
        "bulletin", "proposed_by"
    )


def decided() -> "QuerySet[BasisChange]":
    return (
        BasisChange.objects.filter(decided_at__isnull=False)
        .select_related("bulletin", "proposed_by", "decided_by")
        .order_by("-decided_at", "-id")
    )


def effect(change: BasisChange) -> str:
    """What a change would do if it were approved now, in whole sentences."""
    told = _effect_for_bulletin if change.bulletin else _effect_for_line
    return f"{told(change)} {STAYS}"


def _effect_for_bulletin(change: BasisChange) -> str:
    assert change.bulletin is not None
    bases, number = line_bases(), change.bulletin.number
    count = change.bulletin.publications.count()
    return (
        f"{number} would go by: {goes_by(change.basis, bases)}. Now: "
        f"{goes_by(basis_now(change), bases)}. That touches 1 bulletin with "
        f"{_counted(count, 'published version')}."
    )


def _effect_for_line(change: BasisChange) -> str:
    published = Version.objects.published().for_line_of_business(change.line_of_business)
    reached = published.filter(bulletin__effective_basis="").values("bulletin").distinct().count()
    others = published.exclude(bulletin__effective_basis="").values("bulletin").distinct().count()
    stay = f"; {_counted(others, 'other')} with a day of their own would stay" if others else ""
    return (
        f"{named(change.line_of_business)} would go by {in_words(change.basis)}; now by "
        f"{in_words(basis_now(change))}. That touches {_counted(reached, 'published bulletin')}"
        f"{stay}."
    )


def _published_for(versions: "QuerySet[Version]") -> Mapping[str, set[int]]:
    """The bulletins that have a published version for each line of business; one query."""
    found: dict[str, set[int]] = {line: set() for line in LineOfBusiness.values}
    for bulletin, meant_for in versions.values_list("bulletin", "lines_of_business"):
        for line in meant_for or LineOfBusiness.values:
            found[line].add(bulletin)
    return found


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
