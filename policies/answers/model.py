"""What an answer holds: service lines beside diagnoses, and the three answers for each line.

Nothing here is a decision: it is what the library says, with the place where it says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import models

from policies.hits import Hit
from policies.models import AuthorizationRule, Version
from policies.resolver import Governing, Occasion


class Follows(models.TextChoices):
    """What a version says of a service beside a diagnosis."""

    COVERED_IF_CRITERIA_MET = "covered_if_criteria_met", "Covered if criteria met"
    COVERED = "covered", "Covered"
    NOT_COVERED = "not_covered", "Not covered"
    EXPERIMENTAL = "experimental", "Experimental"
    RELATED = "related", "Related"
    UNKNOWN = "unknown", "Not stated"
    NOT_NAMED = "not_named", "Not named"  # the diagnosis; the service is named
    DEPENDS = "depends", "It depends"  # on the scope, or on the exact code below a header
    CONFLICT = "conflict", "Contradictory"  # rows that nothing tells apart


class Value(models.TextChoices):
    """One of the three answers in a word."""

    YES = "yes", "Yes"
    NO = "no", "No"
    CONDITIONAL = "conditional", "Conditions decide"
    CONFLICT = "conflict", "Contradictory"
    UNKNOWN = "unknown", "Not stated"
    NOTIFICATION = "notification", "Notification"  # of authorization: less than asking for it


@dataclass(frozen=True, slots=True)
class Source:
    """The place where something is said: a version, its hash, and an anchor in it."""

    version: Version
    anchor: str
    words: str  # "code row 3", the heading of a section

    @property
    def address(self) -> str:
        anchor = f"#{self.anchor}" if self.anchor else ""
        return f"{self.version.get_absolute_url()}{anchor}"


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: a word, the sentence that gives the reason, the places it rests on."""

    value: Value
    sentence: str
    sources: tuple[Source, ...] = ()
    rules: tuple[AuthorizationRule, ...] = ()  # rows of the authorization list


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Places that name a code with opposite stances, within a version or between bulletins."""

    code: str
    is_between: bool
    is_told_apart: bool  # by other scopes, or by brackets
    sentence: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class AskedCode:
    """A code of the question, with what the code sets say of it on the day."""

    key: str
    display: str
    systems: tuple[str, ...]
    descriptor: str
    note: str  # how it was read, where that is not as typed


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """What a version that names the service says of a diagnosis beside it."""

    diagnosis: AskedCode
    hits: tuple[Hit, ...]
    follows: Follows
    sentence: str
    has_open_list: bool  # among the lists of diagnoses that go with the service

    @property
    def brackets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(note for hit in self.hits for note in hit.facts.brackets))


@dataclass(frozen=True, slots=True)
class BulletinAnswer:
    """A bulletin that names the line. Without a governing version the hits are those of the
    versions that may govern."""

    governing: Governing
    hits: tuple[Hit, ...]
    pairs: tuple[PairAnswer, ...]
    contradictions: tuple[Contradiction, ...]

    @property
    def governs(self) -> bool:
        return self.governing.version is not None

    @property
    def version(self) -> Version:
        return self.governing.version or self.hits[0].version

    @property
    def stances(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(hit.facts.stance for hit in self.hits))


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """Everything that is said of one line. `elsewhere` are sentences on versions that name it and
    do not govern."""

    code: AskedCode
    is_diagnosis: bool  # a list of diagnoses alone was asked about
    bulletins: tuple[BulletinAnswer, ...]
    coverage: Said
    by_diagnosis: tuple[Said, ...]  # coverage beside each diagnosis, in the order asked
    authorization: Said
    documentation: Said
    contradictions: tuple[Contradiction, ...]
    absence: str
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for a request."""

    occasion: Occasion
    diagnoses: tuple[AskedCode, ...]
    lines: tuple[LineAnswer, ...]
    plan: str = field(default="")

    @property
    def contradictions(self) -> Sequence[Contradiction]:
        return list(dict.fromkeys(one for line in self.lines for one in line.contradictions))
