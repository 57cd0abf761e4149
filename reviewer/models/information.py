"""Requests for information: what the record lacks, asked of someone, and what came of it."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from policies.models import Criterion
from reviewer.models.documents import Document
from reviewer.models.events import Event
from reviewer.models.notices import Notice
from reviewer.models.people import Reviewer
from reviewer.models.requests import Request

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class InformationRequestQuerySet(models.QuerySet["InformationRequest"]):
    def waiting(self) -> Self:
        """Those without an answer yet."""
        return self.filter(ended_at__isnull=True)


class InformationRequest(models.Model):
    """What was asked of whom, and by when the answer is expected. What was sent never changes."""

    class Ending(models.TextChoices):
        RECEIVED = "received", "Received"
        IN_PART = "in_part", "Received in part"
        NOTHING = "nothing", "Nothing came"
        WITHDRAWN = "withdrawn", "Withdrawn"
        OVERTAKEN = "overtaken", "No longer awaited"  # the request came to its end before

    request = models.ForeignKey(Request, models.PROTECT, related_name="information_requests")
    recipient = models.CharField(max_length=8, choices=Notice.Recipient)
    channel = models.CharField(max_length=10, choices=Notice.Channel)
    words = models.TextField(blank=True, help_text="What is said besides the items.")
    sent_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    answer_due_at = models.DateTimeField(null=True, help_text="Empty: no limit is stated.")
    due_rule = models.CharField(
        max_length=40, blank=True, help_text="The rule that states it; empty: the sender's choice."
    )
    letter = models.OneToOneField(
        Notice, models.PROTECT, null=True, related_name="information_request"
    )
    milestone = models.OneToOneField(Event, models.PROTECT, related_name="+")
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Reviewer, models.PROTECT, null=True, related_name="+")

    objects = InformationRequestQuerySet.as_manager()
    items: "RelatedManager[InformationItem]"

    class Meta:
        ordering = ["request", "sent_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ending="", ended_at__isnull=True, ended_by__isnull=True)
                | Q(~Q(ending=""), ended_at__isnull=False, ended_by__isnull=False),
                name="what_is_ended_says_how_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: information from the {self.get_recipient_display().lower()}"


class InformationItem(models.Model):
    """One thing that is wanted, for a criterion or in words."""

    information_request = models.ForeignKey(
        InformationRequest, models.PROTECT, related_name="items"
    )
    position = models.PositiveSmallIntegerField()
    criterion = models.ForeignKey(Criterion, models.PROTECT, null=True, related_name="+")
    wanted = models.TextField()
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, related_name="+", help_text="What answered it."
    )
    received_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["information_request", "position"]
        constraints = [
            models.UniqueConstraint("information_request", "position", name="items_stand_in_order"),
            models.CheckConstraint(
                condition=Q(document__isnull=True) | Q(received_at__isnull=False),
                name="what_answers_was_received",
            ),
        ]

    def __str__(self) -> str:
        return self.wanted[:60]
