"""Forms that were sent and could not be carried out: what they held is kept as a draft."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest

from reviewer.form_pages import FIELD, read
from reviewer.models import Request
from reviewer.workflow.drafts import Typed, request_at, save_draft
from reviewer.workflow.errors import Refused


def save_sent_draft(http_request: HttpRequest, *, at: datetime) -> None:
    """Keep what a form holds for whoever opened it; nothing where it does not say so by itself."""
    page = read(http_request.POST.get(FIELD, ""))
    user = User.objects.filter(pk=page.user, is_active=True).first() if page else None
    if page is None or user is None:
        return
    with suppress(Refused, Request.DoesNotExist, ValueError):
        key = UUID(http_request.POST.get("intent", ""))
        lists = http_request.POST.lists()
        fields = [(name, str(value)) for name, values in lists for value in values]
        typed = Typed(key, fields)
        save_draft(page=page, typed=typed, of=request_at(user, page.place), at=at)
