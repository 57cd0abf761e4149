"""Whether everyone who must be told of a request was told, and whom that leaves."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from reviewer.models import Determination, Notice, Request


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
