"""The cells of a worklist's rows, set piece by piece: a page has fifty of them."""

from functools import cache

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from policies.models import LineOfBusiness
from policies.templatetags.marks import icon
from reviewer.models import Member, Request, ReviewType, Urgency
from reviewer.templatetags.cases import time_left
from reviewer.templatetags.review import intent
from reviewer.views.counting import MOST
from reviewer.views.worklist import Row
from reviewer.workflow.expertise import is_closed

register = template.Library()
NO_BULLETIN = '<span class="quiet">no bulletin</span>'


@register.filter
def up_to_most(count: int) -> str:
    """A count that stops at `MOST`: "1,000+" beyond it."""
    return f"{MOST:,}+" if count > MOST else f"{count:,}"


@register.simple_tag(takes_context=True)
def work_cells(context: Context, row: Row) -> SafeString:
    """The cells of one request; `names_member` in the context decides whom the third one names."""
    case = row.request
    number, address = escape(case.number), reverse("reviewer:request_detail", args=[case.number])
    person = _member(case.member) if context["names_member"] else _assignee(context, case)
    if "selects" in context:
        person = f"{_pick(number, is_chosen=case.number in context['chosen'])} {person}"
    codes = ", ".join(line.code for line in case.lines.all())
    kind = f"{ReviewType(case.review_type).label}, {Urgency(case.urgency).label.lower()}"
    cells = (
        time_left(row.left, f"{address}/clocks"),
        f'<a href="{escape(address)}">{number}</a>{_unfold(context["list"].here, row)}',
        person,
        escape(codes),
        escape(kind),
        escape(LineOfBusiness(case.line_of_business).label),
        escape(", ".join(row.governed)) or NO_BULLETIN,
        escape(Request.State(case.state).label),
    )
    return mark_safe("".join(f"<td>{cell}</td>" for cell in cells))  # noqa: S308


def _unfold(here: str, row: Row) -> str:
    """The link that opens the row in place, or closes it: the same page with that row open."""
    number = row.request.number
    more, told = ("open=&row=", "Close") if row.is_kept else ("open=", "Open here")
    address = escape(f"{here}&{more}{number}" if here != "?" else f"?{more}{number}")
    return (
        f' <a class="unfold" id="unfold-{number}" href="{address}" hx-boost="true" data-key="e"'
        f' aria-expanded="{"true" if row.is_kept else "false"}"'
        f' aria-label="{told}: {number}">{_down()}</a>'
    )


@cache
def _down() -> SafeString:
    return icon("down")


def _pick(number: str, *, is_chosen: bool) -> str:
    """The mark by which many requests are handed on at once."""
    return (
        f'<input type="checkbox" form="hand-on" name="chosen" value="{number}"'
        f' aria-label="Mark {number}"{" checked" if is_chosen else ""}>'
    )


def _member(member: Member) -> str:
    return escape(f"{member.family_name}, {member.given_name}")


def _assignee(context: Context, case: Request) -> str:
    """Who has it, or how to take it."""
    user = context["request"].user
    if case.assigned_to and case.assigned_to_id not in (context.get("covers_for") or ()):
        return escape(str(case.assigned_to))
    holder = f" {escape(str(case.assigned_to))} is out" if case.assigned_to else ""
    if case.state == Request.State.REFERRED and not user.has_perm("reviewer.deny_request"):
        return '<span class="quiet">for a physician</span>'
    if case.state == Request.State.REFERRED and is_closed(case, context.get("closed") or {}):
        return f'<span class="quiet">for {escape(case.specialty)}</span>{holder}'
    if not user.has_perm("reviewer.review_request"):
        return '<span class="quiet">nobody</span>'
    action = escape(reverse("reviewer:request_claim", args=[case.number]))
    token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{context["csrf_token"]}">'
    return (
        f'<form method="post" action="{action}" data-once>{token}{intent()}<button'
        f' class="button small" aria-label="Take {escape(case.number)}">Take it</button></form>'
        f"{holder}"
    )
