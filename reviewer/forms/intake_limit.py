"""Intake: the limit of a request as far as it is typed, and the questions that it depends on."""

from datetime import datetime

from django.http import QueryDict

from reviewer.clocks import ClockError
from reviewer.forms.facts import FactsForm
from reviewer.forms.fields import sent
from reviewer.forms.limit import KIND, LimitForm
from reviewer.forms.people import MemberForm
from reviewer.models import Request, Urgency
from reviewer.time import local_day
from reviewer.workflow.clocks.foreseeing import Foreseen, foresee
from reviewer.workflow.clocks.opening import NoLimit
from reviewer.workflow.clocks.questions import Questions, questions_of
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import require_care_to_come
from reviewer.workflow.rule_book import book


class IntakeLimit:
    """The case that the other forms come to, what is asked of it, and the form that asks."""

    def __init__(
        self, data: QueryDict, *, member: MemberForm, facts: FactsForm, at: datetime
    ) -> None:
        self.facts, self.at = facts, at
        self.book = book()
        self.case = self._case(data, member)
        self.asked = self._asked()
        self.form = LimitForm(data, prefix="limit", asked=self.asked, at=at)

    def _case(self, data: QueryDict, member: MemberForm) -> Request | None:
        """The request as far as its limit depends on it, never saved; None while too little is
        chosen to say whose rules it is under."""
        coverage, review_type = member.sent_coverage(), sent(self.facts, "review_type")
        if coverage is None or not review_type:
            return None
        start = f"limit-{KIND}"
        said = {name.removeprefix(start): data[name] for name in data if name.startswith(start)}
        return Request(
            coverage=coverage,
            line_of_business=coverage.line_of_business,
            jurisdiction=coverage.jurisdiction,
            review_type=review_type,
            urgency=sent(self.facts, "urgency") or Urgency.STANDARD,
            channel=sent(self.facts, "channel") or "",
            received_at=sent(self.facts, "received_at") or self.at,
            item_kinds=said,
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
        self.case.item_kinds = self.form.kinds()
        if any(one.regime not in self.case.item_kinds for one in self.asked.kinds):
            return None
        self.case.course_ends_at = self.form.sent_moment("course_ends_at")
        self.case.rating_period_start = self.form.sent_day("rating_period_start")
        complete = self.form.sent_moment("information_complete_at")
        return foresee(self.case, information_complete_at=complete, book=self.book)

    def is_stated(self) -> bool:
        """Whether a rule states a limit; what is missing is told at the field that mends it."""
        try:
            self.foresee()
        except Refused as refusal:
            about = refusal.about if isinstance(refusal, NoLimit) else ""
            if name := self.form.name_of(about):
                self.form.add_error(name, refusal.sentence)
            elif not self.facts.errors:
                mends = about if about in self.facts.fields else None
                self.facts.add_error(mends, refusal.sentence)
            return False
        return True
