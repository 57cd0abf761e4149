"""What a release of codes does to the bulletins that name them: tasks until settled."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from policies.models.bulletins import Bulletin
from policies.models.code_sets import Release
from policies.models.versions import Version


class ReleaseFinding(models.Model):
    """One code of one bulletin that a release touched, for the bulletin's owner to settle."""

    class Kind(models.TextChoices):
        DELETED = "deleted", "Code deleted"
        REVISED = "revised", "Descriptor revised"
        NEW_IN_RANGE = "new_in_range", "New code inside a listed range"
        ADD_ON_ALONE = "add_on_alone", "Add-on code without its primary"
        BECAME_BILLABLE = "became_billable", "Header that became billable"
        BECAME_HEADER = "became_header", "Code that became a header"

    release = models.ForeignKey(Release, models.CASCADE, related_name="findings")
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="release_findings")
    version = models.ForeignKey(
        Version, models.PROTECT, related_name="+", help_text="The one in effect at the release."
    )
    kind = models.CharField(max_length=16, choices=Kind)
    code = models.CharField(max_length=14, help_text="As it is displayed.")
    listed_as = models.CharField(max_length=45, help_text="The code or range of the bulletin.")
    row_position = models.PositiveIntegerField(help_text="Of the row that names it.")
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settlement = models.CharField(
        max_length=300, blank=True, help_text="What was done, or why nothing needs to be."
    )

    class Meta:
        ordering = ["bulletin__number", "kind", "code"]
        indexes = [
            models.Index(
                "bulletin", condition=Q(settled_at__isnull=True), name="open_findings_of_bulletins"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "release", "version", "kind", "code", "row_position", "listed_as",
                name="a_release_finds_a_thing_once",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, settlement="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(settlement=""),
                name="a_settled_finding_says_by_whom_and_how",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.bulletin.number}: {self.get_kind_display()}, {self.code}"
