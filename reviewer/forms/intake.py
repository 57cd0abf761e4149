"""Intake: a request as it arrived, in several forms that are sent, checked and kept together."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet
from django.http import QueryDict

from reviewer.clocks import ClockError
from reviewer.forms.codes import CodeCheck, check_code
from reviewer.forms.facts import FactsForm
from reviewer.forms.fields import sent
from reviewer.forms.limit import KIND, LimitForm
from reviewer.forms.lines import MOST_DIAGNOSES, MOST_LINES, DiagnosisFormSet, LineFormSet
from reviewer.forms.people import OUT_OF_SCOPE, MemberForm, ProviderForm
from reviewer.models import Request, Reviewer, Urgency
from reviewer.time import local_day
from reviewer.workflow.clocks.foreseeing import Foreseen, foresee
from reviewer.workflow.clocks.opening import NoLimit
from reviewer.workflow.clocks.questions import Questions, questions_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import LineAsked, enter_request, require_care_to_come
from reviewer.workflow.rule_book import book

DIAGNOSES_AT_A_TIME = 4


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
        self.book = book()
        self.case = self._case()
        self.asked = self._asked()
        self.limit = LimitForm(data, prefix="limit", asked=self.asked, at=at)

    @property
    def plain_forms(self) -> tuple[forms.Form, ...]:
        return self.member, self.requesting, self.servicing, self.facts, self.limit

    @property
    def all_forms(self) -> Iterator[forms.Form]:
        yield from self.plain_forms
        yield from self.lines.forms
        yield from self.diagnoses.forms

    def is_valid(self, user: User | AnonymousUser) -> bool:
        """Whether it may be entered as it stands; every form then says what it wants."""
        sound = [one.is_valid() for one in (*self.plain_forms, self.lines, self.diagnoses)]
        sound.append(self._has_a_limit())
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
            item_kinds=self.limit.kinds(),
            course_ends_at=self.limit.cleaned_data.get("course_ends_at"),
            rating_period_start=self.limit.cleaned_data.get("rating_period_start"),
            information_complete_at=self.limit.cleaned_data.get("information_complete_at"),
            by=by,
            at=self.at,
        )

    def _case(self) -> Request | None:
        """The request as far as its limit depends on it, never saved; None while too little is
        chosen to say whose rules it is under."""
        coverage, review_type = self.member.sent_coverage(), sent(self.facts, "review_type")
        if coverage is None or not review_type or self.data is None:
            return None
        said = {name: self.data[name] for name in self.data if name.startswith(f"limit-{KIND}")}
        return Request(
            coverage=coverage,
            line_of_business=coverage.line_of_business,
            jurisdiction=coverage.jurisdiction,
            review_type=review_type,
            urgency=sent(self.facts, "urgency") or Urgency.STANDARD,
            channel=sent(self.facts, "channel") or "",
            received_at=sent(self.facts, "received_at") or self.at,
            item_kinds={name.removeprefix(f"limit-{KIND}"): kind for name, kind in said.items()},
        )

    def _asked(self) -> Questions:
        if self.case is None:
            return Questions()
        try:
            return questions_of(self.case, on=local_day(self.case.received_at), book=self.book)
        except ClockError:  # it comes again, with its sentence, when the limit is computed
            return Questions()

    def foresee(self) -> Foreseen | None:
        """The limit as far as the page is filled in; None while too little is. Raises Refused."""
        if self.case is None or not sent(self.facts, "received_at"):
            return None
        require_care_to_come(self.case.review_type, self.case.urgency)
        self.case.item_kinds = self.limit.kinds()
        if self.asked.kinds and not all(
            one.regime in self.case.item_kinds for one in self.asked.kinds
        ):
            return None
        self.case.course_ends_at = self.limit.sent_moment("course_ends_at")
        self.case.rating_period_start = self.limit.sent_day("rating_period_start")
        complete = self.limit.sent_moment("information_complete_at")
        return foresee(self.case, information_complete_at=complete, book=self.book)

    def _has_a_limit(self) -> bool:
        """Whether a rule states a limit; what is missing is told at the field that mends it."""
        try:
            self.foresee()
        except Refused as refusal:
            about = refusal.about if isinstance(refusal, NoLimit) else ""
            if name := self.limit.name_of(about):
                self.limit.add_error(name, refusal.sentence)
            elif not self.facts.errors:
                self.facts.add_error(
                    about if about in self.facts.fields else None, refusal.sentence
                )
            return False
        return True

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
    "look": lambda data: None,
    "line": _more("lines", 1, MOST_LINES),
    "diagnosis": _more("diagnoses", DIAGNOSES_AT_A_TIME, MOST_DIAGNOSES),
}
