"""One step on the way of a version, and what is known of the version when it is judged."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse

from policies.models import Version

Anyone = User | AnonymousUser


class Group(StrEnum):
    WRITE = "Write"
    LOOK = "Look"
    SIGN = "Sign"


class State(StrEnum):
    """How a step stands. Nobody keeps whether somebody looked, so looking is never done."""

    DONE = "done"
    TO_DO = "to do"
    LOOK = "to look at"
    CLOSED = "not possible"

    @property
    def icon(self) -> str:
        return {"done": "ok", "to do": "edit", "to look at": "find", "not possible": "lock"}[self]


@dataclass(frozen=True, slots=True)
class Step:
    """How a step stands, and a sentence that says why.

    `call`: what a button to it says. `action`: the verb that carries it out, where this person may.
    """

    key: str
    group: Group
    state: State
    words: str
    call: str = ""
    address: str = ""
    action: str = ""
    is_next: bool = False
    is_here: bool = False

    @property
    def name(self) -> str:
        return self.key.capitalize()


@dataclass(frozen=True)
class Case:
    """A version, who asks, and the day."""

    version: Version
    user: Anyone
    on: date

    def may(self, permission: str) -> bool:
        return self.user.has_perm(f"policies.{permission}")

    def address(self, page: str) -> str:
        return reverse(f"admin:policies_version_{page}", args=[self.version.pk])

    @cached_property
    def is_draft(self) -> bool:
        return self.version.status == Version.Status.DRAFT

    @property
    def lacks_note(self) -> bool:
        return not self.version.change_note.strip()


def sentence(*parts: str) -> str:
    """The parts that say something, as one: "Every line is placed, 2 mended." """
    whole = ", ".join(one for one in parts if one)
    return f"{whole[:1].upper()}{whole[1:]}."


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
