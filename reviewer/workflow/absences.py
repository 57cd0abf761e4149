"""Days on which someone is out: recorded, changed, canceled; and who takes the work meanwhile."""

from datetime import date, datetime, timedelta
from typing import Final

from django.contrib.auth.models import User

from reviewer.models import Absence, Reviewer
from reviewer.time import local_day
from reviewer.workflow.covering import require_cover
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import account, has_any
from reviewer.workflow.requests import ASSIGN

SEE: Final = "reviewer.view_request"
LONGEST: Final = timedelta(days=366)


@verb
def record_absence(
    *,
    reviewer: Reviewer,
    cover: Reviewer | None,
    starts_on: date,
    ends_on: date,
    by: Reviewer,
    at: datetime,
) -> Absence:
    """A person says when they are out, both days included, or whoever assigns says it for them."""
    _require_own_or_assigning(reviewer, by)
    if not User.objects.get(pk=reviewer.user_id).has_perm(SEE):
        raise Refused(f"{reviewer} does no work on requests, so nobody needs to cover.")
    _lock(reviewer, cover)
    today = local_day(at)
    _require_days(starts_on, ends_on)
    if ends_on < today:
        raise Refused("The absence is over already. Mend the last day out.")
    _require_no_other(reviewer, starts_on, ends_on)
    if cover:
        require_cover(cover, reviewer, max(starts_on, today), ends_on, at=at)
    return Absence.objects.create(
        reviewer=reviewer,
        cover=cover,
        starts_on=starts_on,
        ends_on=ends_on,
        entered_by=by,
        entered_at=at,
    )


@verb
def change_absence(
    *, absence: Absence, cover: Reviewer | None, ends_on: date, by: Reviewer, at: datetime
) -> Absence:
    """Another last day out, another cover, or both. Whoever is back today was out until yesterday.

    A cover who stays, for days that were agreed on before, is not asked about anew.
    """
    _lock(absence.reviewer, cover)
    kept = _locked(absence, by=by, at=at)
    today = local_day(at)
    _require_days(kept.starts_on, ends_on)
    if ends_on < today - timedelta(days=1):
        raise Refused("This last day out is past. Write yesterday for who is back today.")
    _require_no_other(kept.reviewer, kept.starts_on, ends_on, but=kept)
    is_agreed = kept.cover_id == (cover and cover.pk) and ends_on <= kept.ends_on
    first = max(kept.starts_on, today)
    if cover and not is_agreed and first <= ends_on:
        require_cover(cover, kept.reviewer, first, ends_on, at=at)
    kept.cover, kept.ends_on = cover, ends_on
    kept.save(update_fields=["cover", "ends_on"])
    return kept


@verb
def cancel_absence(*, absence: Absence, by: Reviewer, at: datetime) -> Absence:
    """The person is not out after all. Days that have passed stay on record: those are ended."""
    kept = _locked(absence, by=by, at=at)
    if kept.starts_on < local_day(at):
        raise Refused(
            f"{kept.reviewer} was out since {kept.starts_on}. Change the last day out instead."
        )
    kept.called_off_at = at
    kept.save(update_fields=["called_off_at"])
    return kept


def uncovered_by(absence: Absence) -> list[Absence]:
    """The absences of others in which the person was to stand in on these days."""
    others = Absence.objects.within(absence.starts_on, absence.ends_on)
    return list(others.filter(cover=absence.reviewer).with_people().order_by("starts_on"))


def may_change(absence: Absence, by: Reviewer) -> bool:
    return absence.reviewer_id == by.pk or has_any(by.user, ASSIGN)


def _require_own_or_assigning(reviewer: Reviewer, by: Reviewer) -> None:
    if reviewer.pk == by.pk:
        account(by, SEE)
    elif not has_any(User.objects.get(pk=by.user_id), ASSIGN):
        raise Refused("Of others only a supervisor says when they are out. Ask yours.")


def _lock(*people: Reviewer | None) -> None:
    """One absence of a person at a time, also of who covers, so that no two agree past each other;
    in one order, so that no two wait in a ring."""
    named = [one.pk for one in people if one]
    list(Reviewer.objects.select_for_update(no_key=True).filter(pk__in=named).order_by("pk"))


def _locked(absence: Absence, *, by: Reviewer, at: datetime) -> Absence:
    """The absence as it is now, kept from others. Raises Refused where it is past changing."""
    rows = Absence.objects.select_for_update(of=("self",)).with_people()
    kept = rows.get(pk=absence.pk)
    _require_own_or_assigning(kept.reviewer, by)
    if kept.called_off_at is not None:
        raise Refused("This absence was canceled. Record a new one.")
    if kept.ends_on < local_day(at):
        raise Refused(f"This absence ended on {kept.ends_on}. Record a new one.")
    return kept


def _require_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Refused("The last day out is before the first. Mend the days.")
    if ends_on - starts_on > LONGEST:
        raise Refused("An absence lasts a year at most. Mend the days.")


def _require_no_other(
    reviewer: Reviewer, first: date, last: date, *, but: Absence | None = None
) -> None:
    others = Absence.objects.within(first, last).filter(reviewer=reviewer)
    if but:
        others = others.exclude(pk=but.pk)
    if other := others.order_by("starts_on").first():
        raise Refused(
            f"{reviewer} is out from {other.starts_on} to {other.ends_on} already. Change that"
            " absence, or mend the days."
        )
