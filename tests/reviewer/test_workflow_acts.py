"""Acts that move clocks: they come out as the worked examples say, or are refused with the reason.

Times are those of the examples (their ids stand beside), in the plan's zone, New York.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from policies.models import LineOfBusiness
from reviewer.clocks import EventType, Flag
from reviewer.models import Clock, ClockEvent, Event, Notice, Request, Urgency
from reviewer.workflow.acts.extensions import (
    extend_decision,
    note_extension_requested,
    withdraw_extension,
)
from reviewer.workflow.acts.missed_limits import record_missed_limits
from reviewer.workflow.acts.missing_information import send_deficiency_notice
from reviewer.workflow.acts.urgency import attest_urgency, refuse_expedite, send_refusal
from reviewer.workflow.clocks import decision_clock, recompute
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import claim_request, receive_information
from tests import factories
from tests.cast import enter_coverage

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")
MEDICARE = LineOfBusiness.MEDICARE_ADVANTAGE
SELF_FUNDED = LineOfBusiness.COMMERCIAL_SELF_FUNDED


def on(text):
    """A time of the plan's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def last_second(text):
    return on(f"{text}T23:59:59")


def received(cast, text, line=SELF_FUNDED, *, by=None, **facts):
    """A request that was received then, in the nurse's hands."""
    at = on(text)
    coverage = enter_coverage(cast.member, line, "Harbor Plan")
    request = factories.make_request(cast, coverage=coverage, received_at=at, at=at, **facts)
    claim_request(request=request, by=by or cast.nurse, at=at)
    return request


def urgent(cast, text, line=SELF_FUNDED, **facts):
    attested = {"urgency": Urgency.EXPEDITED, "urgency_attested_by": "Dr. L. Shore"}
    return received(cast, text, line, **attested, **facts)


def extend(request, by, text, **facts):
    said = {
        "ground": "claimant_information_missing",
        "needs_information": True,
        "why": "The plan of care is not there.",
        "wanted": "The plan of care of the therapist, with its goals.",
        "channel": "mail",
    }
    return extend_decision(of=request, by=by, at=on(text), **said | facts)


def extend_for_evidence(request, by, text, **facts):
    said = {
        "ground": "noncontract_provider_evidence",
        "needs_information": False,
        "why": "The surgeon outside the network has the films.",
        "wanted": "",
    }
    return extend(request, by, text, **said | facts)


def due(request):
    request.refresh_from_db()
    return request.decision_due_at


def agrees(request):
    """What is kept is what is computed anew."""
    return not recompute([request], at=on("2028-01-01T00:00"))


