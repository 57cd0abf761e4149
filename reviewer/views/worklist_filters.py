"""What narrows a worklist: words in its address, and the lists and fields they come from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from policies.models import LineOfBusiness
from policies.reading.codes import normalise
from reviewer.models import Credential, Request, Reviewer, Role, Urgency
from reviewer.models.requests import RequestQuerySet
from reviewer.views.search_filters import typed_in

Choices = tuple[tuple[str, str], ...]
ANYONE: Final = "anyone"
NOBODY: Final = "nobody"
_SELECTED = mark_safe(" selected")
_LISTS: Final[dict[str, tuple[str, Choices]]] = {
    "state": (
        "State",
        (("", "Every state"), *((one.value, str(one.label)) for one in Request.OPEN)),
    ),
    "urgency": ("Urgency", (("", "Every urgency"), *Urgency.choices)),
    "line": ("Line of business", (("", "Every line of business"), *LineOfBusiness.choices)),
}
_FIELDS: Final = {"code": "Code", "bulletin": "Bulletin"}
LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class People:
    """Who may hold a request, by the name of their account, and the expertise there is."""

    assignees: dict[str, Reviewer]
    specialties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for and understood, as it stands in the address."""

    kept: dict[str, str]
    people: People | None = None
    unasked: str = ANYONE  # whose requests the list shows when nobody is named
    fields: list[SafeString] = field(default_factory=list)

    def narrow(self, found: RequestQuerySet) -> RequestQuerySet:
        """The requests that are so; each word narrows further."""
        for name, value in self.kept.items():
            found = self._held(found, value) if name == "assignee" else _KEEP[name](found, value)
        return found

    def _held(self, found: RequestQuerySet, value: str) -> RequestQuerySet:
        if value in (ANYONE, NOBODY):
            return found.filter(assigned_to__isnull=True) if value == NOBODY else found
        return found.filter(assigned_to=self.people.assignees[value].pk) if self.people else found


_KEEP: Final[dict[str, Callable[[RequestQuerySet, str], RequestQuerySet]]] = {
    "state": lambda found, value: found.filter(state=value),
    "urgency": lambda found, value: found.filter(urgency=value),
    "line": lambda found, value: found.filter(line_of_business=value),
    "specialty": lambda found, value: found.filter(specialty__iexact=value),
    "code": lambda found, value: found.asking_for(normalise(value)),
    "bulletin": lambda found, value: found.named_by(value),
}


def people() -> People:
    """Reviewers of today with what their licenses name. One query."""
    rows = Credential.objects.filter(
        reviewer__user__is_active=True,
        reviewer__role__in=[Role.NURSE_REVIEWER, Role.PHYSICIAN_REVIEWER],
    ).select_related("reviewer__user")
    ordered = rows.order_by("reviewer__user__last_name", "reviewer__user__first_name", "pk")
    licenses = list(ordered)
    return People(
        {one.reviewer.user.get_username(): one.reviewer for one in licenses},
        tuple(sorted({one.specialty for one in licenses if one.specialty})),
    )


def read_filters(
    asked: QueryDict, *, among: People | None = None, unasked: str = ANYONE
) -> Filters:
    """The filters of an address; whatever is not understood narrows nothing.

    A list of many people's work is narrowed `among` them too; `unasked` is whose work it shows
    when the address names nobody.
    """
    lists = {**_LISTS, **(_lists_of(among, unasked) if among else {})}
    kept = {}
    for name, (_, choices) in lists.items():
        value = typed_in(asked, name, most=LONGEST)
        if value and value in dict(choices):
            kept[name] = value
    for name in _FIELDS:
        if value := typed_in(asked, name, most=20):
            kept[name] = value
    return Filters(kept, among, unasked, [*_selects(lists, kept), *_inputs(kept)])


def _lists_of(among: People, unasked: str) -> dict[str, tuple[str, Choices]]:
    names = tuple((name, str(one)) for name, one in among.assignees.items())
    everyone, nobody = (ANYONE, "Taken or not"), (NOBODY, "Nobody has taken")
    first, other = (nobody, everyone) if unasked == NOBODY else (everyone, nobody)
    held = (("", first[1]), other, *names)
    expertise = tuple((one, one) for one in among.specialties)
    return {
        "assignee": ("Taken by", held),
        "specialty": ("Expertise", (("", "Every expertise"), *expertise)),
    }


def _selects(lists: dict[str, tuple[str, Choices]], kept: dict[str, str]) -> Iterable[SafeString]:
    for name, (label, choices) in lists.items():
        yield _select(name, label, choices, kept.get(name, ""))


@lru_cache(maxsize=256)
def _select(name: str, label: str, choices: Choices, chosen: str) -> SafeString:
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, _SELECTED if value == chosen else "", words) for value, words in choices),
    )
    return format_html(
        '<label class="said" for="id_{0}">{1}</label>'
        '<select class="input" id="id_{0}" name="{0}">{2}</select>',
        name,
        label,
        options,
    )


def _inputs(kept: dict[str, str]) -> Iterable[SafeString]:
    for name, label in _FIELDS.items():
        yield format_html(
            '<label class="said" for="id_{0}">{1}</label><input class="input short" id="id_{0}"'
            ' name="{0}" value="{2}" placeholder="{1}" maxlength="20" autocomplete="off">',
            name,
            label,
            kept.get(name, ""),
        )
