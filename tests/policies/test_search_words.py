"""Which passages a question finds, in which order, and how a long one is shown."""

from datetime import date

import pytest

from policies.search import search
from tests.policies.library import lamps, published

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def anchors(words, **options):
    return [one.anchor for one in search(words, on=DAY, **options).passages]


def numbers(words, **options):
    return [one.number for one in search(words, on=DAY, **options).bulletins]


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ('"physical therapy"', True),
        ('"PHYSICAL THERAPY"', True),
        ('"therapy is not covered"', True),
        ('"physically therapy"', False),
        ('"physical therapies"', False),
        ('"therapy is covered"', False),
        ('"therapy physical"', False),
        ("physically therapies", True),
    ],
)
def test_an_exact_phrase_is_not_stemmed_and_keeps_its_small_words(words, is_found):
    published(lamps(limitation="Physical-therapy is not covered."))

    results = search(words, on=DAY)

    assert ("limitations-1" in [one.anchor for one in results.passages]) is is_found
    assert not results.is_any_word


def test_a_phrase_of_one_word_is_that_very_word():
    published(lamps(limitation="Wick holders are not covered."))

    assert anchors('"wick"') == ["limitations-1"]
    assert anchors('"wicks"') == []


def test_only_the_phrase_itself_is_marked():
    published(lamps(limitation="Therapy, physical or not, is physical therapy."))

    (passage,) = search('"physical therapy"', on=DAY).passages

    assert passage.snippet == "Therapy, physical or not, is <mark>physical therapy</mark>."


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("wicks -oil", ["0910"]),
        ('wicks -"lamp oil"', ["0910"]),
        ('wicks -"oil lamp"', ["0907", "0910"]),
        ("wicks -candle", ["0907"]),  # it stands in the title
        ("wicks -limitations", []),  # it stands in the heading above
    ],
)
def test_what_is_left_out_stands_neither_in_the_text_nor_above_it(words, found):
    published(lamps(limitation="Wicks in lamp oil are not covered."))
    published(lamps(number="0910", title="Candles", limitation="Wicks are not covered."))

    assert sorted(numbers(words)) == found


def test_either_of_two_words_is_enough_and_the_others_are_needed():
    published(lamps(limitation="Red wicks are not covered."))
    published(lamps(number="0910", limitation="Blue wicks are not covered."))
    published(lamps(number="0911", limitation="Green wicks are not covered."))
    published(lamps(number="0912", limitation="Red glass is not covered."))

    assert sorted(numbers("red or blue wicks")) == ["0907", "0910"]


def test_titles_come_before_headings_before_policy_before_background():
    published(lamps(number="0901", background="Wicks burn. Wicks, wicks, wicks."))
    published(lamps(number="0902", limitation="Wicks are not covered."))
    published(lamps(number="0904", title="Wicks"))
    heading = lamps(number="0903").replace(b"  4. Cosmetic", b"  4. Wicks")
    published(heading)

    assert numbers("wicks") == ["0904", "0903", "0902", "0901"]


def test_the_title_may_hold_some_of_the_words_and_a_passage_the_others():
    published(lamps(number="0901", background="Candles have wicks."))
    published(lamps(number="0902", title="Candles", limitation="Wicks are not covered."))

    results = search("candle wicks", on=DAY)

    assert [one.number for one in results.bulletins] == ["0902", "0901"]
    assert [one.anchor for one in results.bulletins[0].passages] == ["limitations-1"]
    assert not results.is_any_word


def test_bulletins_with_more_of_the_words_come_first_where_none_has_them_together():
    published(lamps(number="0901", limitation="Wicks are not covered."))
    published(lamps(number="0902", limitation="Wicks are not covered.", background="Of tin."))

    results = search("wicks tin", on=DAY)

    assert results.is_any_word
    assert [one.number for one in results.bulletins] == ["0902", "0901"]


def test_a_long_passage_is_cut_where_the_words_stand_and_the_cuts_are_seen():
    before, after = "Oil burns. " * 60, " Glass holds." * 60
    published(lamps(background=f"{before}A wick is twisted.{after}"))

    (passage,) = search("wick", on=DAY).passages

    assert passage.snippet.startswith("… ")
    assert passage.snippet.endswith(" …")
    assert "A <mark>wick</mark> is twisted." in passage.snippet
    assert len(passage.snippet) < 400


def test_the_stretch_with_most_of_the_words_is_shown():
    between = " Oil burns." * 80
    published(lamps(background=f"A wick.{between} A wick of cotton. {between}"))

    (passage,) = search("wick cotton", on=DAY).passages

    assert "<mark>wick</mark> of <mark>cotton</mark>" in passage.snippet


def test_a_short_passage_is_shown_whole():
    published(lamps(limitation="Wicks are not covered."))

    (passage,) = search("wicks", on=DAY).passages

    assert passage.snippet == "<mark>Wicks</mark> are not covered."


def test_words_beside_slashes_are_marked_and_the_slash_stays():
    published(lamps(limitation="Wick/oil-lamp sets are not covered."))

    (passage,) = search("oil", on=DAY).passages

    assert passage.snippet == "Wick/<mark>oil</mark>-lamp sets are not covered."


@pytest.mark.parametrize(
    ("words", "heading", "note"),
    [
        ("colored", "Policy Limitations and Exclusions", "Benefit exclusion"),
        ("golden", "Cosmetic", ""),  # the heading says it
        ("warm lamps", "Background", ""),
        ("candles", "Related Policies", ""),
    ],
)
def test_a_passage_says_on_what_ground_it_speaks(words, heading, note):
    published()

    passage = search(words, on=DAY).passages[0]

    assert (passage.heading, passage.note) == (heading, note)


# Slips of the pen


def test_a_slip_is_left_where_it_is_asked_for_as_typed():
    published()

    results = search("flickring", on=DAY, is_as_typed=True)

    assert (results.corrected_to, results.total) == (None, 0)


def test_where_little_is_found_the_likely_word_is_only_offered():
    published(lamps(background="Candelabrra shine."))
    for number in range(910, 914):
        published(lamps(number=f"0{number}", limitation="Candelabra are not covered."))

    results = search("candelabrra", on=DAY)

    assert (results.total, results.corrected_to, results.near) == (1, None, "candelabra")


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("lamsp", "lamps"),
        ("goldenlamps", "golden lamps"),
        ('lamsp "golden lamps"', 'lamps "golden lamps"'),
        ("lamsp -wicks", "lamps -wicks"),
    ],
)
def test_words_are_mended_one_by_one_and_marks_stay(typed, corrected):
    published()

    assert search(typed, on=DAY).corrected_to == corrected


def test_exact_phrases_are_never_mended():
    published()

    assert search('"goldn lamps"', on=DAY).corrected_to is None
