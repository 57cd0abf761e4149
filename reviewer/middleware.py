"""What every request passes through: outages answered, sessions that ended, the access log."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Next = Callable[[HttpRequest], HttpResponse]


class DatabaseOutage:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class SignInAgain(DatabaseOutage):
    pass


class AccessLog(DatabaseOutage):
    pass
