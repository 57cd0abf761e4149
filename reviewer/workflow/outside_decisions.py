"""What a body outside the plan decided: an independent entity, a review organization, a hearing."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

from reviewer.clocks import EventType
from reviewer.models import Appeal, Event, OutsideDecision, Reviewer
from reviewer.time import local_day
from reviewer.workflow.acts.writing import happened as happened_to
from reviewer.workflow.appeals import (
    ADD,
    is_of_the_plan,
    lock_appeal,
    require_open,
    save,
    tell,
)
from reviewer.workflow.clocks.scopes import APPEAL_DECISION
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import require_words


@dataclass(frozen=True, slots=True)
class Body:
    """Who decides at a stage, and which duty their decision fulfils by which fact."""

    name: str
    duty: str
    decides: EventType


BODIES: Final = {
    APPEAL_DECISION: Body("independent entity", "ire_decision", EventType.DECISION_NOTICE_SENT),
    "external_review": Body(
        "review organization", "external_decision", EventType.DECISION_NOTICE_SENT
    ),
    "hearing_decision": Body("hearing officer", APPEAL_DECISION, EventType.DETERMINATION_MADE),
}


def body_of(appeal: Appeal) -> Body:
    """The kind of body before which an appeal is. Raises Refused where the plan decides."""
    if is_of_the_plan(appeal):
        raise Refused(f"Appeal {appeal} is the plan's own to decide. Decide it instead.")
    return BODIES[appeal.stage]


@verb
def record_outside_decision(
    *,
    appeal: Appeal,
    decided_by: str,
    outcome: str,
    dated_on: date,
    received_at: datetime,
    summary: str,
    by: Reviewer,
    at: datetime,
    reference: str = "",
) -> OutsideDecision:
    """Write down what a body outside decided, as received; a reversal is to be carried out from
    its receipt on."""
    lock_appeal(appeal, by=by, needs=[ADD])
    require_open(appeal, "recorded as decided")
    body = body_of(appeal)
    require_words(decided_by, f"who decided: the name of the {body.name}")
    require_words(summary, "what the decision says")
    if outcome not in OutsideDecision.Outcome.values:
        raise Refused("Say what was decided: choose an outcome.")
    require_possible_times(appeal, dated_on=dated_on, received_at=received_at, at=at)
    decision = OutsideDecision.objects.create(
        appeal=appeal,
        decided_by=decided_by.strip(),
        reference=reference.strip(),
        outcome=outcome,
        dated_on=dated_on,
        received_at=received_at,
        summary=summary.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    appeal.state = Appeal.State.DECIDED
    save(appeal)
    how = decision.get_outcome_display().lower()
    who, day = decision.decided_by, local_day(received_at)
    said = f"Appeal {appeal}, {how}. Decided by {who}, received {day}."
    told = {"outside_decision": decision.pk, "outcome": outcome}
    milestone = tell(appeal, Event.Name.APPEAL_DECIDED, said, by=by, at=at, after=told)
    move_clocks(decision, body, milestone)
    return decision


def require_possible_times(
    appeal: Appeal, *, dated_on: date, received_at: datetime, at: datetime
) -> None:
    if not appeal.received_at <= received_at <= at:
        raise Refused(
            "A decision is received after the appeal came before them, and not in the future. Mend"
            " the time."
        )
    if not local_day(appeal.received_at) <= dated_on <= local_day(received_at):
        raise Refused(
            "A decision bears a day from the appeal's receipt on, and none after its own receipt."
            " Mend the day."
        )


def move_clocks(decision: OutsideDecision, body: Body, milestone: Event) -> None:
    """The decision fulfils the duty of that body; a reversal starts those of carrying it out."""
    happened = partial(
        happened_to,
        decision.appeal,
        by=decision.recorded_by,
        at=decision.received_at,
        milestone=milestone,
    )
    happened(body.decides, duty=body.duty)
    if decision.is_reversal:
        happened(EventType.REVERSAL_NOTICE_RECEIVED)
