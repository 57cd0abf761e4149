"""What the search box offers while it is typed into; without a script nobody asks for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.models import System
from policies.search.typed import read_typed
from policies.type_ahead import Suggestions, suggestions
from reviewer.access import note_shown
from reviewer.decorators import needs
from reviewer.forms.providers import FEWEST, providers_called
from reviewer.models import Request
from reviewer.views.search import is_request_number, requests_numbered

EACH = 6  # of a kind
# Fields for a code ask only for codes of theirs.
PROVIDERS = "providers"
DIAGNOSES = (System.ICD_10_CM.value,)
ONLY = {
    "diagnoses": DIAGNOSES,
    "services": tuple(one for one in System.values if one not in DIAGNOSES),
}


@require_safe
@needs("policies.view_bulletin", "reviewer.view_request")
def search_suggest(request: HttpRequest) -> HttpResponse:
    """Codes, bulletins and requests that may be meant, as the options of a list box."""
    typed = read_typed(request.GET.get("q", "")).asked
    systems = ONLY.get(request.GET.get("of", ""), ())
    if request.GET.get("of") == PROVIDERS:
        return _providers(request, typed)
    requests = list[Request]()
    if not systems and is_request_number(typed):
        requests = requests_numbered(request, typed)[:EACH]
        note_shown(request, [one.number for one in requests])
    found = suggestions(typed, on=timezone.localdate(), limit=EACH, systems=systems)
    context = {
        "typed": typed,
        "found": found,
        "requests": requests,
        "is_for_codes": bool(systems),
        "said": _said(len(found) + len(requests), found),
    }
    return render(request, "reviewer/search_suggest.html", context)


def _providers(request: HttpRequest, typed: str) -> HttpResponse:
    """Providers whose name holds the words; one is chosen by its NPI."""
    found = providers_called(typed) if len(typed) >= FEWEST and not typed.isdigit() else []
    context = {"found": found, "said": _said(len(found), Suggestions())}
    return render(request, "reviewer/parts/suggested_providers.html", context)


def _said(count: int, found: Suggestions) -> str:
    """How many there are, for those who do not see the list."""
    if not count:
        return "No suggestions."
    said = f"{count} suggestion{'' if count == 1 else 's'}"
    return f"{said} for “{found.corrected_to}”." if found.corrected_to else f"{said}."
