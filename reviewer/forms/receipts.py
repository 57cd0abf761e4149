"""A time that is wrong in the record, and the right one."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from reviewer.forms.fields import Form, choice, moment, offer, words
from reviewer.models import ClockEvent
from reviewer.workflow.receipt_checks import fact_of


class TriedForm(Form):
    """Which time it would be; enough to show what it moves."""

    event = choice("Which time is wrong", (), empty="Choose a time")
    corrected_to = moment("Right time")

    def __init__(self, *args: Any, facts: Sequence[ClockEvent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = {str(one.pk): one for one in facts}
        offer(self.fields["event"], [(pk, self._named(one)) for pk, one in self.facts.items()])
        if len(facts) == 1:
            self.fields["event"].initial = str(facts[0].pk)
        zone = timezone.get_current_timezone_name()
        self.fields["corrected_to"].help_text = f"To the minute, by the clock of {zone}."

    def _named(self, fact: ClockEvent) -> str:
        here = timezone.localtime(fact.at)
        when = f"{here:%Y-%m-%d %H:%M}" if fact.has_time else f"{here:%Y-%m-%d}"
        return f"{fact_of(fact)}, {when}"

    def fact(self) -> ClockEvent:
        return self.facts[self.cleaned_data["event"]]


class ReceiptForm(TriedForm):
    """The whole proposal."""

    reason = words("Why the time in the record is wrong", rows=3)
    evidence = words(
        "What shows the right time",
        rows=3,
        help_text="The header of the fax, the portal's log, the postmark: where it can be seen.",
    )
