"""What every verb asks first: may this person do it, and how does the request stand now?"""

from collections.abc import Collection
from typing import Final

from django.contrib.auth.models import User

from reviewer.models import Document, Request, Reviewer
from reviewer.permissions import ROLES
from reviewer.workflow.errors import Refused

NOT_SEEN: Final = (
    "There is no such request among those you may see. If you should see it, ask your supervisor."
)
NOT_IN_USE: Final = "The document is not in use in this case. Choose one that is."
REMEDIES: Final = {
    "reviewer.deny_request": "Refer the request to a physician.",
    "reviewer.decide_appeal": "Have the appeal assigned to one.",
}


def who_may(*permissions: str) -> str:
    """The roles that hold one of the permissions, in words, and what to do without them."""
    roles = [role.label for role, names in ROLES.items() if set(permissions) & set(names)]
    if not roles:
        return "No role may do this."
    *first, last = roles
    named = f"{', '.join(first)} or {last}" if first else last
    article = "an" if named[0] in "aeio" else "a"
    return f"Only {article} {named} may do this. {REMEDIES.get(permissions[0], 'Ask one of them.')}"


def has_any(user: User, *permissions: str) -> bool:
    return any(user.has_perm(name) for name in permissions)


def account(by: Reviewer, *permissions: str) -> User:
    """The person's account as the database has it now. Raises Refused without the permission."""
    user = User.objects.get(pk=by.user_id)
    if not has_any(user, *permissions):
        raise Refused(who_may(*permissions))
    return user


def lock(request: Request, *, by: Reviewer, needs: Collection[str]) -> None:
    """Read the request anew and keep others from it until the end of the transaction.

    Raises Refused for whoever lacks every one of the permissions, or does not see the request.
    """
    user = account(by, *needs)
    visible = Request.objects.visible_to(user).select_for_update()
    try:
        request.refresh_from_db(from_queryset=visible)
    except Request.DoesNotExist as error:
        raise Refused(NOT_SEEN) from error
    require_unchanged(request, by)


def require_unchanged(request: Request, by: Reviewer) -> None:
    """Refuse a form that was opened before others changed the request. Its page comes back with
    what they did, and knows it from then on."""
    if request.seen_event is None:
        return
    later = request.events.filter(pk__gt=request.seen_event, by__isnull=False).exclude(by=by)
    if event := later.select_related("by__user").last():
        raise Refused(
            f"{event.by} changed request {request} after you opened this page. Read what was done,"
            " then send yours again if it still holds."
        )


def require_state(request: Request, states: Collection[str], act: str) -> None:
    """Refuse an act on a request that stands elsewhere."""
    if request.state in states:
        return
    labels = dict(Request.State.choices)
    wanted = " or ".join(f"“{labels[state]}”" for state in states)
    raise Refused(
        f"Request {request} stands at “{request.get_state_display()}”, and {act} only at {wanted}."
        " Reload the page to see what happened."
    )


def require_assigned(request: Request, by: Reviewer) -> None:
    """Refuse whoever does not have the request in hand."""
    if request.assigned_to_id == by.pk:
        return
    if request.assigned_to is None:
        raise Refused(f"Nobody has taken request {request}. Take it first.")
    raise Refused(
        f"Request {request} is assigned to {request.assigned_to}. Have it assigned to you first."
    )


def require_words(words: str, what: str) -> None:
    if not words.strip():
        raise Refused(f"Say {what}.")


def require_in_scope(request: Request, person: Reviewer, *permissions: str) -> None:
    """Refuse to hand a request to someone who may not work on it or not see it."""
    user = User.objects.get(pk=person.user_id)
    if not all(user.has_perm(name) for name in permissions):
        raise Refused(f"{person} may not do this work. {who_may(*permissions)}")
    if not Request.objects.visible_to(user).filter(pk=request.pk).exists():
        line = request.get_line_of_business_display()
        raise Refused(f"{person} does not see requests of {line}. Choose someone else.")


def require_in_use(document: Document, request: Request) -> None:
    """Refuse a document of another request, and one that was set aside."""
    if document.request_id != request.pk or document.is_set_aside:
        raise Refused(NOT_IN_USE)
