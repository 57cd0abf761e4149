"""What sentences share: names in a row, lines of business by their names, who decided and when."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from policies.models import LineOfBusiness


def listed(names: Sequence[str]) -> str:
    """Names in a row; semicolons where the names have commas themselves."""
    if len(names) < 2 or not any("," in name for name in names):
        return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    return f"{'; '.join(names[:-1])}; and {names[-1]}"


def either(names: Sequence[str]) -> str:
    """Names of which one holds: "A", "A or D", "A, D or S"."""
    return " or ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def line_of_business(value: str) -> str:
    """The name of a line of business: "Medicaid managed care"."""
    return str(dict(LineOfBusiness.choices).get(value, value))


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def decided_already(what: str, *, is_approved: bool | None, by: object, at: datetime) -> str:
    """Why nothing is decided twice: "This change was approved by anna on 2026-03-02 already."."""
    how = "approved" if is_approved else "declined"
    return f"This {what} was {how} by {by} on {timezone.localtime(at).date()} already."
