"""The tree of criteria of a draft, confirmed criterion by criterion beside its source."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from policies.admin.bases import AdminOfVersions
from policies.admin.source_passages import source_of
from policies.admin.version_pages import may_confirm, page_context, version_of
from policies.drafting.criteria import (
    change_rule,
    confirm_all,
    confirm_branch,
    confirm_criterion,
    take_back_confirmation,
)
from policies.drafting.matches import match_criterion
from policies.drafting.rules import in_words, rule_of_words
from policies.drafting.tree import Node, Tree, tree_of
from policies.models import Criterion, Rule, Version
from policies.publishing import Refused

TEMPLATE = "admin/policies/version/criteria.html"
PARTS = "admin/policies/version/criteria_parts.html"
Changed = Sequence[str]  # the anchors of the rows that a verb has changed


def version_criteria(modeladmin: AdminOfVersions, request: HttpRequest, pk: int) -> HttpResponse:
    """The tree, and beside it the criterion that is open; POST carries out one verb."""
    version = version_of(modeladmin, request, pk)
    is_part = request.headers.get("HX-Request") == "true"
    if request.method == "POST":
        return _act(modeladmin, request, version, is_part=is_part)
    if is_part:
        return _parts(modeladmin, request, tree_of(version), anchor=request.GET.get("at", ""))
    return _page(modeladmin, request, version, anchor=request.GET.get("at", ""))


def _act(
    modeladmin: AdminOfVersions, request: HttpRequest, version: Version, *, is_part: bool
) -> HttpResponse:
    if not modeladmin.has_change_permission(request, version):
        raise PermissionDenied("Only policy editors write into versions not published yet.")
    verb, _, rest = request.POST.get("do", "").partition(":")
    token, _, anchor = rest.partition(":")
    anchor = anchor or request.POST.get("anchor", "")
    try:
        changed, told = _carry_out(request, version, verb, anchor, token or None)
    except Refused as refusal:
        if is_part:
            tree = tree_of(version)
            return _parts(modeladmin, request, tree, anchor=anchor, refused=str(refusal))
        return _page(modeladmin, request, version, anchor=anchor, refused=str(refusal))
    tree = tree_of(version)
    following = _next(tree, verb, anchor)
    if is_part:
        return _parts(modeladmin, request, tree, anchor=following, changed=changed, told=told)
    if told:
        messages.success(request, told)
    return redirect(_address(version, following))


def _carry_out(
    request: HttpRequest, version: Version, verb: str, anchor: str, seen: str | None
) -> tuple[Changed, str]:
    """Which rows are others now, and what to say of it."""
    assert isinstance(request.user, User)
    who: dict[str, Any] = {"version": version, "by": request.user, "at": timezone.now()}
    asked = request.POST
    if verb == "confirm":
        return [confirm_criterion(anchor=anchor, seen=seen, **who).anchor], ""
    if verb == "take_back":
        return [take_back_confirmation(anchor=anchor, **who).anchor], ""
    if verb in ("branch", "all"):
        done = confirm_all(**who) if verb == "all" else confirm_branch(anchor=anchor, **who)
        return [one.anchor for one in done], f"{_count(done)} confirmed."
    if verb == "rule":
        number = asked.get("at_least", "")
        change_rule(
            anchor=anchor,
            rule=_rule(asked.get("rule", "")),
            at_least=int(number) if number.isdecimal() else None,
            reason=asked.get("reason", ""),
            seen=seen,
            **who,
        )
        return [anchor], ""
    if verb == "match":
        match_criterion(anchor=anchor, earlier=asked.get("earlier") or None, seen=seen, **who)
        return [], ""
    if verb == "went_on":
        anchor = asked.get("as", "")
        one = match_criterion(anchor=anchor, earlier=asked.get("gone"), **who)
        return [], f"It went on as {one.anchor}."
    raise Refused("Nothing was done: this page has no such button. Reload it.")


def _page(
    modeladmin: AdminOfVersions,
    request: HttpRequest,
    version: Version,
    *,
    anchor: str,
    refused: str = "",
) -> HttpResponse:
    tree = tree_of(version)
    context = {
        **page_context(
            modeladmin, request, version, here="criteria", title=f"{version}: its criteria"
        ),
        **_context(modeladmin, request, tree, anchor, refused),
    }
    return TemplateResponse(request, TEMPLATE, context, status=409 if refused else 200)


def _parts(
    modeladmin: AdminOfVersions,
    request: HttpRequest,
    tree: Tree,
    *,
    anchor: str,
    changed: Changed = (),
    told: str = "",
    refused: str = "",
) -> HttpResponse:
    """For htmx: the criterion that is open, the rows that changed, and how far the work is."""
    rows = {anchor, *changed} if refused else set(changed)
    context = {
        **_context(modeladmin, request, tree, anchor, refused),
        "version": tree.version,
        "changed": [node for node in tree.nodes if node.anchor in rows],
        "is_part": True,
        "has_changed": request.method == "POST",
        "told": told,
    }
    return TemplateResponse(request, PARTS, context)


def _context(
    modeladmin: AdminOfVersions, request: HttpRequest, tree: Tree, anchor: str, refused: str
) -> dict[str, Any]:
    node = tree.at(anchor) or next(iter([*tree.waiting, *tree.nodes]), None)
    return {
        "tree": tree,
        "node": node,
        "refused": refused,
        "may_write": may_confirm(modeladmin, request, tree.version),
        **(_beside(request, tree, node, bool(refused)) if node else {}),
    }


def _beside(request: HttpRequest, tree: Tree, node: Node, is_refused: bool) -> dict[str, Any]:
    """What the pane shows of the criterion that is open; what was typed stays when refused."""
    criterion = node.criterion
    children = [one for one in tree.nodes if one.criterion.parent_id == criterion.pk]
    stated = rule_of_words(criterion.text, [one.criterion.text for one in children])
    typed = request.POST if is_refused else {}
    branch = [one for one in tree.branch(node) if not one.is_confirmed and not one.doubts]
    taken = tree.taken_by()
    return {
        "source": source_of(tree.version, criterion),
        "children": len(children),
        "rules": [(rule.value, in_words(rule, None)) for rule in Rule if rule != Rule.AT_LEAST],
        "rule": typed.get("rule", criterion.rule),
        "at_least": typed.get("at_least", criterion.at_least or 2),
        "reason": typed.get("reason", ""),
        "words_say": in_words(*stated) if stated else "",
        "branch": branch if len(branch) > 1 else [],
        "following": tree.after(node),
        "choices": [_choice(one, taken) for one in tree.earlier],
    }


def _choice(earlier: Criterion, taken: dict[str, str]) -> tuple[str, str]:
    """An earlier criterion for the list: its anchor, and words short enough for one line."""
    node = Node(earlier, "", None, (), has_children=False, is_followed=False)
    words = " ".join(earlier.text.split())
    short = words if len(words) <= 60 else f"{words[:59]}…"
    goes_on = f"  → {taken[earlier.anchor]}" if earlier.anchor in taken else "  (gone)"
    return earlier.anchor, f"{node.place}  {short}{goes_on}"


def _rule(asked: str) -> str:
    if asked not in Rule.values:
        raise Refused("Choose how the criteria combine from the list.")
    return asked


def _next(tree: Tree, verb: str, anchor: str) -> str:
    """Where the work goes on: after a confirmation at the next that waits."""
    if verb not in ("confirm", "branch", "all"):
        return anchor
    node = tree.at(anchor)
    following = tree.after(node) if node else next(iter(tree.waiting), None)
    return following.anchor if following else anchor


def _address(version: Version, anchor: str) -> str:
    address = reverse("admin:policies_version_criteria", args=[version.pk])
    return f"{address}?at={anchor}#n-{anchor}" if anchor else address


def _count(some: Sequence[object]) -> str:
    return "1 criterion" if len(some) == 1 else f"{len(some)} criteria"
