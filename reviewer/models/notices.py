"""Notices as they were sent: the exact bytes, kept with their hash."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from policies.models import WrittenOnce
from policies.models.expressions import hex_sha256
from reviewer.models.appeals import Appeal
from reviewer.models.determinations import Determination
from reviewer.models.people import Reviewer
from reviewer.models.requests import Request


class NoticeQuerySet(models.QuerySet["Notice"]):
    def in_writing(self) -> Self:
        """Written notices of determinations: what is said by telephone is confirmed by one. The
        notice of an appeal's decision is that of the determination which carries it out."""
        return self.filter(written())

    def of_appeals(self) -> Self:
        """Those that tell how an appeal was decided, in writing or by telephone."""
        return self.filter(kind__in=Notice.OF_APPEALS)


def written(prefix: str = "", determination: str = "determination__") -> Q:
    """What makes a notice the written one of its determination, asked from the notice or, with
    its `prefix`, from a determination."""
    follows = Q(**{f"{prefix}appeal": F(f"{determination}appeal_decision__appeal")})
    by_appeal = Q(**{f"{prefix}kind": Notice.Kind.APPEAL}) & follows
    return Q(**{f"{prefix}kind__in": Notice.IN_WRITING}) | by_appeal


class Notice(WrittenOnce):
    """What was sent about a determination, or said of a request, to whom and how."""

    class Kind(models.TextChoices):
        """What it tells."""

        DETERMINATION = "determination", "Decision"
        ORAL = "oral", "Decision, by telephone"  # the words that were said
        CONFIRMATION = "confirmation", "Written confirmation"
        EXTENSION = "extension", "Extension"
        INFORMATION_REQUEST = "information_request", "Request for information"
        MISSING_INFORMATION = "missing_information", "Missing information"
        EXPEDITE_REFUSAL = "expedite_refusal", "Expediting refused"
        NOT_DECIDED = "not_decided", "No decision in time"
        APPEAL = "appeal", "Decision of an appeal"
        APPEAL_ORAL = "appeal_oral", "Decision of an appeal, by telephone"

    class Recipient(models.TextChoices):
        MEMBER = "member", "Member"
        PROVIDER = "provider", "Provider"

    class Channel(models.TextChoices):
        MAIL = "mail", "Mail"
        ELECTRONIC = "electronic", "Electronic"
        FAX = "fax", "Fax"
        PHONE = "phone", "Phone"

    IN_WRITING = (Kind.DETERMINATION, Kind.CONFIRMATION)
    OF_APPEALS = (Kind.APPEAL, Kind.APPEAL_ORAL)

    request = models.ForeignKey(Request, models.PROTECT, related_name="notices")
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="notices")
    determination = models.ForeignKey(
        Determination, models.PROTECT, null=True, related_name="notices"
    )
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.DETERMINATION)
    recipient = models.CharField(max_length=8, choices=Recipient)
    channel = models.CharField(max_length=10, choices=Channel)
    body = models.TextField()
    sha256 = models.CharField("SHA-256 of the body", max_length=64)
    sent_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["request", "sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256=hex_sha256("body")),
                name="a_notice_is_what_its_hash_says",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["determination", "oral", "confirmation"])
                | Q(determination__isnull=False),
                name="a_notice_of_a_determination_has_it",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["appeal", "appeal_oral"])
                | Q(appeal__isnull=False, determination__isnull=False),
                name="a_notice_of_an_appeals_decision_has_both",
            ),
            models.UniqueConstraint(
                "appeal",
                "determination",
                "recipient",
                "kind",
                condition=Q(kind__in=["appeal", "appeal_oral"]),
                name="an_appeals_decision_is_told_a_person_once",
            ),
        ]

    @property
    def is_of_an_appeal(self) -> bool:
        return self.kind in Notice.OF_APPEALS

    def __str__(self) -> str:
        about = self.determination or f"{self.request}, {self.get_kind_display().lower()}"
        return f"{about}, to the {self.get_recipient_display().lower()}"
