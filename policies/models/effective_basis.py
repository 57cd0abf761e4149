"""By which day of a request its version is chosen: a line of business's own, or a bulletin's.

What a bulletin goes by stands in `Bulletin.effective_basis`; empty, it goes as the line of business
does. Once anything may be governed by it, either changes only through a `BasisChange` that a second
person approves; the database carries it out.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from policies.models.bulletins import Bulletin, EffectiveBasis, LineOfBusiness


class LineBasis(models.Model):
    """A line of business that goes by another day than the date of service. Written only by the
    approval of a `BasisChange`; a line without a row goes by the date of service."""

    line_of_business = models.CharField(max_length=30, choices=LineOfBusiness, unique=True)
    basis = models.CharField(max_length=20, choices=EffectiveBasis)

    class Meta:
        verbose_name = "basis of a line of business"
        verbose_name_plural = "bases of the lines of business"
        ordering = ["line_of_business"]

    def __str__(self) -> str:
        return f"{self.get_line_of_business_display()}: {self.get_basis_display()}"


class BasisChange(models.Model):
    """A proposal to choose versions by another day, and what a second person said to it."""

    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, null=True, blank=True, related_name="basis_changes"
    )
    line_of_business = models.CharField(max_length=30, choices=LineOfBusiness, blank=True)
    basis = models.CharField(
        max_length=20,
        choices=EffectiveBasis,
        blank=True,
        help_text="Empty, for a bulletin: as the line of business goes.",
    )
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    is_approved = models.BooleanField(null=True, blank=True, help_text="Empty: not decided yet.")

    class Meta:
        verbose_name = "change of basis"
        verbose_name_plural = "changes of basis"
        ordering = ["-proposed_at"]
        permissions = [("approve_basischange", "Can approve a change of basis by someone else")]
        constraints = [
            models.CheckConstraint(
                condition=Q(bulletin__isnull=True) ^ Q(line_of_business=""),
                name="a_basis_is_changed_for_a_bulletin_or_a_line",
            ),
            models.CheckConstraint(
                condition=Q(bulletin__isnull=False) | ~Q(basis=""),
                name="a_line_of_business_goes_by_some_day",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                & Q(is_approved__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_approved__isnull=False),
                name="a_decision_on_a_basis_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(is_approved=True) | ~Q(decided_by=F("proposed_by")),
                name="nobody_approves_an_own_change_of_basis",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_change_of_basis_has_a_reason"),
            models.UniqueConstraint(
                "bulletin",
                "line_of_business",
                condition=Q(decided_at__isnull=True),
                nulls_distinct=False,
                name="one_open_change_of_basis",
            ),
        ]

    def __str__(self) -> str:
        subject = self.bulletin or self.get_line_of_business_display()
        return f"{subject}: {self.get_basis_display() or 'as the line of business'}"
