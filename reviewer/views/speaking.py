"""What each bulletin says of a request, with the rows of its code table that name its codes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from policies.look_up import Hit
from policies.models import CodeGroup
from policies.reading import codes
from reviewer.views.bench import AnswerView, Bench, GroupView, LineView, named


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A row of a code table that names a code of the request, and what in the request that is."""

    hit: Hit
    names: str  # "line 1", "lines 1 and 3", "diagnosis of line 2"


@dataclass(frozen=True, slots=True)
class MarkedGroup:
    """The marked rows that stand under one heading of a code table."""

    group: CodeGroup
    rows: list[MarkedRow]


@dataclass(frozen=True, slots=True)
class Speaker:
    """A bulletin, why its version governs or none does, and its marked rows."""

    answer: AnswerView
    lines: list[LineView]
    groups: list[MarkedGroup]
    names_diagnosis: bool

    @property
    def of(self) -> str:
        return named("Line", self.lines)


def speakers(bench: Bench) -> tuple[list[Speaker], list[Speaker]]:
    """The bulletins to read, each once, and those that only name a code as related."""
    main = _speakers(bench, lambda group: group.main)
    read = {one.answer.governing.bulletin.pk for one in main}
    aside = _speakers(bench, lambda group: group.aside)
    return main, [one for one in aside if one.answer.governing.bulletin.pk not in read]


def _speakers(bench: Bench, of: Callable[[GroupView], Sequence[AnswerView]]) -> list[Speaker]:
    together: dict[tuple[int, str], list[tuple[AnswerView, GroupView]]] = {}
    for group in bench.groups:
        for answer in of(group):
            key = answer.governing.bulletin.pk, answer.governing.sentence
            together.setdefault(key, []).append((answer, group))
    return [_speaker(said) for said in together.values()]


def _speaker(said: Sequence[tuple[AnswerView, GroupView]]) -> Speaker:
    answer = AnswerView.joined([answer for answer, _ in said])
    lines = sorted((one for _, group in said for one in group.lines), key=lambda one: one.position)
    rows = [*_services(answer.code_hits, lines), *_diagnoses(answer.diagnosis_hits, lines)]
    return Speaker(answer, lines, _under_headings(rows), bool(answer.diagnosis_hits))


def _services(hits: Iterable[Hit], lines: Sequence[LineView]) -> list[MarkedRow]:
    return [
        MarkedRow(hit, named("line", [one for one in lines if one.line.code == hit.asked]))
        for hit in hits
    ]


def _diagnoses(hits: Iterable[Hit], lines: Sequence[LineView]) -> list[MarkedRow]:
    having: dict[str, list[LineView]] = {}
    for view in lines:
        for diagnosis in view.line.diagnoses.all():
            having.setdefault(codes.dotted(diagnosis.code), []).append(view)
    return [
        MarkedRow(hit, f"diagnosis of {named('line', having.get(hit.asked, lines))}")
        for hit in hits
    ]


def _under_headings(rows: Iterable[MarkedRow]) -> list[MarkedGroup]:
    groups: dict[int, MarkedGroup] = {}
    for row in rows:
        facts = row.hit.facts
        groups.setdefault(facts.group_id, MarkedGroup(row.hit.group, [])).rows.append(row)
    return list(groups.values())
