"""What a reader sees of a bulletin that changed since they last read it, and the key for it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from policies.models import Acknowledgment
from tests.policies.library import draft, lamps, published

pytestmark = pytest.mark.django_db

LONGER = lamps(
    criteria="1. The room is dark; and\n      2. The member reads; and\n      3. Nobody sleeps."
)
ACKNOWLEDGE = "/policies/0907/v2/acknowledge"
BANNER = "Changed since you last read it"


@pytest.fixture
def reader(nurse, sign_in):
    return sign_in(nurse)


@pytest.fixture
def changed(reader):
    """A second version of a bulletin whose first the reader has opened."""
    published(effective_from=date(2025, 1, 1))
    reader.get("/policies/0907/")
    return published(LONGER, effective_from=date(2026, 1, 1), change_note="Nobody may sleep.")


def text(response):
    return " ".join(response.content.decode().split())


def test_banner_says_what_was_read_when_and_what_changed(reader, changed):
    page = text(reader.get("/policies/0907/"))

    assert (
        f"<b>{BANNER}</b> (version 1, on <time>{timezone.localdate()}</time>): 1 tightened" in page
    )
    assert "“Nobody may sleep.”" in page
    assert 'href="/policies/0907/compare/1/2"' in page
    assert f'action="{ACKNOWLEDGE}"' in page


def test_first_visit_has_no_banner_and_is_noted_once(reader):
    published()

    assert BANNER not in text(reader.get("/policies/0907/"))
    assert BANNER not in text(reader.get("/policies/0907/v1"))
    assert Acknowledgment.objects.count() == 1


def test_visiting_again_keeps_the_banner(reader, changed):
    reader.get("/policies/0907/")

    assert BANNER in text(reader.get("/policies/0907/v2"))


def test_older_version_has_no_banner(reader, changed):
    assert BANNER not in text(reader.get("/policies/0907/v1"))


def test_older_version_read_first_leaves_the_newest_unread(reader):
    published(effective_from=date(2025, 1, 1))
    published(LONGER, effective_from=date(2026, 1, 1))

    reader.get("/policies/0907/v1")
    reader.get("/policies/0907/?on=2025-06-01")

    assert not Acknowledgment.objects.exists()


@pytest.mark.parametrize("method", ["head", "prefetch"])
def test_page_that_nobody_saw_is_not_read(method, reader):
    published()

    if method == "head":
        reader.head("/policies/0907/")
    else:
        reader.get("/policies/0907/", headers={"Sec-Purpose": "prefetch"})

    assert not Acknowledgment.objects.exists()


def test_acknowledging_takes_the_banner_away_and_leads_back(reader, changed):
    response = reader.post(ACKNOWLEDGE, {"next": "/policies/?words=lamps"})

    assert response.status_code == 302
    assert response.url == "/policies/?words=lamps"
    assert BANNER not in text(reader.get("/policies/0907/"))


def test_acknowledging_twice_changes_nothing(reader, changed):
    reader.post(ACKNOWLEDGE)
    first = Acknowledgment.objects.get(version=changed).at

    assert reader.post(ACKNOWLEDGE).url == "/policies/0907/v2"
    assert Acknowledgment.objects.get(version=changed).at == first


def test_acknowledging_leads_nowhere_else(reader, changed):
    assert (
        reader.post(ACKNOWLEDGE, {"next": "https://elsewhere.example/"}).url == "/policies/0907/v2"
    )


def test_fragment_says_that_it_is_acknowledged(reader, changed):
    banner = text(reader.post(ACKNOWLEDGE, headers={"HX-Request": "true"}))
    row = text(reader.post(ACKNOWLEDGE, {"row": "yes"}, headers={"HX-Request": "true"}))

    assert "Acknowledged." in banner
    assert 'id="changed-since"' in banner
    assert "version 2 read on" in row
    assert "<html" not in banner + row


def test_version_to_come_may_be_acknowledged_ahead(reader):
    published()
    reader.get("/policies/0907/")
    start = timezone.localdate() + timedelta(days=10)
    published(LONGER, effective_from=start)
    assert BANNER in text(reader.get("/policies/0907/v2"))
    assert BANNER not in text(reader.get("/policies/0907/"))

    reader.post(ACKNOWLEDGE)

    assert BANNER not in text(reader.get("/policies/0907/v2"))


def test_draft_is_neither_news_nor_acknowledged(policy_editor_client):
    published()
    policy_editor_client.get("/policies/0907/")
    draft(LONGER)

    assert BANNER not in text(policy_editor_client.get("/policies/0907/v2"))
    response = policy_editor_client.post(ACKNOWLEDGE)
    assert response.status_code == 409
    assert "it may still change" in text(response)


def test_draft_is_unknown_to_readers(reader):
    published()
    draft(LONGER)

    assert reader.post(ACKNOWLEDGE).status_code == 404


def test_unknown_bulletin_is_told(reader):
    assert reader.post("/policies/0999/v1/acknowledge").status_code == 404


def test_acknowledging_is_posted(reader, changed):
    assert reader.get(ACKNOWLEDGE).status_code == 405


def test_people_without_the_library_cannot_acknowledge(client, django_user_model, changed):
    client.force_login(django_user_model.objects.create_user("stranger"))

    assert client.post(ACKNOWLEDGE).status_code == 403


def test_another_person_has_marks_of_their_own(reader, changed, physician, sign_in):
    reader.post(ACKNOWLEDGE)

    assert BANNER not in text(sign_in(physician).get("/policies/0907/"))
    assert Acknowledgment.objects.filter(version=changed).count() == 2


@pytest.fixture
def policy_editor_client(cast, client):
    client.force_login(cast.policy_editor.user)
    return client
