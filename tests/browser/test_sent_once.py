"""Two clicks, the back button: one effect, and the form says what was done.

The controls take the keys of the forms away, or let the browser fill what was sent.
"""

import time
from uuid import uuid4

import pytest

from reviewer import decorators
from reviewer.demonstration import PASSWORD
from reviewer.models import Determination
from tests import factories
from tests.browser.hands import people, request_in_hand

WORDS = "The office was called at ten; nobody answered."


@pytest.fixture
def tab(new_tab):
    return new_tab("rokafor")


@pytest.fixture
def request_(demonstration):
    return request_in_hand()


def without_keys(monkeypatch):
    """Every form that is sent passes for one of its own."""
    monkeypatch.setattr(decorators, "key_of", lambda request: uuid4())


def open_attempt(tab, request):
    """The form for a call that was tried: nothing but its key tells two of them apart."""
    tab.open(f"{request.get_absolute_url()}/peer-to-peer?kind=attempted")
    tab.page.fill("[name=clinician]", "L. Shore, MD")
    tab.page.fill("[name=words]", WORDS)
    return tab.page.locator("main form.form button.main")


def attempts(request):
    return request.peer_to_peer.filter(words=WORDS).count()


@pytest.fixture
def slowly(monkeypatch):
    """Every form takes a second, so that the next click comes before its answer."""
    hash_of = decorators.hash_of

    def wait(request):
        time.sleep(1)
        return hash_of(request)

    monkeypatch.setattr(decorators, "hash_of", wait)


def click_twice(button):
    button.evaluate("button => { button.click(); setTimeout(() => button.click(), 400); }")


def recorded(tab):
    """Wait for the request's page; the answer to the first click never arrives."""
    tab.page.get_by_text("Steps of the peer-to-peer talk").first.wait_for(state="attached")


def without_scripts(tab):
    tab.page.route("**/*.js", lambda route: route.abort())


@pytest.mark.usefixtures("slowly")
class TestTwoClicks:
    def test_on_a_button_take_a_request_once(self, tab):
        waiting = factories.make_request(people())
        tab.open(waiting.get_absolute_url())
        click_twice(tab.page.get_by_role("button", name="Take this request"))

        tab.page.locator("main").get_by_text("Rosa Okafor").first.wait_for()
        assert waiting.events.filter(name="claimed").count() == 1
        assert tab.errors == []

    def test_on_a_form_record_one_step(self, tab, request_):
        click_twice(open_attempt(tab, request_))

        tab.arrive(f"**{request_.get_absolute_url()}")
        assert attempts(request_) == 1
        assert tab.errors == []

    def test_on_a_signature_sign_once(self, tab, request_):
        tab.open(f"{request_.get_absolute_url()}/lines/1/determination")
        tab.page.select_option("[name=outcome]", "approved")
        options = tab.page.locator("[name=reason] option").all_inner_texts()
        label = next(text for text in options if text.startswith("A01"))
        tab.page.select_option("[name=reason]", label=label)
        tab.page.fill("[name=rationale_clinical]", "Every criterion is met.")
        tab.page.fill("[name=rationale_plain]", "Your plan pays for this.")
        tab.page.fill("[name=password]", PASSWORD)
        click_twice(tab.page.locator("aside button.main"))

        tab.arrive("**/determinations/*")
        assert Determination.objects.filter(line__request=request_).count() == 1
        assert tab.errors == []

    def test_without_scripts_the_key_of_the_form_still_stops_the_second(self, tab, request_):
        without_scripts(tab)
        click_twice(open_attempt(tab, request_))

        recorded(tab)
        assert attempts(request_) == 1

    def test_control_without_scripts_and_keys_two_steps_are_recorded(
        self, tab, request_, monkeypatch
    ):
        without_keys(monkeypatch)
        without_scripts(tab)
        click_twice(open_attempt(tab, request_))

        recorded(tab)
        assert attempts(request_) == 2


class TestBackButton:
    def go_back(self, tab, request):
        tab.page.click("main form.form button.main")
        tab.arrive(f"**{request.get_absolute_url()}")
        tab.page.go_back()
        tab.page.locator("[name=words]").wait_for()

    def test_shows_the_form_empty_below_what_was_done(self, tab, request_):
        open_attempt(tab, request_)
        self.go_back(tab, request_)

        assert WORDS in tab.text()
        assert tab.page.locator("[name=words]").input_value() == ""
        assert attempts(request_) == 1

    def test_control_a_form_that_the_browser_fills_again_is_sent_twice(self, tab, request_):
        self.let_the_browser_fill(tab)
        open_attempt(tab, request_)
        self.go_back(tab, request_)
        assert tab.page.locator("[name=words]").input_value() == WORDS

        tab.page.click("main form.form button.main")

        tab.arrive(f"**{request_.get_absolute_url()}")
        assert attempts(request_) == 2

    def let_the_browser_fill(self, tab):
        def fill(route):
            if route.request.method == "POST":
                route.continue_()
                return
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.text().replace('autocomplete="off"', ""))

        tab.page.route("**/peer-to-peer?*", fill)
