"""A request's lines with what policy says of them and what was decided, read in bulk."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from policies.look_up import Hit, descriptor_on
from policies.look_up_pairs import Pair, PolicyAnswer, look_up_pairs
from policies.models import Code, Stance, System, Version
from policies.resolver import Governing
from reviewer.models import (
    ActiveDetermination,
    Determination,
    PolicyChoice,
    Request,
    ServiceLine,
)
from reviewer.views.governed import occasion_of
from reviewer.workflow.policy_choices import chosen_policies

SPEAKING_STANCES = {
    Stance.COVERED_IF_CRITERIA_MET,
    Stance.COVERED,
    Stance.NOT_COVERED,
    Stance.EXPERIMENTAL,
}


@dataclass(frozen=True, slots=True)
class LineView:
    """A service line with what its code means and what was decided."""

    line: ServiceLine
    descriptor: str
    determination: Determination | None
    choice: PolicyChoice | None = None  # of the policy, by a person

    @property
    def position(self) -> int:
        return self.line.position


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What one bulletin says of the codes of a group of lines."""

    governing: Governing
    code_hits: list[Hit]
    diagnosis_hits: list[Hit]

    @classmethod
    def joined(cls, same: "Sequence[AnswerView | PolicyAnswer]") -> "AnswerView":
        """Answers of one bulletin to several lines, each place once."""
        return cls(
            same[0].governing,
            _once(hit for one in same for hit in one.code_hits),
            _once(hit for one in same for hit in one.diagnosis_hits),
        )

    @property
    def version(self) -> Version:
        """The version that governs, else the one whose table was read."""
        return self.governing.version or self.code_hits[0].version

    @property
    def stances(self) -> list[str]:
        return list(dict.fromkeys(hit.facts.stance for hit in self.code_hits))

    @property
    def speaks(self) -> bool:
        """Whether it takes a stance, rather than naming the code as related."""
        return bool(SPEAKING_STANCES & set(self.stances))


@dataclass(frozen=True, slots=True)
class GroupView:
    """Lines to which the same bulletins speak, and what they say."""

    lines: list[LineView]
    answers: list[AnswerView]
    contradictions: list[str]

    @property
    def heading(self) -> str:
        return named("Line", self.lines)

    @property
    def main(self) -> list[AnswerView]:
        """The answers to read: those that take a stance, or all where none does."""
        return [one for one in self.answers if one.speaks] or self.answers

    @property
    def aside(self) -> list[AnswerView]:
        return [one for one in self.answers if one not in self.main]

    @property
    def choice(self) -> PolicyChoice | None:
        return self.lines[0].choice

    @property
    def is_silent(self) -> bool:
        """Whether nothing governs and nobody has said yet what follows from that."""
        return self.choice is None and not any(one.governing.version for one in self.main)

    @property
    def codes(self) -> list[str]:
        return list(dict.fromkeys(one.line.code for one in self.lines))


def named(word: str, lines: Sequence[LineView]) -> str:
    """ "line 1", "lines 1 and 3": `word` is "line" or "Line"."""
    positions = [str(one.position) for one in lines]
    if len(positions) == 1:
        return f"{word} {positions[0]}"
    return f"{word}s {', '.join(positions[:-1])} and {positions[-1]}"


@dataclass(frozen=True, slots=True)
class Bench:
    lines: list[LineView]
    groups: list[GroupView]
    diagnoses: list[tuple[str, str]]  # key and meaning
    versions: list[Version]  # to be read, the strongest first

    @property
    def undecided(self) -> list[LineView]:
        return [one for one in self.lines if one.determination is None]


