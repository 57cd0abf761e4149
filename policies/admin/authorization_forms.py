"""What policy staff write about the authorization list: a file, a row by hand, the end of a row."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import Q

from policies.admin.bases import FormOfAuthorizationRule
from policies.authorization import is_inside, overlapping
from policies.forms import DAY
from policies.imports.authorization import MAX_BYTES
from policies.imports.authorization.cells import Unclear, codes_of
from policies.models import AuthorizationList, AuthorizationRule
from policies.states import STATES

STATE_CHOICES = [("", "Every state"), *((state, state) for state in STATES)]
_SHOWN = 5


def reason() -> forms.CharField:
    return forms.CharField(
        max_length=300,
        widget=forms.TextInput({"class": "vTextField"}),
        help_text="Stays in the history of the row.",
    )


class ListForm(forms.Form):
    """A list as a CSV file, and what it does to the rows that are there."""

    file = forms.FileField(
        label="File of the list",
        help_text="CSV in UTF-8. The first line names the columns: low (or code), high,"
        " requirement, line_of_business, plan, state, valid_from, valid_to, note, system. What is"
        " empty holds for all. The next page shows what would change; nothing is stored before.",
        error_messages={"required": "Choose the file of the list."},
        widget=forms.ClearableFileInput({"accept": ".csv,.txt,text/*"}),
    )
    name = forms.CharField(
        max_length=200,
        label="Name of the document",
        help_text="As answers cite it: “2026 authorization list”.",
        widget=forms.TextInput({"class": "vTextField"}),
    )
    way = forms.ChoiceField(
        label="What it does",
        choices=[
            ("adds", "It adds: rows that it does not name go on"),
            ("replaces", "It replaces: rows that it does not repeat end on the day before"),
        ],
        initial="adds",
        widget=forms.RadioSelect,
    )
    replaces_from = forms.DateField(
        label="Replaces from",
        required=False,
        widget=AdminDateWidget,
        error_messages=DAY,
        help_text="The first day of the new list, as 2026-07-01. Only where it replaces.",
    )
    begins = forms.DateField(
        label="First day of rows that state none",
        required=False,
        widget=AdminDateWidget,
        error_messages=DAY,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                f"The file holds {file.size:,} bytes and a list at most {MAX_BYTES:,}: divide it."
            )
        return file

    def clean(self) -> None:
        replaces = self.cleaned_data.get("way") == "replaces"
        day = self.cleaned_data.get("replaces_from")
        if replaces and not day and "replaces_from" not in self.errors:
            self.add_error("replaces_from", "Write the day from which the new list replaces.")
        if day and not replaces:
            self.add_error("way", "A day to replace from is given: choose “replaces”, or empty it.")


class RuleForm(FormOfAuthorizationRule):
    """A row by hand, under a document that is there or a new one."""

    low = forms.CharField(max_length=20, label="Code, or the first of a range")
    high = forms.CharField(max_length=20, required=False, label="Last of the range")
    state = forms.ChoiceField(choices=STATE_CHOICES, required=False)
    source = forms.ModelChoiceField(
        AuthorizationList.objects.all(), required=False, label="Source document", empty_label="New"
    )
    document = forms.CharField(
        max_length=200,
        required=False,
        label="Name of a new document",
        widget=forms.TextInput({"class": "vTextField"}),
        help_text="Where it is not among the sources: “Provider notice of March 2, 2026”.",
    )
    reason = reason()
    is_meant = forms.BooleanField(
        required=False,
        label="Rows overlap, and that is meant",
        help_text="Only asked for where the row meets others of equal rank.",
    )

    class Meta:
        model = AuthorizationRule
        fields = [
            "system", "requirement", "line_of_business", "plan", "valid_from", "valid_to", "note",
        ]  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["system"].required = False
        self.fields["system"].help_text = "Empty: as the code is written."

    def clean_plan(self) -> str:
        return " ".join(self.cleaned_data["plan"].split())

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(said.get("source")) == bool(said.get("document")):
            self.add_error("source", "Choose a source document, or name a new one; not both.")
        if not self.errors:
            self._read_codes(said)
        if not self.errors:
            self._meet_others(said)
        return said

    def _read_codes(self, said: dict[str, Any]) -> None:
        try:
            read = codes_of(said["low"].strip(), said["high"].strip(), said["system"])
        except Unclear as unclear:
            told = str(unclear)
            self.add_error("low", told[:1].upper() + told[1:])
            return
        said |= read
        for name, value in read.items():
            setattr(self.instance, name, value)
        first, last = said["valid_from"], said["valid_to"]
        if last and last < first:
            self.add_error("valid_to", f"The last day is before the first, {first}: check both.")

    def _meet_others(self, said: dict[str, Any]) -> None:
        """Refuse what begins twice; warn of rows that no rank tells from this one."""
        row = AuthorizationRule(
            **{name: said[name] for name in SPOKEN}, lower=said["lower"], upper=said["upper"]
        )
        others = overlapping(row)
        twice = [one for one in others if _begins_with(one, row)]
        if twice:
            self.add_error(
                "valid_from",
                f"A row for these codes and people begins on {row.valid_from} already, in"
                f" “{twice[0].source}”: end that one first, or choose another day.",
            )
        equal = [one for one in others if not is_inside(one, row) and not is_inside(row, one)]
        if equal and not twice and not said["is_meant"]:
            self.add_error("is_meant", [_warning(one, row) for one in equal[:_SHOWN]])


SPOKEN = (
    "system", "low", "high", "requirement", "line_of_business", "plan", "state", "valid_from",
    "valid_to",
)  # fmt: skip


def _begins_with(one: AuthorizationRule, row: AuthorizationRule) -> bool:
    same = ("lower", "upper", "valid_from")
    return all(getattr(one, name) == getattr(row, name) for name in same)


def _warning(one: AuthorizationRule, row: AuthorizationRule) -> str:
    until = f"until {one.valid_to}" if one.valid_to else "without an end"
    told = (
        f"Row {one.printed} of “{one.source}” says {one.get_requirement_display().lower()} for the"
        f" same people from {one.valid_from} {until}"
    )
    if one.valid_from == row.valid_from:
        return f"{told}: where both hold a code they contradict each other. End it, or tick this."
    later = "this row" if row.valid_from > one.valid_from else "that row"
    return f"{told}: where both hold a code, {later} governs, as it begins later. Tick this if so."


class EndForm(FormOfAuthorizationRule):
    """The last day of a row, which is written, or brought forward, and nothing else."""

    reason = reason()

    class Meta:
        model = AuthorizationRule
        fields = ["valid_to"]
        labels = {"valid_to": "Last day"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "valid_to" in self.fields:
            self.fields["valid_to"].required = True
            self.fields["valid_to"].help_text = (
                "The row speaks on this day for the last time. An end can be brought forward and"
                " not put off. The day before its first withdraws a row that was wrong from the"
                " start: it then never speaks."
            )

    def clean_valid_to(self) -> Any:
        last = self.cleaned_data["valid_to"]
        kept = AuthorizationRule.objects.filter(~Q(valid_to=None), pk=self.instance.pk).first()
        if kept and kept.valid_to and last >= kept.valid_to:
            raise forms.ValidationError(
                f"The row ends on {kept.valid_to}. An end can only be brought forward: write an"
                " earlier day, or enter a row that begins afterwards."
            )
        if last < self.instance.valid_from - timedelta(days=1):
            raise forms.ValidationError(
                f"The row begins on {self.instance.valid_from}: write that day or a later one, or"
                " the day before it to withdraw the row."
            )
        return last
