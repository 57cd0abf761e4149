"""What happened to a request while a form of it was open, beside what was typed into the form."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Max

from reviewer.models import AppealDecision, Determination, Event, Referral, Request


@dataclass(frozen=True, slots=True)
class Done:
    """A milestone, and the determination, the referral or the appeal's decision it tells of."""

    event: Event
    determination: Determination | None
    referral: Referral | None
    decision: AppealDecision | None


def last_event(request: Request | None) -> int:
    """The newest milestone that a page knows; 0 for a page of no request."""
    if request is None:
        return 0
    newest: int | None = request.events.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def done_since(request: Request, event: int, *, seen_by: User | AnonymousUser) -> list[Done]:
    """What people did after a milestone, with the words they signed; those of an appeal only for
    whoever may see appeals."""
    later = request.events.filter(pk__gt=event, by__isnull=False).select_related("by__user")
    events = list(later.order_by("pk"))
    signed = determinations_of(request, events)
    referred = {one.referred_at: one for one in request.referrals.all()}
    may_see = seen_by.has_perm("reviewer.view_appeal")
    decided = {one.appeal.number: one for one in decisions_of(request, events)} if may_see else {}
    return [
        Done(
            event=one,
            determination=signed.get(one.after.get("determination") or 0),
            referral=referred.get(one.at) if one.name == Event.Name.REFERRED else None,
            decision=decided.get(one.after["appeal"]) if is_decision(one) else None,
        )
        for one in events
    ]


def determinations_of(request: Request, events: list[Event]) -> dict[int, Determination]:
    named = [pk for one in events if (pk := one.after.get("determination"))]
    signed = Determination.objects.select_related("reason").in_bulk(named)
    for one in signed.values():
        one.request = request
    return signed


def decisions_of(request: Request, events: list[Event]) -> list[AppealDecision]:
    if not any(map(is_decision, events)):
        return []
    return list(AppealDecision.objects.filter(appeal__request=request).select_related("appeal"))


def is_decision(event: Event) -> bool:
    return event.name == Event.Name.APPEAL_DECIDED


def typed_in(bound: Iterable[forms.BaseForm | None]) -> list[tuple[str, str]]:
    """What was typed into forms that were sent: labels with words, as they stand in the fields."""
    return [
        (str(field.label), shown(field))
        for form in bound
        if form is not None and form.is_bound  # a page may lack one of its forms
        for field in form
        if shown(field) and "password" not in field.html_name
    ]


def shown(field: forms.BoundField) -> str:
    """A field's words; for a list those of the choice. Nothing for ticks and for what is empty."""
    value = field.value()
    if not isinstance(value, str) or not value.strip():
        return ""
    choices = getattr(field.field, "choices", ())
    named = {str(key): str(label) for key, label in choices}
    return named.get(value, value)
