"""By which version a line is reviewed: one that governs, one that may, another one, or none."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from policies.models import Version
from reviewer.forms.determinations import NO_BULLETIN, VersionChoice
from reviewer.forms.fields import SOMETIMES, Form, fork, words

ANOTHER: Final = "another"


class PolicyChoiceForm(Form):
    """The choice with its reason. What is typed of another bulletin is its number, or “0198 v2”."""

    version = fork("Which version", [])
    another = forms.CharField(
        label="Another bulletin",
        max_length=20,
        help_text="Its number and version: “0198 v2”.",
        **SOMETIMES,
    )
    reason = words("Why", rows=3)

    def __init__(self, *args: Any, versions: Sequence[VersionChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(one.version.pk): one for one in versions}
        names = [(key, str(one.version)) for key, one in self.versions.items()]
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            *names,
            (ANOTHER, "Another"),
            (NO_BULLETIN, "No bulletin applies"),
        ]

    def clean(self) -> None:
        if self.cleaned_data.get("version") != ANOTHER:
            return
        typed = self.cleaned_data.get("another", "")
        found = version_named(typed)
        if not typed:
            self.add_error("another", "Write the number of the bulletin and its version.")
        elif found is None:
            self.add_error(
                "another", f"No published version is called “{typed}”. Write it as “0198 v2”."
            )
        self.cleaned_data["found"] = found

    @property
    def chosen(self) -> Version | None:
        """The version chosen, None for none; the form is valid."""
        value = self.cleaned_data["version"]
        if value == ANOTHER:
            found = self.cleaned_data["found"]
            assert isinstance(found, Version)
            return found
        return self.versions[value].version if value in self.versions else None


def version_named(typed: str) -> Version | None:
    """The published version of “0198 v2”; of a number alone the newest one."""
    number, _, ordinal = typed.strip().lower().partition(" v")
    found = Version.objects.published().filter(bulletin__number=number.strip())
    if ordinal.strip():
        if not (ordinal.strip().isascii() and ordinal.strip().isdecimal()):
            return None
        found = found.filter(ordinal=int(ordinal[:9]))
    return found.select_related("bulletin").order_by("-ordinal").first()
