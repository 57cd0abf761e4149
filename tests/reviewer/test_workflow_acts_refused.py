"""Acts refuse by themselves whoever may not do them and whatever is not due, page or no page."""

from datetime import date, timedelta

import pytest

from policies.models import LineOfBusiness
from reviewer.clocks import EventType
from reviewer.models import Clock, ClockEvent, Notice, Urgency
from reviewer.workflow.acts.deemed_denials import send_not_decided
from reviewer.workflow.acts.extensions import (
    extend_decision,
    note_extension_requested,
    withdraw_extension,
)
from reviewer.workflow.acts.missed_limits import record_missed_limit, record_missed_limits
from reviewer.workflow.acts.missing_information import send_deficiency_notice
from reviewer.workflow.acts.oral_notices import give_oral_notice
from reviewer.workflow.acts.recording import record_event, start_clock
from reviewer.workflow.acts.urgency import attest_urgency, refuse_expedite, send_refusal
from reviewer.workflow.clocks import decision_clock
from reviewer.workflow.determinations import correct_determination, sign_determination
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import withdraw_request
from tests import factories
from tests.cast import enter_coverage

pytestmark = pytest.mark.django_db
MEDICARE = LineOfBusiness.MEDICARE_ADVANTAGE
URGENT = {"urgency": Urgency.EXPEDITED, "urgency_attested_by": "Ms. A. Winter"}
DAY = timedelta(days=1)


def covered(cast, line=MEDICARE):
    return enter_coverage(cast.member, line, "Harbor Plan")


def claimed(cast, line=MEDICARE, **facts):
    """A request under a line of business, in the nurse's hands unless someone is named."""
    return factories.make_claimed(cast, coverage=covered(cast, line), **facts)


def refused(said, verb, /, **facts):
    """The verb refuses with these words, and nothing is written."""
    before = Notice.objects.count(), ClockEvent.objects.count(), Clock.objects.count()
    with pytest.raises(Refused, match=said):
        verb(at=facts.pop("at", factories.now()), **facts)
    assert (Notice.objects.count(), ClockEvent.objects.count(), Clock.objects.count()) == before


EXTENSION = {
    "ground": "noncontract_provider_evidence",
    "needs_information": False,
    "why": "The surgeon outside the network has the films.",
    "channel": "mail",
}
ASKED = {"by_whom": "enrollee", "said": "By phone."}
ATTESTED = {"attested_by": "Dr. Shore", "asked_by": "physician"}
REFUSAL = {"asked_by": "enrollee", "why": "The therapy may wait.", "told": "Called at 9."}


class TestExtensions:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"why": " "}, "what keeps the plan"),
            ({"needs_information": True, "wanted": " "}, "what information is missing"),
            ({"channel": "pigeon"}, "how the letter is sent"),
        ],
    )
    def test_what_the_letter_needs_is_asked_for(self, cast, changes, said):
        refused(said, extend_decision, of=claimed(cast), by=cast.nurse, **EXTENSION | changes)

    def test_a_day_that_is_over_is_not_promised(self, cast):
        yesterday = factories.now().date() - 2 * DAY
        refused(
            "is over", extend_decision, of=claimed(cast), by=cast.nurse, decide_by=yesterday,
            **EXTENSION,
        )  # fmt: skip

    def test_who_asks_is_named(self, cast):
        refused(
            "who asks for more time", note_extension_requested, of=claimed(cast), by=cast.nurse,
            **ASKED | {"by_whom": "a neighbor"},
        )  # fmt: skip
        refused(
            "what was said", note_extension_requested, of=claimed(cast), by=cast.nurse,
            **ASKED | {"said": ""},
        )  # fmt: skip

    @pytest.mark.parametrize("who", ["auditor", "appeals_coordinator", "policy_editor"])
    def test_who_neither_enters_nor_reviews_notes_no_asking(self, cast, who):
        refused("Only", note_extension_requested, of=claimed(cast), by=getattr(cast, who), **ASKED)

    def test_whoever_has_it_not_in_hand_withdraws_nothing(self, cast):
        request = claimed(cast)
        extend_decision(of=request, by=cast.nurse, at=factories.now(), **EXTENSION)
        for who, said in ((cast.physician, "assigned to"), (cast.intake, "Only")):
            refused(said, withdraw_extension, of=request, reason="The films came.", by=who)

    def test_one_that_the_enrollee_asked_for_is_the_only_one(self, cast):
        """42 CFR 422.568(b)(1)(i): up to 14 days, whoever asks."""
        request = claimed(cast)
        note_extension_requested(of=request, by=cast.nurse, at=factories.now(), **ASKED)
        refused("extended already", extend_decision, of=request, by=cast.nurse, **EXTENSION)
        refused("extended already", note_extension_requested, of=request, by=cast.nurse, **ASKED)

    def test_what_ended_is_not_extended(self, cast):
        request = claimed(cast)
        withdraw_request(request=request, reason="Moved.", by=cast.nurse, at=factories.now())
        refused("stands at", extend_decision, of=request, by=cast.nurse, **EXTENSION)
        refused("stands at", note_extension_requested, of=request, by=cast.nurse, **ASKED)

    def test_what_nobody_has_taken_is_not_extended(self, cast):
        request = factories.make_request(cast, coverage=covered(cast))
        refused("only at", extend_decision, of=request, by=cast.nurse, **EXTENSION)


