"""One box for everything: what is exact opens at once, anything else is listed."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.code_help import Help, Kind, explain
from policies.look_up import look_up
from policies.models.code_sets import SLUGS
from policies.reading import codes
from policies.search import Question, Results, answer
from reviewer.access import note_shown
from reviewer.decorators import needs
from reviewer.models import Request
from reviewer.views.search_filters import Narrowing, form_fields, read_filters, typed_in

FEW = 10
NUMBER = re.compile(r"R-\d{0,2}(-\d*)?", re.IGNORECASE)  # or its beginning
SHORTEST = 3  # characters of a request's number that are worth listing its fellows for


@require_safe
@needs("policies.view_bulletin", "reviewer.view_request")
def search(request: HttpRequest) -> HttpResponse:
    """Go where an exact code, bulletin number or request number leads, or list what is found."""
    narrowing = read_filters(request.GET, user=request.user, today=timezone.localdate())
    results = answer(_question(request, narrowing))
    requests = requests_numbered(request, results.words)
    if goal := _goal(results, requests, narrowing):
        return redirect(goal)
    note_shown(request, [one.number for one in requests])
    is_empty = results.is_empty and not requests
    context = {
        "words": results.words,
        "on": narrowing.filters.on,
        "results": results,
        "codes": [one for one in (results.code, *results.codes) if one],
        "requests": requests,
        "is_empty": is_empty,
        "fields": form_fields(narrowing.filters, request.user),
        "filters": narrowing.filters,
        "narrowed": [narrowing.filters.said(one) for one in narrowing.filters.narrowing],
        "filter_notes": narrowing.notes,
        "within": typed_in(request.GET, "within", most=20) if results.bulletins else "",
        "help": _help(results.words, narrowing.filters.on) if is_empty else None,
        "links": _links(request, results, narrowing),
    }
    return render(request, "reviewer/search.html", context)


def _question(request: HttpRequest, narrowing: Narrowing) -> Question:
    asked = request.GET
    page = asked.get("page", "1")
    return Question(
        words=asked.get("q", ""),
        filters=narrowing.filters,
        is_plain=asked.get("plain") == "1",
        is_as_typed=asked.get("typed") == "1",
        within=typed_in(asked, "within", most=20),
        page=int(page) if re.fullmatch(r"[1-9]\d{0,3}", page) else 1,
    )


def _links(request: HttpRequest, results: Results, narrowing: Narrowing) -> dict[str, Any]:
    """The other questions that the page leads to, by what each is for."""
    words = results.words
    ways = {name: "1" for name in ("plain", "typed") if request.GET.get(name) == "1"}
    facts = {"q": words, **ways}
    within = typed_in(request.GET, "within", most=20)
    page = facts | {"within": within} if within else facts
    return {
        "plain": narrowing.address(**facts | {"plain": "1"}),
        "with_synonyms": narrowing.address(q=words) if "plain" in ways else "",
        "typed": narrowing.address(**facts | {"typed": "1"}),
        "mended": narrowing.address(q=results.corrected_to or results.near or words),
        "unquoted": narrowing.address(q=words.replace('"', " ")) if '"' in words else "",
        "everything": narrowing.address(without=narrowing.filters.narrowing, **facts),
        "all_versions": narrowing.address(**facts, status="all"),
        "every_bulletin": narrowing.address(**facts),
        "before": narrowing.address(**page, page=results.page - 1) if results.page > 1 else "",
        "after": narrowing.address(**page, page=results.page + 1)
        if results.page < results.pages
        else "",
        "within": narrowing.address(**facts) + "&within=",
        "without": [
            (
                " and ".join(narrowing.filters.said(name) for name in names),
                count,
                narrowing.address(without=names, **facts),
            )
            for names, count in results.without
        ],
    }


def _goal(results: Results, requests: list[Request], narrowing: Narrowing) -> str:
    """The one page that is exactly what was typed; empty where there is none, or several."""
    goals = _exact(results, requests, narrowing)
    if not goals and (address := _named_in_a_range(results, narrowing.filters.on)):
        goals = [address]
    return goals[0] if len(goals) == 1 else ""


def is_request_number(words: str) -> bool:
    """Whether they are the number of a request, or enough of its beginning."""
    return len(words) >= SHORTEST and NUMBER.fullmatch(words) is not None


def requests_numbered(request: HttpRequest, words: str) -> list[Request]:
    """Requests in the person's scope whose number begins so."""
    if not is_request_number(words):
        return []
    visible = Request.objects.visible_to(request.user)
    return list(visible.filter(number__startswith=words.upper()).order_by("number")[:FEW])


def _exact(results: Results, requests: list[Request], narrowing: Narrowing) -> list[str]:
    """The addresses of what bears exactly this code or number."""
    asked = results.words.upper()
    code = [results.code.get_absolute_url() + _asked_of(narrowing)] if results.code else []
    bulletins = [one.get_absolute_url() for one in results.numbered if one.number.upper() == asked]
    numbered = [one.get_absolute_url() for one in requests if one.number.upper() == asked]
    return code + bulletins + numbered


def _asked_of(narrowing: Narrowing) -> str:
    """The day and the line of business, as a code's page takes them."""
    asked = {}
    if narrowing.filters.on != narrowing.today:
        asked["on"] = narrowing.filters.on.isoformat()
    if narrowing.filters.line_of_business:
        asked["line_of_business"] = narrowing.filters.line_of_business
    return f"?{urlencode(asked)}" if asked else ""


def _named_in_a_range(results: Results, on: date) -> str:
    """The page of a code that no release holds, where a bulletin names it all the same."""
    words = results.words
    key = codes.normalise(words)
    if not results.is_empty or " " in words or not codes.systems_of(key):
        return ""
    found = look_up(words, on=on)
    if not found.hits and not found.notes:
        return ""
    system = found.hits[0].span.system if found.hits else found.systems[0]
    return reverse("policies:code_detail", args=[SLUGS[system], found.display])


def _help(words: str, on: date) -> Help | None:
    """What is to be said of a code that was typed, and perhaps mistyped; None for mere words."""
    if not any(one.isdigit() for one in words):
        return None
    said = explain(words, on=on)
    return None if said.kind is Kind.UNSHAPED and not said.likely else said
