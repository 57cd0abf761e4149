from django.contrib import admin
from django.http import HttpRequest

from policies.admin.bases import AdminOfBulletins
from policies.models import Bulletin


@admin.register(Bulletin)
class BulletinAdmin(AdminOfBulletins):
    """A bulletin's standing facts. Its texts are versions; it comes to be by importing one."""

    list_display = ["number", "title", "category", "effective_basis", "owner"]
    list_filter = ["category", "effective_basis"]
    search_fields = ["number", "title"]
    fieldsets = [
        (None, {"fields": ["number", "title"]}),
        ("Kept by policy staff", {"fields": ["category", "owner", "effective_basis"]}),
    ]
    readonly_fields = ["number", "title"]

    def get_readonly_fields(self, request: HttpRequest, obj: Bulletin | None = None) -> list[str]:
        """What decides which version governs stays as it is once one may."""
        is_published = obj is not None and obj.publications.exists()
        return [*self.readonly_fields, *(["effective_basis"] if is_published else [])]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Bulletin | None = None) -> bool:
        return False

    def view_on_site(self, obj: Bulletin) -> str:
        return obj.get_absolute_url()
