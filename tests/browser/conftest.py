"""A real browser against the real site, with the demonstration in its database."""

import os
import shutil

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from reviewer.models import Reviewer
from tests.browser.browsing import Tab
from tests.factories import loaded_demonstration

# Playwright's synchronous calls run inside a loop, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
NAMES = ["chromium", "chromium-browser", "google-chrome"]


@pytest.fixture(scope="package")
def browser():
    """Chromium, headless. Where there is none: a skip, but a failure in continuous integration."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        tell("No Chromium is installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=[*FLAGS, *as_root])
        yield started
        started.close()


@pytest.fixture(scope="package")
def site(browser, django_db_setup, django_db_blocker):
    """The address of the site, served by threads of this process."""
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()
    # Inside Playwright's loop Django keeps connections of their own: nobody else would close them.
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="package")
def demonstration(site, django_db_blocker):
    """The demonstration, loaded once for all the browser's tests."""
    with django_db_blocker.unblock(), loaded_demonstration():
        yield


@pytest.fixture
def new_tab(browser, site, demonstration):
    """Opens tabs: of a visitor, or of whom the username names."""
    contexts = []

    def open_tab(username=None, **options):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        if username:
            context.add_cookies([{"url": site, **session_cookie(username)}])
        return Tab(context.new_page(), site)

    yield open_tab
    for context in contexts:
        context.close()


def session_cookie(username):
    """The cookie of a session that has just begun."""
    client = Client()
    client.force_login(Reviewer.objects.get(user__username=username).user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return {"name": settings.SESSION_COOKIE_NAME, "value": cookie.value}
