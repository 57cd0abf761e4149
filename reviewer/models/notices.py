"""Notices as they were sent: the exact bytes, kept with their hash."""

from django.db import models
from django.db.models import Q

from policies.models import WrittenOnce
from policies.models.expressions import hex_sha256
from reviewer.models.determinations import Determination
from reviewer.models.people import Reviewer
from reviewer.models.requests import Request


class Notice(WrittenOnce):
    """What was sent about a determination, to whom and how."""

    class Recipient(models.TextChoices):
        MEMBER = "member", "Member"
        PROVIDER = "provider", "Provider"

    class Channel(models.TextChoices):
        MAIL = "mail", "Mail"
        ELECTRONIC = "electronic", "Electronic"
        FAX = "fax", "Fax"
        PHONE = "phone", "Phone"

    request = models.ForeignKey(Request, models.PROTECT, related_name="notices")
    determination = models.ForeignKey(Determination, models.PROTECT, related_name="notices")
    recipient = models.CharField(max_length=8, choices=Recipient)
    channel = models.CharField(max_length=10, choices=Channel)
    body = models.TextField()
    sha256 = models.CharField("SHA-256 of the body", max_length=64)
    sent_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["request", "sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256=hex_sha256("body")),
                name="a_notice_is_what_its_hash_says",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.determination}, to the {self.get_recipient_display().lower()}"
