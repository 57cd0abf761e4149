"""Asking for information thing by thing, and noting what came."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from policies.models import Criterion
from reviewer.forms.fields import Form, choice, fork, moment, offer
from reviewer.forms.fields import words as text
from reviewer.models import Document, InformationItem, Notice
from reviewer.workflow.criteria.tree import place_of
from reviewer.workflow.information_letters import Limit, Wanted

LONGEST_LABEL = 60  # characters


class AskForm(Form):
    """What is wanted: open criteria that are ticked, and things in words, one in a line."""

    criteria = forms.MultipleChoiceField(
        label="Criteria that are open",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick what the documents do not answer. The provider reads the criterion.",
    )
    wanted = text(
        "What is missing",
        rows=5,
        required=False,
        help_text="One thing in a line. Ask only for what a criterion needs: these words are read.",
    )
    recipient = fork("Who is asked", Notice.Recipient, initial=Notice.Recipient.PROVIDER)
    channel = choice("How it is asked for", Notice.Channel)
    answer_due_at = moment(
        "Answer expected by",
        required=False,
        help_text="No rule states a limit for the answer. Empty: none is set.",
    )
    words = text("What else is said", rows=2, required=False)

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], limit: Limit | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.limit = limit
        self.open = {str(one.pk): one for one in criteria}
        if criteria:
            offer(self.fields["criteria"], [(key, named(one)) for key, one in self.open.items()])
            self.fields["wanted"].label = "What else is missing"
        else:
            del self.fields["criteria"]
            self.fields["wanted"].required = True
        if limit:
            del self.fields["answer_due_at"]

    def clean(self) -> None:
        if not self.errors and not self.items():
            label = self.fields["wanted"].label
            self.add_error("wanted", f"Nothing is entered under “{label}”.")

    def items(self) -> list[Wanted]:
        chosen = [self.open[key] for key in self.cleaned_data.get("criteria", ())]
        lines = self.cleaned_data.get("wanted", "").splitlines()
        free = [Wanted(line.strip()) for line in lines if line.strip()]
        return [*(Wanted(one.text, one) for one in chosen), *free]

    def facts(self) -> dict[str, Any]:
        """What the verb asks."""
        said = self.cleaned_data
        kept = {name: said[name] for name in ("recipient", "channel", "words")}
        return {**kept, "answer_due_at": said.get("answer_due_at"), "items": self.items()}


class ReceivedForm(Form):
    """Information that came in, and which of the things asked for it answers."""

    items = forms.MultipleChoiceField(
        label="What came of what was asked for",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    what = text("What was received", rows=4, help_text="Name each document, its date and pages.")
    is_complete = fork(
        "Is everything in hand that the decision needs?",
        [("yes", "Yes: nothing more is needed to decide"), ("no", "No, or not known yet")],
        initial="no",
        help_text="A reviewer says so. Some limits run from the day on which all of it is there.",
    )
    is_all = forms.BooleanField(
        label="Nothing more is awaited",
        required=False,
        help_text="What has not come will not come.",
    )

    def __init__(
        self,
        *args: Any,
        awaited: Sequence[InformationItem],
        documents: Iterable[Document],
        may_review: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.awaited = {str(one.pk): one for one in awaited}
        self.documents = {str(one.pk): one for one in documents}
        if not may_review:
            del self.fields["is_complete"]
        if not awaited:
            del self.fields["items"], self.fields["is_all"]
            return
        offer(self.fields["items"], [(key, one.wanted) for key, one in self.awaited.items()])
        for key, one in self.awaited.items() if self.documents else ():
            label = f"Document for “{shortened(one.wanted)}”"
            field = choice(label, (), empty="None", required=False)
            offer(field, [(pk, str(document)) for pk, document in self.documents.items()])
            self.fields[f"document-{key}"] = field
        self.order_fields(["items", *(name for name in self.fields if "-" in name), "what"])

    def facts(self) -> dict[str, Any]:
        """What the verb asks. A thing whose document is named has come."""
        said = self.cleaned_data
        named = {key: said.get(f"document-{key}", "") for key in self.awaited}
        came = [key for key in self.awaited if key in said.get("items", ()) or named[key]]
        return {
            "what": said["what"],
            "received": {int(key): self.documents.get(named[key]) for key in came},
            "is_all": said.get("is_all", False),
            "is_complete": said.get("is_complete") == "yes",
        }


def named(criterion: Criterion) -> str:
    return f"{place_of(criterion)} {criterion.text}".strip()


def shortened(words: str) -> str:
    return words if len(words) <= LONGEST_LABEL else f"{words[:LONGEST_LABEL].rstrip()}…"
