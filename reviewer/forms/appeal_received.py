"""An appeal as it arrived. What is asked follows from where it goes and from the rules there."""

from datetime import date, datetime
from typing import Any, Final

from django import forms

from policies.wording import sentence_case
from reviewer.clocks import ClockError, Deadline, EventType
from reviewer.clocks.starts import words as in_words
from reviewer.forms.fields import Form, choice, fork, moment, offer, words
from reviewer.models import Appeal, Channel, Determination, Urgency
from reviewer.workflow.appeal_receipts import Place
from reviewer.workflow.appeal_routes import Route, case_of, foreseen, routes_of, unanswered
from reviewer.workflow.rule_words import item_kind_in_words, whose

STEPS: Final = {
    "decision": "Appeal to the plan",
    "plan_appeal": "Appeal to the plan",
    "reconsideration": "Reconsideration by the plan",
    "board_meeting": "Appeal that a board decides at its meetings",
    "ire": "Independent review entity",
    "state_fair_hearing": "State fair hearing",
    "preliminary_review": "External review",
}
# What the rules of a route may tell apart, by the field that asks for it.
COLUMNS: Final = {"item_kind": "item_kind", "plan_levels": "appeal_levels"}
# What the engine may miss, by the field that asks for it; for anything else the route answers.
ASKED: Final = COLUMNS | {
    "meeting_dates": "meeting_dates",
    "information_complete_at": EventType.NECESSARY_INFORMATION_RECEIVED.value,
}


