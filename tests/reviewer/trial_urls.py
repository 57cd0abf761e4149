"""The site's addresses, and beside them pages that do just what a test of the middleware needs."""

from django.db import OperationalError, connection
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import include, path

from reviewer import access
from reviewer.decorators import needs, once
from reviewer.models import Member
from reviewer.templatetags.review import intent
from reviewer.urls import urlpatterns as site


def shown(request, number):
    return HttpResponse(access.get_request(request, number).member.family_name)


def streamed(request, number):
    found = access.get_request(request, number)
    return StreamingHttpResponse(iter([found.member.family_name]))


def plain(request):
    return HttpResponse("nothing about anybody")


@needs("reviewer.deny_request")
def physicians(request):
    return HttpResponse("for physicians")


@once
def renamed(request, number):
    """Appends a letter, so that a second effect would show."""
    member = access.get_request(request, number).member
    if request.POST["name"] == "wrong":
        return HttpResponse(intent())
    member.family_name += request.POST["name"]
    member.save()
    if request.headers.get("HX-Request"):
        response = HttpResponse()
        response["HX-Redirect"] = "/trial/plain"
        return response
    return HttpResponseRedirect("/trial/plain")


def outage(request):
    Member.objects.count()
    raise OperationalError("the server closed the connection")


def timed_out(request):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 10")
        cursor.execute("SELECT pg_sleep(1)")
    return HttpResponse()


trial = [
    path("requests/<str:number>", shown, name="trial_shown"),
    path("requests/<str:number>/streamed", streamed, name="trial_streamed"),
    path("requests/<str:number>/renamed", renamed, name="trial_renamed"),
    path("physicians", physicians, name="trial_physicians"),
    path("plain", plain, name="specimen"),
    path("outage", outage, name="trial_outage"),
    path("timed-out", timed_out, name="trial_timed_out"),
]
urlpatterns = [*site, path("trial/", include((trial, "reviewer")))]
