"""What answers to criteria come to: against every way in which open answers could still fall."""

from itertools import combinations, count, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.workflow.criteria.result import Node, Value, Verdict, evaluate
from reviewer.workflow.criteria.turning import turning

MET, NOT_MET, UNCLEAR = Value.MET, Value.NOT_MET, Value.UNCLEAR
UNANSWERED, NOT_APPLICABLE = Value.UNANSWERED, Value.NOT_APPLICABLE
LEAVES = 6


def leaf(key, **facts):
    return Node(key, **facts)


def tree(rule, *children, key=100, **facts):
    return Node(key, rule, children=tuple(children), **facts)


def verdict(roots, **answers):
    return evaluate(roots, {int(key[1:]): value for key, value in answers.items()}).verdict


# What a rule says of statements that are all known, written down a second time and simply.
SAYS = {
    "all": all,
    "any": any,
    "none": lambda values: not any(values),
}


def holds(node, truth):
    """Two-valued, by the text: nothing is unknown, nothing set aside."""
    if not node.children:
        return truth[node.key]
    under = [
        holds(one, truth) if one.excludes == node.excludes else not holds(one, truth)
        for one in node.children
    ]
    if node.rule == "at_least":
        return sum(under) >= node.at_least
    return any(under) if node.rule == "list" else SAYS[node.rule](under)


def is_covered(roots, truth):
    return all(holds(one, truth) != one.excludes for one in roots)


def leaves_of(nodes):
    return [
        key for one in nodes for key in (leaves_of(one.children) if one.children else [one.key])
    ]


@st.composite
def forests(draw):
    """One to three topmost statements with six leaves at most, and an answer or none to each."""
    keys, left = count(1), [LEAVES]

    def node(depth, excludes):
        excludes = excludes or (depth == 0 and draw(st.booleans()))
        if depth == 2 or left[0] < 2 or draw(st.integers(0, 2)) == 0:
            left[0] -= 1
            return Node(next(keys), excludes=excludes)
        wanted = draw(st.integers(1, min(3, left[0])))
        children = [node(depth + 1, excludes) for _ in range(wanted) if left[0] > 0]
        rules = ["all", "any", "none", "at_least"] + (["list"] if excludes else [])
        rule = draw(st.sampled_from(rules))
        at_least = draw(st.integers(1, len(children))) if rule == "at_least" else None
        return Node(next(keys), rule, at_least, excludes, tuple(children))

    roots = [node(0, False) for _ in range(draw(st.integers(1, 3))) if left[0] > 0]
    known = st.sampled_from([MET, NOT_MET, UNCLEAR, UNANSWERED])
    return roots, {key: draw(known) for key in leaves_of(roots)}


def completions(roots, answers):
    """Every way in which what is unclear or unanswered could fall."""
    open_keys = [key for key, value in answers.items() if value in (UNCLEAR, UNANSWERED)]
    fixed = {key: value is MET for key, value in answers.items() if key not in open_keys}
    for fall in product([True, False], repeat=len(open_keys)):
        yield fixed | dict(zip(open_keys, fall, strict=True))


@settings(max_examples=400, deadline=None)
@given(forests())
def test_a_verdict_is_known_when_no_open_answer_could_change_it(case):
    roots, answers = case
    possible = {is_covered(roots, truth) for truth in completions(roots, answers)}
    found = evaluate(roots, answers).verdict
    assert found == {
        (True,): Verdict.MET,
        (False,): Verdict.NOT_MET,
    }.get(tuple(possible), Verdict.UNDECIDED)


@settings(max_examples=200, deadline=None)
@given(forests())
def test_a_verdict_hangs_on_those_open_answers_that_could_change_it(case):
    roots, answers = case
    result = evaluate(roots, answers)
    open_keys = {key for key, value in answers.items() if value in (UNCLEAR, UNANSWERED)}
    assert set(result.open) == {key for key, value in answers.items() if value is UNANSWERED}
    assert set(result.unclear) == open_keys - set(result.open)
    decisive = set()
    for truth in completions(roots, answers):
        for key in open_keys:
            turned = truth | {key: not truth[key]}
            if is_covered(roots, truth) != is_covered(roots, turned):
                decisive.add(key)
    assert set(result.hanging) == decisive


def fewest(roots, answers, wanted):
    """By trying: the smallest sets of other answers that make the verdict the wanted one."""
    keys = list(answers)
    for size in range(len(keys) + 1):
        found = set()
        for some in combinations(keys, size):
            for values in product([MET, NOT_MET], repeat=size):
                turned = dict(zip(some, values, strict=True))
                is_other = all(answers[key] is not value for key, value in turned.items())
                if is_other and evaluate(roots, answers | turned).verdict is wanted:
                    found.add(frozenset(turned.items()))
        if found:
            return found
    return set()


@settings(max_examples=150, deadline=None)
@given(forests())
def test_what_would_change_it_is_the_smallest_sets_of_answers_that_do(case):
    roots, answers = case
    found = turning(roots, answers)
    now = evaluate(roots, answers).verdict
    for ways, wanted in [(found.to_met, Verdict.MET), (found.to_not_met, Verdict.NOT_MET)]:
        expected = set() if now is wanted else fewest(roots, answers, wanted)
        assert bool(ways) == bool(expected)
        assert set(ways) == expected


