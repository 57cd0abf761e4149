"""The reader of a bulletin in a browser: contents that follow, the filter of codes, citations."""

import re
from urllib.parse import quote

import pytest

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
BULLETIN = "/policies/0298/v2"
TYPED = [
    "97545", "9754", "s13.4xxa", "S13", "Z51.89", "Z51.899", "z51", "J1745", "J17.45", "K50.011",
    "k50", "L40", "not covered", "history NOT", "Z56 employment", "anvil", "each", "5",
]  # fmt: skip
CURRENT = "[data-follow] [aria-current]"


def current(tab):
    """The entry of the contents that is marked, once the page has settled."""
    tab.page.wait_for_timeout(150)
    marked = tab.page.locator(CURRENT)
    assert marked.count() == 1
    return marked.get_attribute("href")


def scroll_to(tab, anchor):
    tab.page.evaluate(
        "anchor => scrollTo(0, document.getElementById(anchor).getBoundingClientRect().top"
        " + scrollY - innerHeight / 5)",
        anchor,
    )


def test_the_contents_follow_the_reading_there_and_back(new_tab):
    tab = new_tab("rokafor")
    tab.open(BULLETIN)
    assert current(tab) == "#policy"

    for anchor in ("limitations", "codes", "limitations"):
        scroll_to(tab, anchor)
        assert current(tab) == f"#{anchor}"

    tab.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert current(tab) == "#references"
    tab.page.evaluate("scrollTo(0, 0)")
    assert current(tab) == "#policy"
    assert tab.errors == []


def test_the_contents_are_reached_by_keyboard(new_tab):
    tab = new_tab("rokafor")
    tab.open(BULLETIN)
    tab.page.locator("[data-follow] a[href='#codes']").focus()
    tab.press("Enter")

    assert tab.path == f"{BULLETIN}#codes"
    assert current(tab) == "#codes"


def test_a_long_list_of_contents_scrolls_to_what_is_read(new_tab):
    tab = new_tab("rokafor")
    tab.page.set_viewport_size({"width": 1280, "height": 260})
    tab.open("/policies/1240/")
    scroll_to(tab, "references")

    assert current(tab) == "#references"
    rail, entry = tab.page.locator("[data-follow]"), tab.page.locator(CURRENT)
    assert entry.bounding_box()["y"] >= rail.bounding_box()["y"]
    assert entry.bounding_box()["y"] <= rail.bounding_box()["y"] + rail.bounding_box()["height"]


def test_the_code_one_came_with_is_in_view_and_n_leads_on(new_tab):
    tab = new_tab("rokafor")
    tab.open(f"{BULLETIN}?code=97545")
    row = tab.page.locator("tr.hit")

    assert row.count() == 1
    box = row.bounding_box()
    assert 0 < box["y"] < 900

    tab.press("n")
    assert tab.page.evaluate("document.activeElement.className") == "hit"
    assert tab.page.locator("#said").inner_text().startswith("Row 1 of 1 that name it: 97545")


@pytest.mark.parametrize("address", ["/policies/1240/v1", BULLETIN])
def test_typing_leaves_the_same_rows_as_the_server(address, new_tab):
    tab = new_tab("rokafor")
    tab.open(address)
    whole = tab.page.locator("tr[id^=code-row-]").count()
    counts = set()
    for typed in TYPED:
        tab.page.fill("#code-filter", typed)
        tab.page.wait_for_timeout(50)
        shown = tab.page.evaluate(
            "[...document.querySelectorAll('tr[id^=code-row-]')]"
            ".filter(row => row.checkVisibility()).map(row => row.id)"
        )
        said = tab.page.locator("#code-filter-form [role=status]").inner_text()
        served = tab.page.request.get(f"{tab.address}{address}?filter={quote(typed)}").text()

        assert shown == re.findall(r'<tr id="(code-row-\d+)"', served), typed
        assert said == re.search(r'<span role="status">([^<]*)</span></form>', served)[1], typed
        groups = tab.page.locator("tr.group:not(.scope):visible").count()
        assert groups == len(re.findall(r'id="code-group-', served)), typed
        counts.add(len(shown))
    assert {0, 1} < counts
    tab.page.fill("#code-filter", "")
    tab.page.wait_for_timeout(50)
    assert tab.page.locator("tr[id^=code-row-]:visible").count() == whole


def test_a_passage_is_copied_as_words_and_as_html(new_tab):
    tab = new_tab("rokafor", **CLIPBOARD)
    tab.open(BULLETIN)
    tab.page.hover("#limitations-1")
    tab.page.click("#limitations-1 .anchor")
    tab.page.locator("#limitations-1 .anchor[data-done]").wait_for()

    copied = tab.page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n")
    html = tab.page.evaluate(
        "navigator.clipboard.read().then(async ([one]) => (await one.getType('text/html')).text())"
    )
    assert copied.startswith("“The following are vocational services.")
    assert f"{tab.address}{BULLETIN}#limitations-1" in copied
    assert f'href="{tab.address}{BULLETIN}#limitations-1"' in html
    assert tab.page.locator("#said").inner_text().startswith("Copied: 0298 version 2, limitation")
    assert tab.path == BULLETIN

    tab.open(f"{BULLETIN}/cite/limitations-1")
    by_hand = tab.page.locator("#citation").inner_text()
    assert by_hand.strip() == copied.strip()


def test_a_citation_is_had_without_a_script(new_tab):
    tab = new_tab("rokafor", java_script_enabled=False)
    tab.open(BULLETIN)
    tab.page.hover("#code-row-1")
    tab.page.click("#code-row-1 .anchor")

    assert tab.path == f"{BULLETIN}/cite/code-row-1"
    assert "SHA-256 of the version's content" in tab.text()


@pytest.mark.parametrize("path", [BULLETIN, f"{BULLETIN}/cite/limitations-1"])
def test_the_reader_meets_the_standard(path, new_tab):
    tab = new_tab("rokafor")
    tab.open(path)

    assert tab.problems() == []