class TestAppeals:
    @pytest.fixture
    def appeal(self, cast):
        denied = factories.make_denied(cast, request=claimed(cast))
        return factories.make_assigned_appeal(cast, denied)

    def test_only_whoever_has_the_appeal_extends_it(self, cast, appeal):
        refused("not assigned to you", extend_decision, of=appeal, by=cast.physician, **EXTENSION)
        refused("Only a physician", extend_decision, of=appeal, by=cast.nurse, **EXTENSION)

        extend_decision(of=appeal, by=cast.other_physician, at=factories.now(), **EXTENSION)

        refused(
            "extended already", extend_decision, of=appeal, by=cast.other_physician, **EXTENSION
        )

    def test_an_appeal_that_is_over_is_not_extended(self, cast, appeal):
        factories.make_appeal_decision(cast, appeal)
        refused(".", extend_decision, of=appeal, by=cast.other_physician, **EXTENSION)
        refused(".", note_extension_requested, of=appeal, by=cast.appeals_coordinator, **ASKED)

    def test_a_nurse_writes_nothing_down_for_an_appeal(self, cast, appeal):
        refused("Only", note_extension_requested, of=appeal, by=cast.nurse, **ASKED)
        refused("Only", attest_urgency, of=appeal, by=cast.nurse, **ATTESTED)


class TestUrgency:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [({"attested_by": ""}, "who attests"), ({"asked_by": "neighbor"}, "a physician or the")],
    )
    def test_who_attests_is_named(self, cast, changes, said):
        refused(said, attest_urgency, of=claimed(cast), by=cast.nurse, **ATTESTED | changes)

    def test_what_is_urgent_is_not_made_so(self, cast):
        request = claimed(cast, **URGENT)
        refused("expedited already", attest_urgency, of=request, by=cast.nurse, **ATTESTED)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"why": ""}, "does no harm"),
            ({"told": " "}, "said by telephone"),
            ({"asked_by": "neighbor"}, "who asked"),
        ],
    )
    def test_a_refusal_says_why_and_is_told_at_once(self, cast, changes, said):
        """42 CFR 422.572(b): prompt oral notice, and the letter within 3 days after it."""
        request = claimed(cast, by=cast.physician, **URGENT)
        refused(said, refuse_expedite, of=request, by=cast.physician, **REFUSAL | changes)

    def test_what_is_not_expedited_is_not_refused(self, cast):
        request = claimed(cast, by=cast.physician)
        refused("nothing to refuse", refuse_expedite, of=request, by=cast.physician, **REFUSAL)
        refused("not refused", send_refusal, of=request, channel="mail", by=cast.physician)

    def test_whoever_has_it_not_in_hand_refuses_and_writes_nothing(self, cast):
        request = claimed(cast, by=cast.physician, **URGENT)
        other = cast.other_physician
        refused("assigned to", refuse_expedite, of=request, by=other, **REFUSAL)
        refuse_expedite(of=request, by=cast.physician, at=factories.now(), **REFUSAL)
        refused("assigned to", send_refusal, of=request, channel="mail", by=other)
        refused("Only", send_refusal, of=request, channel="mail", by=cast.intake)


