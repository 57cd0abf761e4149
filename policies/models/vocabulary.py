"""Words that mean the same to a search."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class SynonymSet(models.Model):
    """Words and phrases that a search takes for each other."""

    terms = ArrayField(
        models.CharField(max_length=80), help_text="Two or more words or phrases, one a line."
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "set of synonyms"
        verbose_name_plural = "sets of synonyms"
        ordering = ["terms"]
        constraints = [
            models.CheckConstraint(condition=Q(terms__len__gte=2), name="synonyms_are_two_or_more"),
        ]

    def __str__(self) -> str:
        return ", ".join(self.terms)
