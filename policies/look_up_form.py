"""The question of a request, the same for the page, its JSON and the command line."""

from datetime import date
from typing import Any

from django import forms

from policies.answers import MOST, Answer, Pasted, answer_for, read_pasted
from policies.forms import ANY_LINE, DAY, STATE
from policies.resolver import Occasion
from policies.states import STATES

_LONGEST = 20_000


class LookUpForm(forms.Form):
    """Codes, diagnoses, days and whose coverage. An empty day is a day that is not stated."""

    codes = forms.CharField(
        label="Codes",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text=f"A list as it was copied, up to {MOST} codes; blanks, commas or lines between."
        " Diagnoses may stand among them.",
    )
    diagnoses = forms.CharField(
        label="Diagnoses, ICD-10-CM",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text="Each beside every service. S33.5XXA, M54.50",
    )
    on = forms.DateField(label="Date of service", required=False, error_messages=DAY)
    received = forms.DateField(label="Date of receipt", required=False, error_messages=DAY)
    line_of_business = forms.ChoiceField(
        required=False,
        choices=ANY_LINE,
        error_messages={"invalid_choice": "“%(value)s” is no line of business: choose one."},
    )
    state = forms.CharField(
        required=False,
        max_length=2,
        error_messages={"max_length": STATE},
        widget=forms.TextInput({"placeholder": "Any", "size": 2}),
    )
    plan = forms.CharField(required=False, max_length=80)

    def clean_state(self) -> str:
        state: str = self.cleaned_data["state"].upper()
        if state and state not in STATES:
            raise forms.ValidationError(STATE)
        return state

    def clean(self) -> dict[str, Any]:
        """Reads the codes. Raises ValidationError where there is none, or too many."""
        given = super().clean() or {}
        if {"codes", "diagnoses"} & set(self.errors):
            return given
        pasted = given["pasted"] = read_pasted(given["codes"], given["diagnoses"])
        if pasted.total > MOST:
            raise forms.ValidationError(
                f"{pasted.total} codes were given, and at most {MOST} are looked up at once. Look"
                " the others up in a second list."
            )
        if not pasted.total:
            told = [f"“{one.typed}” {one.reason}" for one in pasted.unread]
            raise forms.ValidationError(
                " ".join(["No code was given that can be looked up.", *told, *pasted.notes])
            )
        return given

    def answer(self, today: date) -> tuple[Answer, Pasted]:
        """For valid data; `today` is the day on which the request is being processed."""
        given = self.cleaned_data
        pasted: Pasted = given["pasted"]
        occasion = Occasion(
            line_of_business=given["line_of_business"],
            jurisdiction=given["state"],
            service_on=given["on"],
            received_on=given["received"],
            processed_on=today,
        )
        answer = answer_for(
            pasted.services, pasted.diagnoses, occasion, on=today, plan=given["plan"]
        )
        return answer, pasted
