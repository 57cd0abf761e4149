"""What a person may do to a request as it stands: the short list on the right of the workspace."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Final

from django.contrib.auth.models import User
from django.urls import reverse

from reviewer.models import Request, Reviewer
from reviewer.workflow.covering import stands_in
from reviewer.workflow.peer_to_peer import MAY_SPEAK
from reviewer.workflow.requests import UNDER_REVIEW, stood_at, unfit_for

State = Request.State
KEYS: Final = {
    "claim": "a",
    "assign": "a",
    "next": "n",
    "information": "i",
    "information/received": "i",
    "refer": "r",
    "reopen": "r",
    "return": "q",
    "peer-to-peer": "p",
    "release": "b",
    "withdraw": "w",
    "dismiss": "x",
    "close": "x",
    "no-authorization-required": "z",
}  # of the keyboard, by verb; templates/keys.html lists them


@dataclass(frozen=True, slots=True)
class Action:
    """A verb with its object. Posted at once, or leading to the page that asks for its words."""

    label: str
    address: str
    is_posted: bool = False
    is_main: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Actions:
    """The few that stand in view, the rest behind "More", and why others are absent."""

    shown: list[Action]
    more: list[Action]
    why_not: str = ""

    @property
    def take(self) -> Action | None:
        """Taking the request, where it is open to the person."""
        return next((one for one in self.shown if one.address.endswith("/claim")), None)


def actions_for(request: Request, user: User, reviewer: Reviewer, *, at: datetime) -> Actions:
    """The actions of this person; what is missing for a reason is explained."""
    shown, more = [], []
    may_take, why_not = _taking(request, user, reviewer, at)
    if may_take:
        shown.append(_posted(request, "Take this request", "claim", is_main=True))
    if request.is_open:
        shown += _of_open(request, user, reviewer)
        more += _talks(request, user)
        more += _ways_out(request, user, reviewer)
    else:
        shown += _of_ended(request, user)
        more += _talks(request, user)
    if request.is_open and request.assigned_to_id == reviewer.pk:
        more.insert(0, _posted(request, "Give back to the queue", "release"))
    if user.has_perm("reviewer.assign_request"):
        if request.is_open:
            shown.append(_link(request, "Assign", "assign"))
        if request.is_open and request.assigned_to_id not in (None, reviewer.pk):
            more.insert(0, _posted(request, "Give back to the queue", "release"))
    if _is_done_here(request, reviewer) and user.has_perm("reviewer.review_request"):
        shown.append(_next())
    return _each_key_once(Actions(shown, more, why_not))


def _is_done_here(request: Request, reviewer: Reviewer) -> bool:
    """Whether it waits for others, or for nobody, so that the next may be taken."""
    waits = request.state == State.INCOMPLETE and request.assigned_to_id == reviewer.pk
    return waits or not request.is_open


def _next() -> Action:
    address = reverse("reviewer:work_next")
    return Action("Take the next", address, is_posted=True, key=KEYS["next"])


def _each_key_once(actions: Actions) -> Actions:
    """The first action that has a key keeps it."""
    first: dict[str, Action] = {}
    for one in chain(actions.shown, actions.more):
        first.setdefault(one.key, one)
    for few in (actions.shown, actions.more):
        few[:] = [one if first[one.key] is one else replace(one, key="") for one in few]
    return actions


def _of_open(request: Request, user: User, reviewer: Reviewer) -> list[Action]:
    if not user.has_perm("reviewer.review_request"):
        return _received_by_intake(request, user)
    if request.assigned_to_id != reviewer.pk:
        return []
    found = []
    if request.state in (State.IN_REVIEW, State.REFERRED):
        found.append(_link(request, "Ask for information", "information"))
    if request.state == State.INCOMPLETE:
        found.append(_link(request, "Record information received", "information/received"))
    if request.state == State.REFERRED and user.has_perm("reviewer.deny_request"):
        found.append(_link(request, "Return with a question", "return"))
    if request.state in UNDER_REVIEW:
        found.append(_link(request, "Refer to a physician", "refer"))
    return found


def _received_by_intake(request: Request, user: User) -> list[Action]:
    if user.has_perm("reviewer.add_request") and request.state == State.INCOMPLETE:
        return [_link(request, "Record information received", "information/received")]
    return []


def _talks(request: Request, user: User) -> list[Action]:
    """A talk between peers is asked for by whoever takes the call, also after the decision."""
    may_ask = user.has_perm("reviewer.review_request") or user.has_perm("reviewer.add_request")
    if request.state not in MAY_SPEAK or not may_ask:
        return []
    return [_link(request, "Peer-to-peer", "peer-to-peer")]


def _ways_out(request: Request, user: User, reviewer: Reviewer) -> list[Action]:
    """Ends without a decision, while no line has one; not of what another has in hand."""
    if request.determinations.all():
        return []
    found = []
    may_review = user.has_perm("reviewer.review_request")
    if may_review or user.has_perm("reviewer.add_request"):
        found.append(_link(request, "Record as withdrawn", "withdraw"))
    if may_review and request.assigned_to_id in (None, reviewer.pk):
        found.append(_link(request, "Dismiss", "dismiss"))
        found.append(_link(request, "No authorization required", "no-authorization-required"))
    return found


def _of_ended(request: Request, user: User) -> list[Action]:
    found = []
    may_close = user.has_perm("reviewer.send_notice") or user.has_perm("reviewer.review_request")
    may_assign = user.has_perm("reviewer.assign_request")
    if request.state == State.NOTIFIED and (may_close or may_assign):
        found.append(_posted(request, "Close the request", "close", is_main=True))
    if user.has_perm("reviewer.review_request") or may_assign:
        found.append(_link(request, "Reopen", "reopen"))
    return found


def _taking(request: Request, user: User, reviewer: Reviewer, at: datetime) -> tuple[bool, str]:
    """Whether the person may take it, and what is said of that."""
    holder = request.assigned_to
    is_open_to_review = request.is_open and user.has_perm("reviewer.review_request")
    if not is_open_to_review or holder == reviewer:
        return False, ""
    if holder and not stands_in(reviewer, holder, at):
        return False, f"{holder} has it. To decide it, have it assigned to you."
    if stood_at(request) == State.REFERRED:  # also while information is awaited
        if not user.has_perm("reviewer.deny_request"):
            return False, "It was referred: a physician takes it from the queue."
        if why := unfit_for(request, reviewer, at):
            return False, f"{why} Who has that takes it from the queue."
    if holder:
        return True, f"{holder} has it and is out. You cover: take it to review and decide."
    return True, "Nobody has taken it. Take it to review and decide."


def _link(request: Request, label: str, verb: str) -> Action:
    return Action(label, f"{request.get_absolute_url()}/{verb}", key=KEYS[verb])


def _posted(request: Request, label: str, verb: str, *, is_main: bool = False) -> Action:
    address = reverse(f"reviewer:request_{verb}", args=[request.number])
    return Action(label, address, is_posted=True, is_main=is_main, key=KEYS[verb])
