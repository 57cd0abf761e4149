"""What narrows a search: which versions, for whom, and on what ground a passage speaks."""

from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.db.models import Q, QuerySet, TextChoices

from policies.models import Bulletin, LineOfBusiness, StanceType, Version
from policies.prepared import Prepared


class Status(TextChoices):
    """Where a version stands on the day that is asked for."""

    IN_EFFECT = "in_effect", "In effect"  # or without a stated day
    SCHEDULED = "scheduled", "Scheduled"
    ENDED = "ended", "Ended"
    ALL = "all", "Any, published"
    DRAFT = "draft", "On its way"  # for policy staff


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty means not narrowed; the status is always one."""

    on: date
    status: str = Status.IN_EFFECT
    stance_type: str = ""
    category: str = ""
    line_of_business: str = ""

    @property
    def narrowing(self) -> list[str]:
        """The names of those that narrow more than a search does by itself."""
        plain = Filters(self.on)
        names = [one.name for one in fields(self) if one.name != "on"]
        return [name for name in names if getattr(self, name) != getattr(plain, name)]

    def without(self, *names: str) -> "Filters":
        plain = Filters(self.on)
        return replace(self, **{name: getattr(plain, name) for name in names})

    def said(self, name: str) -> str:
        """A filter in words: "line of business Medicaid"."""
        value = getattr(self, name)
        if name == "status":
            return f"status {Status(value).label.lower()}"
        if name == "stance_type":
            return f"stance type {StanceType(value).label.lower()}"
        if name == "line_of_business":
            return f"line of business {LineOfBusiness(value).label}"
        return f"category {value}"

    def versions(self) -> QuerySet[Version]:
        """The versions that are searched."""
        found = Version.objects.filter(_standing(Status(self.status), self.on))
        if self.category:
            found = found.filter(bulletin__category=self.category)
        if self.line_of_business:
            found = found.for_line_of_business(self.line_of_business)
        return found.order_by()


def categories() -> list[str]:
    """Those of all bulletins, in order. One query."""
    return [name for (name,) in _categories().ask()]


@cache
def _categories() -> Prepared:
    named = Bulletin.objects.exclude(category="").order_by("category")
    return Prepared(named.values_list("category").distinct())


def _standing(status: Status, on: date) -> Q:
    """The versions that stand so on a day."""
    published = Q(status=Version.Status.PUBLISHED)
    if status == Status.DRAFT:
        return ~published
    if status == Status.ALL:
        return published
    if status == Status.ENDED:
        return published & Q(publication__ended_on__lte=on)
    goes_on = Q(publication__ended_on__isnull=True) | Q(publication__ended_on__gt=on)
    if status == Status.SCHEDULED:
        return published & goes_on & Q(publication__effective_from__gt=on)
    begun = Q(publication__effective_from__isnull=True) | Q(publication__effective_from__lte=on)
    return published & goes_on & begun


@lru_cache(maxsize=64)
def versions_in_sql(filters: Filters) -> tuple[str, tuple[Any, ...]]:
    """Ids of the versions and of their bulletins. Putting a query set into words takes longer
    than a search for a rare word; the words stay the same as long as the filters do."""
    return filters.versions().values_list("pk", "bulletin_id").query.sql_with_params()
