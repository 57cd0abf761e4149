"""Add-on codes and the primary codes they go with, as the NCCI add-on code files state them."""

from django.db import models
from django.db.models import F, Q


class Program(models.TextChoices):
    """NCCI keeps a list for each; Medicaid's also serves plans that follow it."""

    MEDICARE = "medicare", "Medicare"
    MEDICAID = "medicaid", "Medicaid"


class AddOnFile(models.Model):
    """One file, which is the whole list of its program from its day on."""

    program = models.CharField(max_length=8, choices=Program)
    name = models.CharField(max_length=80, help_text="As its publisher names it: “2026 Q4”.")
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    sha256 = models.CharField("SHA-256 of the file", max_length=64)
    not_understood = models.JSONField(default=list, blank=True)
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["program", "-valid_from"]
        verbose_name = "file of add-on codes"
        verbose_name_plural = "files of add-on codes"
        constraints = [
            models.UniqueConstraint("program", "sha256", name="an_add_on_file_is_loaded_once"),
        ]

    def __str__(self) -> str:
        return f"Add-on codes, {self.get_program_display()}, {self.name}"


class AddOnEdit(models.Model):
    """An add-on code with one of its primary codes, or without any where the payer names them."""

    class Kind(models.IntegerChoices):
        LISTED = 1, "Only with a listed primary code"
        LEFT_TO_PAYER = 2, "The payer names the primary codes"
        LISTED_AND_MORE = 3, "With a listed primary code or another that the payer names"

    file = models.ForeignKey(AddOnFile, models.CASCADE, related_name="edits")
    add_on = models.CharField(max_length=12, db_collation="C")
    primary = models.CharField(max_length=12, db_collation="C", blank=True)
    kind = models.PositiveSmallIntegerField(choices=Kind)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["file", "add_on", "primary"]
        indexes = [
            models.Index("add_on", name="add_on_codes"),
            models.Index("primary", name="primary_codes_of_add_ons"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=2) | ~Q(primary=""), name="a_listed_add_on_names_its_primary"
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="an_add_on_edit_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"+{self.add_on} with {self.primary or 'the payer’s own'}"
