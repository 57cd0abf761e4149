"""Whether everyone who must be told of a request was told."""

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
