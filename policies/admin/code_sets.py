"""Codes, to be looked at: they come with a release, and nobody edits them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from policies.admin.bases import AdminOfCodes, DescriptorsOfCode
from policies.models import Code, Descriptor


class ReadOnly:
    """Nothing can be added, changed or deleted; who may see codes may see."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("policies.view_code")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class DescriptorInline(ReadOnly, DescriptorsOfCode):
    model = Descriptor
    fields = ["release", "short", "long"]


@admin.register(Code)
class CodeAdmin(ReadOnly, AdminOfCodes):
    list_display = ["display", "system", "valid_from", "valid_to", "is_billable", "is_add_on"]
    list_filter = ["system", "is_billable", "is_add_on"]
    search_fields = ["key__istartswith", "display__istartswith"]
    show_full_result_count = False
    inlines = [DescriptorInline]

    def view_on_site(self, obj: Code) -> str:
        return obj.get_absolute_url()
