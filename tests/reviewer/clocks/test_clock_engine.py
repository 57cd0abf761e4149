"""The conventions where the worked examples do not reach, and what holds for every deadline."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.clocks import (
    ClockError,
    Event,
    EventType,
    NotADeadline,
    NotStarted,
    OtherRule,
    Role,
    StepKind,
    compute,
    shipped_book,
)
from reviewer.clocks.events import parse_at
from reviewer.clocks.rules import Calculation, Unit

ZONE = "America/New_York"
INSTANTS = st.datetimes(parse_at("2026-01-02T00:00"), parse_at("2032-01-01T00:00"))
ZONES = st.sampled_from(["America/New_York", "America/Phoenix", "Pacific/Honolulu"])


def event(type, at, **attributes):
    return Event.from_json({"type": type, "at": at, **attributes})


def due(rule_id, *events, zone=ZONE, as_of=None, **options):
    rule = shipped_book().rule(rule_id)
    as_of = parse_at(as_of) if as_of else None
    return compute(rule, events, zone, as_of=as_of, **options)


def at(text):
    return datetime.fromisoformat(text)


def test_a_repeated_hour_means_its_first_reading():
    deadline = due("ERISA.URG.DEF", event("received", "2026-11-01T01:30"))
    assert deadline.due_at == at("2026-11-02T00:30-05:00")


def test_an_offset_decides_between_the_readings_of_a_repeated_hour():
    deadline = due("ERISA.URG.DEF", event("received", "2026-11-01T01:30-05:00"))
    assert deadline.due_at == at("2026-11-02T01:30-05:00")


def test_a_wall_time_in_the_gap_moves_forward_by_the_gap():
    deadline = due("ERISA.URG.DEF", event("received", "2027-03-14T02:30"))
    assert deadline.due_at == at("2027-03-15T03:30-04:00")


def test_an_extension_into_the_gap_moves_forward_by_the_gap():
    deadline = due(
        "MA.EXP",
        event("received", "2027-02-25T02:30"),
        event("extension_notice_sent", "2027-02-26T09:00", ground="enrollee_request"),
    )
    assert deadline.due_at == at("2027-03-14T03:30-04:00")


def test_the_earliest_of_several_receipts_starts_the_clock():
    deadline = due(
        "MA.STD.PA", event("received", "2026-06-03T09:00"), event("received", "2026-06-01T09:00")
    )
    assert deadline.due_at == at("2026-06-08T23:59:59-04:00")


EXTENDED = event("extension_notice_sent", "2026-09-10", ground="matters_beyond_plan_control")
RECEIVED = event("received", "2026-09-01T10:00")


def test_a_second_extension_is_rejected():
    second = event("extension_notice_sent", "2026-09-12", ground="matters_beyond_plan_control")
    deadline = due("ERISA.PRE.INIT", RECEIVED, EXTENDED, second)
    assert deadline.due_at == at("2026-10-01T23:59:59-04:00")
    assert deadline.flags == ("extended", "extension_rejected_already_extended")


def test_after_a_withdrawal_a_new_notice_before_the_base_limit_counts():
    deadline = due(
        "ERISA.PRE.INIT",
        RECEIVED,
        EXTENDED,
        event("extension_withdrawn", "2026-09-11"),
        event("extension_notice_sent", "2026-09-14", ground="matters_beyond_plan_control"),
    )
    assert deadline.due_at == at("2026-10-01T23:59:59-04:00")
    assert deadline.flags == ("extended", "extension_withdrawn")


def test_a_withdrawal_does_not_end_the_extension_of_a_new_notice_that_day():
    deadline = due(
        "ERISA.PRE.INIT",
        RECEIVED,
        EXTENDED,
        event("extension_withdrawn", "2026-09-11"),
        event("extension_notice_sent", "2026-09-11T09:00", ground="matters_beyond_plan_control"),
    )
    assert deadline.due_at == at("2026-10-01T23:59:59-04:00")
    assert deadline.flags == ("extended", "extension_withdrawn")


def test_a_withdrawal_after_the_extended_limit_changes_nothing():
    deadline = due("ERISA.PRE.INIT", RECEIVED, EXTENDED, event("extension_withdrawn", "2026-10-02"))
    assert deadline.due_at == at("2026-10-01T23:59:59-04:00")
    assert deadline.flags == ("extended",)


def test_the_workload_of_a_plan_is_no_ground():
    notice = event("extension_notice_sent", "2026-09-20", ground="plan_workload")
    deadline = due("ERISA.PRE.INIT", RECEIVED, notice)
    assert deadline.flags == ("extension_rejected_ground",)  # late too, but the first test counts
    assert any("allows only" in step.sentence for step in deadline.derivation)


ASKED = event(
    "extension_notice_sent",
    "2026-09-11",
    ground="claimant_information_missing",
    needs_information=True,
    channel="electronic",
)


def test_an_electronic_extension_notice_is_received_the_same_day():
    deadline = due("ERISA.PRE.INIT", RECEIVED, ASKED, as_of="2026-09-20T09:00")
    assert deadline.due_at is None
    assert deadline.tolled_until == at("2026-10-26T23:59:59-04:00")
    assert deadline.status == "tolled"


def test_a_longer_time_to_answer_is_honored_and_a_shorter_one_is_not():
    for respond_by, until in [("2026-11-30", "2026-11-30"), ("2026-09-20", "2026-10-26")]:
        notice = event(
            "extension_notice_sent",
            "2026-09-11",
            ground="claimant_information_missing",
            needs_information=True,
            received_by_claimant_at="2026-09-11",
            respond_by=respond_by,
        )
        deadline = due("ERISA.PRE.INIT", RECEIVED, notice, as_of="2026-09-20T09:00")
        assert deadline.tolled_until.date() == date.fromisoformat(until)


def test_an_answer_after_the_period_is_ignored():
    answer = event("information_received", "2026-10-30")
    deadline = due("ERISA.PRE.INIT", RECEIVED, ASKED, answer)
    assert deadline.due_at == at("2026-11-10T23:59:59-05:00")
    assert "tolled_until_end_of_response_period" in deadline.flags


def test_a_withdrawn_extension_does_not_give_back_the_time_spent_waiting():
    withdrawn = event("extension_withdrawn", "2026-09-30T10:00")
    deadline = due("ERISA.PRE.INIT", RECEIVED, ASKED, withdrawn, as_of="2026-09-30T11:00")
    assert deadline.due_at == at("2026-09-30T10:00-04:00")
    assert deadline.legal_max_at is None
    assert deadline.status == "overdue"


def test_a_decision_sent_while_the_clock_is_stopped_meets_the_duty():
    decided = event("decision_notice_sent", "2026-09-15T10:00")
    deadline = due("ERISA.PRE.INIT", RECEIVED, ASKED, decided, as_of="2026-09-20T09:00")
    assert deadline.status == "met"


def test_a_promised_day_after_the_clock_resumes_counts():
    notice = event(
        "extension_notice_sent",
        "2026-09-11",
        ground="claimant_information_missing",
        needs_information=True,
        decide_by="2026-10-05",
    )
    answer = event("information_received", "2026-10-02")
    deadline = due("ERISA.PRE.INIT", RECEIVED, notice, answer)
    assert deadline.due_at == at("2026-10-05T23:59:59-04:00")


def test_urgency_raised_where_no_expedited_rule_exists_changes_nothing():
    attested = event("urgency_attested", "2026-03-02T09:00", by="physician")
    deadline = due("ERISA.POST.INIT", event("received", "2026-02-27T12:00"), attested)
    assert deadline.due_at == at("2026-03-29T23:59:59-04:00")
    assert deadline.flags == ("urgency_attestation_not_applicable",)


def test_urgency_raised_on_a_stopped_clock_applies_at_once():
    attested = event("urgency_attested", "2026-09-20T09:00", by="physician")
    deadline = due("ERISA.PRE.INIT", RECEIVED, ASKED, attested, as_of="2026-09-21T09:00")
    assert deadline.due_at == at("2026-09-23T09:00-04:00")
    assert (deadline.tolled_until, deadline.legal_max_at) == (None, None)
    assert deadline.status == "running"


def test_a_decision_before_the_information_arrives_meets_an_incomplete_request():
    deadline = due(
        "ERISA.URG.INIT",
        event("received", "2026-06-01T10:00"),
        event("deficiency_notice_sent", "2026-06-01T12:00"),
        event("decision_notice_sent", "2026-06-01T14:00"),
        event("information_received", "2026-06-01T15:00"),
        as_of="2026-06-02T09:00",
    )
    assert deadline.applied_rule_id == "ERISA.URG.INC"
    assert deadline.status == "met"


def test_a_short_time_to_answer_an_urgent_notice_is_raised_to_48_hours():
    deadline = due(
        "ERISA.URG.INIT",
        event("received", "2026-06-01T10:00"),
        event("deficiency_notice_sent", "2026-06-01T16:00", respond_by="2026-06-02T16:00"),
    )
    assert deadline.due_at == at("2026-06-05T16:00-04:00")


def test_the_first_meeting_counts_where_receipt_is_more_than_30_days_before_it():
    appeal = event("appeal_received", "2026-04-18", meeting_dates=["2026-08-18", "2026-05-19"])
    assert due("ERISA.APP.MULTI", appeal).due_at == at("2026-05-19T23:59:59-04:00")


@pytest.mark.parametrize(
    ("sent", "as_of", "status"),
    [
        ("2026-06-08T23:59:59", "2026-06-09T09:00", "met"),
        ("2026-06-09T00:00", "2026-06-09T09:00", "met_late"),
        ("2026-06-10T00:00", "2026-06-08T23:59:59", "running"),
        ("2026-06-10T00:00", "2026-06-09T00:00", "overdue"),
    ],
)
def test_a_limit_is_met_at_the_very_second(sent, as_of, status):
    sent = event("decision_notice_sent", sent)
    assert due("MA.STD.PA", event("received", "2026-06-01"), sent, as_of=as_of).status == status


def test_a_filing_on_the_monday_after_its_last_saturday_is_met():
    notice = event("notice_received", "2026-03-02")
    filed = event("appeal_received", "2026-08-31T16:00")
    deadline = due("ERISA.APP.FILE", notice, filed, as_of="2026-09-01")
    assert (deadline.due_at.day, deadline.status) == (29, "met")


def test_a_notice_due_before_an_event_knows_the_event_in_advance():
    effective = event("effective_date", "2026-12-18")
    deadline = due("MA.NOMNC", effective, as_of="2026-12-10")
    assert deadline.status == "running"
    sent = event("written_notice_sent", "2026-12-11")
    assert due("MA.NOMNC", effective, sent, as_of="2026-12-12").status == "met"


def test_a_member_further_east_may_have_a_day_more():
    notice = event("notice_received", "2026-03-02T23:00")
    deadline = due("NCQA.APP.FILE", notice, zone="Pacific/Honolulu", member_zone=ZONE)
    assert deadline.due_at == at("2026-08-30T23:59:59-04:00")
    assert deadline.due_at.utcoffset() == timedelta(hours=-4)


def test_what_has_happened_is_told_by_the_case_zone():
    notice = event("notice_dated", "2026-04-19")
    deadline = due("AIP.APP.FILE", notice, member_zone="America/Anchorage", as_of="2026-04-19")
    assert deadline.due_at == at("2026-06-23T23:59:59-08:00")
    filed = event("appeal_received", "2026-06-23")
    options = {"member_zone": "America/Anchorage", "as_of": "2026-06-23T01:00"}
    assert due("AIP.APP.FILE", notice, filed, **options).status == "met"


def test_a_plans_duty_is_counted_in_the_case_zone_only():
    received = event("received", "2026-06-01T10:00")
    there = due("MA.STD.PA", received, member_zone="Pacific/Honolulu")
    assert there == due("MA.STD.PA", received)


def test_another_rule_that_has_not_started_is_reported_without_a_limit():
    other = OtherRule("MA.EXP.ORALCONF", Role.COMPANION)
    deadline = due("MA.EXP", event("received", "2026-06-01T10:00"), others=[other])
    assert deadline.by_rule["MA.EXP.ORALCONF"] is None


def test_on_a_tie_the_selected_rule_is_named():
    other = OtherRule("NCQA.PRE.URG", Role.BINDING)
    deadline = due("ERISA.URG.INIT", event("received", "2026-06-01T10:00"), others=[other])
    assert deadline.applied_rule_id == "ERISA.URG.INIT"


def test_an_extension_of_the_selected_rule_does_not_move_a_binding_one():
    other = OtherRule("NCQA.PRE.STD", Role.BINDING)
    deadline = due("ERISA.PRE.INIT", RECEIVED, EXTENDED, others=[other])
    assert deadline.due_at == at("2026-09-08T23:59:59-04:00")
    assert deadline.flags == ("extended",)


def test_a_missing_starting_event_is_named():
    with pytest.raises(NotStarted, match="oral notice given"):
        due("MA.EXP.ORALCONF", event("received", "2026-06-01"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"calculation": Calculation.NONE}, "states a fact"),
        ({"unit": Unit.APPEAL_LEVELS}, "counts in appeal_levels, which is no length of time"),
    ],
)
def test_a_row_that_counts_nothing_is_no_deadline_though_it_starts(changed, said):
    rule = replace(shipped_book().rule("ERISA.PRE.INIT"), **changed)
    with pytest.raises(NotADeadline, match=said):
        compute(rule, [event("received", "2026-05-01T10:00")], ZONE)


def test_a_fact_is_no_deadline():
    with pytest.raises(NotADeadline, match=r"ERISA\.APP\.MAX"):
        due("ERISA.APP.MAX", event("received", "2026-06-01"))


@pytest.mark.parametrize(
    "data",
    [{"type": "telepathy", "at": "2026-06-01"}, {"type": "received", "at": "soon"}, {}],
)
def test_an_event_that_cannot_be_read_is_refused(data):
    with pytest.raises(ClockError, match="cannot be read"):
        Event.from_json(data)


def test_an_unknown_zone_is_refused():
    with pytest.raises(ClockError, match="IANA"):
        due("MA.STD.PA", event("received", "2026-06-01"), zone="America/Gotham")


def test_a_deadline_is_stored_as_plain_values():
    stored = due("MA.STD.PA", event("received", "2026-06-01"), as_of="2026-06-02").as_json()
    assert stored["due_at"] == "2026-06-08T23:59:59-04:00"
    assert stored["status"] == "running"
    assert stored["rules_version"] == shipped_book().version
    assert stored["derivation"][-1]["instant"] == "2026-06-08T23:59:59-04:00"


FORWARD = [
    rule
    for rule in shipped_book().rules
    if rule.calculation is Calculation.FORWARD and rule.start_choice == "single"
]


@given(st.sampled_from(FORWARD), INSTANTS, ZONES)
def test_a_forward_limit_is_never_before_its_start(rule, moment, zone):
    started = Event(EventType(rule.starts_on[0]), moment)
    deadline = compute(rule, [started], zone)
    starts = [step.instant for step in deadline.derivation if step.instant]
    assert deadline.due_at >= starts[0]
    assert deadline.accept_through is None or deadline.accept_through >= deadline.due_at


@given(st.sampled_from(FORWARD), INSTANTS, ZONES)
def test_an_extension_without_a_listed_ground_changes_no_limit(rule, moment, zone):
    started = Event(EventType(rule.starts_on[0]), moment)
    offer = Event(EventType.EXTENSION_NOTICE_SENT, moment, ground="plan_workload")
    assert compute(rule, [started, offer], zone).due_at == compute(rule, [started], zone).due_at


@given(INSTANTS, ZONES)
def test_hours_commute_with_a_change_of_zone(moment, zone):
    received = Event(EventType.RECEIVED, moment.replace(tzinfo=UTC))
    assert due("MA.EXP", received, zone=zone).due_at == due("MA.EXP", received, zone="UTC").due_at


@given(st.sampled_from(FORWARD), INSTANTS)
def test_another_binding_rule_never_makes_a_limit_later(rule, moment):
    events = [Event(EventType(rule.starts_on[0]), moment), Event(EventType.RECEIVED, moment)]
    alone = compute(rule, events, ZONE)
    joined = compute(rule, events, ZONE, others=[OtherRule("URAC.PRE.STD", Role.BINDING)])
    assert joined.due_at <= alone.due_at


def test_the_answer_tells_from_when_to_when_the_clock_was_stopped():
    found = due(
        "ERISA.PRE.INIT",
        event("received", "2026-09-01T10:00"),
        event(
            "extension_notice_sent",
            "2026-09-11",
            ground="claimant_information_missing",
            needs_information=True,
        ),
        event("information_received", "2026-10-02"),
    )

    assert found.starts_at == at("2026-09-01T10:00:00-04:00")
    assert found.base_at == at("2026-09-16T23:59:59-04:00")
    assert found.stopped_from == at("2026-09-11T00:00:00-04:00")
    assert found.resumed_at == at("2026-10-02T00:00:00-04:00")


def test_a_step_without_effect_is_marked_as_one():
    records = {"ground": "contract_provider_records"}
    found = due(
        "MA.STD.PA",
        event("received", "2026-11-23T16:30"),
        event("extension_notice_sent", "2026-11-28T12:00", **records),
    )

    without = [one for one in found.derivation if one.kind is StepKind.NO_EFFECT]
    assert [one.event for one in without] == ["extension_notice_sent"]
    assert [one.kind for one in found.derivation[:3]] == [
        StepKind.RULE,
        StepKind.NOTE,
        StepKind.START,
    ]


@pytest.mark.parametrize(
    ("rule_id", "facts", "said"),
    [
        ("MCD.STD", {"rating_period_start": "2026-07-01"},
         "Chosen by the rating period start, Wed 1 Jul 2026."),
        ("MA.STD.PA", {}, "Chosen by the receipt date, Mon 23 Nov 2026."),
        ("ERISA.PRE.INIT", {}, None),
    ],
)  # fmt: skip
def test_the_day_that_chose_a_version_of_a_limit_is_told(rule_id, facts, said):
    found = due(rule_id, event("received", "2026-11-23T16:30", **facts))

    chosen = {one.sentence: one.citation for one in found.derivation if "Chosen" in one.sentence}
    assert chosen == ({said: "Convention C20"} if said else {})


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (event("information_received", "2026-09-12"), "1 day after it stopped."),
        (event("information_received", "2026-10-02"), "21 days after it stopped."),
        (event("information_received", "2026-12-01"), "50 days after it stopped."),  # too late
    ],
)
def test_for_how_many_days_a_clock_was_stopped_is_told(answer, said):
    missing = {"ground": "claimant_information_missing", "needs_information": True}
    found = due(
        "ERISA.PRE.INIT",
        event("received", "2026-09-01T10:00"),
        event("extension_notice_sent", "2026-09-11", **missing),
        answer,
    )

    [resumed] = [one for one in found.derivation if one.kind is StepKind.RESUMED]
    assert resumed.sentence.endswith(said)
