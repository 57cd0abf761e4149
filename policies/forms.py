"""What a reader asks the library: a day, words, a code beside a diagnosis."""

import textwrap
from collections.abc import Sequence
from datetime import date

from django import forms

from policies.models import LineOfBusiness
from policies.reading import codes

DAY = {"invalid": "Write the day as 2026-03-02."}
STATES = textwrap.wrap(
    "ALAKAZARCACOCTDEDCFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMOMTNENVNHNJNMNYNCNDOHOKORPAPRRISCSDTNTX"
    "UTVTVAWAWVWIWY",
    2,
)
ANY_LINE = [("", "Any line of business"), *LineOfBusiness.choices]
STATE = "Write the state as its two letters, such as NY."


class DayForm(forms.Form):
    """The day for which a bulletin is read; without one, or with a bad one, the day given."""

    on = forms.DateField(label="As of", required=False, error_messages=DAY)

    def day(self, otherwise: date) -> date:
        found: date | None = self.cleaned_data["on"] if self.is_valid() else None
        return found or otherwise


class FilterForm(forms.Form):
    """Words that narrow a list, and where in it to go on."""

    words = forms.CharField(label="Filter", required=False, max_length=100)
    after = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def filled(self) -> tuple[str, str]:
        """Both, empty where nothing or too much was given."""
        self.full_clean()
        return self.cleaned_data.get("words", ""), self.cleaned_data.get("after", "")


class StartsForm(forms.Form):
    """The first characters of codes, and the key after which the list goes on."""

    starts = forms.CharField(label="Begins with", required=False, max_length=14)
    after = forms.CharField(required=False, max_length=14, widget=forms.HiddenInput)

    def keys(self) -> tuple[str, str]:
        """Both as keys, empty where nothing or nonsense was given."""
        self.full_clean()
        given = self.cleaned_data
        return codes.normalise(given.get("starts", "")), codes.normalise(given.get("after", ""))


class AskForm(forms.Form):
    """A service code's question: with which diagnosis, on which day, for whom."""

    diagnosis = forms.CharField(
        label="Diagnosis, ICD-10-CM",
        required=False,
        max_length=120,
        help_text="One code, or several with commas between.",
    )
    on = forms.DateField(label="Date of service", required=False, error_messages=DAY)
    line_of_business = forms.ChoiceField(required=False, choices=ANY_LINE)
    state = forms.CharField(
        required=False,
        max_length=2,
        error_messages={"max_length": STATE},
        widget=forms.TextInput({"placeholder": "Any", "size": 2}),
    )

    def clean_diagnosis(self) -> list[str]:
        """The codes as they are displayed. Raises ValidationError for one that cannot be any."""
        typed = self.cleaned_data["diagnosis"].replace(",", " ").replace(";", " ").split()
        return diagnoses(typed)

    def clean_state(self) -> str:
        state: str = self.cleaned_data["state"].upper()
        if state and state not in STATES:
            raise forms.ValidationError(STATE)
        return state


class AskServiceForm(AskForm):
    """A diagnosis code's question: beside which service."""

    diagnosis = None  # type: ignore[assignment]  # Django's way to drop an inherited field
    service = forms.CharField(
        label="Service, CPT or HCPCS code", required=False, max_length=20, help_text="One code."
    )
    field_order = ["service", "on", "line_of_business", "state"]

    def clean_service(self) -> str:
        key = codes.normalise(self.cleaned_data["service"])
        if key and not {"CPT", "HCPCS", "CDT", "revenue"} & set(codes.systems_of(key)):
            raise forms.ValidationError(
                f"“{self.cleaned_data['service']}” is not shaped like a service code."
                " Write it as 97545 or S9117."
            )
        return key


def diagnoses(typed: Sequence[str]) -> list[str]:
    """Diagnosis codes in the form in which they are displayed."""
    for word in typed:
        if "ICD-10-CM" not in codes.systems_of(codes.normalise(word)):
            raise forms.ValidationError(
                f"“{word}” is not shaped like an ICD-10-CM code. Write it as S33.5XXA or M54.50."
            )
    return [codes.dotted(codes.normalise(word)) for word in typed]
