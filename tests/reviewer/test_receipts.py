"""A corrected time of receipt takes two people; gates are attacked in SQL as the site's role."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.types.json import Jsonb

from reviewer.clocks import EventType
from reviewer.clocks.events import FROM_OUTSIDE
from reviewer.models import ClockEvent, ReceiptCorrection, RuleChange, RuleRow
from reviewer.time import local_day
from reviewer.workflow.appeals import withdraw_appeal
from reviewer.workflow.clocks import decision_clock, note, recompute
from reviewer.workflow.clocks.facts import as_event
from reviewer.workflow.determinations import sign_determination
from reviewer.workflow.errors import Refused
from reviewer.workflow.receipt_moves import moves_of
from reviewer.workflow.receipts import approve_correction, decline_correction, propose_correction
from reviewer.workflow.requests import dismiss_request, reopen_request, withdraw_request
from tests import factories
from tests.reviewer.sql import insert, refused_by, row

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TWO_PEOPLE = "a_corrected_time_takes_two_people"
DECIDED_ONCE = "a_correction_is_decided_once"
STANDS = "the_time_of_receipt_is_the_one_that_stands"
DECIDE = (
    "UPDATE reviewer_receiptcorrection SET is_approved = true, decided_at = now(),"
    " decided_by_id = %s"
)


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


@pytest.fixture
def receipt(cast):
    return ClockEvent.objects.get(request=factories.make_claimed(cast), type="received")


@pytest.fixture
def appeal(cast):
    """Received today, of a denial of today, and entered days later."""
    return factories.make_appeal(cast, received_at=factories.now(), at=factories.now() + 3 * DAY)


@pytest.fixture
def receipt_of_appeal(appeal):
    return ClockEvent.objects.get(appeal=appeal, type="appeal_received")


def proposed(receipt, by, **changes):
    said = {"corrected_to": receipt.at - DAY, "reason": "Fax lay over night.", "evidence": "Header"}
    return propose_correction(event=receipt, by=by, **{"at": factories.now()} | said | changes)


def approved(correction, by):
    return approve_correction(correction=correction, by=by, at=factories.now())


# Two people


def test_an_approved_correction_moves_the_receipt_and_its_limit(cast, receipt):
    due, before = receipt.request.decision_due_at, receipt.at
    approved(proposed(receipt, cast.nurse), cast.supervisor)
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


@pytest.mark.parametrize("who", ["intake", "nurse", "physician", "appeals_coordinator"])
def test_whoever_receives_or_reviews_proposes(cast, receipt, who):
    assert proposed(receipt, getattr(cast, who)).proposed_by == getattr(cast, who)


@pytest.mark.parametrize("who", ["supervisor", "auditor", "policy_editor", "policy_approver"])
def test_nobody_else_proposes(cast, receipt, who):
    with pytest.raises(Refused, match="Only an intake coordinator"):
        proposed(receipt, getattr(cast, who))


@pytest.mark.parametrize(
    "who", ["intake", "nurse", "physician", "appeals_coordinator", "auditor", "policy_approver"]
)
def test_only_a_supervisor_approves_and_declines_for_others(cast, receipt, who):
    by = cast.physician if who == "nurse" else cast.nurse
    asked = proposed(receipt, by)
    for verb in (approve_correction, decline_correction):
        with pytest.raises(Refused, match="Only a supervisor"):
            verb(correction=asked, by=getattr(cast, who), at=factories.now())


def test_who_does_not_see_the_request_proposes_nothing(cast, receipt):
    with pytest.raises(Refused, match="no such request"):
        proposed(receipt, cast.other_nurse)  # sees Medicaid only


def test_a_time_in_the_future_the_same_time_and_no_evidence_are_refused(cast, receipt):
    for changes, said in (
        ({"corrected_to": factories.now() + DAY}, "in the future"),
        ({"corrected_to": receipt.at}, "stands already"),
        ({"evidence": " "}, "what shows the right time"),
        ({"reason": " "}, "why the time is wrong"),
    ):
        with pytest.raises(Refused, match=said):
            proposed(receipt, cast.nurse, **changes)
    assert not ReceiptCorrection.objects.exists()


def test_nobody_approves_an_own_correction(cast, receipt):
    asked = proposed(receipt, cast.nurse)
    cast.nurse.user.groups.add(*cast.supervisor.user.groups.all())
    with pytest.raises(Refused, match="ask a second person"):
        approved(asked, cast.nurse)
    receipt.request.refresh_from_db()
    assert receipt.request.received_at == receipt.at


def test_one_correction_of_a_time_waits_at_a_time(cast, receipt):
    proposed(receipt, cast.nurse)
    with pytest.raises(Refused, match="waits already"):
        proposed(receipt, cast.intake, corrected_to=receipt.at - 2 * DAY)


def test_a_time_that_was_corrected_is_not_corrected_again(cast, receipt):
    approved(proposed(receipt, cast.nurse), cast.supervisor)
    with pytest.raises(Refused, match="corrected already"):
        proposed(receipt, cast.nurse, corrected_to=receipt.at - 2 * DAY)


def test_the_time_that_stands_is_corrected_in_its_turn(cast, receipt):
    approved(proposed(receipt, cast.nurse), cast.supervisor)
    second = ClockEvent.objects.get(corrects=receipt)
    approved(proposed(second, cast.intake, corrected_to=receipt.at - 3 * DAY), cast.supervisor)
    receipt.request.refresh_from_db()
    assert receipt.request.received_at == receipt.at - 3 * DAY
    assert ClockEvent.objects.standing().get(type="received").corrects == second


def test_a_declined_correction_moves_nothing_and_is_not_approved_later(cast, receipt):
    asked = proposed(receipt, cast.nurse)
    with pytest.raises(Refused, match="Only"):
        approve_correction(correction=asked, by=cast.nurse, at=factories.now())
    decline_correction(correction=asked, by=cast.supervisor, at=factories.now())
    with pytest.raises(Refused, match="declined"):
        approve_correction(correction=asked, by=cast.supervisor, at=factories.now())
    assert ClockEvent.objects.filter(request=receipt.request, type="received").count() == 1


def test_who_proposed_a_correction_takes_it_back(cast, receipt):
    asked = proposed(receipt, cast.nurse)
    decline_correction(correction=asked, by=cast.nurse, at=factories.now())
    asked.refresh_from_db()
    assert (asked.is_approved, asked.decided_by) == (False, cast.nurse)


def test_only_the_receipt_moves_the_time_of_receipt(cast, receipt):
    """Another fact of the same moment is corrected without it."""
    facts = stored(receipt, type="necessary_information_received", milestone_id=None)
    other = ClockEvent.objects.get(pk=facts)
    approved(proposed(other, cast.nurse), cast.supervisor)
    receipt.request.refresh_from_db()
    assert receipt.request.received_at == receipt.at


def test_a_corrected_fact_keeps_all_but_its_time(cast, receipt):
    facts = stored(
        receipt, type="extension_requested", recipient="member", facts=Jsonb({"by": "provider"}),
        milestone_id=None,
    )  # fmt: skip
    old = ClockEvent.objects.get(pk=facts)
    approved(proposed(old, cast.nurse), cast.supervisor)
    new = ClockEvent.objects.get(corrects=old)
    assert new.at == old.at - DAY
    for name in ("type", "facts", "recipient", "appeal", "determination", "request"):
        assert getattr(new, name) == getattr(old, name)


# What cannot be


def decided(receipt, by):
    line = receipt.request.lines.get(position=1)
    return sign_determination(
        line=line, decision=factories.approval(line), by=by, at=factories.now()
    )


def test_a_request_is_not_received_after_its_decision(cast, receipt):
    signed_at = decided(receipt, cast.nurse).signed_at
    after = signed_at + timedelta(minutes=1)
    with pytest.raises(Refused, match="was decided on .* is not received after that"):
        proposed(receipt, cast.nurse, corrected_to=after, at=after + DAY)


def test_a_request_that_is_decided_meanwhile_is_not_moved_behind_it(cast, receipt):
    """Whoever wrote the proposal, it is held against what is so when it is approved."""
    after = factories.now() + DAY
    asked = ReceiptCorrection.objects.get(pk=asked_in_sql(cast, receipt, at=after))
    decided(receipt, cast.nurse)
    with pytest.raises(Refused, match="was decided on"):
        approve_correction(correction=asked, by=cast.supervisor, at=after + DAY)
    asked.refresh_from_db()
    assert asked.is_approved is None


def test_a_request_may_be_received_when_it_was_entered(cast, receipt):
    entered_at = receipt.request.entered_at
    assert proposed(receipt, cast.nurse, corrected_to=entered_at).at == entered_at


def test_nothing_is_received_after_it_was_entered(cast, receipt):
    after = receipt.request.entered_at + timedelta(seconds=1)
    with pytest.raises(Refused, match="so it did not come after that"):
        proposed(receipt, cast.nurse, corrected_to=after, at=after + DAY)
    asked = asked_in_sql(cast, receipt, at=after)
    run(f"{DECIDE} WHERE id = %s", cast.supervisor.pk, asked)
    with refused_by("what_is_received_is_entered_later"):
        stored(receipt, at=after, corrects_id=receipt.pk, correction_id=asked)


def test_an_appeal_is_not_received_after_it_was_entered(cast, appeal, receipt_of_appeal):
    after = appeal.entered_at + timedelta(seconds=1)
    with pytest.raises(Refused, match="so it did not come after that"):
        proposed(receipt_of_appeal, cast.nurse, corrected_to=after, at=after + DAY)
    asked = asked_in_sql(cast, receipt_of_appeal, at=after)
    run(f"{DECIDE} WHERE id = %s", cast.supervisor.pk, asked)
    with refused_by("what_is_received_is_entered_later"):
        stored(receipt_of_appeal, at=after, corrects_id=receipt_of_appeal.pk, correction_id=asked)


def test_a_fact_that_is_no_receipt_did_not_come_after_it_was_told(cast, receipt):
    told = note(
        request=receipt.request, type="urgency_attested", at=factories.now() - DAY, by=cast.nurse,
        by_whom="physician",
    )  # fmt: skip
    after = told.recorded_at + timedelta(seconds=1)
    with pytest.raises(Refused, match="so it did not come after that"):
        proposed(told, cast.nurse, corrected_to=after, at=after)


@pytest.mark.parametrize(
    ("end", "how"), [(withdraw_request, "withdrawn"), (dismiss_request, "dismissed")]
)
def test_a_request_is_not_received_after_its_end(cast, receipt, end, how):
    end(request=receipt.request, reason="Sent twice.", by=cast.nurse, at=factories.now())
    after = factories.now() + timedelta(minutes=1)
    with pytest.raises(Refused, match=f"was {how} on"):
        proposed(receipt, cast.nurse, corrected_to=after, at=after + DAY)


def test_a_request_that_came_again_is_not_received_before_its_first_end(cast, receipt):
    request, ended_at = receipt.request, factories.now()
    withdraw_request(request=request, reason="No longer needed.", by=cast.nurse, at=ended_at)
    reopen_request(
        request=request, reason="Wanted after all.", by=cast.nurse, at=ended_at + 2 * DAY
    )
    again = ClockEvent.objects.filter(request=request, type="received").latest("at")
    assert again.at == ended_at + 2 * DAY
    with pytest.raises(Refused, match="was received again after that"):
        proposed(again, cast.nurse, corrected_to=ended_at - DAY, at=again.at)
    earlier = ended_at + DAY
    assert proposed(again, cast.nurse, corrected_to=earlier, at=again.at).at == earlier


def covered(receipt, **days):
    coverage = receipt.request.coverage
    for name, day in days.items():
        setattr(coverage, name, day)
    coverage.save()


@pytest.mark.parametrize("side", ["starts_on", "ends_on"])
def test_a_request_is_not_received_on_a_day_without_coverage(cast, receipt, side):
    first = local_day(receipt.at)
    covered(receipt, **{side: first})
    beyond = receipt.at + (DAY if side == "ends_on" else -DAY)
    with pytest.raises(Refused, match=f"On {local_day(beyond)} the member did not have"):
        proposed(receipt, cast.nurse, corrected_to=beyond, at=receipt.at + 2 * DAY)


def test_coverage_of_the_day_counts_on_its_first_and_last_day(cast, receipt):
    covered(receipt, starts_on=local_day(receipt.at - DAY), ends_on=local_day(receipt.at))
    assert proposed(receipt, cast.nurse, corrected_to=receipt.at - DAY).pk


OF_THE_PLAN = sorted(set(EventType) - FROM_OUTSIDE)


@pytest.mark.parametrize("kind", OF_THE_PLAN)
def test_what_the_plan_did_itself_is_not_corrected(cast, receipt, kind):
    fact = ClockEvent.objects.get(pk=stored(receipt, type=kind, milestone_id=None))
    with pytest.raises(Refused, match="what the plan did itself"):
        proposed(fact, cast.nurse)
    with refused_by("a_correction_is_of_what_came_from_outside"):
        asked_in_sql(cast, fact)


@pytest.mark.parametrize("kind", sorted(FROM_OUTSIDE))
def test_what_came_from_outside_is_corrected(cast, receipt, kind):
    fact = ClockEvent.objects.get(pk=stored(receipt, type=kind, milestone_id=None))
    assert asked_in_sql(cast, fact)


@pytest.mark.parametrize(
    "kind", ["determination_made", "decision_notice_sent", "oral_notice_given", "limit_expired"]
)
def test_what_stops_a_clock_of_the_plan_is_of_the_plan(kind):
    assert kind in OF_THE_PLAN


def test_the_milestone_names_the_fact_both_times_and_the_reason(cast, receipt):
    told = note(
        request=receipt.request, type="necessary_information_received",
        at=factories.now() - DAY, by=cast.nurse,
    )  # fmt: skip
    approved(proposed(told, cast.nurse), cast.supervisor)
    last = receipt.request.events.get(name="time_corrected")
    assert last.get_name_display() == "Time corrected"
    assert last.sentence.startswith("Necessary information received, from ")
    assert last.sentence.endswith("Fax lay over night.")
    assert last.after["correction"] == ReceiptCorrection.objects.get().pk


def changed_regime(cast, key, **columns):
    """A row of the regimes as two people changed it."""
    at = factories.now()
    row = RuleRow.objects.current().get(table="regimes", key=key)
    change = RuleChange.objects.create(
        table="regimes", key=key, row=row.row | columns, reason="It binds from that day on.",
        proposed_by=cast.policy_editor.user, proposed_at=at,
    )  # fmt: skip
    change.decided_by, change.decided_at, change.is_approved = cast.policy_approver.user, at, True
    change.save()


def test_a_corrected_receipt_is_under_the_regimes_of_its_own_day(cast):
    """New York's rules bind from the day of the wrong receipt on, not on the day before it."""
    received = factories.now() - 2 * DAY
    changed_regime(
        cast, "commercial_insured_new_york", applies_from=local_day(received).isoformat()
    )
    request = factories.make_claimed(cast, received_at=received, information_complete_at=received)
    assert "NY." in str(decision_clock(request).others)
    receipt = ClockEvent.objects.get(request=request, type="received")
    approved(proposed(receipt, cast.nurse), cast.supervisor)
    request.refresh_from_db()
    assert "NY." not in str(decision_clock(request).others)
    assert recompute([request], at=factories.now()) == []


