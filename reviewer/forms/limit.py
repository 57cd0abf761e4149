"""Intake: what the limit depends on, asked as the rules of the case ask it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from django import forms

from policies.wording import listed
from reviewer.forms.fields import SOMETIMES, Part, day, fork, moment, sent
from reviewer.workflow.clocks.opening import ADVICE
from reviewer.workflow.clocks.questions import KindAsked, Questions
from reviewer.workflow.rule_words import item_kind_in_words, whose

KIND: Final = "kind-"
COURSE, RATING, COMPLETE = "course_ends_at", "rating_period_start", "information_complete_at"


class LimitForm(Part):
    """Only what is asked of the case has a field."""

    course_ends_at = moment("End of the approved course", required=False)
    rating_period_start = day("Start of the plan's rating period", **SOMETIMES)
    information_complete_at = moment("Everything needed was in hand", required=False)

    def __init__(self, *args: Any, asked: Questions, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.at = asked, at
        for one in asked.kinds:
            self.fields[KIND + one.regime] = kind_field(one)
        self._leave_out()
        self.order_fields(sorted(self.fields, key=lambda name: not name.startswith(KIND)))
        if field := self.fields.get(COURSE):
            if asked.needs_course_end:
                field = self.fields[COURSE] = moment(str(field.label), **SOMETIMES)
            field.help_text = (
                "As approved so far."
                if asked.needs_course_end
                else "Where it asks to extend an approved course of treatment."
            )
        if field := self.fields.get(RATING):
            field.help_text = "Of the plan's contract with the State."
        if field := self.fields.get(COMPLETE):
            rules = listed([whose(one) for one in asked.counts_from_complete])
            field.help_text = (
                f"{rules}: the limit runs from here. Empty while something is missing."
            )

    def _leave_out(self) -> None:
        asks = {
            COURSE: self.asked.asks_course_end,
            RATING: self.asked.asks_rating_period,
            COMPLETE: bool(self.asked.counts_from_complete),
        }
        for name, is_asked in asks.items():
            if not is_asked:
                del self.fields[name]

    @property
    def unasked(self) -> Iterator[tuple[str, str]]:
        """What was typed where nothing is asked now: it goes along, should the case change back."""
        shown = {self.add_prefix(name) for name in ("shown", *self.fields)}
        for name in self.data:
            value = self.data.get(name)
            if str(name).startswith(f"{self.prefix}-") and name not in shown and value:
                yield str(name), str(value)

    @property
    def key(self) -> str:
        return " ".join(self.fields)

    def kinds(self) -> dict[str, str]:
        """The kind of item by regime, as far as it is said or there is one."""
        said = {one.regime: sent(self, KIND + one.regime) for one in self.asked.kinds}
        return {**self.asked.settled, **{name: str(one) for name, one in said.items() if one}}

    def sent_moment(self, name: str) -> datetime | None:
        found = sent(self, name) if name in self.fields else None
        return found if isinstance(found, datetime) else None

    def sent_day(self, name: str) -> date | None:
        found = sent(self, name) if name in self.fields else None
        return found if isinstance(found, date) else None

    def clean_information_complete_at(self) -> datetime | None:
        complete: datetime | None = self.cleaned_data[COMPLETE]
        if complete and complete > self.at:
            raise forms.ValidationError("It is not complete in the future. Mend the time.")
        return complete

    def name_of(self, about: str) -> str | None:
        """The field that would mend what a limit lacks."""
        if about == "item_kind":
            return next((name for name in self.fields if name.startswith(KIND)), None)
        return about if about in self.fields else None


def kind_field(asked: KindAsked) -> forms.ChoiceField:
    choices = [(one, item_kind_in_words(one)) for one in asked.kinds]
    rules = whose(asked.regime)
    missing = f"{ADVICE['item_kind']} The limits of {rules} depend on it."
    unknown = f"The rules of {rules} have no limit for this kind of item here. Choose another."
    errors = {"required": missing, "invalid_choice": unknown}
    return fork(f"What is asked for ({rules})", choices, error_messages=errors)
