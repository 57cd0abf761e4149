"""Which limit a request and an appeal have and what moves it: expectations from the regulations
by citation.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from policies.models import LineOfBusiness
from reviewer.clocks import EventType
from reviewer.models import Clock, Coverage, Outcome
from reviewer.workflow.appeals import withdraw_appeal
from reviewer.workflow.clocks import computed, decision_clock, events_of, note
from reviewer.workflow.determinations import correct_determination, sign_determination
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import (
    claim_request,
    mark_no_authorization_required,
    receive_information,
    reopen_request,
    request_information,
    withdraw_request,
)
from tests import factories

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 17, tzinfo=UTC)  # a Monday, 12:00 in New York
NEW_YORK = ZoneInfo("America/New_York")
LATER = datetime(2026, 12, 24, tzinfo=UTC)


def local(at):
    return f"{at.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S}"


def asked(cast, line_of_business=LineOfBusiness.COMMERCIAL_INSURED, state="PA", **facts):
    """A request under a line of business in a state, received at NOON."""
    coverage = Coverage.objects.create(
        member=cast.member,
        line_of_business=line_of_business,
        plan="Harbor",
        jurisdiction=state,
        starts_on=date(2024, 1, 1),
    )
    said = {"received_at": NOON, "at": NOON, "coverage": coverage} | facts
    if said.get("urgency") == "expedited":
        said["urgency_attested_by"] = "Dr. L. Shore"
    return factories.make_request(cast, **said)


def clock_of(request, duty="decision", **facts):
    return Clock.objects.get(request=request, duty=duty, **facts)


REQUESTS = [
    ("commercial_insured", "prospective", "standard", "ERISA.PRE.INIT", "2026-11-17 23:59:59"),
    ("commercial_self_funded", "prospective", "expedited", "ERISA.URG.INIT", "2026-11-05 12:00:00"),
    ("marketplace", "prospective", "standard", "ERISA.PRE.INIT", "2026-11-17 23:59:59"),
    ("commercial_insured", "retrospective", "standard", "ERISA.POST.INIT", "2026-12-02 23:59:59"),
    ("commercial_insured", "concurrent", "standard", "ERISA.CON.EXT.NONURG", "2026-11-17 23:59:59"),
    ("medicare_advantage", "prospective", "standard", "MA.STD.PA", "2026-11-09 23:59:59"),
    ("medicare_advantage", "concurrent", "expedited", "MA.EXP", "2026-11-05 12:00:00"),
    ("integrated_dsnp", "prospective", "standard", "AIP.DET.PA", "2026-11-09 23:59:59"),
    ("medicaid", "prospective", "standard", "MCD.STD", "2026-11-09 23:59:59"),
    ("medicaid", "prospective", "expedited", "MCD.EXP", "2026-11-05 12:00:00"),
]


@pytest.mark.parametrize(("line", "review_type", "urgency", "rule", "due"), REQUESTS)
def test_request_is_due_by_the_rule_of_its_coverage(cast, line, review_type, urgency, rule, due):
    request = asked(cast, line, review_type=review_type, urgency=urgency)

    clock = clock_of(request)

    assert (clock.rule_id, clock.applied_rule_id, clock.rule_row.key) == (rule, rule, rule)
    assert local(clock.due_at) == due
    assert (request.decision_due_at, request.decision_rule) == (clock.due_at, rule)
    assert request.decision_citation == clock.citation
    assert clock.rule_row.version == 1
    assert clock.answer["derivation"]


@pytest.mark.parametrize(
    ("hours", "rule", "due"),
    [(30, "ERISA.CON.EXT.URG", "2026-11-03 12:00:00"),
     (20, "ERISA.CON.EXT.URG.LATE", "2026-11-05 12:00:00")],
)  # fmt: skip
def test_urgent_extension_of_a_course_goes_by_the_end_of_the_course(cast, hours, rule, due):
    # 29 CFR 2560.503-1(f)(2)(ii)(B): asked for 24 hours before the end or earlier, 24 hours
    request = asked(
        cast,
        review_type="concurrent",
        urgency="expedited",
        course_ends_at=NOON + timedelta(hours=hours),
    )

    assert (clock_of(request).rule_id, local(request.decision_due_at)) == (rule, due)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"review_type": "concurrent", "urgency": "expedited"}, "Say when the approved course"),
        ({"review_type": "retrospective", "urgency": "expedited"}, r"2560\.503-1\(m\)\(1\)"),
        (
            {"line_of_business": "medicare_advantage", "review_type": "retrospective"},
            "Say what kind of item it is.*Payment of a clean claim",
        ),
        (
            {"line_of_business": "integrated_dsnp", "review_type": "retrospective"},
            "Integrated.*retrospective",
        ),
        (
            {"state": "NY", "item_kinds": {"new_york": "inpatient_substance_use"}},
            "The rules of New York have no limit for “Inpatient treatment of substance use”",
        ),
        (
            {"item_kinds": {"new_york": "service"}},
            "The rules of New York do not count for this coverage",
        ),
    ],
)
def test_a_combination_without_a_limit_is_refused_with_what_is_missing(cast, facts, said):
    with pytest.raises(Refused, match=said):
        asked(cast, **facts)

    assert not Clock.objects.exists()


def test_a_retrospective_request_to_extend_a_course_goes_by_the_rule_for_courses(cast):
    # 29 CFR 2560.503-1(f)(2)(ii)(B), (iii)(B): decided as a post-service claim
    request = asked(cast, review_type="retrospective", course_ends_at=NOON - timedelta(days=3))

    assert clock_of(request).rule_id == "ERISA.CON.EXT.NONURG.POST"


def test_the_kind_of_item_is_said_where_the_rules_ask_for_it(cast):
    kinds = {"medicare_advantage": "payment_other"}

    request = asked(cast, "medicare_advantage", review_type="retrospective", item_kinds=kinds)

    assert request.decision_rule == "MA.PAY.OTHER"  # 42 CFR 422.520(a)(3): 60 days
    assert local(request.decision_due_at) == "2027-01-01 23:59:59"


def test_medicaid_goes_by_the_rating_period_of_the_year_unless_it_is_said(cast):
    # 42 CFR 438.210(d)(1)(ii): 7 days from the rating period that starts on 1 January 2026
    of_the_year = asked(cast, "medicaid")
    before = asked(cast, "medicaid", rating_period_start=date(2025, 7, 1))

    assert of_the_year.rating_period_start == date(2026, 1, 1)
    assert local(of_the_year.decision_due_at) == "2026-11-09 23:59:59"
    assert before.decision_rule == "MCD.STD.OLD"
    assert local(before.decision_due_at) == "2026-11-16 23:59:59"


def test_a_state_s_rule_binds_from_the_day_on_which_everything_is_in_hand(cast):
    # N.Y. Ins. Law 4903(b)(1): three business days after all necessary information
    request = asked(cast, state="NY")
    waiting = clock_of(request)
    claim_request(request=request, by=cast.nurse, at=NOON)
    receive_information(
        request=request,
        what="The plan of care.",
        is_complete=True,
        by=cast.nurse,
        at=NOON + timedelta(days=1),
    )

    binding = clock_of(request)

    assert waiting.applied_rule_id == "ERISA.PRE.INIT"
    assert waiting.answer["by_rule"]["NY.PRE"] is None
    assert (binding.rule_id, binding.applied_rule_id) == ("ERISA.PRE.INIT", "NY.PRE")
    assert local(binding.due_at) == "2026-11-06 23:59:59"
    assert set(binding.answer["by_rule"]) == {"ERISA.PRE.INIT", "NY.PRE"}
    request.refresh_from_db()
    assert request.decision_rule == "NY.PRE"


def test_a_request_that_is_complete_when_it_is_entered_is_bound_at_once(cast):
    request = asked(cast, state="CA", information_complete_at=NOON)

    assert request.decision_rule == "CA.STD"  # 5 business days, 1367.01(h)(1)
    assert local(request.decision_due_at) == "2026-11-09 23:59:59"


def test_a_plan_that_funds_itself_is_bound_by_no_state(cast):
    request = asked(cast, "commercial_self_funded", state="NY", information_complete_at=NOON)

    assert request.decision_rule == "ERISA.PRE.INIT"
    assert [one["rule_id"] for one in clock_of(request).others] == []


def extended(request, by, **facts):
    said = {"ground": "claimant_information_missing", "needs_information": True} | facts
    return note(
        request=request,
        type=EventType.EXTENSION_NOTICE_SENT,
        at=NOON + timedelta(days=8),
        by=by,
        **said,
    )


def test_the_law_stops_the_clock_until_the_claimant_answers(cast):
    # 29 CFR 2560.503-1(f)(4); 45 days to answer from receipt, presumed 5 days after mailing
    request = asked(cast)
    extended(request, cast.nurse)

    clock = clock_of(request)
    sent = NOON + timedelta(days=8)

    assert local(clock.tolled_until) == "2026-12-30 23:59:59"
    assert clock.is_tolled(sent)
    assert clock.due(sent) is None
    assert computed(clock, as_of=sent).due_at is None
    assert computed(clock, as_of=sent).tolled_until == clock.tolled_until
    # without an answer it goes on by itself: 15 days after the period ends
    assert local(clock.due_at) == "2027-01-14 23:59:59"
    assert clock.due(clock.tolled_until + timedelta(seconds=1)) == clock.due_at
    request.refresh_from_db()
    assert (request.decision_due_at, request.decision_tolled_until) == (
        clock.due_at,
        clock.tolled_until,
    )


def test_an_answer_sets_the_clock_going_again(cast):
    request = asked(cast)
    extended(request, cast.nurse)
    claim_request(request=request, by=cast.nurse, at=NOON)
    answered = NOON + timedelta(days=20)
    receive_information(request=request, what="Some of it.", by=cast.nurse, at=answered)

    clock = clock_of(request)

    assert clock.tolled_until is None
    assert local(clock.due_at) == "2026-12-07 23:59:59"  # 15 days after 22 November
    assert "tolled_until_response" in clock.answer["flags"]


def test_a_plain_request_for_information_stops_no_clock(cast):
    request = asked(cast)
    claim_request(request=request, by=cast.nurse, at=NOON)

    request_information(request=request, wanted="The plan of care.", by=cast.nurse, at=NOON)

    assert clock_of(request).due_at == request.decision_due_at
    assert "information_request_does_not_toll" in clock_of(request).answer["flags"]


def test_an_urgent_request_that_lacks_information_opens_the_duty_to_say_so(cast):
    request = asked(cast, urgency="expedited")
    claim_request(request=request, by=cast.nurse, at=NOON)
    request_information(request=request, wanted="The plan of care.", by=cast.nurse, at=NOON)

    duty = clock_of(request, "deficiency_notice")

    # 29 CFR 2560.503-1(f)(2)(i): 24 hours from receipt
    assert (duty.rule_id, local(duty.due_at)) == ("ERISA.URG.DEF", "2026-11-03 12:00:00")


def test_what_cannot_be_read_is_refused_before_it_is_kept(cast):
    request = asked(cast)

    with pytest.raises(Refused, match="cannot be read"):
        extended(request, cast.nurse, respond_by="next week")

    assert [one.type for one in events_of(request)] == [EventType.RECEIVED]


# -- stopping ----------------------------------------------------------------------------------


def test_the_decision_s_clock_stops_with_the_last_line(cast):
    lines = [factories.line(), factories.line("97546")]
    request = factories.make_claimed(cast, lines=lines)
    first, second = request.lines.all()

    def approve(line):
        return sign_determination(
            line=line, decision=factories.approval(line), by=cast.nurse, at=factories.now()
        )

    approve(first)
    assert clock_of(request).is_going
    determination = approve(second)

    clock = clock_of(request)
    assert clock.stopped_at == determination.signed_at
    assert clock.stopped_by.type == EventType.DETERMINATION_MADE
    assert clock.stopped_by.determination == determination


def test_a_determination_opens_the_notices_of_the_decision(cast):
    determination = factories.make_approved(cast)
    request = determination.request
    decision = clock_of(request)
    told = Clock.objects.filter(determination=determination)

    assert {(one.duty, one.recipient) for one in told} >= {
        ("notice_member", "member"),
        ("notice_provider", "provider"),
    }
    assert {one.due_at for one in told.filter(duty__startswith="notice_")} == {decision.due_at}

    factories.make_notice(cast, determination)

    member = clock_of(request, "notice_member")
    assert member.stopped_by.type == EventType.DECISION_NOTICE_SENT
    assert clock_of(request, "notice_provider").is_going


def test_word_by_phone_fulfils_the_notice_only_where_the_rule_allows_it(cast):
    # 29 CFR 2560.503-1(g)(2): orally for urgent care, written within 3 days
    standard = factories.make_approved(cast)
    urgent = factories.make_denied_urgent(cast)

    factories.make_notice(cast, standard, channel="phone")
    factories.make_notice(cast, urgent, channel="phone")

    assert clock_of(standard.request, "notice_member").is_going
    assert not clock_of(urgent.request, "notice_member").is_going
    written = clock_of(urgent.request, "written_after_oral_member")
    assert (written.rule_id, written.is_going) == ("ERISA.URG.ORALCONF", True)

    factories.make_notice(cast, urgent)

    written.refresh_from_db()
    assert written.stopped_by.type == EventType.WRITTEN_NOTICE_SENT


def test_a_corrected_determination_takes_the_notices_over(cast):
    determination = factories.make_approved(cast)
    factories.make_notice(cast, determination)
    corrected = correct_determination(
        determination=determination,
        decision=factories.approval(determination.line),
        reason="The rationale named another plan of care.",
        by=cast.nurse,
        at=factories.now(),
    )

    old = Clock.objects.get(determination=determination, duty="notice_provider")
    new = Clock.objects.filter(determination=corrected)

    assert (old.ended, old.ended_by.name) == (Clock.End.REPLACED, "determined")
    # the member had been told in time; telling them again has no limit of its own
    assert [one.duty for one in new if one.duty.startswith("notice_")] == ["notice_provider"]
    assert clock_of(determination.request).stopped_by.determination == determination


@pytest.mark.parametrize(
    ("verb", "why"),
    [(withdraw_request, "withdrawn"), (mark_no_authorization_required, "not_required")],
)
def test_a_request_that_ends_undecided_ends_its_clock_by_the_milestone(cast, verb, why):
    request = factories.make_claimed(cast)

    verb(request=request, reason="The physician called.", by=cast.nurse, at=factories.now())

    clock = clock_of(request)
    assert (clock.ended, clock.stopped_at) == (why, None)
    assert clock.ended_by == request.events.last()


def test_a_withdrawn_request_that_is_reopened_is_received_anew(cast):
    request = factories.make_claimed(cast, received_at=factories.now() - timedelta(days=3))
    withdraw_request(request=request, reason="A mistake.", by=cast.nurse, at=factories.now())
    at = factories.now()

    reopen_request(request=request, reason="It was not.", by=cast.supervisor, at=at)

    old, new = Clock.objects.filter(request=request, duty="decision").order_by("pk")
    assert old.ended == Clock.End.WITHDRAWN
    assert new.is_going
    assert new.due_at - old.due_at == timedelta(days=3)
    assert decision_clock(request) == new
    request.refresh_from_db()
    assert request.decision_due_at == new.due_at


def test_what_was_before_the_new_receipt_moves_nothing_any_more(cast):
    at = factories.now()
    request = factories.make_claimed(cast, received_at=at - timedelta(days=3))
    note(
        request=request,
        type=EventType.EXTENSION_NOTICE_SENT,
        at=at - timedelta(days=1),
        by=cast.nurse,
        ground="claimant_information_missing",
        needs_information=True,
    )
    withdraw_request(request=request, reason="A mistake.", by=cast.nurse, at=at)
    reopen_request(request=request, reason="It was not.", by=cast.supervisor, at=at)
    claim_request(request=request, by=cast.nurse, at=at)
    line = request.lines.get()
    sign_determination(line=line, decision=factories.approval(line), by=cast.nurse, at=at)

    clock = decision_clock(request)

    assert clock.answer["flags"] == []
    assert clock_of(request, "notice_member").due_at == clock.due_at
    last = (at.astimezone(NEW_YORK) + timedelta(days=15)).date()
    assert local(clock.due_at) == f"{last} 23:59:59"  # 29 CFR 2560.503-1(f)(2)(iii)(A)


def test_a_decided_request_that_is_reopened_keeps_its_clock_and_has_no_limit(cast):
    request = factories.make_approved(cast).request

    reopen_request(request=request, reason="A new record.", by=cast.supervisor, at=factories.now())

    assert not clock_of(request).is_going
    request.refresh_from_db()
    assert request.decision_due_at is None


# -- appeals -----------------------------------------------------------------------------------

APPEALS = [
    ("commercial_insured", "standard", "ERISA.APP.PRE.1", timedelta(days=30)),
    ("commercial_insured", "expedited", "ERISA.APP.URG", timedelta(hours=72)),
    ("medicare_advantage", "standard", "MA.REC.STD", timedelta(days=30)),
    ("medicare_advantage", "expedited", "MA.REC.EXP", timedelta(hours=72)),
    ("integrated_dsnp", "standard", "AIP.REC.STD", timedelta(days=30)),
    ("medicaid", "standard", "MCD.APP.STD", timedelta(days=30)),
    ("medicaid", "expedited", "MCD.APP.EXP", timedelta(hours=72)),
]


@pytest.mark.parametrize(("line", "urgency", "rule", "due"), APPEALS)
def test_appeal_is_due_by_the_rule_of_its_coverage(cast, line, urgency, rule, due):
    coverage = asked(cast, line).coverage
    claimed = factories.make_claimed(cast, coverage=coverage)
    denied = factories.make_denied(cast, request=claimed)

    appeal = factories.make_appeal(cast, denied, urgency=urgency)

    clock = Clock.objects.get(appeal=appeal, duty="appeal_decision")
    assert (appeal.decision_rule, clock.rule_id) == (rule, rule)
    assert appeal.decision_due_at == clock.due_at
    if due.days < 30:
        assert clock.due_at == appeal.received_at + due
    else:
        last = (appeal.received_at.astimezone(NEW_YORK) + due).date()
        assert local(clock.due_at) == f"{last} 23:59:59"


def test_a_plan_with_two_levels_has_half_the_time_for_each(cast):
    appeal = factories.make_appeal(cast, plan_levels=2)

    assert appeal.decision_rule == "ERISA.APP.PRE.2"  # 29 CFR 2560.503-1(i)(2)(ii): 15 days


def test_an_overturned_appeal_stops_its_clock_and_opens_the_notices(cast):
    decision = factories.make_appeal_decision(cast)
    made = decision.determinations.get()

    clock = Clock.objects.get(appeal=decision.appeal, duty="appeal_decision")
    told = Clock.objects.filter(appeal=decision.appeal, determination=made)

    assert clock.stopped_by.determination == made
    assert {one.duty for one in told} == {"appeal_notice_member", "appeal_notice_provider"}
    assert not Clock.objects.going().filter(determination=decision.determination).exists()

    factories.make_appeal_notice(cast, decision.appeal)
    assert not told.get(duty="appeal_notice_member").is_going


def test_a_withdrawn_appeal_ends_its_clock_alone(cast):
    appeal = factories.make_appeal(cast)

    withdraw_appeal(
        appeal=appeal, reason="Settled.", by=cast.appeals_coordinator, at=factories.now()
    )

    clock = Clock.objects.get(appeal=appeal, duty="appeal_decision")
    assert (clock.ended, clock.ended_by.name) == (Clock.End.WITHDRAWN, "appeal_withdrawn")
    assert clock_of(appeal.request, "notice_member").is_going


def test_the_capsule_says_by_which_rule_the_decision_was_due(cast):
    import json

    determination = factories.make_approved(cast)
    clock = clock_of(determination.request)

    told = json.loads(determination.capsule)["clock"]

    assert determination.outcome == Outcome.APPROVED
    assert (told["rule"], told["rule_version"]) == ("ERISA.PRE.INIT", 1)
    assert told["book_version"] == clock.book_version
    assert told["citation"] == "29 CFR 2560.503-1(f)(2)(iii)(A)"
    assert datetime.fromisoformat(told["due_at"]) == clock.due_at
    assert told["derivation"] == clock.answer["derivation"]
