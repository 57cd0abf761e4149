"""What the registry of impacts asks and tells, and which codes a change says something else of."""

from datetime import date

import pytest

from policies import impact
from policies.impact import Change, Item, Touched, changed_codes, touched_by
from tests.policies.library import draft, lamps, published

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
FROM = date(2026, 6, 1)
BEFORE = """CPT codes covered if selection criteria are met:

97110 Lamp exercises
97112 - 97116 Lamp walks

CPT codes not covered for indications listed in the CPB:

97530 Lamp games
"""
# 97110 stays, 97116 leaves its range, 97530 moves to the covered ones, 97535 comes, 97112 stays.
AFTER = """CPT codes covered if selection criteria are met:

97110 Lamp exercises
97112 - 97115 Lamp walks
97530 Lamp games
97535 Lamps at home
"""
ASKED = {("CPT", one) for one in ("97110", "97112", "97116", "97530", "97535", "97150")}


@pytest.fixture
def registry(monkeypatch):
    """An empty one, for the length of a test."""
    monkeypatch.setattr(impact, "_PROVIDERS", {})
    return impact


def change(version, replaces=None, **facts):
    return Change(version, replaces, **{"effective_from": FROM, "on": TODAY} | facts)


def test_every_provider_is_asked_and_answers_in_the_order_of_registering(registry):
    asked = []

    def answer(name):
        def provider(one):
            asked.append(one)
            return [Touched(name, 0, "None.", ())]

        return provider

    registry.register("lamps", answer("lamps"))
    registry.register("candles", answer("candles"))
    of = change(draft())

    assert [one.what for one in touched_by(of)] == ["lamps", "candles"]
    assert asked == [of, of]


def test_a_provider_registered_again_takes_the_place_of_the_first(registry):
    registry.register("lamps", lambda _: [Touched("old", 0, "", ())])
    registry.register("lamps", lambda _: [Touched("new", 0, "", ())])

    assert [one.what for one in touched_by(change(draft()))] == ["new"]


def test_codes_that_come_go_or_change_their_stance_are_told_and_no_others():
    old = published(lamps(codes=BEFORE))
    new = draft(lamps(codes=AFTER))

    assert changed_codes(change(new, old), ASKED) == {
        ("CPT", "97116"): "removed",
        ("CPT", "97530"): "stance changed",
        ("CPT", "97535"): "added",
    }


def test_a_first_version_adds_every_code_that_it_names():
    first = draft(lamps(codes=AFTER))

    assert changed_codes(change(first), ASKED) == dict.fromkeys(
        [("CPT", one) for one in ("97110", "97112", "97530", "97535")], "added"
    )


def test_a_retirement_removes_every_code_that_the_version_names():
    old = published(lamps(codes=BEFORE))

    assert changed_codes(change(old, is_retirement=True), ASKED) == dict.fromkeys(
        [("CPT", one) for one in ("97110", "97112", "97116", "97530")], "removed"
    )


def test_a_code_of_another_system_with_the_same_key_is_another_code():
    new = draft(lamps(codes=AFTER))

    assert changed_codes(change(new), {("HCPCS", "97110")}) == {}


def test_the_codes_of_a_change_are_one_query(django_assert_num_queries):
    old, new = published(lamps(codes=BEFORE)), draft(lamps(codes=AFTER))

    with django_assert_num_queries(1):
        changed_codes(change(new, old), ASKED)


def test_an_item_without_a_narrower_scope_is_open_to_whoever_has_the_permission(cast):
    item = Item("R-1", "/requests/R-1", "policies.change_version")

    assert item.is_open_to(cast.policy_editor.user)
    assert not item.is_open_to(cast.nurse.user)


def test_an_item_with_a_scope_asks_both(cast):
    item = Item("R-1", "/requests/R-1", "policies.change_version", lambda user: False)

    assert not item.is_open_to(cast.policy_editor.user)
