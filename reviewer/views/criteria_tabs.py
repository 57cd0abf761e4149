"""Which versions' criteria there are to answer for a request, and which were answered before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from policies.models import Version
from reviewer.models import CriteriaReview, Request
from reviewer.views.bench import bench_of
from reviewer.views.criteria_pane import Place
from reviewer.workflow.criteria import Tree, trees_of
from reviewer.workflow.criteria.result import evaluate
from reviewer.workflow.criteria.reviews import findings, reviews_by_version

_STRONGEST = 8  # versions among which most checklists begin


@dataclass(frozen=True, slots=True)
class Tab:
    place: Place
    governs: bool
    answered: int
    asked: int
    is_here: bool

    @property
    def version(self) -> Version:
        return self.place.version


@dataclass(frozen=True, slots=True)
class Tabs:
    tabs: list[Tab]

    @property
    def governing(self) -> list[Tab]:
        return [one for one in self.tabs if one.governs]

    @property
    def is_elsewhere(self) -> bool:
        """Whether another version governs than the one that is shown."""
        is_here = any(one.is_here for one in self.governing)
        return bool(self.governing) and not is_here


def tabs_of(place: Place, *, at: datetime, governing: Sequence[Version] | None = None) -> Tabs:
    """The versions that govern, then those that were answered all the same, then the one shown."""
    if governing is None:
        governing = bench_of(place.request, at=at).versions
    if place.appeal and place.appeal.determination.version:
        governing = [place.appeal.determination.version, *governing]
    reviews = reviews_by_version(place.request, place.appeal)
    answered = [review.version for review in reviews.values()]
    versions = {one.pk: one for one in [*governing, *answered, place.version]}
    governs = {one.pk for one in governing}
    trees = trees_of(versions.values())
    return Tabs(
        [
            _tab(replace(place, version=one), trees[pk], reviews.get(pk), pk in governs, place)
            for pk, one in versions.items()
        ]
    )


def first_of(request: Request, versions: Sequence[Version]) -> Place | None:
    """Where the checklist begins: the strongest version that states criteria."""
    for some in (versions[:_STRONGEST], versions[_STRONGEST:]):
        trees = trees_of(some)
        for version in some:
            if trees[version.pk].roots:
                return Place(request, version)
    return None


def _tab(
    place: Place, tree: Tree, review: CriteriaReview | None, governs: bool, shown: Place
) -> Tab:
    answers = findings(review.answers.all()) if review else {}
    still = len(evaluate(tree.nodes(), answers).open)
    asked = sum(not one.children for one in tree.statements())
    return Tab(place, governs, max(asked - still, 0), asked, place.version == shown.version)
