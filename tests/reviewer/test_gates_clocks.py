"""Invariant 9: no open request without a clock, and none that stops without its evidence. Attacked
in SQL as the site's role, each attack with what is taken beside it.
"""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from psycopg.types.json import Jsonb

from reviewer.models import Appeal, Clock, ClockEvent, Request
from reviewer.workflow.requests import withdraw_request
from tests import factories
from tests.reviewer.roles import owner_at_work
from tests.reviewer.sql import denied, insert, refused_by, row

pytestmark = pytest.mark.django_db
CLOCK, EVENT, REQUEST = "reviewer_clock", "reviewer_clockevent", "reviewer_request"
APPEAL = "reviewer_appeal"


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def copy(table, pk, **changes):
    with connection.cursor() as cursor:
        return insert(cursor, table, json_as_text(row(cursor, table, pk, **changes)))


def receipt(request):
    return ClockEvent.objects.get(request=request, type="received")


@pytest.fixture
def clock(cast):
    return Clock.objects.get(request=factories.make_claimed(cast), duty="decision")


@pytest.mark.parametrize("state", Request.OPEN)
def test_an_open_request_without_a_clock_is_refused_at_commit(clock, state):
    with refused_by("an_open_request_has_a_clock"):
        copy(REQUEST, clock.request_id, number="R-1", state=state)


def test_a_clock_of_another_duty_is_not_that_of_the_decision(clock):
    with refused_by("an_open_request_has_a_clock"):
        request = copy(REQUEST, clock.request_id, number="R-1")
        started = copy(EVENT, clock.started_by_id, request_id=request, milestone_id=None)
        copy(CLOCK, clock.pk, request_id=request, started_by_id=started, duty="notice_member")


def test_a_request_with_its_clock_is_taken_and_so_is_one_that_is_not_open(cast, clock):
    copy(REQUEST, clock.request_id, number="R-2", state="withdrawn")
    request = copy(REQUEST, clock.request_id, number="R-1")
    started = copy(EVENT, clock.started_by_id, request_id=request, milestone_id=None)
    copy(CLOCK, clock.pk, request_id=request, started_by_id=started)
    connection.check_constraints()


def json_as_text(facts):
    return {
        name: Jsonb(value) if isinstance(value, dict | list) else value
        for name, value in facts.items()
    }


def test_a_request_s_clock_does_not_end_while_it_is_open(cast, clock):
    milestone = clock.request.events.last()
    with refused_by("an_open_request_has_a_clock"):
        run(f"UPDATE {CLOCK} SET ended = 'withdrawn', ended_by_id = %s", milestone.pk)

    withdraw_request(
        request=clock.request, reason="No longer needed.", by=cast.nurse, at=factories.now()
    )
    with refused_by("an_open_request_has_a_clock"):
        run(f"UPDATE {REQUEST} SET state = 'in_review' WHERE id = %s", clock.request_id)


def test_an_open_appeal_has_a_clock_of_its_own(cast):
    appeal = factories.make_appeal(cast)
    milestone = appeal.request.events.last()
    with refused_by("an_open_appeal_has_a_clock"):
        run(
            f"UPDATE {CLOCK} SET ended = 'withdrawn', ended_by_id = %s WHERE appeal_id = %s",
            milestone.pk,
            appeal.pk,
        )
    for state in Appeal.OPEN:
        with refused_by("an_open_appeal_has_a_clock"):
            copy(APPEAL, appeal.pk, number="A-1", level=7, state=state)

    copy(APPEAL, appeal.pk, number="A-1", level=7, state="withdrawn")
    connection.check_constraints()


def test_a_clock_of_another_duty_is_not_that_of_an_appeal_s_decision(cast):
    appeal = factories.make_appeal(cast)
    clock = Clock.objects.get(appeal=appeal, duty="appeal_decision")
    with refused_by("an_open_appeal_has_a_clock"):
        other = copy(APPEAL, appeal.pk, number="A-1", level=7)
        started = copy(EVENT, clock.started_by_id, appeal_id=other)
        copy(CLOCK, clock.pk, appeal_id=other, started_by_id=started, duty="grievance")


