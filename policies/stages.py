"""Where versions stand on a day, as a question to the database: `Version.stage` in bulk.

What takes effect and what does not state when are told apart, because a reader asks for either.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q, Value

from policies.models import Version


class Standing(models.TextChoices):
    """What a list of bulletins can be narrowed to. The last three are for policy staff."""

    IN_EFFECT = "in-effect", "In effect"
    UNDATED = "not-dated", "Not dated"  # published, and no day is stated
    SCHEDULED = "scheduled", "Scheduled"
    SUPERSEDED = "superseded", "Superseded"
    RETIRED = "retired", "Retired"
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in-review", "In review"
    APPROVED = "approved", "Approved"


ON_THEIR_WAY = (Standing.DRAFT, Standing.IN_REVIEW, Standing.APPROVED)


def standing(value: str, on: date | Value) -> Q:
    """Versions that stand so on the day."""
    start, end = "publication__effective_from", "publication__ended_on"
    never = Q((start, F(end)))  # withdrawn before it took effect
    ended = Q(**{f"{end}__lte": on}) | never
    goes_on = Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": on})
    is_replaced = Q(publication__successor__isnull=False)
    published = Q(status=Version.Status.PUBLISHED)
    return {
        Standing.IN_EFFECT: published & Q(publication__effective__contains=on),
        Standing.UNDATED: published & Q(**{f"{start}__isnull": True}) & goes_on,
        Standing.SCHEDULED: published & Q(**{f"{start}__gt": on}) & ~_is_true(never),
        Standing.SUPERSEDED: published & ended & is_replaced,
        Standing.RETIRED: published & ended & ~is_replaced,
        Standing.DRAFT: Q(status=Version.Status.DRAFT),
        Standing.IN_REVIEW: Q(status=Version.Status.IN_REVIEW),
        Standing.APPROVED: Q(status=Version.Status.APPROVED),
    }[Standing(value)]


def current(on: date | Value) -> Q:
    """Versions that hold on the day: in effect, or published without a day and not ended."""
    return standing(Standing.IN_EFFECT, on) | standing(Standing.UNDATED, on)


def _is_true(condition: Q) -> Q:
    """The condition with an unknown taken for false, so that it may be denied."""
    return Q(publication__ended_on__isnull=False) & condition
