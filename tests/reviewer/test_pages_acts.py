"""Pages of the acts that move clocks: who opens them, what is refused, tried and offered."""

from datetime import timedelta

import pytest
from django.urls import reverse

from policies.models import LineOfBusiness
from reviewer.clocks import EventType
from reviewer.models import Clock, ClockEvent, Notice, Request, Urgency
from reviewer.workflow.acts.missed_limits import record_missed_limits
from reviewer.workflow.acts.offers import offers
from reviewer.workflow.requests import request_information
from tests import factories
from tests.cast import enter_coverage
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db

EXTENSION = {
    "ground": "claimant_information_missing",
    "why": "The plan of care is not there.",
    "wanted": "The plan of care with its goals.",
    "channel": "mail",
}
URGENT = {"urgency": Urgency.EXPEDITED, "urgency_attested_by": "Ms. A. Winter"}


def of_line(cast, line, **facts):
    """A request under a line of business, in the nurse's hands unless someone is named."""
    coverage = enter_coverage(cast.member, line, "Harbor Plan")
    return factories.make_claimed(cast, coverage=coverage, **facts)


@pytest.fixture
def claimed(cast):
    return of_line(cast, LineOfBusiness.COMMERCIAL_SELF_FUNDED)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def address(of, name):
    return f"{of.get_absolute_url()}/{name}"


class TestExtending:
    def test_the_letter_says_why_what_and_until_when(self, cast, sign_in, claimed):
        response = post(sign_in(cast.nurse), address(claimed, "extend"), **EXTENSION)

        assert response.headers["Location"] == claimed.get_absolute_url()
        body = Notice.objects.get().body
        assert "The plan of care is not there." in body
        assert "The plan of care with its goals." in body
        assert "45 days or more after you receive this letter" in body
        assert "within 15 days after we hear from you" in body
        clock = Clock.objects.get(duty="decision")
        assert f"{clock.tolled_until:%B}" in body

    def test_what_is_missing_must_be_named(self, cast, sign_in, claimed):
        typed = EXTENSION | {"wanted": ""}

        page = text(post(sign_in(cast.nurse), address(claimed, "extend"), **typed))

        assert "Say what is missing" in page
        assert "The plan of care is not there." in page
        assert not Notice.objects.exists()

    def test_medicare_may_complain_fast(self, cast, sign_in):
        request = of_line(cast, LineOfBusiness.MEDICARE_ADVANTAGE)
        typed = {
            "ground": "exceptional_circumstances",
            "why": "A flood closed the clinic.",
            "channel": "mail",
        }

        post(sign_in(cast.nurse), address(request, "extend"), **typed)

        assert "expedited grievance" in Notice.objects.get().body
        assert "file a grievance" not in Notice.objects.get().body

    def test_medicaid_may_complain(self, cast, sign_in):
        request = of_line(cast, LineOfBusiness.MEDICAID)
        typed = {"ground": "plan_needs_information", "why": "We need films.", "channel": "mail"}

        post(sign_in(cast.nurse), address(request, "extend"), **typed)

        assert "right to file a grievance" in Notice.objects.get().body

    def test_what_the_engine_rejects_comes_back_with_what_was_typed(self, cast, sign_in, claimed):
        client = sign_in(cast.nurse)
        post(client, address(claimed, "extend"), **EXTENSION)

        again = EXTENSION | {"why": "Something else."}
        page = text(post(client, address(claimed, "extend"), **again))

        assert "the limit is extended already" in page
        assert "Something else." in page
        assert Notice.objects.count() == 1

    def test_sent_twice_it_extends_once(self, cast, sign_in, claimed):
        client, key = sign_in(cast.nurse), "9b2f7a52-3b0f-4a8e-9d3c-2f0d3d9c1f11"

        for _ in range(2):
            client.post(address(claimed, "extend"), {"intent": key, **EXTENSION})

        assert Notice.objects.count() == 1
        type = EventType.EXTENSION_NOTICE_SENT.value
        assert ClockEvent.objects.filter(type=type).count() == 1

    def test_the_page_shows_now_and_then(self, cast, sign_in, claimed):
        page = text(sign_in(cast.nurse).get(address(claimed, "extend")))

        assert "What it changes" in page
        assert "15 calendar days after the base limit" in page

    def test_the_letter_is_read_as_it_went(self, cast, sign_in, claimed):
        client = sign_in(cast.nurse)
        post(client, address(claimed, "extend"), **EXTENSION)
        letter = Notice.objects.get()

        page = text(client.get(claimed.get_absolute_url()))
        assert f"/letters/{letter.pk}" in page
        assert "Verified: its hash agrees." in text(
            client.get(reverse("reviewer:letter_detail", args=[claimed.number, letter.pk]))
        )


