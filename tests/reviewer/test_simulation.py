"""What another limit would have meant. Under ERISA a standard pre-service claim has 15 calendar
days from its receipt (29 CFR 2560.503-1(f)(2)(iii)(A)), to the end of the last of them.
"""

from datetime import UTC, datetime, timedelta

import pytest

from reviewer.models import AccessEntry, Request
from reviewer.time import local_day
from reviewer.workflow.clocks import decision_clock
from reviewer.workflow.errors import Refused
from reviewer.workflow.simulation import simulate
from tests import factories

pytestmark = pytest.mark.django_db
RULE = "ERISA.PRE.INIT"
ADDRESS = "/clocks/simulation"


@pytest.fixture
def decided(cast):
    """A standard request of ten days ago, decided now: within 15 days, not within 7."""
    received = factories.now() - timedelta(days=10)
    return factories.make_approved(cast, received_at=received).request


def asked(decided, number, unit="calendar_days", requests=None, rule=RULE):
    day = decision_clock(decided).stopped_at.date()
    around = {"start": day - timedelta(days=2), "end": day + timedelta(days=2)}
    seen = Request.objects.all() if requests is None else requests
    return simulate(seen, rule_id=rule, number=number, unit=unit, **around)


def test_what_was_decided_after_ten_days_would_be_late_under_seven(decided):
    found = asked(decided, 7)
    assert (found.late, found.would_be_late) == (0, found.done)
    assert found.done > 0
    assert decided in [one.clock.request for one in found.turned]


def test_the_same_limit_turns_nothing(decided):
    found = asked(decided, 15)
    assert (found.done > 0, found.late, found.would_be_late, found.turned) == (True, 0, 0, [])


def test_ten_days_are_enough_and_nine_are_not(decided):
    assert asked(decided, 10).would_be_late == 0
    assert asked(decided, 9).would_be_late == asked(decided, 9).done


def test_a_limit_that_the_table_does_not_know_is_refused(decided):
    with pytest.raises(Refused, match="unit"):
        asked(decided, 7, unit="fortnights")


def test_requests_out_of_sight_are_not_counted(decided):
    assert asked(decided, 7, requests=Request.objects.none()).done == 0


@pytest.mark.parametrize(
    ("first", "last", "is_counted"), [(0, 0, True), (1, 3, False), (-3, -1, False)]
)
def test_the_period_is_from_its_first_day_to_its_last(decided, first, last, is_counted):
    day = local_day(decision_clock(decided).stopped_at)
    period = {"start": day + timedelta(days=first), "end": day + timedelta(days=last)}
    found = simulate(Request.objects.all(), rule_id=RULE, number=7, unit="calendar_days", **period)
    assert (found.done > 0) is is_counted


def test_only_what_the_rule_had_a_say_in_is_counted(decided):
    """Of an approval before the service nothing goes by the rule for claims after it."""
    assert asked(decided, 7, rule="ERISA.POST.INIT").done == 0


def test_a_rule_that_stood_beside_the_governing_one_had_a_say(decided):
    clock = decision_clock(decided)
    beside = [one["rule_id"] for one in clock.others if one["rule_id"] != clock.applied_rule_id]
    assert beside
    for rule in beside:
        assert clock in [one.clock for one in asked(decided, 7, rule=rule).cases]


def test_simulating_changes_no_limit(decided):
    before = decision_clock(decided).due_at
    asked(decided, 7)
    assert decision_clock(decided).due_at == before


def test_a_supervisor_sees_the_numbers_and_the_request(client, cast, decided):
    client.force_login(cast.supervisor.user)
    day = datetime.now(UTC).date()
    page = client.get(
        ADDRESS,
        {"rule": RULE, "number": 7, "unit": "calendar_days",
         "start": day - timedelta(days=3), "end": day + timedelta(days=3)},
    ).content.decode()  # fmt: skip
    assert decided.number in page
    assert "computed with 7 calendar days" in page
    assert decided.number in AccessEntry.objects.get().requests


def test_a_supervisor_of_other_lines_of_business_sees_nothing_of_it(client, cast, decided):
    cast.supervisor.lines_of_business = ["medicaid"]
    cast.supervisor.save(update_fields=["lines_of_business"])
    client.force_login(cast.supervisor.user)
    day = datetime.now(UTC).date()
    response = client.get(
        ADDRESS,
        {"rule": RULE, "number": 7, "unit": "calendar_days",
         "start": day - timedelta(days=3), "end": day + timedelta(days=3)},
    )  # fmt: skip
    assert response.context["found"].done == 0
    assert decided.number not in response.content.decode()


def test_a_period_that_ends_before_it_starts_is_told(client, cast, decided):
    client.force_login(cast.supervisor.user)
    asked = {"rule": RULE, "number": 7, "unit": "calendar_days",
             "start": "2026-03-02", "end": "2026-03-01"}  # fmt: skip
    page = client.get(ADDRESS, asked).content.decode()
    assert "The period ends before it starts." in page


def test_nobody_else_simulates(client, cast):
    for person in (cast.nurse, cast.physician, cast.intake, cast.auditor):
        client.force_login(person.user)
        assert client.get(ADDRESS).status_code == 403
