"""Licenses. One is entered once; a renewal is a new one, because decisions point at its days."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from reviewer.models import Credential

if TYPE_CHECKING:
    Licenses = admin.ModelAdmin[Credential]
else:
    Licenses = admin.ModelAdmin


FIXED = (
    "reviewer",
    "kind",
    "title",
    "specialty",
    "license_number",
    "state",
    "valid_from",
    "valid_to",
)


@admin.register(Credential)
class CredentialAdmin(Licenses):
    list_display = [*FIXED, "revoked_on"]
    list_filter = ["kind", "state"]
    list_select_related = ["reviewer__user"]
    date_hierarchy = "valid_to"
    search_fields = ["reviewer__user__last_name", "license_number"]
    fieldsets = [
        (None, {"fields": ["reviewer", "kind", "title", "specialty"]}),
        ("License", {"fields": ["license_number", "state", "valid_from", "valid_to"]}),
        (
            "Revoked",
            {
                "fields": ["revoked_on"],
                "description": "The first day on which it signs nothing. A renewal is a new"
                " license, not a later day here.",
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Of a license that is entered only the revocation may still be written."""
        return FIXED if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Credential]:
        return super().get_queryset(request).select_related("reviewer__user")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
