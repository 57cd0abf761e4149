"""What people did to a draft: who wrote into it, and which lines of its source they mended."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from policies.models.versions import Version
from policies.models.written_once import WrittenOnce


class Edit(WrittenOnce):
    """Someone wrote into a draft; whoever did cannot approve it."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="edits")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=300, help_text="As a sentence.")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.what


class Mend(WrittenOnce):
    """A line of the source read in other words, set aside, or accepted as it is read.

    The file itself stays as it came. The newest mend of a line counts; one whose `after`
    is `before`, and that accepts nothing, takes an earlier one back.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="mends")
    line = models.PositiveIntegerField(help_text="Counted from 1 in the file as it came.")
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    is_set_aside = models.BooleanField(
        default=False, help_text="Read, found to carry nothing, and left out on purpose."
    )
    is_accepted = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Read with a doubt, and found right in the words that stand in `after`.",
    )
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["line", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_mend_has_a_reason"),
            models.CheckConstraint(
                condition=Q(is_set_aside=False) | Q(after=""),
                name="a_line_set_aside_has_no_other_words",
            ),
            models.CheckConstraint(
                condition=Q(is_set_aside=False) | Q(is_accepted=False),
                name="a_line_set_aside_is_not_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"Line {self.line}: {self.reason}"
