"""One step of a talk between peers: what is asked depends on its kind."""

from datetime import datetime
from typing import Any, Final

from django import forms

from reviewer.forms.fields import SOMETIMES, Form, fork, moment
from reviewer.forms.fields import words as text
from reviewer.models import PeerToPeerStep

Kind = PeerToPeerStep.Kind
Result = PeerToPeerStep.Result
ASKED: Final[dict[str, tuple[str, ...]]] = {
    Kind.REQUESTED: ("proposed_for",),
    Kind.OFFERED: ("proposed_for",),
    Kind.HELD: ("result", "new_information"),
}
# The label of the words, and what helps to find them.
WORDS: Final[dict[str, tuple[str, str]]] = {
    Kind.REQUESTED: ("What they want to speak about", "As they said it."),
    Kind.OFFERED: ("How it was offered", "“By telephone to the office, Ms. Winter.”"),
    Kind.ATTEMPTED: ("How they were tried", "The number, who answered, what was left as word."),
    Kind.HELD: ("What was said", "The clinician's opinion, and your answer to it."),
    Kind.DECLINED: ("What the clinician said", ""),
}
OPTIONAL: Final = (Kind.REQUESTED, Kind.OFFERED)


class StepForm(Form):
    """Who, when, what was said; of a talk that was held what it came to."""

    clinician = forms.CharField(
        label="Treating clinician", max_length=120, help_text="Name and degree."
    )
    happened_at = moment("When it happened")
    proposed_for = moment("Proposed for")
    words = text("What was said", rows=4)
    result = fork("What it comes to", Result)
    new_information = text(
        "New information",
        rows=3,
        **SOMETIMES,
        help_text="What the record did not hold, or what will come and by when.",
    )

    def __init__(self, *args: Any, kind: str, at: datetime, clinician: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {"clinician", "happened_at", "words", *ASKED.get(kind, ())}
        for name in set(self.fields) - asked:
            del self.fields[name]
        said = self.fields["words"]
        said.label, said.help_text = WORDS[kind]
        said.required = kind not in OPTIONAL
        said.error_messages["required"] = f"Nothing is entered under “{said.label}”."
        if kind == Kind.REQUESTED:
            self.fields["proposed_for"].required = False
        self.fields["happened_at"].initial = at
        self.fields["clinician"].initial = clinician

    def clean(self) -> None:
        awaits = self.cleaned_data.get("result") == Result.MORE_INFORMATION
        if awaits and not self.cleaned_data.get("new_information", "").strip():
            self.add_error("new_information", "Say what information will come.")
