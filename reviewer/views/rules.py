"""A rule as those read it who work by it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewer.decorators import needs
from reviewer.models import RuleTable
from reviewer.workflow.rules_told import told


@require_safe
@needs("reviewer.view_request", "reviewer.view_rulerow")
def rule_detail(request: HttpRequest, rule_id: str) -> HttpResponse:
    """A limit, or a reading that steps cite, in words, with its citation and its versions."""
    found = told(RuleTable.RULES, rule_id) or told(RuleTable.CONVENTIONS, rule_id)
    if found is None:
        raise Http404("No such rule")
    return render(request, "reviewer/rule_detail.html", {"rule": found})
