"""`bench worklists`: the lists of a day's work over ten thousand requests and over a million."""

from argparse import Namespace
from collections.abc import Callable

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from reviewer.models import Request, Reviewer, Role
from tests.bench import library, report
from tests.bench.floors import ROOT_URLCONF, Visitor
from tests.bench.generator import bulletins
from tests.bench.growing import decide, grow
from tests.bench.measuring import Times, in_turns
from tests.bench.report import Row, against, at_most
from tests.bench.requests import write_requests
from tests.bench.scratch import tidy
from tests.cast import enter, enter_nurse, enter_physician

FIRST = 10_000
MOST, GROWTH = 2.5, 1.3
NURSE, DOCTOR, LEAD = "a nurse", "a physician", "a supervisor"
# Who asks, for what, and what it may cost against the full floor.
PAGES: dict[str, tuple[str, str, str, float | None]] = {
    "my work": (NURSE, "/", "", None),
    "queue": (NURSE, "/queue", "", MOST),
    "queue of a physician": (DOCTOR, "/queue", "", MOST),
    "queue, two hundred pages on": (NURSE, "/queue", "after={deep}", MOST),
    "queue, referred": (NURSE, "/queue", "state=referred", MOST),
    "queue, overdue and expedited": (NURSE, "/queue", "due=overdue&urgency=expedited", MOST),
    "team": (LEAD, "/team", "", MOST),
    "team, one person": (LEAD, "/team", "assignee=bench", MOST),
    "team, one code": (LEAD, "/team", "code=Q4321", MOST),
    "to tell": (LEAD, "/to-tell", "", None),
    "board": (LEAD, "/board", "", None),
}


def measure(options: Namespace, say: Callable[[str], None]) -> list[Row]:
    say(f"importing {options.bulletins:,} bulletins")
    library.import_rows(list(bulletins(options.bulletins, seed=options.seed)))
    first = 500 if options.quick else FIRST
    most = 4 * first if options.quick else options.requests
    people = enter_people()
    say(f"writing {first:,} requests")
    with connection.cursor() as cursor:  # their limits are computed within the transaction
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
    write_requests(first, by=people[NURSE], at=timezone.now(), seed=options.seed)
    tidy()
    decide(people[NURSE])
    few, rows = ask(people, options), []
    rows += shown(first, few)
    if most <= first:
        return rows
    say(f"copying them to {most:,} by SQL")
    grow(most)
    many = ask(people, options)
    rows += shown(Request.objects.count(), many)
    growth = [
        at_most(f"{name}: p95 of many requests / of few", many[name].p95 / few[name].p95, GROWTH)
        for name in PAGES
    ]
    report.show("Growth", growth)
    return rows + growth


def enter_people() -> dict[str, Reviewer]:
    return {
        NURSE: enter_nurse("bench", "Bea Bench"),
        DOCTOR: enter_physician("doctor", "Dora Doctor", "Neurology"),
        LEAD: enter("lead", "Lea Lead", Role.SUPERVISOR),
    }


def ask(people: dict[str, Reviewer], options: Namespace) -> dict[str, Times]:
    """The floor and every page in turns."""
    with override_settings(ROOT_URLCONF=ROOT_URLCONF):
        visitors = {name: Visitor(one.user) for name, one in people.items()}
        calls = {"full floor": visitors[NURSE].floors()["full floor"]}
        for name, (who, path, query, _) in PAGES.items():
            calls[name] = visitors[who].call(path, query.format(deep=deep_key()))
        return in_turns(calls, rounds=options.rounds)


def deep_key() -> str:
    """The key of a row far down the queue, as its page writes it."""
    waiting = Request.objects.open().unassigned().by_time_left()
    place = min(10_000, waiting.count() // 2)
    row = waiting[place]
    return f"1_{row.decision_due_at.isoformat()}_{row.pk}".replace("+", "%2B")


def shown(count: int, times: dict[str, Times]) -> list[Row]:
    floor = times["full floor"]
    rows = [
        against(floor, name, one, PAGES[name][3] if name in PAGES else None)
        for name, one in times.items()
    ]
    open_now = Request.objects.open().count()
    report.show(f"{count:,} requests, {open_now:,} of them open", rows)
    return rows
