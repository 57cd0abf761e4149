"""The acts on the clock of a decision that a person may do now, for the list behind "More"."""

from typing import Final

from django.contrib.auth.models import User

from reviewer.clocks import Flag
from reviewer.models import Appeal, Clock, Request, Reviewer, ReviewType, Urgency
from reviewer.views.actions import Action
from reviewer.workflow.acts.recording import APPEAL_NEEDS, NEEDS
from reviewer.workflow.clocks.scopes import Subject, request_of
from reviewer.workflow.receipts import PROPOSE
from reviewer.workflow.requests import UNDER_REVIEW

LABELS: Final = {
    "missing-information": "Say what is missing",
    "extend": "Extend the decision",
    "extension/withdraw": "Withdraw the extension",
    "more-time": "More time is asked for",
    "urgency": "Attest urgency",
    "expedite/refuse": "Refuse to expedite",
    "clocks/what-if": "What if",
    "events/new": "Record an event",
    "receipt": "Correct a time of receipt",
}


def acts_on(of: Subject, clock: Clock | None, user: User, reviewer: Reviewer) -> list[Action]:
    """The acts that are open to the person as the case stands."""
    found = []
    if clock is not None and clock.is_going and of.state in of.OPEN:
        if _is_in_hand(of, user, reviewer):
            found += _of_the_reviewer(of, clock, user)
        if _may_write_down(of, user):
            found += [*_heard_from_others(of), "clocks/what-if"]
    if any(user.has_perm(one) for one in (APPEAL_NEEDS if isinstance(of, Appeal) else NEEDS)):
        found.append("events/new")
    if user.has_perm(PROPOSE):
        found.append("receipt")
    return [Action(LABELS[one], f"{of.get_absolute_url()}/{one}") for one in found]


def _is_in_hand(of: Subject, user: User, reviewer: Reviewer) -> bool:
    needed = "decide_appeal" if isinstance(of, Appeal) else "review_request"
    is_reviewed = isinstance(of, Appeal) or of.state in UNDER_REVIEW
    return of.assigned_to_id == reviewer.pk and user.has_perm(f"reviewer.{needed}") and is_reviewed


def _may_write_down(of: Subject, user: User) -> bool:
    names = ("decide_appeal", "add_appeal")
    if isinstance(of, Request):
        names = ("review_request", "add_request")
    return any(user.has_perm(f"reviewer.{name}") for name in names)


def _of_the_reviewer(of: Subject, clock: Clock, user: User) -> list[str]:
    is_extended = Flag.EXTENDED in clock.answer["flags"]
    found = ["extension/withdraw" if is_extended else "extend"]
    if of.urgency == Urgency.EXPEDITED:
        found += ["missing-information"] if isinstance(of, Request) else []
        is_physician = isinstance(of, Appeal) or user.has_perm("reviewer.deny_request")
        found += ["expedite/refuse"] if is_physician else []
    return found


def _heard_from_others(of: Subject) -> list[str]:
    is_to_come = request_of(of).review_type != ReviewType.RETROSPECTIVE
    is_standard = of.urgency == Urgency.STANDARD
    return ["more-time", *(["urgency"] if is_standard and is_to_come else [])]
