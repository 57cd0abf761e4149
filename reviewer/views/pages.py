"""Pages that stand by themselves."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewer.forms.fields import Form


class SpecimenForm(Form):
    """One field of each kind, as every form of the site shows them."""

    units = forms.IntegerField(label="Units given", help_text="20 were asked for.")
    reason = forms.ChoiceField(
        choices=[("B07", "B07 Excluded by the plan: vocational"), ("C01", "C01 Criteria met")],
        help_text="The list is kept by policy staff.",
    )
    serviced_on = forms.DateField(
        label="Date of service",
        error_messages={"invalid": "Write the day as 2026-03-02."},
    )
    letter = forms.FileField(label="Signed letter", required=False)
    rationale = forms.CharField(label="For the clinician", widget=forms.Textarea({"rows": 3}))
    ground = forms.ChoiceField(
        label="On what ground",
        choices=[("benefit", "Benefit exclusion"), ("necessity", "Medical necessity")],
        widget=forms.RadioSelect,
        help_text="This decides who may sign and which rights apply.",
    )
    told = forms.MultipleChoiceField(
        label="Who is told",
        choices=[("member", "Member"), ("provider", "Provider"), ("facility", "Facility")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_expedited = forms.BooleanField(
        label="Expedited", required=False, help_text="A physician's word is enough."
    )

    def clean_units(self) -> int:
        units: int = self.cleaned_data["units"]
        if units > 20:
            raise forms.ValidationError("Give 20 or fewer, or record a modification.")
        return units

    def clean(self) -> None:
        if self.errors:
            raise forms.ValidationError("Not saved. Mend what is marked below, then save again.")


SPECIMEN_STANCES = [
    "covered_if_criteria_met",
    "covered",
    "not_covered",
    "experimental",
    "related",
    "unknown",
]


def by_mail(request: HttpRequest) -> HttpResponse:
    """Instead of django-allauth's pages that send mail: an administrator sets passwords here, and
    a mailbox is no way into an account."""
    raise Http404("This site sends no mail.")


@require_safe
def specimen(request: HttpRequest) -> HttpResponse:
    """Every part of the design in every state, so that it can be looked at."""
    typed = {"wrong-units": "24", "wrong-reason": "B07", "wrong-serviced_on": "in March"}
    context = {
        "stances": SPECIMEN_STANCES,
        "form": SpecimenForm(initial={"units": 12, "reason": "C01", "is_expedited": True}),
        "wrong": SpecimenForm(typed, prefix="wrong"),
    }
    return render(request, "reviewer/specimen.html", context)
