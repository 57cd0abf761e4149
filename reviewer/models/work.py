"""How work is shared and kept: unfinished forms, and who stands in for whom."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reviewer.models.people import Reviewer
from reviewer.models.requests import Request


class Draft(models.Model):
    """What a person has typed into a page and not sent yet, kept every few seconds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    place = models.CharField(max_length=200, help_text="The path of the page, with what it keeps.")
    title = models.CharField(max_length=160, blank=True)
    request = models.ForeignKey(Request, models.PROTECT, null=True, related_name="+")
    fields = models.JSONField(default=list, help_text="As a form sends them: [name, value] pairs.")
    revision = models.PositiveIntegerField(default=1, help_text="Counts savings, to tell two tabs.")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint("user", "place", name="a_person_has_one_draft_a_page"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.title or self.place}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> Self:
        return self.filter(starts_on__lte=day, ends_on__gte=day, called_off_at__isnull=True)


class Absence(models.Model):
    """Days on which a person is out, both included, and who takes their work meanwhile."""

    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="absences")
    cover = models.ForeignKey(Reviewer, models.PROTECT, null=True, related_name="covers")
    starts_on = models.DateField("first day out")
    ends_on = models.DateField("last day out")
    entered_by = models.ForeignKey(Reviewer, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="an_absence_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(cover__isnull=True) | ~Q(cover=F("reviewer")),
                name="nobody_covers_for_themselves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} out from {self.starts_on} to {self.ends_on}"
