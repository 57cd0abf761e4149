"""What is typed outlives a closed page, another tab, a lost network and an ended session.

Every control takes a protection away and sees what it keeps off.
"""

import re

import pytest
from django.contrib.sessions.models import Session

from reviewer import middleware
from reviewer.demonstration import PASSWORD
from reviewer.workflow import drafts
from tests.browser.browsing import Tab
from tests.browser.hands import Referring, request_in_hand

WORDS = "The goals name a job, and the plan does not."
LATER = "The goals of the later tab."


@pytest.fixture
def request_(demonstration):
    return request_in_hand()


@pytest.fixture
def form(new_tab, request_):
    return Referring(new_tab("rokafor"), request_)


@pytest.fixture
def anew(new_tab, request_):
    """Opens the form in another browser of the same person."""
    return lambda: Referring(new_tab("rokafor"), request_)


def without_script(page):
    page.route("**/drafts.js", lambda route: route.abort())


def test_what_is_typed_is_kept_within_seconds_and_stands_in_the_form_again(form, anew):
    form.type(WORDS)

    form.says("Kept ")

    again = anew()
    assert again.words == WORDS
    assert again.tab.page.get_by_text("Restored what you typed").is_visible()
    assert again.tab.problems() == []
    assert form.tab.errors == []


def test_control_without_the_script_it_does_not_stand_there_again(form, anew):
    without_script(form.tab.page)
    form.open()
    form.type(WORDS)
    form.tab.page.wait_for_timeout(3_500)

    assert anew().words == ""


class TestTwoTabs:
    @pytest.fixture
    def typed(self, form):
        """Two tabs of one form; the first has typed, and then the second."""
        page = form.tab.page.context.new_page()
        second = Referring(Tab(page, form.tab.address), form.request)
        form.type(WORDS)
        form.keep()
        form.says("Kept ")
        second.type(LATER)
        second.keep()
        second.says("Another tab kept this form")
        return second

    def test_each_sees_the_others_words_and_both_are_kept(self, typed, anew):
        assert WORDS in typed.tab.page.locator(".other-tab").inner_text()

        again = anew()
        assert again.words == WORDS
        assert LATER in again.tab.page.locator(".beside-draft").inner_text()

    def test_one_goes_on_with_their_own_and_the_other_stays_beside(self, typed, anew):
        typed.tab.click("Go on with mine")
        typed.says("Kept ")

        again = anew()
        assert again.words == LATER
        assert WORDS in again.tab.page.locator(".beside-draft").inner_text()

    def test_control_without_keeping_beside_the_words_of_the_second_are_lost(
        self, monkeypatch, request, anew
    ):
        monkeypatch.setattr(drafts, "put_beside", lambda *arguments: None)

        request.getfixturevalue("typed")

        assert LATER not in anew().tab.page.content()


class TestLostNetwork:
    def test_nothing_is_lost_and_it_is_sent_once_by_the_next_press(self, form):
        network = form.tab.page.context
        network.set_offline(True)
        form.type(WORDS)
        form.send()
        form.says("Not sent and not kept: no connection. What you typed is still here")
        assert form.words == WORDS
        assert form.request.referrals.count() == 0

        network.set_offline(False)
        form.says("It is not sent yet")
        form.send()

        assert form.sent_once()

    def test_control_without_the_script_the_page_and_its_words_are_gone(self, form, anew):
        without_script(form.tab.page)
        form.open()
        form.type(WORDS)
        form.tab.page.context.set_offline(True)
        with form.tab.page.expect_event("requestfailed"):
            form.send()

        assert anew().words == ""

    def test_an_answer_that_is_lost_leaves_one_effect_and_the_form_says_so(self, form, anew):
        self.lose_the_answer(form)

        assert form.request.referrals.count() == 1
        again = anew()
        assert again.words == ""
        again.type(WORDS)
        with again.tab.page.expect_response(f"**{form.address}"):
            again.send()
        assert form.request.referrals.count() == 1

    def lose_the_answer(self, form):
        def carry_out(route):
            route.fetch(max_redirects=0)
            route.abort()

        form.type(WORDS)
        form.keep()
        form.says("Kept ")
        form.tab.page.route(f"**{form.address}", carry_out)
        with form.tab.page.expect_event("requestfailed"):
            form.send()


class TestEndedSession:
    def send_after_the_end(self, form):
        cookies = form.tab.page.context.cookies()
        [key] = [one["value"] for one in cookies if one["name"] == "sessionid"]
        form.type(WORDS)
        Session.objects.filter(session_key=key).delete()
        form.keep()
        form.says("your session has ended")
        form.send()
        form.tab.arrive(re.compile(r"/accounts/login/\?next="))
        form.tab.page.fill("[name=login]", "rokafor")
        form.tab.page.fill("[name=password]", PASSWORD)
        form.tab.click("Sign in")
        form.tab.arrive(f"**{form.address}")

    def test_the_sign_in_leads_back_to_the_form_with_all_that_was_typed(self, form):
        self.send_after_the_end(form)

        assert form.words == WORDS
        form.send()
        assert form.sent_once()

    def test_control_without_keeping_what_comes_late_it_is_lost(self, form, monkeypatch):
        monkeypatch.setattr(middleware, "save_sent_draft", lambda *arguments, **facts: None)

        self.send_after_the_end(form)

        assert form.words == ""
