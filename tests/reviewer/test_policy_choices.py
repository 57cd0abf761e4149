"""Which version a line is reviewed by is a person's explicit choice, with its reason."""

import pytest
from django.urls import reverse

from policies.imports.bulletins import import_bulletin
from reviewer.models import Event, PolicyChoice
from reviewer.workflow.errors import Refused
from reviewer.workflow.policy_choices import choose_policy
from reviewer.workflow.requests import withdraw_request
from tests import factories
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db
WHY = "The plan document names the service; no bulletin does."


@pytest.fixture
def claimed(cast):
    return factories.make_claimed(cast)


def address(request):
    return reverse("reviewer:policy_choose", args=[request.number, 1])


def choose(cast, request, version=None, reason=WHY, **facts):
    said = {"by": cast.nurse, "at": factories.now()} | facts
    return choose_policy(line=request.lines.get(), version=version, reason=reason, **said)


def test_no_bulletin_applies_is_on_record_with_its_reason(cast, claimed):
    choose(cast, claimed)

    event = claimed.events.get(name=Event.Name.POLICY_CHOSEN)
    assert event.sentence == f"Line 1: 97545: no bulletin applies. {WHY}"
    assert event.by == cast.nurse


@pytest.mark.parametrize("reason", ["", "  "])
def test_it_takes_a_reason(cast, claimed, reason):
    with pytest.raises(Refused, match="Say why no bulletin applies"):
        choose(cast, claimed, reason=reason)
    assert not PolicyChoice.objects.exists()


def test_only_who_has_the_request_chooses(cast, claimed):
    with pytest.raises(Refused, match="is assigned to"):
        choose(cast, claimed, by=cast.physician)


def test_who_reviews_nothing_chooses_nothing(cast, claimed):
    with pytest.raises(Refused, match="Only a nurse reviewer"):
        choose(cast, claimed, by=cast.intake)


def test_of_what_was_withdrawn_nothing_is_chosen(cast, claimed):
    withdraw_request(request=claimed, reason="By phone.", by=cast.nurse, at=factories.now())

    with pytest.raises(Refused, match="stands at “Withdrawn”"):
        choose(cast, claimed)


def test_a_draft_is_not_chosen(cast, claimed):
    name = factories.WORK_HARDENING
    data = (factories.BULLETINS / name).read_bytes()
    author = cast.policy_editor.user
    draft = import_bulletin(data, name=name, at=factories.now(), author=author).version

    with pytest.raises(Refused, match="is not published. Choose a published version"):
        choose(cast, claimed, draft)


def test_a_version_takes_a_reason_too(cast, claimed):
    with pytest.raises(Refused, match="Say why this version applies"):
        choose(cast, claimed, factories.make_version(cast), " ")


def test_the_record_says_what_was_chosen_before(cast, claimed):
    version = factories.make_version(cast)
    for chosen in (None, version, None):
        choose(cast, claimed, chosen)

    events = claimed.events.filter(name=Event.Name.POLICY_CHOSEN).order_by("id")
    assert [(one.before["version"], one.after["version"]) for one in events] == [
        (None, None),
        (None, "0298 v1"),
        ("0298 v1", None),
    ]


def test_the_page_keeps_what_was_typed(cast, sign_in, claimed):
    page = post(sign_in(cast.nurse), address(claimed), version="another", another="7777")

    body = page.content.decode()
    assert "No published version is called “7777”." in body
    assert 'value="7777"' in body
    assert "Nothing is entered under “Why”." in body


def test_a_published_version_that_names_no_code_can_be_chosen(cast, sign_in, claimed):
    other = factories.make_version(cast, file="1203-v1-lumbar-mri.txt")
    client = sign_in(cast.nurse)

    post(client, address(claimed), version="another", another="1203 v1", reason=WHY)

    assert PolicyChoice.objects.get().version == other
    body = client.get(claimed.get_absolute_url()).content.decode()
    assert "1203 v1" in body
    assert WHY in body


def test_the_newest_choice_holds(cast, claimed, sign_in):
    version = factories.make_version(cast)
    choose(cast, claimed)
    choose(cast, claimed, version, "It names the code after all.")

    body = sign_in(cast.nurse).get(claimed.get_absolute_url()).content.decode()

    assert "It names the code after all." in body
    assert f"<b>{WHY}" not in body
