"""Appeals: assigned to someone who had no part in the request, decided, withdrawn."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.conf import settings

from reviewer.clocks import EventType
from reviewer.models import (
    Appeal,
    AppealDecision,
    Clock,
    Event,
    Request,
    Reviewer,
)
from reviewer.time import local_day
from reviewer.workflow import determinations
from reviewer.workflow.clocks import end_clocks, note
from reviewer.workflow.clocks.scopes import APPEAL_DECISION
from reviewer.workflow.criteria import lock_reviews_of
from reviewer.workflow.decisions import Decision
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import account, lock, require_words
from reviewer.workflow.independence import DECIDE, eligible_deciders, why_not
from reviewer.workflow.record import record

__all__ = [
    "assign_appeal",
    "decide_appeal",
    "eligible_deciders",
    "withdraw_appeal",
]

ADD: Final = "reviewer.add_appeal"
ASSIGN: Final = "reviewer.assign_appeal"
OUTSIDE: Final = "ire"  # the one step of that stage that is not the plan's
State = Appeal.State


@verb
def assign_appeal(*, appeal: Appeal, to: Reviewer, by: Reviewer, at: datetime) -> Appeal:
    """Give an appeal to someone who may decide it."""
    lock_appeal(appeal, by=by, needs=[ASSIGN])
    require_open(appeal, "assigned")
    if objection := why_not(appeal, to, on=local_day(at)):
        raise Refused(f"{objection} Choose someone else.")
    appeal.assigned_to, appeal.state = to, State.ASSIGNED
    save(appeal)
    said = f"Appeal {appeal} assigned to {to} by {by}."
    tell(appeal, Event.Name.APPEAL_ASSIGNED, said, by=by, at=at)
    return appeal


@verb
def withdraw_appeal(*, appeal: Appeal, reason: str, by: Reviewer, at: datetime) -> Appeal:
    """The appellant takes the appeal back; the determination stands."""
    lock_appeal(appeal, by=by, needs=[ADD])
    require_open(appeal, "withdrawn")
    require_words(reason, "why the appeal is withdrawn")
    appeal.state = State.WITHDRAWN
    save(appeal)
    said = f"Appeal {appeal}: {reason}"
    milestone = tell(appeal, Event.Name.APPEAL_WITHDRAWN, said, by=by, at=at)
    why = Clock.End.WITHDRAWN
    end_clocks(request=appeal.request, why=why, milestone=milestone, appeal=appeal)
    return appeal


@verb
def decide_appeal(
    *,
    appeal: Appeal,
    outcome: str,
    root_cause: str,
    substance: str,
    rationale_clinical: str,
    rationale_plain: str,
    new_decision: Decision | None,
    by: Reviewer,
    at: datetime,
) -> AppealDecision:
    """Decide an appeal; what is overturned gets its new determination in the same breath."""
    lock_appeal(appeal, by=by, needs=[DECIDE])
    require_open(appeal, "decided")
    require_of_the_plan(appeal)
    require_in_hand(appeal, by)
    if objection := why_not(appeal, by, on=local_day(at)):
        raise Refused(f"{objection} Have the appeal assigned to someone else.")
    determinations.require_active(appeal.determination)
    require_words(substance, "what the appeal says and what was looked into")
    require_words(rationale_clinical, "why, for the clinician")
    require_words(rationale_plain, "why, in plain words for the member")
    require_consequence(outcome, root_cause, new_decision)
    decision = AppealDecision(
        appeal=appeal,
        determination=appeal.determination,
        original_signer=appeal.determination.signed_by,
        ground=appeal.determination.ground,
        outcome=outcome,
        root_cause=root_cause,
        substance=substance,
        rationale_clinical=rationale_clinical,
        rationale_plain=rationale_plain,
        decided_by=by,
        decided_at=at,
        decided_on=local_day(at),
        decided_zone=settings.TIME_ZONE,
    )
    lock_reviews_of(appeal, at)
    write_decision(decision)
    appeal.state = State.DECIDED
    save(appeal)
    said = f"Appeal {appeal}, {decision.get_outcome_display().lower()}. Decided by {by}."
    milestone = tell(appeal, Event.Name.APPEAL_DECIDED, said, by=by, at=at)
    if new_decision:
        carry_out(decision, new_decision)
    move_clocks(decision, milestone)
    return decision


def move_clocks(decision: AppealDecision, milestone: Event) -> None:
    """A dismissed appeal ends; one that is upheld is decided. What is affirmed, wholly or in part,
    may have to be forwarded: 42 CFR 422.590."""
    appeal, outcome = decision.appeal, decision.outcome
    if outcome == AppealDecision.Outcome.DISMISSED:
        why = Clock.End.DISMISSED
        end_clocks(request=appeal.request, why=why, milestone=milestone, appeal=appeal)
        return
    happened = partial(
        note,
        request=appeal.request,
        at=decision.decided_at,
        by=decision.decided_by,
        appeal=appeal,
        milestone=milestone,
    )
    if outcome == AppealDecision.Outcome.UPHELD:
        happened(type=EventType.DETERMINATION_MADE, determination=decision.determination)
    if outcome != AppealDecision.Outcome.OVERTURNED:
        happened(type=EventType.AFFIRMED)


def write_decision(decision: AppealDecision) -> None:
    by, on = decision.decided_by, decision.decided_on
    credential = determinations.require_license(by.credential(on), by, needs_physician=False)
    decision.credential = credential
    decision.credential_kind = credential.kind
    decision.credential_from = credential.valid_from
    decision.credential_to = credential.valid_to
    decision.save()


def carry_out(decision: AppealDecision, new_decision: Decision) -> None:
    """Put the new determination in the place of the one that did not stand."""
    account(decision.decided_by, new_decision.permission)
    determinations.write(
        line=decision.determination.line,
        decision=new_decision,
        by=decision.decided_by,
        at=decision.decided_at,
        replaces=decision.determination,
        replacement_reason=f"Appeal {decision.appeal} was"
        f" {decision.get_outcome_display().lower()}: {decision.get_root_cause_display().lower()}.",
        appeal_decision=decision,
    )


def require_consequence(outcome: str, root_cause: str, new_decision: Decision | None) -> None:
    """An overturned appeal names its cause and what is granted; no other does."""
    if outcome not in AppealDecision.Outcome.values:
        raise Refused("Say what is decided: choose an outcome.")
    if outcome not in AppealDecision.OVERTURNING:
        if new_decision or root_cause:
            raise Refused("Only an overturned appeal has a cause and a new determination.")
        return
    if not root_cause:
        raise Refused("Name the cause for which the determination did not stand.")
    if new_decision is None:
        raise Refused("An overturned appeal makes a new determination. Say what is granted.")
    determinations.require_follows(outcome, new_decision)


def lock_appeal(appeal: Appeal, *, by: Reviewer, needs: Collection[str]) -> None:
    """Lock the request and read the appeal anew; the request's lock covers it."""
    request = Request.objects.get(pk=appeal.request_id)
    request.seen_event = appeal.request.seen_event
    lock(request, by=by, needs=needs)
    appeal.refresh_from_db(from_queryset=Appeal.objects.select_for_update())
    appeal.request = appeal.determination.request = request
    appeal.determination.line.request = request


