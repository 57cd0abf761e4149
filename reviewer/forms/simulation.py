"""The form of a simulation: a rule, the limit it might have, and a period."""

from datetime import date
from typing import Any

from django import forms

from reviewer.clocks import Rule
from reviewer.clocks.rules import Unit
from reviewer.forms.fields import Form, choice, day, offer
from reviewer.workflow.rule_words import length_of
from reviewer.workflow.simulation import usual_period

UNITS = [
    (unit.value, unit.value.replace("_", " ")) for unit in Unit if unit is not Unit.APPEAL_LEVELS
]


class SimulationForm(Form):
    """Asked by GET: the address keeps the question."""

    rule = choice("Rule", [], empty="Choose a rule")
    number = forms.IntegerField(label="If the limit were", min_value=0, max_value=9999)
    unit = forms.ChoiceField(label="Unit", choices=UNITS)
    start = day("Done from")
    end = day("to")

    def __init__(self, *args: Any, rules: list[Rule], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(one.rule_id, f"{one.rule_id}: {length_of(one)}") for one in rules]
        offer(self.fields["rule"], named)
        for each in self.fields.values():
            each.widget.attrs["class"] = "input"
            each.label_suffix = ""
        self.fields["start"].initial, self.fields["end"].initial = usual_period(today)

    def clean(self) -> None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and start > end:
            self.add_error("end", "The period ends before it starts. Choose a later day.")
