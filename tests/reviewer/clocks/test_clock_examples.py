"""Every worked example gives its expected values to the second."""

import csv
import json
from pathlib import Path

import pytest

from reviewer.clocks import compute, shipped_book, shipped_rows
from reviewer.clocks.checking import Example, check
from reviewer.clocks.selection import select

HERE = Path(__file__).parent
FILES = ("examples.jsonl", "examples_more.jsonl", "examples_combined.jsonl")
SHARED = Path(__file__).parents[4] / "shared" / "clocks"


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


EXAMPLES = [Example.from_json(one) for name in FILES for one in read(HERE / name)]
BY_ID = pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.id)


def by_scope(example, events=None):
    return compute(
        example.scope,
        events or example.events,
        example.zone,
        member_zone=example.member_zone,
        as_of=example.as_of,
        others=example.others,
    )


def test_each_example_has_its_own_id():
    assert len({one.id for one in EXAMPLES}) == len(EXAMPLES)


@BY_ID
def test_the_example(example):
    disagreement = check(example, shipped_book())
    assert disagreement is None, [disagreement.selected, disagreement.differences]


@BY_ID
def test_the_scope_selects_the_stated_rule(example):
    assert select(shipped_book(), example.scope, example.timeline).rule_id == example.rule_id


@BY_ID
def test_the_derivation_leads_to_the_result(example):
    deadline = by_scope(example)
    reached = [step.instant for step in deadline.derivation]
    assert (deadline.due_at or deadline.tolled_until) in reached
    assert all(step.sentence.endswith(".") and step.citation for step in deadline.derivation)


@BY_ID
def test_the_order_of_the_events_does_not_matter(example):
    assert by_scope(example) == by_scope(example, example.events[::-1])


def test_our_copies_are_the_shared_files():
    if not SHARED.is_dir():
        pytest.skip("there is no shared folder beside this checkout")
    assert read(HERE / FILES[0]) == read(SHARED / "examples.jsonl")
    with (SHARED / "rules.csv").open(encoding="utf-8", newline="") as file:
        assert shipped_rows("rules") == list(csv.DictReader(file))
