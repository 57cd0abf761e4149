"""When an initial decision is due, by what is known of a request; what is missing is named."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reviewer.clocks import ClockError, Event, NoRule, NotStarted, Scope, compute
from reviewer.clocks.events import EventType

NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)  # Monday noon in New York
PRIOR_AUTH = "item_subject_to_prior_auth"


def asked(line, review_type, urgency, item_kind="", *, stage="initial", complete=None, **facts):
    events = [Event(EventType.RECEIVED, NOON, **facts)]
    if complete:
        events.append(Event(EventType.NECESSARY_INFORMATION_RECEIVED, complete))
    scope = Scope(line, stage, "decision", review_type, urgency, item_kind)
    return compute(scope, events, "America/New_York")


@pytest.mark.parametrize(
    ("case", "rule_id", "due_at"),
    [
        (("erisa", "pre_service", "standard"), "ERISA.PRE.INIT", "06-16T23:59:59"),
        (("erisa", "pre_service", "expedited"), "ERISA.URG.INIT", "06-04T12:00:00"),
        (("erisa", "post_service", "standard"), "ERISA.POST.INIT", "07-01T23:59:59"),
        (("medicare_advantage", "pre_service", "standard", PRIOR_AUTH), "MA.STD.PA",
         "06-08T23:59:59"),
        (("medicare_advantage", "concurrent", "expedited", PRIOR_AUTH), "MA.EXP",
         "06-04T12:00:00"),
        (("medicare_advantage", "pre_service", "standard", "part_b_drug"), "MA.PTB.STD",
         "06-04T12:00:00"),
        (("medicaid_mco", "pre_service", "expedited", "service"), "MCD.EXP", "06-04T12:00:00"),
        (("washington", "pre_service", "standard", "electronic_request"), "WA.ELEC",
         "06-04T23:59:59"),
    ],
)  # fmt: skip
def test_a_decision_is_due_by_its_rule(case, rule_id, due_at):
    deadline = asked(*case)
    assert deadline.applied_rule_id == rule_id
    assert deadline.due_at.isoformat() == f"2026-{due_at}-04:00"


@pytest.mark.parametrize(("hours", "due_in"), [(24, 24), (23, 72)])
def test_an_urgent_request_to_extend_a_course_goes_by_the_time_left(hours, due_in):
    ends = NOON + timedelta(hours=hours)
    deadline = asked("erisa", "concurrent", "expedited", stage="extension", course_ends_at=ends)
    assert deadline.due_at == NOON + timedelta(hours=due_in)


def test_medicaid_goes_by_the_rating_period():
    period = {"rating_period_start": date(2026, 1, 1)}
    deadline = asked("medicaid_mco", "concurrent", "standard", "service", **period)
    assert deadline.rule_id == "MCD.STD"


def test_california_counts_from_the_information_in_hand():
    complete = datetime(2026, 6, 3, 16, tzinfo=UTC)
    deadline = asked("california_hmo", "pre_service", "expedited", complete=complete)
    assert deadline.due_at == complete + timedelta(hours=72)


@pytest.mark.parametrize(
    ("case", "facts", "kind", "said", "about"),
    [
        (("california_hmo", "pre_service", "expedited"), {}, NotStarted,
         "necessary information received", ["necessary_information_received"]),
        (("medicare_advantage", "concurrent", "standard"), {}, NoRule, PRIOR_AUTH, ["item_kind"]),
        (("erisa", "concurrent", "expedited"), {"stage": "extension"}, NoRule,
         "when the approved course ends", ["course_ends_at"]),
        (("medicaid_mco", "pre_service", "standard", "service"), {}, NoRule,
         "rating period start", ["rating_period_start"]),
        (("washington", "post_service", "standard", "electronic_request"), {}, NoRule,
         "washington, initial, decision, post service", ["review_type"]),
        (("erisa", "pre_service", "as soon as possible"), {}, NoRule, "urgency", ["urgency"]),
        (("medicaid_mco", "pre_service", "standard", "service"),
         {"rating_period_start": date(1, 1, 1), "stage": "grievances"}, NoRule, "no row like it",
         []),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_and_named(case, facts, kind, said, about):
    with pytest.raises(kind, match=said) as refused:
        asked(*case, **facts)
    assert list(refused.value.about) == about


def test_an_appeal_that_does_not_say_how_many_levels_the_plan_has_is_asked():
    received = [Event(EventType.APPEAL_RECEIVED, NOON)]
    scope = Scope("erisa", "appeal_decision", "decision", "pre_service", "standard")
    with pytest.raises(NoRule, match="appeal_levels 1 or 2") as refused:
        compute(scope, received, "America/New_York")
    assert "appeal_levels" in refused.value.about


def test_a_board_that_names_no_meetings_is_asked():
    received = [Event(EventType.APPEAL_RECEIVED, NOON)]
    scope = Scope("erisa", "appeal_decision", "board_meeting", "post_service", "standard")
    with pytest.raises(ClockError, match="the next two meetings") as refused:
        compute(scope, received, "America/New_York")
    assert refused.value.about == ("meeting_dates",)
