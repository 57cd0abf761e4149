"""What each criterion goes on from: identities handed down from one edition to the next.

A statement that was split leaves its identity to the part that carries most of its words, the first
of two that carry the same; of two that were joined the one that gives most of the words goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from rapidfuzz.distance import LCSseq

from policies.comparison.editions import Edition, Link, Statement
from policies.comparison.pairing import Pair, Pairing
from policies.comparison.words import is_reworded, words_of
from policies.models import Fate


def handed_down(before: Edition, after: Edition) -> dict[str, Link]:
    """By anchor the lineage of every criterion of the newer edition.

    Where that has links already, they stay as they are and only the fates are judged anew.
    """
    if after.links:
        after = replace(after, follows=before.ordinal)
    pairing = Pairing(before, after)
    links: dict[str, Link] = {}
    for pair in pairing.pairs:
        links.update(_of_pair(pairing, pair))
    links.update(_unprinted(pairing, before, after, links))
    return links


def with_links(edition: Edition, links: dict[str, Link]) -> Edition:
    """The edition with another lineage."""
    statements = tuple(replace(one, link=links.get(one.anchor)) for one in edition.statements)
    return replace(edition, links=links, statements=statements)


def gone(before: Edition, after: Edition) -> list[str]:
    """The anchors of the earlier criteria that none of the newer edition goes on from."""
    origins = {link.origin for link in after.links.values()}
    return [anchor for anchor, link in before.links.items() if link.identity not in origins]


def _of_pair(pairing: Pairing, pair: Pair) -> Iterator[tuple[str, Link]]:
    parts = [one for one in pair.after if one.criterion]
    earlier = [(one, one.identity) for one in pair.before if one.identity]
    if not parts:
        return
    if not earlier:
        for one in parts:
            yield one.anchor, Link(_own(one.link, None), Fate.NEW)
        return
    old, identity = max(earlier, key=lambda one: _carried(parts[0], one[0]))
    if len(parts) == 1:
        told = Pair(pair.before, (parts[0],))
        yield parts[0].anchor, Link(identity, pairing.fate(told))
        return
    heir = _heir(parts, old, identity)
    for one in parts:
        own = identity if one is heir else _own(one.link, identity)
        yield one.anchor, Link(own, Fate.SPLIT, identity)


def _heir(parts: Sequence[Statement], old: Statement, identity: UUID) -> Statement:
    """Which of the parts keeps the identity: the one that has it, or that carries most."""
    had = [one for one in parts if one.identity == identity]
    return max(had or parts, key=lambda one: _carried(one, old))


def _carried(part: Statement, old: Statement) -> int:
    """How many words of the one stand in the other, in their order."""
    return LCSseq.similarity(part.words, old.words)


def _own(link: Link | None, taken: UUID | None) -> UUID:
    """An identity that is no earlier one's: the stored one where it is."""
    is_own = link and link.identity != taken and link.fate in (Fate.NEW, Fate.SPLIT)
    return link.identity if link and is_own else uuid4()


def _unprinted(
    pairing: Pairing, before: Edition, after: Edition, links: dict[str, Link]
) -> Iterator[tuple[str, Link]]:
    """Criteria that stand in no passage: their logic is in a heading, or is a second list's."""
    printed = {one.anchor for one in before.statements}
    waiting = {anchor: link for anchor, link in before.links.items() if anchor not in printed}
    for anchor, criterion in after.criteria.items():
        if anchor in links:
            continue
        for candidate in list(_counterparts(anchor, pairing, before, after)):
            if candidate in waiting:
                words = words_of(before.criteria[candidate].text), words_of(criterion.text)
                fate = Fate.REWORDED if is_reworded(*words) else Fate.SAME
                yield anchor, Link(waiting.pop(candidate).identity, fate)
                break
        else:
            yield anchor, Link(_own(after.links.get(anchor), None), Fate.NEW)


def _counterparts(anchor: str, pairing: Pairing, before: Edition, after: Edition) -> Iterator[str]:
    """Where the same logic may stand in the earlier edition, the likeliest first."""
    if link := after.links.get(anchor):
        yield from (it for it, one in before.links.items() if one.identity == link.origin)
        return
    headings = {after.headings[new].anchor: old for old, new in pairing.sections.items()}
    if anchor in headings:
        yield before.headings[headings[anchor]].anchor
    parent = pairing.of_new.get(after.parents.get(anchor, ""))
    if parent and parent.before and "-all" in anchor:
        yield f"{parent.before[0].anchor}-all{anchor.rpartition('-all')[2]}"
    yield anchor
    text = after.criteria[anchor].text
    yield from (it for it, one in before.criteria.items() if one.text == text)
