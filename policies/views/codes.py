"""A code on its page: what it means, which bulletins name it, and what they say of a pair."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.code_help import explain
from policies.code_slips import LONGEST
from policies.forms import AskForm, AskServiceForm
from policies.look_up import ICD_10_CM, Answer, look_up
from policies.models import Code, System
from policies.models.code_sets import SLUGS
from policies.release_board.told import of_code
from policies.views.code_sets import SYSTEMS, described
from policies.views.hit_rows import hit_rows
from policies.views.pair import Pair, ask_pair

NEIGHBOURS = 4  # on each side
LONG = 7  # characters that still fit into the margin at their full size


@require_safe
@permission_required("policies.view_bulletin", raise_exception=True)
def code_detail(request: HttpRequest, system: str, code: str) -> HttpResponse:
    """A code for today, or for the day, line of business and state that the form names."""
    if system not in SYSTEMS:
        return redirect("policies:code_system", system)
    today = timezone.localdate()
    form = _form(request, SYSTEMS[system])
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    on = asked.get("on") or today
    answer = look_up(
        code,
        on=on,
        line_of_business=asked.get("line_of_business"),
        jurisdiction=asked.get("state"),
        system=SYSTEMS[system],
    )
    if answer.code is None and not (answer.hits or answer.notes):
        return _unknown(request, answer, SYSTEMS[system])
    if answer.display != code:
        return _at_its_address(request, answer, system)
    pair = ask_pair(answer.display, SYSTEMS[system], asked, today) if _is_asked(asked) else None
    context = _facts(answer, SYSTEMS[system]) | {
        "name": SYSTEMS[system].label,
        "slug": system,
        "answer": answer,
        "rows": _rows(answer, SYSTEMS[system], pair),
        "bulletins": len({hit.facts.bulletin_id for hit in answer.hits}),
        "near": _neighbours(answer, SYSTEMS[system], on),
        "form": form,
        "pair": pair,
        "is_diagnosis": SYSTEMS[system] == ICD_10_CM,
        "on": on,
    }
    return render(request, "policies/code_detail.html", context)


def _form(request: HttpRequest, system: System) -> AskForm:
    """The question, unbound and for today where none of its fields was sent."""
    kind = AskServiceForm if system == ICD_10_CM else AskForm
    today = timezone.localdate()
    if not set(kind.base_fields) & set(request.GET):
        return kind(initial={"on": today})
    asked = request.GET.copy()
    asked.setdefault("on", today.isoformat())
    return kind(asked)


def _is_asked(asked: dict[str, object]) -> bool:
    """On a service's page a day is enough; on a diagnosis's page the service must be named."""
    return bool(asked) and ("service" not in asked or bool(asked["service"]))


def _rows(answer: Answer, system: System, pair: Pair | None) -> str:
    matched = pair.span_ids if pair else []
    bulletins = {hit.facts.bulletin_id for hit in answer.hits}
    released = of_code(system, answer.display, bulletins) if bulletins else {}
    return hit_rows(answer.hits, display=answer.display, matched=matched, released=released)


def _facts(answer: Answer, system: System) -> dict[str, object]:
    """What the code sets say: the description of the day, the older ones, and the standing."""
    code = answer.code
    said = list(code.descriptors.all()) if code else []
    until = [one for one in said if one.release.valid_from <= answer.on]
    newest = next(iter(until or said[-1:]), None)
    return {
        "code": code,
        "descriptor": newest,
        "older": [one for one in said if one != newest],
        "standing": _standing(code, answer.on) if code else "",
        "is_long": len(answer.display) > LONG,
        "has_codes_below": code is not None and not code.is_billable,
        "is_cpt": system == System.CPT,
    }


def _standing(code: Code, on: date) -> str:
    if code.valid_from > on:
        return f"Not yet valid on {on}: valid from {code.valid_from}."
    if code.valid_to and code.valid_to < on:
        instead = f" Its successor is {code.successor.display}." if code.successor else ""
        return f"No longer valid on {on}: it ended on {code.valid_to}.{instead}"
    end = f"to {code.valid_to}" if code.valid_to else "with no end stated"
    return f"Valid on {on}: from {code.valid_from} {end}."


def _neighbours(answer: Answer, system: System, on: date) -> list[Code]:
    """The codes before and after it in the code set."""
    valid = described(Code.objects.filter(system=system).valid(on), on)
    before = valid.filter(key__lt=answer.key).order_by("-key")[:NEIGHBOURS]
    after = valid.filter(key__gt=answer.key).order_by("key")[:NEIGHBOURS]
    return list(before.union(after).order_by("key"))


def _at_its_address(request: HttpRequest, answer: Answer, slug: str) -> HttpResponse:
    """One code has one address: with its dot, in capitals."""
    if answer.spelling:
        messages.info(request, answer.spelling)
    address = reverse("policies:code_detail", args=[slug, answer.display])
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{address}?{query}" if query else address)


def _unknown(request: HttpRequest, answer: Answer, system: System) -> HttpResponse:
    """Status 404, with what is wrong with the code and what it may have been meant for."""
    found = explain(answer.typed, on=answer.on, systems=[system])
    start = answer.key[:3]
    context = {
        "answer": answer,
        "name": System(system).label,
        "slug": SLUGS[system],
        "help": found,
        "start": start if start.isalnum() and len(answer.key) <= LONGEST else "",
    }
    return render(request, "policies/code_unknown.html", context, status=404)
