"""Which services need prior authorization or notification: the plan's authorization list."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value

from policies.models.bulletins import LineOfBusiness
from policies.models.code_sets import System
from policies.models.code_tables import COVER
from policies.reading import codes

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Requirement(models.TextChoices):
    """What must happen before the service."""

    PRIOR_AUTHORIZATION = "prior_authorization", "Prior authorization"
    NOTIFICATION = "notification", "Notification"
    NOT_REQUIRED = "not_required", "Not required"


class AuthorizationList(models.Model):
    """The document that rows of the list come from."""

    name = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField("SHA-256 of the file", max_length=64, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    rules: "RelatedManager[AuthorizationRule]"

    class Meta:
        ordering = ["-entered_at"]
        verbose_name = "source of the authorization list"
        verbose_name_plural = "sources of the authorization list"
        constraints = [
            models.UniqueConstraint(
                "sha256", condition=~Q(sha256=""), name="an_authorization_file_is_loaded_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


def in_force(on: date | Value) -> Q:
    """Rules that speak of a service on the given day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


class AuthorizationRuleQuerySet(models.QuerySet["AuthorizationRule"]):
    def in_force(self, on: date | Value) -> Self:
        """Rules that speak of a service on the given day."""
        return self.filter(in_force(on))

    def holding(self, *keys: str) -> Self:
        """Rules whose codes hold one of the keys; some are outside (`codes.membership` tells)."""
        prefixes = {key[:length] for key in keys for length in range(1, len(key) + 1)}
        systems = {system for key in keys for system in codes.systems_of(key)}
        held = Q(cover__overlap=sorted(prefixes)) | Q(lower__in=keys)
        return self.alias(cover=COVER).filter(held, system__in=sorted(systems))


class AuthorizationRule(models.Model):
    """A code or range, for whom and when, and what it needs. Empty: for all of them.

    A row is never rewritten: what changes ends on a day, and another row begins. Its end may be set
    or brought forward; a row that is not to begin at all ends on the day before it would.
    """

    source = models.ForeignKey(AuthorizationList, models.PROTECT, related_name="rules")
    system = models.CharField(max_length=12, choices=System)
    low = models.CharField(max_length=20)
    high = models.CharField(max_length=20)
    lower = models.CharField(max_length=20, db_collation="C")
    upper = models.CharField(max_length=20, db_collation="C")
    requirement = models.CharField(max_length=20, choices=Requirement)
    line_of_business = models.CharField(max_length=30, choices=LineOfBusiness, blank=True)
    plan = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="The last day. Empty: goes on.")
    note = models.CharField(max_length=300, blank=True)

    objects = AuthorizationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "row of the authorization list"
        verbose_name_plural = "rows of the authorization list"
        ordering = ["system", "lower", "upper", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from") - timedelta(days=1)),
                name="an_authorization_rule_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(lower__lte=F("upper")), name="an_authorization_rule_is_in_order"
            ),
            models.UniqueConstraint(
                "system", "lower", "upper", "line_of_business", "plan", "state", "valid_from",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="an_authorization_rule_begins_once_a_day",
            ),
        ]  # fmt: skip
        indexes = [
            # Without the list of pending entries, which readers would have to go through.
            GinIndex(COVER, name="authorization_rule_cover", fastupdate=False),
            models.Index("lower", name="authorization_rule_lower"),  # single codes have no cover
        ]

    def __str__(self) -> str:
        return f"{self.printed}: {self.get_requirement_display()}"

    @property
    def printed(self) -> str:
        """Its codes as its source prints them: "97545 - 97546"."""
        return self.low if self.low == self.high else f"{self.low} - {self.high}"

    @property
    def is_withdrawn(self) -> bool:
        """Whether it ended before it began, so that it never spoke."""
        return self.valid_to is not None and self.valid_to < self.valid_from

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
