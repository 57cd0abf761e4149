"""The speaking sections of versions in bulk: the same answer, and as few queries for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.models import Version
from reviewer.views import passages
from tests.policies.library import lamps, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    passages._kept.clear()
    yield
    passages._kept.clear()


def many(count):
    return [published(lamps(number=f"09{at:02}")) for at in range(10, 10 + count)]


def queries_for(versions):
    with CaptureQueriesContext(connection) as captured:
        passages.pieces_of(versions)
    return len(captured)


def test_twenty_versions_take_as_many_queries_as_two():
    two, twenty = many(22)[:2], Version.objects.order_by("-pk")[:20]

    assert queries_for(two) == queries_for(list(twenty)) == 5


def test_what_is_kept_takes_one_query_and_says_the_same():
    versions = many(2)
    first = passages.pieces_of(versions)

    assert queries_for(versions) == 1
    assert passages.pieces_of(versions) == first
    assert all("A lamp is medically necessary" in said(first[one.pk]) for one in versions)


def test_more_versions_than_are_kept_still_say_everything(monkeypatch):
    monkeypatch.setattr(passages, "_kept", passages.Kept(2))
    versions = many(5)

    assert set(passages.pieces_of(versions)) == {one.pk for one in versions}
    assert all("A lamp" in said(one) for one in passages.pieces_of(versions).values())


def said(pieces):
    return " ".join(piece.html for piece in pieces)
