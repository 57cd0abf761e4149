"""What bodies outside the plan decide of an appeal: written down, and carried out from its receipt
on."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from policies.models import LineOfBusiness
from reviewer.clocks import EventType
from reviewer.models import Appeal, Clock, Coverage, Event, OutsideDecision
from reviewer.time import local_day
from reviewer.workflow.acts.recording import record_event
from reviewer.workflow.appeal_receipts import Place
from reviewer.workflow.errors import Refused
from reviewer.workflow.outside_decisions import record_outside_decision
from tests import factories
from tests.reviewer.pages import post
from tests.reviewer.sql import insert, refused_by, row
from tests.reviewer.test_workflow_appeal_notices import differences

pytestmark = pytest.mark.django_db
IRE = Place("medicare_advantage", "appeal_decision", "ire")
IRO = Place("aca_external", "external_review", "preliminary_review")
HEARING = Place("medicaid_mco", "hearing_decision", "state_fair_hearing")
COVERS = {
    IRE: LineOfBusiness.MEDICARE_ADVANTAGE,
    IRO: LineOfBusiness.MARKETPLACE,
    HEARING: LineOfBusiness.MEDICAID,
}
DUTY = {IRE: "ire_decision", IRO: "external_decision", HEARING: "appeal_decision"}
EVERY_BODY = pytest.mark.parametrize("place", COVERS, ids=["ire", "iro", "hearing"])


def denied_before(cast, place):
    """A denial that may come before the body."""
    coverage = Coverage.objects.create(
        member=cast.member,
        line_of_business=COVERS[place],
        plan="Harbor Test",
        jurisdiction="OH",
        starts_on=factories.IN_EFFECT_FROM,
    )
    return factories.make_denied(cast, request=factories.make_claimed(cast, coverage=coverage))


def before(cast, place):
    """An appeal before the body, which has the file."""
    appeal = factories.make_appeal(cast, denied_before(cast, place), place=place)
    if place is IRO:
        now, by = factories.now(), cast.appeals_coordinator
        record_event(of=appeal, type=EventType.IRO_RECEIVED, when=now, facts={}, by=by, at=now)
    return appeal


def record(cast, appeal, **facts):
    at = factories.now()
    said = {
        "decided_by": "Beacon Review Partners",
        "reference": "BR-1187",
        "outcome": "overturned",
        "dated_on": local_day(at),
        "received_at": at,
        "summary": "The program is needed for daily living. The plan covers 20 units.",
        "by": cast.appeals_coordinator,
        "at": at,
    }
    return record_outside_decision(appeal=appeal, **said | facts)


def clock(appeal, duty):
    return Clock.objects.filter(appeal=appeal, duty=duty).first()


@EVERY_BODY
@pytest.mark.parametrize("outcome", ["upheld", "overturned"])
def test_the_decision_is_kept_and_stops_the_clock_of_that_body(cast, place, outcome):
    appeal = before(cast, place)
    assert clock(appeal, DUTY[place]).is_going

    decision = record(cast, appeal, outcome=outcome)

    appeal.refresh_from_db()
    assert appeal.state == Appeal.State.DECIDED
    assert clock(appeal, DUTY[place]).stopped_at == decision.received_at
    milestone = appeal.request.events.last()
    assert milestone.name == Event.Name.APPEAL_DECIDED
    assert milestone.after["outside_decision"] == decision.pk
    assert "Decided by Beacon Review Partners" in milestone.sentence
    assert clock(appeal, "appeal_notice_member") is None  # that body tells of it itself
    assert differences() == "1 requests, 0 clocks differ."


@pytest.mark.parametrize(
    ("place", "rule", "limit"),
    [
        (IRE, "MA.EFF.IRE.STD", timedelta(hours=72)),  # 42 CFR 422.618(b)(1)
        (IRO, "EXT.EFFECT", timedelta()),  # 45 CFR 147.136(d)(2)(iv): immediately
        (HEARING, "MCD.EFF", timedelta(hours=72)),  # 42 CFR 438.424(a)
    ],
    ids=["ire", "iro", "hearing"],
)
def test_a_reversal_is_carried_out_in_time_from_its_receipt(cast, place, rule, limit):
    appeal = before(cast, place)
    decision = record(cast, appeal)

    effectuation = clock(appeal, "effectuation")
    assert (effectuation.rule_id, effectuation.is_going) == (rule, True)
    assert effectuation.due_at - decision.received_at == limit

    now = factories.now()
    record_event(
        of=appeal,
        type=EventType.CLAIM_ACTION_TAKEN,
        when=now,
        facts={},
        by=cast.appeals_coordinator,
        at=now,
    )
    assert clock(appeal, "effectuation").stopped_at == now
    assert differences() == "1 requests, 0 clocks differ."


@EVERY_BODY
def test_what_is_not_reversed_has_nothing_to_carry_out(cast, place):
    appeal = before(cast, place)
    record(cast, appeal, outcome="upheld")

    assert clock(appeal, "effectuation") is None


def test_the_plans_own_appeal_is_not_decided_outside(cast):
    appeal = factories.make_assigned_appeal(cast)

    with pytest.raises(Refused, match="is the plan's own to decide"):
        record(cast, appeal)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"decided_by": " "}, "Say who decided: the name of the independent entity"),
        ({"summary": ""}, "Say what the decision says"),
        ({"outcome": "split"}, "choose an outcome"),
        ({"received_at": "later"}, "not in the future"),
        ({"received_at": "earlier"}, "after the appeal came before them"),
        ({"dated_on": "later"}, "none after its own receipt"),
        ({"dated_on": "earlier"}, "from the appeal's receipt on"),
    ],
)
def test_what_cannot_be_is_refused(cast, facts, said):
    shift = {"later": timedelta(days=3), "earlier": timedelta(days=-3)}
    now = factories.now()
    facts = {
        name: (now + shift[value] if name == "received_at" else local_day(now + shift[value]))
        if value in shift
        else value
        for name, value in facts.items()
    }
    appeal = before(cast, IRE)

    with pytest.raises(Refused, match=said):
        record(cast, appeal, **facts)
    assert not OutsideDecision.objects.exists()
    assert clock(appeal, "ire_decision").is_going


def test_it_is_recorded_once_by_who_enters_appeals(cast):
    appeal = before(cast, IRE)
    with pytest.raises(Refused, match="may do this"):
        record(cast, appeal, by=cast.physician)

    record(cast, appeal)
    with pytest.raises(Refused, match="is decided already"):
        record(cast, appeal)


def test_the_plan_tells_nobody_of_what_another_decided(cast):
    appeal = before(cast, IRE)
    record(cast, appeal)

    with pytest.raises(Refused, match="Whoever decides it tells of it"):
        factories.make_appeal_notice(cast, appeal)


# Asked of the database.


def test_the_plans_own_appeal_takes_no_decision_from_outside(cast):
    kept = record(cast, before(cast, IRE))
    version = kept.appeal.determination.version
    appeal = factories.make_assigned_appeal(cast, factories.make_denied(cast, version))

    with refused_by("a_decision_is_made_where_the_appeal_is"), connection.cursor() as cursor:
        facts = row(cursor, "reviewer_outsidedecision", kept.pk, appeal_id=appeal.pk)
        insert(cursor, "reviewer_outsidedecision", facts)


@EVERY_BODY
def test_what_is_before_a_body_outside_takes_no_decision_of_the_plan(cast, place):
    appeal = before(cast, place)
    denied = factories.make_denied(cast, appeal.determination.version)
    kept = factories.make_upheld(cast, factories.make_assigned_appeal(cast, denied))

    with refused_by("a_decision_is_made_where_the_appeal_is"), connection.cursor() as cursor:
        facts = row(cursor, "reviewer_appealdecision", kept.pk, appeal_id=appeal.pk)
        insert(cursor, "reviewer_appealdecision", facts)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"decided_by": ""}, "an_outside_decision_says_who_and_what"),
        ({"summary": ""}, "an_outside_decision_says_who_and_what"),
        (
            {"recorded_at": "2020-01-01T00:00Z"},
            "an_outside_decision_is_received_before_it_is_recorded",
        ),
    ],
)
def test_a_row_says_who_and_what_and_when(cast, facts, constraint):
    kept = record(cast, before(cast, IRE))

    with refused_by(constraint), connection.cursor() as cursor:
        insert(
            cursor,
            "reviewer_outsidedecision",
            row(cursor, "reviewer_outsidedecision", kept.pk, **facts),
        )


# On the site.


def page_of(appeal):
    return reverse("reviewer:appeal_outside_decision", args=[appeal.number])


def test_it_is_written_down_on_its_page_and_shown_with_the_appeal(cast, sign_in):
    at = timezone.localtime()
    came_at, early_at = at - timedelta(minutes=2), at - timedelta(hours=1)
    denied = denied_before(cast, IRE)
    appeal = factories.make_appeal(cast, denied, place=IRE, received_at=came_at)
    client = sign_in(cast.appeals_coordinator)
    assert page_of(appeal) in client.get(appeal.get_absolute_url()).content.decode()

    typed = {
        "outcome": "overturned",
        "decided_by": "Beacon Review Partners",
        "dated_on": f"{at:%Y-%m-%d}",
        "summary": "The plan covers 20 units.",
    }
    early = post(client, page_of(appeal), received_at=f"{early_at:%Y-%m-%dT%H:%M}", **typed)
    assert "after the appeal came before them" in early.content.decode()
    assert "Beacon Review Partners" in early.content.decode()  # what was typed stays

    response = post(client, page_of(appeal), received_at=f"{at:%Y-%m-%dT%H:%M:%S}", **typed)
    assert response.headers["Location"] == appeal.get_absolute_url()
    assert OutsideDecision.objects.get().decided_by == "Beacon Review Partners"


def test_the_page_of_the_plans_own_appeal_leads_back(cast, sign_in):
    appeal = factories.make_assigned_appeal(cast)

    response = sign_in(cast.appeals_coordinator).get(page_of(appeal))

    assert response.headers["Location"] == appeal.get_absolute_url()


def test_the_appeal_shows_what_was_decided_outside_and_what_to_carry_out(cast, sign_in):
    appeal = before(cast, IRE)
    record(cast, appeal)

    page = sign_in(cast.nurse).get(appeal.get_absolute_url()).content.decode()

    assert "Decided outside" in page
    assert "Beacon Review Partners, their number BR-1187" in page
    assert "record the claim action taken" in page
    listed = sign_in(cast.nurse).get("/appeals/?show=ended").content.decode()
    assert "Overturned, outside" in listed
