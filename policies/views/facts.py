"""The head of a version: where it stands, when it is in effect, by which day, who stood for it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from policies.comparison.tallies import Tally, tallies_of
from policies.effective_bases import line_bases
from policies.models import EffectiveBasis, LineOfBusiness, Version
from policies.views.shown import first_day, last_day

Stage = Version.Stage


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a version stands on a day: a word, what more is to be said, and whose place it took."""

    stage: Version.Stage
    words: str
    successor: Version | None


@dataclass(frozen=True, slots=True)
class Basis:
    """A day by which versions are chosen, and the lines of business that go by it; none: all."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list of versions, with the one before it among those."""

    version: Version
    before: Version | None
    standing: Standing
    tally: Tally | None  # of what lies between the two

    @property
    def starts_on(self) -> date | None:
        return first_day(self.version) if self.version.is_frozen else None

    @property
    def ends_on(self) -> date | None:
        return last_day(self.version) if self.version.is_frozen else None


def standing(version: Version, versions: Sequence[Version], on: date) -> Standing:
    stage = version.stage(on)
    if stage == Stage.SUPERSEDED:
        pk = version.publication.successor_id
        successor = next((one for one in versions if one.pk == pk), None)
        return Standing(stage, "superseded", successor)
    if stage == Stage.RETIRED:
        start = first_day(version)
        was_withdrawn = start is not None and start == version.publication.ended_on
        words = "withdrawn before it took effect" if was_withdrawn else "retired"
        reason = version.publication.end_reason.rstrip(".")
        return Standing(stage, f"{words}: {reason}" if reason else words, None)
    if stage == Stage.SCHEDULED:
        start = first_day(version) or on
        return Standing(stage, f"scheduled, in {_days(start - on)}", None)
    return Standing(stage, stage.label.lower(), None)


def overdue(version: Version, today: date) -> str:
    """For how long its review has been overdue; empty where it is not, or where it has ended."""
    due = version.next_review
    goes_on = version.stage(today) in (Stage.PUBLISHED, Stage.SCHEDULED)
    return _days(today - due) if due and due < today and goes_on else ""


def version_lines(versions: Sequence[Version], on: date) -> list[VersionLine]:
    """The newest first. One query, and two more where a comparison is not known yet."""
    tallies = tallies_of(pairwise(versions))
    befores = [None, *versions[:-1]]
    lines = []
    for one, before in zip(versions, befores, strict=True):
        tally = tallies[before.pk, one.pk] if before else None
        lines.append(VersionLine(one, before, standing(one, versions, on), tally))
    return lines[::-1]


def bases(version: Version) -> list[Basis]:
    """By which day the version is chosen: the bulletin's own, else that of each line of business.

    One query where the bulletin has none of its own.
    """
    own = version.bulletin.effective_basis
    if own:
        return [Basis(EffectiveBasis(own).label, ())]
    stated = line_bases()
    found: dict[str, list[str]] = defaultdict(list)
    for line in version.lines_of_business or LineOfBusiness.values:
        found[EffectiveBasis(stated[line]).label].append(LineOfBusiness(line).label)
    if len(found) == 1:
        return [Basis(name, ()) for name in found]
    return [Basis(name, tuple(some)) for name, some in found.items()]


def _days(span: timedelta) -> str:
    return "1 day" if span.days == 1 else f"{span.days} days"