# The rating period of a Medicaid contract (42 CFR 438.2, 438.210(d)(1)(ii)): twelve months


def in_january(cast, **facts):
    """Received on 5 January 2026: 7 days under a period of 2026, 14 under one of 2025."""
    received = datetime(2026, 1, 5, 15, tzinfo=UTC)
    request = factories.make_request(
        cast, coverage=cast.medicaid_coverage, received_at=received, at=received, **facts
    )
    return ClockEvent.objects.get(request=request, type="received")


@pytest.mark.parametrize(
    ("period", "moved_to", "under", "rule", "due_on"),
    [
        (None, date(2026, 1, 2), date(2026, 1, 1), "MCD.STD", date(2026, 1, 9)),
        (None, date(2025, 12, 30), date(2025, 1, 1), "MCD.STD.OLD", date(2026, 1, 13)),
        (date(2025, 7, 1), date(2025, 12, 30), date(2025, 7, 1), "MCD.STD.OLD",
         date(2026, 1, 13)),
        (date(2026, 1, 3), date(2026, 1, 3), date(2026, 1, 3), "MCD.STD", date(2026, 1, 10)),
        (date(2026, 1, 3), date(2026, 1, 2), date(2025, 1, 3), "MCD.STD.OLD", date(2026, 1, 16)),
    ],
)  # fmt: skip
def test_the_rating_period_follows_the_receipt(cast, period, moved_to, under, rule, due_on):
    receipt = in_january(cast, rating_period_start=period)
    moved = datetime.combine(moved_to, time(15), UTC)

    asked = proposed(receipt, cast.other_nurse, corrected_to=moved)
    foreseen = moves_of(receipt, moved, at=asked.proposed_at)
    approved(asked, cast.supervisor)

    request = receipt.request
    request.refresh_from_db()
    assert request.rating_period_start == under
    assert request.decision_rule == rule
    assert local_day(request.decision_due_at) == due_on
    assert [one.then.due_at for one in foreseen] == [request.decision_due_at]
    assert recompute([request], at=factories.now()) == []


