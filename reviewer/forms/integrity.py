"""Which corrections the report on the integrity of information is about."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django import forms

from policies.models import LineOfBusiness
from reviewer.forms.fields import Form, choice, day
from reviewer.time import midnight

STATES: Final = [("waiting", "Waiting"), ("approved", "Approved"), ("declined", "Declined")]
USUAL: Final = timedelta(days=90)


class IntegrityForm(Form):
    """Asked by GET: the address keeps the question. A day that is not given is the usual one."""

    start = day("From", required=False)
    end = day("to", required=False)
    line = choice("Line of business", LineOfBusiness, required=False, empty="every line")
    state = choice("Correction", STATES, required=False, empty="any")
    jurisdiction = forms.CharField(label="State", required=False, max_length=2)

    def __init__(self, asked: Any, *, today: date) -> None:
        given = {name: asked.get(name, "") for name in self.base_fields}
        given["start"] = given["start"] or (today - USUAL).isoformat()
        given["end"] = given["end"] or today.isoformat()
        super().__init__(given)
        for each in self.fields.values():
            each.widget.attrs["class"] = "input"
            each.label_suffix = ""
        self.fields["jurisdiction"].widget.attrs |= {"placeholder": "any", "class": "input day"}

    def clean_jurisdiction(self) -> str:
        said: str = self.cleaned_data["jurisdiction"].upper()
        if said and not (len(said) == 2 and said.isascii() and said.isalpha()):
            raise forms.ValidationError("Write the state by its two letters, as NY.")
        return said

    def clean(self) -> None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and start > end:
            self.add_error("end", "The period ends before it starts. Choose a later day.")

    def period(self) -> tuple[datetime, datetime]:
        """From the first moment of the first day to that after the last, in the plan's zone."""
        end = self.cleaned_data["end"]
        after = end if end == date.max else end + timedelta(days=1)
        return midnight(self.cleaned_data["start"]), midnight(after)
