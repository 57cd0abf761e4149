"""The parse review: a version's source line by line beside what was read, marked and mendable."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from policies.admin.bases import AdminOfVersions
from policies.admin.reading_rows import Ranges, Review, Row, folded, review_of
from policies.admin.version_pages import page_context, version_of
from policies.drafting.mends import (
    LONGEST_REASON,
    accept_line,
    mend_line,
    read_again,
    set_aside_line,
    take_back_mend,
)
from policies.models import Version
from policies.publishing import Refused
from policies.reading.tracing import Fate

TEMPLATE = "admin/policies/version/parse_review.html"
FILTERS = {
    "": "All lines",
    "look": "To look at",
    "mended": "Mended",
    "accepted": "Accepted",
    "aside": "Set aside",
    "page": "The page's own",
}
_RANGE = re.compile(r"(\d{1,6})-(\d{1,6})")


class MendForm(forms.Form):
    """A line in other words, or why it is set aside or read as it came again."""

    line = forms.CharField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    after = forms.CharField(
        label="Read it as",
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
    )
    reason = forms.CharField(
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why: the reason is kept with the line."},
        widget=forms.TextInput({"placeholder": "Comma lost between two codes"}),
    )

    def clean_after(self) -> str:
        words: str = self.cleaned_data["after"]
        return words.replace("\r\n", "\n").rstrip("\n")


def parse_review(modeladmin: AdminOfVersions, request: HttpRequest, pk: int) -> HttpResponse:
    """The page, and the mends that are made on it."""
    version = version_of(modeladmin, request, pk)
    if request.method == "POST":
        return _mend(modeladmin, request, version)
    return _page(modeladmin, request, version, request.GET.get("line", ""), form=None)


def may_mend(request: HttpRequest, version: Version) -> bool:
    """Whether the person may write into this version's reading."""
    return not version.is_frozen and request.user.has_perm("policies.change_version")


def _mend(modeladmin: AdminOfVersions, request: HttpRequest, version: Version) -> HttpResponse:
    """Carry out what was asked, or show the page again with what was typed and why not."""
    user = request.user
    if not isinstance(user, User) or not may_mend(request, version):
        raise PermissionDenied("Only policy editors mend a reading, and none that is published.")
    form = MendForm(request.POST)
    key = request.POST.get("line", "")
    act = request.POST.get("act", "")
    try:
        told = _carried_out(version, act, key, form, by=user)
    except Refused as refusal:
        if act == "again":
            messages.error(request, str(refusal))
            return redirect(_address(version, request.GET, key))
        form.add_error(None, str(refusal))
        told = ""
    if told:
        messages.success(request, told)
        return redirect(_address(version, request.GET, key))
    return _page(modeladmin, request, version, key, form=form)


def _carried_out(version: Version, act: str, key: str, form: MendForm, *, by: User) -> str:
    """Do it and say what was done; nothing where the form has errors. Raises Refused."""
    at = timezone.now()
    if act == "again":
        read_again(version=version, by=by, at=at)
        return "The source was read again."
    row = review_of(version).row(key)
    if row is None:
        raise Refused(f"The source has no line {key}: open the line again from the list.")
    if act == "back" and not form.data.get("reason", "").strip():
        form.errors.pop("reason", None)
    if form.errors:
        return ""
    data = form.cleaned_data
    facts: dict[str, Any] = {
        "version": version,
        "line": row.source.number,
        "before": row.source.raw,
        "seen": data["seen"],
        "by": by,
        "at": at,
    }
    if act == "back":
        take_back_mend(**facts, reason=data.get("reason") or "Taken back.")
        return f"Line {key} is read in the words of the file again."
    if act == "accept":
        if row.fate != Fate.DOUBTFUL:
            raise Refused(f"Line {key} is not placed: mend it, or set it aside.")
        accept_line(**facts, reason=data["reason"])
        return f"Line {key} is accepted as it is read."
    if act == "aside":
        set_aside_line(**facts, reason=data["reason"])
        return f"Line {key} is set aside; the source was read again without it."
    mend_line(**facts, after=data["after"], reason=data["reason"])
    return f"Line {key} is mended; the source was read again."


def _page(
    modeladmin: AdminOfVersions,
    request: HttpRequest,
    version: Version,
    key: str,
    *,
    form: MendForm | None,
) -> HttpResponse:
    review = review_of(version)
    opened = _opened(request, version, review, key)
    only = request.GET.get("only", "")
    rows = review.only(only)
    if only not in FILTERS or (opened and opened not in rows):
        only, rows = "", review.rows
    shown = [(0, len(rows) + max((row.source.number for row in rows), default=0))]
    if not only and request.GET.get("open") != "all":
        shown = list(_ranges(request.GET))
    context = page_context(
        modeladmin, request, version, here="read", title=f"{version}: how it was read"
    )
    context |= {
        "is_nav_sidebar_enabled": False,  # two texts side by side need the width
        "counts": review.counts,
        "filters": _filters(review, only),
        "groups": list(folded(rows, shown, key)),
        "first_look": next((row for row in rows if row.wants_look), None),
        "kept": _kept(request.GET, only),
        "opened": opened,
        "form": form or (MendForm(initial={"after": opened.words}) if opened else None),
        "refused": form.non_field_errors() if form and not opened else [],
        "may_mend": may_mend(request, version),
        "withdraws": version.status in (Version.Status.IN_REVIEW, Version.Status.APPROVED),
    }
    return TemplateResponse(request, TEMPLATE, context)


def _opened(request: HttpRequest, version: Version, review: Review, key: str) -> Row | None:
    """The row whose form is open, for whom it may be."""
    row = review.row(key) if may_mend(request, version) else None
    return row if row and row.can_be_mended else None


def _filters(review: Review, only: str) -> list[tuple[str, str, int, bool]]:
    """Each filter: its key, its words, how many lines it shows, whether it is on."""
    counts = {"": len(review.rows)} | {key: len(review.only(key)) for key in FILTERS if key}
    return [(key, words, counts[key], key == only) for key, words in FILTERS.items()]


def _ranges(query: QueryDict) -> Ranges:
    """The folded runs that were asked for."""
    found = (_RANGE.fullmatch(one) for one in query.getlist("open"))
    return [(int(one[1]), int(one[2])) for one in found if one]


def _kept(query: QueryDict, only: str) -> str:
    """What the links of the page hand on: the filter and the runs that are shown."""
    kept = QueryDict(mutable=True)
    if only:
        kept["only"] = only
    kept.setlist("open", query.getlist("open"))
    words = kept.urlencode()
    return f"{words}&" if words else ""


def _address(version: Version, query: QueryDict, key: str) -> str:
    page = reverse("admin:policies_version_parse_review", args=[version.pk])
    kept = _kept(query, query.get("only", "")).rstrip("&")
    return f"{page}?{kept}#l{key}" if key else f"{page}?{kept}"