class AppealForm(Form):
    """An appeal as it arrived."""

    route = fork("Where it goes", ())
    urgency = fork("Urgency", Urgency, initial=Urgency.STANDARD)
    item_kind = choice("What it is about", ())
    plan_levels = fork("Levels of appeal that the plan has", ())
    meeting_dates = forms.CharField(
        label="Meetings of the board",
        help_text="Days, one after the other: 2026-03-02, 2026-06-01.",
    )
    received_at = moment("Received", help_text="The clock starts here, not when it is entered.")
    information_complete_at = moment(
        "Information complete",
        help_text="When the last of what the decision needs arrived: the limit runs from it.",
    )
    initiator = fork("Who appeals", Appeal.Initiator)
    standing = forms.CharField(
        label="Standing",
        max_length=200,
        help_text="What lets them appeal: the form of appointment, the member's written consent.",
        error_messages={
            "required": "Nothing is entered under “Standing”. Only the member appeals without more."
        },
    )
    initiator_name = forms.CharField(label="Their name", max_length=120)
    channel = choice("How it came", Channel)
    grounds = words("What the appeal says", rows=7)

    def __init__(
        self, *args: Any, determination: Determination, at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.determination, self.at = determination, at
        self.limit: Deadline | None = None
        self.objection: tuple[str, str] | None = None
        self.routes = {one.key: one for one in routes_of(self._draft())}
        offer(self.fields["route"], [(key, _label(one)) for key, one in self.routes.items()])
        self.fields["route"].initial = next(iter(self.routes), None)
        self.taken = self._taken()
        self._ask_what_is_needed()

    def _draft(self, **facts: Any) -> Appeal:
        request = self.determination.request
        said = {"received_at": self.at, "urgency": Urgency.STANDARD}
        return Appeal(request=request, determination=self.determination, **said | facts)

    def _said(self, name: str) -> str:
        return str(self[name].value() or "")

    def _taken(self) -> Route | None:
        """The route that is chosen now, with the rules that are for such a case."""
        route = self.routes.get(self._said("route"))
        draft = self._draft(urgency=self._said("urgency"))
        return case_of(draft, route) if route else None

    def _ask_what_is_needed(self) -> None:
        """Leave out what nothing depends on; what was typed there travels along, unseen."""
        route = self.taken
        kinds, levels = (route.item_kinds, route.plan_levels) if route else ((), ())
        offer(self.fields["item_kind"], [(one, item_kind_in_words(one)) for one in kinds])
        offer(self.fields["plan_levels"], [(one, one) for one in levels])
        asked = {
            "item_kind": bool(kinds),
            "plan_levels": bool(levels),
            "meeting_dates": bool(route and route.is_of_a_board),
            "information_complete_at": bool(route and route.waits_for_information),
            "standing": self._said("initiator") not in ("", Appeal.Initiator.MEMBER),
        }
        for name in [name for name, is_asked in asked.items() if not is_asked]:
            del self.fields[name]
            if self.data.get(name):
                self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.asked = {name for name, is_asked in asked.items() if is_asked}

    def clean_received_at(self) -> datetime:
        received: datetime = self.cleaned_data["received_at"]
        signed_at = self.determination.signed_at
        if received > self.at:
            raise forms.ValidationError("An appeal cannot be received in the future.")
        # The field knows minutes: the minute of the signing itself is not before it.
        if received < signed_at.replace(second=0, microsecond=0):
            raise forms.ValidationError("An appeal cannot come before the determination.")
        return max(received, signed_at)

    def clean_meeting_dates(self) -> list[date]:
        if "meeting_dates" not in self.asked:
            return []
        said = self.cleaned_data["meeting_dates"].replace(",", " ").split()
        try:
            return sorted({date.fromisoformat(one) for one in said})
        except ValueError as error:
            example = "Write the days as 2026-03-02, 2026-06-01."
            raise forms.ValidationError(example) from error

    def clean_information_complete_at(self) -> datetime | str:
        complete = self.cleaned_data["information_complete_at"]
        received = self.cleaned_data.get("received_at")
        if "information_complete_at" not in self.asked or received is None:
            return complete  # type: ignore[no-any-return]
        if complete > self.at:
            raise forms.ValidationError("What is still to come has not arrived.")
        if complete < received.replace(second=0, microsecond=0):
            raise forms.ValidationError("An appeal is not complete before it is received.")
        return max(complete, received)  # type: ignore[no-any-return]

    def clean(self) -> None:
        """Compute the limit; where there is none, the engine says why at the field it is about."""
        needed = {"route", "urgency", "received_at"}
        if self.taken is None or not needed <= self.cleaned_data.keys():
            return None
        appeal = self._draft(**self._facts())
        for name, column in COLUMNS.items():
            is_open = name in self.asked and not self._said(name)
            if is_open and (sentence := unanswered(appeal, self.taken, column)):
                return self._object(name, sentence)
        complete = self._given("information_complete_at")
        try:
            self.limit = foreseen(appeal, self.taken, information_complete_at=complete)
        except ClockError as error:
            missed = (name for name, what in ASKED.items() if what in error.about)
            name = next((name for name in missed if name in self.asked), "route")
            self._object(name, str(error))

    def _object(self, name: str, sentence: str) -> None:
        if name in self.errors and self._said(name):
            return  # what was typed cannot be read, which says more
        self.objection = name, sentence
        self.errors.pop(name, None)
        self.add_error(name, sentence)

    def _given(self, name: str) -> Any:
        return self.cleaned_data.get(name) if name in self.asked else None

    def _facts(self) -> dict[str, Any]:
        """What the limit depends on, as the appeal keeps it."""
        route = self.taken
        assert route
        kind, levels = self._given("item_kind"), self._given("plan_levels")
        meetings = self._given("meeting_dates") or []
        return {
            "regime": route.regime,
            "stage": route.stage,
            "step": route.step,
            "urgency": self.cleaned_data["urgency"],
            "received_at": self.cleaned_data["received_at"],
            "item_kinds": {route.regime: kind} if kind else {},
            "plan_levels": int(levels) if levels else None,
            "meeting_dates": [one.isoformat() for one in meetings],
        }

    def without_errors(self) -> None:
        """Say nothing of what is still to be typed, only what the rules object to."""
        self.errors.clear()
        if self.objection:
            self.add_error(*self.objection)

    def asked_of_the_verb(self) -> dict[str, Any]:
        """What `receive_appeal` takes."""
        route, said = self.taken, self.cleaned_data
        assert route
        plain = ("initiator", "initiator_name", "urgency", "channel", "received_at", "grounds")
        facts = self._facts()
        return {
            **{name: said[name] for name in plain},
            "standing": self._given("standing") or "",
            "place": Place(route.regime, route.stage, route.step),
            "item_kinds": facts["item_kinds"],
            "plan_levels": facts["plan_levels"],
            "meeting_dates": self._given("meeting_dates") or [],
            "information_complete_at": self._given("information_complete_at"),
        }


def _label(route: Route) -> str:
    return f"{STEPS.get(route.step, sentence_case(in_words(route.step)))} ({whose(route.regime)})"
