"""What was asked for is awaited until it comes, or until its request comes to an end."""

import pytest
from django.urls import reverse

from reviewer.clocks import EventType
from reviewer.models import Clock, ClockEvent, Event, InformationRequest, Urgency
from reviewer.workflow.clocks import decision_clock, recompute
from reviewer.workflow.determinations import sign_determination
from reviewer.workflow.errors import Refused
from reviewer.workflow.information import (
    Wanted,
    ask_for_information,
    awaited,
    receive_items,
)
from reviewer.workflow.requests import (
    dismiss_request,
    mark_no_authorization_required,
    withdraw_request,
)
from tests import factories
from tests.factories import line, now
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db


def asked(cast, request, **facts):
    usual = {
        "items": [Wanted("The plan of care."), Wanted("The films.")],
        "recipient": "provider",
        "channel": "fax",
        "words": "",
        "answer_due_at": None,
    }
    return ask_for_information(request=request, by=cast.nurse, at=now(), **usual | facts)


def decided(cast, request, position=1):
    asked_line = request.lines.get(position=position)
    sign_determination(
        line=asked_line, decision=factories.approval(asked_line), by=cast.nurse, at=now()
    )


def ended(verb):
    return lambda cast, request: verb(request=request, reason="It is.", by=cast.nurse, at=now())


ENDS = {
    "determined": decided,
    "withdrawn": ended(withdraw_request),
    "dismissed": ended(dismiss_request),
    "no_authorization_required": ended(mark_no_authorization_required),
}


@pytest.mark.parametrize("state", ENDS)
def test_a_request_that_ends_awaits_nothing_and_says_so(cast, state):
    request = factories.make_claimed(cast)
    one = asked(cast, request)

    ENDS[state](cast, request)

    one.refresh_from_db()
    request.refresh_from_db()
    milestone = request.events.get(name=Event.Name.INFORMATION_NOT_AWAITED)
    ending = request.events.filter(after__state=state).get()
    assert request.state == state
    assert (one.ending, one.ended_at, one.ended_by) == ("overtaken", ending.at, cast.nurse)
    assert milestone.after == {"information_requests": [one.pk]}
    assert (milestone.at, milestone.by) == (ending.at, cast.nurse)
    assert request.get_state_display().lower() in milestone.sentence
    assert awaited(request) == []
    assert recompute([request], at=now()) == []


def test_while_a_line_is_undecided_the_answer_is_still_awaited(cast):
    request = factories.make_claimed(cast, lines=[line(), line("97546")])
    one = asked(cast, request)

    decided(cast, request, 1)
    one.refresh_from_db()
    assert one.ending == ""

    decided(cast, request, 2)
    one.refresh_from_db()
    assert one.ending == "overtaken"


def test_what_was_answered_before_stays_so(cast):
    request = factories.make_claimed(cast)
    one = asked(cast, request)
    everything = {item.pk: None for item in one.items.all()}
    receive_items(request=request, what="All of it.", received=everything, by=cast.nurse, at=now())

    decided(cast, request)

    one.refresh_from_db()
    assert one.ending == "received"
    assert not request.events.filter(name=Event.Name.INFORMATION_NOT_AWAITED).exists()


def test_other_requests_still_await_their_answers(cast):
    attested = {"urgency": Urgency.EXPEDITED, "urgency_attested_by": "Dr. L. Shore"}
    other = factories.make_claimed(cast, **attested)
    one = asked(cast, other, channel="phone")
    request = factories.make_claimed(cast)

    decided(cast, request)

    one.refresh_from_db()
    assert one.ending == ""
    assert len(awaited(other)) == 2
    assert Clock.objects.going().filter(request=other, duty="deficiency_notice").exists()
    assert not request.events.filter(name=Event.Name.INFORMATION_NOT_AWAITED).exists()


def test_what_comes_for_one_request_ends_no_wait_of_another(cast):
    other, request = factories.make_claimed(cast), factories.make_claimed(cast)
    one = asked(cast, other)
    asked(cast, request)

    receive_items(request=request, what="All.", received={}, is_all=True, by=cast.nurse, at=now())

    one.refresh_from_db()
    assert one.ending == ""


def test_the_duty_to_say_what_is_missing_falls_away_with_the_decision(cast):
    # asked for by telephone, so that no letter fulfils it: (f)(2)(i) has a limit for that notice
    attested = {"urgency": Urgency.EXPEDITED, "urgency_attested_by": "Dr. L. Shore"}
    request = factories.make_claimed(cast, **attested)
    asked(cast, request, channel="phone")
    assert Clock.objects.going().filter(request=request, duty="deficiency_notice").exists()

    decided(cast, request)

    clock = Clock.objects.get(request=request, duty="deficiency_notice")
    assert (clock.ended, clock.ended_by.name) == ("overtaken", Event.Name.DETERMINED)
    assert recompute([request], at=now()) == []


def test_the_workspace_says_that_it_is_awaited_no_longer(cast, sign_in):
    request = factories.make_claimed(cast)
    asked(cast, request)
    decided(cast, request)

    page = sign_in(cast.nurse).get(request.get_absolute_url()).content.decode()

    assert "No longer awaited" in page
    assert "not awaited any more" in page
    assert "Waiting for" not in page


def received_page(request):
    return reverse("reviewer:request_information_received", args=[request.number])


COMPLETE = EventType.NECESSARY_INFORMATION_RECEIVED.value


@pytest.mark.parametrize(("said", "noted"), [("yes", True), ("no", False)])
def test_a_reviewer_says_whether_everything_is_in_hand(cast, sign_in, said, noted):
    request = factories.make_claimed(cast)
    asked(cast, request)

    post(
        sign_in(cast.nurse), received_page(request), what="Plan of care.", is_complete=said,
        is_all="on",
    )  # fmt: skip

    assert ClockEvent.objects.filter(type=COMPLETE).exists() is noted
    assert InformationRequest.objects.get().ending == "nothing"


def test_intake_does_not_say_so(cast, sign_in):
    request = factories.make_claimed(cast)
    asked(cast, request)
    client = sign_in(cast.intake)

    page = client.get(received_page(request)).content.decode()
    assert "is_complete" not in page
    assert "A reviewer says afterwards whether everything is in hand" in page

    post(client, received_page(request), what="Plan of care.", is_complete="yes", is_all="on")
    assert not ClockEvent.objects.filter(type=COMPLETE).exists()
    request.refresh_from_db()
    with pytest.raises(Refused, match="may do this"):
        receive_items(
            request=request, what="All.", received={}, is_complete=True, by=cast.intake, at=now()
        )


def test_the_page_says_before_what_either_answer_does_to_the_limit(cast, sign_in):
    # N.Y. Ins. Law 4903(b): three business days from the receipt of the necessary information
    request = factories.make_claimed(cast)
    asked(cast, request)
    before = decision_clock(request)
    assert before.applied_rule_id.startswith("ERISA")

    page = sign_in(cast.nurse).get(received_page(request)).content.decode()

    table = page.partition("What either answer does to the clock")[2].partition("</table>")[0]
    now_, some, everything = table.split("<tr>")[2:]
    assert before.applied_rule_id in now_
    assert before.applied_rule_id in some
    assert "NY." in everything
    post(sign_in(cast.nurse), received_page(request), what="All.", is_complete="yes", is_all="on")
    after = decision_clock(request)
    assert after.applied_rule_id in everything
    assert after.due_at < before.due_at
