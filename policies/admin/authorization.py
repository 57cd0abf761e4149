"""The rows of the authorization list: found by code, written by hand, ended; never rewritten."""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from policies.admin.authorization_forms import EndForm, RuleForm
from policies.admin.bases import AdminOfAuthorizationRules
from policies.authorization import is_inside, rules_holding, whom
from policies.models import AuthorizationList, AuthorizationRule
from policies.reading import codes

_FEW = 3
_WITHDRAWN = Q(valid_to__isnull=False, valid_to__lt=F("valid_from"))


class DayFilter(admin.SimpleListFilter):
    """Rows by the days on which they speak: today, a day that is typed, or no longer."""

    title = "day in force"
    parameter_name = "on"
    template = "admin/policies/authorizationrule/day_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("today", "Today"), ("to-come", "To come"), ("ended", "Ended"),
            ("withdrawn", "Withdrawn"),
        ]  # fmt: skip

    def choices(self, changelist: Any) -> Any:
        self.others = [
            (name, value)
            for name, value in changelist.params.items()
            if name not in (self.parameter_name, "p")
        ]
        return super().choices(changelist)

    @property
    def day(self) -> date | None:
        try:
            return date.fromisoformat(self.value() or "")
        except ValueError:
            return None

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuthorizationRule]
    ) -> QuerySet[AuthorizationRule]:
        today = timezone.localdate()
        in_force = AuthorizationRule.objects.in_force(self.day or today)
        match self.value():
            case "to-come":
                return queryset.filter(valid_from__gt=today).exclude(_WITHDRAWN)
            case "ended":
                return queryset.filter(valid_to__lt=today).exclude(_WITHDRAWN)
            case "withdrawn":
                return queryset.filter(_WITHDRAWN)
            case "today":
                return queryset.filter(pk__in=in_force)
        return queryset.filter(pk__in=in_force) if self.day else queryset


@admin.register(AuthorizationRule)
class AuthorizationRuleAdmin(AdminOfAuthorizationRules):
    form = RuleForm
    list_display = [
        "printed", "system", "requirement", "told_whom", "told_start", "told_end", "source",
    ]  # fmt: skip
    list_select_related = ["source"]
    list_filter = [DayFilter, "requirement", "line_of_business", "state", "source"]
    search_fields = ["note"]
    search_help_text = "A code finds the rows that hold it, also in a range; or words of a note,"
    search_help_text += " a plan or a source."
    actions = None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "The authorization list"})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        title = {"title": "A row of the authorization list"}
        return super().change_view(request, object_id, form_url, title)

    @admin.display(description="codes", ordering="lower")
    def printed(self, obj: AuthorizationRule) -> str:
        return obj.printed

    @admin.display(description="for whom", ordering="line_of_business")
    def told_whom(self, obj: AuthorizationRule) -> str:
        return whom(obj)

    @admin.display(description="first day", ordering="valid_from")
    def told_start(self, obj: AuthorizationRule) -> str:
        return str(obj.valid_from)

    @admin.display(description="last day", ordering="valid_to")
    def told_end(self, obj: AuthorizationRule) -> str:
        if obj.is_withdrawn:
            return "withdrawn"
        return str(obj.valid_to) if obj.valid_to else "goes on"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuthorizationRule], search_term: str
    ) -> tuple[QuerySet[AuthorizationRule], bool]:
        """By a code, every row that holds it; by anything else, what is written beside."""
        typed = search_term.strip()
        if not typed:
            return queryset, False
        if codes.systems_of(codes.normalise(typed)):
            return queryset.filter(pk__in=[one.pk for one in rules_holding(typed)]), False
        said = Q(note__icontains=typed) | Q(plan__icontains=typed)
        return queryset.filter(said | Q(source__name__icontains=typed)), False

    def get_form(
        self,
        request: HttpRequest,
        obj: AuthorizationRule | None = None,
        change: bool = False,
        **options: Any,
    ) -> Any:
        options["form"] = EndForm if obj else RuleForm
        return super().get_form(request, obj, change, **options)

    def get_fieldsets(self, request: HttpRequest, obj: AuthorizationRule | None = None) -> Any:
        if obj is None:
            return [
                ("What it says", {"fields": [("low", "high"), "system", "requirement"]}),
                ("For whom, empty for all", {"fields": ["line_of_business", "plan", "state"]}),
                ("When", {"fields": ["valid_from", "valid_to"]}),
                (
                    "On what ground",
                    {"fields": ["source", "document", "note", "reason", "is_meant"]},
                ),
            ]
        end = ["valid_to", "reason"] if self.has_change_permission(request, obj) else ["told_end"]
        return [
            ("What it says", {"fields": [("printed", "system"), "requirement", "note"]}),
            ("For whom", {"fields": ["told_line", "told_plan", "told_state"]}),
            ("On what ground", {"fields": ["source"]}),
            ("When", {"fields": ["told_start", *end]}),
        ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: AuthorizationRule | None = None
    ) -> list[str]:
        if obj is None:
            return []
        return [
            "printed", "system", "requirement", "note", "told_line", "told_plan", "told_state",
            "source", "told_start", "told_end",
        ]  # fmt: skip

    @admin.display(description="line of business")
    def told_line(self, obj: AuthorizationRule) -> str:
        return obj.get_line_of_business_display() or "Every line of business"

    @admin.display(description="plan")
    def told_plan(self, obj: AuthorizationRule) -> str:
        return obj.plan or "Every plan"

    @admin.display(description="state")
    def told_state(self, obj: AuthorizationRule) -> str:
        return obj.state or "Every state"

    def has_change_permission(
        self, request: HttpRequest, obj: AuthorizationRule | None = None
    ) -> bool:
        """A row that is withdrawn has no end left to bring forward."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_withdrawn)

    def has_delete_permission(
        self, request: HttpRequest, obj: AuthorizationRule | None = None
    ) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: AuthorizationRule,
        form: Any,
        change: bool,
    ) -> None:
        if change:
            obj.save(update_fields=["valid_to"])
            return
        assert isinstance(request.user, User)
        obj.source = form.cleaned_data["source"] or AuthorizationList.objects.create(
            name=form.cleaned_data["document"], entered_at=timezone.now(), entered_by=request.user
        )
        obj.save()
        for told in _goes_before(obj):
            messages.info(request, told)

    def construct_change_message(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        add: bool = False,
    ) -> Any:
        reason = form.cleaned_data["reason"]
        if add:
            return f"Entered by hand: {reason}"
        last = form.cleaned_data["valid_to"]
        is_withdrawn = form.instance.is_withdrawn
        return f"{'Withdrawn' if is_withdrawn else f'Ended on {last}'}: {reason}"


def _goes_before(rule: AuthorizationRule) -> list[str]:
    """What a new row does to the wider and the narrower ones for the same code."""
    on = rule.valid_from
    others = [one for one in rules_holding(rule.low) if one.pk != rule.pk and one.is_in_force(on)]
    said = [one for one in others if one.requirement != rule.requirement]
    return [
        f"{rule.printed} goes before the wider row {one.printed} of “{one.source}”, which says"
        f" {one.get_requirement_display().lower()}."
        for one in said
        if is_inside(rule, one)
    ][:_FEW]
