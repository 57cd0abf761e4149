"""What is asked of whoever moves a clock; the same fields ask what an act would change."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms

from reviewer.forms.fields import SOMETIMES, Form, choice, day, fork, moment, offer, words
from reviewer.forms.notices import WRITTEN
from reviewer.models import Clock, Notice
from reviewer.workflow.acts.asking import extendable_rule
from reviewer.workflow.acts.extensions import ASKS, grounds_of
from reviewer.workflow.acts.urgency import ASKERS

Channel = Notice.Channel
MISSING: Final = "claimant_information_missing"


class ExtendForm(Form):
    """More time: on which ground, why, until when."""

    ground = fork("On what ground", ())
    why = words(
        "What keeps the plan from deciding in time",
        rows=4,
        help_text="The member reads these words in the letter.",
    )
    wanted = words(
        "What information is missing",
        rows=4,
        help_text="Each document or fact by its name. The letter asks for it in these words.",
        **SOMETIMES,
    )
    decide_by = day(
        "Promise to decide by",
        required=False,
        help_text="An earlier day than the rule gives binds the plan. Empty: the rule's.",
    )
    respond_by = day("Let the claimant answer until", required=False)
    channel = choice("How the letter goes", WRITTEN)

    def __init__(self, *args: Any, clock: Clock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = extendable_rule(clock)
        self.tolls = rule.tolls
        grounds = grounds_of(rule)
        offer(self.fields["ground"], grounds)
        if len(grounds) == 1:
            self.fields["ground"].initial = grounds[0][0]
        if rule.tolls:
            least = f"{rule.respond_within_number} days from receipt count in any case."
            self.fields["respond_by"].help_text = f"Empty, or a later day: {least}"
        else:
            del self.fields["respond_by"]

    def clean(self) -> None:
        is_missing = self.cleaned_data.get("ground") == MISSING
        if is_missing and not self.cleaned_data.get("wanted", "").strip():
            self.add_error("wanted", "Say what is missing: the letter must name it.")

    def facts(self) -> dict[str, Any]:
        stops = self.tolls and self.cleaned_data["ground"] == MISSING
        return {**self.cleaned_data, "needs_information": stops}


class AskedForm(Form):
    """Someone else asks for more time."""

    by_whom = fork("Who asks", list(ASKS.items()))
    said = words("What was said, and by whom", rows=4, help_text="“By telephone, Ms. Winter: …”")


class UrgencyForm(Form):
    """Someone says that waiting would do harm."""

    asked_by = fork("Who says so", list(ASKERS.items()))
    attested_by = forms.CharField(
        label="Their name",
        max_length=120,
        help_text="A physician with knowledge of the case binds the plan.",
    )


class RefuseForm(Form):
    """Expediting is refused."""

    asked_by = fork("Who asked for a fast decision", list(ASKERS.items()))
    why = words(
        "Why the usual time does no harm",
        rows=5,
        help_text="The member reads these words in the letter.",
    )
    told = words(
        "What was said by telephone",
        rows=3,
        help_text="To whom and when, or which calls were tried.",
    )
    channel = choice(
        "How the letter goes",
        WRITTEN,
        empty="It goes later",
        required=False,
    )


class MissingForm(Form):
    """What an urgent request lacks."""

    wanted = words(
        "What is missing",
        rows=5,
        help_text="Each document or fact by its name. The letter asks for it in these words.",
    )
    respond_by = moment("Let them answer until")
    recipient = fork("To whom", Notice.Recipient, initial=Notice.Recipient.PROVIDER)
    channel = choice("How it is told", Channel)

    def __init__(self, *args: Any, hours: int, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["respond_by"].initial = at + timedelta(hours=hours)
        self.fields["respond_by"].help_text = f"{hours} hours from now count in any case."


class OralForm(Form):
    """A decision told by telephone."""

    recipient = fork("Who was told", Notice.Recipient)
    told = words(
        "What was said, and to whom",
        rows=5,
        help_text="The decision, the reason, the right to appeal, and who was on the line.",
    )


class LetterForm(Form):
    """How a letter went whose words are composed from the record."""

    channel = choice("How it was sent", WRITTEN)
