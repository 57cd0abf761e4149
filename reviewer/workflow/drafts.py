"""What was typed and not sent yet: kept for whoever typed it, one draft for a form of a page.

Two pages of one form, as in two tabs, are told apart by the tab. The page that saw the newest
draft goes on with it; what an older page sends is kept beside it, so neither text is lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import randbelow
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import resolve

from reviewer.form_pages import FIELD, FormPage
from reviewer.models import Appeal, Draft, Intent, Request
from reviewer.models.work import BESIDE
from reviewer.workflow.errors import Refused, verb

Pair = tuple[str, str]
NEVER_KEPT: Final = ("csrfmiddlewaretoken", "intent", FIELD)
MANY: Final = 2**30
CARRIED_OUT: Final = "This form was carried out already. Reload the page to see what was done."


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form holds: `key` is that of its intent, which is never kept itself."""

    key: UUID
    fields: Sequence[Pair]
    title: str = ""

    @property
    def tab(self) -> str:
        return tab_of(self.key)


def tab_of(key: UUID) -> str:
    return sha256(key.bytes).hexdigest()[:16]


def may_be_kept(name: str) -> bool:
    return name not in NEVER_KEPT and "password" not in name


def kept_of(pairs: Iterable[Pair]) -> list[list[str]]:
    """The pairs that are kept, without what the database cannot hold."""
    return [[storable(name), storable(value)] for name, value in pairs if may_be_kept(name)]


def storable(words: str) -> str:
    return words.replace("\x00", "").encode("utf-8", "replace").decode()


@verb
def save_draft(
    *, page: FormPage, typed: Typed, of: Request | None, at: datetime, takes_over: bool = False
) -> Draft:
    """Keep what was typed. Where another page kept something that this one has not seen, that
    stays, and this is kept beside it; whoever asks compares `tab` to know.

    With `takes_over` this text comes first, and the other is kept beside it.
    """
    if Intent.objects.filter(user=page.user, key=typed.key).exists():
        raise Refused(CARRIED_OUT)
    new = {
        "title": storable(typed.title)[:160],
        "request": of,
        "fields": kept_of(typed.fields),
        "tab": typed.tab,
        "saved_at": at,
    }
    mine = Draft.objects.filter(user=page.user)
    # Not from 1: a page that saw a draft that is gone would take this one for it.
    begun = new | {"revision": 1 + randbelow(MANY)}
    first, is_new = mine.select_for_update().get_or_create(
        user_id=page.user, place=page.place, defaults=begun
    )
    if is_new:
        return first
    is_seen = first.revision == page.revision
    if first.tab != typed.tab and not is_seen:
        put_beside(first, typed.tab, new)
        return first
    if takes_over and first.tab != typed.tab:
        old = ("title", "request", "fields", "tab", "saved_at")
        put_beside(first, first.tab, {name: getattr(first, name) for name in old})
    mine.filter(place=place_beside(page.place, typed.tab)).delete()
    for name, value in new.items():
        setattr(first, name, value)
    first.revision += 1
    first.save()
    return first


def put_beside(first: Draft, tab: str, kept: Mapping[str, Any]) -> None:
    Draft.objects.update_or_create(
        user_id=first.user_id, place=place_beside(first.place, tab), defaults=kept
    )


def place_beside(place: str, tab: str) -> str:
    return f"{place}{BESIDE}{tab}"


def drafts_of(user: User) -> QuerySet[Draft]:
    """What a person has begun, of requests that they may see now."""
    seen = Q(request=None) | Q(request__in=Request.objects.visible_to(user))
    return Draft.objects.filter(seen, user=user).select_related("request").order_by("-saved_at")


def drafts_at(user: User, place: str) -> tuple[Draft | None, list[Draft]]:
    """The draft of a form, and what other pages of it hold besides."""
    found = drafts_of(user).filter(Q(place=place) | Q(place__startswith=f"{place}{BESIDE}"))
    first = [one for one in found if one.place == place]
    return (first[0] if first else None), [one for one in found if one.place != place]


def drop_sent(*, page: FormPage, key: UUID) -> None:
    """Forget the draft of a form that was carried out; what another page holds stays."""
    seen = Q(place=page.place, revision=page.revision)
    Draft.objects.filter(Q(tab=tab_of(key)) | seen, user=page.user).delete()


def request_at(user: User, place: str) -> Request | None:
    """The request whose number is in an address, or whose appeal's is. Raises Request.DoesNotExist
    for one that the person does not see now."""
    number = resolve(urlsplit(place).path).kwargs.get("number")
    if number is None:
        return None
    appeals = Appeal.objects.visible_to(user).filter(number=number)
    named = Q(number=number) | Q(pk__in=appeals.values("request"))
    return Request.objects.visible_to(user).get(named)
