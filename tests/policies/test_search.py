"""One box: codes, beginnings of codes, numbers, words; safe snippets; slips of the pen."""

from datetime import date

import pytest

from policies.imports.code_sets import CodeLine, load_codes
from policies.publishing import retire
from policies.search import LONGEST, PAGE, search
from tests.policies.library import AT, draft, lamps, published

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def load(system, *codes):
    rows = [CodeLine(system, code, f"Meaning of {code}") for code in codes]
    load_codes(
        rows, system=system, release_name="Test", valid_from=date(2025, 10, 1),
        source="test", sha256=system.rjust(64, "0"), at=AT,
    )  # fmt: skip


def anchors(results):
    return [passage.anchor for passage in results.passages]


# Codes


@pytest.mark.parametrize("typed", ["S13.4XXA", "s134xxa", " S13.4XXA"])
def test_an_exact_code_is_found_with_its_meaning(typed):
    load("ICD-10-CM", "S13.4XXA", "S13.4XXD")

    code = search(typed, on=DAY).code

    assert (code.display, code.system) == ("S13.4XXA", "ICD-10-CM")
    assert code.descriptor == "Meaning of S13.4XXA"


def test_the_letter_o_is_read_as_zero():
    load("CPT", "97110")

    assert search("9711O", on=DAY).code.display == "97110"


@pytest.mark.parametrize(
    ("typed", "found"),
    [("97", ["97110", "97112"]), ("S13.4", ["S13.4XXA"]), ("s134", ["S13.4XXA"]), ("98", [])],
)
def test_the_beginning_of_a_code_finds_what_goes_on_from_it(typed, found):
    load("CPT", "97110", "97112", "99213")
    load("ICD-10-CM", "S13.4XXA", "S14.0")

    results = search(typed, on=DAY)

    assert (results.code, [code.display for code in results.codes]) == (None, found)


def test_an_exact_code_comes_with_those_below_it():
    load("ICD-10-CM", "S13.4", "S13.4XXA")

    results = search("S13.4", on=DAY)

    assert results.code.display == "S13.4"
    assert [code.display for code in results.codes] == ["S13.4XXA"]


def test_a_code_that_only_a_bulletin_names_is_found():
    published()

    code = search("97110", on=DAY).code

    assert (code.system, code.display, code.descriptor) == ("CPT", "97110", "")


# Numbers


@pytest.mark.parametrize("typed", ["0198", "198", "19", "01", "0"])
def test_a_number_is_found_with_its_zeros_or_without(typed):
    published(lamps(number="0198"))
    published(lamps(number="2000"))

    assert [bulletin.number for bulletin in search(typed, on=DAY).numbered] == ["0198"]


def test_a_bulletin_that_is_only_drafted_is_not_found():
    draft(lamps(number="0198"))

    assert search("0198", on=DAY).is_empty


# Words


def test_words_are_found_in_titles_headings_and_passages():
    published(lamps(title="Lanterns", limitation="Wicks are not covered."))

    assert [one.number for one in search("lantern", on=DAY).bulletins] == ["0907"]
    assert anchors(search("cosmetic", on=DAY))[0] == "cosmetic"
    assert anchors(search("wick", on=DAY)) == ["limitations-1"]


def test_headings_come_before_passages_and_policy_before_background():
    published(
        lamps(
            background="Golden lamps shine. Golden, golden, golden cosmetic lamps.",
            limitation="Cosmetic lamps are not covered.",
        )
    )

    results = search("cosmetic", on=DAY)

    # The heading, its own passage and the limitation in either order, then the background.
    assert anchors(results)[0] == "cosmetic"
    assert set(anchors(results)[1:3]) == {"cosmetic-1", "limitations-1"}
    assert results.bulletins[0].more == 1  # the background
    (every,) = search("cosmetic", on=DAY, within="0907").bulletins
    assert [one.anchor for one in every.passages][3:] == ["background-1"]
    assert [one.is_background for one in every.passages] == [False, False, False, True]


@pytest.mark.parametrize(
    ("start", "ended_on", "is_found"),
    [
        (date(2026, 1, 1), None, True),
        (None, None, True),
        (date(2026, 7, 1), None, False),
        (date(2025, 1, 1), date(2026, 1, 1), False),
        (None, date(2026, 1, 1), False),
    ],
)
def test_passages_are_of_versions_in_effect_or_undated(start, ended_on, is_found):
    version = published(lamps(limitation="Wicks are not covered."), effective_from=start)
    if ended_on:
        retire(version=version, on=ended_on, reason="Old.", by=None, at=AT)

    assert bool(search("wicks", on=DAY).passages) is is_found


