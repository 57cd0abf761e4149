"""Folders of bulletins brought in file by file, with what became of each."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from policies.models.versions import Version

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class ImportRun(models.Model):
    """One folder. Its files wait in the database until each is imported, whole or not at all."""

    name = models.CharField(max_length=200, help_text="The folder's name.")
    options = models.JSONField(default=dict, help_text="Given to every import of the run.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    files: "RelatedManager[ImportFile]"

    class Meta:
        ordering = ["-started_at"]
        verbose_name = "folder import"

    def __str__(self) -> str:
        return self.name


class ImportFile(models.Model):
    """A file of a run, as it came."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DRAFT = "draft", "Became a draft"
        KNOWN = "known", "Was in the library already"
        REFUSED = "refused", "Refused"  # nothing of it was stored; `reason` says why

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    not_understood_count = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint("run", "position", name="files_of_a_run_stand_in_order"),
        ]

    def __str__(self) -> str:
        return self.name
