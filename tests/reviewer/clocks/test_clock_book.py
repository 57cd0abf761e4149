"""A book is read from rows of texts, refuses what it cannot compute with, and goes back to rows."""

from datetime import date

import pytest

from policies.models import LineOfBusiness
from reviewer.clocks import (
    TABLES,
    ClockError,
    Event,
    EventType,
    RuleBook,
    WrongRow,
    compute,
    duties_opened_by,
    regimes_for,
    rows_of,
    shipped_book,
    shipped_rows,
    zone_for,
)

BOOK = shipped_book()
ON = date(2026, 6, 1)


def rows(**changed):
    """The shipped rows, with some tables changed."""
    return {name: shipped_rows(name) for name in TABLES} | changed


def book_with(table, key, **cells):
    """The shipped book with one row changed."""
    name = TABLES[table].key
    changed = [
        row | {column: str(text) for column, text in cells.items()} if row[name] == key else row
        for row in shipped_rows(table)
    ]
    return RuleBook.of(rows(**{table: changed}))


def book_and(table, **cells):
    """The shipped book with one row more, the rest of whose columns are empty."""
    empty = dict.fromkeys((column.name for column in TABLES[table].columns), "")
    return RuleBook.of(rows(**{table: [*shipped_rows(table), empty | cells]}))


def test_a_book_goes_back_to_rows_and_comes_again():
    assert RuleBook.of(rows_of(BOOK)) == BOOK


@pytest.mark.parametrize("name", TABLES)
def test_each_file_has_the_columns_of_its_table(name):
    columns = [column.name for column in TABLES[name].columns]
    assert list(shipped_rows(name)[0]) == columns


