"""The tables of rules as lists: what each is for, and its rows in a few cells a reader scans."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from policies.models import LineOfBusiness
from policies.wording import either
from policies.wording import line_of_business as named
from reviewer.clocks.conventions import convention_of
from reviewer.clocks.duties import duty_of
from reviewer.clocks.holidays import holiday_of
from reviewer.clocks.regimes import regime_of, zone_of
from reviewer.clocks.rules import rule_of
from reviewer.clocks.starts import words
from reviewer.clocks.tables import ANY
from reviewer.models import RuleChange, RuleRow, RuleTable
from reviewer.workflow.rule_words import (
    TO_CONFIRM,
    Row,
    cases_of,
    role_in_words,
    sentences_of,
    when_closed,
    whose,
)

ABOUT: Final = {
    RuleTable.RULES: "How long a law, a contract or an accreditation gives for each duty, from"
    " which event, and how it is extended. A stricter limit of a contract is a row of its own,"
    " under a word of its own in “Whose rules”; “Which rules bind whom” then says for which plan it"
    " holds.",
    RuleTable.CONVENTIONS: "How a rule is read where its text is silent. The days of presumed mail"
    " and of a board's meeting are set here.",
    RuleTable.HOLIDAYS: "Days on which no business day is counted: the Federal holidays, and the"
    " days on which your office is closed where you let them count.",
    RuleTable.REGIMES: "Whose rules govern a line of business and which bind beside them, by State,"
    " plan and day: State law, a contract, an accreditation. The strictest binding limit counts.",
    RuleTable.ZONES: "In which time zone a day ends: that of the office which handles the case."
    " The row that says most counts.",
    RuleTable.DUTIES: "Which event starts which clock, what its rule is, and what stops it.",
}
HEADINGS: Final = {
    RuleTable.RULES: ("Rule", "For", "Limit", "In force", "Citation", "Mark"),
    RuleTable.CONVENTIONS: ("Reading", "What is read", "Length"),
    RuleTable.HOLIDAYS: ("Row", "Day", "When", "Closed for", "In force", "Citation", "Mark"),
    RuleTable.REGIMES: ("Row", "For", "Whose rules", "They", "In force", "Citation", "Mark"),
    RuleTable.ZONES: ("Row", "For", "Time zone", "Note"),
    RuleTable.DUTIES: ("Duty", "Name", "Started by", "Its rule", "Stopped by", "Required"),
}
WITH_MARKS: Final = (RuleTable.RULES, RuleTable.HOLIDAYS, RuleTable.REGIMES)
ASKED: Final = "to_confirm"


@dataclass(frozen=True, slots=True)
class Line:
    """A row in the list: its cells after the name, and how it stands."""

    table: RuleTable
    key: str
    cells: tuple[str, ...]
    row: Row
    is_own: bool
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; empty means all."""

    line: str = ""
    stage: str = ""
    mark: str = ""
    own: str = ""
    q: str = ""

    def of(self, lines: Iterable[Line]) -> list[Line]:
        return [one for one in lines if self._take(one)]

    def _take(self, one: Line) -> bool:
        row = one.row
        return (
            (not self.line or self.line in row.get("line_of_business", "").split("|"))
            and (not self.stage or self.stage in row.get("stage", "").split("|"))
            and self._has_mark(row.get("confidence", ""))
            and (not self.own or one.is_own)
            and all(word in _text(one) for word in self.q.lower().split())
        )

    def _has_mark(self, mark: str) -> bool:
        if self.mark == ASKED:
            return mark in TO_CONFIRM
        return not self.mark or mark == self.mark


def lines(table: RuleTable) -> list[Line]:
    """The current rows of a table, by name; two queries."""
    proposed = set(
        RuleChange.objects.filter(table=table, decided_at=None).values_list("key", flat=True)
    )
    rows = RuleRow.objects.current().filter(table=table).order_by("key")
    return [
        Line(table, one.key, cells_of(table, one.row), one.row, one.change_id is not None,
             one.key in proposed)
        for one in rows
        if one.row
    ]  # fmt: skip


