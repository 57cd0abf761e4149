"""By what policy staff narrow the lists of versions and bulletins."""

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from policies.admin.bases import AdminOfBulletins, AdminOfVersions
from policies.models import Bulletin, Version
from policies.stages import Standing, current, standing

SOON = 90  # days


class StageFilter(admin.SimpleListFilter):
    """Where a version stands today."""

    title = "stage"
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: AdminOfVersions) -> list[tuple[str, Any]]:
        return list(Version.Stage.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Version]) -> QuerySet[Version]:
        value, on = self.value(), timezone.localdate()
        if value is None or value not in Version.Stage.values:
            return queryset
        stage = Version.Stage(value)
        if stage == Version.Stage.PUBLISHED:
            return queryset.filter(current(on))
        return queryset.filter(standing(Standing[stage.name], on))


class ReviewFilter(admin.SimpleListFilter):
    """When the version that holds is to be reviewed; the list then goes by that day."""

    title = "next review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: AdminOfBulletins) -> list[tuple[str, str]]:
        return [
            ("all", "By day, overdue first"),
            ("overdue", "Overdue"),
            ("soon", f"Due within {SOON} days"),
            ("not-stated", "Not stated"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Bulletin]) -> QuerySet[Bulletin]:
        on = timezone.localdate()
        dated = queryset.alias(due_on=next_review_on(on))
        found = {
            "all": queryset,
            "overdue": dated.filter(due_on__lt=on),
            "soon": dated.filter(due_on__range=(on, on + timedelta(days=SOON))),
            "not-stated": dated.filter(due_on__isnull=True),
        }
        return found.get(self.value() or "", queryset)


def next_review_on(on: date) -> Subquery:
    """For a bulletin, the day on which the version that holds is to be reviewed."""
    holds = Version.objects.filter(current(on), bulletin=OuterRef("pk"))
    return Subquery(holds.order_by("-ordinal").values("next_review")[:1])
