"""Finding by prefixes is the same as comparing every code with every range."""

from itertools import pairwise

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.imports.demonstration import load_library
from policies.models import CodeSpan
from policies.reading import codes, document
from policies.reading.codes import Membership
from tests.policies.library import AT

pytestmark = pytest.mark.django_db
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Few signs, with both ends of their order, so that keys often share a beginning.
KEY = st.text("01AYZ", min_size=1, max_size=4)


def cover(lower, upper):
    with connection.cursor() as cursor:
        cursor.execute("SELECT policies_code_cover(%s, %s)", [lower, upper])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("lower", "upper", "prefixes"),
    [
        ("97112", "97112", []),  # a single code is found by its bound
        ("97112", "97111~", []),  # upside down
        ("S134XX", "S134XX~", ["S134XX"]),
        ("97112", "97114~", ["97112", "97113", "97114"]),
        ("Z987", "Z98Y~", ["Z987", *(f"Z98{sign}" for sign in SIGNS[8:-1])]),
        ("A", "C~", ["A", "B", "C"]),
        ("A1", "A~", [f"A{sign}" for sign in SIGNS[1:]]),
        ("A", "A1~", ["A0", "A1"]),
        ("AY", "B1~", ["AY", "AZ", "B0", "B1"]),
    ],
)
def test_a_range_is_made_up_of_prefixes(lower, upper, prefixes):
    assert sorted(cover(lower, upper)) == prefixes


@settings(max_examples=200, deadline=None)
@given(low=KEY, high=KEY, key=KEY)
def test_a_code_lies_wholly_inside_where_one_of_its_prefixes_does(low, high, key):
    upper = f"{high}~"

    found = any(key.startswith(prefix) for prefix in cover(low, upper))

    assert found == (low <= key and f"{key}~" <= upper)


@settings(max_examples=100, deadline=None)
@given(low=KEY, high=KEY)
def test_no_prefix_lies_in_another(low, high):
    prefixes = sorted(cover(low, f"{high}~"))

    assert not any(after.startswith(before) for before, after in pairwise(prefixes))


def test_codes_of_the_demonstration_are_found_as_by_brute_force():
    load_library(on=AT.date(), at=AT)
    spans = list(CodeSpan.objects.all())
    printed = {
        span.pk: document.CodeSpan(span.low, span.high, span.is_add_on, span.has_seventh_character)
        for span in spans
    }
    bounds = {codes.normalise(bound) for span in spans for bound in (span.low, span.high)}
    keys = bounds | {key[:-1] for key in bounds} | {f"{key}1" for key in bounds}

    for key in sorted(keys)[::8]:
        expected = {
            span.pk
            for span in spans
            if span.system in codes.systems_of(key)
            and codes.membership(key, printed[span.pk]) is not Membership.OUTSIDE
        }
        found = set(CodeSpan.objects.naming(key).values_list("pk", flat=True))
        assert expected <= found, key
        assert all(
            span.lower <= f"{key}~" and span.upper >= key for span in spans if span.pk in found
        )
