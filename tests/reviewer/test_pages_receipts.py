"""Pages of times of receipt: what came when, another time proposed, approved and declined."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.utils import timezone

from policies.models import LineOfBusiness
from reviewer.models import AccessEntry, ClockEvent, ReceiptCorrection
from reviewer.time import local_day
from reviewer.workflow.clocks import decision_clock
from reviewer.workflow.receipt_moves import moves_of
from reviewer.workflow.receipts import approve_correction, decline_correction, propose_correction
from reviewer.workflow.requests import withdraw_request
from tests import factories
from tests.cast import enter_coverage
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
QUEUE, REPORT = "/corrections", "/reports/information-integrity"
FILE = f"{REPORT}/csv"
ROLES = [
    "intake",
    "nurse",
    "physician",
    "appeals_coordinator",
    "supervisor",
    "policy_editor",
    "policy_approver",
    "auditor",
    "administrator",
]
PROPOSERS = {"intake", "nurse", "physician", "appeals_coordinator"}
READERS = PROPOSERS | {"supervisor", "auditor"}


@pytest.fixture
def case(cast):
    return factories.make_claimed(cast)


@pytest.fixture
def receipt(case):
    return ClockEvent.objects.get(request=case, type="received")


@pytest.fixture
def asked(cast, receipt):
    """The nurse read a fax header that is a day older."""
    return proposed(cast, receipt)


def proposed(cast, event, *, to=None, by=None, **words):
    said = {"reason": "It lay over night.", "evidence": "Fax header, page 1."} | words
    return propose_correction(
        event=event, corrected_to=to or event.at - DAY, **said, by=by or cast.nurse,
        at=factories.now(),
    )  # fmt: skip


def approved(cast, correction):
    return approve_correction(correction=correction, by=cast.supervisor, at=factories.now())


def page_of(of):
    return f"{of.get_absolute_url()}/receipt"


def typed(fact, *, to=None, **changes):
    """What the form sends, after its effect was shown."""
    local = timezone.localtime(to or fact.at - DAY).replace(second=0, microsecond=0)
    said = {
        "event": str(fact.pk),
        "corrected_to": f"{local:%Y-%m-%dT%H:%M}",
        "reason": "It lay over night.",
        "evidence": "Fax header, page 1.",
        "seen": f"{fact.pk} {local.isoformat()}",
    }
    return said | changes


def text(response):
    assert response.status_code == 200
    return response.content.decode()


class TestDoors:
    def test_times_of_receipt_open_to_who_sees_the_request(self, cast, client, case):
        for role in ROLES:
            client.force_login(getattr(cast, role).user)
            expected = 200 if role in READERS else 403
            assert client.get(page_of(case)).status_code == expected, role

    def test_those_of_an_appeal_open_to_who_sees_appeals(self, cast, client):
        appeal = factories.make_appeal(cast)
        for role in ROLES:
            client.force_login(getattr(cast, role).user)
            expected = 200 if role in READERS - {"intake"} else 403
            assert client.get(page_of(appeal)).status_code == expected, role

    def test_only_proposers_have_a_form_and_propose(self, cast, client, case, receipt):
        for role in ROLES:
            client.force_login(getattr(cast, role).user)
            if role in READERS:
                has_form = "Propose the correction" in text(client.get(page_of(case)))
                assert has_form == (role in PROPOSERS), role
            if role not in PROPOSERS:
                assert post(client, page_of(case), **typed(receipt)).status_code == 403, role
        assert not ReceiptCorrection.objects.exists()

    def test_the_queue_opens_to_supervisors_alone(self, cast, client, asked):
        for role in ROLES:
            client.force_login(getattr(cast, role).user)
            expected = 200 if role == "supervisor" else 403
            assert client.get(QUEUE).status_code == expected, role

    def test_only_a_supervisor_approves(self, cast, client, asked):
        for role in ROLES:
            if role != "supervisor":
                client.force_login(getattr(cast, role).user)
                answer = post(client, f"{QUEUE}/{asked.pk}/approve")
                assert answer.status_code == 403, role
        asked.refresh_from_db()
        assert asked.is_approved is None

    def test_nobody_else_declines(self, cast, client, asked):
        for role in ROLES:
            if role not in {"supervisor", "nurse"}:
                client.force_login(getattr(cast, role).user)
                post(client, f"{QUEUE}/{asked.pk}/decline")
                asked.refresh_from_db()
                assert asked.is_approved is None, role

    @pytest.mark.parametrize("address", [REPORT, FILE])
    def test_the_report_opens_to_supervisors_and_auditors(self, cast, client, asked, address):
        for role in ROLES:
            client.force_login(getattr(cast, role).user)
            expected = 200 if role in {"supervisor", "auditor"} else 403
            assert client.get(address).status_code == expected, role

    @pytest.mark.parametrize("verb", ["approve", "decline"])
    def test_verbs_are_only_posted(self, cast, sign_in, asked, verb):
        assert sign_in(cast.supervisor).get(f"{QUEUE}/{asked.pk}/{verb}").status_code == 405

    def test_another_line_of_business_is_not_found(self, cast, sign_in, case, asked):
        cast.supervisor.lines_of_business = [LineOfBusiness.MEDICAID]
        cast.supervisor.save(update_fields=["lines_of_business"])
        client = sign_in(cast.supervisor)
        assert client.get(page_of(case)).status_code == 404
        for verb in ("approve", "decline"):
            assert post(client, f"{QUEUE}/{asked.pk}/{verb}").status_code == 404
        for address in (QUEUE, REPORT, FILE):
            assert case.number not in text(client.get(address))

    def test_who_sees_no_appeals_takes_back_no_correction_of_one(self, cast, sign_in):
        received = factories.now()
        appeal = factories.make_appeal(cast, received_at=received, at=received + DAY)
        receipt = ClockEvent.objects.get(appeal=appeal, type="appeal_received")
        of_appeal = propose_correction(
            event=receipt, corrected_to=receipt.at + timedelta(minutes=1), reason="So.",
            evidence="Postmark", by=cast.nurse, at=receipt.at + DAY,
        )  # fmt: skip
        answer = post(sign_in(cast.intake), f"{QUEUE}/{of_appeal.pk}/decline")
        assert answer.status_code == 404


class TestProposing:
    def test_a_proposal_waits_and_moves_nothing(self, cast, sign_in, case, receipt):
        answer = post(sign_in(cast.nurse), page_of(case), **typed(receipt))
        assert answer.headers["Location"] == page_of(case)
        correction = ReceiptCorrection.objects.get()
        wanted = (receipt.at - DAY).replace(second=0, microsecond=0)
        assert (correction.at, correction.proposed_by) == (wanted, cast.nurse)
        assert (correction.reason, correction.evidence) == (
            "It lay over night.",
            "Fax header, page 1.",
        )
        case.refresh_from_db()
        assert case.received_at == receipt.at

    def test_it_is_not_sent_before_its_effect_was_shown(self, cast, sign_in, case, receipt):
        page = text(post(sign_in(cast.nurse), page_of(case), **typed(receipt, seen="")))
        assert "Look at it, then propose it" in page
        assert "It lay over night." in page
        assert "1 d earlier" in page
        assert not ReceiptCorrection.objects.exists()

    def test_what_was_shown_for_another_time_does_not_count(self, cast, sign_in, case, receipt):
        other = typed(receipt, to=receipt.at - 2 * DAY)["seen"]
        page = text(post(sign_in(cast.nurse), page_of(case), **typed(receipt, seen=other)))
        assert "Look at it, then propose it" in page
        assert not ReceiptCorrection.objects.exists()

    def test_the_effect_is_shown_while_it_is_typed_and_nothing_is_written(
        self, cast, sign_in, case, receipt
    ):
        asked = {name: typed(receipt)[name] for name in ("event", "corrected_to")}
        response = sign_in(cast.nurse).get(
            page_of(case), asked, headers={"HX-Request": "true", "HX-Target": "what-moves"}
        )
        part = text(response)
        assert "<html" not in part
        assert "1 d earlier" in part
        assert f'value="{typed(receipt)["seen"]}"' in part
        assert not ReceiptCorrection.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"reason": " "}, "Nothing is entered under “Why the time in the record is wrong”"),
            ({"evidence": ""}, "Nothing is entered under “What shows the right time”"),
            ({"corrected_to": "then"}, "Write the moment as"),
            ({"event": "0"}, "not one of the available choices"),
        ],
    )
    def test_what_is_missing_is_named_and_the_rest_is_kept(
        self, cast, sign_in, case, receipt, changes, said
    ):
        sent = typed(receipt, **{"reason": "Lay over night", "evidence": "Header 17"} | changes)
        page = text(post(sign_in(cast.nurse), page_of(case), **sent))
        assert said in page
        for name in {"reason", "evidence"} - set(changes):
            assert sent[name] in page
        assert not ReceiptCorrection.objects.exists()

    def test_what_cannot_be_is_refused_and_what_was_typed_is_kept(self, cast, sign_in, receipt):
        later = typed(receipt, to=receipt.at + 2 * DAY, reason="Lay over night")
        page = text(post(sign_in(cast.nurse), page_of(receipt.request), **later))
        assert "in the future" in page
        assert "Lay over night" in page
        assert not ReceiptCorrection.objects.exists()

    def test_a_time_with_a_waiting_correction_is_not_offered(self, cast, sign_in, case, asked):
        page = text(sign_in(cast.intake).get(page_of(case)))
        assert "A correction waits for approval" in page
        assert "Propose the correction" not in page

    def test_who_proposed_it_takes_it_back(self, cast, sign_in, case, asked):
        client = sign_in(cast.nurse)
        assert "Take the proposal back" in text(client.get(page_of(case)))
        answer = post(client, f"{QUEUE}/{asked.pk}/decline")
        assert answer.headers["Location"] == page_of(case)
        asked.refresh_from_db()
        assert asked.is_approved is False

    def test_the_right_time_is_by_the_clock_of_the_plan(self, cast, sign_in, case, receipt):
        """07:30 in New York in March before the change of clocks is 12:30 in UTC."""
        zone = timezone.get_default_timezone_name()
        assert zone == "America/New_York"
        assert f"by the clock of {zone}" in text(sign_in(cast.nurse).get(page_of(case)))
        sent = typed(receipt) | {"corrected_to": "2026-03-03T07:30"}
        sent["seen"] = f"{receipt.pk} 2026-03-03T07:30:00-05:00"
        assert post(sign_in(cast.nurse), page_of(case), **sent).status_code == 302
        assert ReceiptCorrection.objects.get().at.isoformat() == "2026-03-03T12:30:00+00:00"

    def test_it_is_offered_under_more_and_on_the_clocks(self, cast, sign_in, case):
        client = sign_in(cast.nurse)
        link = f'href="{page_of(case)}"'
        assert link in text(client.get(case.get_absolute_url()))
        assert link in text(client.get(f"{case.get_absolute_url()}/clocks"))

    def test_it_is_offered_for_an_appeal(self, cast, sign_in):
        appeal = factories.make_appeal(cast)
        client = sign_in(cast.appeals_coordinator)
        link = f'href="{page_of(appeal)}"'
        assert link in text(client.get(appeal.get_absolute_url()))
        assert link in text(client.get(f"{appeal.get_absolute_url()}/clocks"))

    def test_an_appeals_page_corrects_its_own_times(self, cast, sign_in):
        appeal = factories.make_appeal(cast)
        own = ClockEvent.objects.get(appeal=appeal, type="appeal_received")
        other = ClockEvent.objects.get(request=appeal.request, type="received")
        client = sign_in(cast.appeals_coordinator)
        page = text(post(client, page_of(appeal), **typed(other)))
        assert "not one of the available choices" in page
        page = text(client.get(page_of(appeal)))
        assert f'value="{own.pk}"' in page
        assert f'value="{other.pk}"' not in page

    def test_the_evidence_of_a_corrected_time_is_what_was_seen(self, cast, sign_in, case, asked):
        assert "By fax; entered by Ines Pardo" in text(sign_in(cast.auditor).get(page_of(case)))
        approved(cast, asked)
        page = text(sign_in(cast.auditor).get(page_of(case)))
        assert page.count("Fax header, page 1.") == 2
        assert "entered by Ines Pardo" not in page


class TestQueue:
    def test_it_shows_what_an_approval_moves_before_it_is_given(self, cast, sign_in, case, asked):
        page = text(sign_in(cast.supervisor).get(QUEUE))
        for said in (case.number, "Fax header, page 1.", "Rosa Okafor", "1 d earlier"):
            assert said in page
        case.refresh_from_db()
        assert case.received_at != asked.at

    def test_what_is_shown_before_is_what_moves(self, cast, case, asked):
        before = {one.pk: one.due_at for one in case.clocks.all()}
        tried = [one.then.due_at for one in moves_of(asked.event, asked.at, at=factories.now())]
        assert {one.pk: one.due_at for one in case.clocks.all()} == before
        approved(cast, asked)
        assert [one.due_at for one in case.clocks.order_by("pk")] == tried

    def test_an_approval_moves_the_limit(self, cast, sign_in, case, asked):
        due = decision_clock(case).due_at
        answer = post(sign_in(cast.supervisor), f"{QUEUE}/{asked.pk}/approve")
        assert answer.headers["Location"] == QUEUE
        assert decision_clock(case).due_at == due - DAY
        assert "No correction waits" in text(sign_in(cast.supervisor).get(QUEUE))

    def test_a_declined_correction_moves_nothing(self, cast, sign_in, case, asked):
        due = decision_clock(case).due_at
        post(sign_in(cast.supervisor), f"{QUEUE}/{asked.pk}/decline")
        assert decision_clock(case).due_at == due
        assert "declined" in text(sign_in(cast.nurse).get(page_of(case)))

    def test_nobody_approves_an_own_correction_on_the_page(self, cast, sign_in, asked):
        cast.nurse.user.groups.add(*cast.supervisor.user.groups.all())
        client = sign_in(cast.nurse)
        page = text(client.get(QUEUE))
        assert "a second person approves it" in page
        assert "Approve the correction" not in page
        response = client.post(
            f"{QUEUE}/{asked.pk}/approve",
            {"intent": "6f0dd1f2-9df0-4b4d-a9a8-2d0f7c1a0a11"},
            follow=True,
        )
        assert "ask a second person" in text(response)
        asked.refresh_from_db()
        assert asked.is_approved is None

    def test_one_that_can_no_longer_be_is_not_offered_for_approval(self, cast, sign_in, case):
        receipt = ClockEvent.objects.get(request=case, type="received")
        proposed(cast, receipt, to=receipt.at + timedelta(minutes=59))
        withdraw_request(
            request=case, reason="No longer needed.", by=cast.nurse,
            at=receipt.at + timedelta(minutes=30),
        )  # fmt: skip
        page = text(sign_in(cast.supervisor).get(QUEUE))
        assert "The request was withdrawn on" in page
        assert "Approve the correction" not in page
        assert "Decline it" in page

    def test_my_work_counts_what_waits_for_a_supervisor(self, cast, sign_in, asked):
        link = f'<a href="{QUEUE}">1 correction</a>'
        assert link in text(sign_in(cast.supervisor).get("/"))
        assert QUEUE not in text(sign_in(cast.nurse).get("/"))

    def test_my_work_does_not_count_an_own_proposal(self, cast, sign_in, asked):
        cast.nurse.user.groups.add(*cast.supervisor.user.groups.all())
        assert QUEUE not in text(sign_in(cast.nurse).get("/"))


def lines_of(response):
    assert response.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(StringIO(text(response))))


class TestReport:
    def test_it_tells_every_part_of_an_approved_correction(self, cast, sign_in, case, asked):
        approved(cast, asked)
        page = text(sign_in(cast.auditor).get(REPORT))
        for said in (
            case.number, "Receipt of the request", "Rosa Okafor", "Grace Moreno",
            "It lay over night.", "Fax header, page 1.", "Decision: 1 d earlier", "approved",
        ):  # fmt: skip
            assert said in page

    def test_what_waits_or_was_declined_has_moved_nothing(self, cast, sign_in, asked):
        page = text(sign_in(cast.auditor).get(REPORT))
        assert "not moved yet" in page
        decline_correction(correction=asked, by=cast.supervisor, at=factories.now())
        page = text(sign_in(cast.auditor).get(REPORT))
        assert "none moved" in page
        assert "declined" in page

    def test_it_says_what_a_correction_made_late(self, cast, sign_in):
        """A standard claim has 15 days: 29 CFR 2560.503-1(f)(2)(iii)(A)."""
        now = factories.now()
        determination = factories.make_approved(cast, received_at=now - 10 * DAY)
        receipt = ClockEvent.objects.get(request=determination.request, type="received")
        approved(cast, proposed(cast, receipt, to=now - 20 * DAY))
        page = text(sign_in(cast.auditor).get(REPORT))
        assert "10 d earlier" in page
        assert "in time before, late after" in page

    def test_the_file_has_a_line_for_each_limit_that_moved(self, cast, sign_in, case, asked):
        due = decision_clock(case).due_at
        approved(cast, asked)
        (line,) = lines_of(sign_in(cast.auditor).get(FILE))
        local = timezone.localtime
        assert line["request"] == case.number
        assert line["what"] == "Receipt of the request"
        assert line["from"] == local(asked.event.at).isoformat(timespec="minutes")
        assert line["to"] == local(asked.at).isoformat(timespec="minutes")
        assert (line["proposed_by"], line["decided_by"]) == ("Rosa Okafor", "Grace Moreno")
        assert (line["state"], line["limit"]) == ("approved", "Decision")
        assert line["due_before"] == local(due).isoformat(timespec="minutes")
        assert line["due_after"] == local(due - DAY).isoformat(timespec="minutes")
        assert line["moved_minutes"] == "-1440"
        assert (line["late_before"], line["late_after"]) == ("no", "no")

    def test_no_cell_of_the_file_is_a_formula(self, cast, sign_in, receipt):
        proposed(cast, receipt, reason="=HYPERLINK(1)", evidence="@SUM(1)")
        (line,) = lines_of(sign_in(cast.supervisor).get(FILE))
        assert (line["reason"], line["evidence"]) == ("'=HYPERLINK(1)", "'@SUM(1)")

    def test_what_was_asked_is_in_the_address_of_the_file(self, cast, sign_in, asked):
        page = text(sign_in(cast.auditor).get(REPORT, {"state": "waiting", "jurisdiction": "ny"}))
        assert f'href="{FILE}?state=waiting&amp;jurisdiction=ny"' in page

    @pytest.mark.parametrize(
        ("asked_for", "is_found"),
        [
            ({"state": "waiting"}, True),
            ({"state": "approved"}, False),
            ({"state": "declined"}, False),
            ({"line": LineOfBusiness.COMMERCIAL_INSURED}, True),
            ({"line": LineOfBusiness.MEDICAID}, False),
            ({"jurisdiction": "NY"}, True),
            ({"jurisdiction": "ny"}, True),
            ({"jurisdiction": "TX"}, False),
            ({"start": "2020-01-01", "end": "2020-12-31"}, False),
        ],
    )
    def test_it_is_narrowed_by_state_line_and_period(
        self, cast, sign_in, case, asked, asked_for, is_found
    ):
        client = sign_in(cast.auditor)
        assert (case.number in text(client.get(REPORT, asked_for))) == is_found
        assert (case.number in text(client.get(FILE, asked_for))) == is_found

    def test_a_period_has_its_last_day_and_what_was_decided_in_it(self, cast, sign_in, case):
        """Proposed on one day and decided on another, it is in the report of either."""
        receipt = ClockEvent.objects.get(request=case, type="received")
        asked = propose_correction(
            event=receipt, corrected_to=receipt.at - 9 * DAY, reason="So.", evidence="Header",
            by=cast.nurse, at=receipt.at,
        )  # fmt: skip
        approve_correction(correction=asked, by=cast.supervisor, at=receipt.at + 7 * DAY)
        client, first = sign_in(cast.auditor), local_day(receipt.at)
        for days, is_found in ((-1, False), (0, True), (1, False), (7, True), (8, False)):
            day = (first + timedelta(days=days)).isoformat()
            page = text(client.get(REPORT, {"start": day, "end": day}))
            assert (case.number in page) == is_found, days

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"start": "soon"}, "Write the day as"),
            ({"start": "2026-03-02", "end": "2026-03-01"}, "ends before it starts"),
            ({"end": "9999-12-31"}, ""),
            ({"state": "lost"}, "not one of the available choices"),
            ({"jurisdiction": "N1"}, "two letters"),
            ({"line": "\x00"}, "not one of the available choices"),
        ],
    )
    def test_a_wrong_question_is_answered_in_words(self, cast, sign_in, asked, wrong, said):
        client = sign_in(cast.auditor)
        assert said in text(client.get(REPORT, wrong))
        assert client.get(FILE, wrong).status_code == (400 if said else 200)

    @pytest.mark.parametrize(
        ("address", "view"),
        [
            (REPORT, "reviewer:information_integrity"),
            (FILE, "reviewer:information_integrity_csv"),
        ],
    )
    def test_who_looks_or_takes_the_file_is_logged_with_the_requests(
        self, cast, sign_in, case, asked, address, view
    ):
        sign_in(cast.auditor).get(address)
        entry = AccessEntry.objects.get(user=cast.auditor.user)
        assert (entry.view, entry.requests) == (view, [case.number])

    def test_the_queue_is_logged_with_the_requests(self, cast, sign_in, case, asked):
        sign_in(cast.supervisor).get(QUEUE)
        entry = AccessEntry.objects.get(user=cast.supervisor.user)
        assert (entry.view, entry.requests) == ("reviewer:correction_list", [case.number])

    def test_of_another_fact_it_names_that_fact(self, cast, sign_in):
        coverage = enter_coverage(cast.member, LineOfBusiness.COMMERCIAL_SELF_FUNDED, "Plan")
        complete = factories.now() - timedelta(minutes=30)
        case = factories.make_claimed(cast, coverage=coverage, information_complete_at=complete)
        told = ClockEvent.objects.get(request=case, type="necessary_information_received")
        approved(cast, proposed(cast, told, to=told.at - timedelta(minutes=10)))
        assert "Necessary information received" in text(sign_in(cast.auditor).get(REPORT))
        page = text(sign_in(cast.nurse).get(case.get_absolute_url()))
        assert "Necessary information received, from" in page
        assert "Time of receipt corrected" not in page
