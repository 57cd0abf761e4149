"""By which day versions are chosen: who goes by which, and how two people change it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from policies.admin.bases import AdminOfBasisChanges
from policies.admin.bases_told import decided, effect, lines, own_bases, undecided
from policies.admin.basis_forms import BasisForm
from policies.effective_bases import approve_basis, decline_basis, propose_basis
from policies.models import BasisChange
from policies.refusals import Refused

MANY = 100
Verb = Callable[..., BasisChange]


@admin.register(BasisChange)
class BasisChangeAdmin(AdminOfBasisChanges):
    """One page tells how things stand; a change is proposed on a second and decided on a third."""

    def has_view_permission(self, request: HttpRequest, obj: BasisChange | None = None) -> bool:
        return request.user.is_staff and request.user.has_perm("policies.view_version")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: BasisChange | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: BasisChange | None = None) -> bool:
        return False

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("policies.approve_basischange")

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide_view))
        own = path("<int:pk>/decide/", decide, name="policies_basischange_decide")
        return [own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What every line of business and every bulletin goes by, what is proposed, what was."""
        if not self.has_view_permission(request):
            raise PermissionDenied("Only policy staff see by which day versions are chosen.")
        overridden = own_bases()
        context = {
            "title": "By which day versions are chosen",
            "may_propose": self.has_add_permission(request),
            "proposals": [(one, effect(one)) for one in undecided()],
            "lines": lines(),
            "bulletins": overridden[:MANY],
            "more": max(overridden.count() - MANY, 0),
            "history": decided()[:MANY],
        }
        return self._page(request, "overview", context)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Write a change down, see what it would do, and propose it."""
        if not self.has_add_permission(request):
            raise PermissionDenied("Only policy editors propose another day.")
        form = BasisForm(request.POST or None, initial=request.GET.dict())
        told = ""
        if request.method == "POST" and form.is_valid():
            told = effect(_unsaved(form.cleaned_data))
            if "propose" in request.POST and (change := _proposed(request, form)):
                messages.success(request, f"Proposed; it waits for a second person. {told}")
                return redirect("admin:policies_basischange_change", change.pk)
        context = {"title": "Propose another day", "form": form, "effect": told}
        return self._page(request, "propose", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One change: what it would do, and, while it is open, the decision."""
        if not self.has_view_permission(request):
            raise PermissionDenied("Only policy staff see by which day versions are chosen.")
        if not object_id.isdecimal():
            raise Http404("No such change")
        everything = BasisChange.objects.select_related("bulletin", "proposed_by", "decided_by")
        change = get_object_or_404(everything, pk=object_id)
        is_own = change.proposed_by_id == request.user.pk
        is_open = change.decided_at is None
        context = {
            "title": str(change),
            "change": change,
            "effect": effect(change) if is_open else "",
            "may_approve": is_open and not is_own and self.has_approve_permission(request),
            "may_decline": is_open and (is_own or self.has_approve_permission(request)),
            "is_own": is_own,
        }
        return self._page(request, "change", context)

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve, or decline: whoever proposed a change takes it back."""
        change = get_object_or_404(BasisChange, pk=pk)
        approves = "approve" in request.POST
        is_own = change.proposed_by_id == request.user.pk
        if not (self.has_approve_permission(request) or (is_own and not approves)):
            raise PermissionDenied("Only policy approvers decide what someone else proposed.")
        verb: Verb = approve_basis if approves else decline_basis
        try:
            verb(change=change, by=_person(request), at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            told = "Approved: it holds from now on." if approves else "Nothing changes."
            messages.success(request, told)
        return redirect("admin:policies_basischange_change", pk)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        template = f"admin/policies/basischange/{name}.html"
        return TemplateResponse(request, template, shared | context)


def _proposed(request: HttpRequest, form: BasisForm) -> BasisChange | None:
    """The change, or None: then the form says why not."""
    try:
        return propose_basis(**form.cleaned_data, by=_person(request), at=timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _unsaved(facts: dict[str, Any]) -> BasisChange:
    """The change as it would be, to tell what it would do."""
    return BasisChange(**facts)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
