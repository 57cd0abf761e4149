"""What is written once: events of the record, who saw what, and which intents were carried out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from policies.models import WrittenOnce


class Event(WrittenOnce):
    """A milestone of a request: what, when, by whom, and what changed."""

    class Name(models.TextChoices):
        """The milestones, by the names that every screen uses."""

        RECEIVED = "received", "Received"
        ENTERED = "entered", "Entered"
        CLAIMED = "claimed", "Taken for review"
        ASSIGNED = "assigned", "Assigned"
        RELEASED = "released", "Given back to the queue"
        REVIEW_STARTED = "review_started", "Clinical review started"
        POLICY_CHOSEN = "policy_chosen", "Policy chosen"
        DOCUMENT_ADDED = "document_added", "Document added"
        DOCUMENT_SET_ASIDE = "document_set_aside", "Document set aside"
        INFORMATION_REQUESTED = "information_requested", "Information requested"
        INFORMATION_RECEIVED = "information_received", "Information received"
        INFORMATION_NOT_AWAITED = "information_not_awaited", "Information no longer awaited"
        MISSING_TOLD = "missing_told", "Missing information told"
        EXTENDED = "extended", "Decision extended"
        EXTENSION_REQUESTED = "extension_requested", "More time asked for"
        EXTENSION_WITHDRAWN = "extension_withdrawn", "Extension withdrawn"
        URGENCY_ATTESTED = "urgency_attested", "Urgency attested"
        EXPEDITE_REFUSED = "expedite_refused", "Expediting refused"
        LIMIT_EXPIRED = "limit_expired", "Limit passed"
        REFERRED = "referred", "Referred to a physician"
        REFERRAL_RETURNED = "referral_returned", "Returned with a question"
        PEER_TO_PEER_REQUESTED = "peer_to_peer_requested", "Peer-to-peer requested"
        PEER_TO_PEER_OFFERED = "peer_to_peer_offered", "Peer-to-peer offered"
        PEER_TO_PEER_ATTEMPTED = "peer_to_peer_attempted", "Peer-to-peer attempted"
        PEER_TO_PEER_HELD = "peer_to_peer_held", "Peer-to-peer held"
        PEER_TO_PEER_DECLINED = "peer_to_peer_declined", "Peer-to-peer declined"
        DETERMINED = "determined", "Determination signed"
        TOLD_BY_PHONE = "told_by_phone", "Told by phone"
        NOTICE_SENT = "notice_sent", "Notice sent"
        LETTER_SENT = "letter_sent", "Letter sent"
        EVENT_RECORDED = "event_recorded", "Event recorded"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Reopened"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DISMISSED = "dismissed", "Dismissed"
        NO_AUTHORIZATION_REQUIRED = "no_authorization_required", "No authorization required"
        TIME_CORRECTED = "time_corrected", "Time corrected"
        APPEAL_RECEIVED = "appeal_received", "Appeal received"
        APPEAL_ASSIGNED = "appeal_assigned", "Appeal assigned"
        APPEAL_DECIDED = "appeal_decided", "Appeal decided"
        APPEAL_WITHDRAWN = "appeal_withdrawn", "Appeal withdrawn"

    request = models.ForeignKey("reviewer.Request", models.PROTECT, related_name="events")
    name = models.CharField(max_length=30, choices=Name)
    at = models.DateTimeField()
    by = models.ForeignKey(
        "reviewer.Reviewer", models.PROTECT, null=True, related_name="+", help_text="Empty: system."
    )
    sentence = models.TextField(
        blank=True, help_text="What a reader of the timeline wants to know."
    )
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["request", "at", "id"]
        indexes = [
            models.Index(
                fields=["request", "-at", "-id"],
                name="beginnings_of_waiting",
                condition=Q(after__state="incomplete"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()} {self.at:%Y-%m-%d %H:%M}"


class AccessEntry(WrittenOnce):
    """One look at member data, written before its bytes leave."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    view = models.CharField(
        max_length=80, help_text="The name of the page: “reviewer:request_detail”."
    )
    method = models.CharField(max_length=8)
    status = models.PositiveSmallIntegerField()
    requests = models.JSONField(
        default=list,
        help_text="The numbers of the requests shown, and of a member found at intake.",
    )
    is_fragment = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at"]
        verbose_name = "access log row"
        indexes = [models.Index("user", "at", name="access_by_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.view} {self.at:%Y-%m-%d %H:%M}"


class Intent(models.Model):
    """A form sent by a person: the same key again has no second effect, and another body under the
    same key is refused."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.UUIDField()
    body_hash = models.CharField(max_length=64)
    location = models.CharField(max_length=400, help_text="Where the answer led.")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "key", name="one_intent_has_one_effect"),
        ]

    def __str__(self) -> str:
        return str(self.key)
