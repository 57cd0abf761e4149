"""Urgency that is raised on a standard case, or refused on an expedited one."""

from datetime import datetime
from functools import partial
from typing import Any, Final

from reviewer.clocks import Event, EventType
from reviewer.models import Appeal, Clock, Notice, Reviewer, Urgency
from reviewer.models import Event as Milestone
from reviewer.workflow.acts.asking import going_clock, require_effect
from reviewer.workflow.acts.letters import compose
from reviewer.workflow.acts.writing import (
    DENY,
    confirm_letter,
    happened,
    keep_letter,
    kept,
    lock_in_hand,
    lock_open,
    tell,
)
from reviewer.workflow.clocks import computed, governing_regime
from reviewer.workflow.clocks.scopes import Subject, request_of
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import require_words

DUTY: Final = "expedite_refusal"
ASKERS: Final = {
    "physician": "A physician who knows the case",
    "enrollee": "The member, or who acts for them",
}
# Where a physician says that it is urgent, the plan does not judge it again.
PHYSICIAN_BINDS: Final = {
    "erisa": "29 CFR 2560.503-1(m)(1)(iii)",
    "medicare_advantage": "42 CFR 422.570(c)(2)(ii)",
    "integrated_dsnp": "42 CFR 422.631(c)",
    "medicaid_mco": "42 CFR 438.210(d)(2)",
}


@verb
def attest_urgency(
    *, of: Subject, attested_by: str, asked_by: str, by: Reviewer, at: datetime
) -> Milestone:
    """Someone says that waiting would do harm: the expedited limit runs from now, where there is
    one and it is earlier."""
    lock_open(of, by=by, act="made urgent")
    require_words(attested_by, "who attests that it is urgent")
    if asked_by not in ASKERS:
        raise Refused("Say who attests it: a physician or the member.")
    require_effect(going_clock(of), Event(EventType.URGENCY_ATTESTED, at, by=asked_by), at=at)
    said = f"{ASKERS[asked_by]} says that waiting would do harm: {attested_by}."
    fields: dict[str, Any] = {"urgency": Urgency.EXPEDITED}
    if not isinstance(of, Appeal):
        fields["urgency_attested_by"] = attested_by
    milestone = tell(of, Milestone.Name.URGENCY_ATTESTED, said, by=by, at=at, **fields)
    type = EventType.URGENCY_ATTESTED
    happened(of, type, by=by, at=at, milestone=milestone, by_whom=asked_by)
    return milestone


@verb
def refuse_expedite(
    *,
    of: Subject,
    asked_by: str,
    why: str,
    told: str,
    channel: str = "",
    by: Reviewer,
    at: datetime,
) -> Milestone:
    """A physician finds that the standard limit does no harm; that limit runs from receipt.

    Only a physician refuses, as it is a clinical judgment (42 CFR 422.570(c), 438.410), and never
    against a physician's word. `told` is the telephone call that must come at once; the letter
    goes with it (`channel`), or later within its own limit (`send_refusal`).
    """
    lock_in_hand(of, by=by, act="taken back to the standard limit", needs=DENY)
    require_words(why, "why the standard limit does no harm")
    require_words(told, "what was said by telephone, or which calls were tried")
    if asked_by not in ASKERS:
        raise Refused("Say who asked for a fast decision: a physician or the member.")
    if asked_by == "physician":
        cited = PHYSICIAN_BINDS.get(governing_regime(of), PHYSICIAN_BINDS["erisa"])
        raise Refused(
            f"What a physician calls urgent is treated as urgent ({cited}). Decide it within the"
            " expedited limit."
        )
    clock = going_clock(of)
    event = Event(EventType.EXPEDITE_REFUSED, at)
    require_effect(clock, event, at=at)
    name, standard = Milestone.Name.EXPEDITE_REFUSED, Urgency.STANDARD
    milestone = tell(of, name, why, by=by, at=at, after={"told": told}, urgency=standard)
    note_fact = partial(happened, of, by=by, at=at, milestone=milestone)
    note_fact(EventType.ORAL_NOTICE_GIVEN, recipient=Notice.Recipient.MEMBER.value, duty=DUTY)
    note_fact(event.type)
    if channel:
        write_refusal(of, why=why, channel=channel, by=by, at=at)
    return milestone


@verb
def send_refusal(*, of: Subject, channel: str, by: Reviewer, at: datetime) -> Notice:
    """Send the letter about an expediting that was refused."""
    lock_in_hand(of, by=by, act="written about")
    return write_refusal(of, why=reason_of_refusal(of), channel=channel, by=by, at=at)


def reason_of_refusal(of: Subject) -> str:
    """Why expediting was refused, as its milestone says. Raises Refused where it was not."""
    refused = request_of(of).events.filter(name=Milestone.Name.EXPEDITE_REFUSED)
    about = refused.filter(after__appeal=of.number) if isinstance(of, Appeal) else refused
    found = about.order_by("-id").first()
    if found is None:
        raise Refused("Expediting was not refused; there is nothing to write about.")
    return found.sentence.removeprefix(f"Appeal {of}: ")


def compose_refusal(of: Subject, clock: Clock, *, why: str, at: datetime) -> str:
    due = computed(clock, as_of=at).due_at
    return compose("expedite_refusal", of, clock, at=at, why=why, decide_by=due)


def write_refusal(of: Subject, *, why: str, channel: str, by: Reviewer, at: datetime) -> Notice:
    body = compose_refusal(of, going_clock(of), why=why, at=at)
    kind = Notice.Kind.EXPEDITE_REFUSAL
    letter = keep_letter(of, kind=kind, body=body, channel=channel, by=by, at=at)
    name, said = Milestone.Name.LETTER_SENT, "The member was told why it is not expedited."
    milestone = tell(of, name, said, by=by, at=at, after=kept(letter))
    confirm_letter(of, DUTY, letter, by=by, at=at, milestone=milestone)
    return letter
