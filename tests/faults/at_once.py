"""Two at the same moment, each on a connection of its own; and the lock taken away."""

import re
import threading
from contextlib import suppress

from django.db import connections
from django.test import Client

from reviewer.workflow.errors import Refused

SECONDS = 10
HIDDEN = re.compile(
    r'name="intent" value="([^"]+)"><input type="hidden" name="draft" value="([^"]+)"'
)


def together(*acts):
    """What each act came to, all of them begun at the same moment."""
    ready, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def carry_out(place, act):
        ready.wait(SECONDS)
        try:
            outcomes[place] = act()
        except Refused as refusal:
            outcomes[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=carry_out, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def sent_together(*forms):
    """The answers to forms that were all open before any of them was sent, each in a browser of
    its own: who sends it, its address, and what they typed."""
    return together(*[opened(*form) for form in forms])


def opened(person, address, typed):
    browser = Client()
    browser.force_login(person.user)
    found = HIDDEN.search(browser.get(address).content.decode())
    hidden = {"intent": found[1], "draft": found[2]}
    return lambda: browser.post(address, hidden | typed)


def winners_and_losers(answers):
    """Where the winners were led, and the pages that the losers see."""
    led = [one["Location"] for one in answers if one.status_code == 302]
    return led, [one.content.decode() for one in answers if one.status_code == 200]


def take_lock_away(monkeypatch, write, *modules):
    """Let `lock` keep nobody back, and two meet just before they write."""
    meeting, going_on = threading.Barrier(2), getattr(modules[0], write)

    def met(*args, **kwargs):
        with suppress(threading.BrokenBarrierError):
            meeting.wait(SECONDS)
        return going_on(*args, **kwargs)

    def unlocked(request, *, by, needs):
        request.refresh_from_db()

    for module in modules:
        monkeypatch.setattr(module, "lock", unlocked)
        monkeypatch.setattr(module, write, met)
