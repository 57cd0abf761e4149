"""One intent, one effect: double clicks, retries, and another body under the same key."""

import re
import threading
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from reviewer.models import Intent, Member
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.reviewer.trial_urls")]


@pytest.fixture
def address(cast):
    return f"/trial/requests/{factories.make_request(cast).number}/renamed"


@pytest.fixture
def nurse_client(client, cast):
    client.force_login(cast.nurse.user)
    return client


def family_name():
    return Member.objects.get().family_name


def test_double_click_has_one_effect_and_the_same_answer(nurse_client, address):
    form = {"intent": uuid4(), "name": "s"}

    first, second = nurse_client.post(address, form), nurse_client.post(address, form)

    assert family_name() == "Winters"
    assert first["Location"] == second["Location"] == "/trial/plain"


def test_fragment_repeated_is_led_to_the_first_answer(nurse_client, address):
    form, htmx = {"intent": uuid4(), "name": "s"}, {"HX-Request": "true"}

    nurse_client.post(address, form, headers=htmx)
    second = nurse_client.post(address, form, headers=htmx)

    assert family_name() == "Winters"
    assert second["HX-Redirect"] == "/trial/plain"


def test_another_body_under_the_same_key_is_refused(nurse_client, address):
    key = uuid4()
    nurse_client.post(address, {"intent": key, "name": "s"})

    second = nurse_client.post(address, {"intent": key, "name": "ton"})

    assert second.status_code == 409
    assert "This form was sent already" in second.content.decode()
    assert family_name() == "Winters"


def test_same_key_at_another_address_is_refused(nurse_client, address, cast):
    form = {"intent": uuid4(), "name": "s"}
    nurse_client.post(address, form)
    other = f"/trial/requests/{factories.make_request(cast).number}/renamed"

    assert nurse_client.post(other, form).status_code == 409
    assert family_name() == "Winters"


def test_key_of_someone_else_is_another_intent(nurse_client, address, cast):
    form = {"intent": uuid4(), "name": "s"}
    nurse_client.post(address, form)
    nurse_client.force_login(cast.physician.user)

    nurse_client.post(address, form)

    assert family_name() == "Winterss"


def test_form_that_comes_back_for_mending_keeps_its_key_free(nurse_client, address):
    key = uuid4()
    wrong = nurse_client.post(address, {"intent": key, "name": "wrong"})
    assert wrong.status_code == 200
    assert not Intent.objects.exists()

    nurse_client.post(address, {"intent": key, "name": "s"})

    assert family_name() == "Winters"


@pytest.mark.parametrize("key", [{}, {"intent": ""}, {"intent": "not a key"}])
def test_form_without_a_key_is_not_carried_out(nurse_client, address, key):
    assert nurse_client.post(address, key | {"name": "s"}).status_code == 400
    assert family_name() == "Winter"


def test_tag_writes_a_new_key_each_time(nurse_client, address):
    pages = [
        nurse_client.post(address, {"intent": uuid4(), "name": "wrong"}).content.decode()
        for _ in range(2)
    ]

    keys = [re.search(r'name="intent" value="([0-9a-f-]{36})"', page)[1] for page in pages]
    assert keys[0] != keys[1]


def post_at_once(user, address, form, times):
    """The same form from as many clients at the same moment."""
    together, answers = threading.Barrier(times), []

    def send():
        browser = Client()
        browser.force_login(user)
        together.wait()
        answers.append(browser.post(address, form))
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_have_one_effect(cast, address):
    form = {"intent": str(uuid4()), "name": "s"}

    answers = post_at_once(cast.nurse.user, address, form, 4)

    assert [answer.status_code for answer in answers] == [302] * 4
    assert family_name() == "Winters"
    assert Intent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_different_keys_have_an_effect_each(cast, address):
    for _ in range(2):
        post_at_once(cast.nurse.user, address, {"intent": str(uuid4()), "name": "s"}, 1)

    assert family_name() == "Winterss"
