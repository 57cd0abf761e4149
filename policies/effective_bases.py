"""By which day of a request its version is chosen: the rule, and how two people change it.

A bulletin goes by a day of its own, or as the line of business does; a line of business goes by the
date of service unless a change of that was approved. What must always hold stands in the database
(migrations 0010 and 0012); the checks here say the same in sentences.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from policies.models import BasisChange, Bulletin, EffectiveBasis, LineBasis, LineOfBusiness
from policies.prepared import Prepared
from policies.refusals import Refused
from policies.wording import decided_already, listed
from policies.wording import line_of_business as named

Bases = Mapping[str, str]  # what each line of business goes by


def line_bases() -> dict[str, str]:
    """What every line of business goes by; one query."""
    written: dict[str, str] = dict(_written().ask())
    return {line: written.get(line, _BY_ITSELF) for line in LineOfBusiness.values}


@cache
def _written() -> Prepared:
    return Prepared(LineBasis.objects.values_list("line_of_business", "basis"))


def bases_that_may_hold(own: str, line_of_business: str, bases: Bases) -> tuple[str, ...]:
    """The basis for a bulletin's own (empty: none) and a line of business; several where the line
    is not stated and the lines differ."""
    if own:
        return (own,)
    if line_of_business:
        return (bases.get(line_of_business, _BY_ITSELF),)
    return tuple(one for one in EffectiveBasis.values if one in bases.values())


def lines_by_basis(bases: Bases) -> list[tuple[str, list[str]]]:
    """Each basis that some line goes by, with the names of those lines; the most lines last."""
    held = [(one, [named(line) for line in bases if bases[line] == one]) for one in EffectiveBasis]
    return sorted(((str(one), lines) for one, lines in held if lines), key=lambda x: len(x[1]))


def goes_by(own: str, bases: Bases) -> str:
    """What a bulletin goes by, for its page: "as the line of business: date of service for all"."""
    if own:
        return f"{in_words(own)}, whatever the line of business"
    *few, (most, _) = lines_by_basis(bases)
    told = [f"{in_words(basis)} for {listed(names)}" for basis, names in few]
    rest = "the others" if few else "all"
    return f"as the line of business: {', '.join([*told, f'{in_words(most)} for {rest}'])}"


def in_words(basis: str) -> str:
    return str(EffectiveBasis(basis).label)


@transaction.atomic
def propose_basis(
    *,
    bulletin: Bulletin | None = None,
    line_of_business: str = "",
    basis: str,
    reason: str,
    by: User,
    at: datetime,
) -> BasisChange:
    """Propose another day for a bulletin (empty: as the line of business) or a line of business.

    Nothing changes until a second person approves it.
    """
    change = BasisChange(
        bulletin=bulletin,
        line_of_business=line_of_business,
        basis=basis,
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=at,
    )
    _require_sense(change)
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            f"Another day is proposed for {subject(change)} already: approve or decline that first."
        ) from error
    return change


@transaction.atomic
def approve_basis(*, change: BasisChange, by: User, at: datetime) -> BasisChange:
    """Approve what someone else proposed; from now on it decides which versions govern."""
    locked = _locked(change)
    if locked.proposed_by_id == by.pk:
        raise Refused(
            f"{by.get_username()} proposed this change, and nobody approves an own change: ask a "
            "second person to approve it."
        )
    return _decided(locked, is_approved=True, by=by, at=at)


@transaction.atomic
def decline_basis(*, change: BasisChange, by: User, at: datetime) -> BasisChange:
    """Leave everything as it is; who proposed a change takes it back in this way."""
    return _decided(_locked(change), is_approved=False, by=by, at=at)


def subject(change: BasisChange) -> str:
    """For whom the change is: a bulletin's number, or the name of a line of business."""
    return change.bulletin.number if change.bulletin else named(change.line_of_business)


def basis_now(change: BasisChange) -> str:
    """What its bulletin or line goes by as things stand; empty: as the line of business."""
    if change.bulletin:
        return change.bulletin.effective_basis
    return line_bases()[change.line_of_business]


_BY_ITSELF = EffectiveBasis.DATE_OF_SERVICE.value


def _require_sense(change: BasisChange) -> None:
    if (change.bulletin is None) == (change.line_of_business not in LineOfBusiness.values):
        raise Refused("Name one bulletin or one line of business, not both.")
    if not change.basis and change.bulletin is None:
        raise Refused("A line of business goes by a day of its own: choose which.")
    if change.basis and change.basis not in EffectiveBasis.values:
        raise Refused(f"“{change.basis}” is no day that versions are chosen by.")
    if not change.reason:
        raise Refused("Say why: the reason stays with the change.")
    if change.basis == basis_now(change):
        how = in_words(change.basis) if change.basis else "the day of the line of business"
        raise Refused(f"{subject(change)} goes by {how} already: choose another day.")


def _locked(change: BasisChange) -> BasisChange:
    """The change as it stands now, locked, or a sentence when somebody decided it already."""
    fresh = BasisChange.objects.select_for_update(of=("self",)).select_related("bulletin")
    locked = fresh.get(pk=change.pk)
    if locked.decided_by is not None and locked.decided_at is not None:
        who, at = locked.decided_by.get_username(), locked.decided_at
        raise Refused(decided_already("change", is_approved=locked.is_approved, by=who, at=at))
    return locked


def _decided(change: BasisChange, *, is_approved: bool, by: User, at: datetime) -> BasisChange:
    change.is_approved, change.decided_by, change.decided_at = is_approved, by, at
    change.save(update_fields=["is_approved", "decided_by", "decided_at"])
    return change
