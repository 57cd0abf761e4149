"""Appeals: to whom they go, how they are decided."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from reviewer.forms.fields import SOMETIMES, Form, choice, day, fork, moment, words
from reviewer.models import Absence, AppealDecision, Credential, Reviewer
from reviewer.workflow.covering import absent_on


class AppealAssignForm(Form):
    """Who decides: only those who had no part in the request are offered."""

    to = forms.ChoiceField(label="Who decides", widget=forms.RadioSelect)

    def __init__(self, *args: Any, eligible: Sequence[Reviewer], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in eligible}
        held: dict[str, str] = {}
        for one in Credential.objects.valid(on).filter(reviewer__in=eligible):
            held.setdefault(str(one.reviewer_id), _words(one))
        out = absent_on(on)
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (key, f"{one}{held.get(key, '')}{_absence(one, out)}")
            for key, one in self.people.items()
        ]

    def person(self) -> Reviewer:
        return self.people[self.cleaned_data["to"]]


def _absence(one: Reviewer, out: Mapping[int, Absence]) -> str:
    return f"; {out[one.pk].sentence}" if one.pk in out else ""


def _words(credential: Credential) -> str:
    specialty = f", {credential.specialty.lower()}" if credential.specialty else ""
    return f", {credential.title}{specialty}"


class AppealDecideForm(Form):
    """The decision of an appeal; what is overturned also gets a new determination beside it."""

    outcome = fork("Outcome", AppealDecision.Outcome)
    root_cause = choice(
        "Root cause",
        AppealDecision.RootCause,
        help_text="Needed when it is overturned: why the first determination did not stand.",
        **SOMETIMES,
    )
    substance = words(
        "What the appeal says, and what was looked into",
        rows=5,
        help_text="42 CFR 438.406 and 29 CFR 2560.503-1(h) ask that all of it is taken up.",
    )
    rationale_clinical = words("For the clinician", rows=6)
    rationale_plain = words("For the member, in plain language", rows=6)

    @property
    def overturns(self) -> bool:
        """Whether what was sent overturns, in whole or in part."""
        return self.data.get(self.add_prefix("outcome")) in AppealDecision.OVERTURNING

    def clean(self) -> None:
        if self.overturns and not self.cleaned_data.get("root_cause"):
            self.add_error("root_cause", "Say why the first determination did not stand.")


class OutsideDecisionForm(Form):
    """What a body outside the plan decided, from its own notice."""

    outcome = fork("What they decided", AppealDecision.Outcome)
    decided_by = forms.CharField(
        label="Who decided",
        max_length=160,
        help_text="The organization, or the officer of the hearing, as the notice names them.",
    )
    reference = forms.CharField(label="Their number of the case", max_length=60, required=False)
    dated_on = day("Date on the decision")
    received_at = moment(
        "When the plan received it",
        help_text="By whichever way it came first. What is reversed is carried out from then on.",
    )
    summary = words("What it says, and what it has the plan do", rows=6)
