"""What every page of a version in the admin has in hand: the version, and its way."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from policies.admin.bases import AdminOfVersions
from policies.admin.steps import steps
from policies.models import Version


def version_of(modeladmin: AdminOfVersions, request: HttpRequest, pk: int) -> Version:
    """The version for whoever may see versions; 404 where there is none."""
    version = modeladmin.get_object(request, str(pk))
    if version is None:
        raise Http404(f"No version has the number {pk}.")
    if not modeladmin.has_view_permission(request, version):
        raise PermissionDenied("Only policy staff see the versions on their way.")
    return version


def may_confirm(modeladmin: AdminOfVersions, request: HttpRequest, version: Version) -> bool:
    """Whether a page offers to write: who may, and while it is a draft, so that no key pressed in
    passing withdraws what was submitted."""
    is_draft = version.status == Version.Status.DRAFT
    return is_draft and modeladmin.has_change_permission(request, version)


def page_context(
    modeladmin: AdminOfVersions, request: HttpRequest, version: Version, *, here: str, title: str
) -> dict[str, Any]:
    """For a step's page: what the admin's own pages have, the version, and the steps."""
    return {
        **modeladmin.admin_site.each_context(request),
        "opts": modeladmin.opts,
        "title": title,
        "version": version,
        "original": version,
        "steps": steps(version, request.user, timezone.localdate(), here=here),
    }
