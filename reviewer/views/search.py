"""One box for everything: what is exact opens at once, anything else is listed."""

import re
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.look_up import look_up
from policies.models.code_sets import SLUGS
from policies.reading import codes
from policies.search import LONGEST, Results
from policies.search import search as search_library
from policies.views.likely import likely_codes
from reviewer.access import note_shown
from reviewer.decorators import needs
from reviewer.models import Request

FEW = 10
NUMBER = re.compile(r"R-\d{0,2}(-\d*)?", re.IGNORECASE)  # or its beginning
SHORTEST = 3  # characters of a request's number that are worth listing its fellows for


@require_safe
@needs("policies.view_bulletin", "reviewer.view_request")
def search(request: HttpRequest) -> HttpResponse:
    """Go where an exact code, bulletin number or request number leads, or list what is found."""
    words = " ".join(request.GET.get("q", "").split())[:LONGEST]
    on = timezone.localdate()
    results = search_library(words, on=on)
    requests = _requests(request, results.words)
    goals = _exact(words, results, requests)
    if not goals and (address := _named_in_a_range(words, results, on)):
        goals = [address]
    if len(goals) == 1:
        return redirect(goals[0])
    note_shown(request, [one.number for one in requests])
    is_empty = results.is_empty and not requests
    context = {
        "words": words,
        "on": on,
        "results": results,
        "codes": [one for one in (results.code, *results.codes) if one],
        "requests": requests,
        "is_empty": is_empty,
        "likely": _likely(words) if is_empty else [],
    }
    return render(request, "reviewer/search.html", context)


def _requests(request: HttpRequest, words: str) -> list[Request]:
    """Requests in the person's scope whose number begins so."""
    if len(words) < SHORTEST or not NUMBER.fullmatch(words):
        return []
    visible = Request.objects.visible_to(request.user)
    return list(visible.filter(number__startswith=words.upper()).order_by("number")[:FEW])


def _exact(words: str, results: Results, requests: list[Request]) -> list[str]:
    """The addresses of what bears exactly this code or number."""
    asked = words.upper()
    code = [results.code.get_absolute_url()] if results.code else []
    bulletins = [one.get_absolute_url() for one in results.bulletins if one.number.upper() == asked]
    numbered = [one.get_absolute_url() for one in requests if one.number.upper() == asked]
    return code + bulletins + numbered


def _named_in_a_range(words: str, results: Results, on: date) -> str:
    """The page of a code that no release holds, where a bulletin names it all the same."""
    key = codes.normalise(words)
    if not results.is_empty or " " in words or not codes.systems_of(key):
        return ""
    answer = look_up(words, on=on)
    if not answer.hits and not answer.notes:
        return ""
    system = answer.hits[0].span.system if answer.hits else answer.systems[0]
    return reverse("policies:code_detail", args=[SLUGS[system], answer.display])


def _likely(words: str) -> list[tuple[str, str, str]]:
    """Known codes that a mistyped one may stand for: (address, code, short description)."""
    key = codes.normalise(words)
    if " " in words or not any(one.isdigit() for one in key):
        return []
    found = ((code, next(iter(code.descriptors.all()), None)) for code in likely_codes(key))
    return [
        (code.get_absolute_url(), code.display, said.short if said else "") for code, said in found
    ]
