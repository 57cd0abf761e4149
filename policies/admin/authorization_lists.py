"""The documents of the authorization list: a file is chosen, shown with its effect, and stored."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from policies.admin.authorization_forms import ListForm
from policies.admin.bases import AdminOfAuthorizationLists
from policies.imports.authorization import Difference, NotAList, preview_list, store_list
from policies.imports.authorization.rows import refuse
from policies.models import AuthorizationList
from policies.refusals import Refused

_SHOWN = 200  # rows of each kind on the page before it is stored
_SALT = "authorization list"
_A_DAY = 24 * 60 * 60
_MOST = 2_400_000  # characters that a browser may send back


@admin.register(AuthorizationList)
class AuthorizationListAdmin(AdminOfAuthorizationLists):
    list_display = ["name", "told_rows", "file_name", "entered_at", "entered_by"]
    list_select_related = ["entered_by"]
    search_fields = ["name", "file_name"]
    fields = ["name", "told_rows", "file_name", "sha256", "entered_at", "entered_by"]
    readonly_fields = ["told_rows"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuthorizationList]:
        return super().get_queryset(request).annotate(rows=Count("rules"))

    @admin.display(description="rows", ordering="rows")
    def told_rows(self, obj: Any) -> str:
        address = reverse("admin:policies_authorizationrule_changelist")
        return format_html(
            '<a href="{}?source__id__exact={}">{}</a>', address, obj.pk, f"{obj.rows:,}"
        )

    def has_change_permission(
        self, request: HttpRequest, obj: AuthorizationList | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: AuthorizationList | None = None
    ) -> bool:
        return False

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Choose a file; see what it does; store it. Nothing is kept in between."""
        if not self.has_add_permission(request):
            raise PermissionDenied("Only policy editors load authorization lists.")
        if "shown" in request.POST:
            return self._store(request)
        form = ListForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            facts = form.cleaned_data
            file = facts["file"]
            try:
                return self._show(
                    request, file.read(), facts["name"], file.name, facts["begins"],
                    facts["replaces_from"],
                )  # fmt: skip
            except NotAList as refusal:
                form.add_error("file", refusal.told())
        return self._page(request, "add", {"title": "Load an authorization list", "form": form})

    def _show(
        self,
        request: HttpRequest,
        data: bytes,
        name: str,
        file_name: str,
        begins: date | None,
        replaces_from: date | None,
    ) -> HttpResponse:
        made = preview_list(data, begins=begins, replaces_from=replaces_from)
        shown = signing.dumps(
            {
                "data": data.decode(), "name": name, "file_name": file_name[:200],
                "begins": begins and str(begins), "shown": made.digest,
                "replaces_from": replaces_from and str(replaces_from),
            },
            salt=_SALT, compress=True,
        )  # fmt: skip
        if len(shown) > _MOST:
            raise refuse(
                "The list is too long to be shown first: divide it, or load it with the command"
                " import_authorization_list."
            )
        context = {"title": f"What “{name}” does", "shown": shown, **_told(made, replaces_from)}
        return self._page(request, "preview", context)

    def _store(self, request: HttpRequest) -> HttpResponse:
        assert isinstance(request.user, User)
        again = redirect("admin:policies_authorizationlist_add")
        try:
            facts = signing.loads(request.POST["shown"], salt=_SALT, max_age=_A_DAY)
        except signing.BadSignature:
            messages.error(request, "What was shown is too old: choose the file again.")
            return again
        data = facts["data"].encode()
        begins, replaces_from = _day(facts["begins"]), _day(facts["replaces_from"])
        try:
            source, made = store_list(
                data, name=facts["name"], file_name=facts["file_name"], begins=begins,
                replaces_from=replaces_from, shown=facts["shown"], by=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except NotAList as refusal:
            messages.error(request, f"Nothing was stored. {refusal.told()[0]}")
            return again
        except Refused as refusal:
            messages.warning(request, f"Nothing was stored. {refusal}")
            return self._show(
                request, data, facts["name"], facts["file_name"], begins, replaces_from
            )
        messages.success(request, f"“{source}” is stored: {made.sentence}")
        return redirect("admin:policies_authorizationlist_change", source.pk)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        template = f"admin/policies/authorizationlist/{name}.html"
        return TemplateResponse(request, template, {**shared, **context})


def _told(made: Difference, replaces_from: date | None) -> dict[str, Any]:
    """What the page shows of a difference, of each kind as much as a person looks through."""
    today = timezone.localdate()
    kinds: dict[str, Sequence[Any]] = {"begin": made.begin, "end": made.end, "stay": made.stay}
    return {
        "made": made,
        "replaces_from": replaces_from,
        "is_empty": not made.begin and not made.end,
        "retroactive": sum(1 for one in made.end if one.last < today and not one.is_withdrawn),
        **{name: rows[:_SHOWN] for name, rows in kinds.items()},
        **{f"{name}_left": max(0, len(rows) - _SHOWN) for name, rows in kinds.items()},
    }


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None
