"""A key says "read": on the page of a bulletin, in the lists, and without JavaScript."""

from datetime import timedelta

import pytest
from django.utils import timezone

from policies.models import Acknowledgment, Version
from policies.readers import acknowledge
from reviewer.demonstration import PASSWORD
from reviewer.models import Reviewer

BANNER = "Changed since you last read it"


def reads_the_first(username):
    """The person read the first version of 0298, long before the second took effect."""
    reader = Reviewer.objects.get(user__username=username).user
    first = Version.objects.get(bulletin__number="0298", ordinal=1)
    acknowledge(version=first, reader=reader, at=timezone.now() - timedelta(days=90))
    return Acknowledgment.objects.filter(reader=reader, version__ordinal=2)


def test_a_bulletin_is_acknowledged_by_one_key(new_tab):
    read = reads_the_first("jsantos")
    tab = new_tab("jsantos")
    tab.open("/policies/0298/")
    assert BANNER in tab.text()
    assert tab.problems() == []

    tab.press("a")
    tab.page.get_by_text("Acknowledged.").wait_for()
    tab.press("a")

    assert BANNER not in tab.text()
    assert read.count() == 1
    assert tab.problems() == []
    tab.open("/policies/0298/")
    assert BANNER not in tab.text()


def test_a_letter_typed_into_a_field_acknowledges_nothing(new_tab):
    read = reads_the_first("tbrandt")
    tab = new_tab("tbrandt")
    tab.open("/policies/0298/")
    tab.page.fill("#as-of", "")
    tab.page.focus("#as-of")
    tab.press("a")

    assert tab.page.input_value("#as-of") == "a"
    assert read.count() == 0


@pytest.mark.parametrize(
    ("where", "username"), [("/policies/", "nwhitfield"), ("/policies/new?back=0", "sadeyemi")]
)
def test_a_row_of_a_list_is_acknowledged_by_keys_alone(where, username, new_tab):
    read = reads_the_first(username)
    tab = new_tab(username)
    tab.open(where)
    tab.press("a")
    assert read.count() == 0
    for _ in range(30):
        tab.press("j")
        if "changed since you read" in tab.page.locator("tr[aria-selected=true]").inner_text():
            break

    tab.press("a")

    tab.page.locator("tr[aria-selected=true]").get_by_text("version 2 read on").wait_for()
    assert read.count() == 1
    assert tab.problems() == []


def test_without_javascript_a_button_acknowledges(new_tab):
    read = reads_the_first("gmoreno")
    tab = new_tab(java_script_enabled=False)
    tab.open("/accounts/login/?next=/policies/0298/")
    tab.page.fill("[name=login]", "gmoreno")
    tab.page.fill("[name=password]", PASSWORD)
    tab.click("Sign in")
    tab.arrive("**/policies/0298/")
    tab.page.click("#changed-since button")
    tab.arrive("**/policies/0298/")

    assert BANNER not in tab.text()
    assert read.count() == 1
