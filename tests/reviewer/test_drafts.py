"""What is typed is kept on the server: saved, restored, told from another tab's, dropped."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django import forms
from django.urls import reverse
from django.utils import timezone

from reviewer import form_pages
from reviewer.models import AccessEntry, Draft, Request
from reviewer.sessions import ABSOLUTE_SECONDS
from reviewer.views.meanwhile import typed_in
from reviewer.workflow.appeals import assign_appeal
from tests import factories
from tests.cast import enter_physician
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db
DRAFTS = "/drafts"


class Page:
    """A form as a browser has it open: its hidden values, and what is typed into it."""

    def __init__(self, client, address):
        self.client, self.address = client, address
        self.read(client.get(address))

    def read(self, response):
        self.html = response.content.decode()
        self.draft = re.search(r'name="draft" value="([^"]*)"', self.html)[1]
        self.intent = re.search(
            r'name="intent" value="([^"]*)"><input type="hidden" name="draft"', self.html
        )[1]
        kept = re.search(r'data-fields="([^"]*)"', self.html)[1].replace("&quot;", '"')
        self.fields = dict(json.loads(kept)) if kept else {}

    def keep(self, client=None, **typed):
        """What the page sends by itself."""
        over = {"over": "yes"} if typed.pop("over", False) else {}
        sent = {
            "draft": self.draft,
            "intent": self.intent,
            "title": "Refer to a physician, R-1",
            "fields": json.dumps(list(typed.items())),
        }
        response = (client or self.client).post(DRAFTS, sent | over)
        if response.status_code == 200:
            self.draft = response.json()["draft"]
        return response

    def send(self, **typed):
        hidden = {"intent": self.intent, "draft": self.draft}
        return self.client.post(self.address, hidden | typed)


@pytest.fixture
def claimed(cast):
    return factories.make_claimed(cast)


@pytest.fixture
def address(claimed):
    return reverse("reviewer:request_refer", args=[claimed.number])


@pytest.fixture
def client(cast, sign_in):
    return sign_in(cast.nurse)


def kept(draft):
    return dict(draft.fields)


def test_what_is_typed_stands_in_the_page_that_is_opened_again(client, address, claimed):
    Page(client, address).keep(reasons="The goals name a job.", recommendation="deny")

    again = Page(client, address)

    assert again.fields == {"reasons": "The goals name a job.", "recommendation": "deny"}
    assert "Restored what you typed" in again.html
    draft = Draft.objects.get()
    assert (draft.request, draft.title) == (claimed, "Refer to a physician, R-1")


def test_passwords_keys_and_tokens_are_never_kept(client, address):
    page = Page(client, address)
    page.keep(
        **{
            "reasons": "Why",
            "password": "quiet-harbor-bench",
            "new-password": "quiet-harbor-bench",
            "csrfmiddlewaretoken": "abc",
            "intent": page.intent,
            "draft": page.draft,
        }
    )

    row = json.dumps(list(Draft.objects.values()), default=str)

    assert Draft.objects.get().fields == [["reasons", "Why"]]
    assert "quiet-harbor" not in row
    assert page.intent not in row


def test_a_form_that_is_carried_out_leaves_no_draft(client, address, claimed):
    page = Page(client, address)
    page.keep(reasons="Half a sentence")

    page.send(reasons="The goals name a job.", recommendation="deny")

    claimed.refresh_from_db()
    assert claimed.state == Request.State.REFERRED
    assert not Draft.objects.exists()


def test_what_another_tab_holds_outlives_the_form_that_is_carried_out(client, address):
    first, second = Page(client, address), Page(client, address)
    first.keep(reasons="Written first")

    second.send(reasons="The goals name a job.", recommendation="deny")

    assert kept(Draft.objects.get()) == {"reasons": "Written first"}


def test_what_was_taken_up_again_goes_with_the_form_that_is_carried_out(client, address):
    Page(client, address).keep(reasons="The goals name a job.")

    Page(client, address).send(reasons="The goals name a job.", recommendation="deny")

    assert not Draft.objects.exists()


def test_a_form_that_comes_back_for_mending_keeps_its_draft(client, address):
    page = Page(client, address)
    page.keep(reasons="The goals name a job.")

    page.read(page.send(reasons="The goals name a job."))  # no recommendation

    assert "The goals name a job." in page.html
    assert Draft.objects.exists()
    page.keep(reasons="The goals name a job; and more.")
    assert kept(Draft.objects.get()) == {"reasons": "The goals name a job; and more."}


def test_a_draft_that_arrives_after_its_form_was_carried_out_is_not_kept(client, address):
    page = Page(client, address)
    page.send(reasons="The goals name a job.", recommendation="deny")

    late = page.keep(reasons="The goals")

    assert late.status_code == 410
    assert not Draft.objects.exists()


def test_an_older_tab_is_told_and_both_texts_are_kept(client, address):
    first, second = Page(client, address), Page(client, address)
    first.keep(reasons="Written first")

    told = second.keep(reasons="Written second")

    assert told.status_code == 409
    assert told.json()["fields"] == [["reasons", "Written first"]]
    beside, main = sorted(Draft.objects.all(), key=lambda one: one.place, reverse=True)
    assert (kept(main), kept(beside)) == (
        {"reasons": "Written first"},
        {"reasons": "Written second"},
    )
    page = Page(client, address)
    assert page.fields == {"reasons": "Written first"}
    assert "You typed this in another tab" in page.html
    assert "Written second" in page.html


def test_the_older_tab_may_go_on_with_its_own_text_and_the_other_is_kept_beside(client, address):
    first, second = Page(client, address), Page(client, address)
    first.keep(reasons="Written first")
    second.draft = second.keep(reasons="Written second").json()["draft"]

    assert second.keep(reasons="Written second", over=True).status_code == 200

    page = Page(client, address)
    assert page.fields == {"reasons": "Written second"}
    assert "Written first" in page.html
    assert first.keep(reasons="Written first, and on").status_code == 409


def test_a_tab_whose_answer_was_lost_goes_on(client, address):
    page = Page(client, address)
    before = page.draft
    page.keep(reasons="One")
    page.draft = before  # it never heard that this was kept

    assert page.keep(reasons="One two").status_code == 200
    assert kept(Draft.objects.get()) == {"reasons": "One two"}


def test_a_tab_older_than_a_draft_that_is_gone_does_not_pass_for_a_newer_one(client, address):
    first, second = Page(client, address), Page(client, address)
    first.keep(reasons="Written first")
    Draft.objects.all().delete()
    second.keep(reasons="Written second")

    assert first.keep(reasons="Written first, and on").status_code == 409


def test_nobody_else_sees_or_discards_it(client, address, cast, sign_in):
    Page(client, address).keep(reasons="The goals name a job.")
    draft = Draft.objects.get()

    other = sign_in(cast.physician)

    assert "The goals name a job." not in other.get(DRAFTS).content.decode()
    assert post(other, reverse("reviewer:draft_discard", args=[draft.pk])).status_code == 404


def test_what_another_person_typed_is_not_taken_for_ones_own(client, address, cast, sign_in):
    page = Page(client, address)

    refused = page.keep(sign_in(cast.physician), reasons="Rosa's words")

    assert refused.status_code == 403
    assert not Draft.objects.exists()


def test_a_forged_page_keeps_nothing(client, address):
    page = Page(client, address)
    page.draft = form_pages.sign(form_pages.FormPage(1, address))[:-2] + "xx"

    assert page.keep(reasons="x").status_code == 403


def test_a_draft_of_a_request_that_left_the_scope_is_not_shown(client, address, cast):
    Page(client, address).keep(reasons="The goals name a job.")
    cast.nurse.lines_of_business = ["medicaid"]
    cast.nurse.save()

    assert "The goals name a job." not in client.get(DRAFTS).content.decode()
    assert "Unfinished" not in client.get("/").content.decode()


def test_nothing_more_is_kept_of_a_request_that_left_the_scope(client, address, cast):
    page = Page(client, address)
    cast.nurse.lines_of_business = ["medicaid"]
    cast.nurse.save()

    assert page.keep(reasons="The goals name a job.").status_code == 404
    assert not Draft.objects.exists()


def test_my_work_and_the_list_lead_to_what_is_unfinished(client, address):
    Page(client, address).keep(reasons="The goals name a job.")

    for place in ("/", DRAFTS):
        assert f'href="{address}"' in client.get(place).content.decode()


def test_discarding_leads_to_the_page_as_it_is_without(client, address):
    Page(client, address).keep(reasons="The goals name a job.")

    response = post(client, reverse("reviewer:draft_discard", args=[Draft.objects.get().pk]))

    assert response.headers["Location"] == address
    assert Page(client, address).fields == {}


def test_what_no_database_text_may_hold_is_left_out(client, address):
    Page(client, address).keep(reasons="a\x00b \ud800 c")

    assert kept(Draft.objects.get()) == {"reasons": "ab ? c"}


def test_keeping_is_not_logged_as_a_look_at_member_data_but_the_list_is(client, address, claimed):
    page = Page(client, address)
    AccessEntry.objects.all()
    before = AccessEntry.objects.count()

    page.keep(reasons="The goals name a job.")
    assert AccessEntry.objects.count() == before

    client.get(DRAFTS)
    assert AccessEntry.objects.latest("id").requests == [claimed.number]


def test_being_told_what_another_tab_holds_is_logged_as_a_look(client, address, claimed):
    first, second = Page(client, address), Page(client, address)
    first.keep(reasons="Written first")
    before = AccessEntry.objects.count()

    assert second.keep(reasons="Written second").status_code == 409

    assert AccessEntry.objects.count() == before + 1
    assert AccessEntry.objects.latest("id").requests == [claimed.number]


class TestEndedSession:
    """A form that is sent when its session is over."""

    def test_leads_to_the_sign_in_and_back_to_all_that_was_typed(self, client, address, cast):
        page = Page(client, address)
        client.logout()

        response = page.send(reasons="The goals name a job.", password="quiet-harbor-bench")

        assert response.status_code == 302
        assert response.headers["Location"] == f"/accounts/login/?next={address}"
        assert "job" not in client.get(response.headers["Location"]).content.decode()
        client.force_login(cast.nurse.user)
        assert Page(client, address).fields == {"reasons": "The goals name a job."}

    def test_what_a_page_keeps_by_itself_then_is_kept_like_before(self, client, address, cast):
        page = Page(client, address)
        page.keep(reasons="The goals")
        client.logout()

        page.keep(reasons="The goals name a job.", password="quiet-harbor-bench")

        client.force_login(cast.nurse.user)
        assert Page(client, address).fields == {"reasons": "The goals name a job."}
        assert Draft.objects.get().title == "Refer to a physician, R-1"

    def test_shows_nothing_of_it_to_the_next_person(self, client, address, cast):
        page = Page(client, address)
        client.logout()
        page.send(reasons="Rosa's words")

        client.force_login(cast.physician.user)

        assert "Rosa" not in Page(client, address).fields.get("reasons", "")

    def test_control_without_the_middleware_the_text_is_lost(self, client, address, cast, settings):
        settings.MIDDLEWARE = [
            one for one in settings.MIDDLEWARE if one != "reviewer.middleware.KeepWhatWasTyped"
        ]
        page = Page(client, address)
        client.logout()
        page.send(reasons="The goals name a job.")
        client.force_login(cast.nurse.user)

        assert Page(client, address).fields == {}

    def test_of_a_closed_account_keeps_nothing(self, client, cast):
        client.logout()
        place = reverse("reviewer:request_new")  # of no request that is out of sight anyway
        page = form_pages.sign(form_pages.FormPage(cast.intake.user_id, place))
        for is_active in (False, True):
            cast.intake.user.is_active = is_active
            cast.intake.user.save()
            client.post(place, {"intent": str(uuid4()), "draft": page, "summary": "Strain"})

            assert Draft.objects.exists() is is_active

    def test_of_a_request_that_left_the_scope_keeps_nothing(self, client, address, cast):
        page = Page(client, address)
        cast.nurse.lines_of_business = ["medicaid"]
        cast.nurse.save()
        client.logout()

        assert page.send(reasons="The goals name a job.").status_code == 302
        assert not Draft.objects.exists()

    def test_that_was_carried_out_before_keeps_nothing(self, client, address):
        page = Page(client, address)
        page.send(reasons="The goals name a job.", recommendation="deny")
        client.logout()

        again = page.send(reasons="The goals name a job.", recommendation="deny")

        assert again.status_code == 302
        assert not Draft.objects.exists()

    def test_without_its_key_leads_to_the_sign_in_and_keeps_nothing(self, client, address):
        page = Page(client, address)
        client.logout()
        page.intent = ""

        assert page.send(reasons="The goals name a job.").status_code == 302
        assert not Draft.objects.exists()

    def test_that_was_opened_before_any_session_of_today_keeps_nothing(self, client, address):
        with time_machine.travel(timezone.now() - timedelta(seconds=ABSOLUTE_SECONDS + 60)):
            page = Page(client, address)
        client.logout()
        page.send(reasons="The goals name a job.")

        assert not Draft.objects.exists()

    def test_a_form_without_the_sites_signature_keeps_nothing(self, client, address):
        client.logout()
        client.post(address, {"intent": str(uuid4()), "draft": "x", "reasons": "y"})

        assert not Draft.objects.exists()


def test_a_password_is_not_told_beside_what_was_typed():
    class Signed(forms.Form):
        reason = forms.CharField(label="Reason")
        password = forms.CharField()

    sent = Signed({"reason": "The goals name a job.", "password": "quiet-harbor-bench"})

    assert typed_in([sent, None]) == [("Reason", "The goals name a job.")]


class TestMeanwhile:
    """A form that was opened before someone else changed its request."""

    @pytest.fixture
    def page(self, client, address):
        return Page(client, address)

    def test_comes_back_with_what_was_done_beside_what_was_typed(self, page, claimed, cast):
        factories.withdraw(claimed, by=cast.intake, reason="The member moved away.")

        page.read(page.send(reasons="The goals name a job.", recommendation="deny"))

        assert "Ines Pardo changed request" in page.html
        assert "The member moved away." in page.html
        assert page.html.count("The goals name a job.") == 2
        claimed.refresh_from_db()
        assert claimed.state == Request.State.WITHDRAWN
        assert claimed.referrals.count() == 0

    def test_is_sent_again_once_that_was_read(self, page, claimed, cast):
        factories.tell(claimed, by=cast.intake)
        typed = {"reasons": "The goals name a job.", "recommendation": "deny"}

        page.read(page.send(**typed))
        assert claimed.referrals.count() == 0
        page.send(**typed)

        assert claimed.referrals.count() == 1

    def test_ones_own_acts_do_not_hold_it_up(self, page, claimed, cast):
        factories.tell(claimed, by=cast.nurse)

        page.send(reasons="The goals name a job.", recommendation="deny")

        assert claimed.referrals.count() == 1

    @pytest.mark.parametrize(("who", "is_told"), [("intake", False), ("nurse", True)])
    def test_tells_an_appeals_decision_to_who_may_see_it(self, client, cast, sign_in, who, is_told):
        version = factories.make_version(cast)
        appeal = factories.make_assigned_appeal(cast, factories.make_denied(cast, version))
        place = reverse("reviewer:request_receipt", args=[appeal.request.number])
        page = Page(sign_in(getattr(cast, who)), place)
        factories.make_upheld(cast, appeal, rationale_clinical="Quicksilver says the panel.")

        page.read(page.send(reason="The fax says so."))

        assert "Done while this page was open" in page.html
        assert f"Appeal {appeal}, upheld" in page.html
        assert ("Quicksilver" in page.html) is is_told

    def test_of_an_appeal_comes_back_too(self, client, cast, sign_in):
        another = enter_physician("jmarsh", "June Marsh", "Orthopedic surgery")
        appeal = factories.make_appeal(cast)
        place = reverse("reviewer:appeal_assign", args=[appeal.number])
        page = Page(sign_in(cast.appeals_coordinator), place)
        assign_appeal(appeal=appeal, to=another, by=cast.supervisor, at=factories.now())

        page.read(page.send(to=str(cast.other_physician.pk)))

        assert f"{cast.supervisor} changed request" in page.html
        appeal.refresh_from_db()
        assert appeal.assigned_to == another
        page.send(to=str(cast.other_physician.pk))
        appeal.refresh_from_db()
        assert appeal.assigned_to == cast.other_physician