class TestExtending:
    def test_an_answer_starts_the_extension_days(self, cast):  # E21
        request = received(cast, "2026-09-01T10:00")
        extend(request, cast.nurse, "2026-09-11T09:00")
        assert due(request) == last_second("2026-11-15")  # if none comes: 31 Oct and 15 days

        receive_information(
            request=request, what="The plan of care.", by=cast.nurse, at=on("2026-10-02T09:00")
        )

        assert due(request) == last_second("2026-10-17")
        clock = decision_clock(request)
        assert clock.legal_max_at == last_second("2026-10-22")
        assert clock.answer["flags"] == [Flag.EXTENDED, Flag.ANSWERED]
        assert agrees(request)

    def test_the_clock_waits_for_the_answer(self, cast):
        request = received(cast, "2026-09-01T10:00")

        extend(request, cast.nurse, "2026-09-11T09:00")

        clock = decision_clock(request)
        assert clock.is_tolled(on("2026-09-20T09:00"))
        assert clock.tolled_until == last_second("2026-10-31")  # 5 days by mail and 45
        assert request.state == Request.State.INCOMPLETE

    def test_an_answer_leads_back_to_where_the_review_stood(self, cast):
        request = received(cast, "2026-09-01T10:00")
        extend(request, cast.nurse, "2026-09-11T09:00")

        receive_information(request=request, what="All.", by=cast.nurse, at=on("2026-09-12T09:00"))

        assert request.state == Request.State.IN_REVIEW

    def test_fourteen_days_follow_the_base_limit(self, cast):  # M05
        request = received(cast, "2026-11-23T16:30", MEDICARE)

        extend_for_evidence(request, cast.nurse, "2026-11-28T12:00")

        assert due(request) == last_second("2026-12-14")
        assert agrees(request)

    def test_a_limit_in_hours_keeps_the_wall_time_over_a_clock_change(self, cast):  # M12
        request = urgent(cast, "2026-10-20T09:00", MEDICARE)

        extend_for_evidence(request, cast.nurse, "2026-10-22T10:00")

        assert due(request) == on("2026-11-06T09:00")

    def test_a_promised_day_binds(self, cast):
        request = received(cast, "2026-11-23T16:30", MEDICARE)

        extend_for_evidence(request, cast.nurse, "2026-11-28T12:00", decide_by=date(2026, 12, 8))

        assert due(request) == last_second("2026-12-08")

    @pytest.mark.parametrize("promised", ["2026-11-27", "2026-12-15"])
    def test_a_day_that_is_over_or_too_late_is_not_promised(self, cast, promised):
        request = received(cast, "2026-11-23T16:30", MEDICARE)

        with pytest.raises(Refused):
            extend_for_evidence(
                request,
                cast.nurse,
                "2026-11-28T12:00",
                decide_by=date.fromisoformat(promised),
            )

        assert due(request) == last_second("2026-11-30")

    def test_medicaid_goes_by_its_rating_period(self, cast):  # D04, in New York
        request = received(
            cast,
            "2026-11-23T08:00",
            LineOfBusiness.MEDICAID,
            rating_period_start=date(2026, 1, 1),
        )

        extend_for_evidence(
            request, cast.nurse, "2026-11-27T10:00", ground="plan_needs_information"
        )

        assert due(request) == last_second("2026-12-14")

    def test_what_happened_is_on_record_with_its_letter(self, cast):
        request = received(cast, "2026-11-23T16:30", MEDICARE)

        letter = extend_for_evidence(request, cast.nurse, "2026-11-28T12:00")

        milestone = request.events.get(name=Event.Name.EXTENDED)
        assert milestone.after["sha256"] == letter.sha256
        event = ClockEvent.objects.get(type=EventType.EXTENSION_NOTICE_SENT.value)
        assert event.milestone == milestone
        assert letter.kind == Notice.Kind.EXTENSION
        assert letter.determination is None


REJECTED = [
    # id, line, received, facts, extended at, ground, words of the reason
    ("M06", MEDICARE, "2026-11-23T16:30", {}, "2026-11-28T12:00", "contract_provider_records",
     "allows only"),
    ("M17", MEDICARE, "2026-07-03T11:00", {"item_kinds": {"medicare_advantage": "part_b_drug"}},
     "2026-07-05T11:00", "noncontract_provider_evidence", "MA.PTB.STD is never extended"),
    ("late", MEDICARE, "2026-11-23T16:30", {}, "2026-12-01T00:00", "exceptional_circumstances",
     "later than the base limit"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "at", "facts", "then", "ground", "why"),
    [pytest.param(*one[1:], id=one[0]) for one in REJECTED],
)
def test_what_the_rules_reject_is_refused_with_the_reason(cast, line, at, facts, then, ground, why):
    request = received(cast, at, line, **facts)
    before = due(request)

    with pytest.raises(Refused) as refusal:
        extend_for_evidence(request, cast.nurse, then, ground=ground)

    assert why in refusal.value.sentence
    assert "decide" in refusal.value.sentence.lower()  # what can be done instead
    assert due(request) == before
    assert not Notice.objects.exists()
    assert not request.events.filter(name=Event.Name.EXTENDED).exists()


def test_there_is_one_extension(cast):
    request = received(cast, "2026-11-23T16:30", MEDICARE)
    extend_for_evidence(request, cast.nurse, "2026-11-25T12:00")

    with pytest.raises(Refused, match="extended already"):
        extend_for_evidence(request, cast.nurse, "2026-11-28T12:00")


