"""What a person said of a change between two versions, against the rule that classed it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from policies.models.versions import Version
from policies.models.written_once import WrittenOnce


class Reclassification(WrittenOnce):
    """Another class for one change. The newest of a key counts; the rule's own stays visible."""

    before = models.ForeignKey(Version, models.PROTECT, related_name="+")
    after = models.ForeignKey(Version, models.PROTECT, related_name="+")
    key = models.CharField(max_length=300, help_text="The place and the words of the change.")
    effect = models.CharField(max_length=12)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index("before", "after", name="reclassifications_of_a_pair")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="another_class_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(before=F("after")), name="a_change_is_between_two_versions"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effect}: {self.reason}"
