"""Sections while they are read, and the numbered headings among their lists."""

import re
from dataclasses import dataclass, field

from policies.reading import headings
from policies.reading.lists import Content, Item, ItemList, Outline, Paragraph

_HINT = re.compile(r"\b(following|these|below)\b", re.IGNORECASE)  # a list of something comes
OUTSIDE_POLICY = {"background", "appendix", "references", "codes", "history", "contents"}


@dataclass(slots=True)
class Draft:
    """A section while it is read."""

    heading: str
    kind: str
    line: int
    depth: int
    region: str  # the kind of the section at the top that it stands in
    ordinal: int | None = None
    outline: Outline = field(default_factory=Outline)
    children: list["Draft"] = field(default_factory=list)

    @property
    def label(self) -> str:
        return "" if self.ordinal is None else headings.label(self.ordinal, 1)

    @property
    def is_policy(self) -> bool:
        return self.region not in OUTSIDE_POLICY


def promote_numbered_headings(sections: list[Draft]) -> None:
    """Make sections of the numbered headings ("1. Related Policies") in the policy's lists.

    They stand under the free heading above them, or beside a scope, which holds only text.
    """
    for section in list(sections):
        promote_numbered_headings(section.children)
        if not section.is_policy:
            continue
        found = _numbered_headings(section)
        if section.kind == "scope":
            place = sections.index(section) + 1
            sections[place:place] = found
        else:
            section.children[:0] = found
            for child in found:
                child.depth = section.depth + 1


def _numbered_headings(section: Draft) -> list[Draft]:
    content: Content = section.outline.content
    found: list[Draft] = []
    kept: Content = []
    is_announced = is_hinted = False
    for part in content:
        if isinstance(part, Paragraph):
            is_announced = part.text.endswith(":")
            is_hinted = _HINT.search(part.text) is not None
            kept.append(part)
            continue
        # After a heading list has begun, its later items are headings too, whatever interrupts.
        titles = [item for item in part.items if _is_title(item)]
        if is_announced:
            titles = [item for item in titles if item.is_heading]
        elif is_hinted and not found:
            titles = [
                item for item in titles if item.is_heading or headings.is_plain_heading(item.text)
            ]
        is_named = any(_is_named(item) for item in titles)
        if not is_named and not (found and part.continues):
            kept.append(part)
            continue
        titles = [item for item in part.items if _is_title(item) or _heads_content(item)]
        found += [_section_of(item, section) for item in titles]
        promoted = {id(item) for item in titles}
        rest = [item for item in part.items if id(item) not in promoted]
        if rest:
            kept.append(ItemList(rest, part.continues))
    section.outline.content = kept
    return found


def _is_title(item: Item) -> bool:
    if item.is_heading:
        return True
    return not item.is_bullet and item.text != "" and headings.can_be_heading(item.text)


def _is_named(item: Item) -> bool:
    """Whether a title is one of those that bulletins have, or names a kind of text below it."""
    if item.is_heading or headings.is_plain_heading(item.text):
        return True
    return len(item.content) > 1 and headings.kind_of(item.text) != "other"


def _heads_content(item: Item) -> bool:
    """Among headings, a short item with text below it is one too, even if it has a verb."""
    is_short = 0 < len(item.text) <= 80 and item.text[-1].isalnum()
    return is_short and not item.is_bullet and len(item.content) > 1


def _section_of(item: Item, above: Draft) -> Draft:
    heading = headings.stripped(item.text)
    kind = headings.kind_of(heading)
    ordinal = None if item.is_bullet else item.ordinal
    made = Draft(heading, kind, item.line, above.depth, above.region, ordinal)
    made.outline.content = item.content[1:]
    return made
