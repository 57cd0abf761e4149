"""The page on which a person says by which version a line is reviewed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from reviewer.access import get_request, get_reviewer
from reviewer.decorators import needs, once
from reviewer.forms.policy_choices import PolicyChoiceForm
from reviewer.time import now
from reviewer.views.bench import answers_for
from reviewer.views.deciding import version_choices
from reviewer.views.time_left import decision_left
from reviewer.workflow.errors import Refused
from reviewer.workflow.policy_choices import choose_policy, chosen_policies


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reviewer.review_request")
@once
def policy_choose(http_request: HttpRequest, number: str, position: int) -> HttpResponse:
    """Show what governs the line and what nearly does, and take the choice with its reason."""
    request, at = get_request(http_request, number), now()
    line = get_object_or_404(request.lines.prefetch_related("diagnoses"), position=position)
    line.request = request
    versions = version_choices(answers_for(request, line, at=at))
    data = http_request.POST if http_request.method == "POST" else None
    form = PolicyChoiceForm(data, versions=versions)
    if data and form.is_valid():
        try:
            choice = choose_policy(
                line=line,
                version=form.chosen,
                reason=form.cleaned_data["reason"],
                by=get_reviewer(http_request),
                at=at,
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(http_request, f"{choice}, as you say. The reason is on record.")
            return redirect(request)
    context = {
        "case": request,
        "line": line,
        "form": form,
        "versions": versions,
        "choice": chosen_policies([line]).get(line.pk),
        "left": decision_left(request, at=at),
    }
    return render(http_request, "reviewer/policy_choose.html", context)
