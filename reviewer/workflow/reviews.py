"""Handing a request to a physician."""

from datetime import datetime

from reviewer.models import Event, Referral, Request, Reviewer
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import lock, require_assigned, require_state, require_words
from reviewer.workflow.record import change
from reviewer.workflow.requests import REVIEW, UNDER_REVIEW


@verb
def refer_request(
    *,
    request: Request,
    recommendation: str,
    reasons: str,
    specialty: str,
    by: Reviewer,
    at: datetime,
) -> Referral:
    """Hand a request to the physicians, with what one would do and why."""
    lock(request, by=by, needs=[REVIEW])
    require_state(request, UNDER_REVIEW, "a request is referred")
    require_assigned(request, by)
    require_words(reasons, "why the request is referred")
    if recommendation not in Referral.Recommendation.values:
        raise Refused("Say what you recommend: approve, deny, or no recommendation.")
    referral = Referral.objects.create(
        request=request,
        recommendation=recommendation,
        reasons=reasons,
        specialty=specialty,
        referred_by=by,
        referred_at=at,
    )
    advice = referral.get_recommendation_display()
    if recommendation != Referral.Recommendation.UNSURE:
        advice = f"Recommendation: {advice.lower()}"
    change(
        request,
        Event.Name.REFERRED,
        by=by,
        at=at,
        sentence=f"{by} refers it. {advice}.",
        after={"recommendation": recommendation},
        state=Request.State.REFERRED,
        assigned_to=None,
    )
    return referral
