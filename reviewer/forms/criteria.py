"""An answer to a criterion, kept as it is typed, and the pages it points to."""

from typing import Any, Final

from django import forms
from django.http import QueryDict

from reviewer.forms.fields import Form
from reviewer.models import Appeal, CriterionAnswer, Document, Finding, Request
from reviewer.workflow.criteria.answers import LONGEST_NOTE
from reviewer.workflow.guards import NOT_IN_USE

LONGEST_COMMENT: Final = 20_000  # characters
MOST: Final = 2**31 - 1


class AnswerForm(Form):
    """`kept` is the finding that stood in the page: a comment is saved without pressing one."""

    finding = forms.ChoiceField(choices=[("", ""), *Finding.choices], required=False)
    kept = forms.ChoiceField(choices=[("", ""), *Finding.choices], required=False)
    comment = forms.CharField(
        strip=False,
        required=False,
        max_length=LONGEST_COMMENT,
        error_messages={
            "max_length": f"Keep the comment under {LONGEST_COMMENT} characters. What you typed is"
            " still here."
        },
    )
    revision = forms.IntegerField(min_value=0)

    def clean_comment(self) -> str:
        """Lines end as they do everywhere else, not as a browser sends them."""
        comment: str = self.cleaned_data["comment"]
        return comment.replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "finding" not in self.data:
            cleaned["finding"] = cleaned.get("kept", "")
        return cleaned


class EvidenceForm(Form):
    """A page of a document: one that is chosen or, with the prefix "open", the one that is open
    beside the criteria."""

    document = forms.ModelChoiceField(
        Document.objects.none(),
        error_messages={
            "required": "Choose a document.",
            "invalid_choice": NOT_IN_USE,
        },
    )
    page = forms.IntegerField(
        min_value=1,
        max_value=MOST,
        error_messages={"required": "Write the number of the page."},
    )
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)

    def __init__(self, data: QueryDict, *, request: Request) -> None:
        is_open = "open" in data
        super().__init__(data, prefix="open" if is_open else None)
        chosen = self.fields["document"]
        in_use = request.documents.in_use().with_content()
        chosen.queryset = in_use  # type: ignore[attr-defined]
        if is_open:
            chosen.error_messages["required"] = "No page is open. Open one, then add it."
            self.fields["page"].error_messages["required"] = ""


class TakeOverForm(Form):
    """Answers to another version that are to hold here too."""

    answers = forms.ModelMultipleChoiceField(CriterionAnswer.objects.none())

    def __init__(self, data: QueryDict, *, request: Request, appeal: Appeal | None) -> None:
        super().__init__(data)
        given = CriterionAnswer.objects.filter(review__request=request, review__appeal=appeal)
        related = given.select_related("review", "criterion")
        self.fields["answers"].queryset = related  # type: ignore[attr-defined]


def trouble(form: forms.Form) -> str:
    """What is wrong with what was sent, in a sentence or two."""
    said = [str(one) for errors in form.errors.values() for one in errors]
    return " ".join(dict.fromkeys(one for one in said if one))
