"""What people did with a version, in the admin's history of it."""

from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from policies.models import Version

SUBMITTED, APPROVED, RETURNED = "Submitted for approval.", "Approved.", "Returned to draft."


def noted(version: Version, what: str, *, by: User | None, at: datetime) -> Version:
    if by is not None:
        LogEntry.objects.create(
            user=by,
            action_time=at,
            content_type=ContentType.objects.get_for_model(Version),
            object_id=str(version.pk),
            object_repr=str(version),
            action_flag=CHANGE,
            change_message=what,
        )
    return version


def why_draft(version: Version) -> str:
    """That an edit took the sign-off back, where nobody returned the version to draft."""
    verbs = _history(version).filter(change_message__regex=f"^({SUBMITTED}|{APPROVED}|{RETURNED})")
    last = verbs.order_by("-pk").values_list("change_message", flat=True).first()
    if version.status != Version.Status.DRAFT or last is None or last.startswith(RETURNED):
        return ""
    signed_off = "approved" if last == APPROVED else "submitted"
    return (
        f" It was edited after it was {signed_off}, and any edit takes a sign-off back: submit it "
        "again."
    )


def _history(version: Version) -> QuerySet[LogEntry]:
    kind = ContentType.objects.get_for_model(Version)
    return LogEntry.objects.filter(content_type=kind, object_id=str(version.pk))
