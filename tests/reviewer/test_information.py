"""Asking for information thing by thing: what it starts from, until when, and what came of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from policies.models import LineOfBusiness
from reviewer.clocks import EventType
from reviewer.models import (
    ClockEvent,
    CriteriaReview,
    Finding,
    InformationItem,
    InformationRequest,
    Request,
    Urgency,
)
from reviewer.workflow.criteria import answer_criterion, open_review, unanswered
from reviewer.workflow.documents import set_aside
from reviewer.workflow.errors import Refused
from reviewer.workflow.information import (
    Wanted,
    ask_for_information,
    awaited,
    open_criteria,
    receive_items,
    stated_limit,
)
from tests import factories
from tests.cast import enter_coverage
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PLAN, FILMS = Wanted("The plan of care."), Wanted("The films of May.")


@pytest.fixture
def claimed(cast):
    return factories.make_claimed(cast)


def asked_of(request, by, **facts):
    at = factories.now()
    usual = {
        "items": [PLAN, FILMS],
        "recipient": "provider",
        "channel": "fax",
        "words": "",
        "answer_due_at": at + 7 * DAY,
    }
    return ask_for_information(request=request, by=by, at=at, **usual | facts)


def received(request, by, *items, what="By fax, 4 pages.", **facts):
    came = {item.pk: None for item in items}
    return receive_items(
        request=request, what=what, received=came, by=by, at=factories.now(), **facts
    )


def test_asking_keeps_each_thing_and_pends_the_case(cast, claimed):
    asked = asked_of(claimed, cast.nurse)

    claimed.refresh_from_db()
    assert claimed.state == Request.State.INCOMPLETE
    assert [item.wanted for item in asked.items.all()] == [PLAN.words, FILMS.words]
    assert asked.milestone.sentence == "The plan of care; The films of May."
    assert ClockEvent.objects.filter(type=EventType.INFORMATION_REQUESTED.value).count() == 1


def test_without_a_rule_the_answer_is_due_when_the_sender_says(cast, claimed):
    due = factories.now() + 3 * DAY

    asked = asked_of(claimed, cast.nurse, answer_due_at=due)

    assert stated_limit(claimed, at=factories.now()) is None
    assert (asked.answer_due_at, asked.due_rule) == (due, "")


@pytest.mark.parametrize("typed", [None, 7 * DAY])
def test_of_an_urgent_request_the_rule_leaves_48_hours_to_answer(cast, typed):
    # 29 CFR 2560.503-1(f)(2)(i): not less than 48 hours
    coverage = enter_coverage(cast.member, LineOfBusiness.COMMERCIAL_SELF_FUNDED, "Harbor Plan")
    urgent = {"urgency": Urgency.EXPEDITED, "urgency_attested_by": "Dr. L. Shore"}
    request = factories.make_claimed(cast, coverage=coverage, **urgent)

    asked = asked_of(request, cast.nurse, answer_due_at=typed and factories.now() + typed)

    assert asked.answer_due_at - asked.sent_at == timedelta(hours=48)
    assert asked.due_rule


def test_all_that_came_ends_the_asking_and_the_review_goes_on(cast, claimed):
    asked = asked_of(claimed, cast.nurse)

    received(claimed, cast.intake, *asked.items.all())

    claimed.refresh_from_db()
    asked.refresh_from_db()
    assert claimed.state == Request.State.IN_REVIEW
    assert (asked.ending, asked.ended_by) == ("received", cast.intake)
    assert awaited(claimed) == []


def test_what_has_not_come_is_still_awaited(cast, claimed):
    asked = asked_of(claimed, cast.nurse)
    plan, films = asked.items.all()

    received(claimed, cast.nurse, plan)

    asked.refresh_from_db()
    assert asked.ending == ""
    assert awaited(claimed) == [films]


@pytest.mark.parametrize(("came", "ending"), [(1, "in_part"), (0, "nothing")])
def test_what_will_not_come_is_said(cast, claimed, came, ending):
    asked = asked_of(claimed, cast.nurse)

    received(claimed, cast.nurse, *asked.items.all()[:came], is_all=True)

    asked.refresh_from_db()
    assert asked.ending == ending
    assert awaited(claimed) == []


def refused(words, verb, *args, **facts):
    with pytest.raises(Refused, match=words):
        verb(*args, **facts)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"items": []}, "thing by thing"),
        ({"items": [Wanted(" ")]}, "what is wanted"),
        ({"recipient": "neighbor"}, "who is asked"),
        ({"channel": "pigeon"}, "how it is asked for"),
    ],
)
def test_a_request_without_its_facts_is_refused(cast, claimed, facts, words):
    refused(words, asked_of, claimed, cast.nurse, **facts)
    assert not InformationRequest.objects.exists()


@pytest.mark.parametrize("away", [-DAY, 400 * DAY])
def test_an_answer_is_due_in_time_to_come_within_a_year(cast, claimed, away):
    refused("within a year", asked_of, claimed, cast.nurse, answer_due_at=factories.now() + away)
    assert not InformationRequest.objects.exists()


def test_who_does_not_have_the_case_asks_nothing(cast, claimed):
    refused("assigned to Rosa Okafor", asked_of, claimed, cast.physician)
    assert not InformationRequest.objects.exists()


def test_a_thing_is_received_once(cast, claimed):
    plan, _ = asked_of(claimed, cast.nurse).items.all()
    received(claimed, cast.nurse, plan)

    refused("received already", received, claimed, cast.nurse, plan)


def test_a_thing_of_another_case_is_not_received_here(cast, claimed):
    other = factories.make_claimed(cast)
    theirs = asked_of(other, cast.nurse).items.first()

    refused("received already", received, claimed, cast.nurse, theirs)
    assert not InformationItem.objects.exclude(received_at=None).exists()


def test_what_answers_is_a_document_in_use_in_the_case(cast, claimed):
    plan, _ = asked_of(claimed, cast.nurse).items.all()
    elsewhere = factories.make_document(cast)
    aside = factories.make_document(cast, claimed, pages=["Of another member"])
    set_aside(document=aside, reason="Not hers.", by=cast.nurse, at=factories.now())

    for document in (elsewhere, aside):
        with pytest.raises(Refused, match="not in use in this case"):
            receive_items(
                request=claimed, what="By fax.", received={plan.pk: document},
                by=cast.nurse, at=factories.now(),
            )  # fmt: skip
    assert awaited(claimed)[0] == plan


@pytest.mark.parametrize("is_complete", [True, False])
def test_that_all_the_decision_needs_is_in_hand_is_said_by_a_person(cast, claimed, is_complete):
    plan, films = asked_of(claimed, cast.nurse).items.all()

    received(claimed, cast.nurse, plan, films, is_complete=is_complete)

    complete = EventType.NECESSARY_INFORMATION_RECEIVED.value
    assert ClockEvent.objects.filter(type=complete).exists() is is_complete


@pytest.fixture
def review(cast, claimed):
    version = factories.make_version(cast)
    return open_review(request=claimed, version=version, by=cast.nurse, at=factories.now())


def find(cast, review, criterion, finding):
    answer_criterion(
        review=review,
        criterion=criterion,
        finding=finding,
        comment="",
        revision=0,
        by=cast.nurse,
        at=factories.now(),
    )


def test_it_starts_from_criteria_that_are_unanswered_or_unclear(cast, claimed, review):
    first, second, *_ = unanswered(review)
    find(cast, review, first, Finding.UNCLEAR)
    find(cast, review, second, Finding.MET)

    found = open_criteria(claimed)

    assert first in found
    assert second not in found
    assert set(unanswered(review)) <= set(found)


def test_what_an_appeal_is_answered_by_is_asked_for_by_nobody(cast, claimed):
    version = factories.make_version(cast)
    appeal = factories.make_assigned_appeal(cast, factories.make_denied(cast, version))
    request = appeal.determination.request
    open_review(
        request=request, version=version, appeal=appeal, by=cast.other_physician, at=factories.now()
    )

    assert open_criteria(request) == []


def test_what_was_signed_on_is_not_asked_for_again(cast, claimed, review):
    CriteriaReview.objects.filter(pk=review.pk).update(locked_at=factories.now())

    assert open_criteria(claimed) == []


def address(request, name="request_information"):
    return reverse(f"reviewer:{name}", args=[request.number])


ASKED = {"recipient": "provider", "channel": "fax"}


def test_the_page_asks_for_criteria_that_are_ticked_and_for_lines_of_words(
    cast, sign_in, claimed, review
):
    criterion = unanswered(review)[0]
    typed = {"criteria": [criterion.pk], "wanted": "The plan of care.\n\nThe films.", **ASKED}

    response = post(sign_in(cast.nurse), address(claimed), **typed)

    assert response.headers["Location"] == claimed.get_absolute_url()
    items = InformationItem.objects.values_list("criterion", "wanted")
    assert list(items) == [
        (criterion.pk, criterion.text),
        (None, "The plan of care."),
        (None, "The films."),
    ]


def test_a_criterion_that_is_not_open_is_not_asked_for(cast, sign_in, claimed, review):
    criterion = unanswered(review)[0]
    find(cast, review, criterion, Finding.MET)

    post(sign_in(cast.nurse), address(claimed), criteria=[criterion.pk], **ASKED)

    assert not InformationRequest.objects.exists()


def test_the_workspace_shows_what_is_awaited(cast, sign_in, claimed):
    asked_of(claimed, cast.nurse)

    page = sign_in(cast.nurse).get(claimed.get_absolute_url()).content.decode()

    assert "Waiting for" in page
    assert "The films of May." in page


def test_the_page_records_which_things_came(cast, sign_in, claimed):
    asked = asked_of(claimed, cast.nurse)
    plan, films = asked.items.all()
    typed = {"items": [plan.pk], "what": "Plan of care, 2 pages.", "is_all": "on"}

    post(sign_in(cast.intake), address(claimed, "request_information_received"), **typed)

    plan.refresh_from_db()
    films.refresh_from_db()
    asked.refresh_from_db()
    assert plan.received_at
    assert not films.received_at
    assert asked.ending == "in_part"