@settings(max_examples=200, deadline=None)
@given(forests(), st.data())
def test_what_was_set_aside_counts_no_more(case, data):
    roots, answers = case
    aside = data.draw(st.sets(st.sampled_from(sorted(answers)), max_size=2))
    without = [one for root in roots if (one := pruned(root, aside))]
    said = evaluate(roots, answers | dict.fromkeys(aside, NOT_APPLICABLE))
    kept = {key: value for key, value in answers.items() if key not in aside}
    bare = evaluate(without, kept)
    assert said.conditions is bare.conditions
    assert said.exclusions is bare.exclusions


def pruned(node, aside):
    if node.key in aside:
        return None
    children = tuple(one for child in node.children if (one := pruned(child, aside)))
    if node.children and not children:
        return None
    return Node(node.key, node.rule, node.at_least, node.excludes, children)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (MET, MET, MET),
        (NOT_MET, NOT_MET, NOT_MET),
        (UNCLEAR, UNCLEAR, UNCLEAR),
        (MET, NOT_MET, UNANSWERED),
        (MET, UNCLEAR, UNANSWERED),
        (NOT_MET, UNANSWERED, UNANSWERED),
        (MET, NOT_APPLICABLE, MET),
        (NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE),
    ],
)
def test_a_list_without_logic_says_only_what_all_and_any_would_both_say(first, second, expected):
    roots = [tree("list", leaf(1), leaf(2))]
    assert evaluate(roots, {1: first, 2: second}).values[100] is expected


def test_a_list_whose_statements_differ_asks_what_follows():
    roots = [tree("list", leaf(1), leaf(2))]
    result = evaluate(roots, {1: MET, 2: NOT_MET})
    assert (result.verdict, result.open, result.hanging) == (Verdict.UNDECIDED, (100,), (100,))
    assert turning(roots, {1: MET, 2: NOT_MET}).to_met == (frozenset({(100, MET)}),)
    assert verdict(roots, k1=MET, k2=NOT_MET, k100=MET) is Verdict.MET
    assert verdict(roots, k1=MET, k2=NOT_MET, k100=NOT_MET) is Verdict.NOT_MET


def test_each_statement_of_a_list_is_looked_at_before_anything_is_said_of_the_list():
    roots = [tree("list", leaf(1), leaf(2))]
    assert verdict(roots, k1=MET, k100=MET) is Verdict.UNDECIDED


def test_one_exclusion_that_applies_means_not_covered():
    roots = [leaf(1), leaf(2, excludes=True), leaf(3, excludes=True)]
    assert verdict(roots, k1=MET, k2=NOT_MET, k3=MET) is Verdict.NOT_MET
    assert verdict(roots, k1=MET, k2=NOT_MET, k3=NOT_MET) is Verdict.MET
    assert verdict(roots, k1=MET, k2=NOT_MET) is Verdict.UNDECIDED


def test_what_an_exclusion_lists_excludes_one_by_one():
    roots = [tree("list", leaf(1, excludes=True), leaf(2, excludes=True), excludes=True)]
    assert verdict(roots, k1=NOT_MET, k2=MET) is Verdict.NOT_MET


def test_a_text_of_exclusions_alone_is_met_when_none_applies():
    assert verdict([leaf(1, excludes=True)], k1=NOT_MET) is Verdict.MET


def test_a_case_that_no_condition_concerns_stays_undecided():
    roots = [leaf(1), leaf(2, excludes=True)]
    assert verdict(roots, k1=NOT_APPLICABLE, k2=NOT_MET) is Verdict.UNDECIDED
    assert turning(roots, {1: NOT_APPLICABLE, 2: NOT_MET}).to_met == ()


def test_a_version_without_statements_says_nothing():
    assert evaluate([], {}).verdict is Verdict.UNDECIDED


def test_setting_a_statement_aside_sets_aside_what_stands_under_it():
    roots = [leaf(1), tree("all", leaf(2), leaf(3))]
    result = evaluate(roots, {1: MET, 100: NOT_APPLICABLE})
    assert (result.verdict, result.open) == (Verdict.MET, ())


@pytest.mark.parametrize(
    ("own", "expected"), [(NOT_MET, Verdict.NOT_MET), (UNCLEAR, Verdict.UNDECIDED)]
)
def test_words_that_introduce_a_list_count_beside_it_once_they_are_answered(own, expected):
    roots = [tree("any", leaf(1), leaf(2))]
    assert verdict(roots, k1=MET, k100=own) is expected
    assert turning(roots, {1: MET, 100: own}).to_met == (frozenset({(100, MET)}),)


def test_more_are_asked_for_than_concern_the_case():
    roots = [tree("at_least", leaf(1), leaf(2), leaf(3), at_least=2)]
    assert verdict(roots, k1=MET, k2=NOT_APPLICABLE, k3=NOT_APPLICABLE) is Verdict.NOT_MET
