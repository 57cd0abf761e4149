"""Answers that are kept: so many at most, and those asked for last stay."""

from policies.kept import Kept


def test_what_was_asked_for_longest_ago_goes_first():
    kept = Kept(2)
    kept.keep("a", 1)
    kept.keep("b", 2)
    assert kept.get("a") == 1

    kept.keep("c", 3)

    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (1, None, 3)


def test_an_answer_kept_again_replaces_the_one_before():
    kept = Kept(2)
    kept.keep("a", 1)
    kept.keep("a", 2)

    assert kept.get("a") == 2
