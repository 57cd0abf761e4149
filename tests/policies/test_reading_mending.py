"""A file read with some lines in other words: what changes, what its reports count."""

from dataclasses import replace
from pathlib import Path

from policies.reading import read
from policies.reading.mending import LineMend, as_read, read_mended
from policies.reading.mutation import as_page
from policies.reading.source_lines import source_lines
from policies.reading.tracing import Fate, trace_read
from tests.policies.library import lamps

OURS = Path(__file__).parent / "bulletins"


def mend_of(data, words, after, **facts):
    """A mend of the one line that holds the words."""
    (line,) = (one for one in source_lines(data) if words in one.text)
    return LineMend(line.number, line.raw, after, **facts)


def texts(document):
    return [block.text for section in document.sections for block in all_blocks(section)]


def all_blocks(section):
    yield from section.blocks
    for child in section.children:
        yield from all_blocks(child)


def test_a_file_without_mends_reads_as_itself():
    assert read_mended(lamps(), mends=[]) == read(lamps())


def test_a_page_with_a_line_in_the_same_words_reads_as_itself():
    data = (OURS / "complete.html").read_bytes()
    mend = mend_of(data, "The plan prefers", "The plan prefers  the small lamp.")

    assert read_mended(data, mends=[mend]) == read(data)


def test_a_line_is_read_in_its_new_words():
    mend = mend_of(lamps(), "Lamp exercises", "97111 Lamp exercises")

    row = read_mended(lamps(), mends=[mend]).code_groups[0].rows[0]

    assert row.codes[0].low == "97111"


def test_a_line_of_a_page_is_read_in_its_new_words_with_its_place_in_the_markup():
    data = (OURS / "complete.html").read_bytes()
    mend = mend_of(data, "Redness;", "Red skin;")

    document = read_mended(data, mends=[mend])

    (block,) = (
        one for each in document.sections for one in all_blocks(each) if one.text == "Red skin;"
    )
    assert (block.kind, block.anchor) == ("item", "criteria-I-A-2-b-i")


def test_only_the_block_with_the_words_is_mended_where_a_line_holds_several():
    page = "<h1>Lamps</h1><p>Number: 0907</p><h2>Policy</h2><p>One.</p><p>Two.</p>"
    data = f"<html><body>{page}<h2>Background</h2><p>Three.</p></body></html>".encode()

    document = read_mended(data, mends=[LineMend(1, "Two.", "Four.")])

    assert texts(document) == ["One.", "Four.", "Three."]


def test_a_line_set_aside_is_as_if_it_were_not_there():
    data = lamps(codes=f"A stray word\n\n{lamps.__defaults__[2]}")
    assert read(data) != read(lamps())

    document = read_mended(data, mends=[mend_of(data, "A stray word", "", is_set_aside=True)])

    assert document == read(lamps())


def test_the_newest_mend_of_a_line_counts_and_may_take_it_back():
    first = mend_of(lamps(), "Lamp exercises", "97111 Lamp exercises")
    second = replace(first, after="97113 Lamp exercises")
    back = replace(first, after=first.before)

    assert (
        read_mended(lamps(), mends=[first, second]).code_groups[0].rows[0].codes[0].low == "97113"
    )
    assert read_mended(lamps(), mends=[first, second, back]) == read(lamps())


def test_a_mend_of_other_words_than_the_line_has_does_nothing():
    assert read_mended(lamps(), mends=[LineMend(1, "Candles", "Suns")]) == read(lamps())


def test_reports_keep_the_numbers_of_the_file_around_added_and_removed_lines():
    data = lamps(codes="CPT codes covered:\n\n97110 A lamp\n\nA stray word\n")
    (before,) = read(data).not_understood
    parted = mend_of(data, "This is about lamps.", "This is about lamps.\n\nAnd light.\n\nAnd sun.")

    document = read_mended(data, mends=[parted])

    assert {"This is about lamps.", "And light.", "And sun."} <= set(texts(document))
    (after,) = document.not_understood
    assert (after.line, after.text) == (before.line, "A stray word")


def test_a_line_parted_in_a_page_makes_paragraphs_of_its_item():
    data = as_page(lamps())
    mend = mend_of(data, "The room is dark; and", "The room is dark.\nIt is night; and")

    criteria = read_mended(data, mends=[mend]).criteria

    first = next(one for one in walked(criteria) if one.text.startswith("The room"))
    assert first.text == "The room is dark.\nIt is night; and"


def walked(tree):
    for one in tree:
        yield one
        yield from walked(one.children)


def test_mended_lines_are_traced_in_their_new_words_to_their_places():
    data = lamps(codes="CPT codes covered:\n\n97110 A lamp\n\nA stray word\n\nAnother one\n")
    mends = [
        mend_of(data, "A stray word", "97112 A word"),
        mend_of(data, "Another one", "", is_set_aside=True),
        mend_of(data, "This is about lamps.", "This is about lamps.\n\nAnd light."),
    ]

    lines = trace_read(as_read(source_lines(data), mends), read_mended(data, mends=mends))

    found = {one.source.text: one for one in lines}
    assert found["A stray word"].places[0].row.codes[0].low == "97112"
    assert found["Another one"].fate == Fate.SET_ASIDE
    anchors = [place.anchor for place in found["This is about lamps."].places]
    assert anchors == ["scope-1", "scope-2"]
    assert {one.fate for one in lines} == {Fate.PLACED, Fate.SET_ASIDE}
