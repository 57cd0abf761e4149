"""Forms that were sent and could not be carried out: what they held is kept as a draft."""

import json
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from reviewer.form_pages import FIELD, read
from reviewer.models import Request
from reviewer.workflow.drafts import Pair, Typed, request_at, save_draft
from reviewer.workflow.errors import Refused


def kept_by_itself(http_request: HttpRequest) -> list[Pair]:
    """The fields as a page sends them that keeps them by itself. What is not a list of pairs is
    nothing."""
    try:
        sent = json.loads(http_request.POST.get("fields", ""))
        return [(str(name), str(value)) for name, value in sent]
    except (ValueError, TypeError):
        return []


def fields_and_title(http_request: HttpRequest) -> tuple[list[Pair], str]:
    """Of a form that was sent, or of one that was only to be kept."""
    if http_request.path == reverse("reviewer:draft_list"):
        return kept_by_itself(http_request), http_request.POST.get("title", "")
    lists = http_request.POST.lists()
    return [(name, str(value)) for name, values in lists for value in values], ""


def save_sent_draft(http_request: HttpRequest, *, at: datetime) -> None:
    """Keep what a form holds for whoever opened it; nothing where it does not say so by itself."""
    page = read(http_request.POST.get(FIELD, ""))
    user = User.objects.filter(pk=page.user, is_active=True).first() if page else None
    if page is None or user is None:
        return
    with suppress(Refused, Request.DoesNotExist, ValueError):
        key = UUID(http_request.POST.get("intent", ""))
        typed = Typed(key, *fields_and_title(http_request))
        save_draft(page=page, typed=typed, of=request_at(user, page.place), at=at)
