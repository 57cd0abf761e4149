"""Handing a request to a physician, and back with a question."""

from datetime import datetime

from reviewer.models import (
    CriteriaReview,
    Event,
    Referral,
    ReferralReturn,
    Request,
    Reviewer,
)
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import (
    lock,
    require_assigned,
    require_in_scope,
    require_state,
    require_words,
)
from reviewer.workflow.record import change
from reviewer.workflow.requests import DENY, REVIEW, UNDER_REVIEW, State


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
    """Hand a request to the physicians, with what one would do and why, on the criteria as they
    are answered; the expertise it needs stays with the request."""
    lock(request, by=by, needs=[REVIEW])
    require_state(request, UNDER_REVIEW, "a request is referred")
    require_assigned(request, by)
    require_words(reasons, "why the request is referred")
    if recommendation not in Referral.Recommendation.values:
        raise Refused("Say what you recommend: approve, deny, or no recommendation.")
    answered = CriteriaReview.objects.filter(request=request, appeal=None)
    referral = Referral.objects.create(
        request=request,
        recommendation=recommendation,
        reasons=reasons,
        specialty=specialty,
        criteria_review=answered.order_by("began_at", "id").last(),
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
        specialty=specialty or request.specialty,
    )
    return referral


@verb
def return_referral(
    *, request: Request, question: str, by: Reviewer, at: datetime
) -> ReferralReturn:
    """Give a referral back to who made it, with a question; to the queue if they are gone."""
    lock(request, by=by, needs=[DENY])
    require_state(request, [State.REFERRED], "a referral is returned")
    require_assigned(request, by)
    require_words(question, "what you ask")
    referral = request.referrals.select_related("referred_by__user").latest("id")
    if referral.referred_by_id == by.pk:
        raise Refused("You referred it yourself. Decide it, or ask for information.")
    returned = ReferralReturn.objects.create(
        referral=referral, question=question, returned_by=by, returned_at=at
    )
    change(
        request,
        Event.Name.REFERRAL_RETURNED,
        by=by,
        at=at,
        sentence=question,
        state=State.IN_REVIEW,
        assigned_to=referral.referred_by if works_on(referral.referred_by, request) else None,
    )
    return returned


def works_on(person: Reviewer, request: Request) -> bool:
    try:
        require_in_scope(request, person, REVIEW)
    except Refused:
        return False
    return True
