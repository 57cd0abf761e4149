"""Files of many requests: each row is entered whole or refused with its reasons."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from policies.models import WrittenOnce
from reviewer.models.people import Reviewer
from reviewer.models.requests import Request

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class IntakeFile(models.Model):
    """A file of requests that somebody sent in, and how far it has been read."""

    name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64, unique=True)
    row_count = models.PositiveIntegerField()
    sent_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    rows: "RelatedManager[IntakeRow]"

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.name


class IntakeRow(WrittenOnce):
    """What became of one row: the request it is now, or why it was refused."""

    file = models.ForeignKey(IntakeFile, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(help_text="Of its first line in the file, from 1.")
    request = models.OneToOneField(Request, models.PROTECT, null=True, related_name="intake_row")
    refused = models.TextField(blank=True, help_text="One sentence a line.")
    text = models.TextField(help_text="The row as it stood in the file.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint("file", "number", name="a_row_is_read_once"),
            models.CheckConstraint(
                condition=Q(request__isnull=True) ^ Q(refused=""),
                name="a_row_is_entered_or_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file}, row {self.number}"
