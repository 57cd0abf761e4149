"""What was typed and not sent yet: kept while it is typed, listed, brought back, discarded."""

from dataclasses import replace
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST

from reviewer.access import note_shown
from reviewer.decorators import key_of, once, wait_for_turn
from reviewer.form_pages import page_of, sign
from reviewer.models import Draft, Request
from reviewer.time import now
from reviewer.workflow.drafts import (
    Typed,
    drafts_at,
    drafts_of,
    request_at,
    save_draft,
    tab_of,
)
from reviewer.workflow.errors import Refused
from reviewer.workflow.sent_drafts import kept_by_itself

SOMEONE_ELSE = "This page was opened by someone else, or too long ago. Open it anew."
OUT_OF_SCOPE = "You do not see this request any more."


@require_http_methods(["GET", "HEAD", "POST"])
def draft_list(http_request: HttpRequest) -> HttpResponse:
    """One's own unfinished pages. A page sends what is typed into it here, every few seconds."""
    if http_request.method == "POST":
        return _keep(http_request)
    drafts = list(drafts_of(cast(User, http_request.user)))
    note_shown(http_request, [one.request.number for one in drafts if one.request])
    context = {"drafts": [(one, readable(one.fields)) for one in drafts]}
    return render(http_request, "reviewer/draft_list.html", context)


def _keep(http_request: HttpRequest) -> HttpResponse:
    """Keep what was typed: 200; 409 with what another page kept; 403, 404 and 410 say why not."""
    page, key = page_of(http_request), key_of(http_request)
    if page is None:
        return JsonResponse({"words": SOMEONE_ELSE}, status=403)
    typed = Typed(key, kept_by_itself(http_request), http_request.POST.get("title", ""))
    try:
        of = request_at(cast(User, http_request.user), page.place)
        with transaction.atomic():
            wait_for_turn(http_request, key)
            takes_over = "over" in http_request.POST
            draft = save_draft(page=page, typed=typed, of=of, at=now(), takes_over=takes_over)
    except Request.DoesNotExist:
        return JsonResponse({"words": OUT_OF_SCOPE}, status=404)
    except Refused as refusal:
        return JsonResponse({"words": refusal.sentence}, status=410)
    answer: dict[str, Any] = {
        "at": date_format(timezone.localtime(draft.saved_at), "H:i"),
        "draft": sign(replace(page, revision=draft.revision)),
    }
    if draft.tab == tab_of(key):
        return JsonResponse(answer)
    note_shown(http_request, [of.number] if of else [])
    return JsonResponse(answer | {"fields": draft.fields}, status=409)


@require_POST
@once
def draft_discard(http_request: HttpRequest, pk: int) -> HttpResponse:
    """Forget what was typed, and lead back to the page as it is without."""
    draft = get_object_or_404(drafts_of(cast(User, http_request.user)), pk=pk)
    draft.delete()
    messages.success(http_request, "Discarded what you had typed.")
    return redirect("reviewer:draft_list" if "listed" in http_request.POST else draft.page)


def with_draft(http_request: HttpRequest, place: str = "") -> QueryDict | None:
    """What a page opened again holds, as it was typed: for a form that is built by its fields.

    Forms with `{% draft %}` are filled by the page itself and need this only where the draft
    decides which fields there are. None while a form is sent, and where nothing is kept.
    """
    draft = first_draft(http_request, place)
    if draft is None or http_request.method == "POST":
        return None
    typed = QueryDict(mutable=True)
    for name, value in draft.fields:
        typed.appendlist(name, value)
    return typed


def first_draft(http_request: HttpRequest, place: str = "") -> Draft | None:
    return drafts_here(http_request, place or http_request.get_full_path())[0]


def drafts_here(http_request: HttpRequest, place: str) -> tuple[Draft | None, list[Draft]]:
    """The drafts of a form, asked for once a page."""
    known = http_request.__dict__.setdefault("drafts_here", {})
    if place not in known:
        known[place] = drafts_at(cast(User, http_request.user), place)
    found: tuple[Draft | None, list[Draft]] = known[place]
    return found


def readable(fields: list[list[str]]) -> list[tuple[str, str]]:
    """What a draft says, by the names of its fields, without what is empty or only a number."""
    return [
        (name.rpartition("-")[2].replace("_", " ").capitalize(), value)
        for name, value in fields
        if value.strip() and not value.isdecimal() and not name.endswith("-receipt")
    ]
