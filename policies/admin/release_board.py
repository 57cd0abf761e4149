"""The release board: what releases of codes did to bulletins, settled by policy editors."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from policies.admin.bases import AdminOfReleaseFindings
from policies.models import Bulletin, Release, ReleaseFinding
from policies.refusals import Refused
from policies.release_board import settle
from policies.release_board.settling import LONGEST
from policies.release_board.told import NOBODY, by_bulletin, code_address, owners, releases
from policies.views.places import row_id

RELEASES, SHOWN = 12, 400  # in the list; findings of a kind on a page
Kind = ReleaseFinding.Kind


class BoardForm(forms.Form):
    """What the board is narrowed to; nonsense counts as nothing asked for."""

    release = forms.IntegerField(required=False)
    owner = forms.RegexField(r"^(?:\d{1,9}|-|mine)$", required=False)
    settled = forms.BooleanField(required=False)


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one kind, the open ones first."""

    kind: ReleaseFinding.Kind
    findings: list[tuple[ReleaseFinding, str, str]]  # with the addresses of its code and row
    open: int
    more: int


@admin.register(ReleaseFinding)
class ReleaseFindingAdmin(AdminOfReleaseFindings):
    """One page for all that a release did, and one for each bulletin that it touched."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user = request.user
        return user.is_staff and user.has_perm("policies.view_releasefinding")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        board = path("", wrap(self.changelist_view), name="policies_releasefinding_changelist")
        one = path(
            "<int:release>/<int:bulletin>/",
            wrap(self.bulletin_view),
            name="policies_releasefinding_bulletin",
        )
        return [board, one]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The releases, and the bulletins that one of them touched, with counts by kind."""
        self._require_view(request)
        form = BoardForm(request.GET)
        form.is_valid()
        asked = form.cleaned_data
        every = list(releases()[:RELEASES])
        release = _chosen(asked.get("release"), every)
        owner = str(request.user.pk) if asked.get("owner") == "mine" else asked.get("owner", "")
        only_open = not asked.get("settled")
        lines = by_bulletin(release, owner=owner, only_open=only_open) if release else []
        found = [kind for kind in Kind if any(kind in line.counts for line in lines)]
        context = {
            "title": "Release board",
            "releases": [(one, _is_first(one, every)) for one in every],
            "release": release,
            "lines": [(line, line.cells(found)) for line in lines],
            "kinds": found,
            "owners": [*owners(release), (NOBODY, "nobody")] if release else [],
            "owner": asked.get("owner", ""),
            "settled": not only_open,
            "me": str(request.user.pk),
        }
        return self._page(request, "board", context)

    def bulletin_view(self, request: HttpRequest, release: int, bulletin: int) -> HttpResponse:
        """What a release did to one bulletin, each thing with its row, and a form to settle it."""
        self._require_view(request)
        of_release = get_object_or_404(Release, pk=release)
        of_bulletin = get_object_or_404(Bulletin.objects.select_related("owner"), pk=bulletin)
        findings = ReleaseFinding.objects.filter(release=release, bulletin=bulletin)
        refusal = ""
        if request.method == "POST":
            try:
                count = self._settle(request, findings)
            except Refused as refused:
                refusal = str(refused)
            else:
                things = "finding is" if count == 1 else "findings are"
                messages.success(request, f"{count} {things} settled.")
                return redirect(request.path)
        context = {
            "title": f"{of_bulletin.number} {of_bulletin.title}: {of_release}",
            "release": of_release,
            "bulletin": of_bulletin,
            "groups": list(_groups(of_release, findings)),
            "refusal": refusal,
            "typed": request.POST.get("settlement", ""),
            "ticked": set(request.POST.getlist("finding")),
            "longest": LONGEST,
            "may_settle": self.has_change_permission(request),
        }
        return self._page(request, "bulletin", context)

    def _settle(self, request: HttpRequest, findings: QuerySet[ReleaseFinding]) -> int:
        """Those that are ticked, or with the button of a kind all that are open of it."""
        if not self.has_change_permission(request):
            raise PermissionDenied("Only policy editors settle what a release did.")
        assert isinstance(request.user, User)
        kind = request.POST.get("kind", "")
        if kind:
            chosen = findings.filter(kind=kind, settled_at__isnull=True)
        else:
            ticked = request.POST.getlist("finding")
            chosen = findings.filter(pk__in=[one for one in ticked if one.isdecimal()])
        settlement = request.POST.get("settlement", "")
        return settle(findings=chosen, settlement=settlement, by=request.user, at=timezone.now())

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied("Only policy staff see the release board.")

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        template = f"admin/policies/releasefinding/{name}.html"
        return TemplateResponse(request, template, shared | context)


def _chosen(asked: int | None, every: Iterable[Any]) -> Any:
    """The release that is asked for, else the newest with something open, or with anything."""
    if asked is not None and (one := releases().filter(pk=asked).first()):
        return one
    some = list(every)
    is_open = next((one for one in some if one.open), None)
    return is_open or next((one for one in some if one.found), None)


def _is_first(release: Release, every: list[Release]) -> bool:
    """Whether no release of its system was before it, as far as the list goes back."""
    earlier = (one for one in every if one.system == release.system)
    return len(every) < RELEASES and all(one.valid_from >= release.valid_from for one in earlier)


def _groups(release: Release, findings: QuerySet[ReleaseFinding]) -> Iterable[Group]:
    found = findings.select_related("version__bulletin", "settled_by").defer(
        "version__content", "version__source_bytes", "version__not_understood"
    )
    by_kind: dict[str, list[ReleaseFinding]] = {kind: [] for kind in Kind.values}
    for one in found.order_by("code", "row_position"):
        by_kind[one.kind].append(one)
    for kind, some in by_kind.items():
        if some:
            some.sort(key=lambda one: one.settled_at is not None)
            shown = [
                (one, code_address(release.system, one.code), _row_address(one))
                for one in some[:SHOWN]
            ]
            is_open = sum(one.settled_at is None for one in some)
            yield Group(Kind(kind), shown, is_open, len(some) - len(shown))


def _row_address(finding: ReleaseFinding) -> str:
    place = row_id(finding.row_position)
    return f"{finding.version.get_absolute_url()}?code={finding.code}#{place}"
