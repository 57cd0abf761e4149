"""Every page, in light and in dark: no barrier that axe knows, no broken policy, no error."""

import pytest

from policies.models import Version
from reviewer.models import Appeal, Determination, Request

State = Request.State


def a_request(**facts):
    return Request.objects.filter(**facts).by_time_left().first().get_absolute_url()


def in_hand(username):
    """A request that the person has taken and may decide."""
    states = [State.IN_REVIEW, State.REFERRED]
    return Request.objects.filter(assigned_to__user__username=username, state__in=states).first()


def to_sign(username):
    line = in_hand(username).lines.filter(active=None).first()
    return f"{in_hand(username).get_absolute_url()}/lines/{line.position}/determination"


def an_appeal(**facts):
    return Appeal.objects.filter(**facts).first().get_absolute_url()


def a_determination(**facts):
    return Determination.objects.filter(**facts).last().get_absolute_url()


# what it shows, who looks, where
PAGES = [
    ("my work", "rokafor", lambda: "/"),
    ("the queue", "mlindqvist", lambda: "/queue"),
    ("the board", "gmoreno", lambda: "/board"),
    ("what nobody has taken", "gmoreno", lambda: "/board/held/nobody-open"),
    ("an empty form of a request", "ipardo", lambda: "/requests/new"),
    ("a request in review", "rokafor", lambda: in_hand("rokafor").get_absolute_url()),
    ("clocks", "rokafor", lambda: f"{in_hand('rokafor').get_absolute_url()}/clocks"),
    ("clocks of an appeal", "lfisk", lambda: f"{an_appeal(state='received')}/clocks"),
    ("a request received", "rokafor", lambda: a_request(state=State.RECEIVED)),
    ("a request told", "ivolk", lambda: a_request(state=State.NOTIFIED)),
    ("a determination to sign", "mlindqvist", lambda: to_sign("mlindqvist")),
    ("a denial", "ivolk", lambda: a_determination(outcome="denied")),
    ("what follows an appeal", "lfisk", lambda: a_determination(appeal_decision__isnull=False)),
    ("the appeals", "lfisk", lambda: "/appeals/"),
    ("an appeal to assign", "lfisk", lambda: an_appeal(state="received")),
    ("an appeal decided", "lfisk", lambda: an_appeal(state="decided")),
    (
        "an appeal to decide",
        "sadeyemi",
        lambda: an_appeal(state="assigned", assigned_to__user__username="sadeyemi") + "/decide",
    ),
    ("the code systems", "rokafor", lambda: "/codes/"),
    ("a code", "rokafor", lambda: "/codes/cpt/97545/"),
    (
        "a pair",
        "rokafor",
        lambda: "/codes/cpt/97545/?diagnosis=S39.012A&line_of_business=marketplace",
    ),
    ("the bulletins", "rokafor", lambda: "/policies/"),
    ("the bulletins by letter", "postrom", lambda: "/policies/?letter=V&standing=superseded"),
    ("no bulletin found", "rokafor", lambda: "/policies/?letter=Q"),
    ("what is new", "rokafor", lambda: "/policies/new?back=0"),
    ("the review calendar", "postrom", lambda: "/policies/reviews"),
    ("the reviews overdue", "rokafor", lambda: "/policies/reviews?due=overdue"),
    ("a comparison by staff", "postrom", lambda: "/policies/0298/compare/2/1"),
    ("a bulletin", "rokafor", lambda: "/policies/0298/v2"),
    ("a long bulletin", "rokafor", lambda: "/policies/1240/v1"),
    ("two versions compared", "rokafor", lambda: "/policies/0614/compare/1/2"),
    ("found", "rokafor", lambda: "/search?q=physical+therapy"),
    ("nothing found", "rokafor", lambda: "/search?q=zzyzx"),
    ("the specimen", "rokafor", lambda: "/specimen"),
    ("the admin", "postrom", lambda: "/admin/"),
    (
        "a version in the admin",
        "postrom",
        lambda: f"/admin/policies/version/{Version.objects.first().pk}/change/",
    ),
]


@pytest.mark.parametrize(("who", "where"), [pytest.param(*it[1:], id=it[0]) for it in PAGES])
def test_page_is_sound(new_tab, who, where):
    tab = new_tab(who)

    assert tab.open(where()) == 200
    assert tab.problems() == []


WIDE_PAGES = [
    "/",
    "/queue",
    "/appeals/",
    "/policies/",
    "/policies/new",
    "/policies/reviews",
    "/policies/0298/compare/1/2",
    "/codes/cpt/97545/",
]


@pytest.mark.parametrize("where", WIDE_PAGES)
def test_page_fits_a_window_of_900_pixels(new_tab, where):
    tab = new_tab("rokafor")
    tab.page.set_viewport_size({"width": 900, "height": 900})
    tab.open(where)

    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 900


def test_sign_in_is_sound(new_tab):
    tab = new_tab()

    assert tab.open("/accounts/login/") == 200
    assert tab.problems() == []


def test_what_is_not_there_is_told_soundly(new_tab):
    tab = new_tab("rokafor")

    assert tab.open("/requests/R-00-00000") == 404
    assert tab.problems() == []


def test_what_is_not_allowed_is_told_soundly(new_tab):
    tab = new_tab("ivolk")

    assert tab.open("/requests/new") == 403
    assert tab.problems() == []


def test_form_of_a_request_with_errors_is_sound(new_tab):
    tab = new_tab("ipardo")
    tab.open("/requests/new")
    tab.page.locator("main form").first.evaluate("form => { form.noValidate = true }")
    tab.page.locator("main form button.main").first.click()

    tab.page.wait_for_selector(".errorlist, .error, [aria-invalid=true]")
    assert tab.path == "/requests/new"
    assert tab.problems() == []


def test_t_opens_the_arithmetic_of_the_row_over_the_page(new_tab):
    tab = new_tab("rokafor")
    tab.open("/")

    tab.press("j", "t")
    drawer = tab.page.locator("#drawer[open]")
    drawer.get_by_text("Why this time").wait_for()

    row = tab.page.locator('tr[aria-selected="true"] td:nth-child(2) a:not(.unfold)')
    assert row.inner_text() in drawer.inner_text()
    tab.press("Escape")
    assert tab.page.locator("#drawer[open]").count() == 0
    assert tab.path == "/"
    assert tab.errors == []


def test_a_click_on_time_left_opens_its_arithmetic(new_tab):
    tab = new_tab("rokafor")
    tab.open("/")

    tab.page.locator("a.clock[data-drawer]").first.click()

    tab.page.locator("#drawer[open]").get_by_text("Why this time").wait_for()
    assert tab.path == "/"
    assert tab.errors == []
