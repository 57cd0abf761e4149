"""An event that has no screen of its own."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from reviewer.clocks import EventType
from reviewer.forms.fields import Form, choice, day, offer, words
from reviewer.models import Notice
from reviewer.workflow.acts.recording import ATTRIBUTES, words_of

LONGEST_WINDOW: Final = 730  # days


class TypeForm(Form):
    """Which event it is."""

    type = choice("What happened", (), empty="Choose an event")

    def __init__(self, *args: Any, types: Sequence[EventType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["type"], [(one.value, words_of(one)) for one in types])


class EventForm(Form):
    """When it happened, and what else is asked about such an event."""

    on = day("Day")
    time = forms.TimeField(
        label="Time of day",
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text="Empty: only the day is known.",
        error_messages={"invalid": "Write the time as 14:30."},
    )
    channel = choice("How it went", Notice.Channel)
    window_days = forms.IntegerField(
        label="Days that the notice gives",
        required=False,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WINDOW)],
        help_text="Where a State or the plan's document sets them. Empty: the rule's.",
    )
    proof = words("What proves the receipt", rows=2)
    approved_through = day("Approved through", required=False)
    duty = choice("Which notice it was", (), required=False, empty="None of those that are due")

    def __init__(
        self, *args: Any, type: EventType, letters: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["duty"], letters)
        asked = {"on", "time", *ATTRIBUTES.get(type, ())}
        for name in set(self.fields) - asked:
            del self.fields[name]

    def when(self, zone: str) -> datetime | date:
        on: date = self.cleaned_data["on"]
        time = self.cleaned_data.get("time")
        return datetime.combine(on, time, ZoneInfo(zone)) if time else on

    def facts(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("on", "time") and value
        }
