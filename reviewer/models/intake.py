"""Files of many requests: each row is entered whole or refused with its reasons."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from policies.models import LineOfBusiness, WrittenOnce
from policies.models.expressions import hex_sha256_of_bytes
from reviewer.models.people import Reviewer
from reviewer.models.requests import Request

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class IntakeFileQuerySet(models.QuerySet["IntakeFile"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A person's own files, and a supervisor's those of others: of whoever still sees all
        lines of business that a file can be of."""
        reviewer = getattr(user, "reviewer", None)
        if reviewer is None or not user.has_perm("reviewer.add_request"):
            return self.none()
        seen = self.filter(lines_of_business__contained_by=reviewer.lines_of_business)
        seen = seen.exclude(lines_of_business=[])
        return seen if user.has_perm("reviewer.assign_request") else seen.filter(sent_by=reviewer)

    def with_counts(self) -> Self:
        """With `entered` and `refused`: how many rows became requests, and how many did not."""
        is_one = Q(rows__request__isnull=False)
        to_mend = Q(rows__request__isnull=True, rows__earlier__isnull=True, rows__isnull=False)
        return self.annotate(
            entered=models.Count("rows", is_one), refused=models.Count("rows", to_mend)
        )


class IntakeFile(models.Model):
    """A file of requests that somebody sent in, and how far it has been read."""

    name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64, unique=True)
    data = models.BinaryField(default=b"", help_text="As it was sent; read anew at every step.")
    row_count = models.PositiveIntegerField(help_text="How many requests it holds.")
    checked = models.JSONField(
        default=list,
        help_text="What a look ahead found wrong with each request, in the file's order.",
    )
    sent_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    lines_of_business = ArrayField(
        models.CharField(max_length=30, choices=LineOfBusiness),
        default=list,
        help_text="The scope of who sent it, at that time. None named: nobody sees it.",
    )
    started_at = models.DateTimeField(null=True, help_text="When it was said to enter them.")
    finished_at = models.DateTimeField(null=True)

    objects = IntakeFileQuerySet.as_manager()
    rows: "RelatedManager[IntakeRow]"

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(data=b"") | Q(sha256=hex_sha256_of_bytes("data")),
                name="an_intake_file_is_what_its_hash_says",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reviewer:intake_file_detail", args=[self.pk])

    @property
    def is_checked(self) -> bool:
        return len(self.checked) >= self.row_count

    @property
    def is_going_on(self) -> bool:
        """Whether it is being looked through or entered."""
        return not self.is_checked or bool(self.started_at and not self.finished_at)


class IntakeRow(WrittenOnce):
    """What became of one row: the request it is now, or why it was refused.

    A row is a request: the lines of the file that have one reference.
    """

    file = models.ForeignKey(IntakeFile, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(help_text="Of its first line in the file, from 1.")
    reference = models.CharField(max_length=60, blank=True, help_text="Of who sent the file.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of what its cells say.")
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="intake_row")
    refused = models.TextField(blank=True, help_text="One sentence a line.")
    earlier = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The same row, which was entered before.",
    )
    text = models.TextField(help_text="The row as it stood in the file.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint("file", "number", name="a_row_is_read_once"),
            models.UniqueConstraint(
                "sha256",
                condition=Q(request__isnull=False) & ~Q(sha256=""),
                name="a_row_is_entered_once",
            ),
            models.CheckConstraint(
                condition=Q(request__isnull=True) ^ Q(refused=""),
                name="a_row_is_entered_or_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file}, row {self.number}"