def test_a_receipt_that_is_moved_there_and_back_is_under_its_first_period(cast):
    receipt = in_january(cast)
    approved(
        proposed(receipt, cast.other_nurse, corrected_to=receipt.at - 6 * DAY), cast.supervisor
    )
    second = ClockEvent.objects.get(corrects=receipt)
    approved(proposed(second, cast.other_nurse, corrected_to=receipt.at - DAY), cast.supervisor)
    request = receipt.request
    request.refresh_from_db()
    assert request.rating_period_start == date(2026, 1, 1)
    assert request.decision_rule == "MCD.STD"


def test_a_request_is_not_under_a_period_that_begins_later(cast):
    with pytest.raises(Refused, match="the rating period that has begun"):
        in_january(cast, rating_period_start=date(2026, 1, 6))


# Appeals


def test_an_appeal_is_not_received_after_it_was_decided(cast):
    decision = factories.make_appeal_decision(cast)
    receipt = ClockEvent.objects.get(appeal=decision.appeal, type="appeal_received")
    after = decision.decided_at + timedelta(minutes=1)
    with pytest.raises(Refused, match="appeal was decided on"):
        proposed(receipt, cast.nurse, corrected_to=after, at=after + DAY)
    asked = asked_in_sql(cast, receipt, at=after)
    run(f"{DECIDE} WHERE id = %s", cast.supervisor.pk, asked)
    with refused_by("an_appeal_is_received_between_its_decisions"):
        stored(receipt, at=after, corrects_id=receipt.pk, correction_id=asked)


