"""Intake: a request as it arrived, in several forms that are sent, checked and kept together."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet
from django.http import QueryDict

from reviewer.forms.codes import CodeCheck, check_code
from reviewer.forms.fields import SOMETIMES, Form, choice, fork, moment, words
from reviewer.forms.lines import MOST_DIAGNOSES, MOST_LINES, DiagnosisFormSet, LineFormSet
from reviewer.forms.people import OUT_OF_SCOPE, MemberForm, ProviderForm
from reviewer.models import Channel, Request, Reviewer, ReviewType, Urgency
from reviewer.workflow.requests import LineAsked, enter_request

DIAGNOSES_AT_A_TIME = 4


class FactsForm(Form):
    """What kind of request it is, and how and when it came."""

    review_type = choice("Review type", ReviewType)
    urgency = fork("Urgency", Urgency, initial=Urgency.STANDARD)
    urgency_attested_by = forms.CharField(
        label="Who attested the urgency",
        max_length=120,
        help_text="Needed when expedited: the clinician's name, or the member's.",
        **SOMETIMES,
    )
    channel = choice("How it came", Channel)
    received_at = moment("Received", help_text="The clock starts here, not when it is entered.")
    summary = words("Clinical summary", rows=6)
    accept_duplicates = forms.BooleanField(label="This is another request", required=False)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean_received_at(self) -> datetime:
        received: datetime = self.cleaned_data["received_at"]
        if received > self.at:
            raise forms.ValidationError("A request cannot be received in the future.")
        return received

    def clean(self) -> None:
        attested = self.cleaned_data.get("urgency_attested_by")
        if self.cleaned_data.get("urgency") == Urgency.EXPEDITED and not attested:
            self.add_error(
                "urgency_attested_by",
                "An expedited request names who attested that it is urgent (42 CFR 422.570, 438.210"
                "(d)(2), 29 CFR 2560.503-1(m)(1)).",
            )


class Intake:
    """The whole of an intake page. `data` is what was sent; nothing at the first showing."""

    def __init__(self, data: QueryDict | None, *, scope: list[str], at: datetime) -> None:
        self.data = data
        self.member = MemberForm(data, prefix="member", scope=scope)
        self.requesting = ProviderForm(data, prefix="requesting")
        self.servicing = ProviderForm(data, prefix="servicing")
        self.facts = FactsForm(data, at=at)
        self.lines = LineFormSet(data, prefix="lines")
        self.diagnoses = DiagnosisFormSet(data, prefix="diagnoses")
        self.at = at
        self.duplicates: list[Request] = []

    @property
    def plain_forms(self) -> tuple[forms.Form, ...]:
        return self.member, self.requesting, self.servicing, self.facts

    @property
    def all_forms(self) -> Iterator[forms.Form]:
        yield from self.plain_forms
        yield from self.lines.forms
        yield from self.diagnoses.forms

    def is_valid(self, user: User | AnonymousUser) -> bool:
        """Whether it may be entered as it stands; every form then says what it wants."""
        sound = [one.is_valid() for one in (*self.plain_forms, self.lines, self.diagnoses)]
        if not (self.lines.is_valid() and self.diagnoses.is_valid()):
            return False
        return self._codes_are_good() and all(sound) and not self._finds_duplicates(user)

    def without_errors(self) -> None:
        """Say nothing of what is missing: the page was sent to be continued, not to be entered."""
        for rows in (self.lines, self.diagnoses):
            rows.non_form_errors().clear()
        for form in self.all_forms:
            form.errors.clear()
        if self.member.is_out_of_scope:
            self.member.add_error("number", OUT_OF_SCOPE)

    def save(self, *, by: Reviewer) -> Request:
        """Write new people down and enter the request. The caller holds the transaction."""
        member, coverage = self.member.save()
        facts = self.facts.cleaned_data
        return enter_request(
            member=member,
            coverage=coverage,
            requesting_provider=self.requesting.save(),
            servicing_provider=self.servicing.save(),
            review_type=facts["review_type"],
            urgency=facts["urgency"],
            urgency_attested_by=facts["urgency_attested_by"],
            channel=facts["channel"],
            received_at=facts["received_at"],
            summary=facts["summary"],
            lines=self._lines_asked(),
            diagnoses=[row.cleaned_data["check"].key for _, row in self.diagnoses.filled()],
            by=by,
            at=self.at,
        )

    def _lines_asked(self) -> list[LineAsked]:
        places = {number: place for place, (number, _) in enumerate(self.diagnoses.filled(), 1)}
        return [
            LineAsked(
                system=line["check"].system,
                code=line["check"].key,
                units=line["units"],
                starts_on=line["starts_on"],
                ends_on=line["ends_on"],
                modifiers=tuple(line["modifiers"]),
                diagnoses=tuple(places[number] for number in line["pointers"]),
            )
            for line in (row.cleaned_data for _, row in self.lines.filled())
        ]

    def _codes_are_good(self) -> bool:
        lines, diagnoses = self.lines.filled(), self.diagnoses.filled()
        if not lines or not diagnoses:
            return False
        first_day = min(row.cleaned_data["starts_on"] for _, row in lines)
        numbers = {number for number, _ in diagnoses}
        for _, row in lines:
            check = check_code(
                row.cleaned_data["code"], on=row.cleaned_data["starts_on"], is_diagnosis=False
            )
            _hold(row, check)
            for number in sorted(set(row.cleaned_data["pointers"]) - numbers):
                row.add_error("pointers", f"No diagnosis stands in row {number}.")
        for _, row in diagnoses:
            _hold(row, check_code(row.cleaned_data["code"], on=first_day, is_diagnosis=True))
        return not any(row.errors for _, row in (*lines, *diagnoses))

    def _finds_duplicates(self, user: User | AnonymousUser) -> bool:
        """Whether requests like this one exist and nobody has said yet that this is another."""
        if not self.member.found or self.facts.cleaned_data["accept_duplicates"]:
            return False
        lines = [row.cleaned_data for _, row in self.lines.filled()]
        self.duplicates = list(possible_duplicates(user, self.member.found.pk, lines))
        return bool(self.duplicates)


def _hold(row: forms.Form, check: CodeCheck) -> None:
    """Keep what the code sets say with the row, as an error unless a person has accepted it."""
    accepted = check.may_be_accepted and row.cleaned_data["accept"]
    if not check.is_good and not accepted:
        row.add_error("code", check.words)
    row.cleaned_data["check"] = check


def possible_duplicates(
    user: User | AnonymousUser, member: int, lines: list[dict[str, Any]]
) -> QuerySet[Request]:
    """Requests for the same member that name one of the codes on days that overlap."""
    alike = Q()
    for line in lines:
        alike |= Q(
            lines__code=line["check"].key,
            lines__starts_on__lte=line["ends_on"],
            lines__ends_on__gte=line["starts_on"],
        )
    seen = Request.objects.visible_to(user).filter(alike, member=member)
    return seen.distinct().prefetch_related("lines").order_by("-received_at")[:5]


def _more(prefix: str, step: int, most: int) -> Callable[[QueryDict], None]:
    def add(data: QueryDict) -> None:
        try:
            shown = int(data.get(f"{prefix}-TOTAL_FORMS", ""))
        except ValueError:
            shown = 0
        data[f"{prefix}-TOTAL_FORMS"] = str(min(shown + step, most))

    return add


# What the buttons beside "Enter the request" do; all of them keep what was typed.
CONTINUATIONS: dict[str, Callable[[QueryDict], None]] = {
    "find": lambda data: None,
    "line": _more("lines", 1, MOST_LINES),
    "diagnosis": _more("diagnoses", DIAGNOSES_AT_A_TIME, MOST_DIAGNOSES),
}
