"""The notice of an appeal's decision: what it tells, to whom, once, and which clocks it stops."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from itertools import product

import pytest
from django.core.management import call_command

from policies.models import LineOfBusiness
from reviewer.clocks import EventType
from reviewer.models import AppealDecision, Clock, ClockEvent, Event, Notice, Request
from reviewer.workflow.acts.oral_notices import give_oral_notice
from reviewer.workflow.acts.recording import record_event
from reviewer.workflow.appeal_notices import (
    compose_appeal_notice,
    lacks_of,
    send_appeal_notice,
    tell_appeal_by_phone,
)
from reviewer.workflow.appeal_rights import NEXT_RIGHTS
from reviewer.workflow.appeals import assign_appeal, withdraw_appeal
from reviewer.workflow.determinations import sign_determination
from reviewer.workflow.errors import Refused
from reviewer.workflow.told import decisions_not_told, not_told, whom_to_tell
from tests import factories
from tests.cast import enter_coverage, enter_physician
from tests.reviewer.test_recompute_clocks import changed_rule

pytestmark = pytest.mark.django_db
NOTICES = ("appeal_notice_member", "appeal_notice_provider")


def letter(decision, recipient="member"):
    return compose_appeal_notice(appeal=decision.appeal, recipient=recipient)


def send(cast, decision, recipient="member", **facts):
    return factories.make_appeal_notice(cast, decision.appeal, recipient=recipient, **facts)


def partly(cast, appeal=None):
    """The appeal is granted for ten of twenty units."""
    appeal = appeal or factories.make_assigned_appeal(cast)
    asked, version = appeal.determination.line, appeal.determination.version
    some = replace(
        factories.denial(version),
        outcome="partially_approved",
        units_granted=10,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        rationale_plain="Ten units are enough to learn it.",
    )
    outcome = AppealDecision.Outcome.PARTLY_OVERTURNED
    return factories.make_appeal_decision(cast, appeal, outcome=outcome, new_decision=some)


def decided(cast, outcome, appeal=None):
    if outcome == "overturned":
        return factories.make_appeal_decision(cast, appeal)
    if outcome == "partly_overturned":
        return partly(cast, appeal)
    return factories.make_upheld(cast, appeal, outcome=outcome)


def of_business(decision, line_of_business, **facts):
    """The same decision as if the coverage were another; only what the letter reads is changed."""
    request = decision.appeal.request
    request.coverage = enter_coverage(request.member, line_of_business, "Harbor")
    request.line_of_business = line_of_business
    for name, value in facts.items():
        setattr(decision.appeal, name, value)
    return decision


def appealed(cast, decision):
    """An appeal of what the physician decides otherwise than on medical necessity."""
    line = factories.make_claimed(cast, by=cast.physician).lines.get()
    decision = replace(decision, reason=factories.reason("B02"))
    signed = sign_determination(line=line, decision=decision, by=cast.physician, at=factories.now())
    return factories.make_assigned_appeal(cast, signed)


def clocks(decision, *duties):
    found = Clock.objects.filter(appeal=decision.appeal, duty__in=duties or NOTICES)
    return {one.duty: one for one in found}


def differences():
    out = StringIO()
    call_command("recompute_clocks", stdout=out)
    return out.getvalue().splitlines()[-1]


EVERY_OUTCOME = pytest.mark.parametrize("outcome", list(AppealDecision.Outcome))


# What the letter tells.


@EVERY_OUTCOME
def test_letter_tells_what_29_cfr_2560_503_1_j_asks_for_where_not_all_is_granted(cast, outcome):
    decision = decided(cast, outcome)
    said = letter(decision)

    assert decision.rationale_plain in said  # (j)(1)
    if outcome == AppealDecision.Outcome.OVERTURNED:
        assert "section 502(a)" not in said
        return
    assert "free on request" in said  # (j)(3), (5)(i)
    assert "civil action under section 502(a) of ERISA" in said  # (j)(4)(i)
    assert (  # (j)(5)(iii), word for word
        "You and your plan may have other voluntary alternative dispute resolution options, such as"
        " mediation. One way to find out what may be available is to contact your local U.S."
        " Department of Labor Office and your State insurance regulatory agency."
    ) in said
    if outcome != AppealDecision.Outcome.DISMISSED:
        assert "Policy 0298, " in said  # (j)(2)
        assert '"Work hardening and work conditioning programs"' in said
        assert "How this was judged for you" in said  # (j)(5)(ii)


def test_letter_tells_what_45_cfr_147_136_adds_for_a_final_decision(cast):
    decision = factories.make_upheld(cast)
    said = letter(decision)

    assert "Reason: M01, A criterion of the policy is not met" in said  # (b)(2)(ii)(E)(3)
    assert decision.substance in said  # a discussion of the decision
    assert "Bridge Street Therapy" in said  # (E)(1)
    assert "So are the diagnosis and service codes with their meaning" in said
    assert "external review by an independent organization, within 4 months after" in said
    assert "consumer assistance program" in said  # (E)(5)
    assert "in another language" in said  # (e)(2)
    assert "decides within 72 hours" in said  # (d)(3)(iv)


@EVERY_OUTCOME
def test_letter_says_how_it_was_decided_and_by_whom(cast, outcome):
    said = letter(decided(cast, outcome))

    assert {
        "upheld": "We looked again at our decision of",
        "overturned": "We changed our first decision. We approved this service as it was asked for",
        "partly_overturned": "We changed our first decision in part. We approved part of what was",
        "dismissed": "We dismissed this appeal. We did not look again",
    }[outcome] in said
    assert "by Samuel Adeyemi, MD" in said
    assert "who had no part in the first decision and works under nobody who had" in said


def test_overturned_appeal_tells_the_number_the_units_and_the_days(cast):
    decision = factories.make_appeal_decision(cast)
    said = letter(decision)

    assert f"Authorization number: {decision.left_in_force.authorization_number}" in said
    assert "Units: 20" in said
    assert "WHAT YOU MAY DO" not in said


def test_partly_overturned_appeal_tells_why_the_rest_is_not_approved(cast):
    said = letter(partly(cast))

    assert "Units approved: 10 of 20" in said
    assert "About the part that we did not approve: Ten units are enough to learn it." in said


@pytest.mark.parametrize(
    ("line_of_business", "rights"),
    [
        ("commercial_insured", ["last appeal to the plan", "within 4 months", "section 502(a)"]),
        ("commercial_self_funded", ["last appeal to the plan", "within 4 months", "502(a)"]),
        ("marketplace", ["the one appeal to us", "within 4 months"]),
        (
            "medicare_advantage",
            [
                "You need not do anything",
                "the law has us send your case to an independent organization",  # 422.590(a)(2)
                "decides within 30 calendar days",
                "hearing before an administrative law judge",
            ],
        ),
        (
            "integrated_dsnp",
            [
                "we send your case by ourselves to an independent organization",
                "State fair hearing, within 90 calendar days from the date of this notice",
                "within 10 calendar days after we sent this notice",  # 422.632
            ],
        ),
        (
            "medicaid",
            [
                "within 90 calendar days from the date of this notice",  # 438.408(e)(2)(i), (f)(2)
                "within 10 calendar days after we sent this notice",  # (e)(2)(ii), 438.420
                "you may have to pay for the service that you kept",  # (e)(2)(iii)
            ],
        ),
    ],
)
@pytest.mark.parametrize("outcome", ["upheld", "partly_overturned"])
def test_each_coverage_has_its_own_next_level(cast, line_of_business, rights, outcome):
    said = letter(of_business(decided(cast, outcome), line_of_business))

    for right in rights:
        assert right in said


def test_an_appeal_that_is_wholly_granted_has_no_next_level(cast):
    decision = factories.make_appeal_decision(cast)
    for line_of_business in LineOfBusiness:
        said = letter(of_business(decision, line_of_business))

        for right in ("State fair hearing", "independent organization", "external review", "HELP"):
            assert right not in said


@pytest.mark.parametrize(
    ("line_of_business", "right"),
    [
        ("commercial_insured", "you may also appeal anew"),
        ("commercial_self_funded", "you may also appeal anew"),
        ("marketplace", "you may also appeal anew"),
        ("medicare_advantage", "within 65 calendar days of the date of this notice"),
        ("integrated_dsnp", "State fair hearing about the dismissal, within 90 calendar days"),
        ("medicaid", "State fair hearing"),
    ],
)
def test_a_dismissed_appeal_tells_what_can_be_done_about_that(cast, line_of_business, right):
    said = letter(of_business(decided(cast, "dismissed"), line_of_business))

    assert right in said
    assert "We looked again" not in said


def test_medicare_tells_of_taking_a_dismissal_back_within_6_months(cast):  # 422.582(h)
    said = letter(of_business(decided(cast, "dismissed"), "medicare_advantage"))

    assert "take the dismissal back. Ask within 6 months" in said


@pytest.mark.parametrize(
    ("urgency", "kind", "period"),
    [
        ("standard", "item_or_service", "30 calendar days"),
        ("expedited", "item_or_service", "72 hours"),
        ("standard", "payment", "60 calendar days"),
        ("standard", "part_b_drug", "7 calendar days"),
        ("expedited", "part_b_drug", "72 hours"),
    ],
)
def test_medicare_says_how_long_the_independent_organization_has(cast, urgency, kind, period):
    kinds = {"medicare_advantage": kind}
    decision = of_business(
        factories.make_upheld(cast), "medicare_advantage", urgency=urgency, item_kinds=kinds
    )

    assert f"decides within {period} after" in letter(decision)
    within_a_day = "We send it within 24 hours after our decision" in letter(decision)
    assert within_a_day == (urgency == "expedited")  # 422.590(e)(5)


def test_a_plan_with_two_levels_tells_of_the_second(cast):
    decision = factories.make_upheld(cast)
    decision.appeal.plan_levels = 2
    said = letter(decision)

    assert "second level of appeal. You may ask for it within 180 calendar days" in said
    assert "This was the last appeal" not in said

    decision.appeal.level = 2
    assert "This was the last appeal to the plan" in letter(decision)


def test_a_decision_by_the_terms_of_the_plan_says_what_external_review_is_for(cast):
    excluded = factories.denial(factories.make_version(cast), ground="benefit_exclusion")
    decision = factories.make_upheld(cast, appealed(cast, excluded))
    said = letter(decision)

    assert "this one rests on the terms of your plan" in said
    assert "How this was judged" not in said


def test_periods_are_told_as_the_rules_have_them(cast):
    decision = of_business(factories.make_upheld(cast), "medicaid")

    changed_rule(cast, "MCD.SFH.FILE", number="120")

    assert "within 120 calendar days from the date of this notice" in letter(decision)


def test_every_line_of_business_has_rights_after_an_appeal():
    assert set(NEXT_RIGHTS) == set(LineOfBusiness)


@EVERY_OUTCOME
def test_no_letter_has_gaps_or_marks_of_its_template(cast, outcome):
    decision = decided(cast, outcome)
    for line_of_business, recipient in product(LineOfBusiness, Notice.Recipient.values):
        said = letter(of_business(decision, line_of_business), recipient)

        for mark in ("\n\n\n", "{", "}", "&#", "None", " ."):
            assert mark not in said, (line_of_business, recipient, mark)


def test_words_are_not_escaped(cast):
    decision = factories.make_upheld(cast, rationale_plain="Pain < 3 & Ada's goals")

    assert "Pain < 3 & Ada's goals" in letter(decision)


def test_provider_is_told_the_clinical_reason(cast):
    decision = factories.make_appeal_decision(cast)

    assert "Dear Lakeside Clinic," in letter(decision, "provider")
    assert f"For the clinician: {decision.rationale_clinical}" in letter(decision, "provider")
    assert "For the clinician" not in letter(decision)


# Sending.


@EVERY_OUTCOME
def test_notice_is_kept_as_the_exact_bytes_with_its_milestone(cast, outcome):
    decision = decided(cast, outcome)
    expected = letter(decision)

    notice = send(cast, decision, channel="fax")

    notice.refresh_from_db()
    assert notice.body == expected
    assert notice.sha256 == hashlib.sha256(expected.encode()).hexdigest()
    assert (notice.appeal, notice.channel) == (decision.appeal, "fax")
    milestone = notice.request.events.last()
    assert milestone.name == Event.Name.NOTICE_SENT
    assert milestone.sentence == f"Appeal {decision.appeal}: the member was told by fax."
    assert milestone.after["sha256"] == notice.sha256


@pytest.mark.parametrize("outcome", ["upheld", "partly_overturned", "overturned"])
def test_each_notice_stops_the_clock_of_telling_that_person_alone(cast, outcome):
    decision = decided(cast, outcome)
    assert [one.is_going for one in clocks(decision).values()] == [True, True]

    notice = send(cast, decision)

    member, provider = (clocks(decision)[duty] for duty in NOTICES)
    assert (member.stopped_at, provider.stopped_at) == (notice.sent_at, None)
    evidence = member.stopped_by
    assert (evidence.type, evidence.recipient) == ("decision_notice_sent", "member")
    assert evidence.milestone.after["notice"] == notice.pk

    send(cast, decision, "provider")
    assert clocks(decision)["appeal_notice_provider"].stopped_at is not None
    assert differences() == "1 requests, 0 clocks differ."


@pytest.mark.parametrize("outcome", ["upheld", "overturned"])
def test_clocks_go_on_until_the_notice_is_sent(cast, outcome):
    decision = decided(cast, outcome)

    with pytest.raises(Refused):
        send(cast, decision, channel="pigeon")

    assert [one.is_going for one in clocks(decision).values()] == [True, True]
    assert not ClockEvent.objects.filter(type="decision_notice_sent").exists()


def test_the_notice_of_another_appeal_stops_nothing_here(cast):
    version = factories.make_version(cast)
    here, there = (
        factories.make_upheld(
            cast, factories.make_assigned_appeal(cast, factories.make_denied(cast, version))
        )
        for _ in range(2)
    )

    send(cast, there)

    assert clocks(here)["appeal_notice_member"].is_going


def test_a_dismissed_appeal_has_no_clock_left_and_is_told_all_the_same(cast):
    decision = decided(cast, "dismissed")

    send(cast, decision)

    assert clocks(decision) == {}
    assert whom_to_tell(decision) == [Notice.Recipient.PROVIDER]


def test_recomputing_finds_no_difference_after_the_notices(cast):
    version = factories.make_version(cast)
    for outcome in AppealDecision.Outcome.values:
        denied = factories.make_denied(cast, version)
        decision = decided(cast, outcome, factories.make_assigned_appeal(cast, denied))
        for recipient in Notice.Recipient.values:
            send(cast, decision, recipient)
    before = list(Clock.objects.order_by("pk").values("pk", "due_at", "stopped_at", "ended"))

    assert differences() == "4 requests, 0 clocks differ."

    assert list(Clock.objects.order_by("pk").values(*before[0])) == before


def test_the_notice_of_an_overturned_appeal_is_that_of_its_determination(cast):
    decision = factories.make_appeal_decision(cast)
    send(cast, decision)
    assert Request.objects.get().state == Request.State.DETERMINED

    send(cast, decision, "provider")

    assert Request.objects.get().state == Request.State.NOTIFIED
    assert not not_told(Request.objects.all()).exists()


def test_the_notice_of_an_upheld_appeal_is_not_that_of_the_first_determination(cast):
    decision = factories.make_upheld(cast)  # of a denial that nobody was told of
    for recipient in Notice.Recipient.values:
        send(cast, decision, recipient)

    assert [one.pk for one in not_told(Request.objects.all())] == [decision.determination.pk]
    assert Request.objects.get().state == Request.State.DETERMINED


def test_decisions_are_owed_until_both_are_told(cast):
    decision = factories.make_upheld(cast)
    appeals = type(decision.appeal).objects.all()

    send(cast, decision)
    assert list(decisions_not_told(appeals)) == [decision]

    send(cast, decision, "provider")
    assert not decisions_not_told(appeals).exists()


# What the plan does after it.


def urgent_medicare_appeal(cast):
    coverage = enter_coverage(cast.member, "medicare_advantage", "Harbor Medicare")
    attested = {"urgency": "expedited", "urgency_attested_by": "Dr. L. Shore"}
    request = factories.make_claimed(cast, coverage=coverage, **attested)
    denied = factories.make_denied(cast, request=request)
    return factories.make_assigned_appeal(cast, denied, urgency="expedited")


def happens(cast, decision, type):
    now = factories.now()
    record_event(
        of=decision.appeal, type=type, when=now, facts={}, by=cast.appeals_coordinator, at=now
    )


@pytest.mark.parametrize("outcome", ["upheld", "partly_overturned"])
def test_what_medicare_affirms_in_whole_or_part_goes_on_within_24_hours(cast, outcome):
    """42 CFR 422.590(e)(5)."""
    decision = decided(cast, outcome, urgent_medicare_appeal(cast))
    (forward,) = clocks(decision, "forward_affirmed").values()
    assert forward.due_at - decision.decided_at == timedelta(hours=24)

    happens(cast, decision, EventType.FORWARDED_TO_IRE)

    assert clocks(decision, "forward_affirmed")["forward_affirmed"].stopped_at is not None
    assert differences() == "1 requests, 0 clocks differ."


def test_what_medicare_overturns_is_carried_out_and_not_forwarded(cast):
    """42 CFR 422.619(a)."""
    decision = decided(cast, "overturned", urgent_medicare_appeal(cast))
    assert set(clocks(decision, "forward_affirmed", "plan_reversal")) == {"plan_reversal"}

    happens(cast, decision, EventType.CLAIM_ACTION_TAKEN)

    assert clocks(decision, "plan_reversal")["plan_reversal"].stopped_at is not None
    assert [one.is_going for one in clocks(decision).values()] == [True, True]


# By telephone.


def test_an_urgent_medicare_appeal_is_told_by_phone_and_confirmed_within_3_days(cast):
    """42 CFR 422.590(e)(3)."""
    decision = factories.make_upheld(cast, urgent_medicare_appeal(cast))

    call = tell_appeal_by_phone(
        appeal=decision.appeal,
        recipient="member",
        told="Ada Winter was told that the denial stands.",
        by=cast.physician,
        at=factories.now(),
    )

    assert clocks(decision)["appeal_notice_member"].stopped_by.type == "oral_notice_given"
    (confirm,) = clocks(decision, "appeal_written_after_oral").values()
    assert confirm.is_going
    assert confirm.due_at - call.sent_at <= timedelta(days=4)

    notice = send(cast, decision)
    assert "we told you this decision by telephone. This letter confirms it" in notice.body
    assert clocks(decision, "appeal_written_after_oral")["appeal_written_after_oral"].stopped_at
    assert differences() == "1 requests, 0 clocks differ."


def test_a_call_does_not_stand_for_the_letter(cast):
    decision = factories.make_upheld(cast)
    tell_appeal_by_phone(
        appeal=decision.appeal,
        recipient="member",
        told="The denial stands.",
        by=cast.physician,
        at=factories.now(),
    )

    assert clocks(decision)["appeal_notice_member"].is_going  # 30 days: only a letter is enough
    assert len(whom_to_tell(decision)) == 2


def test_who_has_the_letter_is_not_told_by_phone_after_it(cast):
    decision = factories.make_upheld(cast)
    send(cast, decision)

    with pytest.raises(Refused, match="was told in writing"):
        tell_appeal_by_phone(
            appeal=decision.appeal,
            recipient="member",
            told="The denial stands.",
            by=cast.physician,
            at=factories.now(),
        )


def test_a_call_to_one_person_is_not_confirmed_to_the_other(cast):
    decision = factories.make_upheld(cast)
    tell_appeal_by_phone(
        appeal=decision.appeal,
        recipient="member",
        told="The denial stands.",
        by=cast.physician,
        at=factories.now(),
    )

    assert "told you this decision by telephone" in letter(decision, "member")
    assert "told you this decision by telephone" not in letter(decision, "provider")


# What is refused.


def test_an_appeal_that_is_not_decided_is_not_told(cast):
    appeal = factories.make_assigned_appeal(cast)

    with pytest.raises(Refused, match="is not decided yet"):
        factories.make_appeal_notice(cast, appeal)


def test_a_withdrawn_appeal_has_no_decision_to_tell(cast):
    appeal = factories.make_appeal(cast)
    withdraw_appeal(
        appeal=appeal, reason="Taken back.", by=cast.appeals_coordinator, at=factories.now()
    )

    with pytest.raises(Refused, match="was withdrawn. Nothing was decided"):
        factories.make_appeal_notice(cast, appeal)


@EVERY_OUTCOME
def test_each_person_is_told_once(cast, outcome):
    decision = decided(cast, outcome)
    send(cast, decision)

    with pytest.raises(Refused, match="member was told in writing of the decision of appeal"):
        send(cast, decision, channel="fax")

    send(cast, decision, "provider")
    assert Notice.objects.of_appeals().count() == 2


@pytest.mark.parametrize("who", ["intake", "supervisor", "auditor", "policy_editor"])
def test_who_sends_no_notices_tells_no_appeal(cast, who):
    decision = factories.make_upheld(cast)

    with pytest.raises(Refused, match="may do this"):
        send(cast, decision, by=getattr(cast, who))
    assert not Notice.objects.exists()


def test_an_appeal_outside_ones_scope_is_not_told(cast):
    decision = factories.make_upheld(cast)

    with pytest.raises(Refused, match="no such request"):
        send(cast, decision, by=cast.other_nurse)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"recipient": "neighbor"}, "Say who is told"),
        ({"channel": ""}, "Say how the notice is sent"),
        ({"channel": "phone"}, "Record the call as one"),
    ],
)
def test_a_notice_says_to_whom_and_how(cast, facts, said):
    decision = factories.make_upheld(cast)

    with pytest.raises(Refused, match=said):
        factories.make_appeal_notice(cast, decision.appeal, **facts)


def test_a_letter_that_cannot_tell_the_time_for_the_next_step_is_not_sent(cast):
    decision = factories.make_upheld(cast)
    changed_rule(cast, "EXT.FILE", step="filing_elsewhere")

    with pytest.raises(Refused, match="lacks something that it must hold.*no rule states it"):
        send(cast, decision)
    assert clocks(decision)["appeal_notice_member"].is_going


def test_the_time_for_the_next_step_is_by_a_rule_of_the_day_of_the_appeal(cast):
    decision = factories.make_upheld(cast)
    changed_rule(cast, "EXT.FILE", applies_to="2020-12-31")

    with pytest.raises(Refused, match="no rule states it"):
        letter(decision)


@pytest.mark.parametrize(
    ("column", "said"),
    [("rationale_plain", "gives no reason in plain words"), ("substance", "what was looked into")],
)
def test_a_decision_without_its_reasons_makes_no_letter(cast, column, said):
    decision = factories.make_upheld(cast)
    setattr(decision, column, " ")

    (lack,) = lacks_of(decision)
    assert said in lack


def test_an_adverse_decision_by_no_policy_says_why_there_is_none(cast):
    decision = factories.make_upheld(cast)
    decision.determination.version = None

    assert any("why there is none" in lack for lack in lacks_of(decision))


def test_a_letter_without_a_plan_to_come_from_is_not_sent(cast):
    decision = factories.make_upheld(cast)
    coverage = decision.appeal.request.coverage
    coverage.plan = "  "
    coverage.save()

    with pytest.raises(Refused, match="names no plan"):
        send(cast, decision)


def test_a_decision_whose_determination_was_replaced_is_not_told(cast):
    decision = factories.make_upheld(cast)
    second = factories.make_appeal(cast, decision.determination)
    other = enter_physician("kbell", "Kit Bell", "Physical medicine")
    assign_appeal(appeal=second, to=other, by=cast.appeals_coordinator, at=factories.now())
    factories.make_appeal_decision(cast, second, by=other)

    with pytest.raises(Refused, match="was replaced"):
        send(cast, decision)
    assert not decisions_not_told(type(second).objects.all()).exists()


def test_what_carries_out_an_appeal_is_not_told_by_phone_as_a_first_decision(cast):
    decision = factories.make_appeal_decision(cast)

    with pytest.raises(Refused, match="carries out appeal"):
        give_oral_notice(
            determination=decision.left_in_force,
            recipient="member",
            told="It is approved.",
            by=cast.physician,
            at=factories.now(),
        )


def test_sending_is_of_one_transaction(cast, monkeypatch):
    decision = factories.make_upheld(cast)
    monkeypatch.setattr("reviewer.workflow.notices.move_clocks", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        send_appeal_notice(
            appeal=decision.appeal,
            recipient="member",
            channel="mail",
            by=cast.physician,
            at=factories.now(),
        )
    assert not Notice.objects.exists()
    assert not Event.objects.filter(name=Event.Name.NOTICE_SENT).exists()
