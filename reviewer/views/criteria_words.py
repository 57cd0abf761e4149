"""What the answers to criteria come to, in words, and what would change it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reviewer.workflow.criteria.result import Result, Value, Verdict
from reviewer.workflow.criteria.tree import Statement, Tree
from reviewer.workflow.criteria.turning import Turning, Way

MOST: Final = 6  # places that are named; the others are counted
PLURAL: Final = {
    "is met": "are met",
    "is not met": "are not met",
    "applies": "apply",
    "does not apply": "do not apply",
}
Statements = Mapping[int, Statement]


@dataclass(frozen=True, slots=True)
class Running:
    """The result so far: a stance by `css` and `words`, `because` beside it, `turns` under it."""

    css: str
    words: str
    because: SafeString
    turns: list[SafeString]
    open: list[tuple[int, str]]  # keys and places of what nobody has answered
    unclear: list[tuple[int, str]]
    asked: int


def running(tree: Tree, result: Result, turning: Turning) -> Running:
    statements = tree.by_key()
    css, words = _verdict(result, statements)
    asked = sum(not one.children for one in statements.values())
    return Running(
        css=css,
        words=words,
        because=_because(tree, result),
        turns=_turns(statements, turning),
        open=[(key, statements[key].place) for key in result.open],
        unclear=[(key, statements[key].place) for key in result.unclear],
        asked=asked,
    )


def _verdict(result: Result, statements: Statements) -> tuple[str, str]:
    if result.verdict is Verdict.MET:
        has_conditions = any(not one.excludes for one in statements.values())
        return "covered", "Criteria met" if has_conditions else "No exclusion applies"
    if result.verdict is Verdict.UNDECIDED:
        return "unknown", "Not decided yet"
    if result.exclusions is Value.MET:
        return "excluded", "An exclusion applies"
    return "excluded", "Criteria not met"


def _because(tree: Tree, result: Result) -> SafeString:
    """The topmost statements that make it so."""
    roots = tree.roots
    if result.verdict is Verdict.NOT_MET:
        against = [
            one
            for one in roots
            if result.values[one.criterion.pk] is (Value.MET if one.excludes else Value.NOT_MET)
        ]
        return format_html("by {}", _places(against))
    if result.verdict is Verdict.MET:
        return format_html("by the logic of {}", str(tree.version))
    if not roots:
        return format_html("{} states no criteria", str(tree.version))
    if result.conditions is Value.NOT_APPLICABLE and any(not one.excludes for one in roots):
        return format_html("{}", "no criterion concerns the case, as answered")
    return format_html("{}", "")


def _turns(statements: Statements, turning: Turning) -> list[SafeString]:
    said = []
    if turning.to_met:
        said.append(format_html("Met {}.", _ways(statements, turning.to_met)))
    if turning.to_not_met:
        said.append(format_html("Not met {}.", _ways(statements, turning.to_not_met)))
    return said


def _ways(statements: Statements, ways: Sequence[Way]) -> SafeString:
    """ "if I.A.1 is met and I.A.2 is met", "if one of I.A.1 and I.A.2 is not met" """
    size = len(ways[0])
    if size > MOST:
        return format_html("takes {} more answers", size)
    if len(ways) == 1:
        return format_html("if {}", _all(statements, ways[0]))
    if size == 1:
        return format_html("if {}", _one_of(statements, [one for way in ways for one in way]))
    together = format_html_join("; or ", "{}", ((_all(statements, way),) for way in ways[:2]))
    return format_html("if {}{}", together, "; or otherwise" if ways[2:] else "")


def _one_of(statements: Statements, answers: Sequence[tuple[int, Value]]) -> SafeString:
    grouped = _grouped(statements, answers)
    parts = []
    for words, some in grouped.items():
        kind = "exclusions" if some[0].excludes else "criteria"
        named = _places(some, "or") if len(answers) <= MOST else f"{len(some)} {kind}"
        parts.append(format_html("{}{} {}", "one of " if len(some) > 1 else "", named, words))
    return format_html_join(", or ", "{}", ((part,) for part in parts))


def _all(statements: Statements, way: Way) -> SafeString:
    parts = [
        format_html("{} {}", _places(some), PLURAL[words] if len(some) > 1 else words)
        for words, some in _grouped(statements, way).items()
    ]
    return format_html_join(" and ", "{}", ((part,) for part in parts))


def _grouped(
    statements: Statements, answers: Iterable[tuple[int, Value]]
) -> dict[str, list[Statement]]:
    """By what would be found, those of which it would be, in the order of the text."""
    grouped: dict[str, list[Statement]] = {}
    for key, value in sorted(answers, key=lambda one: statements[one[0]].criterion.position):
        is_met = value is Value.MET
        if statements[key].excludes:
            words = "applies" if is_met else "does not apply"
        else:
            words = "is met" if is_met else "is not met"
        grouped.setdefault(words, []).append(statements[key])
    return grouped


def _places(some: Sequence[Statement], word: str = "and") -> SafeString:
    """Links to the statements in the checklist: "I.A.1, I.A.2 and 3 more"."""
    links = [
        format_html('<a href="#c-{}">{}</a>', one.criterion.pk, one.place) for one in some[:MOST]
    ]
    if len(some) > MOST:
        links.append(format_html("{} more", len(some) - MOST))
    if len(links) == 1:
        return links[0]
    first = format_html_join(", ", "{}", ((one,) for one in links[:-1]))
    return format_html("{} {} {}", first, word, links[-1])
