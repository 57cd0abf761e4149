"""The database restarts while someone types: the page says so, and nothing is lost.

The server is the embedded one that the tests run on. Its keeper is halted, so that it stays away
for as long as the test looks at the page, and starts it again as after any fall.
"""

import os
import signal
import time

import pytest
from django.db import connections

from reviewer import local_postgres
from tests.browser.hands import Referring, request_in_hand
from tests.browser.test_kept_forms import WORDS, without_script

pytestmark = pytest.mark.skipif(
    not local_postgres.is_used(), reason="DATABASE_URL: only the embedded server may be stopped"
)
SECONDS = 20


class Server:
    """The embedded Postgres, stopped and started."""

    def __init__(self):
        home = local_postgres.from_environment().home
        self.keeper = int((home / "keeper").read_text())
        self.pid_file = home / "data" / "postmaster.pid"

    def stop(self):
        postmaster = int(self.pid_file.read_text().partition("\n")[0])
        os.kill(self.keeper, signal.SIGSTOP)
        os.kill(postmaster, signal.SIGINT)
        until = time.monotonic() + SECONDS
        while self.pid_file.exists():
            assert time.monotonic() < until, "the server does not end"
            time.sleep(0.02)

    def start(self):
        """Let its keeper go on, and wait until it answers."""
        os.kill(self.keeper, signal.SIGCONT)
        connections.close_all()
        postgres = local_postgres.from_environment()
        until = time.monotonic() + SECONDS
        while not postgres._is_ready():
            assert time.monotonic() < until, "the server does not come back"
            time.sleep(0.02)


@pytest.fixture
def form(new_tab):
    return Referring(new_tab("rokafor"), request_in_hand())


@pytest.fixture
def server(form):
    """Running before and after, whatever the test does."""
    server = Server()
    yield server
    server.start()


def test_what_is_typed_meanwhile_is_still_there_and_is_sent_once_afterwards(form, server):
    form.type(WORDS)
    server.stop()
    form.send()
    form.says("Not sent and not kept: the site does not answer. What you typed is still here")
    assert form.words == WORDS

    server.start()
    form.keep()
    form.says("It is not sent yet")
    form.send()

    assert form.sent_once()


def test_control_without_the_script_a_page_says_so_but_the_words_are_gone(form, server):
    without_script(form.tab.page)
    form.open()
    form.type(WORDS)
    server.stop()
    form.send()
    form.tab.page.get_by_text("database").first.wait_for()

    server.start()
    form.open()

    assert form.words == ""
