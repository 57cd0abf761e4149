"""Intake: the service lines and the diagnoses, each as many rows as the page shows."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator

from policies.authorization import Authorization
from reviewer.forms.codes import CodeCheck
from reviewer.forms.fields import Form, choice, day, offer, suggesting
from reviewer.workflow.places_of_service import places_of_service

MOST_LINES = 6
MOST_DIAGNOSES = 12
_SEPARATORS = re.compile(r"[\s,;]+")


def parts(text: str) -> list[str]:
    """What is typed with spaces or commas between: `GP, KX` gives two."""
    return [part for part in _SEPARATORS.split(text.strip()) if part]


class CodeRow(Form):
    """A row with a code. `check` is what the code sets say of it, once it was looked at."""

    check: CodeCheck | None = None

    def hold(self) -> None:
        """Keep what the code sets say, as an error unless a person has accepted the code."""
        if self.check is None:
            return
        accepted = self.check.may_be_accepted and self.cleaned_data["accept"]
        if not self.check.is_good and not accepted:
            self.add_error("code", self.check.words)


class LineForm(CodeRow):
    """One service that is asked for."""

    authorization: Authorization | None = None
    code = forms.CharField(label="Code", max_length=10, widget=suggesting("services"))
    modifiers = forms.CharField(
        label="Modifiers",
        max_length=11,
        required=False,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9]{2}([\s,;]+[A-Za-z0-9]{2}){0,3}$",
                "Up to four modifiers of two characters, as GP KX.",
            )
        ],
    )
    units = forms.IntegerField(
        label="Units",
        min_value=1,
        max_value=99_999,
        error_messages={
            "min_value": "At least 1 unit is asked for on a line.",
            "max_value": "At most 99,999 units are asked for on a line.",
        },
    )
    starts_on = day("First day")
    ends_on = day("Last day")
    frequency = forms.CharField(label="Frequency", max_length=60, required=False)
    place_of_service = choice("Place of service", (), required=False)
    pointers = forms.CharField(label="Diagnoses", max_length=40, initial="1")
    accept = forms.BooleanField(label="The code is as the request has it", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        listed = [(code, f"{code} {name}") for code, name in places_of_service().items()]
        offer(self.fields["place_of_service"], listed)

    def clean_modifiers(self) -> list[str]:
        return [one.upper() for one in parts(self.cleaned_data["modifiers"])]

    def clean_pointers(self) -> list[int]:
        typed = parts(self.cleaned_data["pointers"])
        if not all(one.isascii() and one.isdigit() for one in typed):
            raise forms.ValidationError("Name diagnoses by their numbers, as 1, 2.")
        return [int(one) for one in typed]

    def clean(self) -> None:
        starts, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", f"The last day is before the first, {starts}.")


class DiagnosisForm(CodeRow):
    """One diagnosis, by its code."""

    code = forms.CharField(label="ICD-10-CM code", max_length=10, widget=suggesting("diagnoses"))
    accept = forms.BooleanField(label="The code is as the request has it", required=False)


if TYPE_CHECKING:
    Rows = forms.BaseFormSet[forms.Form]
else:
    Rows = forms.BaseFormSet


class RowFormSet(Rows):
    """Rows; blank ones but the first are passed over."""

    default_error_messages = {
        "too_few_forms": "At least one is needed.",
        "too_many_forms": "There are more than the %(num)d that a request holds.",
    }

    def filled(self) -> list[tuple[int, CodeRow]]:
        """The rows that hold something, with their numbers on the page, from 1."""
        rows = enumerate(self.forms, start=1)
        return [
            (number, row)
            for number, row in rows
            if isinstance(row, CodeRow) and row.cleaned_data.get("code")
        ]


def rows_of(form: type[forms.Form], *, shown: int, most: int) -> Any:
    """A form set class: `shown` rows at first, one of them wanted, `most` in all."""
    return forms.formset_factory(
        form,
        formset=RowFormSet,
        extra=shown - 1,
        min_num=1,
        validate_min=True,
        max_num=most,
        validate_max=True,
        absolute_max=most,
    )


LineFormSet = rows_of(LineForm, shown=1, most=MOST_LINES)
DiagnosisFormSet = rows_of(DiagnosisForm, shown=4, most=MOST_DIAGNOSES)
