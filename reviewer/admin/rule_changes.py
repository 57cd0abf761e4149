"""What is proposed for the rules, what it would move, and the decision of a second person."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from reviewer.admin.bases import AdminOfRuleChanges
from reviewer.admin.rule_pages import effect_told, part_of, person
from reviewer.models import RuleChange
from reviewer.workflow.errors import Refused
from reviewer.workflow.guards import who_may
from reviewer.workflow.rules import (
    APPROVE,
    approve_rule_change,
    decline_rule_change,
    made_together,
)

MANY = 100
SEE = "reviewer.view_rulechange"
Verb = Callable[..., RuleChange]


@admin.register(RuleChange)
class RuleChangeAdmin(AdminOfRuleChanges):
    """A list of what waits and what was decided; a page for each, with the decision."""

    def has_view_permission(self, request: HttpRequest, obj: RuleChange | None = None) -> bool:
        return request.user.is_staff and request.user.has_perm(SEE)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # it begins on the page of a rule

    def has_change_permission(self, request: HttpRequest, obj: RuleChange | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RuleChange | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide_view))
        own = path("<int:pk>/decide/", decide, name="reviewer_rulechange_decide")
        return [own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every proposal once, with the one it is decided together with."""
        self._require_sight(request)
        first = everything().filter(together_with=None)
        context = {
            "title": "Changes of rules",
            "waiting": [parts(one) for one in first.filter(decided_at=None)],
            "decided": [parts(one) for one in first.exclude(decided_at=None)[:MANY]],
        }
        return self._page(request, "list", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One change: what is other, what it would move, and, while it is open, the decision."""
        self._require_sight(request)
        if not object_id.isdecimal():
            raise Http404("No such change")
        change = get_object_or_404(everything(), pk=object_id)
        is_own = change.proposed_by_id == request.user.pk
        is_open = change.decided_at is None
        approver = request.user.has_perm(APPROVE)
        effect = effect_told(made_together(change), request.user) if is_open else None
        context = {
            "title": str(change),
            "change": change,
            "parts": parts(change),
            "effect": effect,
            "may_approve": is_open and not is_own and approver,
            "may_decline": is_open and (is_own or approver),
            "is_own": is_own,
        }
        return self._page(request, "change", context)

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve, or decline: whoever proposed a change takes it back."""
        self._require_sight(request)
        change = get_object_or_404(RuleChange, pk=pk)
        approves = "approve" in request.POST
        is_own = change.proposed_by_id == request.user.pk
        if not (request.user.has_perm(APPROVE) or (is_own and not approves)):
            raise PermissionDenied(who_may(APPROVE))
        verb: Verb = approve_rule_change if approves else decline_rule_change
        try:
            verb(change=change, by=person(request), at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            told = "Approved: limits are computed by it from now on." if approves else None
            messages.success(request, told or "Nothing changes.")
        return redirect("admin:reviewer_rulechange_change", pk)

    def _require_sight(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied(who_may(SEE))

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        template = f"admin/reviewer/rulechange/{name}.html"
        return TemplateResponse(request, template, shared | context)


def everything() -> "QuerySet[RuleChange]":
    joined = ("proposed_by", "decided_by", "together_with", "partner", "made")
    return RuleChange.objects.select_related(*joined).order_by("-proposed_at", "-pk")


def parts(change: RuleChange) -> list[Any]:
    """The rows that the change is about."""
    return [part_of(one) for one in made_together(change)]
