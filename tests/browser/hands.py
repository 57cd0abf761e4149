"""Requests in hand for the browser's tests, made from the people of the demonstration."""

from types import SimpleNamespace

from reviewer.models import Member, Provider, Reviewer
from tests import factories

NOTE = ".draft-note"
PATIENCE = 15_000  # milliseconds


def people():
    """Of the demonstration, under the names that factories ask for."""
    member = Member.objects.get(family_name="Castellan")
    return SimpleNamespace(
        intake=Reviewer.objects.get(user__username="ipardo"),
        nurse=Reviewer.objects.get(user__username="rokafor"),
        member=member,
        coverage=member.coverages.get(),
        clinic=Provider.objects.get(name="Harbor Orthopedics"),
        therapist=Provider.objects.get(name="Worklink Return to Work Center"),
    )


def request_in_hand():
    """In clinical review, Rosa Okafor's."""
    return factories.make_claimed(people())


class Referring:
    """The form by which a request is referred, in a tab."""

    def __init__(self, tab, request):
        self.tab, self.request = tab, request
        self.address = f"{request.get_absolute_url()}/refer"
        self.open()

    def open(self):
        assert self.tab.open(self.address) == 200

    @property
    def words(self):
        return self.tab.page.locator("[name=reasons]").input_value()

    def type(self, words):
        self.tab.page.check("[name=recommendation][value=deny]")
        self.tab.page.fill("[name=reasons]", words)

    def keep(self):
        """What the page does by itself three seconds after a key."""
        self.tab.page.evaluate("keep(document.querySelector('[name=draft]').form)")

    def send(self):
        self.tab.page.click("main form button.main", no_wait_after=True)

    def says(self, words):
        self.tab.page.locator(NOTE, has_text=words).wait_for(timeout=PATIENCE)

    def sent_once(self):
        self.tab.arrive(f"**{self.request.get_absolute_url()}")
        return self.request.referrals.count() == 1
