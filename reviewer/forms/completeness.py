"""Intake: which parts of the page are still to be filled in, and with what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django import forms

from policies.wording import listed

if TYPE_CHECKING:
    from reviewer.forms.intake import Intake


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that is not complete. `anchor` is the field to go to."""

    part: str
    what: str
    anchor: str


COVERAGE: Final = ("coverage", "line_of_business", "plan", "jurisdiction", "covered_from")
PERSON: Final = ("number", "given_name", "family_name", "born_on")
ARRIVED: Final = ("review_type", "channel", "received_at")
URGENT: Final = ("urgency", "urgency_attested_by")


def missing_from(intake: "Intake") -> list[Missing]:
    """In the order of the page. The forms have been checked."""
    facts, member = intake.facts, intake.member
    found = [
        _part("Member", member, PERSON),
        _part("Coverage", member, COVERAGE) if member.key else _coverage_of_nobody(member),
        _part("Who asks", intake.requesting, intake.requesting.fields),
        _part("Who orders", intake.ordering, intake.ordering.fields),
        _part("Who gives the service", intake.servicing, intake.servicing.fields),
        _part("The request", facts, ARRIVED),
        _part("Urgency", facts, URGENT),
        _part("What the limit depends on", intake.limit, intake.limit.fields),
        _part("Clinical summary", facts, ("summary",), named="write what the request tells"),
        *_rows("Diagnosis", intake.diagnoses.forms),
        *_rows("Line", intake.lines.forms),
    ]
    return [one for one in found if one]


def _part(part: str, form: forms.Form, names: Iterable[str], *, named: str = "") -> Missing | None:
    wrong = [name for name in names if name in form.errors]
    if not wrong:
        return None
    labels = [_lower(str(form.fields[name].label)) for name in wrong]
    if not named and labels == [_lower(part)]:
        named = "choose another one"
    return Missing(part, named or listed(labels), form[wrong[0]].auto_id)


def _coverage_of_nobody(member: forms.Form) -> Missing:
    return Missing("Coverage", "once the member is known", member["number"].auto_id)


def _rows(part: str, rows: Sequence[forms.Form]) -> Iterator[Missing | None]:
    """The rows that something is wrong with; blank ones but the first are passed over."""
    for number, row in enumerate(rows, 1):
        yield _part(f"{part} {number}", row, [name for name in row.fields if name != "accept"])


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
