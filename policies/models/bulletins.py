"""Bulletins, the lines of business they are for, and the grounds on which they speak."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Collate, Upper
from django.urls import reverse

from policies.models.words import plain_words_of, words_of

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from policies.models.versions import Publication, Version


class LineOfBusiness(models.TextChoices):
    """The kinds of coverage; they decide which policy, which clock and which rights apply."""

    COMMERCIAL_INSURED = "commercial_insured", "Commercial, insured"
    COMMERCIAL_SELF_FUNDED = "commercial_self_funded", "Commercial, self-funded"
    MARKETPLACE = "marketplace", "Marketplace"
    MEDICARE_ADVANTAGE = "medicare_advantage", "Medicare Advantage"
    INTEGRATED_DSNP = "integrated_dsnp", "Integrated D-SNP"
    MEDICAID = "medicaid", "Medicaid managed care"


class EffectiveBasis(models.TextChoices):
    """Which day of a request is compared with the days on which a version is in effect."""

    DATE_OF_SERVICE = "date_of_service", "date of service"
    RECEIPT = "receipt", "date of receipt"
    PROCESSING = "processing", "date of processing"


class StanceType(models.TextChoices):
    """On what ground a passage speaks; it decides who may sign and which rights apply."""

    BENEFIT_EXCLUSION = "benefit_exclusion", "Benefit exclusion"
    MEDICAL_NECESSITY = "medical_necessity", "Medical necessity"
    EXPERIMENTAL = "experimental", "Experimental or investigational"
    COSMETIC = "cosmetic", "Cosmetic"
    ADMINISTRATIVE = "administrative", "Administrative"


class Bulletin(models.Model):
    """A policy under its number; what it says is in its versions."""

    number = models.CharField(max_length=20, unique=True, help_text="With its leading zeros.")
    title = models.CharField(max_length=300)
    category = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    effective_basis = models.CharField(
        max_length=20,
        choices=EffectiveBasis,
        blank=True,
        help_text="Empty: as the line of business goes.",
    )
    original_effective = models.DateField(
        "originally in effect from",
        null=True,
        blank=True,
        help_text="When the policy first took effect, also before this library. Empty: not stated.",
    )

    versions: "RelatedManager[Version]"
    publications: "RelatedManager[Publication]"

    class Meta:
        ordering = ["number"]
        indexes = [
            GinIndex(words_of("title"), name="bulletin_title_words"),
            GinIndex(plain_words_of("title"), name="bulletin_title_plain_words"),
            # For numbers still typed, with their leading zeros and without.
            models.Index(Collate(Upper("number"), "C"), name="bulletin_number_typed"),
            models.Index(
                Collate(Func(Upper("number"), Value("0"), function="ltrim"), "C"),
                name="bulletin_bare_number_typed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("policies:bulletin_detail", args=[self.number])