class TestOthersAskForTime:
    def test_the_enrollee_s_asking_extends_and_giving_it_up_ends_it(self, cast):  # M07
        request = received(cast, "2026-11-23T16:30", MEDICARE)

        note_extension_requested(
            of=request, by_whom="enrollee", said="By phone.", by=cast.intake,
            at=on("2026-11-25T09:00"),
        )  # fmt: skip
        assert due(request) == last_second("2026-12-14")

        withdraw_extension(
            of=request, reason="The films came.", by=cast.nurse, at=on("2026-11-27T09:00")
        )
        assert due(request) == last_second("2026-11-30")
        assert agrees(request)

    def test_where_no_rule_lets_them_it_is_refused(self, cast):
        request = received(cast, "2026-09-01T10:00")

        with pytest.raises(Refused, match="allows only"):
            note_extension_requested(
                of=request, by_whom="enrollee", said="By phone.", by=cast.nurse,
                at=on("2026-09-02T10:00"),
            )  # fmt: skip

    def test_after_the_base_limit_a_withdrawn_extension_is_due_at_once(self, cast):  # as H493
        request = received(cast, "2026-11-23T16:30", MEDICARE)
        extend_for_evidence(request, cast.nurse, "2026-11-28T12:00")

        withdraw_extension(
            of=request, reason="Not needed.", by=cast.nurse, at=on("2026-12-02T08:00")
        )

        assert due(request) == on("2026-12-02T08:00")

    def test_without_an_extension_there_is_nothing_to_withdraw(self, cast):
        request = received(cast, "2026-11-23T16:30", MEDICARE)

        with pytest.raises(Refused, match="No extension stands"):
            withdraw_extension(of=request, reason="x", by=cast.nurse, at=on("2026-11-24T08:00"))


class TestUrgency:
    @pytest.mark.parametrize(
        ("at", "then"),
        [
            ("2026-04-08T11:00", "2026-04-11T11:00:00"),  # E29
            ("2026-04-20T20:00", "2026-04-21T23:59:59"),  # E30
        ],
    )
    def test_the_earlier_limit_counts(self, cast, at, then):
        request = received(cast, "2026-04-06T09:00")

        attest_urgency(
            of=request, attested_by="Dr. Shore", asked_by="physician", by=cast.intake, at=on(at)
        )

        assert due(request) == on(then)
        assert request.urgency == Urgency.EXPEDITED
        assert agrees(request)

    def test_what_was_done_is_not_urgent(self, cast):
        request = received(cast, "2026-04-06T09:00", review_type="retrospective")

        with pytest.raises(Refused, match="no expedited rule"):
            attest_urgency(
                of=request, attested_by="Dr. Shore", asked_by="physician", by=cast.nurse,
                at=on("2026-04-08T11:00"),
            )  # fmt: skip

    def test_refusing_leads_to_the_standard_limit_from_receipt(self, cast):  # M13
        request = urgent(cast, "2026-06-01T09:00", MEDICARE, by=cast.physician)

        refuse(request, cast.physician, "2026-06-02T09:00")

        assert due(request) == last_second("2026-06-08")
        assert request.urgency == Urgency.STANDARD
        assert agrees(request)

    def test_the_letter_about_it_is_due_three_days_after_the_call(self, cast):  # M14
        request = urgent(cast, "2026-06-01T09:00", MEDICARE, by=cast.physician)
        refuse(request, cast.physician, "2026-06-02T09:00")

        clock = Clock.objects.going().get(duty="expedite_refusal")
        assert clock.due_at == last_second("2026-06-05")
        send_refusal(of=request, channel="mail", by=cast.physician, at=on("2026-06-03T09:00"))

        clock.refresh_from_db()
        assert clock.stopped_at == on("2026-06-03T09:00")

    def test_the_call_about_a_refusal_tells_no_decision(self, cast):
        request = urgent(cast, "2026-06-01T09:00", MEDICARE, by=cast.physician)

        refuse(request, cast.physician, "2026-06-02T09:00", channel="mail")

        assert decision_clock(request).is_going
        assert {one.duty for one in Clock.objects.filter(request=request)} == {
            "decision",
            "expedite_refusal",
        }

    def test_a_physician_s_word_is_not_refused(self, cast):
        request = urgent(cast, "2026-06-01T09:00", MEDICARE, by=cast.physician)

        with pytest.raises(Refused, match="422.570"):
            refuse(request, cast.physician, "2026-06-02T09:00", asked_by="physician")

    def test_a_nurse_refuses_nothing(self, cast):
        request = urgent(cast, "2026-06-01T09:00", MEDICARE)

        with pytest.raises(Refused, match="Only a physician"):
            refuse(request, cast.nurse, "2026-06-02T09:00")


def refuse(request, by, text, **facts):
    said = {"asked_by": "enrollee", "why": "The therapy may wait a week.", "told": "Called at 9."}
    return refuse_expedite(of=request, by=by, at=on(text), **said | facts)


