"""The search box in a browser: by keyboard alone, late answers dropped, nothing moves."""

from urllib.parse import parse_qs, urlsplit

import pytest

BOX = ".head [role=search] input"
SHIFTS = """since => new Promise(done => {
  const all = [];
  new PerformanceObserver(list => all.push(...list.getEntries()))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(all.filter(one => one.startTime > since).map(one => one.value)), 300);
})"""


@pytest.fixture
def tab(new_tab):
    opened = new_tab("rokafor")
    opened.open("/policies/")
    return opened


def type_in(tab, words):
    """Reach the box by its key and type; wait for what is suggested."""
    tab.press("/")
    tab.page.keyboard.type(words)
    tab.page.locator(".suggestions [data-said]").wait_for()


def chosen(tab):
    """The text of the option that the box points to, which must be the only one selected."""
    pointed = tab.page.locator(BOX).get_attribute("aria-activedescendant")
    selected = tab.page.locator('[role=option][aria-selected="true"]')
    if not pointed:
        assert selected.count() == 0
        return None
    assert selected.get_attribute("id") == pointed
    return selected.inner_text().split()[0]


def is_open(tab):
    return tab.page.locator(BOX).get_attribute("aria-expanded") == "true"


def test_a_code_is_reached_by_keyboard_alone(tab):
    type_in(tab, "9754")
    assert is_open(tab)
    assert tab.page.evaluate("document.activeElement.name") == "q"
    assert chosen(tab) is None

    tab.press("ArrowDown")
    assert chosen(tab) == "97542"
    tab.press("ArrowDown")
    assert chosen(tab) == "97545"
    tab.press("Enter")

    tab.arrive("**/codes/cpt/97545/")
    assert tab.errors == []


def test_arrows_go_round_and_home_and_end_lead_to_the_ends(tab):
    type_in(tab, "therapy")
    names = [
        one.split()[0] for one in tab.page.locator(".suggestions [role=option]").all_inner_texts()
    ]

    tab.press("ArrowUp")
    assert chosen(tab) == names[-1]
    tab.press("ArrowDown")
    assert chosen(tab) == names[0]
    tab.press("End")
    assert chosen(tab) == names[-1]
    tab.press("Home")
    assert chosen(tab) == names[0]


def test_home_and_end_move_in_the_text_while_nothing_is_chosen(tab):
    type_in(tab, "9754")

    tab.press("Home", "Delete", "ArrowDown")

    assert tab.page.locator(BOX).input_value() == "754"


def test_escape_closes_the_list_and_keeps_the_words(tab):
    type_in(tab, "9754")
    tab.press("ArrowDown", "Escape")

    assert not is_open(tab)
    assert tab.page.locator(BOX).input_value() == "9754"
    assert tab.page.evaluate("document.activeElement.name") == "q"
    tab.press("Escape")
    assert tab.page.evaluate("document.activeElement.name ?? ''") == ""


def test_an_arrow_opens_a_closed_list_again(tab):
    type_in(tab, "9754")
    tab.press("Escape", "ArrowDown")
    tab.page.locator(".suggestions [role=listbox]").wait_for()

    assert is_open(tab)


def test_tab_leaves_the_box_and_closes_the_list(tab):
    type_in(tab, "9754")
    tab.press("Tab")

    assert not is_open(tab)
    assert tab.page.locator(".suggestions").is_hidden()
    assert tab.page.evaluate("document.activeElement.closest('.suggestions')") is None


def test_enter_without_a_choice_searches(tab):
    type_in(tab, "therapy")
    tab.press("Enter")

    tab.arrive("**/search?q=therapy")


def test_how_many_there_are_is_said(tab):
    type_in(tab, "9754")

    count = tab.page.locator(".suggestions [role=option]").count()
    assert tab.page.locator("#said").inner_text() == f"{count} suggestions."


def test_the_open_list_passes_axe_and_the_policy(tab):
    type_in(tab, "therapy")
    tab.press("ArrowDown")

    assert tab.page.locator(".suggestions [role=group]").count() == 2
    assert tab.problems() == []


def test_no_suggestion_and_corrected_words_pass_too(tab):
    type_in(tab, "zzyzx")
    assert not is_open(tab)
    assert tab.problems() == []


def test_nothing_moves_when_the_list_opens(tab):
    tab.page.evaluate("document.fonts.ready.then(() => null)")
    before = tab.page.locator("main").bounding_box()
    since = tab.page.evaluate("performance.now()")
    type_in(tab, "therapy")

    assert tab.page.locator("main").bounding_box() == before
    assert tab.page.evaluate(SHIFTS, since) == []


def test_keys_in_a_row_are_asked_once_and_late_answers_are_dropped(tab):
    asked = []

    def answer(route):
        typed = parse_qs(urlsplit(route.request.url).query)["q"][0]
        asked.append((typed, route))
        if typed != "9754":
            route.continue_()

    tab.page.route("**/search/suggest?*", answer)
    tab.press("/")
    tab.page.keyboard.type("9754")
    tab.page.wait_for_timeout(400)
    assert [typed for typed, _ in asked] == ["9754"]

    tab.page.keyboard.type("6")
    tab.page.locator(".suggestions [role=option]").wait_for()
    asked[0][1].fulfill(body='<p data-said="late">late</p>', content_type="text/html")
    tab.page.wait_for_timeout(200)

    assert "late" not in tab.page.locator(".suggestions").inner_text()


def test_nothing_typed_is_kept_in_the_browser(tab):
    type_in(tab, "9754")

    kept = tab.page.evaluate(
        "async () => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie,"
        " await caches.keys()])"
    )
    assert "9754" not in kept


def test_without_a_script_the_box_is_a_plain_search(new_tab):
    tab = new_tab("rokafor", java_script_enabled=False)
    tab.open("/policies/")
    box = tab.page.locator(BOX)

    assert (box.get_attribute("role"), box.get_attribute("type")) == (None, "search")
    box.fill("physical therapy")
    box.press("Enter")
    tab.arrive("**/search?q=physical+therapy")


def test_a_request_is_reached_by_its_number(tab):
    tab.press("/")
    tab.page.keyboard.type("R-2")
    tab.page.locator("#suggested-requests").wait_for()
    tab.press("ArrowDown", "Enter")

    tab.arrive("**/requests/R-2*")


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [("lines-0-code", "9754", "97542"), ("diagnoses-0-code", "m25.56", "M25.561")],
)
def test_a_field_for_a_code_takes_the_code_and_stays(field, typed, code, new_tab):
    tab = new_tab("ipardo")
    tab.open("/requests/new")
    box = tab.page.locator(f"[name={field}]")
    box.focus()
    tab.page.keyboard.type(typed)
    tab.page.locator(".suggestions [role=option]").first.wait_for()
    assert tab.problems() == []
    tab.press("ArrowDown", "Enter")

    assert box.input_value() == code
    assert tab.path == "/requests/new"
    assert tab.page.evaluate("document.activeElement.name") == field