def test_the_clock_of_an_appeal_is_not_that_of_its_request(cast):
    request = factories.make_denied(cast).request
    first = Clock.objects.get(request=request, duty="decision")
    appeal = factories.make_appeal(cast, request.determinations.get())
    opened = Clock.objects.get(appeal=appeal, duty="appeal_decision")
    with refused_by("an_open_request_has_a_clock"):
        other = copy(REQUEST, request.pk, number="R-1", state="reopened")
        of_it = copy(APPEAL, appeal.pk, number="A-1", level=7, request_id=other, state="withdrawn")
        started = copy(
            EVENT, opened.started_by_id, request_id=other, appeal_id=of_it, milestone_id=None
        )
        copy(CLOCK, first.pk, request_id=other, appeal_id=of_it, started_by_id=started,
             stopped_at=None, stopped_by_id=None)  # fmt: skip


def test_a_clock_starts_by_a_fact_of_its_own_request_or_appeal(cast, clock):
    other = receipt(factories.make_request(cast))
    with refused_by("the_evidence_is_of_the_same_request"):
        copy(CLOCK, clock.pk, started_by_id=other.pk)

    appeal = factories.make_appeal(cast)
    of_request = receipt(appeal.request)
    of_appeal = ClockEvent.objects.get(appeal=appeal, type="appeal_received")
    decision = Clock.objects.get(request=appeal.request, duty="decision")
    with refused_by("the_evidence_is_of_the_same_request"):
        copy(CLOCK, decision.pk, started_by_id=of_appeal.pk)
    with refused_by("the_evidence_is_of_the_same_request"):
        copy(CLOCK, decision.pk, started_by_id=of_request.pk, appeal_id=appeal.pk)


def test_a_clock_of_a_request_does_not_stop_by_a_fact_of_its_appeal(cast):
    appeal = factories.make_appeal(cast)
    of_appeal = ClockEvent.objects.get(appeal=appeal, type="appeal_received")
    going = Clock.objects.going().filter(request=appeal.request, appeal=None).first()
    stop = f"UPDATE {CLOCK} SET stopped_at = %s, stopped_by_id = %s WHERE id = %s"
    with refused_by("the_evidence_is_of_the_same_request"):
        run(stop, of_appeal.at, of_appeal.pk, going.pk)


def test_a_clock_stops_by_a_fact_of_its_own_request(cast, clock):
    other = receipt(factories.make_request(cast))
    stop = f"UPDATE {CLOCK} SET stopped_at = %s, stopped_by_id = %s WHERE id = %s"
    with refused_by("the_evidence_is_of_the_same_request"):
        run(stop, other.at, other.pk, clock.pk)

    own = receipt(clock.request)
    assert run(stop, own.at, own.pk, clock.pk) == 1


def test_a_clock_stops_at_the_time_of_its_evidence(clock):
    own = receipt(clock.request)
    with refused_by("the_evidence_is_of_the_same_request"):
        run(
            f"UPDATE {CLOCK} SET stopped_at = %s, stopped_by_id = %s WHERE id = %s",
            own.at - timedelta(seconds=1),
            own.pk,
            clock.pk,
        )


def test_a_clock_does_not_stop_without_evidence(clock):
    with refused_by("a_clock_stops_with_its_evidence"):
        run(f"UPDATE {CLOCK} SET stopped_at = now() WHERE id = %s", clock.pk)


def test_a_clock_ends_by_a_milestone_of_its_own_request(cast, clock):
    other = factories.make_request(cast)
    with refused_by("the_evidence_is_of_the_same_request"):
        run(
            f"UPDATE {CLOCK} SET ended = 'withdrawn', ended_by_id = %s WHERE id = %s",
            other.events.last().pk,
            clock.pk,
        )


@pytest.mark.parametrize(
    "change",
    [
        "duty = 'grievance'",
        "recipient = 'member'",
        "zone = 'UTC'",
        "scope = '{}'",
    ],
)
def test_a_clock_keeps_its_duty_and_its_scope(clock, change):
    with refused_by("a_clock_keeps_its_start"):
        run(f"UPDATE {CLOCK} SET {change} WHERE id = %s", clock.pk)


def test_a_clock_keeps_its_request_its_appeal_and_its_determination(cast):
    appeal = factories.make_appeal(cast)
    of_appeal = Clock.objects.get(appeal=appeal, duty="appeal_decision")
    notice = Clock.objects.filter(request=appeal.request, determination__isnull=False).first()
    request = factories.make_request(cast)
    started = copy(EVENT, of_appeal.started_by_id, appeal_id=None)
    elsewhere = receipt(request)
    for clock, change, value in (
        (of_appeal, "appeal_id = NULL, started_by_id = %s", started),
        (of_appeal, "determination_id = %s", appeal.determination_id),
        (notice, "determination_id = %s", None),
        (of_appeal, f"appeal_id = NULL, request_id = {request.pk}, started_by_id = %s",
         elsewhere.pk),
    ):  # fmt: skip
        with refused_by("a_clock_keeps_its_start"):
            run(f"UPDATE {CLOCK} SET {change} WHERE id = %s", value, clock.pk)


