"""Releases of codes: loaded whole from a publisher's file, looked at afterwards, never edited."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from policies.admin.bases import AdminOfReleases
from policies.admin.code_sets import ReadOnly
from policies.admin.release_forms import ReleaseForm
from policies.imports.brought import Brought, brought
from policies.imports.code_files import NotACodeFile, NotUnderstood
from policies.imports.code_sets import NOTICE, Doubtful, load_file
from policies.models import Release, System
from policies.refusals import Refused

_SHOWN = 200  # lines of a page


@admin.register(Release)
class ReleaseAdmin(ReadOnly, AdminOfReleases):
    list_display = ["__str__", "valid_from", "file_format", "told_not_understood", "loaded_at"]
    list_filter = ["system"]
    date_hierarchy = "valid_from"

    @admin.display(description="lines not understood")
    def told_not_understood(self, obj: Release) -> str:
        return f"{len(_lines(obj)):,}"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("policies.add_release")

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Give a file; it is loaded whole, or the page says why nothing was."""
        if not self.has_add_permission(request):
            raise PermissionDenied("Only policy editors load releases of codes.")
        form = ReleaseForm(request.POST or None, request.FILES or None)
        lines: Sequence[NotUnderstood] = ()
        if request.method == "POST" and form.is_valid():
            try:
                return self._loaded(request, form)
            except (NotACodeFile, Refused) as refusal:
                form.add_error(None, f"Nothing was loaded. {refusal}")
                lines = refusal.lines if isinstance(refusal, Doubtful) else ()
        context = {"title": "Load a release of codes", "form": form}
        return self._page(request, "add", context | _shown(lines))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What a release brought, and the lines of its file that were left out."""
        if not self.has_view_permission(request):
            raise PermissionDenied("Only policy staff see the releases.")
        if not object_id.isdecimal():
            raise Http404("No such release")
        release = get_object_or_404(Release, pk=object_id)
        notices = [one["text"] for one in release.not_understood if one["reason"] == NOTICE]
        context = {
            "title": str(release),
            "release": release,
            "brought": brought(release),
            "notice": "\n".join(notices),
            "is_cpt": release.system == System.CPT,
        }
        return self._page(request, "release", context | _shown(_lines(release)))

    def _loaded(self, request: HttpRequest, form: ReleaseForm) -> HttpResponse:
        data = form.cleaned_data["file"].read()
        release, file = load_file(data, at=timezone.now(), **form.facts())
        told = [f"{release} is loaded: {told_counts(brought(release))}.", *file.remarks]
        messages.success(request, " ".join(told))
        return redirect("admin:policies_release_change", release.pk)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        template = f"admin/policies/release/{name}.html"
        return TemplateResponse(request, template, {**shared, **context})


def told_counts(counts: Brought) -> str:
    return (
        f"{counts.new:,} new, {counts.ended:,} ended, {counts.revised:,} revised,"
        f" {counts.unchanged:,} unchanged"
    )


def _lines(release: Release) -> list[dict[str, Any]]:
    return [one for one in release.not_understood if one["reason"] != NOTICE]


def _shown(lines: Sequence[Any]) -> dict[str, Any]:
    return {
        "lines": lines[:_SHOWN],
        "lines_count": len(lines),
        "more": max(len(lines) - _SHOWN, 0),
    }