def test_an_appeal_is_not_received_after_it_was_withdrawn(cast, appeal, receipt_of_appeal):
    at = factories.now()
    withdraw_appeal(appeal=appeal, reason="No more.", by=cast.appeals_coordinator, at=at)
    with pytest.raises(Refused, match="appeal was withdrawn on"):
        proposed(receipt_of_appeal, cast.nurse, corrected_to=at + DAY, at=at + 2 * DAY)


def test_who_sees_no_appeals_corrects_none(cast, receipt_of_appeal):
    with pytest.raises(Refused, match="no such request"):
        later(receipt_of_appeal, cast.intake)


def later(receipt, by, *, days=1):
    """A correction to so many days later, told still later."""
    moved = receipt.at + days * DAY
    return proposed(receipt, by, corrected_to=moved, at=moved + DAY)


def test_an_appeal_is_not_received_before_the_determination(cast, receipt_of_appeal):
    with pytest.raises(Refused, match="received after the determination"):
        proposed(receipt_of_appeal, cast.nurse, corrected_to=receipt_of_appeal.at - 2 * DAY)


def test_a_corrected_receipt_of_an_appeal_moves_its_limit_alone(cast, appeal, receipt_of_appeal):
    """Days are counted from receipt by the plan: 29 CFR 2560.503-1(i)(2)(ii)."""
    before, due = receipt_of_appeal.at, appeal.decision_due_at
    received = appeal.request.received_at
    approved(later(receipt_of_appeal, cast.appeals_coordinator, days=2), cast.supervisor)
    appeal.refresh_from_db()
    assert appeal.received_at == before + 2 * DAY
    assert (appeal.decision_due_at - due).days == 2
    assert decision_clock(appeal).due_at == appeal.decision_due_at
    appeal.request.refresh_from_db()
    assert appeal.request.received_at == received
    told = appeal.request.events.get(name="time_corrected")
    assert told.before["received_at"] == before.isoformat()
    assert told.after["received_at"] == (before + 2 * DAY).isoformat()
    assert told.after["appeal"] == appeal.number
    assert recompute([appeal.request], at=factories.now()) == []


