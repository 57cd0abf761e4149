"""Who may decide an appeal, and why each of the others may not."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User

from reviewer.models import Appeal, Credential, Involvement, Reviewer
from reviewer.models.determinations import CLINICAL

DECIDE = "reviewer.decide_appeal"


@dataclass(frozen=True, slots=True)
class Standing:
    """What bears on everybody's independence in one appeal, read at once."""

    appeal: Appeal
    parts: dict[int, str]  # what those involved did, by reviewer
    superiors: dict[int, int | None]
    names: dict[int, str]
    licenses: dict[int, list[Credential]]  # valid that day, a physician's first

    @classmethod
    def of(cls, appeal: Appeal, *, on: date) -> "Standing":
        reviewers = list(Reviewer.objects.select_related("user"))
        parts: dict[int, str] = {}
        for one in Involvement.objects.filter(request=appeal.request_id):
            parts.setdefault(one.reviewer_id, one.get_part_display().lower())
        licenses: dict[int, list[Credential]] = {}
        for credential in Credential.objects.valid(on):
            licenses.setdefault(credential.reviewer_id, []).append(credential)
        return cls(
            appeal,
            parts,
            {one.pk: one.reports_to_id for one in reviewers},
            {one.pk: str(one) for one in reviewers},
            licenses,
        )

    def why_not(self, reviewer: Reviewer) -> str | None:
        """Why this person may not decide the appeal, or None."""
        if part := self.parts.get(reviewer.pk):
            return f"{reviewer} had a part in the request: {part}."
        if superior := self.involved_superior(reviewer):
            name, part = self.names[superior], self.parts[superior]
            return f"{reviewer} reports to {name}, who had a part in the request: {part}."
        if self.appeal.request.line_of_business not in reviewer.lines_of_business:
            line = self.appeal.request.get_line_of_business_display()
            return f"{reviewer} does not see requests of {line}."
        held = self.licenses.get(reviewer.pk, [])
        if not held:
            return f"{reviewer} has no license that is valid today."
        if self.is_clinical and held[0].kind != Credential.Kind.PHYSICIAN:
            ground = self.appeal.determination.get_ground_display().lower()
            return f"{reviewer} is not a physician, and the ground is {ground}."
        return None

    @property
    def is_clinical(self) -> bool:
        return self.appeal.determination.ground in CLINICAL

    def involved_superior(self, reviewer: Reviewer) -> int | None:
        """The nearest person above who had a part in the request."""
        person, seen = self.superiors.get(reviewer.pk), set[int]()
        while person is not None and person not in seen:
            if person in self.parts:
                return person
            seen.add(person)
            person = self.superiors.get(person)
        return None


def eligible_deciders(appeal: Appeal, *, on: date) -> list[tuple[Reviewer, str | None]]:
    """Everyone who decides appeals; those who may not decide this one come last, with why."""
    standing = Standing.of(appeal, on=on)
    users = User.objects.with_perm(DECIDE, include_superusers=False)
    people = Reviewer.objects.filter(user__in=users).select_related("user")
    judged = [(one, standing.why_not(one)) for one in people]
    return sorted(judged, key=lambda pair: pair[1] is not None)


def why_not(appeal: Appeal, reviewer: Reviewer, *, on: date) -> str | None:
    """Why this person may not decide the appeal, or None."""
    user = User.objects.get(pk=reviewer.user_id)
    if not user.has_perm(DECIDE):
        return f"{reviewer} may not decide appeals."
    return Standing.of(appeal, on=on).why_not(Reviewer.objects.get(pk=reviewer.pk))
