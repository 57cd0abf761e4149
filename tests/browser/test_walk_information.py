"""A request that lacks something: asked for from the open criteria, pended by law, and gone on."""

from reviewer.demonstration import PASSWORD
from reviewer.models import Determination, Request
from tests.browser.day import answer, enter_case, governing, key_of, stopped
from tests.browser.forms import choose, fill, reason

MEASURES = "A timed test of walking, rising or balance"


def test_a_request_waits_for_what_its_criteria_lack(new_tab):
    case, version = enter_case("commercial_self_funded", claimed_by="rokafor"), governing()
    tab = new_tab("rokafor")
    tab.open(case.get_absolute_url())
    answer(tab, version, I_A_1="Met", I_A_2_a="Met", I_A_2_e="Unclear", I_A_4="Met")

    tab.click("Ask for information", "link")
    tab.arrive("**/information")
    assert "Evaluation" in tab.text()  # what is there already is shown first
    offered = tab.page.locator("[name=criteria]")
    assert {one.get_attribute("value") for one in offered.all()} >= {
        str(key_of(version, "I.A.2.e")),
        str(key_of(version, "I.A.3.a")),
    }
    assert offered.locator(f"[value='{key_of(version, 'I.A.1')}']").count() == 0
    tab.page.check(f"[name=criteria][value='{key_of(version, 'I.A.2.e')}']")
    choose(tab, recipient="provider", channel="fax")
    tab.click("Record that this was asked for")
    tab.arrive(f"**{case.get_absolute_url()}")
    assert "Incomplete: information requested" in tab.text()
    assert not stopped(case)["Decision"]

    tab.open(f"{case.get_absolute_url()}/extend")
    choose(tab, ground="claimant_information_missing", channel="mail")
    fill(
        tab,
        why="The record states no timed test, and the policy asks for one of its measures.",
        wanted="A timed test of walking, rising or balance, with its date.",
    )
    tab.click("Extend and record the letter as sent")
    tab.arrive(f"**{case.get_absolute_url()}")
    assert "stopped by law until" in tab.text()
    tab.open("/")
    row = tab.page.locator(f"tr:has(a[href='{case.get_absolute_url()}'])").first
    assert "stopped by law until" in row.inner_text()

    tab.open(f"{case.get_absolute_url()}/information/received")
    assert MEASURES in tab.text()
    for box in tab.page.locator("[name=items]").all():
        box.check()
    fill(tab, what="Therapist's note of today, one page: timed walk 19 seconds.")
    tab.click("Record what was received")
    tab.arrive(f"**{case.get_absolute_url()}")
    case.refresh_from_db()
    assert case.state == Request.State.IN_REVIEW
    assert "stopped by law" not in tab.page.locator(".band, header").first.inner_text()

    answer(tab, version, I_A_2_e="Met", I_A_3_a="Met")
    tab.open(f"{case.get_absolute_url()}/lines/1/determination")
    choose(tab, outcome="approved")
    reason(tab, "reason", "A02")
    fill(
        tab,
        variance_reason="The visit limits do not concern a first course.",
        rationale_clinical="Measures, cause and plan are on record.",
        rationale_plain="Your plan pays for this therapy.",
        password=PASSWORD,
    )
    tab.page.click("aside button.main")
    tab.arrive("**/determinations/*")
    assert Determination.objects.get(line__request=case).outcome == "approved"
    assert stopped(case)["Decision"]
    assert tab.errors == []
