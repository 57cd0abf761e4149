"""When the database does not answer: telling it from other failures, and the page that says so."""

import sys
from typing import Any, Final

import psycopg
from django.contrib.sessions.backends.db import SessionStore
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

OUTAGES: Final = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
NOTED: Final = "database_outage"
RETRY_AFTER_SECONDS: Final = 5
POLICY: Final = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:"


def is_outage(error: BaseException | None) -> bool:
    """Whether the failure, or one that it came from, is the database not answering."""
    while error is not None:
        if isinstance(error, OUTAGES):
            return True
        error = error.__cause__ or error.__context__
    return False


@receiver(got_request_exception, dispatch_uid="reviewer.outages.note")
def note(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Django turns a failure into a page at once, below every middleware: remember what it was."""
    if request is not None and is_outage(sys.exception()):
        request.__dict__[NOTED] = True
        request.session = SessionStore()  # an empty one: nobody waits for the database again


def is_noted(request: HttpRequest) -> bool:
    return NOTED in request.__dict__


def page() -> HttpResponse:
    """503, from a template that needs neither database nor session."""
    response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = POLICY
    return response
