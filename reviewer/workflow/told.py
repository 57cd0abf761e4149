"""Whether everyone who must be told of a request was told."""

from reviewer.models import Determination, Notice, Request


def everyone_is_told(request: Request) -> bool:
    """Whether every line is decided, and member and provider were told of what holds now."""
    if request.lines.filter(active__isnull=True).exists():
        return False
    active = Determination.objects.filter(request=request, active_for__isnull=False)
    told = set(
        Notice.objects.filter(determination__in=active).values_list("determination", "recipient")
    )
    return told >= {(one.pk, who) for one in active for who in Notice.Recipient.values}
