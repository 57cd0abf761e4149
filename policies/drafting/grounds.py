"""The passages of a version that speak, with the ground proposed for each and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from policies.drafting.stances import state_of
from policies.imports.content import reading_of
from policies.imports.stance_types import Proposal, proposals
from policies.models import Passage, Section, Version

SILENT = ["background", "appendix", "references", "codes", "related"]


@dataclass(frozen=True, slots=True)
class Ground:
    """A passage and what the headings propose for it."""

    passage: Passage
    proposal: Proposal | None

    @property
    def is_confirmed(self) -> bool:
        return self.passage.stance_confirmed_at is not None

    @property
    def counts(self) -> bool:
        """Whether it speaks on a ground; what says nothing needs no confirmation."""
        return self.passage.stance_type != "" or self.is_confirmed

    @property
    def token(self) -> str:
        return state_of(self.passage)

    @property
    def is_as_proposed(self) -> bool:
        return self.passage.stance_type == (self.proposal.stance_type if self.proposal else "")


@dataclass(frozen=True, slots=True)
class Group:
    """A section's passages."""

    section: Section
    grounds: Sequence[Ground]

    @property
    def title(self) -> str:
        heading = self.section.heading.rstrip(" :") or "Without a heading"
        return f"{self.section.label}. {heading}" if self.section.label else heading

    @property
    def proposal(self) -> Proposal | None:
        return self.grounds[0].proposal

    @property
    def waiting(self) -> int:
        return sum(one.counts and not one.is_confirmed for one in self.grounds)

    @property
    def shared(self) -> str:
        """The type that all its passages have, if they have one."""
        found = {one.passage.stance_type for one in self.grounds}
        return found.pop() if len(found) == 1 else ""


def grounds_of(version: Version) -> list[Group]:
    """The sections that may speak, in order, with their passages. Two queries."""
    silent = Q(section__kind__in=SILENT) | Q(section__parent__kind__in=SILENT)
    passages = (
        version.passages.exclude(silent)
        .exclude(section__anchor="contents")
        .select_related("section", "stance_confirmed_by")
        .defer("search", "section__search")
        .order_by("position")
    )
    proposed = proposals(reading_of(version))
    return list(_groups(passages, proposed))


def _groups(passages: Iterable[Passage], proposed: dict[str, Proposal]) -> Iterable[Group]:
    sections: dict[int, Section] = {}
    found: dict[int, list[Ground]] = {}
    for one in passages:
        sections[one.section_id] = one.section
        found.setdefault(one.section_id, []).append(Ground(one, proposed.get(one.anchor)))
    for key, grounds in found.items():
        yield Group(sections[key], grounds)
