"""The generated bulletins of the measurements are whole: they read back as they were planned."""

from argparse import ArgumentTypeError
from random import Random

import pytest

from policies.reading import codes, read
from reviewer.clocks import compute
from tests.bench.__main__ import sizes
from tests.bench.code_sets import DIAGNOSES, MARKED, SUPPLIES, Spans, keys
from tests.bench.deadlines import cases
from tests.bench.generator import LARGEST, MARKED_ROWS, SMALLEST, bulletins, size
from tests.bench.measuring import Times
from tests.bench.report import against, at_most


@pytest.fixture(scope="module")
def made():
    return list(bulletins(12))


def planned(one):
    return [(group.system, group.stance, list(group.rows)) for group in one.groups]


def statements(criteria):
    return sum(1 + statements(one.children) for one in criteria)


def test_a_generated_bulletin_is_understood_to_the_last_line(made):
    assert [read(one.data, name=one.name).not_understood for one in made] == [()] * len(made)


def test_it_reads_back_with_its_number_title_and_dates(made):
    for one in made:
        document = read(one.data, name=one.name)
        assert (document.number, document.title) == (one.number, one.title)
        assert document.effective == one.effective
        assert document.last_review < document.effective < document.next_review


def test_it_reads_back_with_every_planned_code(made):
    for one in made:
        groups = read(one.data, name=one.name).code_groups
        found = [(one.system, one.stance, [row.codes for row in one.rows]) for one in groups]
        assert found == planned(one)


def test_it_reads_back_with_every_planned_statement(made):
    for one in made:
        assert statements(read(one.data, name=one.name).criteria) == one.criteria


def test_the_same_seed_gives_the_same_text(made):
    again = list(bulletins(12))
    assert [one.text for one in again] == [one.text for one in made]
    assert next(bulletins(12, seed=2)).text != made[0].text


@pytest.mark.parametrize("count", [5, 12, 100])
def test_the_marked_code_has_as_many_rows_whatever_the_number_of_bulletins(count):
    spans = [
        span
        for one in bulletins(count)
        for group in one.groups
        if group.system == SUPPLIES
        for row in group.rows
        for span in row
    ]
    holding = [one for one in spans if codes.membership(MARKED, one) != "outside"]
    assert len(holding) == MARKED_ROWS


def test_sizes_have_their_median_at_40_kilobytes_and_a_tail_to_400():
    random = Random(1)
    sizes = sorted(size(random) for _ in range(10_000))
    assert 38_000 < sizes[5_000] < 42_000
    assert sizes[9_900] > 300_000
    assert (sizes[0], sizes[-1]) == (SMALLEST, LARGEST)


def test_spans_hold_codes_that_exist():
    spans = Spans(Random(1))
    known = set(keys(DIAGNOSES))
    for _ in range(200):
        span = spans.range(DIAGNOSES)
        lower, upper = codes.bounds(span)
        assert any(lower <= key <= upper for key in known)


def test_larger_sizes_are_multiples_of_the_first():
    assert sizes("1000,10000") == (1_000, 10_000)
    for wrong in ("1000,1500", "1000,100", "0", "10,10"):
        with pytest.raises(ArgumentTypeError):
            sizes(wrong)


def test_a_row_shows_its_percentiles_and_queries_beside_its_bar():
    floor = Times(tuple(one / 1e3 for one in range(1, 101)))
    cells = against(floor, "a page", floor, 2.0).cells()
    assert cells[1:6] == ("50.50 ms", "95.05 ms", "99.01 ms", "1.00 x", "1.00 x")
    assert cells[7:9] == ("<= 2 x", "yes")


def test_growth_over_its_bar_is_missed():
    assert at_most("p95", 1.4, 1.5).is_met
    assert not at_most("p95", 1.6, 1.5).is_met


def test_the_measured_deadlines_are_of_every_kind_and_none_fails():
    made = [compute(what, events, zone, as_of=at) for what, events, zone, at in cases(500)]
    assert len({one.rule_id for one in made}) > 150
    assert any("extended" in one.flags for one in made)
