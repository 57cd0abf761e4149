"""The clinical review before a decision: referrals, and who has had a hand in a request."""

from django.db import models

from policies.models import WrittenOnce
from reviewer.models.people import Reviewer
from reviewer.models.requests import Request


class Referral(WrittenOnce):
    """A reviewer hands a request to a physician, with what they would do and why."""

    class Recommendation(models.TextChoices):
        APPROVE = "approve", "Approve"
        DENY = "deny", "Deny"
        UNSURE = "unsure", "No recommendation"

    request = models.ForeignKey(Request, models.PROTECT, related_name="referrals")
    recommendation = models.CharField(max_length=8, choices=Recommendation)
    reasons = models.TextField()
    specialty = models.CharField(
        max_length=80, blank=True, help_text="The expertise that it needs."
    )
    referred_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    referred_at = models.DateTimeField()

    class Meta:
        ordering = ["request", "referred_at"]

    def __str__(self) -> str:
        return f"{self.request} referred by {self.referred_by}"


class Involvement(WrittenOnce):
    """A person took part in deciding a request. Triggers write it; it bars them, and everyone
    under them, from deciding its appeal (42 CFR 438.406(b)(2), 29 CFR 2560.503-1(h)(3)(ii))."""

    class Part(models.TextChoices):
        REFERRED = "referred", "Reviewed and referred"
        DETERMINED = "determined", "Signed a determination"
        DECIDED_APPEAL = "decided_appeal", "Decided an appeal"

    request = models.ForeignKey(Request, models.PROTECT, related_name="involvements")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    part = models.CharField(max_length=16, choices=Part)
    at = models.DateTimeField()

    class Meta:
        ordering = ["request", "at"]
        constraints = [
            models.UniqueConstraint(
                "request", "reviewer", "part", name="a_part_in_a_request_is_written_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.get_part_display()}"
