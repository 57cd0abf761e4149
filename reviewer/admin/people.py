"""Accounts with the person's place in the house; a role gives its rights, and nothing else does."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from policies.models import LineOfBusiness
from reviewer.models import Reviewer, Role
from reviewer.permissions import assign_role

if TYPE_CHECKING:
    Accounts = UserAdmin[User]
    Places = admin.StackedInline[Reviewer, User]
    PlaceForms = forms.ModelForm[Reviewer]
else:
    Accounts, Places, PlaceForms = UserAdmin, admin.StackedInline, forms.ModelForm


class PlaceForm(PlaceForms):
    """A role, who stands above, and the lines of business whose requests may be seen."""

    lines_of_business = forms.MultipleChoiceField(
        label="Scope",
        choices=LineOfBusiness.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Requests of these lines of business may be seen. None: no requests.",
    )

    class Meta:
        model = Reviewer
        fields = ["role", "reports_to", "lines_of_business"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        superior, seen = cleaned.get("reports_to"), set()
        while superior is not None and superior.pk not in seen:
            if self.instance.pk and superior.pk == self.instance.pk:
                raise forms.ValidationError("Nobody stands above themselves: choose another.")
            seen.add(superior.pk)
            superior = superior.reports_to
        return cleaned


class PlaceInline(Places):
    model = Reviewer
    form = PlaceForm
    fk_name = "user"
    can_delete = False
    extra = 1
    max_num = 1
    verbose_name_plural = "place in the house"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes their own role or scope; another administrator does."""
        is_own = obj is not None and obj.pk == request.user.pk
        return not is_own and super().has_change_permission(request, obj)


admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(Accounts):
    """Accounts without the switches of Django's own: superuser, groups, single permissions."""

    inlines = [PlaceInline]
    list_display = ["username", "last_name", "first_name", "role", "is_active", "last_login"]
    list_filter = ["is_active", ("reviewer__role", admin.ChoicesFieldListFilter)]
    list_select_related = ["reviewer"]
    search_fields = ["username", "first_name", "last_name"]
    ordering = ["last_name", "first_name"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["first_name", "last_name", "email"]}),
        ("Access", {"fields": ["is_active"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        ("Person", {"fields": ["first_name", "last_name", "email"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).filter(is_superuser=False)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a person signed names the account, so it keeps its name."""
        return ("username",) if obj else ()

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Set another's password, with its line in the history or not at all. One's own is
        changed where the old one is asked for."""
        if id == str(request.user.pk):
            return redirect("account_change_password")
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    @admin.display(ordering="reviewer__role")
    def role(self, user: User) -> str:
        return Role(user.reviewer.role).label if hasattr(user, "reviewer") else "none"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a person signed stays theirs: an account is made inactive."""
        return False

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        super().save_formset(request, form, formset, change)
        for reviewer in [*formset.new_objects, *(one for one, _ in formset.changed_objects)]:
            assign_role(reviewer=reviewer, role=Role(reviewer.role))