def test_the_receipt_of_an_appeal_is_the_one_that_stands(cast, appeal, receipt_of_appeal):
    move = "UPDATE reviewer_appeal SET received_at = %s WHERE id = %s"
    before = receipt_of_appeal.at
    with refused_by(STANDS):
        run(move, before + DAY, appeal.pk)

    approved(later(receipt_of_appeal, cast.nurse), cast.supervisor)
    appeal.refresh_from_db()
    assert appeal.received_at == before + DAY
    with refused_by(STANDS):
        run(move, before, appeal.pk)

    back = ClockEvent.objects.get(corrects=receipt_of_appeal)
    approved(proposed(back, cast.nurse, corrected_to=before), cast.supervisor)
    with refused_by(STANDS):
        run(move, before + DAY, appeal.pk)


def test_the_receipt_of_an_appeal_is_of_no_other_fact(cast, appeal, receipt_of_appeal):
    """Neither a corrected receipt of the request counts, nor of another appeal, nor another fact
    of the appeal itself."""
    move = "UPDATE reviewer_appeal SET received_at = %s WHERE id = %s"
    version = appeal.determination.version
    other = factories.make_appeal(cast, factories.make_denied(cast, version))
    for former in (
        stored(receipt_of_appeal, type="received", appeal_id=None),
        stored(receipt_of_appeal, request_id=other.request_id, appeal_id=other.pk,
               milestone_id=None),
        stored(receipt_of_appeal, type="necessary_information_received"),
    ):  # fmt: skip
        old = ClockEvent.objects.get(pk=former)
        then = old.at + (-DAY if old.type == "received" else DAY)
        asked = ReceiptCorrection.objects.get(pk=asked_in_sql(cast, old, at=then))
        run(f"{DECIDE} WHERE id = %s", cast.supervisor.pk, asked.pk)
        inserted(old, asked)
        with refused_by(STANDS):
            run(move, asked.at, appeal.pk)