def require_open(appeal: Appeal, act: str) -> None:
    if appeal.state not in Appeal.OPEN:
        state = appeal.get_state_display().lower()
        raise Refused(f"Appeal {appeal} is {state} already and cannot be {act}. Reload the page.")


def is_of_the_plan(appeal: Appeal) -> bool:
    """Whether the plan decides it, not a body outside."""
    return appeal.stage == APPEAL_DECISION and appeal.step != OUTSIDE


def require_of_the_plan(appeal: Appeal) -> None:
    if not is_of_the_plan(appeal):
        raise Refused(
            f"Appeal {appeal} is decided outside the plan. Record what was decided there instead."
        )


def require_in_hand(appeal: Appeal, by: Reviewer) -> None:
    if appeal.assigned_to_id != by.pk:
        raise Refused(f"Appeal {appeal} is not assigned to you. Have it assigned to you first.")


def save(appeal: Appeal) -> None:
    appeal.revision += 1
    appeal.save(update_fields=["state", "assigned_to", "revision"])


def tell(
    appeal: Appeal,
    name: Event.Name,
    sentence: str,
    *,
    by: Reviewer,
    at: datetime,
    after: Mapping[str, Any] | None = None,
) -> Event:
    assigned = appeal.assigned_to and appeal.assigned_to.user.get_username()
    stands = {"appeal": appeal.number, "state": appeal.state, "assigned_to": assigned}
    said = {**stands, **(after or {})}
    return record(appeal.request, name, by=by, at=at, sentence=sentence, after=said)
