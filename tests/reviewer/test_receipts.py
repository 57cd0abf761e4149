"""A corrected time of receipt takes two people; gates are attacked in SQL as the site's role."""

from datetime import timedelta

import pytest
from django.db import connection

from reviewer.models import ClockEvent
from reviewer.time import local_day
from reviewer.workflow.clocks import note, recompute
from reviewer.workflow.clocks.facts import as_event
from reviewer.workflow.errors import Refused
from reviewer.workflow.receipts import approve_correction, decline_correction, propose_correction
from tests import factories
from tests.reviewer.sql import insert, refused_by, row

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


@pytest.fixture
def receipt(cast):
    return ClockEvent.objects.get(request=factories.make_claimed(cast), type="received")


def proposed(receipt, by, **changes):
    said = {"corrected_to": receipt.at - DAY, "reason": "Fax lay over night.", "evidence": "Header"}
    return propose_correction(event=receipt, by=by, at=factories.now(), **said | changes)


def test_an_approved_correction_moves_the_receipt_and_its_limit(cast, receipt):
    due, before = receipt.request.decision_due_at, receipt.at
    approve_correction(
        correction=proposed(receipt, cast.nurse), by=cast.supervisor, at=factories.now()
    )
    request = receipt.request
    request.refresh_from_db()
    assert request.received_at == before - DAY
    assert request.decision_due_at < due
    last = request.events.get(name="time_corrected")
    assert last.before["received_at"] == before.isoformat()
    assert last.after["received_at"] == (before - DAY).isoformat()
    assert recompute([request], at=factories.now()) == []


def corrected(cast, event, to):
    asked = proposed(event, cast.nurse, corrected_to=to)
    approve_correction(correction=asked, by=cast.supervisor, at=factories.now())
    return ClockEvent.objects.get(corrects=event)


def test_a_corrected_fact_still_says_who_asked(cast, receipt):
    asked = note(
        request=receipt.request, type="urgency_attested", at=factories.now() - DAY, by=cast.nurse,
        by_whom="physician",
    )  # fmt: skip
    again = corrected(cast, asked, asked.at - timedelta(hours=3))
    assert again.facts == {"by": "physician"}
    assert recompute([receipt.request], at=factories.now()) == []


def test_a_corrected_day_is_still_a_day(cast, receipt):
    day = local_day(factories.now() - DAY)
    told = note(
        request=receipt.request, type="necessary_information_received", at=day, by=cast.nurse
    )
    again = corrected(cast, told, told.at - timedelta(hours=3))
    assert not again.has_time
    assert as_event(again).at == day - DAY
    assert recompute([receipt.request], at=factories.now()) == []


def test_a_time_in_the_future_the_same_time_and_no_evidence_are_refused(cast, receipt):
    for changes in (
        {"corrected_to": factories.now() + DAY},
        {"corrected_to": receipt.at},
        {"evidence": " "},
    ):
        with pytest.raises(Refused):
            proposed(receipt, cast.nurse, **changes)
    with pytest.raises(Refused, match="Only"):
        proposed(receipt, cast.supervisor)


def test_a_declined_correction_moves_nothing_and_is_not_approved_later(cast, receipt):
    asked = proposed(receipt, cast.nurse)
    with pytest.raises(Refused, match="Only"):
        approve_correction(correction=asked, by=cast.nurse, at=factories.now())
    decline_correction(correction=asked, by=cast.supervisor, at=factories.now())
    with pytest.raises(Refused, match="declined"):
        approve_correction(correction=asked, by=cast.supervisor, at=factories.now())
    assert ClockEvent.objects.filter(request=receipt.request, type="received").count() == 1


def inserted(receipt, asked, at):
    from psycopg.types.json import Jsonb

    with connection.cursor() as cursor:
        facts = row(cursor, "reviewer_clockevent", receipt.pk, at=at, corrects_id=receipt.pk,
                    correction_id=asked.pk)  # fmt: skip
        insert(cursor, "reviewer_clockevent", facts | {"facts": Jsonb(receipt.facts)})


def test_a_corrected_time_is_inserted_only_as_approved(cast, receipt):
    asked = proposed(receipt, cast.nurse)
    with refused_by("a_corrected_time_takes_two_people"):
        inserted(receipt, asked, asked.at)
    with refused_by("the_time_of_receipt_is_the_one_that_stands"):
        run("UPDATE reviewer_request SET received_at = %s", asked.at)
    decide = (
        "UPDATE reviewer_receiptcorrection SET is_approved = true, decided_at = now(),"
        " decided_by_id = %s"
    )
    assert run(decide, cast.supervisor.pk) == 1
    with refused_by("a_correction_is_decided_once"):
        run("UPDATE reviewer_receiptcorrection SET at = now()")
    with refused_by("a_corrected_time_takes_two_people"):
        inserted(receipt, asked, asked.at - DAY)
    inserted(receipt, asked, asked.at)
    assert run("UPDATE reviewer_request SET received_at = %s", asked.at) == 1