# In SQL


def stored(event, **changes):
    """A row like this one, with some columns otherwise."""
    with connection.cursor() as cursor:
        facts = row(cursor, "reviewer_clockevent", event.pk) | {"facts": Jsonb(event.facts)}
        return insert(cursor, "reviewer_clockevent", facts | changes)


def inserted(event, asked, **changes):
    """The fact that the correction makes, with some columns otherwise."""
    made = {"at": asked.at, "corrects_id": event.pk, "correction_id": asked.pk}
    return stored(event, **made | changes)


def asked_in_sql(cast, event, *, at=None):
    """A correction that no verb has looked at."""
    with connection.cursor() as cursor:
        return insert(
            cursor,
            "reviewer_receiptcorrection",
            {
                "event_id": event.pk,
                "at": at or event.at - DAY,
                "reason": "So.",
                "evidence": "Header",
                "proposed_by_id": cast.nurse.pk,
                "proposed_at": factories.now(),
            },
        )


def carried_out_in_sql(cast, event, at):
    asked = asked_in_sql(cast, event, at=at)
    run(f"{DECIDE} WHERE id = %s", cast.supervisor.pk, asked)
    return stored(event, at=at, corrects_id=event.pk, correction_id=asked)


def test_no_receipt_stands_after_the_decision_in_sql(cast, receipt):
    signed_at = decided(receipt, cast.nurse).signed_at
    with refused_by("a_request_is_received_before_it_is_decided"):
        carried_out_in_sql(cast, receipt, signed_at + timedelta(minutes=1))
    assert carried_out_in_sql(cast, receipt, receipt.request.entered_at)


