"""What opens a view: a role's right, and an intent that is carried out once."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect

from reviewer.form_pages import FIELD, page_of
from reviewer.models import Intent
from reviewer.time import now
from reviewer.workflow.acts.missed_limits import record_missed_limits
from reviewer.workflow.drafts import drop_sent
from reviewer.workflow.guards import who_may

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
KEY: Final = "intent"
# A hash kept beside all else that was sent would give the password of a signature to guessing.
NOT_OF_THE_BODY: Final = {KEY, "csrfmiddlewaretoken", "password", FIELD}
LEADS: Final = ("Location", "HX-Redirect", "HX-Location")


def needs(*permissions: str) -> Callable[[View[P]], View[P]]:
    """Open a view to whoever holds one of the permissions; the others are told who does."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not any(request.user.has_perm(name) for name in permissions):
                raise PermissionDenied(who_may(*permissions))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def once(view: View[P]) -> View[P]:
    """Carry a posted form out once, by the key that `{% intent %}` put into it.

    A repeat is led to the first answer; another body under the same key is refused. A form that
    comes back for mending has had no effect, so its key stays free. Before an act on a request or
    an appeal the limits are recorded that it missed: whatever is done now comes after them.
    """

    @wraps(view)
    def carried_out(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        user, key, body = account_of(request), key_of(request), hash_of(request)
        with transaction.atomic():
            wait_for_turn(request, key)
            if earlier := Intent.objects.filter(user=user, key=key).first():
                return repeat(request, earlier, body)
            if number := kwargs.get("number"):  # of a request or an appeal that is touched
                record_missed_limits(at=now(), of=str(number))
            response = view(request, *args, **kwargs)
            location = where_to(request, response)
            if location:
                Intent.objects.create(user=user, key=key, body_hash=body, location=location)
                if page := page_of(request):
                    drop_sent(page=page, key=key)
            return response

    return carried_out


def account_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in first.")
    return request.user


def key_of(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get(KEY, ""))
    except ValueError as error:
        raise BadRequest("The form came without its key.") from error


def hash_of(request: HttpRequest) -> str:
    """What was sent, and where to: fields in their order, files by their content."""
    posted = request.POST.lists()
    fields = [[name, values] for name, values in posted if name not in NOT_OF_THE_BODY]
    files = [
        [name, file.name, hash_of_file(file)]
        for name, uploaded in request.FILES.lists()
        for file in uploaded
    ]
    return hashlib.sha256(json.dumps([request.path, fields, files]).encode()).hexdigest()


def hash_of_file(file: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def wait_for_turn(request: HttpRequest, key: UUID) -> None:
    """Let the same intent of the same person be one at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{request.user.pk} {key}"]
        )


def repeat(request: HttpRequest, earlier: Intent, body: str) -> HttpResponse:
    if earlier.body_hash != body:
        return render(request, "409.html", {"location": earlier.location}, status=409)
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(earlier.location)
    return HttpResponseRedirect(earlier.location)


def where_to(request: HttpRequest, response: HttpResponse) -> str:
    """Where an answer leads that had an effect; empty for a form that comes back."""
    for header in LEADS:
        if led := response.headers.get(header):
            return str(json.loads(led)["path"]) if led.startswith("{") else str(led)
    if response.status_code == 204 or "HX-Trigger" in response.headers:
        return request.path
    return ""