class TestMissingInformation:
    def test_the_limit_waits_for_the_answer(self, cast):  # H649, in New York
        request = urgent(cast, "2027-07-21T08:10")

        tell_missing(request, cast.nurse, "2027-07-21T12:10", "2027-07-23T12:10")

        assert due(request) == on("2027-07-25T12:10")
        assert request.decision_rule == "ERISA.URG.INC"
        assert request.state == Request.State.INCOMPLETE
        assert agrees(request)

    def test_a_shorter_time_to_answer_is_forty_eight_hours(self, cast):
        request = urgent(cast, "2027-07-21T08:10")

        letter = tell_missing(request, cast.nurse, "2027-07-21T12:10", "2027-07-22T12:10")

        assert due(request) == on("2027-07-25T12:10")
        assert "July 23, 2027, 12:10 PM" in letter.body.replace("p.m.", "PM")

    def test_after_a_day_it_is_too_late(self, cast):
        request = urgent(cast, "2027-07-21T08:10")

        with pytest.raises(Refused, match="after its limit") as refusal:
            tell_missing(request, cast.nurse, "2027-07-22T08:11", "2027-07-25T12:10")

        assert "stops no clock" in refusal.value.sentence

    def test_a_standard_request_is_extended_instead(self, cast):
        request = received(cast, "2027-07-21T08:10")

        with pytest.raises(Refused, match="extend the decision"):
            tell_missing(request, cast.nurse, "2027-07-21T12:10", "2027-07-25T12:10")


def tell_missing(request, by, text, respond_by):
    return send_deficiency_notice(
        request=request,
        wanted="The operative report.",
        respond_by=on(respond_by),
        channel="phone",
        by=by,
        at=on(text),
    )


class TestWho:
    def test_whoever_has_it_not_in_hand_extends_nothing(self, cast):
        request = received(cast, "2026-11-23T16:30", MEDICARE)

        with pytest.raises(Refused, match="assigned to"):
            extend_for_evidence(request, cast.physician, "2026-11-28T12:00")
        with pytest.raises(Refused, match="Only a"):
            extend_for_evidence(request, cast.intake, "2026-11-28T12:00")

    @pytest.mark.parametrize("role", ["supervisor", "auditor", "policy_editor"])
    def test_who_does_not_review_attests_nothing(self, cast, role):
        request = received(cast, "2026-04-06T09:00")
        person = getattr(cast, role)
        if role == "supervisor":  # enters requests, and so hears of urgency
            attest_urgency(
                of=request, attested_by="Dr. Shore", asked_by="physician", by=person,
                at=on("2026-04-08T11:00"),
            )  # fmt: skip
            return
        with pytest.raises(Refused):
            attest_urgency(
                of=request, attested_by="Dr. Shore", asked_by="physician", by=person,
                at=on("2026-04-08T11:00"),
            )  # fmt: skip


class TestMissedLimits:
    def test_a_missed_limit_opens_the_notice_of_the_same_day(self, cast):  # D08, in New York
        received(
            cast, "2026-11-23T08:00", LineOfBusiness.MEDICAID, rating_period_start=date(2026, 1, 1)
        )
        assert record_missed_limits(at=on("2026-11-30T23:59:59")) == 0

        assert record_missed_limits(at=on("2026-12-01T00:00:00")) == 1

        event = ClockEvent.objects.get(type=EventType.LIMIT_EXPIRED.value)
        assert event.at == last_second("2026-11-30")
        clock = Clock.objects.going().get(duty="deemed_denial")
        assert clock.due_at == last_second("2026-11-30")
        assert clock.applied_rule_id == "MCD.MISS"

    def test_recording_it_again_changes_nothing(self, cast):
        received(cast, "2026-11-23T16:30", MEDICARE)

        counted = [record_missed_limits(at=on("2026-12-05T08:00")) for _ in range(2)]

        assert counted == [1, 0]
        assert ClockEvent.objects.filter(type=EventType.LIMIT_EXPIRED.value).count() == 1

    def test_nothing_is_decided_by_it(self, cast):
        request = received(cast, "2026-11-23T16:30", MEDICARE)

        record_missed_limits(at=on("2026-12-05T08:00"))

        request.refresh_from_db()
        assert request.state == Request.State.IN_REVIEW
        assert not request.determinations.exists()
        assert decision_clock(request).is_going
        assert "Nothing was decided." in request.events.get(name="limit_expired").sentence

    def test_a_stopped_clock_misses_nothing_while_it_waits(self, cast):
        request = received(cast, "2026-09-01T10:00")
        extend(request, cast.nurse, "2026-09-11T09:00")

        assert record_missed_limits(at=on("2026-10-20T09:00")) == 0