def test_a_clock_keeps_its_start(clock):
    again = copy_of_receipt(clock)
    with refused_by("a_clock_keeps_its_start"):
        run(f"UPDATE {CLOCK} SET started_by_id = %s WHERE id = %s", again, clock.pk)


def test_a_clock_s_limit_is_a_projection_that_may_move(clock):
    later = clock.due_at + timedelta(days=1)
    assert run(f"UPDATE {CLOCK} SET due_at = %s WHERE id = %s", later, clock.pk) == 1


def copy_of_receipt(clock):
    return copy(EVENT, clock.started_by_id)


def test_a_clock_that_stopped_does_not_go_on(cast):
    clock = Clock.objects.get(request=factories.make_approved(cast).request, duty="decision")
    with refused_by("a_stopped_clock_stays_so"):
        run(f"UPDATE {CLOCK} SET stopped_at = NULL, stopped_by_id = NULL WHERE id = %s", clock.pk)
    other = receipt(clock.request)
    with refused_by("a_stopped_clock_stays_so"):
        run(
            f"UPDATE {CLOCK} SET stopped_at = %s, stopped_by_id = %s WHERE id = %s",
            other.at,
            other.pk,
            clock.pk,
        )


def test_a_clock_that_ended_does_not_go_on(cast, clock):
    withdraw_request(
        request=clock.request, reason="No longer needed.", by=cast.nurse, at=factories.now()
    )
    with refused_by("a_stopped_clock_stays_so"):
        run(f"UPDATE {CLOCK} SET ended = '', ended_by_id = NULL WHERE id = %s", clock.pk)
    with refused_by("a_stopped_clock_stays_so"):
        run(f"UPDATE {CLOCK} SET ended = 'dismissed' WHERE id = %s", clock.pk)
    own = receipt(clock.request)
    with refused_by("a_stopped_clock_stays_so"):
        run(
            f"UPDATE {CLOCK} SET stopped_at = %s, stopped_by_id = %s WHERE id = %s",
            own.at,
            own.pk,
            clock.pk,
        )


def test_a_clock_that_stopped_does_not_end_again(cast):
    clock = Clock.objects.get(request=factories.make_approved(cast).request, duty="decision")
    milestone = clock.request.events.last()
    with refused_by("a_stopped_clock_stays_so"):
        run(
            f"UPDATE {CLOCK} SET ended = 'withdrawn', ended_by_id = %s WHERE id = %s",
            milestone.pk,
            clock.pk,
        )


@pytest.mark.parametrize("attack", ["DELETE FROM reviewer_clock", "TRUNCATE reviewer_clock"])
def test_a_clock_is_never_deleted(clock, attack):
    with denied():
        run(attack)


def test_a_fact_is_of_one_request(cast, clock):
    other = factories.make_appeal(cast)
    attacks = {
        "appeal_id": other.pk,
        "determination_id": other.determination_id,
        "milestone_id": other.request.events.last().pk,
    }
    for column, value in attacks.items():
        with refused_by("the_evidence_is_of_the_same_request"):
            copy(EVENT, clock.started_by_id, **{column: value})


@pytest.mark.django_db(transaction=True)
def test_control_without_the_triggers_every_attack_succeeds(cast):
    clock = Clock.objects.get(request=factories.make_request(cast), duty="decision")
    attacks = {
        "an_open_request_keeps_a_clock": (
            "UPDATE reviewer_clock SET ended = 'withdrawn', ended_by_id = (SELECT max(id) FROM"
            " reviewer_event)"
        ),
        "a_clock_goes_by_its_evidence": "UPDATE reviewer_clock SET duty = 'other', zone = 'UTC'",
        "a_clock_is_never_deleted": "DELETE FROM reviewer_clock",
    }
    for name, attack in attacks.items():
        with owner_at_work() as owner:
            owner.execute(f"DROP TRIGGER {name} ON reviewer_clock")
            assert owner.execute(attack).rowcount > 0
            owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with owner_at_work() as owner, pytest.raises(psycopg.IntegrityError) as caught:
        owner.execute("DELETE FROM reviewer_clock WHERE id = %s", [clock.pk])
    assert caught.value.diag.constraint_name == "evidence_is_written_once"
