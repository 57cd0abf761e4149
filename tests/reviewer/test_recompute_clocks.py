"""What is kept of limits is what is computed from facts and rules, whatever happened before."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from policies.models import LineOfBusiness
from reviewer.clocks import EventType
from reviewer.models import Clock, ClockEvent, Request, RuleChange, RuleRow
from reviewer.workflow import requests as verbs
from reviewer.workflow.clocks import note, recompute
from reviewer.workflow.determinations import sign_determination
from reviewer.workflow.errors import Refused
from tests import factories
from tests.reviewer.roles import connect


def recomputed(*arguments):
    out = StringIO()
    call_command("recompute_clocks", *arguments, stdout=out)
    return out.getvalue()


def changed_rule(cast, rule_id, **columns):
    """A row as two people changed it, before any limit is computed by it."""
    at = timezone.now()
    row = RuleRow.objects.current().get(table="rules", key=rule_id)
    change = RuleChange.objects.create(
        table="rules",
        key=rule_id,
        row=row.row | columns,
        reason="The contract of the plan is stricter.",
        proposed_by=cast.policy_editor.user,
        proposed_at=at,
    )
    change.decided_by, change.decided_at, change.is_approved = cast.policy_approver.user, at, True
    change.save()
    return RuleRow.objects.get(change=change)


def decide(request, by):
    line = request.lines.filter(active__isnull=True).first()
    if line:
        decision = factories.approval(line)
        sign_determination(line=line, decision=decision, by=by, at=timezone.now())


def tell(request, by):
    for determination in request.determinations.all():
        factories.send_notice(
            determination=determination,
            recipient="member",
            channel="mail",
            by=by,
            at=timezone.now(),
        )


def extend(request, by):
    note(
        request=request,
        type=EventType.EXTENSION_NOTICE_SENT,
        at=timezone.now(),
        by=by,
        ground="claimant_information_missing",
        needs_information=True,
    )


def said(**facts):
    return lambda request, by: facts["verb"](
        request=request, by=by, at=timezone.now(), **facts["words"]
    )


ACTS = [
    decide,
    tell,
    extend,
    said(verb=verbs.claim_request, words={}),
    said(verb=verbs.release_request, words={}),
    said(verb=verbs.request_information, words={"wanted": "The plan of care."}),
    said(verb=verbs.receive_information, words={"what": "A part."}),
    said(verb=verbs.receive_information, words={"what": "All of it.", "is_complete": True}),
    said(verb=verbs.withdraw_request, words={"reason": "No longer needed."}),
    said(verb=verbs.dismiss_request, words={"reason": "Sent twice."}),
    said(verb=verbs.reopen_request, words={"reason": "A mistake."}),
]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_a_history_of_any_verbs_is_kept_as_it_is_computed(cast, seed):
    random = Random(seed)
    cast.coverage.line_of_business = random.choice(
        [LineOfBusiness.COMMERCIAL_INSURED, LineOfBusiness.MEDICARE_ADVANTAGE]
    )
    cast.coverage.save()
    request = factories.make_request(cast, lines=[factories.line(), factories.line("97546")])
    done = 0
    for act in random.choices(ACTS, k=30):
        try:
            act(request, cast.nurse)
            done += 1
        except Refused:
            request.refresh_from_db()
        assert recompute([request], at=timezone.now()) == []
    assert done > 3


@pytest.mark.django_db
@pytest.mark.parametrize("hour", [5, 6])  # 1:30 in New York, before and after the clocks go back
def test_a_limit_in_the_hour_that_comes_twice_is_kept_as_it_is_computed(cast, hour):
    request = factories.make_request(
        cast,
        urgency="expedited",
        urgency_attested_by="Dr. L. Shore",
        received_at=datetime(2026, 10, 29, hour, 30, tzinfo=UTC),
        at=datetime(2026, 10, 29, 12, tzinfo=UTC),
    )

    request.refresh_from_db()

    # 29 CFR 2560.503-1(f)(2)(i): 72 hours, as elapsed
    assert request.decision_due_at == datetime(2026, 11, 1, hour, 30, tzinfo=UTC)
    assert recompute([request], at=timezone.now()) == []


@pytest.mark.django_db
def test_it_says_what_an_approved_change_of_a_rule_moved(cast):
    request = factories.make_request(cast)
    was = request.decision_due_at
    changed_rule(cast, "ERISA.PRE.INIT", number="7")

    with pytest.raises(CommandError, match="--write"):
        recomputed()
    found = recompute([request], at=timezone.now())

    due = next(one for one in found if one.field == "due_at")
    assert (due.stored, due.stored - due.computed) == (was, timedelta(days=8))
    assert (due.before.version, due.after.version) == (1, 2)
    assert Clock.objects.get(request=request).due_at == was  # nothing is written unasked


@pytest.mark.django_db
def test_it_writes_what_moved_and_keeps_what_was(cast):
    request = factories.make_request(cast)
    was = request.decision_due_at
    row = changed_rule(cast, "ERISA.PRE.INIT", number="7")

    told = recomputed("--write")

    clock = Clock.objects.get(request=request)
    request.refresh_from_db()
    assert "ERISA.PRE.INIT version 1 -> ERISA.PRE.INIT version 2" in told
    assert "The contract of the plan is stricter." in told
    assert str(request) in told
    assert (clock.rule_row, clock.due_at) == (row, was - timedelta(days=8))
    assert request.decision_due_at == clock.due_at
    assert [one["due_at"][:10] for one in clock.answer["moved"]] == [f"{was:%Y-%m-%d}"]
    assert recomputed().endswith("1 requests, 0 clocks differ.\n")


@pytest.mark.django_db
def test_it_finds_a_limit_that_somebody_set_by_hand(cast):
    request = factories.make_request(cast)
    Clock.objects.update(due_at=request.decision_due_at + timedelta(days=1))
    assert {one.field for one in recompute([request], at=timezone.now())} == {"due_at"}

    Clock.objects.update(due_at=request.decision_due_at)
    Request.objects.update(decision_due_at=request.decision_due_at + timedelta(days=1))
    request.refresh_from_db()
    assert {one.field for one in recompute([request], at=timezone.now())} == {"decision_due_at"}
    recomputed("--write")
    assert recomputed().endswith("0 clocks differ.\n")


@pytest.mark.django_db
def test_a_rule_that_no_longer_fits_is_told(cast):
    request = factories.make_request(cast)
    changed_rule(cast, "ERISA.PRE.INIT", item_kind="none_such")

    (found,) = recompute([request], at=timezone.now())

    assert found.field == "error"
    assert "No rule fits" in found.computed


@pytest.mark.django_db(transaction=True)
def test_what_was_entered_before_clocks_were_kept_gets_them(cast):
    waiting = factories.make_claimed(cast)
    verbs.request_information(
        request=waiting, wanted="The plan of care.", by=cast.nurse, at=timezone.now()
    )
    appeal = factories.make_appeal(cast)
    kept = [(one.duty, one.recipient, one.due_at, one.stopped_at) for one in clocks()]
    with connect("owner") as owner:
        for table in ("clock", "clockevent"):
            owner.execute(f"ALTER TABLE reviewer_{table} DISABLE TRIGGER USER")
            owner.execute(f"DELETE FROM reviewer_{table}")
            owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
            owner.execute(f"ALTER TABLE reviewer_{table} ENABLE TRIGGER USER")

    with pytest.raises(CommandError, match="--write"):
        recomputed()
    recomputed("--write")

    assert [(one.duty, one.recipient, one.due_at, one.stopped_at) for one in clocks()] == kept
    assert Clock.objects.filter(appeal=appeal).exists()
    assert set(ClockEvent.objects.values_list("recorded_by", flat=True)) == {
        None,
        cast.physician.pk,
    }
    assert recomputed().endswith("0 clocks differ.\n")


def clocks():
    return Clock.objects.order_by("request", "id")