class TestMissingInformation:
    MISSING = {"wanted": "The operative report.", "channel": "phone"}

    def tried(self, cast, said, by=None, **changes):
        facts = {"respond_by": factories.now() + 3 * DAY} | self.MISSING | changes
        request = facts.pop("request", None) or claimed(
            cast, LineOfBusiness.COMMERCIAL_SELF_FUNDED, **URGENT
        )
        refused(said, send_deficiency_notice, request=request, by=by or cast.nurse, **facts)

    def test_what_is_missing_to_whom_and_until_when_is_said(self, cast):
        self.tried(cast, "what is missing", wanted="")
        self.tried(cast, "the member or the provider", recipient="neighbor")
        self.tried(cast, "in the past", respond_by=factories.now() - DAY)

    def test_whoever_has_it_not_in_hand_tells_nothing(self, cast):
        self.tried(cast, "assigned to", by=cast.physician)
        self.tried(cast, "Only", by=cast.intake)

    def test_a_line_of_business_without_such_a_rule_is_not_stopped(self, cast):
        """Medicare has no deficiency scheme: only an extension gives time (42 CFR 422.572(b))."""
        self.tried(cast, "No rule lets", request=claimed(cast, **URGENT))


class TestTelling:
    @pytest.fixture
    def denied(self, cast):
        return factories.make_denied_urgent(cast)

    TOLD = {"recipient": "member", "told": "Told Ms. Winter why, and how to appeal."}

    @pytest.mark.parametrize("who", ["intake", "supervisor", "auditor"])
    def test_who_sends_no_notices_tells_nothing(self, cast, denied, who):
        refused("Only", give_oral_notice, determination=denied, by=getattr(cast, who), **self.TOLD)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [({"told": " "}, "what was said"), ({"recipient": "neighbor"}, "who is told")],
    )
    def test_what_was_said_to_whom_is_written_down(self, cast, denied, changes, said):
        facts = self.TOLD | changes
        refused(said, give_oral_notice, determination=denied, by=cast.physician, **facts)

    def test_a_decision_that_was_replaced_is_told_no_more(self, cast):
        approved = factories.make_approved(cast)
        correct_determination(
            determination=approved, decision=factories.approval(approved.line),
            reason="The rationale named another plan of care.", by=cast.nurse,
            at=factories.now(),
        )  # fmt: skip
        approved.refresh_from_db()
        refused(".", give_oral_notice, determination=approved, by=cast.nurse, **self.TOLD)


