"""The question the site asks most: when is the initial decision on a request due?"""

from collections.abc import Iterable
from datetime import date, datetime

from reviewer.clocks.book import RuleBook, shipped_book
from reviewer.clocks.engine import compute
from reviewer.clocks.events import Event, EventType
from reviewer.clocks.moments import At
from reviewer.clocks.result import Deadline, OtherRule
from reviewer.clocks.selection import Scope

INITIAL, EXTENSION = "initial", "extension"


def decision_due(
    *,
    regime: str,
    review_type: str,
    urgency: str,
    item_kind: str | None,
    received_at: datetime,
    zone: str,
    course_ends_at: At | None = None,
    information_complete_at: datetime | None = None,
    rating_period_start: date | None = None,
    as_of: At | None = None,
    others: Iterable[OtherRule] = (),
    book: RuleBook | None = None,
) -> Deadline:
    """When an initial decision is due, from its receipt.

    `regime` is a line of business of the table; `review_type` is pre_service, concurrent or
    post_service; `urgency` is standard or expedited. `course_ends_at` tells how early a request
    to extend an approved course came. California and New York count from
    `information_complete_at`, Medicaid standard requests need `rating_period_start`.

    Raises NoRule with what is missing where the table has no row, NotStarted where the event
    that starts the clock is not given.
    """
    received = Event(
        EventType.RECEIVED,
        received_at,
        course_ends_at=course_ends_at,
        rating_period_start=rating_period_start,
    )
    events = [received]
    if information_complete_at is not None:
        events.append(Event(EventType.NECESSARY_INFORMATION_RECEIVED, information_complete_at))

    book = book or shipped_book()
    stage = _stage(regime, review_type, book)
    scope = Scope(regime, stage, "decision", review_type, urgency, item_kind or "")
    return compute(scope, events, zone, as_of=as_of, others=others, book=book)


def _stage(regime: str, review_type: str, book: RuleBook) -> str:
    """`extension` where a regime knows such a review only as a longer approved course."""
    stages = {
        stage
        for rule in book.rules
        if regime in rule.line_of_business and review_type in rule.alternatives("review_type")
        for stage in rule.stage
    }
    return EXTENSION if EXTENSION in stages and INITIAL not in stages else INITIAL
