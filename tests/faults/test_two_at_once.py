"""Two at the same moment: one effect, and the loser's text stands beside the winner's.

Every control takes the lock away, and what it keeps off is seen.
"""

import pytest
from django.urls import reverse

from reviewer.models import AppealDecision, Determination, Event, Request, Role
from reviewer.workflow import appeals, determinations, requests, reviews
from reviewer.workflow.errors import Refused
from tests import factories
from tests.cast import enter, enter_nurse
from tests.faults.at_once import sent_together, take_lock_away, together, winners_and_losers

pytestmark = pytest.mark.django_db(transaction=True)
LEFT = "Every criterion is met, says the page on the left."
RIGHT = "Every criterion is met, says the page on the right."


class TestALineSigned:
    @pytest.fixture
    def version(self, cast):
        return factories.make_version(cast)

    @pytest.fixture
    def claimed(self, cast, version):
        return factories.make_claimed(cast)

    def typed(self, claimed, version, words):
        line = claimed.lines.get(position=1)
        return {
            "outcome": "approved",
            "reason": str(factories.reason("A01").pk),
            "units_granted": str(line.units),
            "starts_on": line.starts_on.isoformat(),
            "ends_on": line.ends_on.isoformat(),
            "version": str(version.pk),
            "rationale_clinical": words,
            "rationale_plain": "Your plan pays for this.",
        }

    def test_from_two_browsers_is_signed_once_and_the_loser_sees_both_texts(
        self, cast, claimed, version
    ):
        address = reverse("reviewer:determination_sign", args=[claimed.number, 1])
        texts = [self.typed(claimed, version, words) for words in (LEFT, RIGHT)]
        forms = [(cast.nurse, address, typed) for typed in texts]

        led, [lost] = winners_and_losers(sent_together(*forms))

        signed = Determination.objects.get()
        assert led == [signed.get_absolute_url()]
        assert "Not signed" in lost
        assert signed.rationale_clinical in lost
        assert ({LEFT, RIGHT} - {signed.rationale_clinical}).pop() in lost

    def test_control_without_the_lock_only_a_key_of_the_table_keeps_the_second_out(
        self, cast, claimed, version, monkeypatch
    ):
        take_lock_away(monkeypatch, "write", determinations)
        line = claimed.lines.get(position=1)

        def sign():
            return determinations.sign_determination(
                line=Request.objects.get(pk=claimed.pk).lines.get(position=1),
                decision=factories.approval(line, version),
                by=cast.nurse,
                at=factories.now(),
            )

        outcomes = together(sign, sign)

        [refused] = [one for one in outcomes if isinstance(one, Refused)]
        assert "was decided meanwhile" in str(refused)


class TestAnAppealDecided:
    @pytest.fixture
    def assigned(self, cast):
        return factories.make_assigned_appeal(cast)

    def typed(self, words):
        return {
            "outcome": "upheld",
            "substance": "The appeal adds nothing to the record.",
            "rationale_clinical": words,
            "rationale_plain": "The program prepares you for a job.",
        }

    def test_from_two_browsers_is_decided_once_and_the_loser_sees_both_texts(self, cast, assigned):
        address = reverse("reviewer:appeal_decide", args=[assigned.number])
        forms = [(cast.other_physician, address, self.typed(words)) for words in (LEFT, RIGHT)]

        led, [lost] = winners_and_losers(sent_together(*forms))

        decided = AppealDecision.objects.get()
        assert led == [assigned.get_absolute_url()]
        assert decided.rationale_clinical in lost
        assert ({LEFT, RIGHT} - {decided.rationale_clinical}).pop() in lost

    def test_control_without_the_lock_only_a_key_of_the_table_keeps_the_second_out(
        self, cast, assigned, monkeypatch
    ):
        take_lock_away(monkeypatch, "write_decision", appeals)
        monkeypatch.setattr(appeals, "lock_appeal", lambda appeal, by, needs: None)

        def decide(words):
            facts = self.typed(words) | {"root_cause": "", "new_decision": None}
            fresh = type(assigned).objects.get(pk=assigned.pk)
            by, at = cast.other_physician, factories.now()
            return appeals.decide_appeal(appeal=fresh, **facts, by=by, at=at)

        outcomes = together(lambda: decide(LEFT), lambda: decide(RIGHT))

        [refused] = [one for one in outcomes if isinstance(one, Refused)]
        assert "cannot be decided" not in str(refused)


