"""When an initial decision is due, asked with the facts of a request."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reviewer.clocks import NoRule, NotStarted, decision_due

NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)  # Monday noon in New York
PRIOR_AUTH = "item_subject_to_prior_auth"


def asked(regime, review_type, urgency, item_kind=None, **facts):
    return decision_due(
        regime=regime,
        review_type=review_type,
        urgency=urgency,
        item_kind=item_kind,
        received_at=NOON,
        zone="America/New_York",
        **facts,
    )


@pytest.mark.parametrize(
    ("regime", "review_type", "urgency", "item_kind", "rule_id", "due_at"),
    [
        ("erisa", "pre_service", "standard", None, "ERISA.PRE.INIT", "06-16T23:59:59"),
        ("erisa", "pre_service", "expedited", None, "ERISA.URG.INIT", "06-04T12:00:00"),
        ("erisa", "post_service", "standard", None, "ERISA.POST.INIT", "07-01T23:59:59"),
        ("erisa", "concurrent", "standard", None, "ERISA.CON.EXT.NONURG", "06-16T23:59:59"),
        (
            "medicare_advantage",
            "pre_service",
            "standard",
            PRIOR_AUTH,
            "MA.STD.PA",
            "06-08T23:59:59",
        ),
        ("medicare_advantage", "concurrent", "expedited", PRIOR_AUTH, "MA.EXP", "06-04T12:00:00"),
        (
            "medicare_advantage",
            "pre_service",
            "standard",
            "part_b_drug",
            "MA.PTB.STD",
            "06-04T12:00:00",
        ),
        ("medicaid_mco", "pre_service", "expedited", "service", "MCD.EXP", "06-04T12:00:00"),
        (
            "washington",
            "pre_service",
            "standard",
            "electronic_request",
            "WA.ELEC",
            "06-04T23:59:59",
        ),
    ],
)
def test_a_decision_is_due_by_its_rule(regime, review_type, urgency, item_kind, rule_id, due_at):
    deadline = asked(regime, review_type, urgency, item_kind)
    assert deadline.applied_rule_id == rule_id
    assert deadline.due_at.isoformat() == f"2026-{due_at}-04:00"


@pytest.mark.parametrize(("hours", "due_in"), [(24, 24), (23, 72)])
def test_an_urgent_request_to_extend_a_course_goes_by_the_time_left(hours, due_in):
    ends = NOON + timedelta(hours=hours)
    deadline = asked("erisa", "concurrent", "expedited", course_ends_at=ends)
    assert deadline.due_at == NOON + timedelta(hours=due_in)


def test_medicaid_goes_by_the_rating_period():
    period = {"rating_period_start": date(2026, 1, 1)}
    deadline = asked("medicaid_mco", "concurrent", "standard", "service", **period)
    assert deadline.rule_id == "MCD.STD"


def test_california_counts_from_the_information_in_hand():
    complete = datetime(2026, 6, 3, 16, tzinfo=UTC)
    deadline = asked("california_hmo", "pre_service", "expedited", information_complete_at=complete)
    assert deadline.due_at == complete + timedelta(hours=72)


def test_california_has_not_started_without_it():
    with pytest.raises(NotStarted, match="necessary information received"):
        asked("california_hmo", "pre_service", "expedited")


def test_an_item_kind_that_is_needed_is_named():
    with pytest.raises(NoRule, match=f"item_kind .*{PRIOR_AUTH}"):
        asked("medicare_advantage", "concurrent", "standard")


def test_an_end_of_the_course_that_is_needed_is_named():
    with pytest.raises(NoRule, match="course_ends_at"):
        asked("erisa", "concurrent", "expedited")


def test_a_regime_without_such_a_rule_is_said():
    with pytest.raises(NoRule, match="No rule fits “washington, initial, decision, post service"):
        asked("washington", "post_service", "standard", "electronic_request")
