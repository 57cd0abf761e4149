"""Versions of a bulletin, and when each is in effect.

A version is frozen when it is published: triggers refuse any change of it or of what hangs on it.
When it takes effect and when it ends is a `Publication`, whose start never changes and whose end
is written once.
"""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.urls import reverse

from policies.models.bulletins import Bulletin, LineOfBusiness
from policies.models.expressions import hex_sha256

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from policies.models.criteria import Criterion
    from policies.models.drafting import Edit, Mend
    from policies.models.text import Passage, Reference, Section


class VersionQuerySet(models.QuerySet["Version"]):
    def published(self) -> Self:
        """Versions that were published at any time, also those that have ended."""
        return self.filter(status=Version.Status.PUBLISHED)

    def in_effect(self, on: date) -> Self:
        """Published versions whose effective period covers the given day."""
        return self.published().filter(publication__effective__contains=on)

    def undated(self) -> Self:
        """Published versions that state no day from which they are in effect, and go on."""
        return self.published().filter(
            publication__effective_from__isnull=True, publication__ended_on__isnull=True
        )

    def for_line_of_business(self, line_of_business: str) -> Self:
        """Versions for all lines of business, or for this one among others."""
        return self.filter(
            Q(lines_of_business__len=0) | Q(lines_of_business__contains=[line_of_business])
        )

    def for_jurisdiction(self, jurisdiction: str) -> Self:
        """Versions for all jurisdictions, or for this one (a state's two letters) among others."""
        return self.filter(Q(jurisdictions__len=0) | Q(jurisdictions__contains=[jurisdiction]))


class Version(models.Model):
    """One text of a bulletin; `content` is the whole of it as canonical JSON, hashed."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"  # may still be edited
        IN_REVIEW = "in_review", "In review"  # waits for a second person
        APPROVED = "approved", "Approved"  # may be published
        PUBLISHED = "published", "Published"  # never changes again

    class Stage(models.TextChoices):
        """Where a version stands on a day; the last four are ways of being published."""

        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        APPROVED = "approved", "Approved"
        SCHEDULED = "scheduled", "Scheduled"  # takes effect on a later day
        PUBLISHED = "published", "Published"  # in effect, or without a stated day
        SUPERSEDED = "superseded", "Superseded"  # another version has taken its place
        RETIRED = "retired", "Retired"  # ended without another

    class Origin(models.TextChoices):
        LIBRARY = "library", "Written and approved here"
        IMPORT = "import", "Imported as already in force"  # by a person with the server's keys

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="versions")
    ordinal = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.LIBRARY)
    title = models.CharField(max_length=300)
    lines_of_business = ArrayField(
        models.CharField(max_length=30, choices=LineOfBusiness),
        default=list,
        blank=True,
        help_text="None named: all of them.",
    )
    jurisdictions = ArrayField(
        models.CharField(max_length=2),
        default=list,
        blank=True,
        help_text="States by their two letters. None named: all of them.",
    )
    last_review = models.DateField(null=True, blank=True)
    next_review = models.DateField(null=True, blank=True)
    effective_stated = models.DateField(
        "effective date in the text", null=True, blank=True, help_text="Empty: not stated."
    )
    notice_days = models.PositiveSmallIntegerField(
        "notice period",
        null=True,
        blank=True,
        help_text="Days between its publication and its effect. Empty: none is asked for.",
    )
    change_note = models.TextField(
        blank=True, help_text="What changed, in words for reviewers. Needed before it is submitted."
    )
    legends = ArrayField(models.TextField(), default=list, blank=True)
    not_understood = models.JSONField(default=list, blank=True)
    content = models.TextField(editable=False)
    content_hash = models.CharField("SHA-256 of the content", max_length=64, editable=False)
    source_name = models.CharField(max_length=200, editable=False)
    source_bytes = models.BinaryField(editable=False)
    source_sha256 = models.CharField("SHA-256 of the file", max_length=64, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = VersionQuerySet.as_manager()
    sections: "RelatedManager[Section]"
    passages: "RelatedManager[Passage]"
    criteria: "RelatedManager[Criterion]"
    references: "RelatedManager[Reference]"
    edits: "RelatedManager[Edit]"
    mends: "RelatedManager[Mend]"

    class Meta:
        ordering = ["bulletin__number", "ordinal"]
        permissions = [
            ("submit_version", "Can submit a version for approval"),
            ("approve_version", "Can approve a version that someone else wrote"),
            ("publish_version", "Can publish an approved version"),
        ]
        constraints = [
            models.UniqueConstraint("bulletin", "ordinal", name="versions_are_numbered_once"),
            models.UniqueConstraint("id", "bulletin", name="a_version_has_one_bulletin"),
            models.UniqueConstraint("id", "content_hash", name="a_version_has_one_hash"),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("author")),
                name="an_approver_is_not_the_author",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review"])
                | Q(approver__isnull=False, author__isnull=False, approved_at__isnull=False)
                | Q(origin="import"),
                name="an_approved_version_names_two_people",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(origin="import") | ~Q(change_note=""),
                name="a_submitted_version_says_what_changed",
            ),
            models.CheckConstraint(
                condition=Q(content_hash=hex_sha256("content")),
                name="a_version_is_what_its_hash_says",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin.number} v{self.ordinal}"

    def get_absolute_url(self) -> str:
        return reverse("policies:version_detail", args=[self.bulletin.number, self.ordinal])

    @property
    def is_frozen(self) -> bool:
        return self.status == self.Status.PUBLISHED

    def stage(self, on: date) -> "Version.Stage":
        """Where it stands on a day."""
        if not self.is_frozen:
            return self.Stage(self.status)
        publication = self.publication
        start, ended_on = publication.effective_from, publication.ended_on
        if ended_on and (ended_on <= on or ended_on == start):  # the second: called off
            return self.Stage.SUPERSEDED if publication.successor_id else self.Stage.RETIRED
        return self.Stage.SCHEDULED if start and start > on else self.Stage.PUBLISHED


class Publication(models.Model):
    """When a published version is in effect: from `effective_from` to the day before `ended_on`."""

    version = models.OneToOneField(Version, models.PROTECT, related_name="publication")
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="publications")
    effective_from = models.DateField(null=True, blank=True, help_text="Empty: not stated.")
    ended_on = models.DateField(
        null=True, blank=True, help_text="The first day on which it is no longer in effect."
    )
    end_reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField("end written at", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    successor = models.ForeignKey(
        Version,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The version that took its place. Empty, with an end: it was retired.",
    )
    effective = models.GeneratedField(
        expression=Case(
            When(
                effective_from__isnull=False,
                then=Func(F("effective_from"), F("ended_on"), function="daterange"),
            )
        ),
        output_field=DateRangeField(null=True),
        db_persist=True,
    )
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["bulletin", "effective_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(effective_from__isnull=True)
                | Q(ended_on__gte=F("effective_from")),
                name="a_version_ends_after_it_takes_effect",
            ),
            ExclusionConstraint(
                name="published_versions_do_not_overlap",
                expressions=[
                    (Func(F("bulletin"), F("bulletin"), Value("[]"), function="int8range"), "&&"),
                    ("effective", "&&"),
                ],
                condition=Q(effective_from__isnull=False),
            ),
            models.UniqueConstraint(
                "bulletin",
                condition=Q(effective_from__isnull=True, ended_on__isnull=True),
                name="one_undated_version_goes_on",
            ),
        ]

    def __str__(self) -> str:
        start = self.effective_from.isoformat() if self.effective_from else "not stated"
        return f"{self.version} from {start}"
