"""A worklist: filters that live in the address, counts that agree with it, pages by key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from policies.models import LineOfBusiness
from reviewer.access import note_shown
from reviewer.models import Request, ServiceLine, Urgency
from reviewer.views.governed import governed_by
from reviewer.views.time_left import TimeLeft, decision_left

ROWS: Final = 50
OPEN_STATES = [(value, Request.State(value).label) for value in Request.OPEN]


class FilterForm(forms.Form):
    """What narrows a worklist; whatever is not understood narrows nothing."""

    state = forms.ChoiceField(
        label="State", choices=[("", "Every state"), *OPEN_STATES], required=False
    )
    urgency = forms.ChoiceField(
        label="Urgency", choices=[("", "Every urgency"), *Urgency.choices], required=False
    )
    line = forms.ChoiceField(
        label="Line of business",
        choices=[("", "Every line of business"), *LineOfBusiness.choices],
        required=False,
    )


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    count: int
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One request as a worklist shows it."""

    request: Request
    left: TimeLeft
    governed: Sequence[str]


@dataclass(frozen=True, slots=True)
class Worklist:
    rows: list[Row]
    tabs: list[Tab]
    total: int  # of the current tab
    every: int  # before any filter
    form: FilterForm
    due: str
    next_address: str = ""
    start_address: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.due) or any(self.form.cleaned_data.values())


def due_tabs(at: datetime) -> dict[str, tuple[str, Q]]:
    """The tabs by the word that stands in the address, with what they show."""
    tomorrow = timezone.localtime(at).date() + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, time()))
    return {
        "": ("All", Q()),
        "overdue": ("Overdue", Q(decision_due_at__lt=at)),
        "today": ("Due today", Q(decision_due_at__gte=at, decision_due_at__lt=midnight)),
    }


def build(
    http_request: HttpRequest,
    found: QuerySet[Request],
    *,
    at: datetime,
    referred_first: bool = False,
    extra: dict[str, str] | None = None,
) -> Worklist:
    """The worklist of `found`, narrowed as the address says. `extra` is kept in its links.

    Four queries: one for all counts, one for the page, one for its lines, one for what governs.
    """
    asked = http_request.GET
    form = FilterForm(asked)
    form.is_valid()
    kept = {name: value for name, value in form.cleaned_data.items() if value} | (extra or {})
    tabs = due_tabs(at)
    due = asked.get("due", "") if asked.get("due", "") in tabs else ""
    narrowed = Q(**{_FIELDS[name]: kept[name] for name in _FIELDS if name in kept})
    counts = found.aggregate(
        every=Count("id"),
        **{f"tab_{name}": Count("id", filter=narrowed & q) for name, (_, q) in tabs.items()},
    )
    rows = _page(found.filter(narrowed & tabs[due][1]), asked.get("after", ""), referred_first)
    note_shown(http_request, [row.number for row in rows[:ROWS]])
    address = {**kept, **({"due": due} if due else {})}
    return Worklist(
        rows=_with_facts(rows[:ROWS], at),
        tabs=[
            Tab(label, counts[f"tab_{name}"], _address({**kept, **({"due": name} if name else {})}),
                name == due)
            for name, (label, _) in tabs.items()
        ],
        total=counts[f"tab_{due}"],
        every=counts["every"],
        form=form,
        due=due,
        next_address=_address({**address, "after": _key(rows[ROWS - 1])}) if rows[ROWS:] else "",
        start_address=_address(address) if asked.get("after") else "",
        counts=counts,
    )  # fmt: skip


_FIELDS = {"state": "state", "urgency": "urgency", "line": "line_of_business"}


def _address(facts: dict[str, str]) -> str:
    return f"?{urlencode(facts)}"


_SHOWN = (
    "number", "state", "review_type", "urgency", "line_of_business", "jurisdiction",
    "received_at", "decision_due_at", "decision_tolled_until",
    "member__family_name", "member__given_name",
    "assigned_to__user__username", "assigned_to__user__first_name",
    "assigned_to__user__last_name",
)  # fmt: skip


def _page(found: QuerySet[Request], after: str, referred_first: bool) -> list[Any]:
    """One row more than a page holds, from the key on."""
    first = When(state=Request.State.REFERRED, then=0) if referred_first else When(pk=None, then=0)
    ranked = found.annotate(rank=Case(first, default=Value(1), output_field=IntegerField()))
    if key := _read_key(after):
        ranked = ranked.filter(_beyond(*key))
    shown = ranked.order_by("rank", F("decision_due_at").asc(nulls_last=True), "id")
    asked = ServiceLine.objects.only("request", "system", "code", "starts_on")
    lines = Prefetch("lines", asked.order_by("position"))
    with_facts = shown.select_related("member", "assigned_to__user").prefetch_related(lines)
    return list(with_facts.only(*_SHOWN)[: ROWS + 1])


def _key(row: Any) -> str:
    due = row.decision_due_at.isoformat() if row.decision_due_at else ""
    return f"{row.rank}_{due}_{row.pk}"


def _read_key(text: str) -> tuple[int, datetime | None, int] | None:
    """The key of the last row that was seen; anything else begins at the start."""
    try:
        rank, written, pk = text.split("_")
        due = parse_datetime(written) if written else None
        if due is not None and due.tzinfo is None:
            return None
        return int(rank), due, int(pk)
    except ValueError:
        return None


def _beyond(rank: int, due: datetime | None, pk: int) -> Q:
    """Rows that stand after the key: by rank, then due time (none last), then id."""
    undated = Q(decision_due_at__isnull=True)
    if due is None:
        return Q(rank__gt=rank) | Q(undated, rank=rank, pk__gt=pk)
    later = Q(decision_due_at__gt=due) | undated | Q(decision_due_at=due, pk__gt=pk)
    return Q(rank__gt=rank) | Q(later, rank=rank)


def _with_facts(requests: Sequence[Request], at: datetime) -> list[Row]:
    governed = governed_by(requests, at=at)
    return [
        Row(request, decision_left(request, at=at), governed[request.pk]) for request in requests
    ]
