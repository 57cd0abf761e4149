"""A version's policy statements as trees, with how the statements under each combine."""

import uuid

from django.db import models

from policies.models.bulletins import Version


class Rule(models.TextChoices):
    """How the statements under one combine; a list has no logic of its own."""

    ALL = "all", "all of these"
    ANY = "any", "any of these"
    AT_LEAST = "at_least", "at least so many of these"
    NONE = "none", "none of these"
    LIST = "list", "these"


class Criterion(models.Model):
    """A statement. `identity` is the same in every version where the statement goes on."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="criteria")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    position = models.PositiveIntegerField(help_text="Order in the version, counted from 1.")
    depth = models.PositiveSmallIntegerField()
    identity = models.UUIDField(default=uuid.uuid4)
    anchor = models.CharField(max_length=120)
    label = models.CharField(max_length=12, blank=True)
    text = models.TextField()
    rule = models.CharField(max_length=8, choices=Rule)
    at_least = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "position", name="criteria_stand_in_order"),
            models.UniqueConstraint("id", "version", name="a_criterion_has_one_version"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
