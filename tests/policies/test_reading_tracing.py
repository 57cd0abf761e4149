"""What became of each line: every one is in a place, reported, or the page's own."""

import contextlib
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.reading import NotABulletin, read
from policies.reading.document import NotUnderstood
from policies.reading.mutation import as_page
from policies.reading.source_lines import source_lines
from policies.reading.tracing import Fate, counts, lost, trace
from tests.policies.library import lamps
from tests.policies.test_reading_conservation import SHARED, TEXTS, disturbed

OURS = Path(__file__).parent / "bulletins"
EVERY = sorted({*TEXTS, *OURS.rglob("*.txt"), *OURS.rglob("*.html")})


def traced(data):
    return trace(source_lines(data), read(data))


def by_number(data):
    """The trace of a file by line, where no two share a number."""
    return {one.source.number: one for one in traced(data)}


def places(one):
    return [(place.kind, place.anchor) for place in one.places]


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.name)
def test_every_line_of_a_bulletin_is_accounted_for(path):
    assert list(lost(traced(path.read_bytes()))) == []


@pytest.mark.parametrize(
    "path", [one for one in EVERY if one.suffix == ".txt"], ids=lambda path: path.name
)
def test_every_line_of_a_bulletin_as_a_page_is_accounted_for(path):
    assert list(lost(traced(as_page(path.read_bytes())))) == []


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.name)
def test_every_line_of_a_bulletin_without_its_breaks_is_accounted_for(path):
    data = " ".join(path.read_text().split()).encode()
    with contextlib.suppress(NotABulletin):
        assert list(lost(traced(data))) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared bulletins are not beside the checkout")
def test_every_line_of_the_real_bulletins_is_accounted_for():
    for path in SHARED.glob("*.txt"):
        assert counts(traced(path.read_bytes()))[Fate.LOST] == 0


@settings(max_examples=80, deadline=None)
@given(disturbed())
def test_every_line_of_a_disturbed_bulletin_is_accounted_for(data):
    with contextlib.suppress(NotABulletin):
        assert list(lost(traced(data))) == []


@settings(max_examples=40, deadline=None)
@given(disturbed())
def test_every_line_of_a_disturbed_page_is_accounted_for(data):
    with contextlib.suppress(NotABulletin):
        assert list(lost(traced(as_page(data)))) == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_place_of_a_well_read_bulletin_has_its_line(path):
    data = path.read_bytes()
    lines = traced(data)
    met = {place for one in lines for place in one.places}

    blocks = {block.anchor for section in all_sections(read(data)) for block in section.blocks}
    assert blocks - {place.anchor for place in met} == set()


def all_sections(document):
    waiting = list(document.sections)
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.children


def test_a_line_that_is_in_no_place_and_not_reported_is_lost():
    data = lamps()
    document = read(data)
    more = data.replace(b"This is about lamps.", b"This is about lamps.\n\nAnd about tables.")

    (one,) = lost(trace(source_lines(more), document))

    assert one.source.text == "And about tables."


def test_a_line_whose_words_are_only_partly_read_is_lost():
    data = lamps()
    more = data.replace(b"This is about lamps.", b"This is about lamps. And about tables.")

    (one,) = lost(trace(source_lines(more), read(data)))

    assert one.source.text == "This is about lamps. And about tables."


def test_the_places_of_a_bulletin_line_by_line():
    found = by_number(lamps())
    expected = {
        1: [("title", "")],
        3: [("number", "")],
        5: [("section", "policy")],
        7: [("section", "scope")],
        9: [("passage", "scope-1")],
        11: [("section", "medical-necessity")],
        13: [("passage", "medical-necessity-1")],
        15: [("passage", "criteria-I-A")],
        16: [("passage", "criteria-I-B")],
    }

    assert {number: places(found[number]) for number in expected} == expected
    assert found[13].places[0].criterion.rule == "all"
    assert found[15].places[0].block.label == "A"
    assert {one.fate for one in found.values()} == {Fate.PLACED}


def test_a_row_of_a_table_has_its_codes_and_the_stance_of_its_group():
    (one,) = (one for one in traced(lamps()) if one.source.text.startswith("97112"))

    (place,) = one.places
    assert [(span.low, span.high) for span in place.row.codes] == [("97112", "97116")]
    assert place.row.description == "Lamp walks"
    assert place.group.stance == "covered_if_criteria_met"


