"""A version's text: sections, and in them the passages that can be cited; references."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from policies.models.bulletins import StanceType
from policies.models.versions import Version
from policies.models.words import words_of

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Section(models.Model):
    """A heading of a version and its place; its text is in passages."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="sections")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    position = models.PositiveIntegerField(help_text="Order in the version, counted from 1.")
    kind = models.CharField(max_length=20)
    heading = models.TextField()
    anchor = models.CharField(max_length=120)
    label = models.CharField(max_length=12, blank=True)
    depth = models.PositiveSmallIntegerField()
    search = models.GeneratedField(
        expression=words_of("heading"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    passages: "RelatedManager[Passage]"

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "position", name="sections_stand_in_order"),
            models.UniqueConstraint("version", "anchor", name="a_section_has_its_own_anchor"),
            models.UniqueConstraint("id", "version", name="a_section_has_one_version"),
        ]
        indexes = [GinIndex("search", name="section_words")]

    def __str__(self) -> str:
        return self.heading


class Passage(models.Model):
    """A paragraph, note or list item: the smallest piece of text that can be cited."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="passages")
    section = models.ForeignKey(Section, models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField(help_text="Order in the version, counted from 1.")
    kind = models.CharField(max_length=10)
    anchor = models.CharField(max_length=120)
    label = models.CharField(max_length=12, blank=True)
    depth = models.PositiveSmallIntegerField()
    text = models.TextField()
    stance_type = models.CharField(max_length=20, choices=StanceType, blank=True)
    stance_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    stance_confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty: proposed from the headings, confirmed by nobody."
    )
    search = models.GeneratedField(
        expression=words_of("text"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "position", name="passages_stand_in_order"),
            models.UniqueConstraint("version", "anchor", name="a_passage_has_its_own_anchor"),
            models.CheckConstraint(
                condition=Q(stance_confirmed_by__isnull=True, stance_confirmed_at__isnull=True)
                | Q(stance_confirmed_by__isnull=False, stance_confirmed_at__isnull=False),
                name="a_confirmed_stance_names_its_person",
            ),
        ]
        indexes = [GinIndex("search", name="passage_words")]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return f"{self.version.get_absolute_url()}#{self.anchor}"


class Reference(models.Model):
    """One entry of a version's list of references."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="references")
    position = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "position", name="references_stand_in_order"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
