"""Folders of bulletins: chosen in one go, imported with a progress bar, answered with a report."""

import csv
from io import StringIO
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from policies.admin.bases import AdminOfImportRuns
from policies.admin.forms import FolderForm
from policies.exports import safe_cells
from policies.imports.folders import FolderRefused, import_waiting, start_run
from policies.models import ImportFile, ImportRun

Outcome = ImportFile.Outcome
SECONDS = 1.5  # of importing between two answers


def with_counts(runs: "QuerySet[ImportRun]") -> "QuerySet[ImportRun]":
    """Runs with how many files they have and how many came to each outcome."""
    return runs.annotate(
        total=Count("files"),
        **{one.value: Count("files", Q(files__outcome=one)) for one in Outcome},
    )


@admin.register(ImportRun)
class ImportRunAdmin(AdminOfImportRuns):
    list_display = ["name", "started_at", "by", "told_files", "told_outcomes"]
    list_select_related = ["by"]
    date_hierarchy = "started_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        return with_counts(super().get_queryset(request))

    @admin.display(description="files")
    def told_files(self, obj: Any) -> int:
        total: int = obj.total
        return total

    @admin.display(description="what became of them")
    def told_outcomes(self, obj: Any) -> str:
        return told(obj)

    def has_view_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return request.user.has_perm("policies.view_version") and request.user.is_staff

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("policies.add_version")

    def has_change_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/continue/",
                wrap(require_POST(self.continue_run)),
                name="policies_importrun_continue",
            ),
            path("<int:pk>/report.csv", wrap(self.report), name="policies_importrun_report"),
        ]
        return [*own, *super().get_urls()]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Choose a folder; its files are kept and wait."""
        if not self.has_add_permission(request):
            raise PermissionDenied("Only policy editors import bulletins.")
        form = FolderForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                run = _started(request, form)
            except FolderRefused as refusal:
                form.add_error("folder", str(refusal))
            else:
                return redirect("admin:policies_importrun_change", run.pk)
        return self._page(request, "add", {"title": "Import a folder", "form": form})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """How far it is, and what became of each file."""
        if not self.has_view_permission(request):
            raise PermissionDenied("Only policy staff see the imports.")
        if not object_id.isdecimal():
            raise Http404("No such import")
        run = get_object_or_404(self.get_queryset(request), pk=object_id)
        title = f"Import of {run.name}"
        return self._page(request, "run", {"title": title, **self._progress(request, run)})

    def continue_run(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Import for a moment, then say how far it is: the bar asks again by itself."""
        if not self.has_add_permission(request):
            raise PermissionDenied("Only policy editors import bulletins.")
        run = get_object_or_404(ImportRun, pk=pk)
        import_waiting(run, seconds=SECONDS, at=timezone.now())
        if not request.headers.get("HX-Request"):
            return redirect("admin:policies_importrun_change", pk)
        counted = self.get_queryset(request).get(pk=pk)
        return self._page(request, "progress", self._progress(request, counted))

    def report(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The same report as a table for a spreadsheet."""
        if not self.has_view_permission(request):
            raise PermissionDenied("Only policy staff see the imports.")
        run = get_object_or_404(ImportRun, pk=pk)
        table = StringIO()
        writer = csv.writer(table)
        writer.writerow(["file", "sha256", "outcome", "version", "not_understood", "reason"])
        for file in _files(run):
            row = [file.name, file.sha256, file.outcome, file.version]
            writer.writerow(safe_cells([*row, file.not_understood_count, file.reason]))
        headers = {"Content-Disposition": f'attachment; filename="import-{pk}.csv"'}
        return HttpResponse(table.getvalue(), content_type="text/csv", headers=headers)

    def _progress(self, request: HttpRequest, run: Any) -> dict[str, Any]:
        """While it goes on, only what needs a person; all files once it is done."""
        files = _files(run)
        if run.waiting:
            files = files.filter(outcome=Outcome.REFUSED)
        return {
            "run": run,
            "told": told(run),
            "done": run.total - run.waiting,
            "may_go_on": run.waiting and self.has_add_permission(request),
            "files": sorted(files, key=lambda file: (ORDER[Outcome(file.outcome)], file.position)),
        }

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        template = f"admin/policies/importrun/{name}.html"
        return TemplateResponse(request, template, {**shared, **context})

    def view_on_site(self, obj: ImportRun) -> str:
        return reverse("admin:policies_importrun_change", args=[obj.pk])


# What needs a person first.
ORDER = {Outcome.REFUSED: 0, Outcome.DRAFT: 1, Outcome.KNOWN: 2, Outcome.WAITING: 3}


def told(run: Any) -> str:
    """ "12 became drafts, 1 refused, 3 waiting"; `run` comes with its counts."""
    words = {
        "draft": ("became a draft", "became drafts"),
        "known": ("was in the library already", "were in the library already"),
        "refused": ("refused", "refused"),
        "waiting": ("waiting", "waiting"),
    }
    counts = {name: getattr(run, name) for name in words}
    return ", ".join(
        f"{count:,} {words[name][count != 1]}" for name, count in counts.items() if count
    )


def _started(request: HttpRequest, form: FolderForm) -> ImportRun:
    assert isinstance(request.user, User)
    return start_run(
        name=form.folder_name(),
        files=[(name, file.read()) for name, file in form.named_files()],
        options=form.options(),
        by=request.user,
        at=timezone.now(),
    )


def _files(run: ImportRun) -> QuerySet[ImportFile]:
    return run.files.defer("data").select_related("version__bulletin")
