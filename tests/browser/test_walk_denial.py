"""A denial: a nurse's referral, a physician's reading, a talk with the clinician, letters."""

from datetime import timedelta

from django.utils import timezone

from reviewer.demonstration import PASSWORD
from reviewer.models import Determination, Request
from tests.browser.browsing import Tab
from tests.browser.day import SAVED, answer, enter_case, governing, key_of, stopped
from tests.browser.forms import choose, fill, reason

GOALS = "The plan of care states a diagnosis, measurable goals"


def test_a_denial_goes_by_a_physician_and_a_talk(new_tab):
    case = enter_case("commercial_self_funded", claimed_by="rokafor")
    refer(new_tab("rokafor"), case)
    tab = new_tab("mlindqvist")
    take_and_read(tab, case)
    talk(tab, case)
    denial = deny(tab, case)
    letters(tab, case, denial)
    assert tab.errors == []


def refer(tab: Tab, case: Request):
    """What is not met, and a recommendation; there is no way to deny."""
    tab.open(case.get_absolute_url())
    answer(tab, governing(), I_A_1="Met", I_A_4="Not met")
    assert tab.page.get_by_role("button", name="Deny").count() == 0
    tab.open(f"{case.get_absolute_url()}/lines/1/determination")
    assert tab.page.locator("[name=outcome] option").all_inner_texts() == ["Approved"]

    tab.open(f"{case.get_absolute_url()}/refer")
    choose(tab, recommendation="deny")
    fill(
        tab,
        reasons="I.A.4: the plan of care names no measure.",
        specialty="Physical medicine and rehabilitation",
    )
    tab.page.click("main form button.main")
    tab.arrive(f"**{case.get_absolute_url()}")
    assert tab.errors == []


def take_and_read(tab: Tab, case: Request):
    tab.open(case.get_absolute_url())
    assert "I.A.4: the plan of care names no measure." in tab.text()
    tab.click("Take this request")
    tab.page.locator("main").get_by_text("Maya Lindqvist").first.wait_for()
    tab.click("Plan of care", "link")
    tab.page.locator("#document-pane .paper-head").wait_for(timeout=SAVED)
    row = tab.page.locator(f"#c-{key_of(governing(), 'I.A.4')}")
    assert row.locator("button[aria-pressed=true]").inner_text() == "Not met"


def talk(tab: Tab, case: Request):
    """Offered, attempted, held; the recommendation stands."""
    now = timezone.localtime()
    happened, later = (f"{one:%Y-%m-%dT%H:%M}" for one in (now, now + timedelta(hours=2)))
    steps = {
        "offered": {"words": "By telephone to the office."},
        "attempted": {"words": "No answer; word was left with the office."},
        "held": {"words": "More visits are wanted; no further measure is on record."},
    }
    for kind, said in steps.items():
        tab.open(f"{case.get_absolute_url()}/peer-to-peer?kind={kind}")
        fill(tab, clinician="L. Petrakis, MD", happened_at=happened, **said)
        if kind == "offered":
            fill(tab, proposed_for=later)
        if kind == "held":
            choose(tab, result="unchanged")
        tab.click("Record this step")
        tab.page.locator("main ol, main .timeline").get_by_text(said["words"]).first.wait_for()


def deny(tab: Tab, case: Request) -> Determination:
    """A reason that contradicts the answers is stopped, with nothing lost; then it is signed."""
    tab.open(f"{case.get_absolute_url()}/lines/1/determination")
    choose(tab, ground="medical_necessity", outcome="denied")
    reason(tab, "reason", "M01")
    tab.page.locator("label", has_text=GOALS).locator("input[name=passages]").first.check()
    fill(
        tab,
        rationale_clinical="Criterion I.A.1 is not met: no examination.",
        rationale_plain="Your record does not say how your therapist will measure your progress.",
        password=PASSWORD,
    )
    tab.page.click("aside button.main")
    tab.page.get_by_text("names criterion I.A.1, which is marked met").first.wait_for()
    assert tab.page.input_value("[name=rationale_clinical]").startswith("Criterion I.A.1")
    assert tab.page.locator("input[name=passages]:checked").count() == 1

    fill(tab, rationale_clinical="Criterion I.A.4 is not met: the goal has no measure.")
    tab.page.click("aside button.main")
    tab.arrive("**/determinations/*")
    denial = Determination.objects.get(line__request=case)
    assert denial.outcome == "denied"
    assert GOALS in tab.text()
    tab.open(f"{case.get_absolute_url()}/attention")
    assert "Plan of care" in tab.text()
    assert "Maya Lindqvist" in tab.text()
    return denial


def letters(tab: Tab, case: Request, denial: Determination):
    """Member and provider are told apart, and so are their clocks."""
    at = f"{denial.get_absolute_url()}/notices/send"
    tab.open(at)
    letter = tab.text()
    assert GOALS in letter
    assert "appeal" in letter.lower()
    assert stopped(case)["Decision"]
    for recipient, channel in (("member", "mail"), ("provider", "fax")):
        name = f"Notice to the {recipient}"
        assert not stopped(case)[name]
        tab.open(at)
        choose(tab, recipient=recipient, channel=channel)
        tab.click("Record the notice as sent")
        tab.arrive(lambda address: not address.endswith("/send"))
        assert stopped(case)[name]
