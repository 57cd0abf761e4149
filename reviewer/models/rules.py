"""The rule tables as the plan has them: every row in all its versions, and who changed it.

The tables are those of `reviewer/clocks`: a row is kept as its columns, each as text, exactly as a
file of the table has them. The shipped rows are version 1; a client's change is a new version that
one person proposed with a reason and another approved. Nothing is ever rewritten, so what a limit
was computed by stays readable.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Max, Q
from django.db.models.functions import Now

from policies.models import WrittenOnce


class RuleTable(models.TextChoices):
    """The tables of `reviewer/clocks`, by the names of their files."""

    RULES = "rules", "Limits"
    CONVENTIONS = "conventions", "Readings of silent texts"
    HOLIDAYS = "holidays", "Holidays"
    REGIMES = "regimes", "Which rules bind whom"
    ZONES = "zones", "Time zones of the offices"
    DUTIES = "duties", "What starts and stops a clock"


class RuleChange(models.Model):
    """A proposal to change, add or end a row, and what a second person said to it."""

    table = models.CharField(max_length=12, choices=RuleTable)
    key = models.CharField(max_length=60, help_text="The row's own name: “ERISA.PRE.INIT”.")
    row = models.JSONField(null=True, blank=True, help_text="Every column as text; empty: no row.")
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    is_approved = models.BooleanField(null=True, blank=True, help_text="Empty: not decided yet.")
    together_with = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="partner",
        help_text="The change that makes no sense without this one: both are decided at once.",
    )

    class Meta:
        verbose_name = "change of a rule"
        verbose_name_plural = "changes of rules"
        ordering = ["-proposed_at"]
        permissions = [("approve_rulechange", "Can approve a change of a rule by someone else")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, is_approved=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_approved__isnull=False),
                name="a_decision_on_a_rule_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(is_approved=True) | ~Q(decided_by=F("proposed_by")),
                name="nobody_approves_an_own_change_of_a_rule",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_change_of_a_rule_has_a_reason"),
            models.UniqueConstraint(
                "table",
                "key",
                condition=Q(decided_at=None),
                name="one_open_change_of_a_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_table_display()}: {self.key}"


class RuleRowQuerySet(models.QuerySet["RuleRow"]):
    def current(self) -> Self:
        """The last version of every row that has not ended."""
        newest = self.model.objects.order_by().values("table", "key").annotate(last=Max("pk"))
        return self.filter(pk__in=newest.values("last"), row__isnull=False)


class RuleRow(WrittenOnce):
    """One version of one row of a table."""

    table = models.CharField(max_length=12, choices=RuleTable)
    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    row = models.JSONField(null=True, help_text="Every column as text; empty: the row ended here.")
    change = models.OneToOneField(
        RuleChange, models.PROTECT, null=True, related_name="made", help_text="Empty: as shipped."
    )
    recorded_at = models.DateTimeField(db_default=Now())

    objects = RuleRowQuerySet.as_manager()

    class Meta:
        verbose_name = "rule"
        ordering = ["table", "key", "version"]
        constraints = [
            models.UniqueConstraint(
                "table", "key", "version", name="versions_of_a_rule_are_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} version {self.version}"
