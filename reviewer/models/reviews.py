"""The clinical review before a decision: which policy, referrals, talks between peers, and who has
had a hand in a request."""

from django.db import models
from django.db.models import Q

from policies.models import Version, WrittenOnce
from reviewer.models.criteria import CriteriaReview
from reviewer.models.people import Reviewer
from reviewer.models.requests import Request, ServiceLine


class PolicyChoice(WrittenOnce):
    """A person says by which version a line is reviewed, or that no bulletin applies, and why. The
    newest holds; without one, what the resolver says does."""

    line = models.ForeignKey(ServiceLine, models.PROTECT, related_name="policy_choices")
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, related_name="+", help_text="Empty: none applies."
    )
    reason = models.TextField()
    chosen_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ["line", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_policy_choice_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.version or 'no bulletin applies'}"


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
    criteria_review = models.ForeignKey(CriteriaReview, models.PROTECT, null=True, related_name="+")
    referred_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    referred_at = models.DateTimeField()

    class Meta:
        ordering = ["request", "referred_at"]

    def __str__(self) -> str:
        return f"{self.request} referred by {self.referred_by}"


class ReferralReturn(WrittenOnce):
    """A physician gives a referral back with a question."""

    referral = models.OneToOneField(Referral, models.PROTECT, related_name="returned")
    question = models.TextField()
    returned_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    returned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.referral}, returned"


class PeerToPeerStep(WrittenOnce):
    """One step of a talk between the plan's physician and the treating clinician."""

    class Kind(models.TextChoices):
        REQUESTED = "requested", "Requested"  # by the provider
        OFFERED = "offered", "Offered"  # by the plan
        ATTEMPTED = "attempted", "Attempted"
        HELD = "held", "Held"
        DECLINED = "declined", "Declined"

    class Result(models.TextChoices):
        UNCHANGED = "unchanged", "The recommendation stands"
        CHANGED = "changed", "The answer turns"
        MORE_INFORMATION = "more_information", "More information will come"

    request = models.ForeignKey(Request, models.PROTECT, related_name="peer_to_peer")
    kind = models.CharField(max_length=9, choices=Kind)
    clinician = models.CharField(max_length=120, help_text="The treating clinician, by name.")
    words = models.TextField(blank=True, help_text="How they were reached, or what was said.")
    result = models.CharField(max_length=16, choices=Result, blank=True)
    new_information = models.TextField(blank=True)
    proposed_for = models.DateTimeField(null=True, help_text="When the talk is to be.")
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["request", "at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="held") ^ Q(result=""), name="a_talk_that_was_held_has_its_result"
            ),
        ]

    def __str__(self) -> str:
        return f"Peer-to-peer {self.get_kind_display().lower()}, {self.request}"


class Involvement(WrittenOnce):
    """A person took part in deciding a request. Triggers write it; it bars them, and everyone
    under them, from deciding its appeal (42 CFR 438.406(b)(2), 29 CFR 2560.503-1(h)(3)(ii))."""

    class Part(models.TextChoices):
        ANSWERED = "answered", "Answered criteria"
        REFERRED = "referred", "Reviewed and referred"
        SPOKE = "spoke", "Spoke with the treating clinician"
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
