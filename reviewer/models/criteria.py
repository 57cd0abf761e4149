"""The criteria of a version, answered for a request.

A review is open until a determination is signed on it; then it is locked with its answers, and who
goes on begins another one from it.
"""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from policies.models import Criterion, Version
from reviewer.models.appeals import Appeal
from reviewer.models.documents import Document
from reviewer.models.people import Reviewer
from reviewer.models.requests import Request

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class CriteriaReviewQuerySet(models.QuerySet["CriteriaReview"]):
    def open(self) -> Self:
        return self.filter(locked_at__isnull=True)


class CriteriaReview(models.Model):
    """One version's criteria against one request; `appeal` for the fresh look of an appeal."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="criteria_reviews")
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="criteria_reviews")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    began_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", help_text="The locked one it goes on."
    )
    began_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)

    objects = CriteriaReviewQuerySet.as_manager()
    answers: "RelatedManager[CriterionAnswer]"

    class Meta:
        ordering = ["request", "began_at", "id"]
        constraints = [
            models.UniqueConstraint("id", "request", name="a_criteria_review_has_one_request"),
            models.UniqueConstraint(
                "request", "version",
                condition=Q(locked_at__isnull=True, appeal__isnull=True),
                name="a_version_has_one_open_review_a_request",
            ),
            models.UniqueConstraint(
                "appeal", "version",
                condition=Q(locked_at__isnull=True, appeal__isnull=False),
                name="a_version_has_one_open_review_an_appeal",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.request}, {self.version}"


class Finding(models.TextChoices):
    """What is found of a criterion; a criterion without an answer has none."""

    MET = "met", "Met"
    NOT_MET = "not_met", "Not met"
    UNCLEAR = "unclear", "Unclear"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class CriterionAnswer(models.Model):
    """What was found of one criterion, with the words of who found it."""

    review = models.ForeignKey(CriteriaReview, models.PROTECT, related_name="answers")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    finding = models.CharField(
        max_length=14, choices=Finding, blank=True, help_text="Empty: only a comment so far."
    )
    comment = models.TextField(blank=True)
    answered_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1, help_text="Counts edits, to tell lost races.")

    evidence: "RelatedManager[Evidence]"

    class Meta:
        ordering = ["review", "criterion__position"]
        constraints = [
            models.UniqueConstraint("review", "criterion", name="a_criterion_is_answered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.get_finding_display() or 'no answer'}"


class Evidence(models.Model):
    """A page of a document that an answer points to."""

    answer = models.ForeignKey(CriterionAnswer, models.PROTECT, related_name="evidence")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    page = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["answer", "document", "page"]
        constraints = [
            models.UniqueConstraint("answer", "document", "page", name="a_page_is_evidence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document}, page {self.page}"
