"""Intake: what kind of request it is, and how and when it came."""

from datetime import datetime
from typing import Any

from django import forms

from reviewer.forms.fields import SOMETIMES, Form, choice, fork, moment, words
from reviewer.models import Channel, ReviewType, Urgency
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import require_care_to_come


class FactsForm(Form):
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
        self._require_care_to_come()
        attested = self.cleaned_data.get("urgency_attested_by")
        if self.cleaned_data.get("urgency") == Urgency.EXPEDITED and not attested:
            self.add_error(
                "urgency_attested_by",
                "An expedited request names who attested that it is urgent (42 CFR 422.570, 438.210"
                "(d)(2), 29 CFR 2560.503-1(m)(1)).",
            )

    def _require_care_to_come(self) -> None:
        typed = self.cleaned_data
        try:
            require_care_to_come(typed.get("review_type", ""), typed.get("urgency", ""))
        except Refused as refusal:
            self.add_error("urgency", refusal.sentence)
