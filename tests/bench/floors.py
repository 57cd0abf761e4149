"""The floors: what any signed-in page of this site costs before it says anything."""

import logging
import sys
from collections.abc import Callable, Iterable
from functools import cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import path

from policies.models import Bulletin
from reviewer import urls

ROOT_URLCONF = "tests.bench.floors"
PAGE = (
    '{% extends "base.html" %}{% block title %}Floor{% endblock %}'
    "{% block main %}<h1>{{ bulletin }}</h1>{% endblock %}"
)


class ReadSession(SessionMiddleware):
    """The session is read and never written back: that belongs to the site, not to the floor."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return response


SESSION = [
    "tests.bench.floors.ReadSession",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
STRICT = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    SESSION[0],
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    SESSION[1],
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Floor")


def signed_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username())


def full(request: HttpRequest) -> HttpResponse:
    context = {"bulletin": Bulletin.objects.order_by("pk").first()}
    return HttpResponse(page().render(context, request))


@cache
def page() -> Any:
    return engines["django"].from_string(PAGE)


urlpatterns = [
    path("bench/bare", bare),
    path("bench/signed-in", signed_in),
    path("bench/full", full),
    *urls.urlpatterns,
]

Call = Callable[[], bytes]


def handler(middleware: Iterable[str]) -> WSGIHandler:
    with override_settings(MIDDLEWARE=list(middleware)):
        return WSGIHandler()


class Visitor:
    """A signed-in browser in this process: it asks a WSGI handler for a page."""

    def __init__(self, user: User) -> None:
        self.site = WSGIHandler()  # before the sign-in, for its middleware listens to that
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        name = settings.SESSION_COOKIE_NAME
        self.cookie = f"{name}={client.cookies[name].value}"
        self.error: BaseException | None = None
        self.status = ""
        got_request_exception.connect(self._note)
        logging.getLogger("django.request").setLevel(logging.CRITICAL)  # `_note` keeps them

    def call(self, path: str, query: str = "", *, through: WSGIHandler | None = None) -> Call:
        """A function that fetches the page once and raises when it is not there."""
        application = through or self.site
        environ = self._environ(path, query)

        def fetch() -> bytes:
            response = application(environ | {"wsgi.input": BytesIO()}, self._start)
            body = b"".join(response)
            response.close()
            if not self.status.startswith("200"):
                raise LookupError(f"{path} answers {self.status}") from self.error
            return body

        return fetch

    def floors(self) -> dict[str, Call]:
        return {
            "bare view": self.call("/bench/bare", through=handler([])),
            "session and user": self.call("/bench/signed-in", through=handler(SESSION)),
            "full floor": self.call("/bench/full", through=handler(STRICT)),
        }

    def _environ(self, path: str, query: str) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "443" if settings.HTTPS else "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": settings.ALLOWED_HOSTS[0],
            "HTTP_COOKIE": self.cookie,
            "HTTP_ACCEPT": "text/html",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https" if settings.HTTPS else "http",
            "wsgi.errors": None,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

    def _start(self, status: str, headers: list[tuple[str, str]], error: object = None) -> None:
        self.status = status

    def _note(self, sender: object, **facts: object) -> None:
        self.error = sys.exc_info()[1]
