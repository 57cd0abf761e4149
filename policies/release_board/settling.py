"""Settling findings: what was done about them, or why nothing needs to be."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from policies.models import ReleaseFinding
from policies.refusals import Refused

LONGEST = 300  # characters of a settlement


@transaction.atomic
def settle(*, findings: Iterable[ReleaseFinding], settlement: str, by: User, at: datetime) -> int:
    """Settle them with one sentence, all or none; how many.

    Raises Refused where nothing is said, or where one of them was settled already.
    """
    words = " ".join(settlement.split())
    if not words:
        raise Refused("Say what was done, or why nothing needs to be: it stays with the finding.")
    if len(words) > LONGEST:
        raise Refused(f"The sentence has {len(words)} characters: {LONGEST} can be kept.")
    chosen = {one.pk for one in findings}
    if not chosen:
        raise Refused("Choose at least one finding to settle.")
    locked = ReleaseFinding.objects.select_for_update(of=("self",)).filter(pk__in=chosen)
    for one in locked.select_related("bulletin", "settled_by"):
        if one.settled_at is not None and one.settled_by is not None:
            day = timezone.localtime(one.settled_at).date()
            raise Refused(
                f"{one} was settled by {one.settled_by.get_username()} on {day} already: "
                f"“{one.settlement}” Nothing was saved; leave it out."
            )
    return ReleaseFinding.objects.filter(pk__in=chosen).update(
        settlement=words, settled_by=by, settled_at=at
    )
