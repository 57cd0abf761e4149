"""Acts the demonstration out: the library, the people, and every case step by step."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from policies.imports.demonstration import load_library
from policies.models import LineOfBusiness
from reviewer.demonstration.absences import enter_absences
from reviewer.demonstration.accreditation import enter_accreditation
from reviewer.demonstration.cases import EVERY
from reviewer.demonstration.members import Parties, enter_parties
from reviewer.demonstration.people import STAFF, enter_people
from reviewer.demonstration.steps import Case, Line, Scene, Step
from reviewer.models import Coverage, Request, Reviewer
from reviewer.time import local_day
from reviewer.workflow.acts.missed_limits import record_missed_limits
from reviewer.workflow.requests import LineAsked, enter_request

DAYS_OF_A_YEAR: Final = 366


def load(*, at: datetime) -> int:
    """Load everything as of a moment; returns how many requests there are now.

    Whole or not at all, and once: where one of its people is, nothing is changed. Signatures are
    dated days back, so the connection must be the owner's (`reviewer.database.as_owner`).
    """
    if not User.objects.filter(username__in=[person.username for person in STAFF]).exists():
        with transaction.atomic():
            act_out(at)
    return Request.objects.count()


def act_out(at: datetime) -> None:
    on = local_day(at)
    people = enter_people(on)
    editor, approver = people["postrom"].user, people["hsato"].user
    load_library(on=on, at=at, author=editor, approver=approver)
    enter_accreditation(editor=editor, approver=approver, at=at)
    parties = enter_parties(on)
    scenes: dict[int, Scene] = {}
    for moment, number, step in in_order_of_time(at):
        if step is None:
            request = enter(EVERY[number], parties, people, at=moment)
            scenes[number] = Scene(request, people)
        else:
            step.play(scenes[number], people[step.by], moment)
    record_missed_limits(at=at)
    enter_absences(people, at=at)


def in_order_of_time(at: datetime) -> Iterator[tuple[datetime, int, Step | None]]:
    """Every entry (None) and step of every case, as it happened, so that numbers run with time."""
    happened: list[tuple[datetime, int, int, Step | None]] = []
    for number, case in enumerate(EVERY):
        received = received_at(case, at)
        entry = received + timedelta(hours=case.entered_after)
        happened.append((entry, number, 0, None))
        for order, step in enumerate(case.steps, start=1):
            happened.append((received + timedelta(hours=step.after), number, order, step))
    happened.sort(key=lambda one: one[:3])
    if late := [EVERY[one[1]].summary for one in happened if one[0] > at]:
        raise ValueError(f"A step lies in the future: {late[0]}")
    return ((moment, number, step) for moment, number, _, step in happened)


def received_at(case: Case, at: datetime) -> datetime:
    if case.around_a_clock_change:
        length = max(step.after for step in case.steps)
        latest = at - timedelta(hours=length)
        change = last_clock_change(latest, ZoneInfo(settings.TIME_ZONE))
        if change:
            return change - timedelta(hours=case.around_a_clock_change)
    return at - timedelta(hours=case.ago)


def last_clock_change(before: datetime, zone: ZoneInfo) -> datetime | None:
    """The last noon before a moment whose clock differs from that of the noon before it."""
    noon = before.astimezone(zone).replace(hour=12, minute=0, second=0, microsecond=0)
    for _ in range(DAYS_OF_A_YEAR):
        earlier = noon - timedelta(days=1)
        if noon <= before and noon.utcoffset() != earlier.utcoffset():
            return noon
        noon = earlier
    return None


def rating_period(case: Case, coverage: Coverage, received: datetime) -> date | None:
    """The start of the year of the plan's contract, for Medicaid."""
    if coverage.line_of_business != LineOfBusiness.MEDICAID:
        return None
    on = local_day(received)
    start = on.replace(month=case.rating_period_month, day=1)
    return start if start <= on else start.replace(year=on.year - 1)


def enter(case: Case, parties: Parties, people: dict[str, Reviewer], *, at: datetime) -> Request:
    received = at - timedelta(hours=case.entered_after)
    coverage = parties.coverages[case.member]
    return enter_request(
        member=coverage.member,
        coverage=coverage,
        requesting_provider=parties.providers[case.requesting],
        servicing_provider=parties.providers[case.servicing],
        review_type=case.review_type,
        urgency=case.urgency,
        urgency_attested_by=case.attested_by,
        channel=case.channel,
        received_at=received,
        rating_period_start=rating_period(case, coverage, received),
        summary=case.summary,
        lines=[asked(line, received) for line in case.lines],
        diagnoses=case.diagnoses,
        item_kinds=case.item_kinds,
        information_complete_at=later(received, case.complete_after),
        by=people[case.entered_by],
        at=at,
    )


def later(moment: datetime, hours: float | None) -> datetime | None:
    return None if hours is None else moment + timedelta(hours=hours)


def asked(line: Line, received: datetime) -> LineAsked:
    starts_on = local_day(received) + timedelta(days=line.starts)
    return LineAsked(
        system=line.system,
        code=line.code,
        units=line.units,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=line.days),
        modifiers=line.modifiers,
        diagnoses=line.diagnoses,
    )
