"""What every request passes through: outages answered, sessions that ended, the access log."""

from collections.abc import Callable
from typing import Final

from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth import logout
from django.db import DatabaseError, DataError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.views.defaults import bad_request
from django_htmx.http import HttpResponseClientRedirect

from reviewer import access, outages, sessions
from reviewer.models import AccessEntry
from reviewer.time import now
from reviewer.workflow.rule_book import one_book
from reviewer.workflow.sent_drafts import save_sent_draft

Next = Callable[[HttpRequest], HttpResponseBase]


class DatabaseOutage:
    """Answer 503 whenever the database does not, whoever below asked it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            response = self.get_response(request)
        except Exception as error:
            if outages.is_outage(error):
                return outages.page()
            raise
        if outages.is_noted(request):
            response.close()
            return outages.page()
        return response


class KeepWhatWasTyped:
    """Keep a form that comes after its session has ended, for whoever had opened it: it stands in
    its page again after the sign-in. The form says whose it is by a value that the site signed;
    nothing of it is shown before."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *arguments: object
    ) -> None:
        """After the check against forgeries, which answers for itself."""
        if request.method == "POST" and not request.user.is_authenticated:
            save_sent_draft(request, at=now())


class SignInAgain:
    """End sessions that are over, send fragments' pages to the sign-in, keep nothing in caches."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        was_signed_in = request.user.is_authenticated
        if was_signed_in and sessions.is_over(request):
            logout(request)
        response = self.get_response(request)
        if was_signed_in:
            response["Cache-Control"] = "no-store"
            if not request.user.is_authenticated:
                response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *arguments: object
    ) -> HttpResponse | None:
        """A fragment cannot show the sign-in: its whole page goes there, and comes back."""
        is_fragment = request.headers.get("HX-Request") == "true"
        is_closed = getattr(view, "login_required", True)
        if not is_fragment or not is_closed or request.user.is_authenticated:
            return None
        back = request.htmx.current_url_abs_path  # type: ignore[attr-defined]
        query = f"?{urlencode({'next': back})}" if back else ""
        return HttpResponseClientRedirect(resolve_url("account_login") + query)


class OneBook:
    """What is only read goes by one book of rules; an act asks for it when it has its locks."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with one_book():
            return self.get_response(request)


class AdminQuestions:
    """Lead from a question that the admin's lists cannot put to Postgres to the whole list.

    Django does so for other wrong filters, but not for a NUL and for a number beyond every year.
    What no field of a form can hold, and only a program sends, is refused.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        is_admin = match is not None and match.view_name.startswith("admin:")
        if not is_admin or not isinstance(error, DataError | OverflowError):
            return None
        if request.method == "POST":
            return bad_request(request, error)
        if not request.GET or ERROR_FLAG in request.GET:
            return None
        return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")


# Pages of the reviewers that never show member data. Whatever is not named here is logged.
WITHOUT_MEMBER_DATA: Final = frozenset({"reviewer:specimen"})
# Asked at every few keys: only those that show or look for requests tell of members.
AT_TIMES_WITH_MEMBER_DATA: Final = frozenset({"reviewer:search_suggest", "reviewer:draft_list"})
RECORD_IN_ADMIN: Final = "admin:reviewer_"


class AccessLog:
    """Write who saw what before its bytes leave; where that fails, nothing leaves."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.user.is_authenticated or not shows_member_data(request):
            return response
        try:
            write_entry(request, response)
        except DatabaseError:
            response.close()
            return outages.page()
        return response


def shows_member_data(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    name = match.view_name
    if name in AT_TIMES_WITH_MEMBER_DATA:
        return access.is_noted(request)
    is_page = match.namespaces[:1] == ["reviewer"] and name not in WITHOUT_MEMBER_DATA
    return is_page or name.startswith(RECORD_IN_ADMIN)


def write_entry(request: HttpRequest, response: HttpResponseBase) -> None:
    match = request.resolver_match
    AccessEntry.objects.create(
        user_id=request.user.pk or 0,
        view=match.view_name[:80] if match else "",
        method=(request.method or "")[:8],
        status=response.status_code,
        requests=access.shown(request),
        is_fragment=request.headers.get("HX-Request") == "true",
    )