@pytest.mark.parametrize(
    ("table", "key", "cells", "column", "allowed"),
    [
        ("rules", "MA.STD.PA", {"number": "seven"}, "number", "a whole number"),
        ("rules", "MA.STD.PA", {"number": ""}, "number", "0 or more"),
        ("rules", "MA.STD.PA", {"number": "-1"}, "number", "0 or more"),
        ("rules", "MA.STD.PA", {"unit": "weeks"}, "unit", "hours or calendar_days"),
        ("rules", "MA.STD.PA", {"unit": "appeal_levels"}, "unit", "calculation none"),
        ("rules", "MA.STD.PA", {"starts_on": "recieved"}, "starts_on", "received or"),
        ("rules", "MA.STD.PA", {"starts_on": ""}, "starts_on", "starts the clock"),
        ("rules", "MA.STD.PA", {"stage": "start"}, "stage", "initial or extension"),
        ("rules", "MA.STD.PA", {"applies_from": "1.1.2026"}, "applies_from", "a date"),
        ("rules", "MA.STD.PA", {"applies_to": "2025-06-30"}, "applies_to", "before applies_from"),
        ("rules", "MA.STD.PA", {"citation": ""}, "citation", "empty"),
        ("rules", "MA.STD.PA", {"condition": "asked_early"}, "condition", "requested_24h"),
        ("rules", "MA.STD.PA", {"extension_number": "0"}, "extension_number", "1 or more"),
        ("rules", "MA.STD.PA", {"extension_number": ""}, "extension_number", "the length"),
        ("rules", "MA.STD.PA", {"extension_unit": "hours"}, "extension_unit", "calendar_days"),
        ("rules", "MA.STD.PA", {"extension_grounds": ""}, "extension_grounds", "grounds"),
        ("rules", "MA.EXP", {"tolls": "true"}, "tolls", "calendar_days"),
        ("rules", "ERISA.URG.INC", {"respond_within_unit": "calendar_days"},
         "respond_within_unit", "hours"),
        ("rules", "ERISA.URG.INIT", {"incomplete_rule_id": ""}, "incomplete_rule_id", "both"),
        ("rules", "ERISA.URG.INIT", {"incomplete_rule_id": "X"}, "incomplete_rule_id", "no rule"),
        ("rules", "EXT.FILE", {"month_overflow": ""}, "month_overflow", "no such day"),
        ("rules", "EXT.EFFECT", {"number": "1"}, "number", "forward"),
        ("rules", "MA.NOMNC", {"unit": "hours"}, "unit", "calendar_days"),
        ("rules", "MCD.SFH.FILE", {"number_max": "80"}, "number_max", "not below"),
        ("rules", "ERISA.APP.FILE", {"presumed_receipt_days": ""}, "presumed_receipt_days", "days"),
        ("rules", "MA.STD.PA", {"rule_id": "MA.EXP"}, "rule_id", "stands once"),
        ("rules", "MA.STD.PA", {"applies_from": ""}, "rule_id", "same cases as MA.STD.PA"),
        ("conventions", "C16", {"number": ""}, "unit", "go together"),
        ("conventions", "C16", {"number": "", "unit": ""}, "number", "a number of days"),
        ("conventions", "C16", {"unit": "hours"}, "unit", "calendar_days"),
        ("rules", "MCD.LEVELS", {"unit": "hours"}, "unit", "appeal_levels or nothing"),
        ("rules", "MCD.LEVELS", {"number": "-1"}, "number", "0 or more"),
        ("rules", "ERISA.APP.FILE", {"presumed_from": ""}, "presumed_from", "receipt follows"),
        ("rules", "ERISA.APP.FILE", {"presumed_receipt_days": "-1"}, "presumed_receipt_days",
         "0 or more"),
        ("rules", "ERISA.PRE.INIT", {"respond_within_number": "0"}, "respond_within_number",
         "1 or more"),
        ("rules", "MA.PTB.STD", {"tolls": "true"}, "tolls", "only an extension"),
        ("conventions", "C16", {"number": "-1"}, "number", "0 or more"),
        ("conventions", "C1", {"id": "C99"}, "id", "must stay"),
        ("holidays", "juneteenth", {"applies_from": "2026-01-02", "applies_to": "2026-01-01"},
         "applies_to", "before applies_from"),
        ("holidays", "labor_day", {"weekday": ""}, "day", "either a day"),
        ("regimes", "medicaid", {"applies_from": "2026-01-02", "applies_to": "2026-01-01"},
         "applies_to", "before applies_from"),
        ("zones", "default", {"jurisdiction": "ny"}, "jurisdiction", "two capital letters"),
        ("holidays", "juneteenth", {"month": "13"}, "month", "1 to 12"),
        ("holidays", "juneteenth", {"day": "31"}, "day", "no such day"),
        ("holidays", "juneteenth", {"weekday": "monday"}, "day", "either a day"),
        ("holidays", "labor_day", {"ordinal": "6"}, "ordinal", "1 or 2"),
        ("regimes", "medicaid", {"regime": "medicade"}, "regime", "medicaid_mco"),
        ("regimes", "medicaid", {"jurisdiction": "Texas"}, "jurisdiction", "two capital letters"),
        ("zones", "default", {"zone": "America/Gotham"}, "zone", "IANA"),
        ("duties", "decision", {"opened_by": "asked"}, "opened_by", "received"),
        ("duties", "decision", {"stage": ""}, "as_duty", "either a stage"),
        ("duties", "notice_member", {"as_duty": "decison"}, "as_duty", "decision"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_named_with_its_column(table, key, cells, column, allowed):
    with pytest.raises(WrongRow) as refused:
        book_with(table, key, **cells)
    assert (refused.value.table, refused.value.column) == (table, column)
    assert refused.value.key in {key, cells.get(column), "MA.STD.PA.OLD", "C1"}
    assert allowed in str(refused.value)


def test_a_missing_and_an_unknown_column_are_named():
    row = shipped_rows("zones")[0]
    with pytest.raises(WrongRow, match="zone: the column is missing"):
        RuleBook.of(rows(zones=[{name: row[name] for name in row if name != "zone"}]))
    with pytest.raises(WrongRow, match="color: there is no such column"):
        RuleBook.of(rows(zones=[row | {"color": ""}]))


def test_the_engine_goes_by_the_book_it_is_given():
    stricter = book_with("rules", "MA.STD.PA", number=5)
    received = [Event(EventType.RECEIVED, date(2026, 6, 1))]
    assert compute(stricter.rule("MA.STD.PA"), received, "UTC", book=stricter).due_at.day == 6
    assert compute(BOOK.rule("MA.STD.PA"), received, "UTC").due_at.day == 8


def test_a_clients_closure_closes_its_day_on_its_calendar_only():
    closed = book_and(
        "holidays",
        id="day_after_thanksgiving_2026",
        name="Day after Thanksgiving",
        month="11",
        day="27",
        applies_from="2026-01-01",
        applies_to="2026-12-31",
        closed_for="plan_duty",
        citation="Choice of the client",
        confidence="CHOICE",
    )
    asked = [Event(EventType.EXTERNAL_REVIEW_REQUESTED, date(2026, 11, 24))]
    given = [Event(EventType.IRO_NOTICE_RECEIVED, date(2026, 11, 24))]
    plan, claimant = BOOK.rule("EXT.PRELIM"), BOOK.rule("EXT.CLMT")
    ends = [
        compute(rule, events, "America/Chicago", book=book).due_at.day
        for book in (BOOK, closed)
        for rule, events in ((plan, asked), (claimant, given))
    ]
    assert ends == [2, 9, 3, 9]


def test_an_appeal_board_meets_by_the_books_reading():
    longer = book_with("conventions", "board_meeting", number=31)
    meetings = (date(2026, 5, 19), date(2026, 8, 18))
    appeal = [Event(EventType.APPEAL_RECEIVED, date(2026, 4, 18), meeting_dates=meetings)]
    rule = BOOK.rule("ERISA.APP.MULTI")
    assert compute(rule, appeal, "UTC").due_at.month == 5
    assert compute(rule, appeal, "UTC", book=longer).due_at.month == 8


def regimes(line_of_business, jurisdiction="OH", plan="Blue Oak", book=BOOK, on=ON):
    found = regimes_for(
        book, line_of_business=line_of_business, jurisdiction=jurisdiction, plan=plan, on=on
    )
    return [(one.regime, one.role.value) for one in found]


@pytest.mark.parametrize("line", LineOfBusiness)
@pytest.mark.parametrize("state", ["CA", "OH"])
def test_every_line_of_business_has_one_selected_regime(line, state):
    roles = [role for _, role in regimes(line.value, state)]
    assert roles[0] == "selected"
    assert "selected" not in roles[1:]


@pytest.mark.parametrize(
    ("state", "regime"),
    [("CA", "california_hmo"), ("TX", "texas"), ("NY", "new_york"), ("WA", "washington")],
)
def test_a_states_rules_bind_insured_cover_only(state, regime):
    for line in LineOfBusiness:
        is_bound = (regime, "binding") in regimes(line.value, state)
        assert is_bound == (line in {"commercial_insured", "marketplace"})


def test_accreditation_binds_only_where_the_client_says_so():
    for line in LineOfBusiness:
        assert not {"ncqa", "urac"} & {regime for regime, _ in regimes(line.value)}
    accredited = book_and(
        "regimes",
        id="medicare_ncqa",
        line_of_business="medicare_advantage",
        jurisdiction="any",
        plan="Blue Oak",
        regime="ncqa",
        role="target",
        applies_from="2026-07-01",
        citation="Accreditation agreement",
        confidence="CHOICE",
    )
    only_law = [("medicare_advantage", "selected")]
    assert regimes("medicare_advantage", book=accredited) == only_law
    assert regimes("medicare_advantage", plan="Red Elm", book=accredited) == only_law
    assert regimes("medicare_advantage", book=accredited, on=date(2026, 7, 1)) == [
        *only_law,
        ("ncqa", "target"),
    ]


def test_a_line_of_business_without_a_regime_is_said():
    with pytest.raises(ClockError, match="selected"):
        regimes("dental")


def test_two_zones_for_the_same_cases_are_refused():
    places = {"line_of_business": "any", "jurisdiction": "any", "plan": "any"}
    with pytest.raises(WrongRow, match="row default is for the same cases"):
        book_and("zones", id="another", zone="America/Chicago", **places)
    assert book_and("zones", id="another", **places | {"jurisdiction": "OH"}).zones


def test_two_regimes_selected_for_the_same_cases_are_refused():
    with pytest.raises(WrongRow, match="selected for the same cases"):
        book_and(
            "regimes", id="twice", line_of_business="medicaid", jurisdiction="any", plan="any",
            regime="texas", role="selected", citation="?", confidence="G",
        )  # fmt: skip


def zone(jurisdiction="TX", plan="Blue Oak", book=BOOK):
    return zone_for(
        book,
        line_of_business="medicaid",
        jurisdiction=jurisdiction,
        plan=plan,
        default="America/Chicago",
    )


def test_the_zone_is_the_offices_until_a_row_says_otherwise():
    assert zone() == "America/Chicago"
    of_a_state = book_and(
        "zones", id="ny", line_of_business="any", jurisdiction="NY", plan="any",
        zone="America/New_York",
    )  # fmt: skip
    assert zone(book=of_a_state) == "America/Chicago"
    assert zone("NY", book=of_a_state) == "America/New_York"


def opened(event_type, **case):
    case = {"urgency": "standard", "is_adverse": False} | case
    return [one.id for one in duties_opened_by(BOOK, event_type, **case)]


def test_a_request_opens_its_decision_and_nothing_else():
    assert opened("received") == ["decision"]
    assert BOOK.duty("decision").is_required


def test_an_adverse_determination_opens_notices_that_a_favorable_one_does_not():
    favorable = set(opened("determination_made", subject="request"))
    adverse = set(opened("determination_made", subject="request", is_adverse=True))
    assert {"notice_member", "notice_provider"} <= favorable
    assert adverse - favorable == {"enrollee_notice", "adverse_notice", "adverse_notice_letter"}


def test_duties_of_appeals_are_not_opened_for_requests():
    assert "plan_reversal" in opened("determination_made", subject="appeal")
    assert "plan_reversal" not in opened("determination_made", subject="request")


def test_a_board_gives_notice_only_of_its_own_decisions():
    assert "board_decision" not in opened("determination_made", subject="appeal")
    assert "board_decision" in opened("determination_made", subject="appeal", step="board_meeting")


@pytest.mark.parametrize("rule", BOOK.rules, ids=str)
def test_every_rule_that_an_event_starts_belongs_to_a_duty(rule):
    if rule.calculation == "none":
        return
    if rule.rule_id == "ERISA.URG.INC":  # the decision moves to it by itself
        return
    assert [
        duty
        for duty in BOOK.duties
        if {*duty.stages} & {*rule.stage} and {*duty.steps} & {*rule.step}
    ]
