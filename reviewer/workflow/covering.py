"""Who stands in for whom, and whether they can do the work."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db.models import Q

from policies.models import LineOfBusiness
from reviewer.models import Absence, Credential, Request, Reviewer
from reviewer.models.requests import RequestQuerySet
from reviewer.time import local_day, midnight
from reviewer.workflow import expertise
from reviewer.workflow.errors import Refused

REVIEW: Final = "reviewer.review_request"
DENY: Final = "reviewer.deny_request"
WORK: Final = (
    REVIEW,
    "reviewer.approve_request",
    DENY,
    "reviewer.decide_appeal",
    "reviewer.assign_request",
    "reviewer.assign_appeal",
    "reviewer.add_appeal",
)


def absent_on(day: date) -> dict[int, Absence]:
    """Who is out on a day, by reviewer."""
    return {one.reviewer_id: one for one in Absence.objects.on(day).with_people()}


def covered_by(person: Reviewer, day: date) -> list[Absence]:
    """The absences in which the person stands in on the day."""
    return list(Absence.objects.on(day).filter(cover=person).with_people().order_by("ends_on"))


def stands_in(person: Reviewer, absent: Reviewer, at: datetime) -> bool:
    return Absence.objects.on(local_day(at)).filter(reviewer=absent, cover=person).exists()


def pressing(found: RequestQuerySet, absences: Iterable[Absence]) -> RequestQuerySet:
    """Of the requests those in the hands of people who are out, and due before they are back."""
    due = Q()
    for one in absences:
        back = midnight(one.ends_on + timedelta(days=1))
        due |= Q(assigned_to=one.reviewer_id, decision_due_at__lt=back)
    return found.filter(due) if due else found.none()


def require_cover(
    cover: Reviewer, absent: Reviewer, first: date, last: date, *, at: datetime
) -> None:
    """Refuse whoever cannot do the work of the absent on each of the days."""
    if cover.pk == absent.pk:
        raise Refused("Nobody covers for themselves. Choose someone else, or nobody.")
    _require_role(cover, absent)
    missing = set(absent.lines_of_business) - set(cover.lines_of_business)
    if missing:
        named = ", ".join(str(one.label) for one in LineOfBusiness if one in missing)
        raise Refused(
            f"{cover} does not see requests of {named}. Choose someone who sees all that {absent}"
            " sees."
        )
    _require_presence(cover, first, last)
    _require_license(cover, absent, first, last)
    _require_expertise(cover, absent, at)


def _require_role(cover: Reviewer, absent: Reviewer) -> None:
    theirs, asked = (User.objects.get(pk=one.user_id) for one in (cover, absent))
    if not theirs.is_active:
        raise Refused(f"The account of {cover} is closed. Choose someone else.")
    if any(asked.has_perm(name) and not theirs.has_perm(name) for name in WORK):
        raise Refused(
            f"{cover}, {cover.get_role_display()}, may not do all that {absent},"
            f" {absent.get_role_display()}, does. Choose someone who may."
        )


def _require_presence(cover: Reviewer, first: date, last: date) -> None:
    out = Absence.objects.within(first, last).filter(reviewer=cover).order_by("starts_on").first()
    if out:
        raise Refused(
            f"{cover} is out from {out.starts_on} to {out.ends_on}. Choose someone who is there on"
            " every day of the absence."
        )


def _require_license(cover: Reviewer, absent: Reviewer, first: date, last: date) -> None:
    asked = User.objects.get(pk=absent.user_id)
    if not asked.has_perm(REVIEW):
        return
    held = Credential.objects.filter(reviewer=cover)
    if asked.has_perm(DENY):
        held = held.filter(kind=Credential.Kind.PHYSICIAN)
    licenses = list(held)
    for after in range((last - first).days + 1):
        day = first + timedelta(days=after)
        if not any(one.is_valid(day) for one in licenses):
            raise Refused(
                f"{cover} has no license for this work that is valid on {day}. Choose someone"
                " whose license is valid on every day of the absence."
            )


def _require_expertise(cover: Reviewer, absent: Reviewer, at: datetime) -> None:
    """What is in hand already must be work that the cover may take."""
    held = Request.objects.filter(assigned_to=absent, state=Request.State.REFERRED)
    for request in held.exclude(specialty="").order_by("pk"):
        if why := expertise.reason(request, cover, local_day(at)):
            raise Refused(f"{why} Choose another cover, or have that request assigned first.")
