"""A file of requests that is chosen to be sent."""

from typing import Any

from django import forms

from reviewer.forms.fields import Form
from reviewer.intake_csv import MOST_BYTES, MOST_REQUESTS, TOO_LARGE


class IntakeFileForm(Form):
    file = forms.FileField(
        label="File of requests",
        help_text=f"CSV in UTF-8, with commas or semicolons; at most {MOST_REQUESTS:,} requests."
        " Nothing is entered before you have seen what would happen.",
        error_messages={
            "required": "No file is chosen. Choose one, then look through it.",
            "empty": "The file is empty. Choose the one that holds the requests.",
        },
        widget=forms.FileInput({"accept": ".csv,.txt,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file
