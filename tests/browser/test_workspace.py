"""The workspace: every act by its key, panes that widen and fold, all read without a script."""

import re

import pytest

from reviewer.models import Request

State = Request.State
ARRIVES = 15_000  # milliseconds


def of(state, username=None, **facts):
    """A request of the demonstration in that state, in the person's hands or nobody's."""
    held = {"assigned_to__user__username": username} if username else {"assigned_to": None}
    return Request.objects.filter(state=state, **held, **facts).order_by("pk").first()


def open_workspace(new_tab, username, request, **options):
    tab = new_tab(username, **options)
    assert tab.open(f"/requests/{request.number}") == 200
    return tab


LEADS = [
    ("rokafor", State.IN_REVIEW, "i", "information"),
    ("rokafor", State.IN_REVIEW, "r", "refer"),
    ("rokafor", State.IN_REVIEW, "d", "lines/1/determination"),
    ("rokafor", State.IN_REVIEW, "p", "peer-to-peer"),
    ("rokafor", State.IN_REVIEW, "w", "withdraw"),
    ("rokafor", State.IN_REVIEW, "x", "dismiss"),
    ("rokafor", State.IN_REVIEW, "z", "no-authorization-required"),
    ("rokafor", State.IN_REVIEW, "u", "documents/new"),
    ("rokafor", State.INCOMPLETE, "i", "information/received"),
    ("mlindqvist", State.REFERRED, "q", "return"),
]


def test_each_act_that_asks_for_words_is_opened_by_its_key(new_tab, demonstration):
    tabs = {}
    for username, state, key, leads_to in LEADS:
        tab = tabs.setdefault(username, new_tab(username))
        request = of(state, username)
        tab.open(f"/requests/{request.number}")
        tab.press(key)
        tab.arrive(re.compile(f"/requests/{request.number}/{leads_to}$"))
    assert [tab.errors for tab in tabs.values()] == [[], []]


def test_a_supervisor_assigns_and_reopens_by_key(new_tab, demonstration):
    tab = open_workspace(new_tab, "gmoreno", of(State.IN_REVIEW, "rokafor"))
    tab.press("a")
    tab.arrive("**/assign")
    ended = of(State.WITHDRAWN, "tbrandt")
    tab.open(f"/requests/{ended.number}")
    tab.press("r")
    tab.arrive("**/reopen")


def test_a_request_is_taken_and_given_back_by_key(new_tab, demonstration):
    free = of(State.RECEIVED)
    tab = open_workspace(new_tab, "rokafor", free)
    tab.press("a")
    tab.page.locator("[data-press=b]").wait_for(state="attached", timeout=ARRIVES)
    free.refresh_from_db()
    assert free.assigned_to.user.username == "rokafor"

    tab.press("m")
    assert tab.page.evaluate("document.activeElement.closest('.menu-in') !== null")
    tab.press("b")
    tab.page.wait_for_load_state()
    tab.page.wait_for_function("!document.querySelector('[data-press=b]')", timeout=ARRIVES)
    free.refresh_from_db()
    assert free.assigned_to is None


def test_keys_are_letters_in_a_field_and_nothing_where_the_act_is_closed(new_tab, demonstration):
    request = of(State.IN_REVIEW, "jsantos", documents__title="Progress note")
    tab = open_workspace(new_tab, "jsantos", request)
    field = tab.page.get_by_label("Find in the documents of this request")
    field.focus()
    tab.press("i", "r", "d")
    assert field.input_value() == "ird"
    assert tab.path == f"/requests/{request.number}"

    other = open_workspace(new_tab, "rokafor", request)
    other.press("i", "r", "d", "b", "q")
    other.page.wait_for_timeout(300)
    assert other.path == f"/requests/{request.number}"


def test_buttons_and_the_list_of_keys_name_the_keys(new_tab, demonstration):
    tab = open_workspace(new_tab, "rokafor", of(State.IN_REVIEW, "rokafor"))
    for name, key in (("Ask for information", "i"), ("Refer to a physician", "r")):
        link = tab.page.get_by_role("link", name=name, exact=True)
        assert link.get_attribute("aria-keyshortcuts") == key
        assert link.locator("kbd").inner_text() == key
    tab.press("?")
    keys = tab.page.locator("#keys").inner_text()
    assert "Refer to a physician; reopen" in keys


def test_documents_are_opened_and_criteria_answered_by_key_beside_each_other(
    new_tab, demonstration
):
    request = of(State.IN_REVIEW, "rokafor", lines__code="64628")
    tab = open_workspace(new_tab, "rokafor", request)
    tab.press("o")
    tab.page.locator("#document-pane .paper-head").wait_for(timeout=ARRIVES)
    assert "MRI report" in tab.page.locator("#document-pane").inner_text()
    tab.press("g", "2", "j")
    current = tab.page.locator(".check[aria-current]")
    tab.press("2")
    current.locator(".answers [aria-pressed=true]").wait_for(timeout=ARRIVES)
    assert "Not covered" in tab.page.locator("#pane-passages").inner_text()
    assert tab.problems() == []


def test_panes_are_widened_by_arrow_and_pointer_and_stay_so(new_tab, demonstration):
    request = of(State.IN_REVIEW, "rokafor", lines__code="64628")
    tab = open_workspace(new_tab, "rokafor", request)
    pane = tab.page.locator("#pane-request")
    divider = tab.page.get_by_role("separator", name="Width of the request")
    first = pane.bounding_box()["width"]
    divider.focus()
    tab.press("ArrowRight", "ArrowRight")
    widened = pane.bounding_box()["width"]
    assert widened == pytest.approx(first + 32, abs=2)
    assert divider.get_attribute("aria-valuenow") == str(round(widened))

    tab.page.reload()
    assert pane.bounding_box()["width"] == pytest.approx(widened, abs=1)
    box = divider.bounding_box()
    tab.page.mouse.move(box["x"] + box["width"] / 2, 400)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + box["width"] / 2 - 40, 400, steps=4)
    tab.page.mouse.up()
    assert pane.bounding_box()["width"] == pytest.approx(widened - 40, abs=3)

    divider.focus()
    tab.press("Home")
    assert pane.bounding_box()["width"] == pytest.approx(first, abs=1)
    tab.page.reload()
    assert pane.bounding_box()["width"] == pytest.approx(first, abs=1)


def test_at_900_pixels_criteria_and_passages_begin_on_the_first_screen(new_tab, demonstration):
    request = of(State.IN_REVIEW, "jsantos", documents__title="Progress note")
    tab = open_workspace(new_tab, "jsantos", request)
    tab.page.set_viewport_size({"width": 900, "height": 900})
    criteria = tab.page.locator("#criteria-pane .check").first.bounding_box()
    passages = tab.page.locator("#pane-passages .because").first.bounding_box()
    assert criteria["y"] < 700
    assert passages["y"] < 700
    assert not tab.page.locator("#pane-request table").is_visible()
    tab.page.get_by_label("Show all of it").check()
    assert tab.page.locator("#pane-request table").is_visible()
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.problems() == []


def test_without_a_script_all_three_panes_are_read(new_tab, demonstration):
    request = of(State.IN_REVIEW, "jsantos", documents__title="Progress note")
    tab = open_workspace(new_tab, "jsantos", request, java_script_enabled=False)
    for words in ("Progress note", "30 degrees of flexion gained.", "0614 version 1, because"):
        assert words in tab.page.content()
    for pane in ("#pane-request table", "#criteria-pane .check", "#pane-passages .hits"):
        assert tab.page.locator(pane).first.is_visible()
    assert tab.page.locator(".divider:visible").count() == 0
