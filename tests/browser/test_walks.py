"""Work as people do it, through the pages: by mouse, by keyboard, and without JavaScript."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reviewer.demonstration import PASSWORD
from reviewer.models import Appeal, Determination, Member, Provider, Request
from tests.browser.browsing import Tab
from tests.browser.forms import choose, fill, reason

WORDS = (
    "Work hardening and work conditioning programs, whether billed by the session or by the hour"
)


def test_slash_leads_to_the_search_and_a_code_to_its_page(new_tab):
    tab = new_tab("rokafor")
    tab.open("/")
    tab.press("/")

    assert tab.page.evaluate("document.activeElement.name") == "q"

    tab.page.keyboard.type("97545")
    tab.press("Enter")
    tab.arrive("**/codes/cpt/97545/")
    assert "97545" in tab.text()
    assert tab.errors == []


def test_a_denial_is_appealed_and_overturned_by_someone_uninvolved(new_tab):
    request = enter_and_refer(new_tab("rokafor"))
    denial = deny(new_tab("mlindqvist"), request)
    appeal = appeal_and_assign(new_tab("lfisk"), denial)
    overturn(new_tab("sadeyemi"), appeal)

    denial.refresh_from_db()
    tab = new_tab("ivolk")
    tab.open(denial.get_absolute_url())
    assert "Replaced." in tab.text()
    assert "replaced" in tab.page.locator("#verified").inner_text()
    tab.click("Open it", "link")
    assert tab.page.locator("h1").inner_text().startswith("Approved")
    assert "active" in tab.page.locator("#verified").inner_text()
    assert tab.problems() == []


def enter_and_refer(tab: Tab) -> Request:
    """A nurse enters a request, takes it, finds no way to deny it, and refers it."""
    member = Member.objects.get(family_name="Farrow")
    now = timezone.localtime()
    tab.open("/requests/new")
    fill(tab, member__number=member.number)
    tab.press("Tab")
    tab.page.locator("#member-known").get_by_text(str(member)).wait_for()
    choose(tab, member__coverage=member.coverages.get().pk)
    fill(
        tab,
        requesting__npi=Provider.objects.get(name="Harbor Orthopedics").npi,
        servicing__npi=Provider.objects.get(name="Worklink Return to Work Center").npi,
        summary="Lumbar sprain. Work hardening is asked for before return to the dock.",
        received_at=f"{now - timedelta(hours=2):%Y-%m-%dT%H:%M}",
        diagnoses__0__code="S33.5XXD",
        lines__0__code="97545",
        lines__0__units=12,
        lines__0__starts_on=now.date(),
        lines__0__ends_on=now.date() + timedelta(days=30),
    )
    tab.page.locator("#requesting-known").get_by_text("Harbor Orthopedics").wait_for()
    choose(tab, review_type="prospective", channel="fax", urgency="standard")
    tab.click("Enter the request")
    tab.arrive("**/requests/R-*")
    request = Request.objects.get(number=tab.path.rpartition("/")[2])
    tab.click("Take this request")
    tab.page.locator("main").get_by_text("Rosa Okafor").first.wait_for()

    tab.open(f"{request.get_absolute_url()}/lines/1/determination")
    assert tab.page.locator("[name=outcome] option").all_inner_texts() == ["Approved"]
    assert tab.page.locator("[name=ground]").count() == 0

    tab.open(request.get_absolute_url())
    assert tab.page.get_by_role("button", name="Deny").count() == 0
    tab.click("Refer to a physician", "link")
    choose(tab, recommendation="deny")
    fill(tab, reasons="The goals are those of the job.", specialty="Physical medicine")
    tab.page.click("main form button.main")
    tab.arrive(f"**{request.get_absolute_url()}")
    request.refresh_from_db()
    assert request.state == Request.State.REFERRED
    assert tab.errors == []
    return request


def deny(tab: Tab, request: Request) -> Determination:
    """A physician takes the request and signs a denial by a passage."""
    tab.open(request.get_absolute_url())
    tab.click("Take this request")
    tab.page.locator("main").get_by_text("Maya Lindqvist").first.wait_for()
    tab.open(f"{request.get_absolute_url()}/lines/1/determination")
    choose(tab, ground="medical_necessity", outcome="denied")
    reason(tab, "reason", "M01")
    tab.page.locator("label", has_text=WORDS).locator("input[name=passages]").first.check()
    fill(
        tab,
        rationale_clinical="Every goal of the plan of care is a task of the job.",
        rationale_plain="This program is for a job. Your plan does not pay for job programs.",
        password=PASSWORD,
    )
    tab.page.click("aside button.main")
    tab.arrive("**/determinations/*")
    determination = Determination.objects.get(line__request=request)
    assert determination.outcome == "denied"
    assert determination.citations.get().quote.startswith(WORDS)
    assert WORDS in tab.text()
    assert tab.errors == []
    return determination


def appeal_and_assign(tab: Tab, denial: Determination) -> Appeal:
    """A coordinator enters the appeal; nobody involved, and nobody under them, is offered."""
    tab.open(denial.get_absolute_url())
    tab.click("Enter an appeal", "link")
    choose(tab, initiator="member", channel="mail", urgency="standard")
    fill(
        tab,
        initiator_name="Otis Farrow",
        received_at=f"{timezone.localtime():%Y-%m-%dT%H:%M}",
        grounds="The program helps me to lift my child.",
    )
    choose(tab, plan_levels="1")  # asked once the rules of where it goes need it
    tab.page.wait_for_timeout(1500)  # the limit is shown while one types, and asked for once more
    tab.page.wait_for_load_state("networkidle")
    tab.click("Enter the appeal")
    tab.arrive("**/appeals/A-*")
    appeal = Appeal.objects.get(determination=denial)
    tab.open(f"{appeal.get_absolute_url()}/assign")
    offered = " ".join(tab.page.locator("main form label").all_inner_texts())
    assert "Samuel Adeyemi" in offered
    for involved in ("Maya Lindqvist", "Nora Whitfield", "Priya Raman", "Rosa Okafor"):
        assert involved not in offered
    tab.page.get_by_label("Samuel Adeyemi").check()
    tab.click("Assign the appeal")
    tab.arrive(f"**{appeal.get_absolute_url()}")
    assert tab.errors == []
    return appeal


def overturn(tab: Tab, appeal: Appeal):
    """Another physician overturns: all that was asked for is approved."""
    tab.open(f"{appeal.get_absolute_url()}/decide")
    choose(tab, outcome="overturned", root_cause="new_information")
    fill(
        tab,
        substance="A new plan of care with goals for daily living came with the appeal.",
        rationale_clinical="The new plan names goals for daily living.",
        rationale_plain="We read your new plan. Your plan pays for this.",
    )
    if not tab.page.locator("details.new-decision").evaluate("details => details.open"):
        tab.page.click("details.new-decision > summary")
    tab.page.locator("[name='new-ground']").first.check()
    choose(tab, new__outcome="approved")
    reason(tab, "new-reason", "A03")
    fill(
        tab,
        new__rationale_clinical="Goals for daily living; all of it is approved.",
        new__rationale_plain="Your plan pays for all of it.",
        password=PASSWORD,
    )
    tab.page.click("aside button.main")
    tab.arrive(f"**{appeal.get_absolute_url()}")
    assert "Overturned" in tab.text()
    assert tab.errors == []


def test_a_request_is_taken_by_keyboard_alone(new_tab):
    tab = new_tab("rokafor")
    tab.open("/")
    tab.press("g", "q")
    tab.arrive("**/queue")
    for _ in range(40):
        tab.press("j")
        if "Received" in tab.page.locator("tr[aria-selected=true]").inner_text():
            break
    tab.press("Enter")
    tab.arrive("**/requests/R-*")
    for _ in range(60):
        tab.press("Tab")
        focused = tab.page.evaluate("document.activeElement.textContent.trim()")
        if focused.startswith("Take this request"):
            break
    tab.press("Enter")

    tab.page.locator("main").get_by_text("Rosa Okafor").first.wait_for()
    taken = Request.objects.get(number=tab.path.rpartition("/")[2])
    assert taken.state == Request.State.IN_REVIEW
    assert taken.assigned_to.user.username == "rokafor"
    assert tab.errors == []


@pytest.fixture
def plain_tab(new_tab):
    """A tab without JavaScript, signed in by the form."""
    tab = new_tab(java_script_enabled=False)
    tab.open("/accounts/login/")
    fill(tab, login="jsantos", password=PASSWORD)
    tab.click("Sign in")
    tab.arrive(f"{tab.address}/")
    return tab


def test_without_javascript_a_code_leads_to_its_bulletin(plain_tab):
    fill(plain_tab, q="97545")
    plain_tab.page.press("[name=q]", "Enter")
    plain_tab.arrive("**/codes/cpt/97545/")
    plain_tab.page.locator("main a[href*='/policies/0298/v2']").first.click()
    plain_tab.arrive("**/policies/0298/v2*")

    assert "Work hardening and work conditioning programs" in plain_tab.text()


def test_without_javascript_a_request_is_taken(plain_tab):
    waiting = Request.objects.filter(
        state=Request.State.RECEIVED, line_of_business="commercial_insured"
    )
    request = waiting.first()
    plain_tab.open("/queue")
    plain_tab.page.locator(f"main a[href='{request.get_absolute_url()}']").first.click()
    plain_tab.arrive(f"**{request.get_absolute_url()}")
    plain_tab.click("Take this request")

    plain_tab.page.locator("main").get_by_text("Joy Santos").first.wait_for()
    request.refresh_from_db()
    assert request.assigned_to.user.username == "jsantos"
