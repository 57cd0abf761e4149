"""The filters of the search page: read from its address, and set as its form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser, User
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from policies.models import LineOfBusiness, StanceType
from policies.search import Filters, Status
from policies.search.filters import categories

# In the address, and in `Filters`.
NAMES = {
    "stance": "stance_type",
    "status": "status",
    "category": "category",
    "line": "line_of_business",
}


_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_CHOSEN = mark_safe(" selected")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What was asked for; `notes` say which of it was not understood."""

    filters: Filters
    today: date
    notes: tuple[str, ...]

    def address(self, *, without: Iterable[str] = (), **facts: object) -> str:
        """A link to the search with these facts, narrowed as now but for some filters."""
        kept = self.filters.without(*without)
        asked = {
            name: getattr(kept, fact) for name, fact in NAMES.items() if fact in kept.narrowing
        }
        day = {"on": self.filters.on.isoformat()} if self.filters.on != self.today else {}
        return f"?{urlencode({**facts, **asked, **day})}"


def read_filters(asked: QueryDict, *, user: User | AnonymousUser, today: date) -> Narrowing:
    """The filters of an address. What is not understood narrows nothing, and a note says so."""
    notes = []
    values = {fact: typed_in(asked, name, most=80) for name, fact in NAMES.items()}
    known = {
        "stance_type": StanceType.values,
        "status": statuses(user),
        "line_of_business": LineOfBusiness.values,
    }
    for fact, choices in known.items():
        if values[fact] and values[fact] not in choices:
            notes.append(f"There is no {fact.replace('_', ' ')} “{values[fact]}” to filter by.")
            values[fact] = ""
    on = today
    if typed := typed_in(asked, "on", most=20):
        try:
            on = date.fromisoformat(typed)
        except ValueError:
            notes.append(f"“{typed}” is not a day. Write it as {today}, which was taken.")
    values["status"] = values["status"] or Status.IN_EFFECT
    return Narrowing(Filters(on, **values), today, tuple(notes))


def typed_in(asked: QueryDict, name: str, *, most: int) -> str:
    """A value of the address on one line, without what no database keeps."""
    return " ".join(_CONTROLS.sub(" ", asked.get(name, "")[:most]).split())


def statuses(user: User | AnonymousUser) -> list[str]:
    """Versions on their way are for the people who write and approve them."""
    is_staff = user.has_perm("policies.change_version") or user.has_perm("policies.approve_version")
    return [one for one in Status.values if is_staff or one != Status.DRAFT]


def form_fields(filters: Filters, user: User | AnonymousUser) -> list[dict[str, object]]:
    """A label, a name and the options of every list to choose from."""
    named = [(one, one) for one in categories()]
    choices = {
        "stance": ("Stance type", [("", "Any stance type"), *StanceType.choices]),
        "status": ("Status", [(one, Status(one).label) for one in statuses(user)]),
        "category": ("Category", [("", "Any category"), *named]),
        "line": ("Line of business", [("", "Any line of business"), *LineOfBusiness.choices]),
    }
    return [
        {
            "label": label,
            "name": name,
            "options": _options(tuple(options), getattr(filters, NAMES[name])),
        }
        for name, (label, options) in choices.items()
    ]


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, _CHOSEN if value == chosen else "", label) for value, label in choices),
    )
