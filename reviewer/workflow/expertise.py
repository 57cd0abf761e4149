"""Whose license names the expertise that a referral asks for.

A word that no license on file has (a slip, or an expertise that nobody here has) closes a request
to nobody: any physician may take it then.
"""

from datetime import date
from typing import Final

from django.db.models import Q
from django.db.models.functions import Lower

from reviewer.models import Credential, Request, Reviewer
from reviewer.models.requests import RequestQuerySet

Held = dict[str, set[str]]  # by line of business the expertise that someone has, in small letters
DOCTOR: Final = Credential.Kind.PHYSICIAN


def expertise_on(on: date) -> dict[int, str]:
    """By reviewer the expertise that a physician's valid license names."""
    held = Credential.objects.valid(on).filter(kind=DOCTOR).exclude(specialty="")
    return {one.reviewer_id: one.specialty for one in held}


def of_person(person: Reviewer, on: date) -> list[str]:
    """The expertise that the person's licenses name on the day."""
    held = Credential.objects.valid(on).filter(reviewer=person, kind=DOCTOR).exclude(specialty="")
    return list(dict.fromkeys(held.values_list("specialty", flat=True)))


def of_others(person: Reviewer, on: date) -> Held:
    """What physicians other than the person have, and the person does not."""
    mine = {one.lower() for one in of_person(person, on)}
    held = Credential.objects.valid(on).filter(kind=DOCTOR, reviewer__user__is_active=True)
    others: Held = {}
    for specialty, lines in held.values_list("specialty", "reviewer__lines_of_business"):
        for line in lines:
            others.setdefault(line, set()).add(specialty.lower())
    return {line: words - mine - {""} for line, words in others.items()}


def is_closed(request: Request, others: Held) -> bool:
    """Whether a referred request waits for an expertise that only others have."""
    return request.specialty.lower() in others.get(request.line_of_business, set())


def open_to(referred: RequestQuerySet, others: Held) -> RequestQuerySet:
    """Of referred requests those that are not closed to the person."""
    closed = _closed(others)
    return _asking(referred).exclude(closed) if closed else referred


def awaited(referred: RequestQuerySet, others: Held, *, most: int = 3) -> list[str]:
    """The expertise for which referred requests wait that are closed to the person."""
    closed = _closed(others)
    if not closed:
        return []
    asked = _asking(referred).filter(closed).order_by("specialty").values_list("specialty")
    return [specialty for (specialty,) in asked.distinct()[:most]]


def _asking(referred: RequestQuerySet) -> RequestQuerySet:
    return referred.alias(asks_for=Lower("specialty"))


def _closed(others: Held) -> Q:
    closed = Q()
    for line, words in others.items():
        if words:
            closed |= Q(line_of_business=line, asks_for__in=sorted(words))
    return closed


def reason(request: Request, person: Reviewer, on: date) -> str:
    """Why the expertise of the person does not fit what the referral asks for; empty if it does."""
    if not request.specialty or not is_closed(request, of_others(person, on)):
        return ""
    held = of_person(person, on)
    named = f"the license of {person} names {' and '.join(held)}" if held else ""
    return (
        f"Request {request} asks for {request.specialty}, and"
        f" {named or f'{person} has no license that names an expertise'}."
    )
