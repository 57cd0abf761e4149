"""An approval, from my work to the next case: read, answer, sign, tell."""

from reviewer.demonstration import PASSWORD
from reviewer.models import Determination
from tests.browser.day import SAVED, answer, enter_case, governing, kept, key_of, stopped
from tests.browser.forms import choose, fill, reason

MOTION = "criteria-I-A-2-a"
FOUND = {
    "I_A_1": "Met",
    "I_A_2_a": "Met",
    "I_A_2_e": "Met",
    "I_A_3_a": "Met",
    "I_A_4": "Met",
    "I_B": "Not applicable",
    "II_A": "Met",
    "II_B": "Not applicable",
    "II_C": "Not applicable",
    "III_A": "Does not apply",
    "III_B": "Does not apply",
    "III_C": "Does not apply",
    "III_D": "Does not apply",
    "IV_1": "Does not apply",
    "IV_2": "Does not apply",
    "IV_3": "Does not apply",
}


def test_an_approval_from_my_work_to_the_next_case(new_tab):
    case, version = enter_case("commercial_self_funded", claimed_by="jsantos"), governing()
    tab = new_tab("jsantos")
    tab.open("/")
    tab.page.locator(f"main a[href='{case.get_absolute_url()}']").first.click()
    tab.arrive(f"**{case.get_absolute_url()}")
    assert "0614 version 1, because this line of business goes by date of service" in tab.text()
    marked = tab.page.locator("#pane-passages tr.hit").first.inner_text()
    assert "Exact code" in marked
    assert "line 1" in marked
    assert "CPT codes covered if selection criteria are met" in tab.text()

    tab.click("Evaluation", "link")
    tab.page.locator("#document-pane .paper-head").wait_for(timeout=SAVED)
    answer(tab, version, **FOUND)
    row = tab.page.locator(f"#c-{key_of(version, 'I.A.2.a')}")
    row.locator(".points summary").click()
    row.get_by_role("button", name="Add the page that is open").click()
    row.locator(".chip").wait_for(timeout=SAVED)
    assert kept(case, version, "I.A.2.a").evidence.get().document.title == "Evaluation"

    tab.open(f"{case.get_absolute_url()}/lines/1/determination")
    assert "Plan of care" in tab.page.locator("main aside").inner_text()  # never opened: said
    choose(tab, outcome="approved")
    reason(tab, "reason", "A01")
    fill(
        tab,
        rationale_clinical="Three weeks after a knee replacement, with measures and goals.",
        rationale_plain="Your plan pays for this therapy after your new knee.",
        password=PASSWORD,
    )
    tab.page.click("aside button.main")
    tab.arrive("**/determinations/*")
    signed = Determination.objects.get(line__request=case)
    assert signed.authorization_number in tab.text()
    assert "active" in tab.page.locator("#verified").inner_text()
    assert tab.problems() == []
    address = f"{tab.address}{signed.get_absolute_url()}/capsule.json"
    capsule = tab.page.request.get(address).json()
    motion = next(one for one in capsule["criteria"]["statements"] if one["anchor"] == MOTION)
    assert (motion["finding"], motion["answered_by"]) == ("met", "jsantos")
    opened = {one["document"]: one["title"] for one in capsule["documents"]}
    assert [(opened[one["document"]], one["page"]) for one in motion["evidence"]] == [
        ("Evaluation", 1)
    ]

    assert stopped(case)["Decision"]
    tell(tab, signed, "member", "mail")
    assert stopped(case)["Notice to the member"]
    assert not stopped(case)["Notice to the provider"]
    tell(tab, signed, "provider", "fax")
    assert set(stopped(case).values()) == {True}

    tab.open("/")
    tab.click("Take the next")
    tab.arrive("**/requests/R-*")
    assert case.number not in tab.path
    assert tab.errors == []


def tell(tab, determination: Determination, recipient: str, channel: str):
    tab.open(f"{determination.get_absolute_url()}/notices/send")
    choose(tab, recipient=recipient, channel=channel)
    tab.click("Record the notice as sent")
    tab.arrive(lambda address: not address.endswith("/send"))