class TestMissedLimits:
    MEDICAID = {"rating_period_start": date(2026, 1, 1)}

    def missed(self, cast, **facts):
        """A Medicaid request whose limit passed: it is a denial (42 CFR 438.404(c)(5))."""
        return claimed(cast, LineOfBusiness.MEDICAID, **self.MEDICAID | facts)

    def test_no_letter_is_due_before_the_limit_is_recorded(self, cast):
        request = self.missed(cast)
        refused("No letter", send_not_decided, of=request, channel="mail", by=cast.nurse)

    def test_who_sends_no_notices_sends_none_of_this(self, cast):
        request, after = self.missed(cast), factories.now() + 30 * DAY
        record_missed_limits(at=after)
        for who in (cast.intake, cast.supervisor):
            refused("Only", send_not_decided, of=request, channel="mail", by=who, at=after)
        send_not_decided(of=request, channel="mail", by=cast.nurse, at=after)
        refused("No letter", send_not_decided, of=request, channel="mail", by=cast.nurse, at=after)

    def test_only_the_one_that_is_named_is_recorded(self, cast):
        first, second = self.missed(cast), self.missed(cast)
        after = factories.now() + 30 * DAY

        assert record_missed_limits(at=after, of=first.number) == 1

        assert ClockEvent.objects.get(type=EventType.LIMIT_EXPIRED.value).request == first
        assert record_missed_limits(at=after, of=first.number) == 0
        assert record_missed_limits(at=after) == 1
        assert second.events.filter(name="limit_expired").count() == 1

    def test_an_appeal_is_named_by_its_own_number(self, cast):
        """Without a timely decision the appeal is exhausted (42 CFR 438.408(c)(3))."""
        denied = factories.make_denied(cast, request=self.missed(cast))
        other = factories.make_denied(cast, denied.version, request=self.missed(cast))
        first, second = (factories.make_appeal(cast, one) for one in (denied, other))
        after = max(first.decision_due_at, second.decision_due_at) + DAY

        assert record_missed_limits(at=after, of=first.number) == 1

        assert ClockEvent.objects.get(type=EventType.LIMIT_EXPIRED.value).appeal == first
        assert record_missed_limits(at=after, of=second.number) == 1

    def test_each_limit_of_a_case_is_recorded(self, cast):
        lines = [factories.line(), factories.line("97546")]
        first = factories.make_denied(cast, request=self.missed(cast, lines=lines))
        second = sign_determination(
            line=first.request.lines.get(position=2),
            decision=factories.denial(first.version),
            by=cast.physician,
            at=factories.now(),
        )
        appeals = [factories.make_appeal(cast, one) for one in (first, second)]
        after = max(one.decision_due_at for one in appeals) + DAY

        recorded = [
            record_missed_limit(clock=decision_clock(one), at=after) for one in [*appeals, *appeals]
        ]

        assert recorded == [True, True, False, False]

    def test_a_limit_is_recorded_once_and_not_before_it_passed(self, cast):
        clock = decision_clock(self.missed(cast))
        assert not record_missed_limit(clock=clock, at=clock.due_at)
        assert record_missed_limit(clock=clock, at=clock.due_at + timedelta(seconds=1))
        assert not record_missed_limit(clock=clock, at=clock.due_at + DAY)

    def test_a_limit_of_a_notice_is_no_missed_decision(self, cast):
        factories.make_denied(cast, request=self.missed(cast))
        assert Clock.objects.going().exists()
        assert record_missed_limits(at=factories.now() + 90 * DAY) == 0

    def test_where_the_law_says_nothing_of_a_missed_limit_nothing_is_recorded(self, cast):
        """An integrated plan's reconsideration (42 CFR 422.633(f)) is late and no more."""
        request = claimed(cast, LineOfBusiness.INTEGRATED_DSNP)
        appeal = factories.make_appeal(cast, factories.make_denied(cast, request=request))
        assert decision_clock(appeal).applied_rule_id == "AIP.REC.STD"
        assert record_missed_limits(at=appeal.decision_due_at + DAY) == 0


class TestRecording:
    FACTS = {"type": EventType.MISFILED_RECEIVED, "facts": {}}

    @pytest.mark.parametrize("who", ["intake", "appeals_coordinator", "auditor"])
    def test_who_neither_reviews_nor_assigns_records_nothing(self, cast, who):
        request = claimed(cast, LineOfBusiness.COMMERCIAL_SELF_FUNDED)
        refused(
            "Only", record_event, of=request, when=factories.now(), by=getattr(cast, who),
            **self.FACTS,
        )  # fmt: skip

    @pytest.mark.parametrize(
        "type", [EventType.RECEIVED, EventType.DETERMINATION_MADE, EventType.LIMIT_EXPIRED]
    )
    def test_what_has_a_verb_of_its_own_is_not_recorded(self, cast, type):
        request = claimed(cast, LineOfBusiness.COMMERCIAL_SELF_FUNDED)
        refused(
            "No rule of this case", record_event, of=request, type=type, when=factories.now(),
            facts={}, by=cast.nurse,
        )  # fmt: skip

    def test_a_clock_is_started_once_by_whom_it_concerns(self, cast):
        request = claimed(cast, **URGENT)
        facts = {"of": request, "duty": "noncontract_records"}
        refused("Only", start_clock, by=cast.intake, **facts)
        start_clock(by=cast.nurse, at=factories.now(), **facts)
        refused("runs already", start_clock, by=cast.nurse, **facts)
