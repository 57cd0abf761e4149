"""Codes as their publishers release them: ICD-10-CM, HCPCS Level II, CPT and the others.

A code's key is its display form without the dot, in capitals (`policies.reading.codes`). CPT
descriptors are copyright of the AMA: the project ships none, a client loads its licensed file.
"""

from datetime import date
from functools import lru_cache
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse

from policies.models.words import plain_words_of


class System(models.TextChoices):
    """The code systems, by the names that the reader gives them."""

    CPT = "CPT", "CPT"
    HCPCS = "HCPCS", "HCPCS"
    ICD_10_CM = "ICD-10-CM", "ICD-10-CM"
    ICD_10_PCS = "ICD-10-PCS", "ICD-10-PCS"
    CDT = "CDT", "CDT"
    REVENUE = "revenue", "Revenue"
    OTHER = "other", "Other"


SLUGS = {system.value: system.value.lower() for system in System}


@lru_cache(maxsize=4096)
def address_of(system: str, display: str) -> str:
    """The page of a code; a page names dozens of them."""
    return reverse("policies:code_detail", args=[SLUGS[system], display])


class Release(models.Model):
    """One published edition of a system, loaded whole or not at all."""

    system = models.CharField(max_length=12, choices=System)
    name = models.CharField(max_length=80, help_text="As its publisher names it: “April 2026”.")
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    file_format = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField("SHA-256 of the file", max_length=64)
    is_own_wording = models.BooleanField(
        default=False, help_text="The descriptors are this site's own, not the publisher's."
    )
    not_understood = models.JSONField(
        default=list, blank=True, help_text="Lines of the file: number, text and reason."
    )
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["system", "-valid_from"]
        constraints = [
            models.UniqueConstraint("system", "sha256", name="a_release_is_loaded_once"),
        ]

    def __str__(self) -> str:
        return f"{self.system}, {self.name}"


class CodeQuerySet(models.QuerySet["Code"]):
    def valid(self, on: date | Value) -> Self:
        """Codes that may be used for a service on the given day."""
        not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        return self.filter(not_ended, valid_from__lte=on)

    def below(self, key: str) -> Self:
        """Codes that begin with the key, itself among them."""
        return self.filter(key__gte=key, key__lt=f"{key}~")

    def described(self) -> Self:
        """With their descriptors and the releases of those, the newest first; two queries."""
        said = Descriptor.objects.select_related("release")
        return self.prefetch_related(models.Prefetch("descriptors", said))


class Code(models.Model):
    """A code and the days on which it is valid, both included; no end means still valid."""

    system = models.CharField(max_length=12, choices=System)
    key = models.CharField(max_length=12, db_collation="C")
    display = models.CharField(max_length=14)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    is_billable = models.BooleanField(help_text="No: a header, too general to be billed.")
    is_add_on = models.BooleanField(default=False)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects = CodeQuerySet.as_manager()

    class Meta:
        ordering = ["system", "key", "valid_from"]
        constraints = [
            models.UniqueConstraint("system", "key", "valid_from", name="a_code_begins_once_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="a_code_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index("key", name="code_key")]

    def __str__(self) -> str:
        return f"{self.system} {self.display}"

    def get_absolute_url(self) -> str:
        return address_of(self.system, self.display)


class Descriptor(models.Model):
    """What a code means, from the release that first says so until a later one says otherwise."""

    code = models.ForeignKey(Code, models.CASCADE, related_name="descriptors")
    release = models.ForeignKey(Release, models.PROTECT, related_name="descriptors")
    short = models.CharField(max_length=200)
    long = models.TextField(blank=True)

    class Meta:
        ordering = ["code", "-release__valid_from"]
        constraints = [
            models.UniqueConstraint("code", "release", name="a_release_describes_a_code_once"),
        ]
        indexes = [GinIndex(plain_words_of("short", "long"), name="descriptor_plain_words")]

    def __str__(self) -> str:
        return self.long or self.short
