"""Codes as keys, and which codes a printed span holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.reading.codes import (
    Membership,
    bounds,
    dotted,
    membership,
    normalise,
    reach,
    systems_of,
)
from policies.reading.document import CodeSpan

KEYS = st.from_regex(r"[A-Z][0-9][0-9A-Z]{1,5}", fullmatch=True)


def span(low, high=None, *, seventh=False):
    return CodeSpan(low, high or low, add_on=False, seventh_character=seventh)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("S13.4XXA", "S134XXA"),
        (" s13.4xx a ", "S134XXA"),
        ("97 545", "97545"),
        ("N04.20\u2013N04.29", "N0420-N0429"),
        ("\u00a0g35.d", "G35D"),
        ("C7A.010", "C7A010"),
        ("", ""),
    ],
)
def test_a_typed_code_becomes_its_key(typed, key):
    assert normalise(typed) == key


@pytest.mark.parametrize(
    ("key", "shown"),
    [("S134XXA", "S13.4XXA"), ("D66", "D66"), ("Z5189", "Z51.89"), ("C7A010", "C7A.010")],
)
def test_a_diagnosis_key_is_displayed_with_its_dot(key, shown):
    assert dotted(key) == shown


@pytest.mark.parametrize(
    ("key", "systems"),
    [
        ("97545", {"CPT"}),
        ("0791T", {"CPT"}),
        ("0350U", {"CPT"}),
        ("S9117", {"HCPCS", "ICD-10-CM"}),
        ("D6600", {"HCPCS", "CDT", "ICD-10-CM"}),
        ("Z5189", {"ICD-10-CM"}),
        ("D66", {"ICD-10-CM"}),
        ("G35D", {"ICD-10-CM"}),
        ("0SG00A0", {"ICD-10-PCS"}),
        ("0636", {"revenue"}),
        ("WORDS", set()),
        ("", set()),
    ],
)
def test_a_key_may_belong_to_every_system_whose_codes_look_like_it(key, systems):
    assert set(systems_of(key)) == systems


@pytest.mark.parametrize(
    ("key", "of", "expected"),
    [
        ("97545", span("97545"), "exact"),
        ("97546", span("97545"), "outside"),
        ("96446", span("96401", "96446"), "range"),
        ("96447", span("96401", "96446"), "outside"),
        # codes below the upper bound count
        ("Z98890", span("Z98.870", "Z98.89"), "range"),
        ("Z9889", span("Z98.870", "Z98.89"), "range"),
        ("Z988", span("Z98.870", "Z98.89"), "partly"),
        ("Z9887", span("Z98.870", "Z98.89"), "range"),
        ("Z9886", span("Z98.870", "Z98.89"), "outside"),
        ("Z87828", span("Z87.81", "Z87.828"), "range"),
        ("Z8782", span("Z87.81", "Z87.828"), "partly"),
        ("Z87829", span("Z87.81", "Z87.828"), "outside"),
        # across chapters, with placeholders
        ("S134XXA", span("S00.00X", "T88.9XX", seventh=True), "range"),
        ("S0000XA", span("S00.00X", "T88.9XX", seventh=True), "range"),
        ("T889XXS", span("S00.00X", "T88.9XX", seventh=True), "range"),
        ("S13", span("S00.00X", "T88.9XX", seventh=True), "range"),
        ("S00", span("S00.00X", "T88.9XX", seventh=True), "range"),
        ("T88", span("S00.00X", "T88.9XX", seventh=True), "partly"),
        ("T889", span("S00.00X", "T88.9XX", seventh=True), "range"),
        ("R999", span("S00.00X", "T88.9XX", seventh=True), "outside"),
        ("V0000", span("S00.00X", "T88.9XX", seventh=True), "outside"),
        ("D05", span("C00.0", "D09.9"), "range"),
        # letters sort after digits
        ("C833A", span("C83.30", "C83.3A"), "range"),
        ("C8338", span("C83.30", "C83.3A"), "range"),
        ("C833B", span("C83.30", "C83.3A"), "outside"),
        ("C833", span("C83.30", "C83.3A"), "partly"),
        # one code: its descendants are other codes, unless a 7th character has to follow
        ("Z5189", span("Z51"), "outside"),
        ("Z51", span("Z51.89"), "partly"),
        ("S134XXA", span("S13.4XX", seventh=True), "range"),
        ("S134XX", span("S13.4XX", seventh=True), "exact"),
        ("S134", span("S13.4XX", seventh=True), "range"),
        ("S13", span("S13.4XX", seventh=True), "partly"),
        ("S83511A", span("S83.511", seventh=True), "range"),
        ("S83511A", span("S83.511"), "outside"),
        ("M01X9", span("M01.x9"), "exact"),
        ("M01X", span("M01.x9"), "partly"),
        # only diagnosis codes have headers
        ("9754", span("97545"), "outside"),
        ("", span("Z51.89"), "outside"),
        ("Z52", span("Z53", "Z51"), "outside"),
    ],
)
def test_membership(key, of, expected):
    assert membership(key, of) == Membership(expected)


def test_a_single_code_has_one_key_as_both_bounds():
    assert bounds(span("Z51.89")) == ("Z5189", "Z5189")


def test_a_range_ends_after_everything_below_its_upper_bound():
    assert bounds(span("Z98.870", "Z98.89")) == ("Z98870", "Z9889~")


def test_a_code_that_awaits_its_7th_character_spans_all_of_them():
    assert bounds(span("S13.4XX", seventh=True)) == ("S134XX", "S134XX~")
    assert bounds(span("S13.4XX")) == ("S134XX", "S134XX~")


@given(KEYS, KEYS, KEYS)
def test_a_full_code_is_inside_exactly_when_it_lies_between_the_bounds(key, low, high):
    key = key.ljust(7, "0")  # seven characters: never a header
    one = span(dotted(low), dotted(high))
    lower, upper = bounds(one)
    is_inside = membership(key, one) is not Membership.OUTSIDE
    assert is_inside == (lower <= key <= upper)


@given(KEYS, KEYS, KEYS)
def test_a_header_that_touches_a_range_is_found_by_its_reach(key, low, high):
    one = span(dotted(low), dotted(high))
    lower, upper = bounds(one)
    first, last = reach(key)
    if membership(key, one) is not Membership.OUTSIDE:
        assert first <= upper
        assert lower <= last
