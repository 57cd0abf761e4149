"""A limit that passes without a decision: a recorded fact with what the law says of it.

Nothing is decided by it. The duties that it opens, as the notice of a denial by lapse of time,
are for people to carry out.
"""

from datetime import datetime

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from reviewer.clocks import EventType
from reviewer.models import Appeal, Clock, ClockEvent, Event, Request
from reviewer.workflow.clocks import note
from reviewer.workflow.clocks.scopes import DECISIONS
from reviewer.workflow.errors import verb
from reviewer.workflow.record import record
from reviewer.workflow.rule_words import missed_in_words


def missed(at: datetime, *, of: str = "") -> QuerySet[Clock]:
    """Clocks of decisions whose limit passed, with what that means, not yet on record; with
    the number of a request or an appeal, those `of` its case."""
    noted = ClockEvent.objects.filter(
        request=OuterRef("request"), type=EventType.LIMIT_EXPIRED.value, facts__has_key="clock"
    )
    recorded = noted.annotate(expired=Cast(KT("facts__clock"), BigIntegerField()))
    overdue = Clock.objects.overdue(at).filter(duty__in=DECISIONS)
    named = overdue.exclude(answer__missed_outcome="").exclude(
        Exists(recorded.filter(expired=OuterRef("pk")))
    )
    return named.filter(request__in=_cases(of)) if of else named


def _cases(number: str) -> list[int]:
    """The request of that number, or of the appeal of that number: looked up first, since
    joined to every overdue clock it takes as long as there are many."""
    requests = Request.objects.filter(number=number).values_list("pk", flat=True)
    appealed = Appeal.objects.filter(number=number).values_list("request", flat=True)
    return list(requests or appealed)


def record_missed_limits(*, at: datetime, of: str = "") -> int:
    """Record every limit that passed; doing it again changes nothing. Returns how many were
    recorded."""
    return sum(record_missed_limit(clock=clock, at=at) for clock in missed(at, of=of))


@verb
def record_missed_limit(*, clock: Clock, at: datetime) -> bool:
    """Record that a clock's limit passed, at the limit; False where it did not, or is recorded."""
    Request.objects.select_for_update().get(pk=clock.request_id)
    current = missed(at).filter(pk=clock.pk).select_related("request__coverage", "appeal").first()
    if current is None or current.due_at is None:
        return False
    request, outcome = current.request, current.answer["missed_outcome"]
    if current.appeal:
        current.appeal.request = request
    milestone = record(
        request,
        Event.Name.LIMIT_EXPIRED,
        by=None,
        at=current.due_at,
        sentence=f"{current.label}: {missed_in_words(outcome)}, by {current.citation}."
        " Nothing was decided.",
        after={"clock": current.pk, "outcome": outcome}
        | ({"appeal": current.appeal.number} if current.appeal else {}),
    )
    note(
        request=request,
        appeal=current.appeal,
        type=EventType.LIMIT_EXPIRED,
        at=current.due_at,
        by=None,
        milestone=milestone,
        clock=current.pk,
        outcome=outcome,
    )
    return True
