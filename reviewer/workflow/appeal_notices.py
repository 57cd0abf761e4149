"""The notice of an appeal's decision: composed from the record, sent, kept as the exact bytes."""

import re
from datetime import datetime
from typing import Any, Final

from django.template.loader import render_to_string

from reviewer.models import Appeal, AppealDecision, Determination, Notice, Reviewer
from reviewer.models.determinations import CLINICAL
from reviewer.time import local_day
from reviewer.workflow.acts.oral_notices import keep_call
from reviewer.workflow.appeal_rights import has_second_level, periods_of, rights_after
from reviewer.workflow.appeals import is_of_the_plan, lock_appeal
from reviewer.workflow.determinations import require_active
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.notices import SEND, keep_notice, require_channel, require_recipient

State = Appeal.State
Kind = Notice.Kind
WITHDRAWN: Final = "was withdrawn. Nothing was decided, so there is no decision to tell."

ELSEWHERE: Final = "is decided outside the plan. Whoever decides it tells of it."


def decision_to_tell(appeal: Appeal) -> AppealDecision:
    """The decision that a notice tells. Raises Refused where there is none."""
    if appeal.state == State.WITHDRAWN:
        raise Refused(f"Appeal {appeal} {WITHDRAWN}")
    if not is_of_the_plan(appeal):
        raise Refused(f"Appeal {appeal} {ELSEWHERE}")
    decision = AppealDecision.objects.filter(appeal=appeal).first()
    if decision is None:
        raise Refused(f"Appeal {appeal} is not decided yet. Its notice follows the decision.")
    decision.appeal = appeal
    return decision


def lacks_of(decision: AppealDecision) -> list[str]:
    """What the letter must hold and the record does not have, each with what to do."""
    holds = decision.left_in_force
    found = []
    if not decision.rationale_plain.strip():
        found.append("It gives no reason in plain words. Only a reason makes it a notice.")
    if not decision.substance.strip():
        found.append("It does not say what was looked into.")
    if not decision.appeal.request.coverage.plan.strip():
        found.append("The coverage names no plan that it could come from. Have it entered.")
    if holds.is_adverse and not (holds.version_id or holds.no_bulletin_reason.strip()):
        found.append("It names neither the policy that was gone by nor why there is none.")
    try:
        if rights := rights_after(decision, holds):
            periods_of(rights, decision.appeal)
    except Refused as refusal:
        found.append(refusal.sentence)
    return found


def compose_appeal_notice(*, appeal: Appeal, recipient: str) -> str:
    """The letter about an appeal's decision, in plain text. The same record gives the same letter.

    Raises Refused with what it lacks.
    """
    require_recipient(recipient)
    decision = decision_to_tell(appeal)
    for lack in lacks_of(decision):
        raise Refused(f"The letter lacks something that it must hold. {lack}")
    context = _facts(decision, recipient)
    letter = render_to_string("letters/appeal.txt", context).strip() + "\n"
    return re.sub(r"\n{3,}", "\n\n", letter)


def _facts(decision: AppealDecision, recipient: str) -> dict[str, Any]:
    appeal, holds = decision.appeal, decision.left_in_force
    request = appeal.request
    rights = rights_after(decision, holds)
    return {
        "appeal": appeal,
        "decision": decision,
        "determination": holds,
        "request": request,
        "line": holds.line,
        "member": request.member,
        "citations": holds.citations.select_related("passage"),
        "for_member": recipient == Notice.Recipient.MEMBER,
        "is_clinical": decision.ground in CLINICAL,
        "is_dismissed": decision.outcome == AppealDecision.Outcome.DISMISSED,
        "is_overturned": decision.outcome in AppealDecision.OVERTURNING,
        "credential": decision.credential,
        "said_at": said_at(appeal, holds, recipient),
        "rights": f"letters/next_rights/{rights.template}.txt" if rights else "",
        "periods": periods_of(rights, appeal) if rights else {},
        "has_second_level": has_second_level(appeal),
    }


def said_at(appeal: Appeal, holds: Determination, recipient: str) -> datetime | None:
    """When it was told by telephone."""
    calls = Notice.objects.filter(appeal=appeal, determination=holds, kind=Kind.APPEAL_ORAL)
    told = calls.filter(recipient=recipient).first()
    return told.sent_at if told else None


@verb
def send_appeal_notice(
    *, appeal: Appeal, recipient: str, channel: str, by: Reviewer, at: datetime
) -> Notice:
    """Record the notice of an appeal's decision as sent. It stops the clocks of telling this
    person; of an overturned appeal it is the notice of the new determination too."""
    holds = lock_decided(appeal, by=by)
    require_channel(channel)
    if channel == Notice.Channel.PHONE:
        raise Refused("What is said by telephone is no letter. Record the call as one.")
    require_untold(appeal, holds, recipient, Kind.APPEAL)
    return keep_notice(
        appeal=appeal,
        determination=holds,
        kind=Kind.APPEAL,
        recipient=recipient,
        channel=channel,
        body=compose_appeal_notice(appeal=appeal, recipient=recipient),
        by=by,
        at=at,
    )


@verb
def tell_appeal_by_phone(
    *, appeal: Appeal, recipient: str, told: str, by: Reviewer, at: datetime
) -> Notice:
    """Record what was said of an appeal's decision, and to whom; a letter confirms it."""
    holds = lock_decided(appeal, by=by)
    require_untold(appeal, holds, recipient, Kind.APPEAL)
    require_untold(appeal, holds, recipient, Kind.APPEAL_ORAL)
    return keep_call(
        appeal=appeal,
        determination=holds,
        kind=Kind.APPEAL_ORAL,
        recipient=recipient,
        told=told,
        by=by,
        at=at,
    )


def lock_decided(appeal: Appeal, *, by: Reviewer) -> Determination:
    """Lock the appeal; what its decision left in force, which nothing has replaced since."""
    lock_appeal(appeal, by=by, needs=[SEND])
    holds = decision_to_tell(appeal).left_in_force
    require_active(holds)
    holds.request = holds.line.request = appeal.request
    return holds


def require_untold(appeal: Appeal, holds: Determination, recipient: str, kind: str) -> None:
    told = Notice.objects.filter(appeal=appeal, determination=holds, kind=kind)
    if sent := told.filter(recipient=recipient).first():
        who, day = sent.get_recipient_display().lower(), local_day(sent.sent_at)
        how = "by telephone" if kind == Kind.APPEAL_ORAL else "in writing"
        raise Refused(
            f"The {who} was told {how} of the decision of appeal {appeal} on {day} already."
            " Open that notice."
        )
