"""What policy staff write: a draft's few facts, a text to import, the day a version begins."""

from typing import Any

from django import forms

from policies.admin.bases import FormOfVersion
from policies.forms import DAY
from policies.models import EffectiveBasis, LineOfBusiness, Version
from policies.reading import MAX_BYTES
from policies.states import STATES

STATE_CHOICES = [(state, state) for state in STATES]


def lines_of_business() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=LineOfBusiness.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: all of them.",
    )


def jurisdictions() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=STATE_CHOICES,
        required=False,
        widget=forms.SelectMultiple({"size": 6}),
        help_text="States. None chosen: all of them.",
    )


class DraftForm(FormOfVersion):
    """The facts of a draft that are not in its text, or that its text leaves open."""

    lines_of_business = lines_of_business()
    jurisdictions = jurisdictions()

    class Meta:
        model = Version
        fields = [
            "lines_of_business",
            "jurisdictions",
            "effective_stated",
            "notice_days",
            "next_review",
            "change_note",
        ]


class ImportForm(forms.Form):
    """A bulletin's text, which becomes the next draft of the bulletin it names."""

    field_order = ["file", "change_note", "lines_of_business", "jurisdictions"]

    file = forms.FileField(
        label="File of the bulletin",
        help_text="The text as copied from the bulletin's page, the page itself as HTML, or the"
        f" text of a printed page; in UTF-8, at most {MAX_BYTES // 1024**2} MB. Of a PDF or a word"
        " processor's file, save the text first. The next page shows line by line what was read.",
        error_messages={
            "required": "Choose the file of the bulletin. A browser does not keep a file from one"
            " try to the next, so choose it again; the other fields are as you left them.",
            "empty": "The file is empty: choose the one that holds the text.",
        },
        widget=forms.ClearableFileInput({"accept": ".txt,.text,.md,.html,.htm,text/*"}),
    )
    category = forms.CharField(
        max_length=80, required=False, help_text="Only counts for a bulletin that is new."
    )
    effective_basis = forms.ChoiceField(
        choices=[("", "As the line of business"), *EffectiveBasis.choices],
        required=False,
        label="Goes by",
        help_text="Only counts for a bulletin that is new.",
    )
    lines_of_business = lines_of_business()
    jurisdictions = jurisdictions()
    change_note = forms.CharField(
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="What changed against the version before, in words for reviewers.",
    )

    def facts(self) -> dict[str, Any]:
        """The file, and the arguments of the import."""
        return dict(self.cleaned_data)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                f"The file holds {file.size:,} bytes and a bulletin at most {MAX_BYTES:,}: give"
                " the text of one bulletin."
            )
        return file


class FolderInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FolderField(forms.FileField):
    """Every file of a folder; the browser sends each with its path only in a field of its own."""

    widget = FolderInput({"multiple": True, "webkitdirectory": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list) else [data] if data else []
        return [super(FolderField, self).clean(one, initial) for one in files or [None]]


class FolderForm(forms.Form):
    """A folder of bulletins, and what holds of all of them."""

    folder = FolderField(
        allow_empty_file=True,  # an empty file is refused by name in the report
        max_length=300,
        help_text="One file for each bulletin: text, HTML or a printed page as text. Each is"
        " imported by itself, whole or not at all.",
    )
    category = forms.CharField(
        max_length=80, required=False, help_text="Only counts for bulletins that are new."
    )
    lines_of_business = lines_of_business()
    jurisdictions = jurisdictions()
    change_note = forms.CharField(
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Goes to every draft of the folder, and may be changed in each.",
    )

    def named_files(self) -> list[tuple[str, Any]]:
        """What the browser sent, without the hidden files that systems leave in folders."""
        named = [(one.name, one) for one in self.cleaned_data["folder"]]
        return [(name, one) for name, one in named if not name.startswith(".")]

    def folder_name(self) -> str:
        count = len(self.named_files())
        return f"{count:,} files" if count != 1 else str(self.named_files()[0][0])

    def options(self) -> dict[str, Any]:
        """What goes to every import."""
        return {key: value for key, value in self.cleaned_data.items() if key != "folder"}


class VerbForm(forms.Form):
    """What a verb of a version asks for."""

    def facts(self) -> dict[str, Any]:
        """The arguments of the verb."""
        return dict(self.cleaned_data)


class PublishForm(VerbForm):
    """From which day a version is in effect. That none is stated must be said, not left out."""

    effective_from = forms.DateField(
        label="In effect from", required=False, error_messages=DAY, help_text="As 2026-03-02."
    )
    is_not_stated = forms.BooleanField(
        label="The effective date is not stated",
        required=False,
        help_text="Nothing will be invented: look-ups will say that it is not stated.",
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "effective_from" in data and bool(data["effective_from"]) == data["is_not_stated"]:
            raise forms.ValidationError(
                "Give the day from which it is in effect, or tick that none is stated; not both."
            )
        return data

    def facts(self) -> dict[str, Any]:
        return {"effective_from": self.cleaned_data["effective_from"]}


class RetireForm(VerbForm):
    """When a version ends without a successor, and why."""

    on = forms.DateField(
        label="No longer in effect from",
        error_messages=DAY,
        help_text="The first day on which it no longer holds, as 2026-03-02.",
    )
    reason = forms.CharField(max_length=200, help_text="Shown to reviewers.")
