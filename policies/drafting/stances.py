"""On what ground each passage of a draft speaks, set and confirmed by an editor."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import transaction

from policies.drafting.drafts import locked_draft, seal_again
from policies.drafting.edits import note_edit
from policies.models import Passage, StanceType, Version
from policies.publishing import Refused


def state_of(passage: Passage) -> str:
    """What an editor has in view of a passage, in a few characters: its words and its type."""
    facts = passage.text, passage.stance_type
    return sha256(repr(facts).encode()).hexdigest()[:12]


@transaction.atomic
def confirm_stances(
    *,
    version: Version,
    types: Mapping[str, str],
    by: User,
    at: datetime,
    seen: Mapping[str, str] | None = None,
) -> list[Passage]:
    """Set and confirm the stance types of passages, by their anchors; empty: it says nothing.

    `seen`: by anchor the states that the editor had in view. Raises Refused, and writes nothing,
    where one is another now. Returns the passages that changed.
    """
    draft = locked_draft(version)
    changed = []
    for one in _passages(draft, types):
        if seen is not None and seen.get(one.anchor) != state_of(one):
            raise Refused(_meanwhile(draft, one))
        wanted = types[one.anchor]
        if wanted not in ("", *StanceType.values):
            raise Refused(f"“{wanted}” is no stance type: choose one from the list.")
        if one.stance_confirmed_at is None or one.stance_type != wanted:
            one.stance_type, one.stance_confirmed_by, one.stance_confirmed_at = wanted, by, at
            changed.append(one)
    if changed:
        _store(draft, changed, _what(changed), by=by, at=at)
    return changed


@transaction.atomic
def take_back_stance(*, version: Version, anchor: str, by: User, at: datetime) -> Passage:
    """Say again that nobody has confirmed the stance type of a passage."""
    draft = locked_draft(version)
    (one,) = _passages(draft, {anchor: ""})
    if one.stance_confirmed_at is not None:
        one.stance_confirmed_by, one.stance_confirmed_at = None, None
        what = f"Took back the confirmation of the stance type of #{anchor}."
        _store(draft, [one], what, by=by, at=at)
    return one


def _passages(draft: Version, anchors: Mapping[str, str]) -> list[Passage]:
    found = list(draft.passages.filter(anchor__in=anchors).order_by("position").defer("search"))
    if missing := sorted(set(anchors) - {one.anchor for one in found}):
        raise Refused(
            f"{draft} has no passage #{missing[0]} any more: its source was read again. Reload the "
            "page to see what stands there."
        )
    return found


def _store(draft: Version, some: list[Passage], what: str, *, by: User, at: datetime) -> None:
    fields = ["stance_type", "stance_confirmed_by", "stance_confirmed_at"]
    Passage.objects.bulk_update(some, fields)
    note_edit(version=draft, what=what, by=by, at=at)
    seal_again(draft)


def _what(changed: list[Passage]) -> str:
    if len(changed) > 1:
        return f"Confirmed the stance types of {len(changed)} passages."
    one = changed[0]
    label = StanceType(one.stance_type).label if one.stance_type else "none"
    return f"Confirmed the stance type of #{one.anchor}: {label}."


def _meanwhile(draft: Version, passage: Passage) -> str:
    last = draft.edits.select_related("by").order_by("-at", "-id").first()
    by = f" by {last.by.get_full_name() or last.by.get_username()}" if last else ""
    label = StanceType(passage.stance_type).label if passage.stance_type else "no stance type"
    return (
        f"#{passage.anchor} was changed{by} after you opened the page: it is now “{label}”. "
        "What you chose is kept here; nothing was written."
    )
