"""Requests in bulk, of every state and line of business, for codes that the bulletins name.

They are written straight to the tables: going through `workflow/` a request takes milliseconds,
and a worklist only reads them.
"""

from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from policies.models import LineOfBusiness
from policies.reading.codes import dotted
from reviewer.clocks import EventType
from reviewer.models import (
    Channel,
    Clock,
    ClockEvent,
    Coverage,
    Diagnosis,
    Member,
    Provider,
    Request,
    Reviewer,
    ReviewType,
    ServiceLine,
    Urgency,
)
from reviewer.workflow.clocks.facts import plain_facts
from reviewer.workflow.clocks.opening import clock_for
from reviewer.workflow.rule_book import book
from tests.bench.code_sets import DIAGNOSES, MARKED, PROCEDURES, SUPPLIES, keys
from tests.bench.words import Prose

OPEN_SHARE = 0.25  # the rest was decided some time ago
OPEN_REQUEST = "R-25-00001"
DUAL = LineOfBusiness.INTEGRATED_DSNP
BATCH = 2_000


@transaction.atomic
def write_requests(count: int, *, by: Reviewer, at: datetime, seed: int = 1) -> None:
    """So many requests with one line each; a member has three of them."""
    random = Random(f"requests of seed {seed}")
    prose = Prose(random)
    providers = Provider.objects.bulk_create(
        Provider(npi=f"{one:010}", name=prose.title(2), specialty=prose.title(1))
        for one in range(20)
    )
    coverages = write_members(max(1, count // 3), prose, at)
    made = [
        request_of(random, number, coverages[number % len(coverages)], providers, by=by, at=at)
        for number in range(1, count + 1)
    ]
    for request in made:
        request.summary = prose.sentence()
    Request.objects.bulk_create(made, batch_size=BATCH)
    write_clocks(made, by)
    lines = ServiceLine.objects.bulk_create(
        (line_of(random, request, at) for request in made), batch_size=BATCH
    )
    diagnoses = Diagnosis.objects.bulk_create(
        (
            Diagnosis(request=request, position=1, code=dotted(random.choice(keys(DIAGNOSES))))
            for request in made
        ),
        batch_size=BATCH,
    )
    pointers = ServiceLine.diagnoses.through
    pointers.objects.bulk_create(
        (
            pointers(serviceline=line, diagnosis=diagnosis)
            for line, diagnosis in zip(lines, diagnoses, strict=True)
        ),
        batch_size=BATCH,
    )


def write_clocks(requests: list[Request], by: Reviewer) -> None:
    """The receipt of every request and the clock that it opens; a decided one is stopped."""
    rules = book()
    received = ClockEvent.objects.bulk_create(
        (fact(request, EventType.RECEIVED, request.received_at, by) for request in requests),
        batch_size=BATCH,
    )
    decided = ClockEvent.objects.bulk_create(
        (
            fact(one, EventType.DETERMINATION_MADE, one.received_at + timedelta(days=2), by)
            for one in requests
            if one.state not in Request.OPEN
        ),
        batch_size=BATCH,
    )
    ends = {one.request_id: one for one in decided}
    clocks = []
    for event in received:
        clock = clock_for(rules.duty("decision"), event, [event], rules)
        assert clock
        if end := ends.get(event.request_id):
            clock.stopped_at, clock.stopped_by = end.at, end
        request = event.request
        request.decision_due_at, request.decision_rule = clock.due_at, clock.applied_rule_id
        request.decision_citation = clock.citation
        clocks.append(clock)
    Clock.objects.bulk_create(clocks, batch_size=BATCH)
    fields = ["decision_due_at", "decision_rule", "decision_citation"]
    Request.objects.bulk_update(requests, fields, batch_size=BATCH)


def fact(request: Request, type: EventType, at: datetime, by: Reviewer) -> ClockEvent:
    facts = plain_facts(
        {
            "course_ends_at": request.course_ends_at,
            "rating_period_start": request.rating_period_start,
        }
        if type == EventType.RECEIVED
        else {}
    )
    return ClockEvent(
        request=request, type=type.value, at=at, facts=facts, recorded_by=by, recorded_at=at
    )


def write_members(count: int, prose: Prose, at: datetime) -> list[Coverage]:
    members = Member.objects.bulk_create(
        (
            Member(
                number=f"M{one:09}",
                given_name=prose.title(1),
                family_name=prose.title(1),
                born_on=at.date() - timedelta(days=prose.random.randint(400, 30_000)),
            )
            for one in range(1, count + 1)
        ),
        batch_size=BATCH,
    )
    return Coverage.objects.bulk_create(
        (
            Coverage(
                member=member,
                line_of_business=prose.random.choice(LineOfBusiness.values),
                plan=prose.title(2),
                jurisdiction="NY",
                starts_on=at.date() - timedelta(days=800),
            )
            for member in members
        ),
        batch_size=BATCH,
    )


def request_of(
    random: Random,
    number: int,
    coverage: Coverage,
    providers: list[Provider],
    *,
    by: Reviewer,
    at: datetime,
) -> Request:
    is_open = random.random() < OPEN_SHARE or number == 1
    days = random.uniform(0, 10) if is_open else random.uniform(15, 400)
    received_at = at - timedelta(days=days)
    review_type = random.choice(ReviewType.values)
    line_of_business = coverage.line_of_business
    if review_type == ReviewType.RETROSPECTIVE and line_of_business == DUAL:
        review_type = ReviewType.PROSPECTIVE  # no rule is for a payment under that cover
    is_urgent = review_type != ReviewType.RETROSPECTIVE and random.random() < 0.15
    is_payment = review_type == ReviewType.RETROSPECTIVE
    states = Request.OPEN[:4] if is_open else (Request.State.NOTIFIED, Request.State.CLOSED)
    return Request(
        number=f"R-25-{number:05}",
        member=coverage.member,
        coverage=coverage,
        line_of_business=coverage.line_of_business,
        jurisdiction=coverage.jurisdiction,
        requesting_provider=random.choice(providers),
        servicing_provider=random.choice(providers),
        review_type=review_type,
        urgency=Urgency.EXPEDITED if is_urgent else Urgency.STANDARD,
        urgency_attested_by="Treating physician" if is_urgent else "",
        channel=random.choice(Channel.values),
        received_at=received_at,
        state=random.choice(states),
        assigned_to=by if random.random() < 0.2 else None,
        item_kinds={"medicare_advantage": "payment_other"} if is_payment else {},
        course_ends_at=received_at + timedelta(days=3),
        rating_period_start=date(received_at.year, 1, 1),
        entered_by=by,
        entered_at=received_at,
    )


def line_of(random: Random, request: Request, at: datetime) -> ServiceLine:
    system = random.choice((PROCEDURES, SUPPLIES))
    code = MARKED if system == SUPPLIES and random.random() < 0.02 else random.choice(keys(system))
    starts_on = at.date() + timedelta(days=random.randint(0, 30))
    return ServiceLine(
        request=request,
        position=1,
        system=system,
        code=code,
        units=random.randint(1, 30),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=60),
    )
