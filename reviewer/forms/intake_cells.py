"""What the cells of a file of requests say, as the forms of the intake page take it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from policies.models import LineOfBusiness
from policies.wording import either
from reviewer.forms.lines import parts
from reviewer.intake_csv import Fault, Line, Row
from reviewer.models import Channel, ReviewType, Urgency
from reviewer.workflow.places_of_service import places_of_service

# Columns of the request by the fields that take them as they are written.
PLAIN: Final = {
    "member-number": "member_number",
    "member-given_name": "given_name",
    "member-family_name": "family_name",
    "member-born_on": "born_on",
    "member-line_of_business": "line_of_business",
    "member-plan": "plan",
    "member-jurisdiction": "state",
    "member-covered_from": "covered_from",
    "requesting-npi": "requesting_npi",
    "requesting-name": "requesting_name",
    "requesting-specialty": "requesting_specialty",
    "ordering-npi": "ordering_npi",
    "ordering-name": "ordering_name",
    "ordering-specialty": "ordering_specialty",
    "servicing-npi": "servicing_npi",
    "servicing-name": "servicing_name",
    "servicing-specialty": "servicing_specialty",
    "review_type": "review_type",
    "urgency": "urgency",
    "urgency_attested_by": "urgency_attested_by",
    "channel": "channel",
    "received_at": "received_at",
    "summary": "summary",
    "accept_duplicates": "another_request",
    "limit-course_ends_at": "course_ends_at",
    "limit-rating_period_start": "rating_period_start",
    "limit-information_complete_at": "information_complete_at",
}
OF_A_LINE: Final = {
    "code": "code",
    "modifiers": "modifiers",
    "units": "units",
    "starts_on": "starts_on",
    "ends_on": "ends_on",
    "frequency": "frequency",
    "place_of_service": "place_of_service",
    "pointers": "line_diagnoses",
    "accept": "accept_code",
}
YES, NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0"}
NOT_LETTERS: Final = re.compile(r"[^a-z0-9]+")


class Unclear(ValueError):
    """A cell that cannot be taken: what is wrong and what to do."""


def plain(words: str) -> str:
    return NOT_LETTERS.sub("", words.lower())


def chosen(cell: str, choices: Iterable[tuple[str, str]]) -> str:
    """The value of a choice, by itself or by its words."""
    listed = list(choices)
    for value, label in listed:
        if plain(cell) in (plain(value), plain(label)):
            return value
    raise Unclear(f"“{cell}” is none of these. Write {either([value for value, _ in listed])}.")


def yes(cell: str) -> str:
    if cell.lower() in YES:
        return "on"
    if cell.lower() in NO:
        return ""
    raise Unclear(f"“{cell}” is neither yes nor no. Write yes, or leave it empty.")


def place(cell: str) -> str:
    """Two digits: spreadsheets take the leading zero away."""
    code = cell.zfill(2)
    if code not in places_of_service():
        raise Unclear(f"“{cell}” is not in CMS's Place of Service code set. Write its two digits.")
    return code


READ: Final[Mapping[str, Callable[[str], str]]] = {
    "line_of_business": lambda cell: chosen(cell, LineOfBusiness.choices),
    "review_type": lambda cell: chosen(cell, ReviewType.choices),
    "urgency": lambda cell: chosen(cell, Urgency.choices),
    "channel": lambda cell: chosen(cell, Channel.choices),
    "another_request": yes,
    "accept_diagnoses": yes,
    "accept_code": yes,
    "place_of_service": place,
}


class Sent:
    """A row as if the intake page had sent it. `faults` are of cells that it could not take."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[Fault] = list(row.faults)
        self.columns = dict(PLAIN)
        self.lines: dict[str, int] = {}  # of fields that belong to a line
        self.data: dict[str, Any] = dict(self._of_request())
        self.data |= self._diagnoses()
        self.data |= {"lines-TOTAL_FORMS": str(len(row.lines)), "lines-INITIAL_FORMS": "0"}
        for position, line in enumerate(row.lines):
            self.data |= self._of_line(f"lines-{position}", line)

    def _of_request(self) -> Iterator[tuple[str, str]]:
        for field, column in PLAIN.items():
            cell = self.row.cells.get(column, "")
            yield field, self._taken(cell, column, self.row.line_of(column))

    def _diagnoses(self) -> dict[str, str]:
        codes = parts(self.row.cells.get("diagnoses", ""))
        line = self.row.line_of("accept_diagnoses")
        accept = self._taken(self.row.cells.get("accept_diagnoses", ""), "accept_diagnoses", line)
        data = {
            "diagnoses-TOTAL_FORMS": str(max(len(codes), 1)),
            "diagnoses-INITIAL_FORMS": "0",
        }
        for position, code in enumerate(codes):
            data |= {
                f"diagnoses-{position}-code": code,
                f"diagnoses-{position}-accept": accept,
            }
        self.every_diagnosis = " ".join(str(number) for number in range(1, len(codes) + 1))
        return data

    def _of_line(self, prefix: str, line: Line) -> Iterator[tuple[str, str]]:
        for field, column in OF_A_LINE.items():
            name = f"{prefix}-{field}"
            self.columns[name], self.lines[name] = column, line.number
            value = self._taken(line.cells.get(column, ""), column, line.number)
            if field == "pointers":
                value = value or self.every_diagnosis
            yield name, value

    def _taken(self, cell: str, column: str, line: int) -> str:
        try:
            return READ[column](cell) if cell and column in READ else cell
        except Unclear as unclear:
            self.faults.append(Fault(line, column, str(unclear)))
            return ""

    def fault(self, field: str, words: str) -> Fault:
        """A field's error at the column, and the line, that it comes from."""
        column = self.columns.get(field) or column_of(field)
        line = self.lines.get(field) or self.row.line_of(column)
        return Fault(line, column, words)


def column_of(field: str) -> str:
    """The column of a field that stands for no cell of its own; none for the row as a whole."""
    if field.startswith("limit-kind-"):
        return "item_kind"
    if field.startswith("diagnoses"):
        return "diagnoses"
    if field.startswith("lines"):
        return "code"
    if field == "member-coverage":
        return "line_of_business"
    return f"{field.partition('-')[0]}_npi" if field.endswith("-chosen") else ""