def cells_of(table: RuleTable, row: Row) -> tuple[str, ...]:
    """The cells beside the name, in the order of the headings."""
    return tuple(CELLS[table](row))


def lines_of_business(table: RuleTable, every: Iterable[Line]) -> list[tuple[str, str]]:
    """The words that rows of the table have in that column, with their names."""
    name = whose if table == RuleTable.RULES else named
    found = _words_in(every, "line_of_business") - {ANY}
    return sorted(((word, name(word)) for word in found), key=lambda one: one[1])


def stages(every: Iterable[Line]) -> list[tuple[str, str]]:
    return [(word, words(word)) for word in sorted(_words_in(every, "stage"))]


def to_confirm() -> list[tuple[RuleTable, list[Line]]]:
    """Rows that somebody is to confirm, or to choose, by table."""
    found = [(table, Filters(mark=ASKED).of(lines(table))) for table in WITH_MARKS]
    return [(table, some) for table, some in found if some]


def _words_in(every: Iterable[Line], column: str) -> set[str]:
    return {word for one in every for word in one.row.get(column, "").split("|")} - {""}


def _text(one: Line) -> str:
    return " ".join([one.key, *one.cells, *one.row.values()]).lower()


def _rule(row: Row) -> Iterable[str]:
    rule = rule_of(row)
    limit, *others = sentences_of(row)
    extended = next((one for one in others if one.startswith("It may be extended")), "")
    return cases_of(rule), f"{limit} {extended}".strip(), _held(row), rule.citation, rule.confidence


def _convention(row: Row) -> Iterable[str]:
    one = convention_of(row)
    return one.text, f"{one.number} {words(one.unit)}" if one.number is not None else ""


def _holiday(row: Row) -> Iterable[str]:
    one = holiday_of(row)
    closed = words(str(one.closed_for))
    return one.name, when_closed(one), closed, _held(row), one.citation, one.confidence


def _regime(row: Row) -> Iterable[str]:
    one = regime_of(row)
    role = role_in_words(one.role)
    return _placed(row), whose(one.regime), role, _held(row), one.citation, one.confidence


def _zone(row: Row) -> Iterable[str]:
    one = zone_of(row)
    return _placed(row), one.zone or "the zone of this site", one.note


def _duty(row: Row) -> Iterable[str]:
    one = duty_of(row)
    rule = f"as “{one.as_duty}”" if one.as_duty else f"{_either(one.stages)}, {_either(one.steps)}"
    when = "" if one.when == "always" else f", {words(str(one.when))}"
    required = "yes" if one.is_required else ""
    return one.label, f"{words(one.opened_by)}{when}", rule, _either(one.stopped_by), required


CELLS: Final[dict[RuleTable, Callable[[Row], Iterable[str]]]] = {
    RuleTable.RULES: _rule,
    RuleTable.CONVENTIONS: _convention,
    RuleTable.HOLIDAYS: _holiday,
    RuleTable.REGIMES: _regime,
    RuleTable.ZONES: _zone,
    RuleTable.DUTIES: _duty,
}


def _either(names: Iterable[str]) -> str:
    return either([words(one) for one in names])


def _held(row: Row) -> str:
    since, until = row["applies_from"], row["applies_to"]
    if since and since == until:
        return f"on {since}"
    return " ".join(filter(None, (since and f"from {since}", until and f"to {until}")))


def _placed(row: Row) -> str:
    """For whom a row is: “Marketplace, CA”, “Any line of business”."""
    line = row["line_of_business"]
    told = named(line) if line in LineOfBusiness.values else "Any line of business"
    others = [one for one in (row["jurisdiction"], row["plan"]) if one != ANY]
    return ", ".join([told, *others])
