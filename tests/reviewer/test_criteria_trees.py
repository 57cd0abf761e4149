"""The trees of many versions at once."""

import pytest

from reviewer.views.criteria_tabs import first_of
from reviewer.workflow.criteria import tree_of, trees_of
from reviewer.workflow.criteria.tree import _kept
from tests.policies.library import draft, lamps, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    _kept.clear()


def versions():
    """Three in force and a draft, each with statements of its own."""
    some = [
        published(lamps(number=f"09{one}", criteria=f"1. The room is dark {one} times."))
        for one in (21, 22, 23)
    ]
    return [*some, draft(lamps(number="0924", criteria="1. The room is dark for once."))]


def test_trees_of_any_number_of_versions_take_two_queries(django_assert_num_queries):
    some = versions()

    with django_assert_num_queries(2):
        trees = trees_of(some[:1])
    with django_assert_num_queries(2):
        trees |= trees_of(some)

    for version in some:
        texts = list(version.criteria.order_by("position").values_list("text", flat=True))
        assert [one.criterion.text for one in trees[version.pk].statements()] == texts
        assert trees[version.pk].version == version


def test_trees_of_published_versions_are_kept_and_those_of_drafts_are_not(
    django_assert_num_queries,
):
    *in_force, a_draft = versions()
    trees_of([*in_force, a_draft])

    with django_assert_num_queries(0):
        trees_of(in_force)
    a_draft.criteria.update(text="The room is bright.")
    texts = {one.criterion.text for one in tree_of(a_draft).statements()}

    assert texts == {"The room is bright."}


def test_statements_know_their_version_without_a_query(django_assert_num_queries):
    some = versions()
    assert {one.bulletin.number for one in some} == {"0921", "0922", "0923", "0924"}
    trees = trees_of(some)

    with django_assert_num_queries(0):
        addresses = [
            one.criterion.version.get_absolute_url()
            for tree in trees.values()
            for one in tree.statements()
        ]
    assert set(addresses) == {one.get_absolute_url() for one in some}


def test_the_checklist_begins_at_the_first_version_that_states_criteria():
    some = versions()
    assert first_of(None, some).version == some[0]
    assert first_of(None, []) is None