def bench_of(request: Request, *, at: datetime) -> Bench:
    """The lines with their answers; as many queries for many lines as for one."""
    lines = list(request.lines.prefetch_related("diagnoses"))
    for line in lines:
        line.request = request
    diagnoses = list(request.diagnoses.all())
    on = min((line.starts_on for line in lines), default=at.date())
    meanings = _meanings({line.code for line in lines} | {one.code for one in diagnoses}, on)
    decided = {
        one.line_id: one.determination
        for one in ActiveDetermination.objects.filter(line__in=lines).select_related(
            "determination__signed_by__user", "determination__credential", "determination__version"
        )
    }
    chosen = chosen_policies(lines)
    views = [
        LineView(
            line,
            meanings.get((line.system, line.code), ""),
            decided.get(line.pk),
            chosen.get(line.pk),
        )
        for line in lines
    ]
    pairs = [_pair(request, line, at=at) for line in lines]
    groups = _grouped(list(zip(views, look_up_pairs(pairs), strict=True)))
    return Bench(
        lines=views,
        groups=groups,
        diagnoses=[(one.code, meanings.get((System.ICD_10_CM, one.code), "")) for one in diagnoses],
        versions=_versions(groups),
    )


def answers_for(request: Request, line: ServiceLine, *, at: datetime) -> tuple[PolicyAnswer, ...]:
    """What the bulletins say of a line's code with its diagnoses."""
    return look_up_pairs([_pair(request, line, at=at)])[0]


def _pair(request: Request, line: ServiceLine, *, at: datetime) -> Pair:
    diagnoses = tuple(one.code for one in line.diagnoses.all())
    return Pair(line.code, diagnoses, occasion_of(request, line, at=at))


def _grouped(
    answered: Sequence[tuple[LineView, tuple[PolicyAnswer, ...]]],
) -> list[GroupView]:
    """Lines to which the same versions of the same bulletins speak stand together."""
    together: dict[tuple[object, ...], list[tuple[LineView, tuple[PolicyAnswer, ...]]]] = (
        defaultdict(list)
    )
    for view, answers in answered:
        key = tuple((one.governing.bulletin.pk, one.governing.sentence) for one in answers)
        choice = (view.choice.version_id, view.choice.reason) if view.choice else ()
        together[(key or (view.line.pk,)) + choice].append((view, answers))
    return [_group(members) for members in together.values()]


def _group(members: Sequence[tuple[LineView, tuple[PolicyAnswer, ...]]]) -> GroupView:
    answers = [
        AnswerView.joined(same) for same in zip(*(answers for _, answers in members), strict=True)
    ]
    return GroupView([view for view, _ in members], answers, _contradictions(answers))


def _once(hits: Iterable[Hit]) -> list[Hit]:
    """Each place once, though several lines point to it."""
    return list({(hit.asked, hit.facts.span_id): hit for hit in hits}.values())


def _contradictions(answers: Sequence[AnswerView]) -> list[str]:
    """Where bulletins, or lists of one bulletin, say different things of one code."""
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for answer in answers:
        for hit in answer.code_hits:
            if hit.facts.stance in SPEAKING_STANCES:
                said[hit.asked][hit.facts.stance].add(answer.governing.bulletin.number)
    return [
        f"{code} is named with different stances: {_listed(stances)}. Read the headings, the "
        "scope and the brackets before deciding."
        for code, stances in said.items()
        if len(stances) > 1
    ]


def _listed(stances: dict[str, set[str]]) -> str:
    parts = [
        f"{Stance(stance).label.lower()} in {' and '.join(sorted(numbers))}"
        for stance, numbers in stances.items()
    ]
    return "; ".join(parts)


def _versions(groups: Iterable[GroupView]) -> list[Version]:
    found: dict[int, Version] = {}
    for group in groups:
        if group.choice is None:
            found |= {one.version.pk: one.version for one in group.main}
        elif group.choice.version:
            found[group.choice.version.pk] = group.choice.version
    return list(found.values())


def _meanings(keys: set[str], on: date) -> dict[tuple[str, str], str]:
    """What each code means on the day, by system and key; two queries."""
    stored = Code.objects.filter(key__in=keys).described()
    return {(one.system, one.key): descriptor_on(one, on) for one in stored.order_by("valid_from")}