ROLES = [
    # page, who opens it
    ("extend", {"nurse", "physician"}),
    ("extension/withdraw", {"nurse", "physician"}),
    ("more-time", {"nurse", "physician", "intake", "supervisor"}),
    ("urgency", {"nurse", "physician", "intake", "supervisor"}),
    ("expedite/refuse", {"physician"}),
    ("missing-information", {"nurse", "physician"}),
    ("events/new", {"nurse", "physician", "supervisor"}),
    ("clocks/what-if",
     {"nurse", "physician", "intake", "supervisor", "appeals_coordinator", "auditor"}),
]  # fmt: skip
EVERYONE = (
    "intake", "nurse", "physician", "appeals_coordinator", "supervisor", "auditor",
    "policy_editor", "administrator",
)  # fmt: skip


@pytest.mark.parametrize(("name", "who"), ROLES, ids=[one[0] for one in ROLES])
def test_each_role_opens_what_it_may(cast, client, claimed, name, who):
    opened = set()
    for role in EVERYONE:
        client.force_login(getattr(cast, role).user)
        if client.get(address(claimed, name)).status_code == 200:
            opened.add(role)

    assert opened == who


def test_a_request_in_another_s_hands_is_not_extended(cast, sign_in, claimed):
    page = text(post(sign_in(cast.physician), address(claimed, "extend"), **EXTENSION))

    assert "is assigned to Rosa Okafor" in page
    assert not Notice.objects.exists()


def test_urgency_is_written_down_by_intake(cast, sign_in, claimed):
    before = claimed.decision_due_at
    typed = {"asked_by": "physician", "attested_by": "Dr. L. Shore"}

    post(sign_in(cast.intake), address(claimed, "urgency"), **typed)

    claimed.refresh_from_db()
    assert claimed.urgency == Urgency.EXPEDITED
    assert claimed.decision_due_at < before


def test_a_refusal_to_expedite_tells_of_the_right_to_complain(cast, sign_in):
    request = of_line(cast, LineOfBusiness.MEDICARE_ADVANTAGE, by=cast.physician, **URGENT)
    typed = {
        "asked_by": "enrollee",
        "why": "A week's wait does no harm.",
        "told": "Called at nine.",
        "channel": "mail",
    }

    post(sign_in(cast.physician), address(request, "expedite/refuse"), **typed)

    body = Notice.objects.get().body
    assert "A week's wait does no harm." in body
    assert "expedited grievance" in body
    assert "If a physician tells us that waiting could harm you" in body
    assert not Clock.objects.going().filter(duty="expedite_refusal").exists()


def test_what_an_urgent_request_lacks_is_told(cast, sign_in):
    request = of_line(cast, LineOfBusiness.COMMERCIAL_SELF_FUNDED, **URGENT)
    until = factories.now() + timedelta(days=3)
    typed = {
        "wanted": "The operative report.",
        "respond_by": f"{until:%Y-%m-%dT%H:%M}",
        "recipient": "provider",
        "channel": "fax",
    }

    post(sign_in(cast.nurse), address(request, "missing-information"), **typed)

    body = Notice.objects.get().body
    assert "The operative report." in body
    assert "within 48 hours after we receive it" in body
    request.refresh_from_db()
    assert request.decision_rule == "ERISA.URG.INC"


