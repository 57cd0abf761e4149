"""The way of a version from its file to its day, and where it stands on that way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from policies.admin.step import Anyone, Case, Group, State, Step
from policies.admin.steps_looking import looking
from policies.admin.steps_signing import signing
from policies.admin.steps_writing import writing
from policies.models import Version


def steps(version: Version, user: Anyone, on: date, *, here: str = "") -> list[Step]:
    """The ten steps in their order, of which one at most is next for this person.

    `here`: the key of the step whose page is open.
    """
    case = Case(version, user, on)
    made = [
        replace(one, is_here=one.key == here)
        for part in (writing, looking, signing)
        for one in part(case)
    ]
    following = None if version.is_frozen else _next(made)
    return [replace(one, is_next=one is following) for one in made]


def _next(made: Sequence[Step]) -> Step | None:
    """Work that is left; then what is to be looked at after the open page; then the signature."""
    place = next((at for at, one in enumerate(made) if one.is_here), -1)
    work = [one for one in made if one.state == State.TO_DO and one.group == Group.WRITE]
    verbs = [one for one in made if one.action]
    to_look = [one for one in made[place + 1 :] if one.state == State.LOOK]
    some = [*work, *to_look, *verbs] if work or verbs else []
    return next((one for one in some if not one.is_here), None)