def test_the_lines_of_one_cell_make_one_row():
    codes = "ICD-10 codes not covered for indications listed in the CPB:\n\nM25.50 - M25.59\n"
    codes += "M79.10, M79.18\nAches of many kinds\n"
    rows = [one for one in traced(lamps(codes=codes)) if any(p.row for p in one.places)]

    assert [one.source.text for one in rows] == [
        "M25.50 - M25.59",
        "M79.10, M79.18",
        "Aches of many kinds",
    ]
    assert [one.goes_on for one in rows] == [False, True, True]
    assert len({one.places for one in rows}) == 1


def test_words_that_recur_go_to_their_own_places_in_order():
    data = (OURS / "complete.txt").read_bytes()
    found = [one for one in traced(data) if one.source.text == "Policy"]

    assert [places(one) for one in found] == [[("contents", "contents-2")], [("section", "policy")]]


def test_a_reported_line_has_its_reason_and_its_place_where_it_has_one():
    data = lamps(codes="CPT codes about lamps:\n\n97110 Lamp exercises\n\nA word about them\n")
    heading, word = (one for one in traced(data) if one.reasons)

    assert (heading.fate, [kind for kind, _ in places(heading)]) == (Fate.DOUBTFUL, ["group"])
    assert heading.reasons == ("the heading does not say whether its codes are covered",)
    assert (word.fate, word.places) == (Fate.NOT_UNDERSTOOD, ())
    assert word.reasons == ("it has no code and is not a heading",)


def test_what_belongs_to_the_page_is_told_from_what_was_not_understood():
    found = counts(traced((OURS / "printed.txt").read_bytes()))

    # Three footers of two lines each, less the first page's; the bar of names above the number.
    assert found[Fate.PAGES_OWN] == 7
    assert found[Fate.NOT_UNDERSTOOD] == 3


def test_a_line_of_a_page_has_the_number_of_its_markup():
    data = (OURS / "complete.html").read_bytes()
    written = data.decode().split("\n")
    for one in traced(data):
        first = one.source.text.split()[0].strip("+:")
        assert first in written[one.source.number - 1] + written[one.source.number]


def test_menus_of_a_page_are_shown_as_left_out():
    lines = traced((OURS / "complete.html").read_bytes())

    left_out = {one.source.text: one.reasons for one in lines if one.source.left_out}
    assert left_out["Home Policy"] == ("the page's markup sets it apart (<nav>)",)
    assert "Legal notices The owner of this page keeps its rights." in left_out


def test_a_date_in_the_head_of_a_page_is_shown():
    first = traced((OURS / "complete.html").read_bytes())[0]

    assert first.source.text == "policyLastReviewDate: 2025-03-11T00:00:00Z"
    assert places(first) == [("date", "")]


def test_reports_of_one_line_go_to_the_words_they_name():
    page = "<h1>Lamps</h1><p>Number: 0907</p><h2>Policy</h2><p>One.</p><p>Two.</p>"
    data = f"<html><body>{page}<h2>Background</h2><p>Three.</p></body></html>".encode()
    document = read(data)
    reported = NotUnderstood(1, "Two.", "it is about nothing")

    lines = trace(source_lines(data), replace(document, not_understood=(reported,)))

    doubtful = [one for one in lines if one.reasons]

    assert [one.source.text for one in doubtful] == ["Two."]


def test_reports_of_the_same_words_on_one_line_go_to_each_of_them():
    page = "<p>Print</p><p>Lamps</p><p>Print</p><p>Number: 0907</p><h2>Policy</h2><p>One.</p>"
    data = f"<html><body>{page}<h2>Background</h2><p>Three.</p></body></html>".encode()

    prints = [one.fate for one in traced(data) if one.source.text == "Print"]

    assert prints == [Fate.PAGES_OWN, Fate.PAGES_OWN]


def test_the_last_word_of_a_paragraph_is_not_taken_for_a_mark():
    long = "A lamp shines on the wall of the room in which it stands, at the\nother end of the"
    (last,) = (
        one for one in traced(lamps(background=f"{long}\nroom.")) if one.source.text == "room."
    )

    assert (places(last), last.goes_on) == ([("passage", "background-1")], True)


def test_the_mark_of_an_item_without_words_is_accounted_for():
    (mark,) = (one for one in traced(lamps(criteria="1.")) if one.source.text == "1.")

    assert [kind for kind, _ in places(mark)] == ["signs"]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_lines_joined_at_random_are_accounted_for(seed):
    random = Random(seed)
    lines = random.choice(TEXTS).read_text().split("\n")
    for _ in range(5):
        at = random.randrange(len(lines) - 1)
        lines[at : at + 2] = [f"{lines[at]} {lines[at + 1].strip()}"]
    data = "\n".join(lines).encode()

    with contextlib.suppress(NotABulletin):
        assert list(lost(traced(data))) == []