class TestWhatIf:
    def tried(self, client, of, **asked):
        return text(client.get(address(of, "clocks/what-if"), asked))

    def test_nothing_is_written_by_trying(self, cast, sign_in, claimed):
        facts, due = ClockEvent.objects.count(), claimed.decision_due_at

        page = self.tried(sign_in(cast.nurse), claimed, act="urgency")

        assert "ERISA.URG.INIT" in page
        claimed.refresh_from_db()
        assert (ClockEvent.objects.count(), claimed.decision_due_at) == (facts, due)

    def test_a_stopped_clock_says_when_it_is_due_without_an_answer(self, cast, sign_in, claimed):
        page = self.tried(
            sign_in(cast.nurse), claimed, act="extension", ground="claimant_information_missing"
        )

        assert "stopped by law until" in page
        assert "Due if no answer comes" in page
        assert "Legal maximum" in page

    def test_what_is_rejected_says_why_and_what_else(self, cast, sign_in):
        request = of_line(cast, LineOfBusiness.COMMERCIAL_SELF_FUNDED, **URGENT)

        page = self.tried(sign_in(cast.nurse), request, act="extension")

        assert "ERISA.URG.INIT is never extended" in page
        assert "Decide with what is there" in page

    def test_an_answer_on_a_day_resumes_the_clock(self, cast, sign_in, claimed):
        client = sign_in(cast.nurse)
        post(client, address(claimed, "extend"), **EXTENSION)
        day = (factories.now() + timedelta(days=10)).date()

        page = self.tried(client, claimed, act="information", on=f"{day}")

        assert "The clock resumes on the first answer" in page

    def test_htmx_gets_the_answer_alone(self, cast, sign_in, claimed):
        page = sign_in(cast.nurse).get(
            address(claimed, "clocks/what-if"),
            {"act": "urgency"},
            headers={"HX-Request": "true", "HX-Target": "what-if"},
        )

        assert "<html" not in text(page)
        assert "Time left" in text(page)

    @pytest.mark.parametrize("asked", [{"act": "x"}, {"act": "extension", "on": "soon"}, {}])
    def test_what_is_not_understood_tries_nothing(self, cast, sign_in, claimed, asked):
        assert "New steps" not in self.tried(sign_in(cast.nurse), claimed, **asked)


class TestOffers:
    def test_an_extension_is_offered_from_half_of_the_time_on_and_not_after(self, cast, claimed):
        started, limit = claimed.received_at, claimed.decision_due_at
        half = started + (limit - started) / 2
        second = timedelta(seconds=1)

        offered = [
            [one.what for one in offers(claimed, at=at)]
            for at in (half - second, half + second, limit, limit + second)
        ]

        assert offered == [[], ["Extension"], ["Extension"], []]

    def test_it_is_offered_as_soon_as_information_is_missing(self, cast, claimed):
        request_information(request=claimed, wanted="The plan.", by=cast.nurse, at=factories.now())

        assert [one.what for one in offers(claimed, at=factories.now())] == ["Extension"]

    def test_after_an_extension_none_is_offered(self, cast, sign_in, claimed):
        post(sign_in(cast.nurse), address(claimed, "extend"), **EXTENSION)

        assert offers(claimed, at=factories.now() + timedelta(days=9)) == []

    def test_the_letter_on_missing_information_is_offered_within_its_own_limit(self, cast):
        request = of_line(cast, LineOfBusiness.COMMERCIAL_SELF_FUNDED, **URGENT)
        received = request.received_at

        offered = [
            [one.what for one in offers(request, at=received + timedelta(hours=hours))]
            for hours in (11, 13, 25)
        ]

        assert offered == [[], ["Letter about missing information"], []]

    def test_the_page_and_my_work_lead_to_the_form(self, cast, sign_in, claimed):
        request_information(request=claimed, wanted="The plan.", by=cast.nurse, at=factories.now())
        client = sign_in(cast.nurse)

        for page in (claimed.get_absolute_url(), "/"):
            assert f'href="{address(claimed, "extend")}">Extend the decision' in text(
                client.get(page)
            )

    def test_a_notice_of_a_lapsed_limit_is_offered_and_sent(self, cast, sign_in):
        at = factories.now() - timedelta(days=9)
        request = of_line(cast, LineOfBusiness.MEDICAID, by=cast.nurse, received_at=at, at=at)
        record_missed_limits(at=factories.now())
        client = sign_in(cast.nurse)
        assert "Notice of a denial by lapse of time" in text(client.get(request.get_absolute_url()))

        post(client, address(request, "letters/not-decided"), channel="mail")

        body = Notice.objects.get().body
        assert "42 CFR 438.404(c)(5)" in body
        assert "YOUR RIGHT TO APPEAL" in body
        assert not Clock.objects.going().filter(duty="deemed_denial").exists()
        assert request.determinations.count() == 0


