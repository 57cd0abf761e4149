"""What a reader asks the library: a day, words, a code beside a diagnosis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from policies.catalog import LETTERS, NO_LETTER, Asked
from policies.code_chapters import CHAPTERS, Chapter
from policies.models import LineOfBusiness
from policies.reading import codes
from policies.stages import Standing
from policies.states import STATES

DAY = {"invalid": "Write the day as 2026-03-02."}
ANY_LINE = [("", "Any line of business"), *LineOfBusiness.choices]
STATE = "Write the state as its two letters, such as NY."


class DayForm(forms.Form):
    """The day for which a bulletin is read; without one, or with a bad one, the day given."""

    on = forms.DateField(label="As of", required=False, error_messages=DAY)

    def day(self, otherwise: date) -> date:
        found: date | None = self.cleaned_data["on"] if self.is_valid() else None
        return found or otherwise


class BrowseForm(forms.Form):
    """What narrows the list of bulletins, and where in it to go on. What is wrong narrows nothing
    and is told."""

    words = forms.CharField(label="Filter", required=False, max_length=100)
    letter = forms.ChoiceField(
        required=False,
        choices=[(one, one) for one in (*LETTERS, NO_LETTER)],
        error_messages={"invalid_choice": "No title begins with “%(value)s”: choose a letter."},
    )
    category = forms.CharField(required=False, max_length=80)
    standing = forms.ChoiceField(
        required=False,
        choices=Standing,
        error_messages={"invalid_choice": "No version is “%(value)s”: choose a standing."},
    )
    line_of_business = forms.ChoiceField(
        required=False,
        choices=ANY_LINE,
        error_messages={"invalid_choice": "“%(value)s” is no line of business: choose one."},
    )
    on = forms.DateField(label="As of", required=False, error_messages=DAY)
    unread = forms.BooleanField(required=False)
    after = forms.CharField(required=False, max_length=20)

    def asked(self, today: date) -> Asked:
        given = self._given()
        return Asked(
            on=given.get("on") or today,
            words=given.get("words", ""),
            letter=given.get("letter", ""),
            category=given.get("category", ""),
            standing=given.get("standing", ""),
            line_of_business=given.get("line_of_business", ""),
            is_unread=given.get("unread", False),
        )

    def goes_on_after(self) -> str:
        """The number after which the list goes on."""
        after: str = self._given().get("after", "")
        return after

    def _given(self) -> dict[str, Any]:
        self.full_clean()
        return self.cleaned_data


class NewsForm(forms.Form):
    """How far back to look, and where in the list to go on: a day and a key."""

    SPANS = [(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "a year"), (0, "everything")]
    USUAL = 30

    back = forms.ChoiceField(
        label="Looking back",
        required=False,
        choices=SPANS,
        error_messages={"invalid_choice": "Look back 7, 30, 90 or 365 days, or 0 for everything."},
    )
    after = forms.RegexField(
        r"^\d{4}-\d{2}-\d{2}/\d{1,18}$",
        required=False,
        error_messages={"invalid": "The list cannot go on from there; this is its beginning."},
    )

    def days(self) -> int:
        return int(self._given().get("back") or self.USUAL)

    def below(self) -> tuple[date, int] | None:
        day, _, key = self._given().get("after", "").partition("/")
        return (date.fromisoformat(day), int(key)) if key else None

    def clean_after(self) -> str:
        after: str = self.cleaned_data["after"]
        try:
            date.fromisoformat(after[:10] or "2026-01-01")
        except ValueError as error:
            raise forms.ValidationError(self.fields["after"].error_messages["invalid"]) from error
        return after

    def _given(self) -> dict[str, Any]:
        self.full_clean()
        return self.cleaned_data


class ReviewsForm(forms.Form):
    """Whose reviews, in which category, of which month; and the place after which to go on."""

    owner = forms.RegexField(
        r"^(-|\d{1,9})$",
        required=False,
        error_messages={"invalid": "Choose an owner of the list."},
    )
    category = forms.CharField(required=False, max_length=80)
    due = forms.RegexField(
        r"^(overdue|later|not-stated|(19|20|21)\d{2}-(0[1-9]|1[0-2]))$",
        required=False,
        error_messages={"invalid": "Write the month as 2026-03."},
    )
    after = forms.CharField(required=False, max_length=32)

    def given(self) -> dict[str, str]:
        self.full_clean()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


@dataclass(frozen=True, slots=True)
class Browsed:
    """Which codes of a set are looked through; keys are empty where nothing was given."""

    on: date
    starts: str
    after: str
    show: str
    chapter: Chapter | None


class StartsForm(forms.Form):
    """The first characters of codes or their chapter, whether they are valid, and the key after
    which the list goes on. What is wrong narrows nothing."""

    VALID, ENDED, NOT_YET = "valid", "ended", "not-yet"
    SHOWS = [(VALID, "Valid"), (ENDED, "Ended"), (NOT_YET, "Not yet valid")]

    starts = forms.CharField(label="Begins with", required=False, max_length=14)
    after = forms.CharField(required=False, max_length=14, widget=forms.HiddenInput)
    chapter = forms.TypedChoiceField(
        required=False, coerce=int, choices=[(one.number, one.title) for one in CHAPTERS]
    )
    show = forms.ChoiceField(required=False, choices=SHOWS)
    on = forms.DateField(label="As of", required=False, error_messages=DAY)

    def asked(self, today: date) -> Browsed:
        self.full_clean()
        given = self.cleaned_data
        number = given.get("chapter")
        return Browsed(
            on=given.get("on") or today,
            starts=_beginning(given.get("starts", "")),
            after=_beginning(given.get("after", "")),
            show=given.get("show") or self.VALID,
            chapter=next((one for one in CHAPTERS if one.number == number), None),
        )


def _beginning(typed: str) -> str:
    """What of it a code can begin with."""
    return "".join(one for one in codes.normalise(typed) if one.isalnum())


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
