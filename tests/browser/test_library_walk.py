"""A changed bulletin from its file to its day, by two people of the policy staff."""

from datetime import timedelta

from django.utils import timezone

from policies.models import Version
from tests.browser.browsing import Tab
from tests.browser.test_walks import fill
from tests.factories import BULLETINS

# What the next version says otherwise; the last line is spoilt, and mended on the way.
CHANGED = {
    "Up to 8 further visits": "Up to 6 further visits",
    "M54.50, M54.59 Low": "M54.2 Neck pain [12 weeks or more]\nM54.50, M54.59 Low",
    "S8930 Electrical stimulation": "S893O Electrical stimulation",
}


def test_a_changed_bulletin_goes_from_its_file_to_its_day_by_two_people(new_tab):
    editor, approver = new_tab("postrom"), new_tab("hsato")

    version = upload(editor)
    mend(editor, version)
    confirm(editor, version)
    look(editor, version)
    submit(editor, version)
    approve(approver, version)
    schedule(approver, version)

    old = Version.objects.get(bulletin__number="1305", ordinal=1)
    start = timezone.localdate() + timedelta(days=60)
    assert (old.publication.ended_on, old.publication.successor) == (start, version)
    editor.open(change_page(version))
    assert f"Takes effect on {start}" in editor.text()
    assert editor.problems() == []
    assert approver.errors == []


def change_page(version: Version) -> str:
    return f"/admin/policies/version/{version.pk}/change/"


def upload(tab: Tab) -> Version:
    """What is no bulletin is refused and what was typed stays; the next file is read."""
    text = (BULLETINS / "1305-v1-acupuncture.txt").read_text()
    for before, after in CHANGED.items():
        assert text.count(before) == 1
        text = text.replace(before, after)
    tab.open("/admin/policies/version/")
    tab.click("Import a bulletin", "link")
    fill(tab, change_note="Six further visits instead of eight; neck pain is named.")
    choose_file(tab, "letter.txt", "Dear colleagues,\n\nthe text follows.\n")
    assert tab.page.input_value("[name=change_note]").startswith("Six further visits")
    choose_file(tab, "1305-v2.txt", text)
    tab.arrive("**/reading/")
    return Version.objects.get(bulletin__number="1305", ordinal=2)


def choose_file(tab: Tab, name: str, text: str) -> None:
    file = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    tab.page.set_input_files("[name=file]", file)
    tab.click("Read the file")


def mend(tab: Tab, version: Version) -> None:
    [doubt] = version.not_understood
    assert f"{version} is read. 1 line was not understood" in tab.text()
    tab.click(f"Mend line {doubt['line']}", "link")
    fill(tab, after=doubt["text"].replace("S893O", "S8930"), reason="A letter for a figure.")
    tab.page.click("button[value=mend]")
    tab.page.locator(".steps").get_by_text("Every line is placed, 1 mended.").wait_for()


def confirm(tab: Tab, version: Version) -> None:
    """Every criterion, also those that the reader doubted, and every stance."""
    tab.click("Confirm the criteria", "link")
    tab.arrive("**/criteria/")
    tab.page.click("button[value=all]")
    press_each(tab, "table.tree button[value^='confirm:']")
    tab.open(change_page(version))
    tab.click("Confirm the stances", "link")
    tab.arrive("**/stance-types/")
    press_each(tab, "button.main[value^='section:']")
    assert not version.criteria.filter(confirmed_at=None).exists()
    assert not version.passages.exclude(stance_type="").filter(stance_confirmed_at=None).exists()


def press_each(tab: Tab, buttons: str) -> None:
    """Press the first until there is none; each press takes its button away."""
    fewer = "([buttons, count]) => document.querySelectorAll(buttons).length < count"
    while count := tab.page.locator(buttons).count():
        tab.page.locator(buttons).first.click()
        tab.page.wait_for_function(fewer, arg=[buttons, count])


def look(tab: Tab, version: Version) -> None:
    """Compare, preview and impact lead from one to the next."""
    tab.open(change_page(version))
    tab.click("Compare it with version 1", "link")
    tab.arrive("**/policies/1305/compare/1/2")
    assert "Up to 6 further visits" in tab.text()
    tab.click("Next: preview it", "link")
    tab.arrive("**/policies/1305/v2")
    assert "Only policy staff see this version." in tab.text()
    tab.click("Next: see what it touches", "link")
    tab.arrive("**/impact/")
    assert "M54.2" in tab.text()
    assert "open requests that it reaches" in tab.text()
    assert tab.problems() == []


def submit(tab: Tab, version: Version) -> None:
    tab.click("Submit it for approval")
    tab.arrive(f"**{change_page(version)}")
    assert "You wrote it: a second person approves it." in tab.text()
    assert "Any edit withdraws the approval" in tab.text()
    assert tab.page.get_by_role("button", name="Approve it").count() == 0


def approve(tab: Tab, version: Version) -> None:
    tab.open(f"/admin/policies/version/{version.pk}/impact/")
    tab.click("Approve it")
    tab.arrive(f"**{change_page(version)}")
    assert "Hana Sato" in tab.page.locator(".steps").inner_text()


def schedule(tab: Tab, version: Version) -> None:
    """The day is asked for beside what it touches; then nothing changes any more."""
    tab.open(f"/admin/policies/version/{version.pk}/impact/")
    tab.click("Say when it takes effect")
    assert "1305 v1 ends on the day on which this one begins." in tab.text()
    fill(tab, effective_from=timezone.localdate() + timedelta(days=60))
    tab.click(f"Publish {version}")
    tab.arrive(f"**{change_page(version)}")
    version.refresh_from_db()
    assert version.stage(timezone.localdate()) == Version.Stage.SCHEDULED
    assert tab.page.locator("[name=_save]").count() == 0
