"""Which criterion of the version before one of a draft goes on from, said by an editor."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction

from policies.comparison.editions import Edition, Link, edition_of, place_of
from policies.comparison.lineage import handed_down
from policies.drafting.criteria import named, node_of
from policies.drafting.drafts import locked_draft, seal_again
from policies.drafting.edits import note_edit
from policies.imports.lineage import earlier_version, stored_edition, stored_links
from policies.models import Criterion, Fate, Version
from policies.publishing import Refused


@transaction.atomic
def match_criterion(
    *,
    version: Version,
    anchor: str,
    earlier: str | None,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Criterion:
    """Say which statement of the version before a criterion goes on from; None: it is new.

    `earlier`: its anchor there. Where another criterion goes on from it already, it was split and
    both are parts. Criteria whose lineage changes are to be confirmed again.
    """
    draft = locked_draft(version)
    one = node_of(draft, anchor, seen)
    before = earlier_version(draft)
    if before is None:
        raise Refused(f"No version was before {draft}, so nothing in it goes on from one.")
    edition = stored_edition(before)
    links = stored_links(draft)
    wanted = _wanted(edition, links, anchor, earlier)
    if wanted == links[anchor]:
        return one
    links[anchor] = wanted
    _store(draft, handed_down(edition, edition_of(draft, links)))
    source = place_of(earlier) or f"#{earlier}" if earlier else ""
    what = f"goes on from {source} of version {before.ordinal}" if earlier else "is new"
    note_edit(version=draft, what=f"Said that {named(one)} {what}.", by=by, at=at)
    seal_again(draft)
    one.refresh_from_db()
    return one


def _wanted(before: Edition, links: Mapping[str, Link], anchor: str, earlier: str | None) -> Link:
    own = links[anchor]
    known = {link.identity for link in before.links.values()}
    if earlier is None:
        is_new = own.fate == Fate.NEW and own.identity not in known
        return own if is_new else Link(uuid4(), Fate.NEW)
    if earlier not in before.links:
        raise Refused(
            f"Version {before.ordinal} has no criterion #{earlier}: choose one from the list."
        )
    identity = before.links[earlier].identity
    if own.origin == identity:
        return own
    others = [it for it, link in links.items() if it != anchor and link.origin == identity]
    return Link(uuid4(), Fate.SPLIT, identity) if others else Link(identity, Fate.SAME)


def _store(draft: Version, links: Mapping[str, Link]) -> None:
    changed = []
    for one in Criterion.objects.filter(version=draft):
        link = links[one.anchor]
        if link != (one.identity, one.fate, one.split_from):
            one.identity, one.fate, one.split_from = link
            one.confirmed_by, one.confirmed_at = None, None
            changed.append(one)
    names = ["identity", "fate", "split_from", "confirmed_by", "confirmed_at"]
    Criterion.objects.bulk_update(changed, names)
