"""A whole approval by the keyboard alone: from my work to the letters, never a pointer."""

from reviewer.demonstration import PASSWORD
from reviewer.models import Determination
from tests.browser.browsing import Tab
from tests.browser.day import SAVED, enter_case, governing, key_of, stopped
from tests.browser.test_walk_approval import FOUND

KEYS = {"Met": "1", "Not met": "2", "Unclear": "3", "Not applicable": "4", "Does not apply": "2"}
MOST = 250  # presses of Tab from one end of the longest form to the other


def reach(tab: Tab, is_reached: str):
    """Press Tab until the element with the focus, `it`, is the one."""
    for _ in range(MOST):
        tab.press("Tab")
        if tab.page.evaluate(f"(it => {is_reached})(document.activeElement)"):
            return
    raise AssertionError(f"{is_reached} is not reached on {tab.path}")


def labeled(words: str) -> str:
    return f"it.textContent.trim().startsWith('{words}')"


def follow(tab: Tab, address: str):
    """Press the link to an address of the site."""
    reach(tab, f"it.pathname === '{address}'")
    tab.press("Enter")
    tab.arrive(f"**{address}")


def write(tab: Tab, **values: str):
    for name, words in values.items():
        reach(tab, f"it.name === '{name}'")
        tab.page.keyboard.type(words)


def test_a_case_is_approved_and_told_by_keyboard_alone(new_tab):
    case = enter_case("commercial_self_funded", claimed_by="jsantos")
    tab = new_tab("jsantos")
    tab.open("/")
    for _ in range(60):
        tab.press("j")
        if case.number in tab.page.locator("tr[aria-selected=true]").inner_text():
            break
    tab.press("Enter")
    tab.arrive(f"**{case.get_absolute_url()}")

    answer_by_keys(tab)
    sign_by_keys(tab)
    signed = Determination.objects.get(line__request=case)
    assert (signed.outcome, signed.signed_by.user.username) == ("approved", "jsantos")
    assert signed.reason.code == "A01"
    for recipient in ("member", "provider"):
        tell_by_keys(tab, signed, recipient)
    assert set(stopped(case).values()) == {True}
    assert tab.errors == []


def answer_by_keys(tab: Tab):
    """j to the next statement, a number for the finding."""
    version = governing()
    wanted = {f"c-{key_of(version, place.replace('_', '.'))}": KEYS[word]
              for place, word in FOUND.items()}  # fmt: skip
    current = tab.page.locator(".check[aria-current]")
    for _ in range(60):
        tab.press("j")
        now = current.get_attribute("id")
        if key := wanted.pop(now, ""):
            tab.press(key)
            tab.page.locator(f"#{now} [aria-pressed=true]").wait_for(timeout=SAVED)
        if not wanted:
            break
    assert wanted == {}


def sign_by_keys(tab: Tab):
    tab.press("d")
    tab.arrive("**/lines/1/determination")
    reach(tab, "it.name === 'outcome'")
    tab.page.keyboard.type("Approved")
    reach(tab, "it.name === 'reason'")
    tab.page.keyboard.type("A01")
    write(
        tab,
        rationale_clinical="Three weeks after a knee replacement, with measures and goals.",
        rationale_plain="Your plan pays for this therapy after your new knee.",
        password=PASSWORD,
    )
    reach(tab, labeled("Sign as"))
    tab.press("Enter")
    tab.arrive("**/determinations/*")


def tell_by_keys(tab: Tab, signed: Determination, recipient: str):
    if tab.path != signed.get_absolute_url():
        follow(tab, signed.get_absolute_url())
    follow(tab, f"{signed.get_absolute_url()}/notices/send")
    reach(tab, "it.name === 'recipient'")
    while tab.page.evaluate("document.activeElement.value") != recipient:
        tab.press("ArrowDown")
    tab.press("Space")
    reach(tab, "it.name === 'channel'")
    tab.page.keyboard.type("Mail")
    reach(tab, labeled("Record the notice as sent"))
    tab.press("Enter")
    tab.page.wait_for_load_state()
    tab.arrive(lambda address: not address.endswith("/send"))
