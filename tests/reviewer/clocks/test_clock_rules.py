"""The rule table is sound, and a scope selects one row or says what is missing."""

import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from reviewer.clocks import (
    TABLES,
    Event,
    EventType,
    NoRule,
    RuleBook,
    Scope,
    SeveralRules,
    shipped_book,
    shipped_rows,
)
from reviewer.clocks.events import Timeline
from reviewer.clocks.moments import zone_named
from reviewer.clocks.rules import CONDITION, RESPONSE_PERIOD_ENDED, Calculation, StartChoice, Unit
from reviewer.clocks.selection import select

NEW_YORK = zone_named("America/New_York")
RULES = shipped_book().rules
EVENTS = set(EventType)
EACH = pytest.mark.parametrize("rule", RULES, ids=str)


def selected(scope, *events):
    timeline = Timeline.of(events, NEW_YORK, NEW_YORK, None)
    return select(shipped_book(), scope, timeline).rule_id


def received(day, **attributes):
    return Event(EventType.RECEIVED, day, **attributes)


def test_each_row_has_its_own_id():
    assert len({rule.rule_id for rule in RULES}) == len(RULES)


@EACH
def test_events_that_a_row_names_are_known(rule):
    named = {*rule.starts_on, *rule.satisfied_by, rule.presumed_from, rule.floor_event}
    assert named - {"", RESPONSE_PERIOD_ENDED} <= EVENTS


@EACH
def test_a_row_is_complete_for_its_calculation(rule):
    if rule.calculation in {Calculation.FORWARD, Calculation.BACKWARD}:
        assert rule.number is not None
        assert rule.unit not in {None, Unit.APPEAL_LEVELS}
    if rule.calculation is not Calculation.NONE:
        assert rule.starts_on
    if rule.calculation is Calculation.BACKWARD:
        assert rule.unit is Unit.CALENDAR_DAYS
    if rule.unit in {Unit.MONTHS, Unit.YEARS}:
        assert rule.month_overflow
    if rule.start_choice is StartChoice.PRESUMED_RECEIPT:
        assert rule.presumed_from
        assert rule.presumed_receipt_days is not None


@EACH
def test_an_extension_has_days_and_grounds(rule):
    assert (rule.extension_number is None) == (not rule.extension_grounds)
    assert rule.extension_unit in {None, Unit.CALENDAR_DAYS}
    if rule.tolls:
        assert rule.unit is Unit.CALENDAR_DAYS
        assert rule.respond_within_number
        assert rule.respond_within_unit is Unit.CALENDAR_DAYS


@EACH
def test_rows_that_a_row_names_exist(rule):
    for other in filter(None, (rule.deficiency_notice_rule_id, rule.incomplete_rule_id)):
        assert shipped_book().rule(other)
    assert bool(rule.deficiency_notice_rule_id) == bool(rule.incomplete_rule_id)


@EACH
def test_a_row_has_a_citation_a_confidence_and_a_known_condition(rule):
    assert rule.citation
    assert rule.confidence in {"V", "V2", "V_old", "G", "CHOICE"}
    assert not rule.condition or CONDITION.fullmatch(rule.condition)


def test_the_version_is_a_digest_of_the_rows_in_any_order():
    rows = {name: shipped_rows(name)[::-1] for name in TABLES}
    assert len(shipped_book().version) == 12
    assert RuleBook.of(rows).version == shipped_book().version


def test_conventions_say_what_they_mean():
    assert all(one.text.endswith(".") for one in shipped_book().conventions)
    assert shipped_book().days_of("C16") == 5
    assert shipped_book().days_of("board_meeting") == 30


PRIOR_AUTH = Scope(
    "medicare_advantage",
    "initial",
    review_type="pre_service",
    urgency="standard",
    item_kind="item_subject_to_prior_auth",
)


@pytest.mark.parametrize(
    ("day", "rule_id"),
    [(date(2025, 12, 31), "MA.STD.PA.OLD"), (date(2026, 1, 1), "MA.STD.PA")],
)
def test_the_row_in_force_on_the_day_of_receipt_is_selected(day, rule_id):
    assert selected(PRIOR_AUTH, received(day)) == rule_id


MEDICAID = Scope("medicaid_mco", "initial", urgency="standard", item_kind="service")


@pytest.mark.parametrize(
    ("start", "rule_id"),
    [(date(2025, 12, 31), "MCD.STD.OLD"), (date(2026, 1, 1), "MCD.STD")],
)
def test_medicaid_goes_by_the_start_of_the_rating_period(start, rule_id):
    assert selected(MEDICAID, received(date(2026, 6, 1), rating_period_start=start)) == rule_id


def test_a_missing_rating_period_is_named():
    with pytest.raises(NoRule, match="rating_period_start"):
        selected(MEDICAID, received(date(2026, 6, 1)))


COURSE = Scope("erisa", "extension", review_type="concurrent", urgency="expedited")


@pytest.mark.parametrize(
    ("ends", "rule_id"),
    [
        ("2026-05-14T10:00", "ERISA.CON.EXT.URG"),
        ("2026-05-14T09:59", "ERISA.CON.EXT.URG.LATE"),
    ],
)
def test_exactly_24_hours_before_the_course_ends_is_enough(ends, rule_id):
    event = {"type": "received", "at": "2026-05-13T10:00", "course_ends_at": ends}
    assert selected(COURSE, Event.from_json(event)) == rule_id


def test_24_hours_before_the_course_ends_are_elapsed_hours():
    event = {
        "type": "received",
        "at": "2027-03-13T10:00",
        "course_ends_at": "2027-03-14T10:00",  # 23 hours, as the clocks go forward
    }
    assert selected(COURSE, Event.from_json(event)) == "ERISA.CON.EXT.URG.LATE"


def test_an_unknown_end_of_the_course_is_named():
    with pytest.raises(NoRule, match="course_ends_at"):
        selected(COURSE, received(date(2026, 5, 13)))


def test_a_missing_key_is_named_with_its_values():
    with pytest.raises(NoRule, match="A row exists for urgency expedited or standard"):
        selected(Scope("erisa", "initial", review_type="pre_service"), received(date(2026, 5, 1)))


def test_a_line_of_business_without_rules_is_said():
    with pytest.raises(NoRule, match="no row like it"):
        selected(Scope("oregon", "initial"), received(date(2026, 5, 1)))


def test_two_rows_that_fit_are_named():
    rule = shipped_book().rule("ERISA.PRE.INIT")
    twice = replace(shipped_book(), rules=(rule, rule))
    timeline = Timeline.of([received(date(2026, 5, 1))], NEW_YORK, NEW_YORK, None)
    with pytest.raises(SeveralRules, match=r"ERISA\.PRE\.INIT, ERISA\.PRE\.INIT"):
        select(twice, Scope.of(rule), timeline)


def test_a_rule_that_does_not_exist_is_said():
    with pytest.raises(NoRule, match=r"no row ERISA\.NONE"):
        shipped_book().rule("ERISA.NONE")


def test_the_engine_knows_nothing_of_django():
    asked = "import sys, reviewer.clocks; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
