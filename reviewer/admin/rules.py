"""The rules that every limit is computed by: read as tables, changed by two people."""

import csv
import re
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from policies.exports import safe_cells
from reviewer.admin import rule_tables
from reviewer.admin.bases import AdminOfRules
from reviewer.admin.rule_forms import ReasonForm, RuleForm, row_like
from reviewer.admin.rule_pages import Told, effect_told, person, table_asked, tabs
from reviewer.admin.rule_tables import ABOUT, HEADINGS, WITH_MARKS, Filters
from reviewer.clocks import TABLES
from reviewer.models import RuleChange, RuleRow, RuleTable
from reviewer.workflow.errors import Refused
from reviewer.workflow.guards import who_may
from reviewer.workflow.rule_words import CONFIDENCE, TO_CONFIRM
from reviewer.workflow.rules import PROPOSE
from reviewer.workflow.rules_told import told

SEE = "reviewer.view_rulerow"
ROWS: Final = 30
BELOW_ZERO: Final = re.compile(r"-[1-9]\d*")


@admin.register(RuleRow)
class RuleAdmin(AdminOfRules):
    """A tab for each table, a page for each row; its change is proposed on a third."""

    def has_view_permission(self, request: HttpRequest, obj: RuleRow | None = None) -> bool:
        return request.user.is_staff and request.user.has_perm(SEE)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm(PROPOSE)

    def has_change_permission(self, request: HttpRequest, obj: RuleRow | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RuleRow | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        guarded, row = self.admin_site.admin_view, "rows/<slug:table>/<rule:key>"
        own = [
            path("csv/", guarded(self.csv_view), name="reviewer_rulerow_csv"),
            path("to-confirm/", guarded(self.confirm_view), name="reviewer_rulerow_confirm"),
            path(f"{row}/", guarded(self.row_view), name="reviewer_rulerow_row"),
            path(f"{row}/propose/", guarded(self.propose_view), name="reviewer_rulerow_propose"),
            path(f"{row}/end/", guarded(self.end_view), name="reviewer_rulerow_end"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One table: what it is for, and the rows that are asked for."""
        self._require_sight(request)
        table, filters = asked(request)
        every = rule_tables.lines(table)
        page = Paginator(filters.of(every), ROWS).get_page(request.GET.get("page"))
        context = {
            "title": "Rules of the clocks",
            "table": table,
            "about": ABOUT[table],
            "headings": HEADINGS[table],
            "page": page,
            "lines": page.object_list,
            "rows": len(every),
            "filters": filters,
            "choices_of_line": rule_tables.lines_of_business(table, every),
            "choices_of_stage": rule_tables.stages(every),
            "marks": CONFIDENCE if table in WITH_MARKS else {},
        }
        return self._page(request, "table", context)

    def confirm_view(self, request: HttpRequest) -> HttpResponse:
        """Rows whose mark asks that somebody confirm them, or choose."""
        self._require_sight(request)
        found = rule_tables.to_confirm()
        context = {
            "title": "Rules to confirm",
            "tables": [(table, HEADINGS[table], lines) for table, lines in found],
            "count": sum(len(lines) for _, lines in found),
            "explained": [(mark, CONFIDENCE[mark]) for mark in TO_CONFIRM],
        }
        return self._page(request, "to_confirm", context)

    def csv_view(self, request: HttpRequest) -> HttpResponse:
        """The rows as shown, with all columns, as a shipped file has them; no cell is a formula."""
        self._require_sight(request)
        table, filters = asked(request)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{table.value}.csv"'
        columns = [one.name for one in TABLES[table].columns]
        writer = csv.writer(response, lineterminator="\n")
        writer.writerow(columns)
        for one in filters.of(rule_tables.lines(table)):
            writer.writerow(safe_cells(_cell(one.row[name]) for name in columns))
        return response

    def row_view(self, request: HttpRequest, table: str, key: str) -> HttpResponse:
        """A row: in words, every column with its meaning, and its versions."""
        self._require_sight(request)
        found = told(table, key) if table in RuleTable.values else None
        if found is None:
            raise Http404("No such rule")
        open_change = RuleChange.objects.filter(table=table, key=key, decided_at=None).first()
        context = {
            "title": key,
            "rule": found,
            "table": found.table,
            "cells": dict(
                zip(
                    HEADINGS[found.table][1:],
                    rule_tables.cells_of(found.table, found.row),
                    strict=True,
                )
            ),
            "open_change": open_change,
            "may_propose": self.has_add_permission(request) and open_change is None,
            "is_to_confirm": found.confidence in TO_CONFIRM,
        }
        return self._page(request, "row", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The address of a version leads to the page of its row."""
        self._require_sight(request)
        if not object_id.isdecimal():
            raise Http404("No such rule")
        found = get_object_or_404(RuleRow, pk=object_id)
        return redirect("admin:reviewer_rulerow_row", found.table, found.key)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A new row, maybe with the columns of another one to begin with."""
        self._require_proposer(request)
        table = table_asked(request.GET.get("table", ""))
        given = RuleRow.objects.current().filter(table=table, key=request.GET.get("like", ""))
        row = row_like(table, given.values_list("row", flat=True).first() or {})
        form = RuleForm(request.POST or None, table=table.value, row=row)
        title = f"Add a row to “{table.label}”"
        return self._proposing(request, form, table, {"title": title})

    def propose_view(self, request: HttpRequest, table: str, key: str) -> HttpResponse:
        """Other columns for a row, from now on for all days or from a day on."""
        self._require_proposer(request)
        row = current_or_404(table, key)
        initial = {"confidence": mark} if (mark := request.GET.get("confidence")) else {}
        form = RuleForm(request.POST or None, table=table, key=key, row=row, initial=initial)
        title = f"Propose a change of {key}"
        return self._proposing(request, form, RuleTable(table), {"title": title, "key": key})

    def end_view(self, request: HttpRequest, table: str, key: str) -> HttpResponse:
        """An end of a row: nothing goes by it any more."""
        self._require_proposer(request)
        current_or_404(table, key)
        form = ReasonForm(request.POST or None, table=table, key=key)
        context = {"title": f"End {key}", "key": key, "is_end": True}
        return self._proposing(request, form, RuleTable(table), context)

    def _proposing(
        self, request: HttpRequest, form: ReasonForm, table: RuleTable, context: dict[str, Any]
    ) -> HttpResponse:
        """Write a change down, see what it would move, and propose it."""
        effect: Told | None = None
        if request.method == "POST" and form.is_valid():
            by, at = person(request), timezone.now()
            try:
                if "propose" in request.POST:
                    change = form.propose(by=by, at=at)
                    messages.success(request, "Proposed; it waits for a second person.")
                    return redirect("admin:reviewer_rulechange_change", change.pk)
                effect = effect_told(form.changes(by=by, at=at), by)
            except Refused as refusal:
                form.refuse(refusal)
        more = {"form": form, "table": table, "effect": effect}
        return self._page(request, "propose", context | more)

    def _require_sight(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied(who_may(SEE))

    def _require_proposer(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied(who_may(PROPOSE))

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "tabs": tabs()}
        shared |= {"is_editor": self.has_add_permission(request)}
        shared |= {"proposals": RuleChange.objects.filter(decided_at=None).count()}
        return TemplateResponse(request, f"admin/reviewer/rulerow/{name}.html", shared | context)


def asked(request: HttpRequest) -> tuple[RuleTable, Filters]:
    """The table and the filters that an address names."""
    names = ("line", "stage", "mark", "own", "q")
    filters = Filters(**{name: request.GET.get(name, "").strip() for name in names})
    return table_asked(request.GET.get("table", "")), filters


def _cell(text: str) -> str | int:
    """A number below zero is no formula, whatever it begins with."""
    return int(text) if BELOW_ZERO.fullmatch(text) else text


def current_or_404(table: str, key: str) -> dict[str, str]:
    found = get_object_or_404(RuleRow.objects.current(), table=table, key=key)
    return found.row or {}
