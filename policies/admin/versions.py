"""Versions: a draft's few facts may be written, everything else is read; verbs change its state."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from policies.admin import actions
from policies.admin.bases import AdminOfVersions
from policies.admin.criteria_review import version_criteria
from policies.admin.filters import StageFilter
from policies.admin.forms import DraftForm, ImportForm
from policies.admin.impact import version_impact
from policies.admin.parse_review import parse_review
from policies.admin.stance_review import version_stances
from policies.admin.steps import steps
from policies.drafting.facts import change_facts
from policies.imports.bulletins import Imported, import_bulletin
from policies.models import Version
from policies.publishing import Refused
from policies.reading import NotABulletin

# The verbs beside those of the way itself, by the state of a version.
VERBS = {
    Version.Status.DRAFT: [],
    Version.Status.IN_REVIEW: ["return_to_draft"],
    Version.Status.APPROVED: ["return_to_draft"],
    Version.Status.PUBLISHED: ["retire"],
}
# The pages of a version besides its form: the end of the address, the view, the name.
PageOfVersion = Callable[[AdminOfVersions, HttpRequest, int], HttpResponse]
PAGES: list[tuple[str, PageOfVersion, str]] = [
    ("reading/", parse_review, "version_parse_review"),
    ("criteria/", version_criteria, "version_criteria"),
    ("stance-types/", version_stances, "version_stances"),
    ("impact/", version_impact, "version_impact"),
]


def may_write(request: HttpRequest, version: Version | None) -> bool:
    """Whether the person may write into this version, or, without one, into any."""
    is_frozen = version is not None and version.is_frozen
    return not is_frozen and request.user.has_perm("policies.change_version")


@admin.register(Version)
class VersionAdmin(AdminOfVersions):
    form = DraftForm
    list_display = [
        "__str__",
        "title",
        "stage",
        "starts_on",
        "next_review_on",
        "author",
        "approver",
    ]
    list_filter = [
        StageFilter,
        ("author", admin.RelatedOnlyFieldListFilter),
        ("approver", admin.RelatedOnlyFieldListFilter),
        "bulletin__category",
        "origin",
    ]
    list_select_related = ["bulletin", "publication", "author", "approver"]
    search_fields = ["bulletin__number", "title"]
    actions = [
        actions.submit,
        actions.approve,
        actions.publish,
        actions.return_to_draft,
        actions.retire,
    ]
    change_form_template = "admin/policies/version/change_form.html"
    change_list_template = "admin/policies/version/change_list.html"
    fieldsets = [
        ("What changed", {"fields": ["change_note"]}),
        ("To whom it applies", {"fields": ["lines_of_business", "jurisdictions"]}),
        (
            "When",
            {
                "fields": [
                    "starts_on",
                    "effective_stated",
                    "notice_days",
                    "last_review",
                    "next_review",
                ]
            },
        ),
        ("The version", {"fields": ["bulletin", "ordinal", "title", "stage"]}),
        ("Where it comes from", {"fields": ["source", "source_sha256", "content_hash", "origin"]}),
        ("What was not understood", {"fields": ["doubts"]}),
        (
            "By whom",
            {"fields": ["author", "created_at", "edits_by", "approver", "approved_at"]},
        ),
    ]
    readonly_fields = [
        "bulletin",
        "ordinal",
        "title",
        "stage",
        "starts_on",
        "last_review",
        "source",
        "source_sha256",
        "content_hash",
        "origin",
        "doubts",
        "author",
        "created_at",
        "edits_by",
        "approver",
        "approved_at",
    ]

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(
                f"<int:pk>/{end}",
                self.admin_site.admin_view(partial(view, self)),
                name=f"policies_{name}",
            )
            for end, view, name in PAGES
        ]
        return [*pages, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        return super().get_queryset(request).defer("content", "source_bytes")

    @admin.display(description="stage", ordering="status")
    def stage(self, obj: Version) -> str:
        return str(obj.stage(timezone.localdate()).label)

    @admin.display(description="edits")
    def edits_by(self, obj: Version) -> SafeString | str:
        """Who wrote into it, and what: none of them approves it."""
        edits = list(obj.edits.select_related("by"))
        rows = ((timezone.localtime(one.at).date(), name_of(one.by), one.what) for one in edits)
        lines = format_html_join("", "<li>{}, {}: {}</li>", rows)
        return format_html("<ul>{}</ul>", lines) if edits else "Nobody wrote into it."

    @admin.display(description="in effect from")
    def starts_on(self, obj: Version) -> str:
        if obj.status != Version.Status.PUBLISHED:
            return "not published"
        publication = obj.publication
        start = str(publication.effective_from or "not stated")
        return f"{start}, no longer from {publication.ended_on}" if publication.ended_on else start

    @admin.display(description="next review", ordering="next_review")
    def next_review_on(self, obj: Version) -> str:
        return str(obj.next_review or "not stated")

    @admin.display(description="source file")
    def source(self, obj: Version) -> SafeString:
        address = reverse("policies:version_source", args=[obj.bulletin.number, obj.ordinal])
        return format_html('<a href="{}" download>{}</a>', address, obj.source_name)

    @admin.display(description="lines")
    def doubts(self, obj: Version) -> SafeString | str:
        """Every line that the reader could not place, with its number and the reason."""
        if not obj.not_understood:
            return "Every line of the source was placed."
        rows = ((one["line"], one["text"], one["reason"]) for one in obj.not_understood)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>Line {}: {} ({})</li>", rows))

    def has_change_permission(self, request: HttpRequest, obj: Version | None = None) -> bool:
        return may_write(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Version | None = None) -> bool:
        return False

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("policies.submit_version")

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("policies.approve_version")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("policies.publish_version")

    def has_return_permission(self, request: HttpRequest) -> bool:
        return self.has_submit_permission(request) or self.has_approve_permission(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not all(one.isdecimal() for one in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("What was chosen from the list is no version.")
        return super().changelist_view(request, extra_context)

    def view_on_site(self, obj: Version) -> str:
        return obj.get_absolute_url()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        version = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if version:
            context |= {"title": f"{version}: {version.title}", "subtitle": None}
            context |= {"show_save_and_add_another": False}
            context["verbs"] = self._verbs(request, version)
            context["steps"] = steps(version, request.user, timezone.localdate(), here="facts")
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def _verbs(self, request: HttpRequest, version: Version) -> list[tuple[str, str]]:
        """What this person may do with it in its state: (action, words)."""
        allowed = self.get_actions(request)
        names = VERBS[Version.Status(version.status)]
        return [(name, str(found[2])) for name in names if (found := allowed.get(name))]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Save the whole form, or nothing of it and say why."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:policies_version_change", object_id)

    def save_model(self, request: HttpRequest, obj: Version, form: DraftForm, change: bool) -> None:
        facts = {name: form.cleaned_data[name] for name in form.changed_data}
        draft = change_facts(version=obj, facts=facts, by=person(request), at=timezone.now())
        if obj.status != draft.status:
            words = "is a draft again: an edit withdraws what was signed. Submit it again."
            messages.warning(request, f"{obj} {words}")

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A version comes to be by reading a file."""
        if not self.has_add_permission(request):
            raise PermissionDenied("Only policy editors import bulletins.")
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                imported = self._import(request, form.facts())
            except NotABulletin as error:
                form.add_error("file", str(error))
            else:
                _tell(request, imported)
                return _after(imported)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Import a bulletin",
            "form": form,
        }
        return TemplateResponse(request, "admin/policies/version/import.html", context)

    def _import(self, request: HttpRequest, facts: dict[str, Any]) -> Imported:
        file = facts.pop("file")
        return import_bulletin(
            file.read(), name=file.name, at=timezone.now(), author=person(request), **facts
        )


def person(request: HttpRequest) -> User:
    """Who is signed in: nobody else comes into the admin."""
    assert isinstance(request.user, User)
    return request.user


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()


def _after(imported: Imported) -> HttpResponse:
    """What was not understood first; a file that was there before leads to its version."""
    page = "parse_review" if imported.is_new else "change"
    return redirect(f"admin:policies_version_{page}", imported.version.pk)


def _tell(request: HttpRequest, imported: Imported) -> None:
    version, count = imported.version, len(imported.not_understood)
    if not imported.is_new:
        words = (
            f"This file was imported before, byte for byte: it is {version}, opened here. Nothing"
            " was stored, and what you chose beside the file was not used."
        )
        messages.info(request, words)
    elif count:
        lines = "1 line was" if count == 1 else f"{count} lines were"
        messages.warning(request, f"{version} is read. {lines} not understood: mend them first.")
    else:
        messages.success(request, f"{version} is read. Every line of the source was placed.")
