"""A code on its page: what it means, which bulletins name it, and what they say of a pair."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from policies.code_facts import code_facts, family_rows
from policies.code_help import explain
from policies.code_slips import LONGEST
from policies.forms import AskForm, AskServiceForm
from policies.look_up import ICD_10_CM, Answer, look_up
from policies.models import Code, System
from policies.models.code_sets import SLUGS
from policies.release_board.told import of_code
from policies.spelling import read_code
from policies.views.code_authorization import authorization_rows
from policies.views.code_bulletins import disagreement, other_versions
from policies.views.code_sets import SYSTEMS
from policies.views.hit_rows import hit_rows
from policies.views.pair import Pair, ask_pair

KEPT = ("diagnosis", "service", "line_of_business", "state")
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
    key = read_code(code).key
    family = family_rows(key, SYSTEMS[system])
    answer = look_up(
        code,
        on=on,
        line_of_business=asked.get("line_of_business"),
        jurisdiction=asked.get("state"),
        system=SYSTEMS[system],
        rows=[one for one in family if one.key == key],
    )
    if answer.code is None and not (answer.hits or answer.notes):
        return _unknown(request, answer, SYSTEMS[system])
    if answer.display != code:
        return _at_its_address(request, answer, system)
    pair = ask_pair(answer.display, SYSTEMS[system], asked, today) if _is_asked(asked) else None
    is_diagnosis = SYSTEMS[system] == ICD_10_CM
    context = _facts(answer, SYSTEMS[system], family) | _named_in(answer, on)
    context |= {
        "name": SYSTEMS[system].label,
        "slug": system,
        "answer": answer,
        "rows": _rows(answer, SYSTEMS[system], pair),
        "authorizations": ()
        if is_diagnosis
        else authorization_rows(answer.key, on=on, state=asked.get("state") or ""),
        "form": form,
        "fields": _fields(form),
        "kept": [(name, value) for name, value in request.GET.items() if name in KEPT and value],
        "pair": pair,
        "is_diagnosis": is_diagnosis,
        "on": on,
    }
    return render(request, "policies/code_detail.html", context)


def _named_in(answer: Answer, on: date) -> dict[str, object]:
    """What the hits come to."""
    return {
        "bulletins": len({hit.facts.bulletin_id for hit in answer.hits}),
        "sides": disagreement(answer.hits),
        "has_open_list": any(hit.facts.is_open_list for hit in answer.hits),
        "others": other_versions(answer.elsewhen, on),
    }


def _form(request: HttpRequest, system: System) -> AskForm:
    """The question, unbound and for today where none of its fields was sent."""
    kind = AskServiceForm if system == ICD_10_CM else AskForm
    today = timezone.localdate()
    if not set(kind.base_fields) & set(request.GET):
        return kind(initial={"on": today})
    asked = request.GET.copy()
    asked.setdefault("on", today.isoformat())
    return kind(asked)


def _fields(form: AskForm) -> SafeString:
    """The fields of the question; of a blank one they are the same for everybody on a day."""
    return _set(form) if form.is_bound else _blank_fields(type(form), form.initial["on"])


@lru_cache(maxsize=8)
def _blank_fields(kind: type[AskForm], on: date) -> SafeString:
    return _set(kind(initial={"on": on}))


def _set(form: AskForm) -> SafeString:
    return render_to_string("policies/parts/ask_fields.html", {"form": form})


def _is_asked(asked: dict[str, object]) -> bool:
    """A day alone asks of the code; on a diagnosis's page a pair needs its service."""
    if "service" in asked:
        return bool(asked["service"])
    return any(asked.get(name) for name in KEPT)


def _rows(answer: Answer, system: System, pair: Pair | None) -> str:
    matched = pair.span_ids if pair else []
    bulletins = {hit.facts.bulletin_id for hit in answer.hits}
    released = of_code(system, answer.display, bulletins) if bulletins else {}
    return hit_rows(answer.hits, display=answer.display, matched=matched, released=released)


def _facts(answer: Answer, system: System, family: Sequence[Code]) -> dict[str, object]:
    """What the code sets say; of a code that none holds, what it was perhaps meant for."""
    facts = code_facts(answer.key, system, on=answer.on, rows=family)
    return {
        "facts": facts,
        "help": None if facts.code else explain(answer.display, on=answer.on, systems=[system]),
        "is_long": len(answer.display) > LONG,
        "is_cpt": system == System.CPT,
    }


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
