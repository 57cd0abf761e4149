"""What a reviewer says when a request changes hands or state."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import QuerySet

from reviewer.forms.absences import named
from reviewer.forms.fields import Form, Suggested, fork, words
from reviewer.models import Absence, Credential, Referral, Request, Reviewer, Role
from reviewer.workflow.covering import absent_on
from reviewer.workflow.expertise import expertise_on


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
        widget=Suggested,
        help_text="As the license names it. Suggested is what physicians here have on file.",
    )

    def __init__(self, *args: Any, request: Request, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = specialties_on_file(request, on)
        field = self.fields["specialty"]
        field.widget.suggestions = found
        theirs = (request.requesting_provider.specialty, request.servicing_provider.specialty)
        fitting = [one for one in found if one.lower() in {name.lower() for name in theirs}]
        field.initial = request.specialty or next(iter(fitting), "")


def specialties_on_file(request: Request, on: date) -> list[str]:
    """The expertise of physicians with a valid license who see the request's line of business."""
    held = Credential.objects.valid(on).filter(
        kind=Credential.Kind.PHYSICIAN,
        reviewer__user__is_active=True,
        reviewer__lines_of_business__contains=[request.line_of_business],
    )
    named = held.exclude(specialty="").order_by("specialty")
    return list(named.values_list("specialty", flat=True).distinct())


class QuestionForm(Form):
    """What a physician wants to know before they decide."""

    question = words(
        "Your question",
        rows=4,
        help_text="Name the fact or the criterion. Who referred it reads these words.",
    )


class ReasonForm(Form):
    """A change of state that wants its reason on record."""

    reason = words("Why", rows=3)


if TYPE_CHECKING:
    OnePerson = forms.ModelChoiceField[Reviewer]
else:
    OnePerson = forms.ModelChoiceField


class PersonChoice(OnePerson):
    """A person by name, with who stands in while they are out and what their license names."""

    out: Mapping[int, Absence] = {}
    held: Mapping[int, str] = {}

    def label_from_instance(self, obj: Reviewer) -> str:
        expertise = self.held.get(obj.pk)
        return named(obj, self.out) + (f"; {expertise}" if expertise else "")


class AssignForm(Form):
    """To whom a request goes: reviewers who see its line of business."""

    to = PersonChoice(label="Assign to", queryset=Reviewer.objects.none(), empty_label="")

    def __init__(self, *args: Any, request: Request, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(PersonChoice, self.fields["to"])
        field.out = absent_on(on)
        if request.specialty:
            field.held = expertise_on(on)
            field.help_text = f"The referral asks for {request.specialty}."
        field.queryset = possible_assignees(request)


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
