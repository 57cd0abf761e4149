"""Intake: a provider by NPI or name; one whose NPI is new here is entered with the request."""

from typing import Any, Final

from django import forms

from reviewer.forms.fields import SOMETIMES, Part, check_npi, fork, offer, sent, suggesting
from reviewer.models import Provider

MOST_ALIKE: Final = 6
FEWEST: Final = 2  # characters of a name
SEVERAL: Final = "Several providers are called so: choose one, or enter the NPI."


def providers_called(name: str) -> list[Provider]:
    """Those whose name holds the words, as far as they are shown."""
    return list(Provider.objects.filter(name__icontains=name)[:MOST_ALIKE])


class ProviderForm(Part):
    """Fields come as they are needed: which one of several, or the name of a new one."""

    npi = forms.CharField(label="NPI or name", max_length=160, widget=suggesting("providers"))
    chosen = fork("Which one", (), error_messages={"required": SEVERAL})
    name = forms.CharField(label="Name", max_length=160, **SOMETIMES)
    specialty = forms.CharField(label="Specialty", max_length=80, required=False)

    found: Provider | None = None

    def __init__(self, *args: Any, is_needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["npi"].required = is_needed
        typed = sent(self, "npi") or ""
        self.is_number = typed.replace(" ", "").isdigit()
        self.alike = list[Provider]()
        self._find(typed)
        if self.found or not self.is_number:
            del self.fields["name"], self.fields["specialty"]
        if not self.alike:
            del self.fields["chosen"]

    def _find(self, typed: str) -> None:
        if self.is_number:
            self.found = Provider.objects.filter(npi=typed.replace(" ", "")).first()
        elif len(typed) >= FEWEST:
            self.alike = providers_called(typed)
            chosen = self.data.get(self.add_prefix("chosen"))
            if len(self.alike) == 1:
                self.found = self.alike.pop()
            else:
                self.found = next((one for one in self.alike if one.npi == chosen), None)
        offer(self.fields["chosen"], [(one.npi, f"{one}, {one.npi}") for one in self.alike])

    @property
    def key(self) -> str:
        if self.alike:
            return " ".join(one.npi for one in self.alike)
        return self.found.npi if self.found else "new" if self.is_number else ""

    def clean_npi(self) -> str:
        typed = str(self.cleaned_data["npi"])
        if self.found or not typed:
            return self.found.npi if self.found else ""
        if self.is_number:
            check_npi(typed.replace(" ", ""))
            return typed.replace(" ", "")
        if self.alike:
            return typed
        raise forms.ValidationError(
            f"No provider here is called “{typed}”. Enter the NPI; the name is asked then."
        )

    def clean(self) -> None:
        is_new = self.is_number and not self.found and "npi" not in self.errors
        if is_new and not self.cleaned_data.get("name"):
            self.add_error("name", "This NPI is new here: enter the provider's name.")

    def save(self) -> Provider | None:
        """The provider, written where it is new; None where none was named."""
        typed = self.cleaned_data
        if self.found or not typed["npi"]:
            return self.found
        found, _ = Provider.objects.get_or_create(
            npi=typed["npi"], defaults={"name": typed["name"], "specialty": typed["specialty"]}
        )
        return found