@pytest.mark.parametrize("side", ["starts_on", "ends_on"])
def test_no_receipt_stands_without_coverage_in_sql(cast, receipt, side):
    covered(receipt, **{side: local_day(receipt.at)})
    with refused_by("a_request_is_received_while_covered"):
        carried_out_in_sql(cast, receipt, receipt.at + (DAY if side == "ends_on" else -DAY))


def test_no_receipt_of_an_appeal_stands_before_the_determination_in_sql(cast, receipt_of_appeal):
    with refused_by("an_appeal_is_received_between_its_decisions"):
        carried_out_in_sql(cast, receipt_of_appeal, receipt_of_appeal.at - 2 * DAY)


def test_a_corrected_time_is_inserted_only_as_approved(cast, receipt):
    asked = proposed(receipt, cast.nurse)
    with refused_by(TWO_PEOPLE):
        inserted(receipt, asked)
    with refused_by(STANDS):
        run("UPDATE reviewer_request SET received_at = %s", asked.at)
    assert run(DECIDE, cast.supervisor.pk) == 1
    with refused_by(DECIDED_ONCE):
        run("UPDATE reviewer_receiptcorrection SET at = now()")
    with refused_by(TWO_PEOPLE):
        inserted(receipt, asked, at=asked.at - DAY)
    inserted(receipt, asked)
    assert run("UPDATE reviewer_request SET received_at = %s", asked.at) == 1


@pytest.fixture
def agreed(cast, receipt):
    """An approved correction of the receipt, not carried out yet."""
    asked = proposed(receipt, cast.nurse)
    run(DECIDE, cast.supervisor.pk)
    return asked


@pytest.mark.parametrize(
    "changes",
    [
        {"facts": Jsonb({"channel": "portal"})},
        {"recipient": "member"},
    ],
)
def test_a_corrected_time_changes_nothing_else(receipt, agreed, changes):
    with refused_by(TWO_PEOPLE):
        inserted(receipt, agreed, **changes)


def test_a_corrected_time_is_of_the_same_kind_request_and_appeal(cast, receipt, agreed):
    appeal = factories.make_appeal(cast)
    request = factories.make_request(cast)
    for changes in (
        {"type": "necessary_information_received"},
        {"request_id": request.pk, "milestone_id": None},
        {"request_id": appeal.request_id, "appeal_id": appeal.pk, "milestone_id": None},
    ):
        with refused_by(TWO_PEOPLE):
            inserted(receipt, agreed, **changes)


def test_a_corrected_receipt_of_a_request_is_not_that_of_its_appeal(cast, appeal):
    receipt = ClockEvent.objects.get(request=appeal.request, type="received")
    asked = proposed(receipt, cast.nurse)
    run(f"{DECIDE} WHERE id = %s", cast.supervisor.pk, asked.pk)
    with refused_by(TWO_PEOPLE):
        inserted(receipt, asked, appeal_id=appeal.pk)


def test_a_correction_of_one_time_corrects_no_other(receipt, agreed):
    other = ClockEvent.objects.get(pk=stored(receipt))
    with refused_by(TWO_PEOPLE):
        inserted(other, agreed)


def test_a_time_is_corrected_by_one_row_and_a_correction_makes_one(receipt, agreed):
    made = ClockEvent.objects.get(pk=inserted(receipt, agreed))
    with pytest.raises(IntegrityError, match="correct"), transaction.atomic():
        inserted(receipt, agreed)
    assert ClockEvent.objects.standing().filter(type="received").get() == made


def test_nobody_approves_an_own_correction_in_sql(cast, receipt):
    proposed(receipt, cast.nurse)
    with refused_by("nobody_approves_an_own_correction"):
        run(DECIDE, cast.nurse.pk)


@pytest.mark.parametrize("is_approved", [True, False])
def test_a_correction_is_not_born_decided(cast, receipt, is_approved):
    with refused_by(DECIDED_ONCE):
        run(
            "INSERT INTO reviewer_receiptcorrection (event_id, at, reason, evidence,"
            " proposed_by_id, proposed_at, decided_by_id, decided_at, is_approved)"
            " VALUES (%s, now(), 'So.', 'Header', %s, now(), %s, now(), %s)",
            receipt.pk,
            cast.nurse.pk,
            cast.supervisor.pk,
            is_approved,
        )


