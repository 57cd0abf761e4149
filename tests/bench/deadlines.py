"""How long the limits of a large plan take: every rule, with and without an extension."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from reviewer.clocks import Event, EventType, Rule, Scope, compute, shipped_book
from reviewer.clocks.rules import RESPONSE_PERIOD_ENDED, Calculation
from tests.bench.measuring import Times
from tests.bench.report import Row

ZONES = ("America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles")
FIRST = datetime(2026, 7, 1, 8)  # noqa: DTZ001 - a local time of each zone
NUMBER, MOST_SECONDS = 100_000, 5
Case = tuple[Rule | Scope, tuple[Event, ...], str, datetime]


def cases(number: int) -> Iterator[Case]:
    """Receipts 7 minutes apart, looked at three days later.

    By scope, where nothing but it is needed to select the row.
    """
    rules = [one for one in shipped_book().rules if _starts_by_one_event(one)]
    for at in range(number):
        rule, received = rules[at % len(rules)], FIRST + timedelta(minutes=7 * at)
        is_plain = not (rule.condition or rule.has_dates)
        what = Scope.of(rule) if is_plain else rule
        events = tuple(_events(rule, received, at // len(rules)))
        yield what, events, ZONES[at % len(ZONES)], received + timedelta(days=3)


def _starts_by_one_event(rule: Rule) -> bool:
    return rule.calculation in {Calculation.FORWARD, Calculation.BACKWARD} and (
        RESPONSE_PERIOD_ENDED not in rule.starts_on
    )


def _events(rule: Rule, received: datetime, turn: int) -> Iterator[Event]:
    """The start, and in every third turn an extension that waits for information."""
    yield Event(EventType(rule.starts_on[0]), received)
    if rule.extension_grounds and turn % 3 == 0:
        sent, ground = received + timedelta(days=2), rule.extension_grounds[turn % 2]
        yield Event(EventType.EXTENSION_NOTICE_SENT, sent, ground=ground, needs_information=True)


def deadline_rows(*, quick: bool) -> list[Row]:
    number = NUMBER // 10 if quick else NUMBER
    asked = list(cases(number))
    began = time.perf_counter()
    for what, events, zone, as_of in asked:
        compute(what, events, zone, as_of=as_of)
    taken = time.perf_counter() - began
    most = MOST_SECONDS * number / NUMBER
    return [
        Row(
            f"{number:,} deadlines, one process",
            Times((taken,)),
            bar=f"<= {most:g} s",
            is_met=taken <= most,
            note=f"{taken / number * 1e6:.0f} µs each; a derivation becomes words when it is read",
        )
    ]
