"""Django's admin as it comes, over the rows that name codes, bulletins and requests."""

from argparse import Namespace

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpRequest
from django.test import override_settings
from django.urls import path, reverse

from policies.models import Bulletin, CodeRow
from policies.models.code_sets import SLUGS
from reviewer import urls
from reviewer.models import Request
from tests.bench.code_sets import MARKED
from tests.bench.floors import Visitor
from tests.bench.measuring import in_turns
from tests.bench.report import Row, against

LEAST = 15  # times the requests a second of its search for a code
SEARCH = "search of code rows"
LISTS = (
    (SEARCH, "policies_coderow", f"q={MARKED}"),
    ("list of bulletins", "policies_bulletin", ""),
    ("list of requests", "reviewer_request", ""),
)


class Plain(admin.ModelAdmin):
    """Open to whoever is signed in: the cost of the list is asked, not who may see it."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True


class PlainRows(Plain):
    list_display = ("description", "group", "version")
    list_select_related = ("group", "version__bulletin")
    search_fields = ("description", "spans__low", "spans__high")


class PlainAdmin(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return True


plain_admin = PlainAdmin(name="plain_admin")
plain_admin.register([Bulletin, Request], Plain)
plain_admin.register(CodeRow, PlainRows)


urlpatterns = [path("bench/admin/", plain_admin.urls), *urls.urlpatterns]


def admin_rows(user: User, options: Namespace) -> list[Row]:
    """Its pages and the code page in turns; one process each, so times stand for requests."""
    with override_settings(ROOT_URLCONF="tests.bench.plain_admin"):
        visitor = Visitor(user)
        code = reverse("policies:code_detail", args=[SLUGS["HCPCS"], MARKED])
        calls = {"code page": visitor.call(code)}
        for name, model, query in LISTS:
            address = reverse(f"admin:{model}_changelist", current_app=plain_admin.name)
            calls[f"plain admin, {name}"] = visitor.call(address, query)
        times = in_turns(calls, rounds=min(options.rounds, 20))
    own = times.pop("code page")
    rows = [against(own, name, each, note="to the code page") for name, each in times.items()]
    ratio = times[f"plain admin, {SEARCH}"].p50 / own.p50
    return [
        *rows,
        Row("code page, and the admin's search", ratio=ratio, bar=f">= {LEAST} x",
            is_met=ratio >= LEAST, note="requests a second"),
    ]  # fmt: skip
