"""Which coverage of a known member a row of a file means."""

from datetime import date
from typing import Final

from reviewer.forms.intake_cells import Unclear
from reviewer.forms.people import NEW, coverage_words
from reviewer.intake_csv import Row
from reviewer.models import Coverage, Member

TELLING: Final = ("line_of_business", "plan", "state")


def coverage_meant(row: Row, line_of_business: str, *, scope: list[str], on: date | None) -> str:
    """The value of the form's field: a coverage's key, “new”, or nothing where the form knows.

    Raises Unclear where the cells fit none of the member's coverages, or several.
    """
    number = row.cells.get("member_number", "")
    found = Member.objects.prefetch_related("coverages").filter(number=number).first()
    if found is None:
        return ""
    mine = [one for one in found.coverages.all() if one.line_of_business in scope]
    fitting = [one for one in mine if fits(one, row, line_of_business)]
    in_force = [one for one in fitting if on is None or one.is_in_force(on)]
    if len(in_force or fitting) == 1:
        return str((in_force or fitting)[0].pk)
    if not fitting and row.cells.get("covered_from"):
        return NEW
    if not mine:
        return ""  # out of scope, or without any: the form says so
    listed = "; ".join(coverage_words(one) for one in fitting or mine)
    if fitting:
        raise Unclear(
            f"Several coverages of the member fit: {listed}. Say which, by line of business, plan"
            " and state."
        )
    raise Unclear(
        f"The member has no such coverage here, but {listed}. Write one of them, or fill"
        " covered_from to enter a new one."
    )


def fits(coverage: Coverage, row: Row, line_of_business: str) -> bool:
    """Whether what the cells say is so; an empty one says nothing."""
    said = {
        coverage.line_of_business: line_of_business,
        coverage.plan.casefold(): row.cells.get("plan", "").casefold(),
        coverage.jurisdiction: row.cells.get("state", "").upper(),
    }
    return all(not told or told == has for has, told in said.items())
