"""Seals over the record: each covers rows that were written since the one before."""

from django.db import models
from django.db.models import Q

from policies.models import WrittenOnce


class Seal(WrittenOnce):
    """A hash over batches of evidence and over the seal before, so that a change shows."""

    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="next")
    tables = models.JSONField(
        help_text="{table: {first, last, rows, sha256}}: which rows, and the hash over them."
    )
    sha256 = models.CharField("SHA-256 of the seal", max_length=64, unique=True)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(previous__isnull=True), name="there_is_one_first_seal"
            ),
        ]

    def __str__(self) -> str:
        return f"Seal {self.pk}"
