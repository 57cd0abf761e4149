"""Criteria that go on from one version of a bulletin to the next keep their identity.

A draft that is read again keeps besides what people decided about it: which earlier statement a
criterion goes on from, and how it combines and that it was confirmed where its words are the same.
"""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from policies.comparison.editions import Edition, Link, earlier_than, edition_of
from policies.comparison.lineage import handed_down, with_links
from policies.models import Criterion, Fate, Version


def earlier_version(version: Version) -> Version | None:
    """The version whose statements a version goes on from."""
    found = earlier_than(version.created_at, bulletin=version.bulletin_id, ordinal=version.ordinal)
    return found.defer("source_bytes").first()


def stored_edition(version: Version) -> Edition:
    """A version with the lineage that is stored of its criteria. One query."""
    return edition_of(version, stored_links(version))


def stored_links(version: Version) -> dict[str, Link]:
    stored = Criterion.objects.filter(version=version).order_by("position")
    rows = stored.values_list("anchor", "identity", "fate", "split_from")
    return {anchor: Link(identity, fate, split) for anchor, identity, fate, split in rows}


class Lineage:
    """What the criteria of a new draft go on from; nothing where no version was before it."""

    def __init__(self, earlier: Version | None) -> None:
        self._earlier = stored_edition(earlier) if earlier else None
        self._decided: _Decided | None = None

    @classmethod
    def of_draft(cls, version: Version) -> "Lineage":
        """For a draft about to be read again; made while its parts are still there."""
        made = cls(earlier_version(version))
        made._decided = _Decided(version)
        return made

    def hand_down(self, criteria: Sequence[Criterion]) -> None:
        """Set identity, fate and split_from of all the criteria of a draft, not stored yet."""
        if not criteria or not (self._earlier or self._decided):
            return
        draft = edition_of(criteria[0].version, {})
        links = self._decided.links(draft) if self._decided else {}
        if self._earlier:
            links = _filled(links, self._earlier, draft)
        for one in criteria:
            if link := links.get(one.anchor):
                one.identity, one.fate, one.split_from = link
        if self._decided:
            self._decided.keep(criteria)


def _filled(links: dict[str, Link], earlier: Edition, draft: Edition) -> dict[str, Link]:
    """The lineage of every criterion: as decided, and for the others by their words."""
    found = handed_down(earlier, draft)
    if not links:
        return found
    taken = {link.origin for link in links.values()}
    for anchor, link in found.items():
        links.setdefault(anchor, link if link.origin not in taken else Link(uuid4(), Fate.NEW))
    return handed_down(earlier, with_links(draft, links))


class _Decided:
    """What people decided about the parts of a draft."""

    def __init__(self, version: Version) -> None:
        stored = Criterion.objects.filter(version=version).order_by("position")
        self._criteria = {one.identity: one for one in stored}
        self._children = _texts_below(self._criteria.values())
        self._was = stored_edition(version)

    def links(self, draft: Edition) -> dict[str, Link]:
        """The lineage of the criteria that were in the draft already."""
        was = {link.identity: link for link in self._was.links.values()}
        found: dict[str, Link] = {}
        self._before: dict[str, Criterion] = {}
        for anchor, link in handed_down(self._was, draft).items():
            before = was.get(link.origin)
            if before and link.identity == before.identity:
                found[anchor] = before
                self._before[anchor] = self._criteria[before.identity]
            elif before:
                found[anchor] = Link(uuid4(), Fate.SPLIT, before.origin)
        return found

    def keep(self, criteria: Sequence[Criterion]) -> None:
        """What was confirmed of a statement holds while it and those that it joins are the same."""
        children = _texts_below(criteria)
        for one in criteria:
            before = self._before.get(one.anchor)
            if before is None or before.text != one.text:
                continue
            if self._children.get(before.pk) == children.get(one.pk):
                one.rule, one.at_least = before.rule, before.at_least
                one.confirmed_by_id = before.confirmed_by_id
                one.confirmed_at = before.confirmed_at


def _texts_below(criteria: Iterable[Criterion]) -> dict[int, list[str]]:
    """By parent the texts that its rule joins: the same words are read as the same rule, so that
    a rule that differs is a person's."""
    found: dict[int, list[str]] = {}
    for one in criteria:
        if one.parent_id:
            found.setdefault(one.parent_id, []).append(one.text)
    return found
