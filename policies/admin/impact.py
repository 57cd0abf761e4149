"""What a version changes, and what it touches where bulletins are used."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from policies import impact
from policies.admin.bases import AdminOfVersions
from policies.admin.tallies import replaced_by
from policies.admin.version_pages import page_context, version_of


def version_impact(modeladmin: AdminOfVersions, request: HttpRequest, pk: int) -> HttpResponse:
    """The change in numbers, and every number with its list."""
    version = version_of(modeladmin, request, pk)
    change = impact.Change(
        version, replaced_by(version), version.effective_stated, timezone.localdate()
    )
    context = page_context(
        modeladmin, request, version, here="impact", title=f"{version}: what it touches"
    )
    context["touched"] = impact.touched_by(change)
    return TemplateResponse(request, "admin/policies/version/impact.html", context)
