"""The checklist of criteria, by keyboard alone and while one types."""

import pytest

from reviewer.models import CriterionAnswer, Request
from reviewer.workflow.criteria import review_of, tree_of
from tests.browser.browsing import Tab

SAVED = 15_000  # milliseconds


@pytest.fixture
def knee(demonstration):
    """A request whose reviewer has begun to answer 0614 v1, with documents in its file."""
    return Request.objects.get(
        criteria_reviews__answers__comment="30 degrees of flexion gained.",
        assigned_to__user__username="jsantos",
    )


@pytest.fixture
def version(knee):
    return knee.criteria_reviews.get().version


def open_checklist(new_tab, knee, version) -> Tab:
    tab = new_tab("jsantos")
    assert tab.open(f"/requests/{knee.number}/criteria/{version.pk}") == 200
    return tab


def key_of(version, place):
    return next(key for key, one in tree_of(version).by_key().items() if one.place == place)


def answer(knee, version, place) -> CriterionAnswer:
    return review_of(knee, version).answers.get(criterion=key_of(version, place))


def test_criteria_are_answered_by_keyboard_alone(new_tab, knee, version):
    tab = open_checklist(new_tab, knee, version)
    current = tab.page.locator(".check[aria-current]")
    wanted = f"c-{key_of(version, 'II.A')}"
    for _ in range(60):
        tab.press("j")
        if current.get_attribute("id") == wanted:
            break
    tab.press("1")
    tab.page.locator(f"#{wanted} .met[aria-pressed=true]").wait_for(timeout=SAVED)
    tab.press("c")
    tab.page.keyboard.type("Twelve 1 visits j are asked for")  # keys are words while one types
    tab.page.wait_for_timeout(3_500)
    tab.press("Escape")

    assert current.get_attribute("id") == wanted
    stands = answer(knee, version, "II.A")
    assert (stands.finding, stands.comment) == ("met", "Twelve 1 visits j are asked for")

    tab.press("1")  # takes it back
    tab.page.locator(f"#{wanted} .met[aria-pressed=false]").wait_for(timeout=SAVED)
    tab.page.wait_for_function("!document.querySelector('.htmx-request, .htmx-settling')")
    tab.press("e")
    assert tab.page.evaluate("document.activeElement.closest('.points') !== null")
    assert tab.problems() == []


def test_evidence_opens_beside_the_criteria_and_the_open_page_is_added(new_tab, knee, version):
    tab = open_checklist(new_tab, knee, version)
    row = tab.page.locator(f"#c-{key_of(version, 'II.B')}")
    tab.page.locator(".chip a").first.click()
    tab.page.locator("#document-pane .paper-head").wait_for(timeout=SAVED)
    row.locator(".points summary").click()
    row.get_by_role("button", name="Add the page that is open").click()
    row.locator(".chip").wait_for(timeout=SAVED)

    assert "Progress note, page 1" in row.inner_text()
    assert answer(knee, version, "II.B").evidence.get().page == 1
    assert tab.errors == []


def test_a_second_tab_loses_the_race_and_sees_both(new_tab, knee, version):
    first, second = (open_checklist(new_tab, knee, version) for _ in range(2))
    row = f"#c-{key_of(version, 'II.C')}"
    for tab, words in ((first, "From the first tab"), (second, "From the second tab")):
        tab.page.locator(f"{row} .typed summary").click()
        tab.page.fill(f"{row} textarea", words)
        tab.page.locator(f"{row} textarea").blur()
        tab.page.wait_for_function(
            "row => /\\d\\d:\\d\\d|Not saved/.test(document.querySelector(row + ' .said-by-whom')"
            ".textContent)",
            arg=row,
            timeout=SAVED,
        )

    shown = second.page.inner_text(row)
    assert "From the first tab" in shown
    assert "Yours, not saved" in shown
    assert second.page.input_value(f"{row} textarea") == "From the second tab"
    assert answer(knee, version, "II.C").comment == "From the first tab"

    second.page.locator(row).get_by_role("button", name="Save yours over it").click()
    second.page.locator(f"{row} .kept").wait_for(state="detached", timeout=SAVED)
    assert answer(knee, version, "II.C").comment == "From the second tab"


def test_criteria_are_answered_without_a_script(new_tab, knee, version):
    tab = new_tab("jsantos", java_script_enabled=False)
    tab.open(f"/requests/{knee.number}/criteria/{version.pk}")
    row = tab.page.locator(f"#c-{key_of(version, 'III.C')}")
    row.locator(".typed summary").click()
    row.locator("textarea").fill("No work program")
    row.get_by_role("button", name="Does not apply").click()
    tab.page.wait_for_load_state()

    stands = answer(knee, version, "III.C")
    assert (stands.finding, stands.comment) == ("not_met", "No work program")
