"""No number, unit or date of any row can change without an example or a stated fact failing."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest

from reviewer.clocks import TABLES, Kind, WrongRow, shipped_book, shipped_rows
from reviewer.clocks.checking import check
from reviewer.clocks.conventions import convention_of
from reviewer.clocks.holidays import DayCalendar, holiday_of
from reviewer.clocks.rules import rule_of
from reviewer.clocks.twice import refuse_two_for_one_case
from tests.reviewer.clocks.facts import CLOSED_WEEKDAYS, FIRST_KEPT, STATED
from tests.reviewer.clocks.test_clock_examples import EXAMPLES

BOOK = shipped_book()
UNITS = ("unit", "extension_unit", "respond_within_unit")
ONE_DAY, ONE_YEAR = timedelta(days=1), timedelta(days=366)
HOLIDAY_WORDS = ("weekday", "ordinal", "closed_for")


def examples_by_rule():
    """The examples that compute with a row, each under every such row."""
    found = defaultdict(list)
    for example in EXAMPLES:
        named = {example.rule_id, example.computed(BOOK).applied_rule_id}
        named |= {other.rule_id for other in example.others}
        for rule in map(BOOK.rule, tuple(named)):
            named |= {rule.deficiency_notice_rule_id, rule.incomplete_rule_id} - {""}
        for rule_id in named:
            found[rule_id].append(example)
    return found


BY_RULE = examples_by_rule()


def other_texts(column, text, later):
    """What the cell could say instead: one more, one less, another unit, a later date."""
    if column.kind is Kind.NUMBER:
        return [str(int(text) + 1), str(int(text) - 1)]
    if column.kind is Kind.DATE:
        return [str(date.fromisoformat(text) + later)]
    return [str(choice) for choice in column.choices if choice != text]


def mutants(table, words):
    """Every row of a table with one of its numbers, dates or words changed."""
    key = TABLES[table].key
    later = ONE_YEAR if table == "holidays" else ONE_DAY  # a holiday has one day a year
    for row in shipped_rows(table):
        for column in TABLES[table].columns:
            text = row[column.name]
            if not text or not (column.kind in {Kind.NUMBER, Kind.DATE} or column.name in words):
                continue
            for other in other_texts(column, text, later):
                yield row[key], column.name, row | {column.name: other}


def fails(example, book):
    return check(example, book) is not None


def is_noticed_of_a_rule(rule_id, column, row):
    rule = rule_of(row)
    rules = tuple(rule if one.rule_id == rule_id else one for one in BOOK.rules)
    book = replace(BOOK, rules=rules)
    if column.startswith("applies"):
        refuse_two_for_one_case(book)
    if any(fails(example, book) for example in BY_RULE[rule_id]):
        return True
    return (rule_id, column) in STATED and STATED[rule_id, column] != _plain(getattr(rule, column))


def _plain(value):
    return str(value) if isinstance(value, date) else value


def is_noticed_of_a_convention(key, column, row):
    convention = convention_of(row)
    conventions = tuple(convention if one.id == key else one for one in BOOK.conventions)
    book = replace(BOOK, conventions=conventions)
    return any(fails(example, book) for example in EXAMPLES)


def closed_weekdays(book, year):
    closed = book.days.closed(year, DayCalendar.CLAIMANT)
    return " ".join(sorted(f"{day:%m-%d}" for day in closed if day.weekday() < 5))


def facts_of_holidays_hold(book):
    return (
        all(closed_weekdays(book, year) == days for year, days in CLOSED_WEEKDAYS.items())
        and len(book.days.named(2026, DayCalendar.PLAN_DUTY)) == 11
        and all(
            date.fromisoformat(day) in {one.in_year(int(day[:4])) for one in book.holidays}
            for day in FIRST_KEPT.values()
        )
    )


def is_noticed_of_a_holiday(key, column, row):
    holiday = holiday_of(row)
    holidays = tuple(holiday if one.id == key else one for one in BOOK.holidays)
    return not facts_of_holidays_hold(replace(BOOK, holidays=holidays))


def survivors(table, words, is_noticed):
    """Changes that nothing notices; a row that cannot be read any more is noticed."""
    found = []
    for key, column, row in mutants(table, words):
        try:
            noticed = is_noticed(key, column, row)
        except WrongRow:
            continue
        if not noticed:
            found.append(f"{key} {column}: {row[column]}")
    return found


def test_the_facts_hold_for_the_book_as_it_is():
    assert facts_of_holidays_hold(BOOK)
    for (rule_id, column), stated in STATED.items():
        assert _plain(getattr(BOOK.rule(rule_id), column)) == stated


@pytest.mark.parametrize(
    ("table", "words", "is_noticed", "at_least"),
    [
        ("rules", UNITS, is_noticed_of_a_rule, 1400),
        ("conventions", ("unit",), is_noticed_of_a_convention, 4),
        ("holidays", HOLIDAY_WORDS, is_noticed_of_a_holiday, 100),
    ],
)
def test_no_change_of_a_number_a_unit_or_a_date_goes_unnoticed(table, words, is_noticed, at_least):
    assert len(list(mutants(table, words))) >= at_least
    assert survivors(table, words, is_noticed) == []


def test_every_rule_that_sets_a_limit_has_an_example():
    without = {rule.rule_id for rule in BOOK.rules if rule.calculation != "none"} - set(BY_RULE)
    assert not without
