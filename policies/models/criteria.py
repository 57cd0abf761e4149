"""A version's policy statements as trees, with how the statements under each combine."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from policies.models.versions import Version


class Rule(models.TextChoices):
    """How the statements under one combine; a list has no logic of its own."""

    ALL = "all", "all of these"
    ANY = "any", "any of these"
    AT_LEAST = "at_least", "at least so many of these"
    NONE = "none", "none of these"
    LIST = "list", "these"


class Fate(models.TextChoices):
    """What became of the statements of the version before; those that are gone have no row."""

    SAME = "same", "as before"
    REWORDED = "reworded", "reworded"
    MOVED = "moved", "moved"
    SPLIT = "split", "split"  # one of those into which an earlier one was parted
    NEW = "new", "new"


class Criterion(models.Model):
    """A statement. `identity` is the same in every version where the statement goes on."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="criteria")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    position = models.PositiveIntegerField(help_text="Order in the version, counted from 1.")
    depth = models.PositiveSmallIntegerField()
    identity = models.UUIDField(default=uuid.uuid4)
    fate = models.CharField(
        max_length=8, choices=Fate, blank=True, help_text="Empty: no version was before it."
    )
    split_from = models.UUIDField(
        null=True, blank=True, help_text="The identity of the statement it was parted from."
    )
    anchor = models.CharField(max_length=120)
    label = models.CharField(max_length=12, blank=True)
    text = models.TextField()
    rule = models.CharField(max_length=8, choices=Rule)
    at_least = models.PositiveSmallIntegerField(null=True, blank=True)
    span_start = models.PositiveIntegerField(
        null=True, help_text="Where it begins in its section's passages, joined by line breaks."
    )
    span_end = models.PositiveIntegerField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty: as the text was read, confirmed by nobody."
    )

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "position", name="criteria_stand_in_order"),
            models.UniqueConstraint("id", "version", name="a_criterion_has_one_version"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="a_confirmed_criterion_names_its_person",
            ),
            models.CheckConstraint(
                condition=Q(rule="at_least", at_least__gte=1)
                | ~Q(rule="at_least") & Q(at_least__isnull=True),
                name="at_least_says_how_many",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
