"""Intake: a request as it arrived, in several forms that are sent, checked and kept together."""

from collections.abc import Iterator
from datetime import datetime

from django import forms
from django.contrib.auth.models import AnonymousUser, User
from django.http import QueryDict

from policies.code_standing import described
from reviewer.forms.completeness import Missing, missing_from
from reviewer.forms.facts import FactsForm
from reviewer.forms.intake_limit import IntakeLimit
from reviewer.forms.lines import CodeRow, DiagnosisFormSet, LineFormSet
from reviewer.forms.looking import (
    ask_authorization,
    check_rows,
    first_day_of,
    possible_duplicates,
)
from reviewer.forms.people import OUT_OF_SCOPE, MemberForm
from reviewer.forms.providers import ProviderForm
from reviewer.models import Provider, Request, Reviewer
from reviewer.time import local_day
from reviewer.workflow.requests import LineAsked, enter_request


class Intake:
    """The whole of an intake page, from what was sent."""

    def __init__(
        self,
        data: QueryDict,
        *,
        scope: list[str],
        user: User | AnonymousUser,
        at: datetime,
    ) -> None:
        self.at, self.user = at, user
        self.member = MemberForm(data, prefix="member", scope=scope)
        self.requesting = ProviderForm(data, prefix="requesting")
        self.ordering = ProviderForm(data, prefix="ordering", is_needed=False)
        self.servicing = ProviderForm(data, prefix="servicing")
        self.facts = FactsForm(data, at=at)
        self.limits = IntakeLimit(data, member=self.member, facts=self.facts, at=at)
        self.limit = self.limits.form
        self.lines = LineFormSet(data, prefix="lines")
        self.diagnoses = DiagnosisFormSet(data, prefix="diagnoses")
        self.duplicates: list[Request] = []
        self.missing: list[Missing] = []
        self._look()

    @property
    def plain_forms(self) -> tuple[forms.Form, ...]:
        people = (self.member, self.requesting, self.ordering, self.servicing)
        return (*people, self.facts, self.limit)

    @property
    def code_rows(self) -> list[CodeRow]:
        return [*self.diagnoses.forms, *self.lines.forms]

    @property
    def providers(self) -> list[tuple[str, ProviderForm]]:
        return [
            ("Who asks", self.requesting),
            ("Who orders", self.ordering),
            ("Who gives the service", self.servicing),
        ]

    def _look(self) -> None:
        """What is known of the codes that were typed, whatever else is missing."""
        today, lines = local_day(self.at), self.lines.forms
        check_rows(self.code_rows, today=today, first_day=first_day_of(lines))
        ask_authorization(lines, self.member.sent_coverage(), today=today)
        if self.member.found:
            self.duplicates = possible_duplicates(self.user, self.member.found.pk, lines)

    def focus(self, name: str) -> None:
        """Let the page begin in a row's field for the code."""
        for row in self.code_rows:
            if row.add_prefix("code") == name:
                row.fields["code"].widget.attrs["autofocus"] = True

    def descriptions(self) -> dict[str, str]:
        """The short descriptions of the codes that are good, by their keys; one query."""
        known = [row.check.code for row in self.code_rows if row.check and row.check.code]
        return {one.code.key: one.short for one in described(known, local_day(self.at))}

    def is_valid(self) -> bool:
        """Whether it may be entered as it stands; every form then says what it wants."""
        sound = [one.is_valid() for one in (*self.plain_forms, self.lines, self.diagnoses)]
        sound += [self.limits.is_stated(), self._hold_codes()]
        self.missing = missing_from(self)
        accepted = self.facts.cleaned_data.get("accept_duplicates")
        return all(sound) and (accepted or not self.duplicates)

    def without_errors(self) -> None:
        """Say nothing of what is missing: the page was sent to be continued, not to be entered."""
        self.is_valid()
        for rows in (self.lines, self.diagnoses):
            rows.non_form_errors().clear()
        for form in (*self.plain_forms, *self.code_rows):
            form.errors.clear()
        if self.member.is_out_of_scope:
            self.member.add_error("number", OUT_OF_SCOPE)

    def save(self, *, by: Reviewer) -> Request:
        """Write new people down and enter the request. The caller holds the transaction."""
        member, coverage = self.member.save()
        facts, limit = self.facts.cleaned_data, self.limit.cleaned_data
        return enter_request(
            member=member,
            coverage=coverage,
            requesting_provider=_needed(self.requesting.save()),
            ordering_provider=self.ordering.save(),
            servicing_provider=_needed(self.servicing.save()),
            review_type=facts["review_type"],
            urgency=facts["urgency"],
            urgency_attested_by=facts["urgency_attested_by"],
            channel=facts["channel"],
            received_at=facts["received_at"],
            summary=facts["summary"],
            lines=list(self._lines_asked()),
            diagnoses=[row.check.key for _, row in self.diagnoses.filled() if row.check],
            item_kinds=self.limit.kinds(),
            course_ends_at=limit.get("course_ends_at"),
            rating_period_start=limit.get("rating_period_start"),
            information_complete_at=limit.get("information_complete_at"),
            by=by,
            at=self.at,
        )

    def _lines_asked(self) -> Iterator[LineAsked]:
        places = {number: place for place, (number, _) in enumerate(self.diagnoses.filled(), 1)}
        for _, row in self.lines.filled():
            if row.check is None:
                continue
            typed = row.cleaned_data
            yield LineAsked(
                system=row.check.system,
                code=row.check.key,
                units=typed["units"],
                starts_on=typed["starts_on"],
                ends_on=typed["ends_on"],
                modifiers=tuple(typed["modifiers"]),
                diagnoses=tuple(places[number] for number in typed["pointers"]),
                frequency=typed["frequency"],
                place_of_service=typed["place_of_service"],
            )

    def _hold_codes(self) -> bool:
        """Whether the code sets hold every code, and every line points to diagnoses that are."""
        lines, diagnoses = self.lines.filled(), self.diagnoses.filled()
        numbers = {number for number, _ in diagnoses}
        for _, row in (*lines, *diagnoses):
            row.hold()
        for _, row in lines:
            for number in sorted({*row.cleaned_data.get("pointers", ())} - numbers):
                row.add_error("pointers", f"No diagnosis stands in row {number}.")
        return bool(lines and diagnoses) and not any(row.errors for _, row in (*lines, *diagnoses))


def _needed(provider: Provider | None) -> Provider:
    assert provider is not None, "the form asks for one"
    return provider
