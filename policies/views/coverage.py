"""Where the library leaves gaps: four tables and a picture, for policy staff."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from io import StringIO

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policies.coverage import easy_rules, oppositions, picture, uncited, unnamed
from policies.coverage.gaps import FEWEST, SHARE, Easy, Unnamed
from policies.coverage.oppositions import Opposition
from policies.exports import safe_cells
from policies.models import Version
from policies.models.code_sets import SLUGS
from policies.usage import Period, Usage, used_in

SHOWN = 200  # rows of a table on the page; its file has all
PERIODS = {90: "90 days", 180: "half a year", 365: "a year", 730: "two years"}
USUAL = 180
SERVICES, DIAGNOSES = "services", "diagnoses"
View = Callable[..., HttpResponse]


class PeriodForm(forms.Form):
    """How far back, and opposite stances of which codes; nonsense counts as nothing asked."""

    days = forms.TypedChoiceField(choices=list(PERIODS.items()), coerce=int, required=False)
    codes = forms.ChoiceField(
        choices=[(SERVICES, "services"), (DIAGNOSES, "diagnoses")], required=False
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """The day of the question, the period before it, and the codes of opposite stances."""

    on: date
    days: int
    is_of_diagnoses: bool

    @property
    def period(self) -> Period:
        return Period(self.on - timedelta(days=self.days - 1), self.on)


def for_policy_staff(view: View) -> View:
    """Only for who writes or approves versions: what is counted here is the reviewers' work."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not any(request.user.has_perm(one) for one in KEEPERS):
            raise PermissionDenied("Only policy staff see where the library leaves gaps.")
        return view(request, *args, **kwargs)

    return guarded


KEEPERS = ("policies.change_version", "policies.approve_version")


@require_safe
@for_policy_staff
def coverage_map(request: HttpRequest) -> HttpResponse:
    """All four questions for today and the period before it."""
    asked = _asked(request)
    used = used_in(asked.period)
    opposed, is_cut = oppositions(asked.on, of_diagnoses=asked.is_of_diagnoses)
    missing = unnamed(used, asked.on)
    idle = uncited(used, asked.on)
    easy = easy_rules(used, asked.on)
    context = {
        "asked": asked,
        "periods": PERIODS.items(),
        "said_period": PERIODS[asked.days],
        "opposed": opposed[:SHOWN],
        "opposed_count": len(opposed),
        "plain_count": sum(not one.is_explained for one in opposed),
        "is_cut": is_cut,
        "missing": [(one, SLUGS[one.system]) for one in missing[:SHOWN]],
        "missing_count": len(missing),
        "idle": idle[:SHOWN],
        "idle_count": idle.count(),
        "easy": [(one, SLUGS[one.system]) for one in easy[:SHOWN]],
        "easy_count": len(easy),
        "picture": picture(used, asked.on, opposed=opposed, missing=missing, rows=SHOWN),
        "fewest": FEWEST,
        "share": SHARE,
        "shown": SHOWN,
    }
    return render(request, "policies/coverage_map.html", context)


@require_safe
@for_policy_staff
def coverage_table(request: HttpRequest, table: str) -> HttpResponse:
    """One of the four tables, whole, for a spreadsheet."""
    asked = _asked(request)
    if table not in TABLES:
        raise Http404(f"No table “{table}”; there are: {', '.join(TABLES)}.")
    head, rows = TABLES[table]
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows(safe_cells(row) for row in rows(asked, used_in(asked.period)))
    name = f"coverage-{table}-{asked.on}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text.getvalue(), content_type="text/csv", headers=headers)


def _asked(request: HttpRequest) -> Asked:
    form = PeriodForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    days = given.get("days") or USUAL
    return Asked(timezone.localdate(), days, given.get("codes") == DIAGNOSES)


Rows = Iterable[list[object]]


def _opposed_rows(asked: Asked, used: Usage) -> Rows:
    found, _ = oppositions(asked.on, of_diagnoses=asked.is_of_diagnoses)
    return [_opposed_row(one, system, code) for one in found for system, code in one.codes]


def _opposed_row(one: Opposition, system: str, code: str) -> list[object]:
    return [
        system, code,
        str(one.covered.version), one.covered.stance, one.covered.scope, one.covered.heading,
        "; ".join(one.covered_notes),
        str(one.refused.version), one.refused.stance, one.refused.scope, one.refused.heading,
        "; ".join(one.refused_notes),
        one.apart,
    ]  # fmt: skip


def _missing_rows(asked: Asked, used: Usage) -> Rows:
    return [_missing_row(one) for one in unnamed(used, asked.on)]


def _missing_row(one: Unnamed) -> list[object]:
    return [one.system, one.display, one.words, one.told]


def _idle_rows(asked: Asked, used: Usage) -> Rows:
    return [_idle_row(one) for one in uncited(used, asked.on)]


def _idle_row(version: Version) -> list[object]:
    bulletin = version.bulletin
    owner = bulletin.owner.get_username() if bulletin.owner else ""
    return [bulletin.number, bulletin.title, version.ordinal, bulletin.category, owner,
            version.next_review or ""]  # fmt: skip


def _easy_rows(asked: Asked, used: Usage) -> Rows:
    return [_easy_row(one) for one in easy_rules(used, asked.on)]


def _easy_row(one: Easy) -> list[object]:
    rule = one.rule
    return [one.system, one.display, one.words, str(rule), rule.line_of_business, rule.plan,
            rule.state, one.approved, one.decided]  # fmt: skip


TABLES: dict[str, tuple[list[str], Callable[[Asked, Usage], Rows]]] = {
    "opposite-stances": (
        ["system", "code", "covered_in", "stance", "subject", "heading", "notes", "refused_in",
         "refused_stance", "refused_subject", "refused_heading", "refused_notes", "apart"],
        _opposed_rows,
    ),
    "unnamed-codes": (["system", "code", "description", "requested"], _missing_rows),
    "uncited-bulletins": (
        ["number", "title", "version", "category", "owner", "next_review"],
        _idle_rows,
    ),
    "nearly-always-approved": (
        ["system", "code", "description", "rule", "line_of_business", "plan", "state", "approved",
         "decided"],
        _easy_rows,
    ),
}  # fmt: skip
