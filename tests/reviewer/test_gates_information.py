"""What was asked for stays as it was sent; attention and policy choices are of their case."""

import pytest
from django.db import connection

from policies.imports.bulletins import import_bulletin
from reviewer.models import (
    Attention,
    InformationItem,
    InformationRequest,
    Involvement,
    PeerToPeerStep,
    PolicyChoice,
)
from reviewer.workflow.information import Wanted, ask_for_information
from tests import factories
from tests.reviewer.review_rows import file_document
from tests.reviewer.sql import refused_by

pytestmark = pytest.mark.django_db
SENT = "what_was_sent_stays_so"
OF_CASE = "it_is_of_the_same_case"


def ask(cast):
    at = factories.now()
    return ask_for_information(
        request=factories.make_claimed(cast),
        items=[Wanted("The plan of care."), Wanted("The films of May.")],
        recipient="provider",
        channel="fax",
        words="",
        answer_due_at=None,
        by=cast.nurse,
        at=at,
    )


@pytest.fixture
def asked(cast):
    return ask(cast)


def change(table, **columns):
    said = ", ".join(f"{name} = {value}" for name, value in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {said}")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("words", "'Other words'"),
        ("recipient", "'member'"),
        ("channel", "'mail'"),
        ("sent_at", "sent_at - interval '1 day'"),
        ("answer_due_at", "now() + interval '9 days'"),
        ("due_rule", "'another'"),
    ],
)
def test_what_was_asked_stays_as_it_was_sent(asked, column, value):
    with refused_by(SENT):
        change("reviewer_informationrequest", **{column: value})


def test_what_came_of_a_request_is_said_once(cast, asked):
    ending = {"ended_at": factories.now(), "ended_by": cast.nurse}
    found = InformationRequest.objects.filter(pk=asked.pk)

    assert found.update(ending="nothing", **ending) == 1
    with refused_by(SENT):
        found.update(ending="received")


@pytest.mark.parametrize(("column", "value"), [("wanted", "'Other things'"), ("position", "9")])
def test_a_thing_asked_for_stays_as_it_was_sent(asked, column, value):
    with refused_by(SENT):
        change("reviewer_informationitem", **{column: value})


def test_a_thing_is_received_once(cast, asked):
    item = InformationItem.objects.filter(pk=asked.items.first().pk)

    assert item.update(received_at=factories.now()) == 1
    with refused_by(SENT):
        item.update(received_at=factories.now())


def test_a_thing_is_answered_by_a_document_of_its_case(cast, asked):
    item, at = asked.items.first(), factories.now()
    theirs = ask(cast)  # something is asked for there too
    elsewhere = file_document(theirs.request, cast.nurse)
    found = InformationItem.objects.filter(pk=item.pk)

    with refused_by(OF_CASE):
        found.update(document=elsewhere, received_at=at)
    with refused_by(OF_CASE):
        InformationItem.objects.create(
            information_request=asked, position=3, wanted="x", document=elsewhere, received_at=at
        )
    assert found.update(document=file_document(asked.request, cast.nurse), received_at=at) == 1


@pytest.fixture
def attend(cast):
    """Writes that the nurse looked at something of a request."""
    request = factories.make_claimed(cast)

    def attend(**seen):
        return Attention.objects.create(
            request=request, reviewer=cast.nurse, at=factories.now(), **seen
        )

    attend.request = request
    return attend


def test_attention_is_to_a_page_of_the_case(cast, attend):
    own = file_document(attend.request, cast.nurse)
    elsewhere = file_document(factories.make_claimed(cast), cast.nurse)

    assert attend(document=own, page=1)
    with refused_by(OF_CASE):
        attend(document=own, page=2)
    with refused_by(OF_CASE):
        attend(document=elsewhere, page=1)


def test_attention_is_to_a_passage_of_its_version(cast, attend):
    version = factories.make_version(cast)
    other = factories.make_version(cast, file="1203-v1-lumbar-mri.txt")

    assert attend(version=version, passage=version.passages.first())
    with refused_by(OF_CASE):
        attend(version=version, passage=other.passages.first())


@pytest.fixture
def draft(cast):
    name = factories.WORK_HARDENING
    data = (factories.BULLETINS / name).read_bytes()
    author = cast.policy_editor.user
    return import_bulletin(data, name=name, at=factories.now(), author=author).version


def test_a_line_is_reviewed_by_a_published_version(cast, draft):
    line = factories.make_claimed(cast).lines.get()
    said = {"line": line, "reason": "It names the code.", "chosen_by": cast.nurse}

    with refused_by("a_published_version_is_chosen"):
        PolicyChoice.objects.create(version=draft, chosen_at=factories.now(), **said)
    assert PolicyChoice.objects.create(version=None, chosen_at=factories.now(), **said)


def speak(request, by, kind="held", result="unchanged"):
    at = factories.now()
    return PeerToPeerStep.objects.create(
        request=request, kind=kind, result=result, clinician="Dr. Osei",
        at=at, recorded_by=by, recorded_at=at,
    )  # fmt: skip


def had_a_part(person):
    return Involvement.objects.filter(reviewer=person).exists()


def test_who_held_a_talk_before_the_decision_had_a_hand_in_it(cast):
    request = factories.make_claimed(cast)

    speak(request, cast.other_physician, kind="offered", result="")
    assert not had_a_part(cast.other_physician)
    speak(request, cast.other_physician)
    speak(request, cast.other_physician)  # a second talk is no second part

    assert Involvement.objects.get(reviewer=cast.other_physician).part == "spoke"


def test_who_held_a_talk_about_what_was_decided_had_no_hand_in_it(cast):
    request = factories.make_denied(cast).request

    speak(request, cast.other_physician)

    assert not had_a_part(cast.other_physician)
