"""Forms that name what is missing, and their fields: a day, a moment, words, an empty choice."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.urls import reverse_lazy
from django.utils.text import format_lazy

Choice = tuple[str, str]
# For what is needed in some cases only, which `clean` knows: it is not called optional.
SOMETIMES: dict[str, Any] = {
    "required": False,
    "template_name": "reviewer/parts/needed_field.html",
}
ISSUER = "80840"  # the prefix that NPIs carry when their check digit is computed (45 CFR 162.406)


class Form(forms.Form):
    """Says of an answer that is missing which one it is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        usual = forms.Field.default_error_messages["required"]
        for name, field in self.fields.items():
            if field.error_messages["required"] == usual:
                is_choice = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
                done = "chosen" if is_choice else "entered"
                under = field.label or name
                field.error_messages["required"] = f"Nothing is {done} under “{under}”."


class Suggested(forms.TextInput):
    """Words of one's own, with those beside it that are usual."""

    template_name = "reviewer/parts/suggested.html"
    suggestions: Iterable[str] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, {**(attrs or {}), "list": f"usual-{name}"})
        return {**context, "suggestions": self.suggestions}


class Part(Form):
    """A part of a page that is other by what was typed before it: what it shows goes by `key`."""

    @property
    def key(self) -> str:
        """Empty while there is nothing to show."""
        raise NotImplementedError

    @property
    def is_shown(self) -> bool:
        """Whether the page that was sent showed the same already: then it is left alone."""
        return self.is_bound and self.data.get(self.add_prefix("shown"), "") == self.key


def sent(form: forms.Form, name: str) -> Any:
    """What was sent for a field before the form is asked; None where the field refuses it."""
    field = form.fields[name]
    typed = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
    try:
        return field.clean(typed) if form.is_bound else None
    except ValidationError:
        return None


def day(label: str, **options: Any) -> forms.DateField:
    """A day of record, as the browser's date field sends it."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as 2026-03-02."},
        **options,
    )


def moment(label: str, **options: Any) -> forms.DateTimeField:
    """A moment in the plan's time zone."""
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Write the moment as 2026-03-02T10:50."},
        **options,
    )


def words(label: str, *, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows}), **options)


def choice(
    label: str, choices: type[TextChoices] | Iterable[Choice], *, empty: str = "", **options: Any
) -> forms.ChoiceField:
    """A list that starts at nothing, so that no choice is made by leaving it alone."""
    listed = choices.choices if isinstance(choices, type) else list(choices)
    return forms.ChoiceField(label=label, choices=[("", empty), *listed], **options)


def fork(
    label: str, choices: type[TextChoices] | Iterable[Choice], **options: Any
) -> forms.ChoiceField:
    """A few choices that all stand in view."""
    listed = choices.choices if isinstance(choices, type) else list(choices)
    return forms.ChoiceField(label=label, choices=listed, widget=forms.RadioSelect, **options)


def offer(field: forms.Field, choices: Iterable[Choice]) -> None:
    """Let a list hold what the case offers, after its empty choice if it has one."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = [*cast(Iterable[Choice], field.choices), *choices]


def suggesting(of: str) -> forms.TextInput:
    """A field that offers what is known here while it is typed into."""
    address = format_lazy("{}?of={}", reverse_lazy("reviewer:search_suggest"), of)
    return forms.TextInput(
        {"data-suggests": address, "data-fills": "", "autocomplete": "off", "spellcheck": "false"}
    )


def check_npi(npi: str) -> None:
    """Raise unless the ten digits end in their check digit: Luhn's, over 80840 and the number."""
    if len(npi) != 10 or not (npi.isascii() and npi.isdigit()):
        raise ValidationError("An NPI has ten digits.")
    total = 0
    for place, digit in enumerate(reversed(ISSUER + npi)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    if total % 10:
        raise ValidationError("The check digit of this NPI is wrong. Compare it with the request.")
