"""The passages of the text around a criterion, as they stand in print."""

from dataclasses import dataclass

from policies.models import Criterion, Passage, Version

_BEFORE, _AFTER = 2, 6  # passages shown around the criterion's own


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage, and whether the criterion's own words are in it."""

    passage: Passage
    is_own: bool

    @property
    def depth(self) -> int:
        return min(self.passage.depth, 8)


@dataclass(frozen=True, slots=True)
class Source:
    """A stretch of a section's text."""

    heading: str
    passages: list[Shown]


def source_of(version: Version, criterion: Criterion) -> Source | None:
    """Where the words of a criterion stand; None where its logic is only in a heading."""
    anchors = [criterion.anchor, criterion.anchor.rpartition("-all")[0]]
    own = version.passages.filter(anchor__in=anchors).select_related("section")
    first = own.order_by("position").defer("search", "section__search").first()
    if first is None:
        return None
    around = version.passages.filter(section=first.section_id).order_by("position").defer("search")
    passages, start = [], 0
    for one in around:
        passages.append(Shown(one, _is_own(criterion, one, start) or one.pk == first.pk))
        start += len(one.text) + 1
    places = [place for place, one in enumerate(passages) if one.is_own]
    cut = passages[max(places[0] - _BEFORE, 0) : places[-1] + 1 + _AFTER]
    return Source(first.section.heading.rstrip(" :"), cut)


def _is_own(criterion: Criterion, passage: Passage, start: int) -> bool:
    """Its words, and not those of the list that may interrupt them."""
    if criterion.span_start is None or criterion.span_end is None:
        return False
    is_inside = criterion.span_start <= start < criterion.span_end
    return is_inside and passage.text in criterion.text.split("\n")