def test_a_missed_limit_is_recorded_when_the_request_is_touched(cast, sign_in):
    at = factories.now() - timedelta(days=9)
    coverage = enter_coverage(cast.member, LineOfBusiness.MEDICAID, "Harbor Plan")
    request = factories.make_request(cast, coverage=coverage, received_at=at, at=at)

    post(sign_in(cast.nurse), address(request, "claim"))

    assert ClockEvent.objects.filter(type=EventType.LIMIT_EXPIRED.value).count() == 1
    request.refresh_from_db()
    assert request.state == Request.State.IN_REVIEW


class TestTelling:
    def test_a_call_does_not_notify_and_its_letter_confirms_it(self, cast, sign_in):
        denied = factories.make_denied_urgent(cast)
        client = sign_in(cast.physician)
        url = reverse(
            "reviewer:determination_told_by_phone", args=[denied.request.number, denied.pk]
        )

        post(client, url, recipient="member", told="Told Ms. Winter why, and how to appeal.")

        assert Notice.objects.get().kind == Notice.Kind.ORAL
        request = Request.objects.get()
        assert request.state == Request.State.DETERMINED
        confirmation = next(
            one for one in offers(request, at=factories.now()) if "after oral" in one.what
        )
        assert "we told you this decision by telephone" in text(client.get(confirmation.address))
        post(client, confirmation.address, recipient="member", channel="mail")
        assert Notice.objects.last().kind == Notice.Kind.CONFIRMATION
        assert not Clock.objects.going().filter(duty="written_after_oral_member").exists()


class TestRecording:
    def test_only_events_of_the_case_s_regimes_are_offered(self, cast, sign_in, claimed):
        page = text(sign_in(cast.nurse).get(address(claimed, "events/new")))

        assert "Assigned to IRO" not in page  # a step of an appeal
        assert "IRE received" not in page  # Medicare's
        assert "Misfiled received" in page
        assert "Limit expired" not in page

    def test_a_reduction_opens_its_notice(self, cast, sign_in):
        request = of_line(cast, LineOfBusiness.MEDICAID)
        day = (factories.now() + timedelta(days=30)).date()
        url = f"{address(request, 'events/new')}?type=effective_date"

        post(sign_in(cast.nurse), url, on=f"{day}")

        clock = Clock.objects.get(duty="reduction_notice")
        assert clock.applied_rule_id == "MCD.TERM.NOTICE"
        assert (day - clock.due_at.date()).days in (9, 10)  # in UTC

    def test_steps_of_external_review_run_one_after_another(self, cast, sign_in):
        appeal = factories.make_assigned_appeal(cast)
        client, today = sign_in(cast.appeals_coordinator), factories.now().date()

        for type in ("external_review_requested", "preliminary_review_completed"):
            post(client, f"{address(appeal, 'events/new')}?type={type}", on=f"{today}")

        duties = {one.duty: one for one in Clock.objects.filter(appeal=appeal)}
        assert duties["external_preliminary_review"].stopped_at
        assert duties["external_preliminary_notice"].applied_rule_id == "EXT.PRELIM.NOTICE"

    def test_what_lies_ahead_has_not_happened(self, cast, sign_in, claimed):
        day = (factories.now() + timedelta(days=3)).date()
        url = f"{address(claimed, 'events/new')}?type=misfiled_received"

        page = text(post(sign_in(cast.nurse), url, on=f"{day}"))

        assert "What lies in the future has not happened" in page

    def test_a_clock_is_started_by_hand(self, cast, sign_in):
        request = of_line(cast, LineOfBusiness.MEDICARE_ADVANTAGE, **URGENT)
        client = sign_in(cast.nurse)
        assert "Ask a non-contract provider for records" in text(
            client.get(address(request, "events/new"))
        )

        post(client, address(request, "clocks/start/noncontract_records"))

        clock = Clock.objects.get(duty="noncontract_records")
        assert clock.due_at - request.received_at == timedelta(hours=24)
