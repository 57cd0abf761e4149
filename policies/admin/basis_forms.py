"""What is written down to propose another day by which versions are chosen."""

from typing import Any

from django import forms

from policies.models import Bulletin, EffectiveBasis, LineOfBusiness

AS_THE_LINE = "as_the_line"


class BasisForm(forms.Form):
    """For whom, by which day, and why."""

    line_of_business = forms.ChoiceField(
        choices=[("", "None: for a bulletin"), *LineOfBusiness.choices],
        required=False,
        help_text="None where a bulletin is named.",
    )
    bulletin = forms.CharField(
        max_length=20,
        required=False,
        help_text="Its number, as 0907, for a bulletin that goes by a day of its own or is to."
        " Empty: for the line of business.",
    )
    basis = forms.TypedChoiceField(
        label="Goes by",
        choices=[*EffectiveBasis.choices, (AS_THE_LINE, "as the line of business goes")],
        coerce=lambda value: "" if value == AS_THE_LINE else value,
        widget=forms.RadioSelect,
        help_text="The last is only for a bulletin.",
    )
    reason = forms.CharField(
        widget=forms.Textarea({"rows": 3}),
        help_text="Stays with the change for whoever approves it, and after.",
    )

    def clean_bulletin(self) -> Bulletin | None:
        number = self.cleaned_data["bulletin"]
        if not number:
            return None
        found = Bulletin.objects.filter(number=number).first()
        if found is None:
            raise forms.ValidationError(f"No bulletin has the number {number}.")
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "bulletin" in data and bool(data["bulletin"]) == bool(data.get("line_of_business")):
            raise forms.ValidationError("Choose a line of business or a bulletin, not both.")
        if data.get("line_of_business") and data.get("basis") == "":
            self.add_error("basis", "A line of business goes by a day of its own: choose which.")
        return data
