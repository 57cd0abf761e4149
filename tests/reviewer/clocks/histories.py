"""Invented histories of every rule, the same ones each time: what happened, when, known when."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from reviewer.clocks import Event, EventType, Rule, Scope, shipped_book
from reviewer.clocks.rules import GROUNDS, RESPONSE_PERIOD_ENDED, Calculation

ZONES = ("America/New_York", "America/Chicago", "America/Phoenix", "Pacific/Honolulu")
LIMITS = [one for one in shipped_book().rules if one.calculation is not Calculation.NONE]
RULES = LIMITS + 10 * [one for one in LIMITS if one.tolls]  # the clocks with most to get wrong
FIRST, DAYS = datetime(2026, 1, 1), 2000  # noqa: DTZ001 - local to each case
SEED = 20260101
Type = EventType


@dataclass(frozen=True)
class History:
    rule: Rule
    zone: str
    events: tuple[Event, ...]
    as_of: datetime | None

    @property
    def scope(self):
        return Scope.of(self.rule)


def histories(number):
    chance = random.Random(SEED)  # noqa: S311 - histories, not secrets
    return [history(chance, RULES[n % len(RULES)]) for n in range(number)]


def history(chance, rule):
    began = moment(chance, FIRST, DAYS)
    events = [*starts(chance, rule, began)]
    for make, times in (
        (extension, 2),
        (request_for_time, 1),
        (answer, 2),
        (notice_of_deficiency, 1),
        (simple, 3),
        (done, 1),
    ):
        if chance.random() < 0.6:
            events += [make(chance, rule, began) for _ in range(chance.randint(1, times))]
    chance.shuffle(events)
    as_of = moment(chance, began, 90) if chance.random() < 0.5 else None
    return History(rule, chance.choice(ZONES), tuple(events), as_of)


def moment(chance, after, days):
    return after + timedelta(minutes=chance.randint(0, days * 24 * 60))


def at(chance, after, days):
    """A time, or now and then only its day."""
    found = moment(chance, after, days)
    return found.date() if chance.random() < 0.15 else found


def starts(chance, rule, began):
    """The event that starts the clock, and what else its row needs to know."""
    kinds = [one for one in rule.starts_on if one != RESPONSE_PERIOD_ENDED]
    if rule.presumed_from and chance.random() < 0.7:
        kinds = [rule.presumed_from]
    if RESPONSE_PERIOD_ENDED in rule.starts_on:
        kinds = [Type.DEFICIENCY_NOTICE_SENT]
    first = began.date() if chance.random() < 0.15 else began
    meetings = tuple((began + timedelta(days=days)).date() for days in (20, 60, 150))
    channel = chance.choice(["mail", "electronic"])
    yield Event(Type(kinds[0]), first, meeting_dates=meetings, channel=channel)
    if rule.floor_event:
        yield Event(Type(rule.floor_event), moment(chance, began, 40).date())


def extension(chance, rule, began):
    return Event(
        Type.EXTENSION_NOTICE_SENT,
        at(chance, began, 35),
        ground=chance.choice([*(rule.extension_grounds or GROUNDS), "plan_workload"]),
        needs_information=chance.random() < 0.6,
        channel=chance.choice(["mail", "electronic", ""]),
        respond_by=moment(chance, began, 90).date() if chance.random() < 0.2 else None,
        decide_by=moment(chance, began, 90).date() if chance.random() < 0.3 else None,
    )


def request_for_time(chance, rule, began):
    by = chance.choice(["enrollee", "provider"])
    return Event(Type.EXTENSION_REQUESTED, at(chance, began, 20), by=by)


def answer(chance, rule, began):
    return Event(Type.INFORMATION_RECEIVED, at(chance, began, 80), partial=chance.random() < 0.3)


def notice_of_deficiency(chance, rule, began):
    respond_by = moment(chance, began, 6) if chance.random() < 0.5 else None
    return Event(Type.DEFICIENCY_NOTICE_SENT, at(chance, began, 2), respond_by=respond_by)


def simple(chance, rule, began):
    kinds = (
        Type.INFORMATION_REQUESTED,
        Type.EXTENSION_WITHDRAWN,
        Type.URGENCY_ATTESTED,
        Type.EXPEDITE_REFUSED,
    )
    return Event(chance.choice(kinds), at(chance, began, 40))


def done(chance, rule, began):
    kind = chance.choice(rule.satisfied_by or (Type.DECISION_NOTICE_SENT,))
    return Event(Type(kind), at(chance, began, 60))
