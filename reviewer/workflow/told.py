"""Whether everyone who must be told of a request was told, and whom that leaves."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from reviewer.models import Appeal, AppealDecision, Determination, Notice, Request


def everyone_is_told(request: Request) -> bool:
    """Whether every line is decided, and member and provider were told in writing of what holds
    now."""
    if request.lines.filter(active__isnull=True).exists():
        return False
    active = Determination.objects.filter(request=request, active_for__isnull=False)
    written = Notice.objects.in_writing().filter(determination__in=active)
    told = set(written.values_list("determination", "recipient"))
    return told >= {(one.pk, who) for one in active for who in Notice.Recipient.values}


def not_told(requests: QuerySet[Request]) -> QuerySet[Determination]:
    """The determinations of these requests that hold now and of which the member or the provider
    was not told in writing. A notice owed is a question, never a stored answer."""
    missing = Q()
    for who in Notice.Recipient.values:
        written = Notice.objects.in_writing().filter(determination=OuterRef("pk"), recipient=who)
        missing |= Q(~Exists(written))
    active = Determination.objects.filter(active_for__isnull=False, request__in=requests)
    return active.filter(missing)


def decisions_not_told(appeals: QuerySet[Appeal]) -> QuerySet[AppealDecision]:
    """Of these appeals, the decisions that left the determination in force and of which the member
    or the provider was not told in writing. What is overturned is told as its new determination.
    """
    missing = Q()
    for who in Notice.Recipient.values:
        told = Notice.objects.filter(kind=Notice.Kind.APPEAL, appeal=OuterRef("appeal"))
        missing |= Q(~Exists(told.filter(recipient=who)))
    decided = AppealDecision.objects.filter(appeal__in=appeals)
    left = decided.exclude(outcome__in=AppealDecision.OVERTURNING)
    return left.filter(missing, determination__active_for__isnull=False)


def whom_to_tell(decision: AppealDecision) -> list[Notice.Recipient]:
    """Who was not told in writing of an appeal's decision as it stands now."""
    holds = decision.left_in_force
    sent = holds.notices.filter(kind=Notice.Kind.APPEAL, appeal=decision.appeal_id)
    if holds.appeal_decision_id == decision.pk:
        sent = holds.notices.in_writing()
    told = set(sent.values_list("recipient", flat=True))
    return [who for who in Notice.Recipient if who.value not in told]