REWRITINGS = [
    "at = at - interval '1 day'",
    "reason = 'Other.'",
    "evidence = 'Other.'",
    "proposed_at = proposed_at - interval '1 day'",
    "proposed_by_id = (SELECT max(id) FROM reviewer_reviewer)",
    "event_id = (SELECT max(id) FROM reviewer_clockevent)",
    "id = id + 1000",
]


@pytest.mark.parametrize("change", REWRITINGS)
def test_a_correction_is_not_rewritten(cast, receipt, change):
    proposed(receipt, cast.nurse)
    stored(receipt)
    decision = f"is_approved = true, decided_at = now(), decided_by_id = {cast.supervisor.pk}"
    with refused_by(DECIDED_ONCE):
        run(f"UPDATE reviewer_receiptcorrection SET {change}")
    with refused_by(DECIDED_ONCE):
        run(f"UPDATE reviewer_receiptcorrection SET {decision}, {change}")


@pytest.mark.parametrize(
    "change",
    [
        *REWRITINGS,
        "is_approved = false",
        "decided_at = NULL, decided_by_id = NULL, is_approved = NULL",
    ],
)
def test_a_decided_correction_stays(receipt, agreed, change):
    stored(receipt)
    with refused_by(DECIDED_ONCE):
        run(f"UPDATE reviewer_receiptcorrection SET {change}")


def test_a_decision_on_a_correction_is_whole(cast, receipt):
    proposed(receipt, cast.nurse)
    with refused_by("a_decision_on_a_correction_is_whole"):
        run("UPDATE reviewer_receiptcorrection SET decided_at = now(), is_approved = true")


def test_a_receipt_that_was_corrected_away_does_not_come_back(cast, receipt):
    before = receipt.at
    approved(proposed(receipt, cast.nurse), cast.supervisor)
    back = ClockEvent.objects.get(corrects=receipt)
    approved(proposed(back, cast.nurse, corrected_to=before), cast.supervisor)
    with refused_by(STANDS):
        run("UPDATE reviewer_request SET received_at = %s", before - DAY)


def test_the_receipt_of_a_request_is_of_no_other_fact(cast, receipt):
    """Neither another fact of the request counts, nor the receipt of another one."""
    move = "UPDATE reviewer_request SET received_at = %s WHERE id = %s"
    other = factories.make_request(cast)
    for former in (
        stored(receipt, type="necessary_information_received"),
        stored(receipt, request_id=other.pk, milestone_id=None),
    ):
        old = ClockEvent.objects.get(pk=former)
        asked = proposed(old, cast.nurse)
        run(f"{DECIDE} WHERE id = %s", cast.supervisor.pk, asked.pk)
        inserted(old, asked)
        with refused_by(STANDS):
            run(move, asked.at, receipt.request_id)


def test_the_receipt_of_a_request_is_moved_from_the_corrected_time_to_the_new_one(
    cast, receipt, agreed
):
    move = "UPDATE reviewer_request SET received_at = %s WHERE id = %s"
    inserted(receipt, agreed)
    with refused_by(STANDS):
        run(move, agreed.at - DAY, receipt.request_id)
    other = ClockEvent.objects.get(pk=stored(receipt, at=receipt.at + DAY))
    asked = proposed(other, cast.nurse, corrected_to=receipt.at - 2 * DAY)
    run(f"{DECIDE} WHERE id = %s", cast.supervisor.pk, asked.pk)
    inserted(other, asked)
    with refused_by(STANDS):
        run(move, asked.at, receipt.request_id)


def test_the_receipt_of_an_appeal_is_moved_from_the_time_that_was_corrected(
    cast, appeal, receipt_of_appeal
):
    other = ClockEvent.objects.get(pk=stored(receipt_of_appeal, at=receipt_of_appeal.at + DAY))
    asked = ReceiptCorrection.objects.get(pk=asked_in_sql(cast, other, at=other.at + DAY))
    run(f"{DECIDE} WHERE id = %s", cast.supervisor.pk, asked.pk)
    inserted(other, asked)
    with refused_by(STANDS):
        run("UPDATE reviewer_appeal SET received_at = %s WHERE id = %s", asked.at, appeal.pk)
