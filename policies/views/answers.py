"""The answer for a request: lines beside diagnoses, as a page, as JSON and as CSV."""

from collections.abc import Mapping

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.answers import as_json
from policies.look_up_form import LookUpForm
from policies.views.answer_rows import answer_csv, shown

reads_library = permission_required("policies.view_bulletin", raise_exception=True)


@require_safe
@reads_library
def look_up_page(request: HttpRequest) -> HttpResponse:
    """The question, and under it the answer; the address holds the whole question."""
    form = _form(request.GET)
    context: dict[str, object] = {"form": form, "query": request.GET.urlencode()}
    if form.is_bound and form.is_valid():
        answer, pasted = form.answer(timezone.localdate())
        context |= {"answer": answer, "pasted": pasted, "shown": shown(answer)}
    return render(request, "policies/look_up_page.html", context)


@require_safe
@reads_library
def look_up_json(request: HttpRequest) -> JsonResponse:
    """The same answer as one object. Status 400 with what is wrong, by field."""
    form = _form(request.GET, is_asked=True)
    if not form.is_valid():
        return JsonResponse(_wrong(form), status=400)
    answer = as_json(*form.answer(timezone.localdate()))
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
@reads_library
def look_up_csv(request: HttpRequest) -> HttpResponse:
    """The same answer for a spreadsheet: a row for every line beside every diagnosis."""
    form = _form(request.GET, is_asked=True)
    if not form.is_valid():
        return JsonResponse(_wrong(form), status=400)
    answer, _ = form.answer(timezone.localdate())
    response = HttpResponse(answer_csv(answer), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="benchbook-look-up.csv"'
    return response


def _form(given: Mapping[str, str], *, is_asked: bool = False) -> LookUpForm:
    """Unbound while nothing is asked. A day that is left out of the address is today; an empty one
    is not stated."""
    today = timezone.localdate().isoformat()
    if not is_asked and not set(LookUpForm.base_fields) & set(given):
        return LookUpForm(initial={"on": today, "received": today})
    return LookUpForm({"on": today, "received": today} | {name: given[name] for name in given})


def _wrong(form: LookUpForm) -> dict[str, object]:
    errors = {
        ("codes" if name == "__all__" else name): list(said) for name, said in form.errors.items()
    }
    first = next(iter(errors.values()))[0]
    return {"error": first, "errors": errors}