def test_drafts_are_not_searched():
    draft(lamps(limitation="Wicks are not covered."))

    assert search("wicks", on=DAY).is_empty


@pytest.mark.parametrize("typed", ["knee", "hip", "post", "19", "x ray", "x-ray", "b"])
def test_hyphens_slashes_and_angles_part_words(typed):
    published(lamps(limitation="Hip/knee, post-COVID-19 and x-ray lamps <b> are not covered."))

    assert anchors(search(typed, on=DAY)) == ["limitations-1"]


def test_the_words_are_marked():
    published(lamps(limitation="Wicks are not covered."))

    (passage,) = search("wick", on=DAY).passages

    assert passage.snippet.startswith("<mark>Wicks</mark> are not covered")
    assert passage.get_absolute_url().endswith("#limitations-1")


@pytest.mark.parametrize(
    "text",
    [
        "Wicks <script>alert(1)</script> are not covered.",
        "Wicks &lt;b&gt; <img src=x onerror=alert(1)> are not covered.",
        "<b>Wicks</b> are \"not\" 'covered'.",
        "Wicks \ue000<i>\ue001 are not \ue001 covered \ue000.",
        "Wicks \ue000\ue000 are not \ue001 covered.",
    ],
)
def test_a_snippet_is_safe_html(text):
    published(lamps(limitation=text))

    (passage,) = search("wicks", on=DAY).passages

    unmarked = passage.snippet.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in unmarked
    assert "onerror=alert" not in unmarked or "&lt;img" in unmarked
    assert passage.snippet.count("<mark>") == passage.snippet.count("</mark>")
    assert "\ue000" not in passage.snippet
    assert "\ue001" not in passage.snippet


def test_bulletins_come_in_pages():
    for number in range(PAGE + 2):
        published(lamps(number=f"{1000 + number}", limitation="Wicks are not covered."))

    first, second = (search("wicks", on=DAY, page=page) for page in (1, 2))

    numbers = [one.number for one in (*first.bulletins, *second.bulletins)]
    assert numbers == [f"{1000 + number}" for number in range(PAGE + 2)]
    assert (first.total, first.pages, second.page) == (PAGE + 2, 2, 2)


def test_a_page_that_does_not_exist_is_the_first():
    published(lamps(limitation="Wicks are not covered."))

    assert search("wicks", on=DAY, page=9).page == 1


def test_a_long_bulletin_shows_its_best_places_and_says_how_many_more():
    published(lamps(limitation="\n\n    ".join(f"Wicks of sort {n}." for n in range(9))))

    (one,) = search("wicks", on=DAY).bulletins

    assert (len(one.passages), one.more) == (3, 6)
    assert len(search("wicks", on=DAY, within="0907").passages) == 9


# Slips of the pen


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("flickring", "flickering"),
        ("flickering lmaps", "flickering lamps"),
        ("unprovn lamps", "unproven lamps"),
    ],
)
def test_a_misspelt_word_is_corrected_and_said(typed, corrected):
    published()

    results = search(typed, on=DAY)

    assert results.corrected_to == corrected
    assert results.passages


def test_words_that_are_found_are_not_corrected():
    published()

    assert search("flickering lamps", on=DAY).corrected_to is None


def test_words_of_a_new_bulletin_are_known_at_once():
    published()
    assert search("candelabrum", on=DAY).is_empty
    published(lamps(number="0910", limitation="Candelabra are not covered."))

    assert search("candelabrra", on=DAY).corrected_to == "candelabra"


def test_where_no_passage_has_all_words_those_with_any_are_shown():
    published()

    results = search("flickering member", on=DAY)

    assert results.is_any_word
    assert {"experimental-1", "criteria-I-B"} <= set(anchors(results))


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "\x00", "'", '"', "the", "%", "<b>", "a" * 10_000, "-", "( | & !", "\ue000", "ⅷ"],
)
def test_nothing_that_is_typed_breaks_the_search(typed):
    published()

    results = search(typed, on=DAY)

    assert len(results.words) <= LONGEST


@pytest.mark.parametrize("bulletins", [3, 8])
def test_a_search_takes_a_fixed_number_of_queries(django_assert_num_queries, bulletins):
    for number in range(bulletins):
        published(lamps(number=f"{1000 + number}", limitation="Wicks are not covered."))
    search("wicks", on=DAY)

    with django_assert_num_queries(4):  # synonyms, where it stands, of which versions, the places
        shown = search("wicks", on=DAY).passages

    assert len(shown) == bulletins
