"""What a reviewer says when a request changes hands or state."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

from reviewer.forms.fields import Form, fork, words
from reviewer.models import Referral, Request, Reviewer, Role


class ReferForm(Form):
    """A referral: what the reviewer would do, and why, for a physician who has not read it yet."""

    recommendation = fork("What you recommend", Referral.Recommendation)
    reasons = words(
        "Why",
        rows=7,
        help_text="Name the criterion that is not met and the fact in the record. The physician "
        "reads this first.",
    )
    specialty = forms.CharField(
        label="Expertise it needs",
        max_length=80,
        required=False,
        help_text="As the license names it: “Physical medicine”.",
    )


class WantedForm(Form):
    """A request for information."""

    wanted = words(
        "What is missing",
        rows=6,
        help_text="Ask only for what a criterion needs. The provider reads these words.",
    )


class ReceivedForm(Form):
    """Information that came in."""

    what = words("What was received", rows=4, help_text="Name each document, its date and pages.")


class ReasonForm(Form):
    """A change of state that wants its reason on record."""

    reason = words("Why", rows=3)


if TYPE_CHECKING:
    OnePerson = forms.ModelChoiceField[Reviewer]
else:
    OnePerson = forms.ModelChoiceField


class PersonChoice(OnePerson):
    def label_from_instance(self, obj: Reviewer) -> str:
        return f"{obj}, {obj.get_role_display()}"


class AssignForm(Form):
    """To whom a request goes: reviewers who see its line of business."""

    to = PersonChoice(label="Assign to", queryset=Reviewer.objects.none(), empty_label="")

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = possible_assignees(request)  # type: ignore[attr-defined]


def possible_assignees(request: Request) -> QuerySet[Reviewer]:
    """People whose role reviews requests and whose scope holds this one; a referred request goes
    to a physician."""
    roles = [Role.PHYSICIAN_REVIEWER]
    if request.state != Request.State.REFERRED:
        roles.append(Role.NURSE_REVIEWER)
    return Reviewer.objects.select_related("user").filter(
        role__in=roles,
        user__is_active=True,
        lines_of_business__contains=[request.line_of_business],
    )
