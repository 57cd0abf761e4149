"""An editor's work on the tree of criteria of a draft: confirming it, its rules and its lineage.

Each verb names its criterion by the anchor, which outlives another reading of the source. `seen` is
the state of the criterion that the editor had in view: where it is another one now, the verb is
refused with what has changed meanwhile, and nothing is written.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import transaction

from policies.comparison.editions import place_of
from policies.drafting.doubts import doubts_of
from policies.drafting.drafts import locked_draft, seal_again
from policies.drafting.edits import note_edit
from policies.drafting.rules import in_words, rule_of_words
from policies.models import Criterion, Rule, Version
from policies.publishing import Refused

LONGEST_REASON = 200


def state_of(criterion: Criterion) -> str:
    """What an editor confirms of a criterion, in a few characters: its words, rule and lineage."""
    facts = (
        criterion.text,
        criterion.rule,
        criterion.at_least,
        criterion.identity,
        criterion.split_from,
    )
    return sha256(repr(facts).encode()).hexdigest()[:12]


def named(criterion: Criterion) -> str:
    """How sentences speak of a criterion."""
    words = criterion.text.split("\n")[0]
    return place_of(criterion.anchor) or f"“{words[:40].rstrip()}{'…' if len(words) > 40 else ''}”"


@transaction.atomic
def confirm_criterion(
    *, version: Version, anchor: str, by: User, at: datetime, seen: str | None = None
) -> Criterion:
    """Confirm that a criterion is what the text says: its words, its rule and its lineage."""
    draft = locked_draft(version)
    one = node_of(draft, anchor, seen)
    if one.confirmed_at is None:
        _confirm(draft, [one], f"Confirmed criterion {named(one)}.", by=by, at=at)
    return one


@transaction.atomic
def confirm_branch(*, version: Version, anchor: str, by: User, at: datetime) -> list[Criterion]:
    """Confirm a criterion and all under it, but for those at which the reader had doubts."""
    draft = locked_draft(version)
    top = node_of(draft, anchor)
    criteria = list(draft.criteria.order_by("position"))
    inside = {top.pk}
    branch = []
    for one in criteria:
        if one.pk in inside or one.parent_id in inside:
            inside.add(one.pk)
            branch.append(one)
    return _confirm_undoubted(draft, branch, f"of {named(top)}", by=by, at=at)


@transaction.atomic
def confirm_all(*, version: Version, by: User, at: datetime) -> list[Criterion]:
    """Confirm every criterion at which the reader had no doubt. Returns those that it confirmed."""
    draft = locked_draft(version)
    criteria = list(draft.criteria.order_by("position"))
    return _confirm_undoubted(draft, criteria, "of the tree", by=by, at=at)


@transaction.atomic
def take_back_confirmation(*, version: Version, anchor: str, by: User, at: datetime) -> Criterion:
    """Say again that nobody has confirmed a criterion."""
    draft = locked_draft(version)
    one = node_of(draft, anchor)
    if one.confirmed_at is not None:
        one.confirmed_by, one.confirmed_at = None, None
        one.save(update_fields=["confirmed_by", "confirmed_at"])
        what = f"Took back the confirmation of criterion {named(one)}."
        note_edit(version=draft, what=what, by=by, at=at)
        seal_again(draft)
    return one


@transaction.atomic
def change_rule(
    *,
    version: Version,
    anchor: str,
    rule: str,
    at_least: int | None = None,
    reason: str = "",
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Criterion:
    """Say how the criteria under one combine. It is to be confirmed after that.

    A rule that contradicts the words needs a reason.
    """
    draft = locked_draft(version)
    one = node_of(draft, anchor, seen)
    wanted = Rule(rule)
    at_least = at_least if wanted is Rule.AT_LEAST else None
    children = list(one.children.order_by("position"))
    _require_possible(one, wanted, at_least, children)
    if (one.rule, one.at_least) == (wanted, at_least):
        return one
    reason = reason.strip()
    stated = rule_of_words(one.text, [child.text for child in children])
    if stated and stated != (wanted, at_least):
        _require_reason(one, in_words(*stated), in_words(wanted, at_least), reason)
    was = in_words(one.rule, one.at_least)
    one.rule, one.at_least = wanted, at_least
    one.confirmed_by, one.confirmed_at = None, None
    one.save(update_fields=["rule", "at_least", "confirmed_by", "confirmed_at"])
    what = f"Read {named(one)} as “{in_words(wanted, at_least)}”, no longer “{was}”. {reason}"
    note_edit(version=draft, what=what.rstrip(), by=by, at=at)
    seal_again(draft)
    return one


def node_of(draft: Version, anchor: str, seen: str | None = None) -> Criterion:
    """A criterion as it stands now. Raises Refused where it is gone, or not as it was seen."""
    one = Criterion.objects.filter(version=draft, anchor=anchor).order_by("position").first()
    if one is None:
        raise Refused(
            f"{draft} has no criterion #{anchor} any more: its source was read again. Reload the "
            "page to see what stands there."
        )
    if seen is not None and seen != state_of(one):
        last = draft.edits.select_related("by").order_by("-at", "-id").first()
        by = f" by {last.by.get_full_name() or last.by.get_username()}" if last else ""
        how = f"“{in_words(one.rule, one.at_least)}”" if one.children.exists() else "as shown here"
        raise Refused(
            f"{named(one)} was changed{by} after you opened the page: it is now {how}. Look at it "
            "again; nothing of yours was written."
        )
    return one


def _confirm_undoubted(
    draft: Version, some: Iterable[Criterion], where: str, *, by: User, at: datetime
) -> list[Criterion]:
    waiting = [one for one in some if one.confirmed_at is None]
    doubts = doubts_of(draft, waiting)
    clear = [one for one in waiting if one.anchor not in doubts]
    if clear:
        count = "1 criterion" if len(clear) == 1 else f"{len(clear)} criteria"
        _confirm(draft, clear, f"Confirmed {count} {where} at once.", by=by, at=at)
    return clear


def _confirm(
    draft: Version, some: Sequence[Criterion], what: str, *, by: User, at: datetime
) -> None:
    for one in some:
        one.confirmed_by, one.confirmed_at = by, at
    chosen = Criterion.objects.filter(pk__in=[one.pk for one in some])
    chosen.update(confirmed_by=by, confirmed_at=at)
    note_edit(version=draft, what=what, by=by, at=at)
    seal_again(draft)


def _require_possible(
    one: Criterion, rule: Rule, at_least: int | None, children: Sequence[Criterion]
) -> None:
    if not children:
        raise Refused(f"{named(one)} has no criteria under it, so nothing is combined.")
    if rule is Rule.AT_LEAST and not (at_least and 1 <= at_least <= len(children)):
        raise Refused(
            f"{len(children)} criteria stand under {named(one)}: say how many of them at least, "
            f"from 1 to {len(children)}."
        )


def _require_reason(one: Criterion, stated: str, wanted: str, reason: str) -> None:
    if not reason:
        raise Refused(
            f"The words of {named(one)} say “{stated}”: give the reason why it is “{wanted}”."
        )
    if len(reason) > LONGEST_REASON:
        raise Refused(f"Give the reason in at most {LONGEST_REASON} characters.")
