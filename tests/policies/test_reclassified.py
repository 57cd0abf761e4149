"""A change that a person classes otherwise than the rule."""

from datetime import date, timedelta

import pytest
from django.db import Error, connection

from policies.comparison import Effect, compare, editions_of
from policies.comparison.reclassified import (
    NotReclassified,
    reclassified,
    reclassify,
    said_of,
)
from policies.comparison.tallies import tallies_of
from policies.models import Reclassification, Version
from tests.policies.library import AT, draft, lamps, person, published

pytestmark = pytest.mark.django_db

LONGER = lamps(
    criteria="1. The room is dark; and\n      2. The member reads; and\n      3. Nobody sleeps."
)
# One criterion more, and an “and” at the end of the one before it.
CLASSES = {Effect.TIGHTENED: 1, Effect.EDITORIAL: 1}


@pytest.fixture
def editor():
    return person("editor")


@pytest.fixture
def pair():
    """Two published versions: the second asks for one criterion more."""
    return published(), published(LONGER, effective_from=date(2026, 2, 1))


def comparison(before, after):
    fresh = Version.objects.in_bulk([before.pk, after.pk])
    return compare(*editions_of(fresh[before.pk], fresh[after.pk]))


def key_of(before, after, effect=Effect.TIGHTENED):
    return comparison(before, after).of(effect)[0].change.key


def say(pair, effect="scope", reason="It was always so.", at=AT, **options):
    before, after = pair
    facts = {"change_key": key_of(before, after), "by": options.pop("by"), "at": at}
    return reclassify(before=before, after=after, effect=effect, reason=reason, **facts | options)


def judged(pair):
    return reclassified(comparison(*pair), said_of(pair))


def test_another_class_counts_and_the_rules_own_stays(pair, editor):
    assert comparison(*pair).counts[Effect.TIGHTENED] == 1

    say(pair, by=editor)

    found = judged(pair).comparison
    change = found.of(Effect.SCOPE)[0].change
    assert found.counts[Effect.TIGHTENED] == 0
    assert change.sentence == "scope: a criterion was added to “all of these”"
    assert change.override.by_rule == Effect.TIGHTENED
    assert (change.override.by, change.override.at) == ("editor", AT)
    assert change.override.reason == "It was always so."


def test_the_newest_word_counts_and_the_earlier_is_kept(pair, editor):
    say(pair, by=editor)
    say(pair, "loosened", "It is not.", by=person("other"), at=AT + timedelta(hours=1))

    assert judged(pair).comparison.counts[Effect.LOOSENED] == 1
    assert Reclassification.objects.count() == 2


def test_the_same_word_twice_is_one(pair, editor):
    say(pair, by=editor)
    say(pair, by=editor, at=AT + timedelta(seconds=1))

    assert Reclassification.objects.count() == 1


def test_tallies_follow_although_the_comparison_is_kept(pair, editor):
    key = (pair[0].pk, pair[1].pk)
    assert tallies_of([pair])[key].counts == CLASSES

    say(pair, by=editor)

    assert tallies_of([pair])[key].counts == {Effect.SCOPE: 1, Effect.EDITORIAL: 1}


def test_a_kept_tally_costs_one_query(pair, django_assert_num_queries):
    tallies_of([pair])

    with django_assert_num_queries(1):
        tallies_of([pair])


def test_tallies_of_many_cost_as_much_as_of_one(pair, django_assert_max_num_queries):
    others = [
        (
            published(lamps(number=f"09{n}")),
            published(lamps(number=f"09{n}", title="Again"), effective_from=date(2026, 2, 1)),
        )
        for n in range(10, 16)
    ]

    with django_assert_max_num_queries(3):
        tallies_of([pair, *others])


def test_the_tally_of_a_draft_is_made_anew(editor):
    before, after = published(), draft(LONGER)
    key = (before.pk, after.pk)
    assert tallies_of([(before, after)])[key].counts == CLASSES

    Version.objects.filter(pk=after.pk).update(title="Lamps at night")

    assert tallies_of([(before, after)])[key].counts == CLASSES | {Effect.READ: 1}


def test_either_direction_has_words_of_its_own(pair, editor):
    say(pair, by=editor)

    back = (pair[1], pair[0])
    assert not judged(back).comparison.of(Effect.SCOPE)
    assert not judged(back).stale


def test_the_key_stays_while_the_change_does(pair):
    assert key_of(*pair) == key_of(*pair)


def test_keys_of_different_changes_differ(pair):
    third = published(lamps(limitation="Nothing."), effective_from=date(2026, 3, 1))
    keys = [one.change.key for one in comparison(pair[0], third).noted]

    assert keys
    assert len(keys) == len(set(keys))


def test_a_word_on_a_change_that_is_gone_counts_for_nothing_and_is_told(pair, editor):
    before, after = pair
    stale = Reclassification.objects.create(
        before=before, after=after, key="criteria I.Z 0", effect="scope", reason="So.",
        by=editor, at=AT,
    )  # fmt: skip

    found = judged(pair)

    assert found.stale == (stale,)
    assert found.comparison.counts == comparison(*pair).counts


@pytest.mark.parametrize("effect", ["", "worse", "TIGHTENED", "read"])
def test_only_a_class_is_taken(effect, pair, editor):
    with pytest.raises(NotReclassified, match="Choose one of the classes: tightened"):
        say(pair, effect, by=editor)


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 301])
def test_a_class_needs_a_reason_that_fits(reason, pair, editor):
    with pytest.raises(NotReclassified, match="at most 300 characters"):
        say(pair, reason=reason, by=editor)


def test_only_a_change_that_is_there_is_classed(pair, editor):
    with pytest.raises(NotReclassified, match="no longer there"):
        say(pair, by=editor, change_key="criteria I.Z 0")

    assert not Reclassification.objects.exists()


def test_versions_of_two_bulletins_are_not_compared(pair, editor):
    other = published(lamps(number="0908"))

    with pytest.raises(NotReclassified, match="two different versions of one bulletin"):
        reclassify(
            before=pair[0], after=other, change_key="x", effect="scope", reason="So.",
            by=editor, at=AT,
        )  # fmt: skip


def test_what_was_said_is_written_once(pair, editor):
    said = say(pair, by=editor)

    with pytest.raises(TypeError):
        said.save()
    with pytest.raises(Error), connection.cursor() as cursor:
        cursor.execute("UPDATE policies_reclassification SET reason = 'x'")
