"""An act that is tried on a clock and not carried out."""

from datetime import datetime
from typing import Any, Final

from django import forms

from reviewer.clocks import Event, EventType
from reviewer.forms.acts import MISSING
from reviewer.forms.fields import Form, choice, day, offer
from reviewer.models import Clock, Notice
from reviewer.workflow.acts.asking import extendable_rule
from reviewer.workflow.acts.extensions import ASKS, grounds_of
from reviewer.workflow.acts.urgency import ASKERS

ACTS: Final = {
    "extension": "The plan extends the decision",
    "asked": "Someone asks for more time",
    "withdrawal": "The extension is withdrawn",
    "urgency": "Urgency is raised",
    "refusal": "Expediting is refused",
    "missing": "Missing information is told",
    "information": "Information arrives",
}
TYPES: Final = {
    "extension": EventType.EXTENSION_NOTICE_SENT,
    "asked": EventType.EXTENSION_REQUESTED,
    "withdrawal": EventType.EXTENSION_WITHDRAWN,
    "urgency": EventType.URGENCY_ATTESTED,
    "refusal": EventType.EXPEDITE_REFUSED,
    "missing": EventType.DEFICIENCY_NOTICE_SENT,
    "information": EventType.INFORMATION_RECEIVED,
}


class WhatIfForm(Form):
    """Every field may stay empty: then the commonest case is tried."""

    act = choice("What if", list(ACTS.items()), empty="Choose an act")
    ground = choice("On the ground", (), required=False, empty="The first that the rule names")
    by_whom = choice("Asked by", list(ASKS.items()), required=False, empty="The enrollee")
    asked_by = choice("Attested by", list(ASKERS.items()), required=False, empty="A physician")
    channel = choice("The letter goes by", Notice.Channel, required=False, empty="Mail")
    decide_by = day("Promised day", required=False)
    respond_by = forms.CharField(label="Time to answer until", required=False, max_length=32)
    on = day("On the day", required=False, help_text="Empty: now.")

    def __init__(self, *args: Any, clock: Clock, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clock, self.at = clock, at
        offer(self.fields["ground"], grounds_of(extendable_rule(clock)))

    def clean_respond_by(self) -> datetime | None:
        said = self.cleaned_data["respond_by"]
        if not said:
            return None
        try:
            return datetime.fromisoformat(said)
        except ValueError:
            return None

    def event(self) -> Event:
        """The act as the engine takes it."""
        asked = self.cleaned_data
        facts: dict[str, Any] = {}
        act = asked["act"]
        if act == "extension":
            ground = asked["ground"] or next(
                iter(dict(grounds_of(extendable_rule(self.clock)))), ""
            )
            facts = {
                "ground": ground,
                "needs_information": ground == MISSING,
                "channel": asked["channel"] or Notice.Channel.MAIL,
                "decide_by": asked["decide_by"],
            }
        elif act == "asked":
            facts = {"by": asked["by_whom"] or "enrollee"}
        elif act == "urgency":
            facts = {"by": asked["asked_by"] or "physician"}
        if act in ("extension", "missing"):
            facts["respond_by"] = asked["respond_by"]
        return Event(TYPES[act], asked["on"] or self.at, **facts)
