"""Changing a request and writing the event of it, together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reviewer.models import Event, Request, Reviewer


def record(
    request: Request,
    name: Event.Name,
    *,
    by: Reviewer | None,
    at: datetime,
    sentence: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Event:
    """Write a milestone of the request."""
    return Event.objects.create(
        request=request,
        name=name,
        by=by,
        at=at,
        sentence=sentence,
        before=dict(before or {}),
        after=dict(after or {}),
    )


def change(
    request: Request,
    name: Event.Name,
    *,
    by: Reviewer,
    at: datetime,
    sentence: str = "",
    after: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Event:
    """Set fields of a locked request and write what they were and are; `after` adds facts."""
    before = {field: plain(getattr(request, field)) for field in fields}
    for field, value in fields.items():
        setattr(request, field, value)
    request.revision += 1
    request.save(update_fields=[*fields, "revision"])
    now = {field: plain(getattr(request, field)) for field in fields}
    return record(
        request,
        name,
        by=by,
        at=at,
        sentence=sentence,
        before=before,
        after={**now, **(after or {})},
    )


def plain(value: Any) -> Any:
    """A value as JSON has it; people by their account's name."""
    if isinstance(value, Reviewer):
        return value.user.get_username()
    return value.isoformat() if isinstance(value, datetime) else value
