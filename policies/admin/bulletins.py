"""Bulletins: what stands beside their texts, and when each is to be reviewed."""

from typing import Any
from urllib.parse import quote

from django.contrib import admin
from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from policies.admin.bases import AdminOfBulletins
from policies.admin.filters import ReviewFilter, next_review_on
from policies.models import Bulletin, Version


@admin.register(Bulletin)
class BulletinAdmin(AdminOfBulletins):
    """A bulletin's standing facts. Its texts are versions; it comes to be by importing one."""

    list_display = ["number", "title", "stage", "reviewed_next", "category", "goes_by", "owner"]
    list_filter = [
        ReviewFilter,
        "category",
        "effective_basis",
        ("owner", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["owner"]
    search_fields = ["number", "title"]
    fieldsets = [
        (None, {"fields": ["number", "title", "versions_in_stages"]}),
        ("Kept by policy staff", {"fields": ["category", "owner", "original_effective"]}),
        ("By which day a version is chosen", {"fields": ["effective_basis"]}),
        ("Review", {"fields": ["reviewed_next"]}),
    ]
    readonly_fields = ["number", "title", "versions_in_stages", "reviewed_next"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bulletin]:
        """With the day on which the version that holds is to be reviewed."""
        slim = Version.objects.select_related("publication").only(
            "bulletin", "ordinal", "status", "publication"
        )
        versions = Prefetch("versions", slim.order_by("-ordinal"), to_attr="newest_first")
        found = (
            super().get_queryset(request).annotate(next_review=next_review_on(timezone.localdate()))
        )
        return found.prefetch_related(versions)

    def get_ordering(self, request: HttpRequest) -> Any:
        """By number; narrowed by the next review, by that day."""
        if ReviewFilter.parameter_name in request.GET:
            return [F("next_review").asc(nulls_last=True), "number"]
        return ["number"]

    def get_fieldsets(self, request: HttpRequest, obj: Bulletin | None = None) -> Any:
        """What decides which version governs is changed by two people once one may."""
        if obj is None or not obj.publications.exists():
            return self.fieldsets
        name, facts = self.fieldsets[2]
        in_force = (name, {**facts, "fields": ["basis_in_force"]})
        return [*self.fieldsets[:2], in_force, *self.fieldsets[3:]]

    def get_readonly_fields(self, request: HttpRequest, obj: Bulletin | None = None) -> list[str]:
        is_published = obj is not None and obj.publications.exists()
        return [*self.readonly_fields, *(["basis_in_force"] if is_published else [])]

    @admin.display(description="stage")
    def stage(self, obj: Any) -> str:
        """That of the version that holds, else of the newest; and what is on its way beside it."""
        on = timezone.localdate()
        stages = [(one.ordinal, one.stage(on)) for one in obj.newest_first]
        ended = (Version.Stage.SUPERSEDED, Version.Stage.RETIRED)
        shown = [(ordinal, stage) for ordinal, stage in stages if stage not in ended] or stages[:1]
        return "; ".join(f"v{ordinal} {stage.label.lower()}" for ordinal, stage in shown)

    @admin.display(description="next review", ordering="next_review")
    def reviewed_next(self, obj: Any) -> SafeString | str:
        if obj.next_review is None:
            return "not stated"
        if obj.next_review >= timezone.localdate():
            return str(obj.next_review)
        days = (timezone.localdate() - obj.next_review).days
        late = f"overdue by {days} day{'' if days == 1 else 's'}"
        return format_html('{} <span class="over">{}</span>', obj.next_review, late)

    @admin.display(description="goes by", ordering="effective_basis")
    def goes_by(self, obj: Bulletin) -> str:
        return obj.get_effective_basis_display() or "as the line of business"

    @admin.display(description="versions")
    def versions_in_stages(self, obj: Any) -> SafeString:
        address = reverse("admin:policies_version_changelist")
        return format_html(
            '{}. <a href="{}?bulletin__id__exact={}">All of its versions</a>',
            self.stage(obj), address, obj.pk,
        )  # fmt: skip

    @admin.display(description="goes by")
    def basis_in_force(self, obj: Bulletin) -> SafeString:
        """It decides what governs, so one person proposes another and a second approves it."""
        words = "A version of it is published, so a change takes two people."
        address = f"{reverse('admin:policies_basischange_add')}?bulletin={quote(obj.number)}"
        return format_html(
            '{}. {} <a href="{}">Propose another</a>', self.goes_by(obj), words, address
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Bulletin | None = None) -> bool:
        return False

    def view_on_site(self, obj: Bulletin) -> str:
        return obj.get_absolute_url()
