"""What holds for every deadline, over ten thousand histories of every rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reviewer.clocks import (
    Event,
    EventType,
    NotStarted,
    OtherRule,
    Role,
    compute,
    shipped_book,
)
from reviewer.clocks.events import KNOWN_IN_ADVANCE
from reviewer.clocks.moments import instant_of, midnight, zone_named
from reviewer.clocks.rules import Calculation, Unit
from tests.reviewer.clocks.histories import histories

NUMBER = 10_000
REJECTED = "extension_rejected"
MOVES = {
    EventType.EXTENSION_NOTICE_SENT,
    EventType.EXTENSION_REQUESTED,
    EventType.EXTENSION_WITHDRAWN,
    EventType.URGENCY_ATTESTED,
    EventType.EXPEDITE_REFUSED,
    EventType.DEFICIENCY_NOTICE_SENT,
}


def answer(history, **changed):
    case = {"events": history.events, "zone": history.zone, "as_of": history.as_of} | changed
    try:
        return compute(history.rule, **case)
    except NotStarted:
        return None


@pytest.fixture(scope="module")
def answered():
    """Every history with its answer; without one, the clock had not started at `as_of`."""
    return [(one, answer(one)) for one in histories(NUMBER)]


@pytest.fixture(scope="module")
def started(answered):
    return [(history, deadline) for history, deadline in answered if deadline]


def instant(history, at):
    zone = zone_named(history.zone)
    return instant_of(at, zone) if isinstance(at, datetime) else midnight(at, zone)


def without(history, *types):
    return tuple(one for one in history.events if one.type not in types)


def test_histories_are_of_every_kind(started):
    flags = {flag for _, deadline in started for flag in deadline.flags}
    statuses = {deadline.status for _, deadline in started}
    assert len(started) > 0.9 * NUMBER
    assert len(flags) == 13
    assert len(statuses) == 6
    assert any(deadline.legal_max_at for _, deadline in started)


def test_a_deadline_is_computed_again_to_the_same(started):
    assert all(answer(history) == deadline for history, deadline in started)


def test_the_order_of_the_events_does_not_matter(answered):
    for history, deadline in answered:
        assert answer(history, events=history.events[::-1]) == deadline
        assert answer(history, events=sorted(history.events, key=repr)) == deadline


def test_events_after_the_evaluation_change_nothing(answered):
    for history, deadline in answered:
        if history.as_of is None:
            continue
        now = instant(history, history.as_of)
        known = [
            one
            for one in history.events
            if one.type in KNOWN_IN_ADVANCE or instant(history, one.at) <= now
        ]
        assert answer(history, events=known) == deadline


def test_a_limit_is_never_before_its_start(started):
    for history, deadline in started:
        if history.rule.calculation is Calculation.BACKWARD or deadline.due_at is None:
            continue
        start = next(step.instant for step in deadline.derivation if step.instant)
        if history.rule.unit is Unit.HOURS or history.rule.calculation is Calculation.IMMEDIATE:
            assert deadline.due_at >= start
        else:
            assert deadline.due_at.date() >= start.date()


def test_an_extension_that_is_rejected_changes_no_limit(started):
    for history, deadline in started:
        flags = set(deadline.flags)
        if not any(flag.startswith(REJECTED) for flag in flags) or flags & {
            "extended",
            "extension_withdrawn",
        }:
            continue
        offers = {EventType.EXTENSION_NOTICE_SENT, EventType.EXTENSION_REQUESTED}
        bare = answer(history, events=without(history, *offers))
        assert bare.due_at == deadline.due_at
        assert set(bare.flags) == {one for one in flags if not one.startswith(REJECTED)}


def test_an_extension_that_counts_and_stops_no_clock_makes_a_limit_later(started):
    for history, deadline in started:
        promises = any(one.decide_by for one in history.events)
        waits = deadline.due_at is None or deadline.legal_max_at
        upgraded = "urgency_upgraded" in deadline.flags
        if "extended" not in deadline.flags or promises or waits or upgraded:
            continue
        offers = {EventType.EXTENSION_NOTICE_SENT, EventType.EXTENSION_REQUESTED}
        assert deadline.due_at > answer(history, events=without(history, *offers)).due_at


def test_a_stopped_clock_has_no_limit_until_an_answer_or_the_end_of_the_time(started):
    stopped = [(history, one) for history, one in started if one.due_at is None]
    assert len(stopped) > 20
    for history, deadline in stopped:
        assert history.rule.tolls
        assert deadline.tolled_until >= instant(history, history.as_of)
        assert deadline.legal_max_at is None
        assert deadline.status in {"tolled", "met"}
        later = deadline.tolled_until.astimezone(UTC) + timedelta(seconds=1)
        assert answer(history, as_of=later).due_at is not None
        told = Event(EventType.INFORMATION_RECEIVED, instant(history, history.as_of))
        assert answer(history, events=[*history.events, told]).due_at is not None


def test_a_clock_with_a_limit_is_not_stopped(started):
    assert not [one for _, one in started if one.due_at and one.tolled_until]


def test_the_working_limit_is_never_later_than_the_legal_maximum(started):
    with_maximum = [one for _, one in started if one.legal_max_at]
    assert len(with_maximum) > 20
    assert all(one.due_at <= one.legal_max_at for one in with_maximum)


def test_a_filing_is_accepted_at_least_through_its_last_day(started):
    for _, deadline in started:
        if deadline.accept_through:
            assert deadline.accept_through >= deadline.due_at


def test_raised_urgency_never_makes_a_limit_later(started):
    for history, deadline in started:
        if "urgency_upgraded" not in deadline.flags or deadline.due_at is None:
            continue
        calm = answer(history, events=without(history, EventType.URGENCY_ATTESTED))
        assert calm.due_at is None or deadline.due_at <= calm.due_at


def test_hours_commute_with_a_change_of_zone(started):
    checked = 0
    for history, _ in started:
        events = [one for one in without(history, *MOVES) if isinstance(one.at, datetime)]
        here = answer(history, events=events) if history.rule.unit is Unit.HOURS else None
        if here is None or history.rule.floor_event:
            continue
        zone = zone_named(history.zone)
        aware = [replace(one, at=instant_of(one.at, zone)) for one in events]
        now = history.as_of and instant_of(history.as_of, zone)
        there = answer(history, events=aware, zone="UTC", as_of=now)
        assert (there.due_at, there.status) == (here.due_at, here.status)
        checked += 1
    assert checked > 1000


BINDING = [OtherRule(name, Role.BINDING) for name in ("URAC.PRE.STD", "NCQA.PRE.URG")]


def test_another_binding_rule_never_makes_a_limit_later(started):
    for history, deadline in started:
        received = [one for one in history.events if one.type == EventType.RECEIVED]
        if not received:
            continue
        before = deadline.due_at
        for number in (1, 2):
            joined = answer(history, others=BINDING[:number])
            assert before is None or joined.due_at <= before
            limits = [limit for limit in joined.by_rule.values() if limit]
            assert joined.due_at == min(limits)
            assert joined.by_rule[history.rule.rule_id] == deadline.due_at
            before = joined.due_at


def test_targets_and_companions_do_not_move_a_limit(started):
    others = [OtherRule("URAC.PRE.STD", Role.TARGET), OtherRule("NCQA.PRE.URG", Role.COMPANION)]
    for history, deadline in started[::3]:
        beside = answer(history, others=others)
        assert (beside.due_at, beside.status) == (deadline.due_at, deadline.status)
        assert (beside.flags, beside.alarm_at) == (deadline.flags, deadline.alarm_at)


def test_a_status_says_what_the_limit_says(started):
    for history, deadline in started:
        if history.as_of is None:
            assert deadline.status is None
            continue
        limit = deadline.accept_through or deadline.due_at
        now = instant(history, history.as_of)
        assert (deadline.status == "tolled") <= (limit is None)
        assert (deadline.status == "overdue") <= (limit is not None and now > limit)
        assert (deadline.status == "running") <= (limit is not None and now <= limit)


def test_an_alarm_is_never_after_the_limit(started):
    for _, deadline in started:
        assert deadline.alarm_at is None or deadline.alarm_at <= deadline.due_at


def test_every_answer_can_show_its_arithmetic(started):
    book = shipped_book()
    for history, deadline in started:
        reached = {step.instant for step in deadline.derivation if step.instant}
        assert (deadline.due_at or deadline.tolled_until) in reached
        assert deadline.rule_id == history.rule.rule_id
        assert deadline.citation == book.rule(deadline.applied_rule_id).citation
        assert list(deadline.flags) == sorted(deadline.flags)
