"""The fetch helpers and the verbs keep to a person's scope (invariant 15)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.test import RequestFactory

from reviewer import access
from reviewer.models import Appeal, Event, Request
from reviewer.workflow import (
    appeal_notices,
    appeal_receipts,
    appeals,
    determinations,
    notices,
    peer_to_peer,
    policy_choices,
    requests,
    reviews,
)
from reviewer.workflow.errors import Refused
from tests import factories
from tests.factories import approval, denial, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked_by():
    def ask(user):
        http_request = RequestFactory().get("/")
        http_request.user = user
        return http_request

    return ask


@pytest.fixture
def appeal(cast):
    return factories.make_assigned_appeal(cast)


def test_helpers_give_what_is_in_scope_and_note_it(cast, asked_by, appeal):
    http_request = asked_by(cast.nurse.user)
    number, pk = appeal.request.number, appeal.determination.pk

    assert access.get_request(http_request, number) == appeal.request
    assert access.get_determination(http_request, number, pk) == appeal.determination
    assert access.get_appeal(http_request, appeal.number) == appeal
    access.note_shown(http_request, ["R-26-99999"])
    assert access.shown(http_request) == [number, "R-26-99999"]


@pytest.mark.parametrize("who", ["other_nurse", "policy_editor", "administrator"])
def test_helpers_find_nothing_out_of_scope(cast, asked_by, appeal, who):
    http_request = asked_by(getattr(cast, who).user)
    number = appeal.request.number

    for fetch, words in [
        (access.get_request, [number]),
        (access.get_determination, [number, appeal.determination.pk]),
        (access.get_appeal, [appeal.number]),
    ]:
        with pytest.raises(Http404):
            fetch(http_request, *words)
    assert access.shown(http_request) == []


def test_intake_sees_requests_and_no_appeals(cast, asked_by, appeal):
    http_request = asked_by(cast.intake.user)

    assert access.get_request(http_request, appeal.request.number)
    with pytest.raises(Http404):
        access.get_appeal(http_request, appeal.number)


def test_determination_is_found_only_under_its_request(cast, asked_by, appeal):
    other = factories.make_request(cast)

    with pytest.raises(Http404):
        access.get_determination(asked_by(cast.nurse.user), other.number, appeal.determination.pk)


def test_strangers_see_nothing(appeal):
    assert not Request.objects.visible_to(AnonymousUser()).exists()
    assert not Appeal.objects.visible_to(AnonymousUser()).exists()


def test_superuser_without_a_place_in_the_house_sees_nothing(appeal, django_user_model):
    superuser = django_user_model.objects.create_superuser("root")

    assert not Request.objects.visible_to(superuser).exists()
    assert not Appeal.objects.visible_to(superuser).exists()


def words(cast, request, determination, appeal):
    """Every verb of the workflow with all it needs, but for who does it and when."""
    line = determination.line
    granted = approval(line, determination.version)
    upheld = {
        "outcome": "upheld",
        "root_cause": "",
        "substance": "Looked into.",
        "rationale_clinical": "As before.",
        "rationale_plain": "As before.",
        "new_decision": None,
    }
    on_request = {"request": request}
    talk = on_request | {"clinician": "Dr. Osei", "words": "Called.", "happened_at": now()}
    with_reason = on_request | {"reason": "Asked for."}
    return {
        requests.claim_request: on_request,
        requests.assign_request: on_request | {"to": cast.physician},
        requests.release_request: on_request,
        requests.request_information: on_request | {"wanted": "The plan of care."},
        requests.receive_information: on_request | {"what": "The plan of care."},
        requests.withdraw_request: with_reason,
        requests.dismiss_request: with_reason,
        requests.mark_no_authorization_required: with_reason,
        requests.close_request: on_request,
        requests.reopen_request: with_reason,
        reviews.refer_request: on_request
        | {"recommendation": "deny", "reasons": "Unmet.", "specialty": ""},
        reviews.return_referral: on_request | {"question": "Since when?"},
        policy_choices.choose_policy: {
            "line": request.lines.get(),
            "version": None,
            "reason": "None speaks of it.",
        },
        peer_to_peer.request_peer_to_peer: talk,
        peer_to_peer.offer_peer_to_peer: talk | {"proposed_for": now() + timedelta(hours=2)},
        peer_to_peer.attempt_peer_to_peer: talk,
        peer_to_peer.hold_peer_to_peer: talk | {"result": "unchanged", "new_information": ""},
        peer_to_peer.decline_peer_to_peer: talk,
        determinations.sign_determination: {
            "line": request.lines.get(),
            "decision": denial(determination.version),
        },
        determinations.correct_determination: {
            "determination": determination,
            "decision": granted,
            "reason": "Wrong.",
        },
        notices.send_notice: {
            "determination": determination,
            "recipient": "member",
            "channel": "mail",
        },
        appeal_receipts.receive_appeal: {
            "determination": determination,
            "initiator": "member",
            "initiator_name": "Ada Winter",
            "urgency": "standard",
            "channel": "mail",
            "received_at": now(),
            "grounds": "It is needed.",
        },
        appeal_notices.send_appeal_notice: {
            "appeal": appeal,
            "recipient": "member",
            "channel": "mail",
        },
        appeal_notices.tell_appeal_by_phone: {
            "appeal": appeal,
            "recipient": "member",
            "told": "The denial stands.",
        },
        appeals.assign_appeal: {"appeal": appeal, "to": cast.other_physician},
        appeals.withdraw_appeal: {"appeal": appeal, "reason": "Taken back."},
        appeals.decide_appeal: {"appeal": appeal} | upheld,
    }


VERBS = [
    verb
    for module in (
        requests,
        reviews,
        policy_choices,
        peer_to_peer,
        determinations,
        notices,
        appeal_notices,
        appeal_receipts,
        appeals,
    )
    for name, verb in vars(module).items()
    if hasattr(verb, "__wrapped__") and verb.__module__ == module.__name__
]


def test_every_verb_is_tried(cast, appeal):
    tried = words(cast, factories.make_request(cast), appeal.determination, appeal)

    assert set(tried) | {requests.enter_request} == set(VERBS)


@pytest.mark.parametrize("verb", [one for one in VERBS if one is not requests.enter_request])
def test_no_verb_reaches_a_request_out_of_scope(cast, appeal, verb):
    """The medical director of Medicaid, with every right there is, meets a commercial request."""
    from django.contrib.auth.models import Group

    person = cast.medicaid_physician
    person.user.groups.set(Group.objects.all())
    request = factories.make_request(cast)
    said = words(cast, request, appeal.determination, appeal)[verb]
    before = Event.objects.count()

    with pytest.raises(Refused, match="There is no such request among those you may see"):
        verb(**said, by=person, at=now())

    assert Event.objects.count() == before


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_is_open_to_who_has_no_rights(cast, appeal, verb):
    said = words(cast, factories.make_request(cast), appeal.determination, appeal)
    cast.nurse.user.groups.clear()
    if verb is requests.enter_request:
        with pytest.raises(Refused, match="Only an intake coordinator"):
            factories.make_request(cast, by=cast.nurse)
        return

    with pytest.raises(Refused, match="may do this"):
        verb(**said[verb], by=cast.nurse, at=now())


def test_nobody_enters_a_request_they_may_not_see(cast):
    with pytest.raises(Refused, match="does not see requests of Commercial, insured"):
        factories.make_request(cast, by=cast.other_nurse)
    assert not Request.objects.exists()
