"""How work is shared and kept: unfinished forms, and who stands in for whom."""

from datetime import date
from typing import Final, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse

from reviewer.models.people import Reviewer
from reviewer.models.requests import Request

BESIDE: Final = "~"  # parts the place of a form from the tab whose text is kept beside


class Draft(models.Model):
    """What a person has typed into a page and not sent yet, kept every few seconds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    place = models.CharField(max_length=200, help_text="The path of the page, with what it keeps.")
    title = models.CharField(max_length=160, blank=True)
    request = models.ForeignKey(Request, models.PROTECT, null=True, related_name="+")
    fields = models.JSONField(default=list, help_text="As a form sends them: [name, value] pairs.")
    revision = models.PositiveIntegerField(default=1, help_text="Counts savings, to tell two tabs.")
    tab = models.CharField(max_length=16, blank=True, help_text="The page that saved it last.")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint("user", "place", name="a_person_has_one_draft_a_page"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.title or self.place}"

    @property
    def page(self) -> str:
        """The address at which it is taken up again."""
        return self.place.partition(BESIDE)[0]

    @property
    def is_beside(self) -> bool:
        """Whether another page of the same form holds something newer."""
        return BESIDE in self.place


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def standing(self) -> Self:
        """Those that nobody has canceled."""
        return self.filter(called_off_at__isnull=True)

    def on(self, day: date) -> Self:
        return self.within(day, day)

    def within(self, first: date, last: date) -> Self:
        """Absences that hold one of the days, both included."""
        return self.standing().filter(starts_on__lte=last, ends_on__gte=first)

    def not_over(self, day: date) -> Self:
        """Absences of the day and those to come."""
        return self.standing().filter(ends_on__gte=day)

    def with_people(self) -> Self:
        return self.select_related("reviewer__user", "cover__user")


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
            ExclusionConstraint(
                name="absences_of_a_person_do_not_overlap",
                expressions=[
                    (Func("reviewer", "reviewer", Value("[]"), function="int8range"), "&&"),
                    (Func("starts_on", "ends_on", Value("[]"), function="daterange"), "&&"),
                ],
                condition=Q(called_off_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} out from {self.starts_on} to {self.ends_on}"

    def get_absolute_url(self) -> str:
        return reverse("reviewer:absence_detail", args=[self.pk])

    def is_over(self, on: date) -> bool:
        """Whether the days have passed, or the absence was canceled."""
        return self.called_off_at is not None or self.ends_on < on

    @property
    def sentence(self) -> str:
        """As it stands behind a person's name."""
        return f"out until {self.ends_on}, {self.cover or 'nobody'} covers"
