"""The decision of an appeal in the making, with the new determination where it overturns."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from reviewer.forms.appeals import AppealDecideForm
from reviewer.models import Appeal, AppealDecision
from reviewer.time import local_day
from reviewer.views.deciding import Deciding
from reviewer.views.time_left import decision_left
from reviewer.workflow.appeals import decide_appeal, eligible_deciders


class AppealDeciding:
    """The appeal's form beside the form of a determination; the latter counts when it overturns."""

    def __init__(self, http_request: HttpRequest, appeal: Appeal, *, at: datetime) -> None:
        self.appeal, self.at = appeal, at
        line = appeal.determination.line
        line.request = appeal.request
        self.form = AppealDecideForm(http_request.POST if http_request.method == "POST" else None)
        self.deciding = Deciding(http_request, line, at=at, prefix="new", appeal=appeal)
        self.objection = self._objection()

    def _objection(self) -> str | None:
        """Why this person cannot decide: not independent, or the appeal is someone else's."""
        me, assigned = self.deciding.reviewer, self.appeal.assigned_to
        judged = eligible_deciders(self.appeal, on=local_day(self.at))
        why_not = next((why for one, why in judged if one.pk == me.pk), None)
        if why_not or assigned == me:
            return why_not
        if assigned is None:
            return "It is assigned to nobody yet. A coordinator assigns it."
        return f"It is assigned to {assigned}."

    def is_valid(self) -> bool:
        """Whether it may be signed."""
        sound = [self.form.is_valid()]
        if self.form.overturns:
            sound.append(self.deciding.form.is_valid())
        return self.deciding.is_proved() and all(sound)

    def sign(self) -> AppealDecision:
        """Raises Refused as the workflow does."""
        typed = self.form.cleaned_data
        return decide_appeal(
            appeal=self.appeal,
            outcome=typed["outcome"],
            root_cause=typed["root_cause"] if self.form.overturns else "",
            substance=typed["substance"],
            rationale_clinical=typed["rationale_clinical"],
            rationale_plain=typed["rationale_plain"],
            new_decision=self.deciding.form.decision() if self.form.overturns else None,
            by=self.deciding.reviewer,
            at=self.at,
        )

    def context(self) -> dict[str, Any]:
        return {
            **self.deciding.context(),
            "appeal": self.appeal,
            "appeal_form": self.form,
            "determination": self.appeal.determination,
            "objection": self.objection,
            "left": decision_left(self.appeal, at=self.at),
        }
