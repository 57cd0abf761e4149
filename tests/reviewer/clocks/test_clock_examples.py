"""Every worked example gives its expected values to the second."""

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest

from reviewer.clocks import Event, OtherRule, Role, Scope, compute, shipped_book, shipped_rows
from reviewer.clocks.events import Timeline, parse_at
from reviewer.clocks.moments import zone_named
from reviewer.clocks.selection import select

OURS = Path(__file__).with_name("examples.jsonl")
SHARED = Path(__file__).parents[4] / "shared" / "clocks"
INSTANTS = {"due_at", "accept_through", "legal_max_at", "tolled_until", "target_at", "alarm_at"}


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def events(example):
    return [Event.from_json(one) for one in example["events"]]


def options(example):
    return {
        "zone": example["zone"],
        "member_zone": example.get("member_zone"),
        "as_of": parse_at(example["as_of"]) if "as_of" in example else None,
        "others": [
            OtherRule(one["rule_id"], Role(one["role"])) for one in example.get("other_rules", ())
        ],
    }


def comparable(deadline, keys):
    found = {}
    for key in keys:
        value = getattr(deadline, key)
        found[key] = list(value) if key == "flags" else value
    return found


def expected(example):
    values = dict(example["expect"])
    for key in INSTANTS & values.keys():
        values[key] = values[key] and datetime.fromisoformat(values[key])
    if "by_rule" in values:
        limits = values["by_rule"].items()
        values["by_rule"] = {rule: at and datetime.fromisoformat(at) for rule, at in limits}
    return values


def offsets(values):
    return {key: values[key].utcoffset() for key in INSTANTS & values.keys() if values[key]}


EXAMPLES = read(OURS)
BY_ID = pytest.mark.parametrize("example", EXAMPLES, ids=[one["id"] for one in EXAMPLES])


@BY_ID
def test_the_scope_selects_the_stated_rule(example):
    zone = zone_named(example["zone"])
    timeline = Timeline.of(events(example), zone, zone, options(example)["as_of"])
    selected = select(shipped_book(), Scope(**example["scope"]), timeline)
    assert selected.rule_id == example["rule_id"]


@BY_ID
def test_the_example_by_its_scope(example):
    deadline = compute(Scope(**example["scope"]), events(example), **options(example))
    found = comparable(deadline, example["expect"])
    assert found == expected(example)
    assert offsets(found) == offsets(expected(example))


@BY_ID
def test_the_example_by_its_rule(example):
    rule = shipped_book().rule(example["rule_id"])
    deadline = compute(rule, events(example), **options(example))
    assert comparable(deadline, example["expect"]) == expected(example)


@BY_ID
def test_the_derivation_leads_to_the_result(example):
    deadline = compute(Scope(**example["scope"]), events(example), **options(example))
    reached = [step.instant for step in deadline.derivation]
    assert (deadline.due_at or deadline.tolled_until) in reached
    assert all(step.sentence.endswith(".") and step.citation for step in deadline.derivation)


@BY_ID
def test_the_order_of_the_events_does_not_matter(example):
    there = compute(Scope(**example["scope"]), events(example), **options(example))
    back = compute(Scope(**example["scope"]), events(example)[::-1], **options(example))
    assert there == back


def test_our_copies_are_the_shared_files():
    if not SHARED.is_dir():
        pytest.skip("there is no shared folder beside this checkout")
    assert read(OURS) == read(SHARED / "examples.jsonl")
    with (SHARED / "rules.csv").open(encoding="utf-8", newline="") as file:
        assert shipped_rows("rules") == list(csv.DictReader(file))
