"""What policy staff give to load a release: its publisher's file, and what it does not say."""

from typing import Any

from django import forms

from policies.forms import DAY
from policies.imports.code_files import FORMATS
from policies.imports.code_files.lines import MAX_BYTES


class ReleaseForm(forms.Form):
    """A file of one of the formats, the release's name and first day."""

    format_name = forms.ChoiceField(
        label="Format", choices=[(name, kind.label) for name, kind in FORMATS.items()]
    )
    file = forms.FileField(
        help_text="The file as its publisher gives it, unpacked; at most"
        f" {MAX_BYTES // 1024**2} MB.",
        error_messages={
            "required": "Choose the file of the release. A browser does not keep a file from one"
            " try to the next, so choose it again; the other fields are as you left them.",
            "empty": "The file is empty: choose the one that holds the codes.",
        },
    )
    release_name = forms.CharField(
        label="Name", max_length=80, help_text="As its publisher names it: “FY2027”."
    )
    valid_from = forms.DateField(
        error_messages=DAY,
        help_text="The first day of the release, as 2026-10-01. Codes that it no longer has end"
        " the day before.",
    )
    is_own_wording = forms.BooleanField(
        label="The descriptors are this site's own wording",
        required=False,
        help_text="Not the publisher's. Pages that show a publisher's CPT descriptors carry the"
        " notice of the American Medical Association.",
    )
    is_accepted = forms.BooleanField(
        label="Load it although lines are not understood",
        required=False,
        help_text="Needed where they are more than 1 % of the file. They are left out, and the"
        " page of the release lists them.",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                f"The file holds {file.size:,} bytes, and a file of codes {MAX_BYTES:,} at most."
            )
        return file

    def facts(self) -> dict[str, Any]:
        """The arguments of the load but for the file itself."""
        source = {"source": self.cleaned_data["file"].name[:200]}
        return source | {key: one for key, one in self.cleaned_data.items() if key != "file"}
