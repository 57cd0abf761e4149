"""Two versions of a bulletin side by side."""

from datetime import date

import pytest

from tests.policies.library import draft, lamps, published
from tests.policies.pages import queries_of

pytestmark = pytest.mark.django_db

ADDRESS = "/policies/0907/compare/1/2"
LONGER = lamps(
    criteria="1. The room is dark; and\n      2. The member reads; and\n      3. Nobody sleeps.",
    codes="CPT codes covered if selection criteria are met:\n\n97110 Lamp exercises [by day]\n",
)


@pytest.fixture
def reader(nurse, sign_in):
    return sign_in(nurse)


@pytest.fixture
def two_versions():
    published(effective_from=date(2025, 1, 1))
    return published(LONGER, effective_from=date(2026, 1, 1), change_note="Nobody may sleep.")


def text(response):
    """The page with its blanks made single."""
    return " ".join(response.content.decode().split())


def test_page_names_both_versions_and_the_change_note(reader, two_versions):
    page = text(reader.get(ADDRESS))

    assert "<h1>Lamps: version 1 and version 2</h1>" in page
    assert "from <time>2025-01-01</time> to <time>2025-12-31</time>" in page
    assert "Version 2 took effect on <time>2026-01-01</time>." in page
    assert "“Nobody may sleep.”" in page


def test_changes_are_counted_by_class_and_lead_to_their_places(reader, two_versions):
    page = text(reader.get(ADDRESS))

    # One criterion more; a range and a group of diagnoses less.
    assert '<a href="#class-loosened"><b>2</b>loosened</a>' in page
    assert '<a href="#class-tightened"><b>2</b>tightened</a>' in page
    assert '<a href="#criteria-I-C">I.C</a>' in page
    assert 'id="criteria-I-C"' in page
    assert "tightened: a criterion was added to “all of these”" in page


def test_every_link_of_the_page_leads_to_a_place_on_it(reader, two_versions):
    response = reader.get(ADDRESS)
    page = response.content.decode()
    wanted = {one.split('"')[0] for one in page.split('href="#')[1:]} - {"main", "keys"}

    assert wanted
    assert [one for one in sorted(wanted) if f'id="{one}"' not in page] == []
    ids = [one.split('"')[0] for one in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_words_are_marked_and_the_rest_is_folded(reader, two_versions):
    page = text(reader.get(ADDRESS))

    assert "<ins>Nobody sleeps.</ins>" in page
    assert "No such criterion." in page
    assert "<summary>2 as before: passage 1 to I.A</summary>" in page


def test_codes_stand_with_their_stance_on_either_side(reader, two_versions):
    page = text(reader.get(ADDRESS))

    assert "<del>97112 - 97116</del>" in page
    assert "<ins>[by day]</ins>" in page
    assert "its brackets were added: read it" in page
    assert '<span class="quiet">Not listed</span>' in page


def test_rules_are_stated_on_the_page(reader, two_versions):
    page = text(reader.get(ADDRESS))

    assert "a criterion was added to “all of these”</li>" in page
    assert "no request may be decided by it" in page


def test_what_the_text_says_is_escaped(reader):
    published()
    published(lamps(background="Lamps are <b>warm</b>."), effective_from=date(2026, 2, 1))

    page = text(reader.get(ADDRESS))

    assert "&lt;b&gt;" in page.replace("</ins>", "").replace("<ins>", "")
    assert "<b>warm</b>" not in page


def test_versions_that_differ_in_nothing_say_so(reader):
    published()
    published(lamps() + b"\n", effective_from=date(2026, 2, 1))

    page = text(reader.get(ADDRESS))

    assert page.count("Nothing.") == 5
    assert "<ins>" not in page


def test_versions_in_the_wrong_order_are_told(reader, two_versions):
    response = reader.get("/policies/0907/compare/2/1")

    assert response.status_code == 404
    assert "Version 1 came before version 2" in text(response)
    assert f'<a href="{ADDRESS}">' in text(response)


def test_unknown_version_is_told_with_the_pairs_that_there_are(reader, two_versions):
    response = reader.get("/policies/0907/compare/1/7")

    assert response.status_code == 404
    assert "0907 has no version 7" in text(response)
    assert f'<a href="{ADDRESS}">Version 1 with version 2</a>' in text(response)


def test_same_version_twice_is_told(reader, two_versions):
    response = reader.get("/policies/0907/compare/2/2")

    assert response.status_code == 404
    assert "Version 2 cannot be compared with itself" in text(response)
    assert "Name two different versions" in text(response)


def test_only_version_has_nothing_to_be_compared_with(reader):
    published()

    response = reader.get(ADDRESS)

    assert response.status_code == 404
    assert "0907 has only version 1" in text(response)


def test_unknown_bulletin_is_told(reader):
    response = reader.get("/policies/0999/compare/1/2")

    assert response.status_code == 404
    assert "No bulletin has the number 0999" in text(response)


def test_versions_on_their_way_are_for_policy_staff(cast, client):
    published()
    draft(LONGER)

    client.force_login(cast.nurse.user)
    assert client.get(ADDRESS).status_code == 404
    client.force_login(cast.policy_editor.user)
    assert "Version 2 is not published (draft) and may still change." in text(client.get(ADDRESS))


def test_people_without_the_library_are_refused(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("stranger"))

    assert client.get(ADDRESS).status_code == 403


def test_page_is_for_reading(reader, two_versions):
    assert reader.post(ADDRESS).status_code == 405


def test_page_takes_as_many_queries_for_many_changes_as_for_few(reader):
    published()
    published(lamps(title="Lamps again"), effective_from=date(2026, 2, 1))
    published(LONGER, effective_from=date(2026, 3, 1))

    assert queries_of(reader, "/policies/0907/compare/1/2") == queries_of(
        reader, "/policies/0907/compare/1/3"
    )


def test_reader_of_a_version_is_led_to_the_comparison(reader, two_versions):
    newer = text(reader.get("/policies/0907/v2"))
    older = text(reader.get("/policies/0907/v1"))

    assert f'<a href="{ADDRESS}">Compare with version 1, word by word</a>' in newer
    assert f'<a href="{ADDRESS}">Compare with v1</a>' in older
    assert "word by word" not in older
