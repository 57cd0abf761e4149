"""Synonyms: what staff may keep, and what a search does with it."""

from datetime import date

import pytest

from policies.imports.demonstration import load_library
from policies.models import SynonymSet
from policies.search import search
from policies.synonyms import synonyms_of
from tests.policies.library import AT, lamps, published

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
ADD = "/admin/policies/synonymset/add/"


def kept(*terms):
    return SynonymSet.objects.create(terms=list(terms))


def anchors(words, **options):
    return [one.anchor for one in search(words, on=DAY, **options).passages]


# Searching


@pytest.mark.parametrize("typed", ["CGM", "cgm", "cgms", "sensor of glucose", "glucose sensors"])
def test_a_word_or_phrase_finds_what_means_the_same(typed):
    kept("CGM", "continuous glucose monitor", "Sensor of glucose", "glucose sensor")
    published(lamps(limitation="A continuous glucose monitor is not covered."))

    assert anchors(typed) == ["limitations-1"]


def test_the_page_is_told_what_was_also_looked_for():
    kept("CGM", "continuous glucose monitor")

    (also,) = search("CGM lamps", on=DAY).also

    assert (also.words, also.others) == ("CGM", ("continuous glucose monitor",))


def test_a_phrase_of_a_set_is_found_only_in_its_order():
    kept("CGM", "continuous glucose monitor")
    published(lamps(limitation="Monitor glucose in a continuous way."))

    assert anchors("CGM") == []


def test_other_words_must_stand_there_too():
    kept("CGM", "continuous glucose monitor")
    published(lamps(limitation="A continuous glucose monitor for wicks is not covered."))
    published(lamps(number="0910", limitation="A continuous glucose monitor is not covered."))

    (one,) = search("CGM wicks", on=DAY).bulletins

    assert one.number == "0907"
    assert [passage.anchor for passage in one.passages] == ["limitations-1"]


def test_the_words_of_a_phrase_still_find_themselves_apart():
    kept("CGM", "glucose monitor")
    published(lamps(limitation="A monitor that tells the glucose is not covered."))

    assert anchors("glucose monitor") == ["limitations-1"]


def test_an_exact_phrase_has_no_synonyms():
    kept("CGM", "continuous glucose monitor")
    published(lamps(limitation="A continuous glucose monitor is not covered."))

    assert anchors('"CGM"') == []


def test_synonyms_can_be_left_out():
    kept("CGM", "continuous glucose monitor")
    published(lamps(limitation="A continuous glucose monitor is not covered."))

    results = search("CGM", on=DAY, is_plain=True)

    assert results.passages == []
    assert results.also == ()


def test_the_longest_stretch_of_words_counts():
    kept("glucose monitor", "CGM")
    kept("glucose", "sugar")

    (meant,) = synonyms_of(["glucose", "monitor"])

    assert (meant.start, meant.end, meant.others) == (0, 2, ("CGM",))


def test_the_page_says_it_and_offers_to_search_without(nurse, sign_in):
    kept("CGM", "continuous glucose monitor")
    published(lamps(limitation="A continuous glucose monitor is not covered."))
    client = sign_in(nurse)

    page = client.get("/search", {"q": "CGM"}).content.decode()
    plain = client.get("/search", {"q": "CGM", "plain": "1"}).content.decode()

    assert "also searched for <b>continuous glucose monitor</b>" in page
    assert 'href="?q=CGM&amp;plain=1"' in page
    assert "also searched for" not in plain
    assert 'href="?q=CGM"' in plain


# Keeping


def test_an_editor_keeps_a_set(editor):
    response = editor.post(ADD, {"terms": " CGM \r\n\r\ncontinuous  glucose monitor", "note": ""})

    assert response.status_code == 302
    assert SynonymSet.objects.get().terms == ["CGM", "continuous glucose monitor"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("CGM", "Write two or more words or phrases, one a line."),
        ("CGM\ncgm", "“cgm” and “CGM” are the same to a search. Keep one of them."),
        ("CGM\nthe", "“the” holds no word that a search can look for. Take it out."),
        ("CGM\n--", "“--” holds no word that a search can look for. Take it out."),
        ("CGM\n" + "x" * 81, "has 81 characters. A term has 80 at most."),
        ("CGM\none two three four five six seven", "has more than 6 words"),
        ("CGM\nGas-Light", "“Gas-Light” stands in the set “gas light, gaslight” already."),
    ],
)
def test_a_mistake_is_named_and_nothing_is_lost(typed, sentence, editor):
    kept("gas light", "gaslight")

    page = editor.post(ADD, {"terms": typed, "note": "Mine."}).content.decode()

    assert sentence in page
    assert typed in page.replace("&#x27;", "'")
    assert "Mine." in page
    assert SynonymSet.objects.count() == 1


def test_a_set_is_no_obstacle_to_itself(editor):
    one = kept("CGM", "glucose monitor")

    editor.post(f"/admin/policies/synonymset/{one.pk}/change/", {"terms": "CGM\nglucose sensor"})

    one.refresh_from_db()
    assert one.terms == ["CGM", "glucose sensor"]


def test_sets_are_found_by_their_words(editor):
    kept("CGM", "glucose monitor")
    kept("lamp", "lantern")

    page = editor.get("/admin/policies/synonymset/?q=glucose").content.decode()

    assert "CGM, glucose monitor" in page
    assert "lantern" not in page


@pytest.mark.parametrize("person", ["policy_approver", "nurse", "administrator"])
def test_only_editors_keep_sets(person, cast, client):
    client.force_login(getattr(cast, person).user)

    assert client.get(ADD).status_code in (302, 403)
    assert client.post(ADD, {"terms": "a1\nb1", "note": ""}).status_code in (302, 403)
    assert not SynonymSet.objects.exists()


def test_the_demonstration_brings_its_sets_once():
    load_library(on=AT.date(), at=AT)
    count = SynonymSet.objects.count()
    load_library(on=AT.date(), at=AT)

    assert count > 5
    assert SynonymSet.objects.count() == count
