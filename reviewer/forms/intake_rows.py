"""A row of a file of requests goes through the forms of the intake page, with all their checks."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

from django import forms
from django.http import QueryDict

from policies.reading.codes import normalise
from policies.wording import either, sentence_case
from reviewer.forms.fields import day, sent
from reviewer.forms.intake import Intake
from reviewer.forms.intake_cells import Sent, Unclear, plain
from reviewer.forms.intake_coverage import coverage_meant
from reviewer.forms.intake_limit import IntakeLimit
from reviewer.forms.limit import KIND
from reviewer.forms.lines import RowFormSet
from reviewer.intake_csv import Fault, Row
from reviewer.models import Coverage, Member, Request, Reviewer
from reviewer.time import local_day
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import require_cover
from reviewer.workflow.rule_words import item_kind_in_words

Asked = tuple[str, str, date, date]  # a member's number, a code, its days
DAY: Final = day("Day")


class IntakeOfRow:
    """What the intake page would say to a row, and the entering of it."""

    def __init__(self, row: Row, *, by: Reviewer, at: datetime) -> None:
        self.row, self.by, self.at = row, by, at
        self.sent = Sent(row)
        self._choose_coverage()
        self.data = QueryDict(mutable=True)
        self.data.update(self.sent.data)
        self.intake = Intake(self.data, scope=by.lines_of_business, user=by.user, at=at)
        self._say_kinds()

    def _choose_coverage(self) -> None:
        if any(one.column == "line_of_business" for one in self.sent.faults):
            return
        received = self._received_on()
        line = str(self.sent.data["member-line_of_business"])
        scope = self.by.lines_of_business
        try:
            meant = coverage_meant(self.row, line, scope=scope, on=received)
        except Unclear as unclear:
            self.sent.faults.append(self.sent.fault("member-coverage", str(unclear)))
            meant = ""
        self.sent.data["member-coverage"] = meant

    def _received_on(self) -> date | None:
        try:
            moment = forms.DateTimeField().clean(self.sent.data["received_at"])
        except forms.ValidationError:
            return None
        return local_day(moment)

    def _say_kinds(self) -> None:
        """Answer each regime that asks for the kind of item with the one of its own kinds."""
        cell = self.row.cells.get("item_kind", "")
        asked = self.intake.limits.asked.kinds
        if not cell or not asked:
            return
        said = {plain(cell), *(plain(one) for one in cell.replace(",", " ").split())}
        for one in asked:
            meant = [
                kind for kind in one.kinds if {plain(kind), plain(item_kind_in_words(kind))} & said
            ]
            self.data[f"limit-{KIND}{one.regime}"] = meant[0] if meant else cell
        whole = self.intake
        whole.limits = IntakeLimit(self.data, member=whole.member, facts=whole.facts, at=self.at)
        whole.limit = whole.limits.form

    def faults(self) -> list[Fault]:
        """All that stands against entering it, a sentence for each cell."""
        is_valid = self.intake.is_valid()
        found = {(one.line, one.column): one for one in self.sent.faults}
        for one in self._errors():
            found.setdefault((one.line, one.column), one)  # the first of a cell is mended first
        if any(column == "diagnoses" for _, column in found):
            found = {place: one for place, one in found.items() if place[1] != "line_diagnoses"}
        if is_valid and not found:
            found |= {(one.line, one.column): one for one in self._of_the_times()}
        return sorted(found.values(), key=lambda one: one.line)

    def _errors(self) -> Iterator[Fault]:
        every = (*self.intake.plain_forms, *self.intake.code_rows)
        for form in every:
            for name, words in errors_of(form):
                yield self.sent.fault(
                    form.add_prefix(name) if name else "", self._told(name, words)
                )
        for rows in (self.intake.diagnoses, self.intake.lines):
            assert isinstance(rows, RowFormSet)
            for said in rows.non_form_errors():
                yield self.sent.fault(str(rows.prefix), str(said))
        alike = [one.number for one in self.intake.duplicates]
        if alike and not self.intake.facts.cleaned_data.get("accept_duplicates"):
            yield Fault(self.row.line_of("another_request"), "another_request", like(alike))

    def _told(self, name: str, words: str) -> str:
        """What the page says, with the choices that it would show."""
        if not name.startswith(KIND):
            return words
        regime = name.removeprefix(KIND)
        kinds = next(one.kinds for one in self.intake.limits.asked.kinds if one.regime == regime)
        return f"{words} Write {either(kinds)}."

    def _of_the_times(self) -> Iterator[Fault]:
        """What the page leaves to the entering."""
        facts, limit = self.intake.facts.cleaned_data, self.intake.limit.cleaned_data
        received: datetime = facts["received_at"]
        complete = limit.get("information_complete_at")
        if complete and complete < received:
            words = "The request is not complete before it is received. Mend the time."
            yield self.sent.fault("limit-information_complete_at", words)
        try:
            require_cover(*self._covered(), local_day(received))
        except Refused as refusal:
            yield self.sent.fault("member-coverage", refusal.sentence)

    def _covered(self) -> tuple[Member, Coverage]:
        """The member and the coverage, as they will be."""
        form = self.intake.member
        member, coverage = form.found or Member(), form.sent_coverage()
        assert coverage is not None, "the form asks for one"
        if coverage._state.adding:
            coverage.member, coverage.starts_on = member, sent(form, "covered_from")
        return member, coverage

    def enter(self) -> Request:
        """Enter it. Raises Refused with a line for each thing to mend; nothing is kept then."""
        if faults := self.faults():
            raise Refused("\n".join(told(one) for one in faults))
        return self.intake.save(by=self.by)


def asked_of(row: Row) -> Iterator[Asked]:
    for line in row.lines:
        try:
            first, last = (DAY.clean(line.cells.get(one, "")) for one in ("starts_on", "ends_on"))
        except forms.ValidationError:
            continue
        yield (
            row.cells.get("member_number", ""),
            normalise(line.cells.get("code", "")),
            first,
            last,
        )


def alike(mine: Iterable[Asked], others: Iterable[Asked]) -> bool:
    """Whether two rows ask for the same code for the same member on days that overlap."""
    theirs = list(others)
    return any(
        one[:2] == other[:2] and one[2] <= other[3] and other[2] <= one[3]
        for one in mine
        for other in theirs
    )


def errors_of(form: forms.Form) -> Iterator[tuple[str, str]]:
    for name, messages in form.errors.items():
        for words in messages:
            yield ("" if name == "__all__" else name), str(words)


def like(numbers: list[str]) -> str:
    shown = either(numbers)
    return (
        f"A request like this one exists: {shown}. Compare them; if it is another one, write yes in"
        " another_request, else take the row out."
    )


def told(fault: Fault) -> str:
    """A fault in one line, as reports give it."""
    where = f"Line {fault.line}, {fault.column}" if fault.column else f"Line {fault.line}"
    return f"{where}: {sentence_case(' '.join(fault.words.split()))}"
