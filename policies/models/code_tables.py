"""The code tables of a version: groups under a heading, their rows, and the codes of a row.

A code may stand in several groups with other stances; a look-up shows every one of them.
"""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

from policies.models.code_sets import System
from policies.models.versions import Version
from policies.reading import codes

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Stance(models.TextChoices):
    """What the heading of a group says of its codes."""

    COVERED_IF_CRITERIA_MET = "covered_if_criteria_met", "Covered if criteria met"
    COVERED = "covered", "Covered"
    NOT_COVERED = "not_covered", "Not covered"
    EXPERIMENTAL = "experimental", "Experimental"
    RELATED = "related", "Related"
    UNKNOWN = "unknown", "Not stated"


class CodeGroup(models.Model):
    """The rows under one heading, for the subject (`scope`) above it, if there is one."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="code_groups")
    position = models.PositiveIntegerField()
    heading = models.TextField()
    system = models.CharField(max_length=12, choices=System)
    stance = models.CharField(max_length=30, choices=Stance)
    is_open_list = models.BooleanField(help_text="The heading says that the list is not complete.")
    scope = models.TextField(blank=True)

    rows: "RelatedManager[CodeRow]"

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "position", name="code_groups_stand_in_order"),
            models.UniqueConstraint("id", "version", name="a_code_group_has_one_version"),
        ]

    def __str__(self) -> str:
        return self.heading


class CodeRow(models.Model):
    """One row of a group. `brackets` are the plan's notes, which may narrow or turn the stance."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="code_rows")
    group = models.ForeignKey(CodeGroup, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(help_text="Order in the version, counted from 1.")
    description = models.TextField()
    full_description = models.TextField()
    brackets = ArrayField(models.TextField(), default=list)
    is_service_without_code = models.BooleanField()

    spans: "RelatedManager[CodeSpan]"

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "position", name="code_rows_stand_in_order"),
            models.UniqueConstraint("id", "version", name="a_code_row_has_one_version"),
        ]

    def __str__(self) -> str:
        return self.description[:60]


# The prefixes that make up a range, derived in migration 0004.
COVER = Func(
    F("lower"),
    F("upper"),
    function="policies_code_cover",
    output_field=ArrayField(models.TextField()),
)


class CodeSpanQuerySet(models.QuerySet["CodeSpan"]):
    def naming(self, *keys: str) -> Self:
        """Spans that hold one of the keys, or some of the codes below it where it is a header.

        `policies.reading.codes.membership` tells which; some found here are outside.
        """
        prefixes = {key[:length] for key in keys for length in range(1, len(key) + 1)}
        systems = {system for key in keys for system in codes.systems_of(key)}
        named = Q(cover__overlap=sorted(prefixes), system__in=sorted(systems))
        for key in keys:
            for bound in ("lower", "upper"):
                reached = Q((f"{bound}__range", codes.reach(key)))
                named |= Q(reached, system__in=codes.systems_of(key))
        return self.alias(cover=COVER).filter(named)

    def holding(self, *keys: str) -> Self:
        """Spans that hold one of the keys, which are codes and not headers; some are outside."""
        prefixes = {key[:length] for key in keys for length in range(1, len(key) + 1)}
        systems = {system for key in keys for system in codes.systems_of(key)}
        held = Q(cover__overlap=sorted(prefixes)) | Q(lower__in=keys, system__in=sorted(systems))
        return self.alias(cover=COVER).filter(held)


class CodeSpan(models.Model):
    """One code (low == high) or a range as printed, with the keys of its bounds ("C" order)."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="code_spans")
    row = models.ForeignKey(CodeRow, models.CASCADE, related_name="spans")
    position = models.PositiveIntegerField(help_text="Order in the version, counted from 1.")
    system = models.CharField(max_length=12, choices=System)
    low = models.CharField(max_length=20)
    high = models.CharField(max_length=20)
    lower = models.CharField(max_length=20, db_collation="C")
    upper = models.CharField(max_length=20, db_collation="C")
    is_add_on = models.BooleanField()
    has_seventh_character = models.BooleanField(help_text="A 7th character is still to follow.")

    objects = CodeSpanQuerySet.as_manager()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint("version", "position", name="code_spans_stand_in_order"),
        ]
        indexes = [
            models.Index("system", "lower", "upper", name="code_span_bounds"),
            models.Index("system", "upper", name="code_span_upper_bound"),
            GinIndex(COVER, name="code_span_cover"),
        ]

    def __str__(self) -> str:
        return self.printed

    @property
    def printed(self) -> str:
        """As a table shows it: `+97546`, `S00.00X+ - T88.9XX+`."""
        return printed(self.low, self.high, self.is_add_on, self.has_seventh_character)


def printed(low: str, high: str, is_add_on: bool, has_seventh_character: bool) -> str:
    """A code or a range with the marks that a table sets to it."""
    mark = "+" if has_seventh_character else ""
    first = f"{'+' if is_add_on else ''}{low}{mark}"
    return first if low == high else f"{first} - {high}{mark}"