class TestARequestReferredAndWithdrawn:
    @pytest.fixture
    def claimed(self, cast):
        return factories.make_claimed(cast)

    def test_has_one_end_and_the_loser_sees_both_texts(self, cast, claimed):
        refer = {"recommendation": "deny", "reasons": LEFT, "specialty": ""}
        led, [lost] = winners_and_losers(
            sent_together(
                (cast.nurse, reverse("reviewer:request_refer", args=[claimed.number]), refer),
                (
                    cast.intake,
                    reverse("reviewer:request_withdraw", args=[claimed.number]),
                    {"reason": RIGHT},
                ),
            )
        )

        claimed.refresh_from_db()
        is_withdrawn = claimed.state == Request.State.WITHDRAWN
        assert led == [claimed.get_absolute_url()]
        assert claimed.referrals.count() == (0 if is_withdrawn else 1)
        assert LEFT in lost
        assert RIGHT in lost

    def test_control_without_the_lock_it_is_referred_and_withdrawn(
        self, cast, claimed, monkeypatch
    ):
        take_lock_away(monkeypatch, "change", requests, reviews)

        def fresh():
            return {"request": Request.objects.get(pk=claimed.pk), "at": factories.now()}

        outcomes = together(
            lambda: factories.make_referral(cast, **fresh()),
            lambda: requests.withdraw_request(reason=RIGHT, by=cast.intake, **fresh()),
        )

        assert not [one for one in outcomes if isinstance(one, Refused)]
        names = set(claimed.events.values_list("name", flat=True))
        assert names >= {Event.Name.REFERRED, Event.Name.WITHDRAWN}


class TestARequestAssigned:
    @pytest.fixture
    def claimed(self, cast):
        return factories.make_claimed(cast)

    @pytest.fixture
    def supervisors(self, cast):
        return cast.supervisor, enter("bkeane", "Bea Keane", Role.SUPERVISOR)

    @pytest.fixture
    def nurses(self, cast):
        return enter_nurse("kdoe", "Kim Doe"), enter_nurse("lfoy", "Lou Foy")

    def test_by_two_supervisors_goes_to_one_and_the_other_is_told_to_whom(
        self, claimed, supervisors, nurses
    ):
        address = reverse("reviewer:request_assign", args=[claimed.number])
        pairs = zip(supervisors, nurses, strict=True)
        forms = [(by, address, {"to": str(to.pk)}) for by, to in pairs]

        led, [lost] = winners_and_losers(sent_together(*forms))

        claimed.refresh_from_db()
        assigned = claimed.events.get(name=Event.Name.ASSIGNED)
        assert led == [claimed.get_absolute_url()]
        assert f"Assigned to {claimed.assigned_to} by {assigned.by}." in lost
        [other] = {*nurses} - {claimed.assigned_to}
        assert f'value="{other.pk}" selected' in lost

    def test_control_without_the_lock_the_second_overwrites_the_first(
        self, claimed, supervisors, nurses, monkeypatch
    ):
        take_lock_away(monkeypatch, "change", requests)

        def assign(by, to):
            request = Request.objects.get(pk=claimed.pk)
            return requests.assign_request(request=request, to=to, by=by, at=factories.now())

        pairs = zip(supervisors, nurses, strict=True)
        outcomes = together(*[lambda by=by, to=to: assign(by, to) for by, to in pairs])

        assert not [one for one in outcomes if isinstance(one, Refused)]
        assert claimed.events.filter(name=Event.Name.ASSIGNED).count() == 2


class TestARequestTaken:
    @pytest.fixture
    def waiting(self, cast):
        return factories.make_request(cast)

    def takers(self, waiting, cast):
        def take(by):
            request = Request.objects.get(pk=waiting.pk)
            return requests.claim_request(request=request, by=by, at=factories.now())

        return [lambda by=by: take(by) for by in (cast.nurse, enter_nurse("kdoe", "Kim Doe"))]

    def test_by_two_is_one_persons_and_the_other_is_told_whose(self, cast, waiting):
        outcomes = together(*self.takers(waiting, cast))

        waiting.refresh_from_db()
        [refused] = [one for one in outcomes if isinstance(one, Refused)]
        assert f"{waiting.assigned_to} has taken request {waiting}" in str(refused)
        assert waiting.events.filter(name=Event.Name.CLAIMED).count() == 1

    def test_control_without_the_lock_both_are_told_that_it_is_theirs(
        self, cast, waiting, monkeypatch
    ):
        take_lock_away(monkeypatch, "change", requests)

        outcomes = together(*self.takers(waiting, cast))

        assert not [one for one in outcomes if isinstance(one, Refused)]
        assert waiting.events.filter(name=Event.Name.CLAIMED).count() == 2
