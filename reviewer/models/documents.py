"""What came with a request: documents kept as their exact bytes, and who looked at what."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from policies.models import Passage, Version, WrittenOnce
from policies.models.expressions import hex_sha256_of_bytes
from reviewer.models.people import Reviewer
from reviewer.models.requests import Request

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class MediaType(models.TextChoices):
    """What the site shows inside a page."""

    PDF = "application/pdf", "PDF"
    PNG = "image/png", "PNG image"
    JPEG = "image/jpeg", "JPEG image"
    TEXT = "text/plain", "Text"


class DocumentContent(WrittenOnce):
    """The bytes of a document, stored once however often they are filed."""

    sha256 = models.CharField("SHA-256 of the bytes", max_length=64, unique=True)
    media_type = models.CharField(max_length=20, choices=MediaType)
    size = models.PositiveIntegerField(help_text="In bytes.")
    page_count = models.PositiveIntegerField()
    data = models.BinaryField()
    stored_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    stored_at = models.DateTimeField()

    pages: "RelatedManager[DocumentPage]"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256=hex_sha256_of_bytes("data")),
                name="a_document_is_what_its_hash_says",
            ),
            models.CheckConstraint(condition=Q(page_count__gt=0), name="a_document_has_pages"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class DocumentPage(WrittenOnce):
    """The words of a page, as far as its file holds them; a picture has none."""

    content = models.ForeignKey(DocumentContent, models.PROTECT, related_name="pages")
    number = models.PositiveIntegerField(help_text="Counted from 1.")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["content", "number"]
        constraints = [
            models.UniqueConstraint("content", "number", name="pages_stand_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.content}, page {self.number}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def in_use(self) -> Self:
        """Those that were not set aside."""
        return self.filter(set_aside__isnull=True)

    def with_content(self) -> Self:
        """With what is known of the file; its bytes stay where they are."""
        return self.select_related("content").defer("content__data")

    def told(self) -> Self:
        """With all that is said of a document."""
        return self.with_content().select_related("added_by__user", "set_aside__by__user")


class Document(WrittenOnce):
    """A document in the file of a request."""

    class Kind(models.TextChoices):
        REQUEST_FORM = "request_form", "Request form"
        PROGRESS_NOTE = "progress_note", "Progress note"
        EVALUATION = "evaluation", "Evaluation or consultation"
        HISTORY_AND_PHYSICAL = "history_and_physical", "History and physical"
        IMAGING = "imaging", "Imaging report"
        LABORATORY = "laboratory", "Laboratory report"
        OPERATIVE = "operative", "Operative or procedure report"
        PLAN_OF_CARE = "plan_of_care", "Treatment plan or plan of care"
        ORDER = "order", "Order or prescription"
        DISCHARGE_SUMMARY = "discharge_summary", "Discharge summary"
        LETTER = "letter", "Letter"
        APPEAL = "appeal", "Appeal or grievance"
        OTHER = "other", "Other"  # its title says what

    request = models.ForeignKey(Request, models.PROTECT, related_name="documents")
    content = models.ForeignKey(DocumentContent, models.PROTECT, related_name="documents")
    kind = models.CharField("type", max_length=24, choices=Kind)
    title = models.CharField(max_length=160)
    dated_on = models.DateField("date of the document", null=True, help_text="Empty: not stated.")
    received_at = models.DateTimeField()
    added_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["request", "received_at", "id"]
        constraints = [
            models.UniqueConstraint("request", "content", name="a_document_is_filed_once"),
            models.UniqueConstraint("id", "request", name="a_document_has_one_request"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reviewer:request_document", args=[self.request.number, self.pk])

    @property
    def is_set_aside(self) -> bool:
        return hasattr(self, "set_aside")


class DocumentSetAside(WrittenOnce):
    """A document that does not belong to the case: kept and struck through, with the reason."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="set_aside")
    reason = models.TextField()
    by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document} set aside"


class Attention(WrittenOnce):
    """A person opened a page of a document, or a passage of a version, while on a case."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="attention")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="attention")
    page = models.PositiveIntegerField(null=True)
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    passage = models.ForeignKey(Passage, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["request", "at"]
        indexes = [models.Index("request", "reviewer", "at", name="attention_on_a_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=False, page__gt=0, version__isnull=True)
                | Q(document__isnull=True, page__isnull=True, version__isnull=False),
                name="attention_is_to_a_page_or_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.document or self.passage or self.version}"
