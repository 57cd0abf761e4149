"""Appeals: entered, assigned to someone independent, decided."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from policies.models import LineOfBusiness
from reviewer.models import Appeal, AppealDecision, Outcome
from tests import factories
from tests.cast import enter_physician
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def denied(cast):
    return factories.make_denied(cast)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def arrived(**facts):
    """What a coordinator types as an appeal comes in."""
    return {
        "route": "erisa/appeal_decision/decision",
        "plan_levels": "1",
        "initiator": "member",
        "initiator_name": "Ada Winter",
        "urgency": "standard",
        "channel": "mail",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "grounds": "The program is part of the treatment.",
        **facts,
    }


def test_an_appeal_is_entered_with_its_clock(cast, sign_in, denied):
    address = reverse("reviewer:appeal_new", args=[denied.request.number, denied.pk])

    response = post(sign_in(cast.appeals_coordinator), address, **arrived())

    appeal = Appeal.objects.get()
    assert response.headers["Location"] == appeal.get_absolute_url()
    assert appeal.decision_due_at is not None
    assert appeal.determination == denied


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"received_at": "2199-01-01T10:00"}, "An appeal cannot be received in the future."),
        ({"received_at": "2020-01-01T10:00"}, "An appeal cannot come before the determination."),
        ({"initiator_name": ""}, "Nothing is entered under “Their name”."),
        ({"grounds": ""}, "Nothing is entered under “What the appeal says”."),
    ],
)
def test_a_wrong_appeal_comes_back_with_what_was_typed(cast, sign_in, denied, wrong, words):
    address = reverse("reviewer:appeal_new", args=[denied.request.number, denied.pk])

    page = text(post(sign_in(cast.appeals_coordinator), address, **arrived() | wrong))

    assert words in page
    assert not Appeal.objects.exists()
    assert wrong.get("grounds", "The program is part of the treatment.") in page


def test_what_was_approved_is_not_appealed(cast, sign_in):
    approved = factories.make_approved(cast, factories.make_version(cast))
    address = reverse("reviewer:appeal_new", args=[approved.request.number, approved.pk])

    page = text(post(sign_in(cast.appeals_coordinator), address, **arrived()))

    assert "Nothing was decided against the request on this line" in page


def test_only_the_independent_are_offered_and_the_others_left_out_with_reason(
    cast, sign_in, denied
):
    appeal = factories.make_appeal(cast, denied)
    address = reverse("reviewer:appeal_assign", args=[appeal.number])

    response = sign_in(cast.appeals_coordinator).get(address)

    page = text(response)
    offered = [label for _, label in response.context["form"].fields["to"].choices]
    assert offered == ["Samuel Adeyemi, MD, orthopedic surgery"]
    assert "Maya Lindqvist had a part in the request: signed a determination." in page
    assert "Nora Whitfield reports to Maya Lindqvist, who had a part in the request" in page
    assert "Victor Hale has no license that is valid today." in page
    assert "Priya Raman does not see requests of Commercial, insured." in page


def test_an_appeal_is_assigned(cast, sign_in, denied):
    appeal = factories.make_appeal(cast, denied)
    address = reverse("reviewer:appeal_assign", args=[appeal.number])

    post(sign_in(cast.appeals_coordinator), address, to=str(cast.other_physician.pk))

    appeal.refresh_from_db()
    assert appeal.assigned_to == cast.other_physician


@pytest.mark.parametrize("who", ["physician", "subordinate", "expired_physician"])
def test_nobody_left_out_can_be_assigned_by_a_forged_form(cast, sign_in, denied, who):
    appeal = factories.make_appeal(cast, denied)
    address = reverse("reviewer:appeal_assign", args=[appeal.number])

    page = text(post(sign_in(cast.appeals_coordinator), address, to=str(getattr(cast, who).pk)))

    assert "is not one of the available choices" in page
    appeal.refresh_from_db()
    assert appeal.assigned_to is None


def test_the_first_decider_is_told_why_they_cannot_decide(cast, sign_in, denied):
    appeal = factories.make_appeal(cast, denied)
    client = sign_in(cast.physician)

    assert "You cannot decide it. Maya Lindqvist had a part in the request" in text(
        client.get(appeal.get_absolute_url())
    )
    page = text(client.get(reverse("reviewer:appeal_decide", args=[appeal.number])))
    assert "You cannot decide it." in page


def test_whoever_an_appeal_is_not_assigned_to_is_told_so_before_typing(sign_in, assigned, decide):
    another = enter_physician("jmarsh", "June Marsh", "Orthopedic surgery")
    page = text(sign_in(another).get(decide))

    assert f"You cannot decide it. It is assigned to {assigned.assigned_to}." in page


def decision(**facts):
    """What the decider types to uphold."""
    return {
        "outcome": "upheld",
        "substance": "The appeal adds nothing to the record.",
        "rationale_clinical": "The goals are those of a job.",
        "rationale_plain": "The program prepares you for a job.",
        **facts,
    }


def overturned(appeal, **facts):
    line = appeal.determination.line
    return decision(
        outcome="overturned",
        root_cause="new_information",
        **{
            "new-outcome": "approved",
            "new-reason": str(factories.reason("A03").pk),
            "new-units_granted": str(line.units),
            "new-starts_on": line.starts_on.isoformat(),
            "new-ends_on": line.ends_on.isoformat(),
            "new-version": str(appeal.determination.version_id),
            "new-rationale_clinical": "The new plan names daily living.",
            "new-rationale_plain": "Your plan pays for this.",
            **facts,
        },
    )


@pytest.fixture
def assigned(cast, denied):
    return factories.make_assigned_appeal(cast, denied)


@pytest.fixture
def decide(assigned):
    return reverse("reviewer:appeal_decide", args=[assigned.number])


def test_an_appeal_is_upheld(cast, sign_in, assigned, decide, denied):
    response = post(sign_in(cast.other_physician), decide, **decision())

    assert response.headers["Location"] == assigned.get_absolute_url()
    kept = AppealDecision.objects.get()
    assert (kept.outcome, kept.decided_by) == ("upheld", cast.other_physician)
    assert denied.line.determinations.count() == 1


def test_an_overturned_appeal_makes_a_new_determination(cast, sign_in, assigned, decide, denied):
    client = sign_in(cast.other_physician)

    post(client, decide, **overturned(assigned))

    new = denied.line.determinations.get(replaces=denied)
    assert (new.outcome, new.signed_by) == (Outcome.APPROVED, cast.other_physician)
    page = text(client.get(assigned.get_absolute_url()))
    assert "Overturned" in page
    assert "New information" in page
    assert "Samuel Adeyemi had no part in the request" in page
    assert new.get_absolute_url() in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"root_cause": ""}, "Say why the first determination did not stand."),
        ({"substance": ""}, "Nothing is entered under"),
        ({"new-rationale_plain": ""}, "Nothing is entered under"),
        ({"new-units_granted": "3"}, "Approved means all that was asked for"),
        (
            {"outcome": "partly_overturned"},
            "After this outcome the line is partially approved or modified.",
        ),
    ],
)
def test_a_wrong_decision_comes_back_with_what_was_typed(
    cast, sign_in, assigned, decide, wrong, words
):
    page = text(post(sign_in(cast.other_physician), decide, **overturned(assigned) | wrong))

    assert words in page
    assert "The goals are those of a job." in page
    assert "The new plan names daily living." in page
    assert not AppealDecision.objects.exists()


@pytest.mark.parametrize("who", ["physician", "subordinate"])
def test_whoever_is_not_independent_decides_nothing(cast, sign_in, decide, who):
    page = text(post(sign_in(getattr(cast, who)), decide, **decision()))

    assert "is not assigned to you" in page
    assert not AppealDecision.objects.exists()


def test_an_appeal_is_withdrawn(cast, sign_in, assigned):
    address = reverse("reviewer:appeal_withdraw", args=[assigned.number])
    client = sign_in(cast.appeals_coordinator)

    assert "Nothing is entered under" in text(post(client, address, reason=""))
    post(client, address, reason="The member changed plans.")

    assigned.refresh_from_db()
    assert assigned.state == Appeal.State.WITHDRAWN


def test_the_list_holds_open_appeals_by_time_left_and_ended_ones_apart(cast, sign_in):
    version = factories.make_version(cast)
    at = factories.now()
    first = factories.make_appeal(cast, factories.make_denied(cast, version))
    urgent = factories.make_appeal(cast, factories.make_denied(cast, version), urgency="expedited")
    factories.make_appeal_decision(
        cast, factories.make_assigned_appeal(cast, factories.make_denied(cast, version))
    )
    client = sign_in(cast.appeals_coordinator)

    response = client.get(reverse("reviewer:appeal_list"))

    assert [one.number for one, _ in response.context["rows"]] == [urgent.number, first.number]
    assert (response.context["open_count"], response.context["ended_count"]) == (2, 1)
    ended = client.get(reverse("reviewer:appeal_list"), {"show": "ended"})
    assert len(ended.context["rows"]) == 1
    assert at - timedelta(minutes=5) < urgent.received_at


def test_appeals_of_other_lines_of_business_are_not_listed(cast, sign_in, denied):
    factories.make_appeal(cast, denied)
    cast.supervisor.lines_of_business = [LineOfBusiness.MEDICAID]
    cast.supervisor.save()

    response = sign_in(cast.supervisor).get(reverse("reviewer:appeal_list"))

    assert response.context["rows"] == []


def test_an_empty_list_says_where_appeals_come_from(cast, sign_in):
    page = text(sign_in(cast.appeals_coordinator).get(reverse("reviewer:appeal_list")))

    assert "No appeal is open." in page
    assert "An appeal is entered from the determination" in page


def test_showing_the_limit_while_the_appeal_is_sent_stands_against_nothing(cast, sign_in, denied):
    address = reverse("reviewer:appeal_new", args=[denied.request.number, denied.pk])
    client = sign_in(cast.appeals_coordinator)
    sent = {"intent": "1d0f0c1e-6f5a-4d7e-8d64-0c2a52d0f1aa"} | arrived()
    assert client.post(address, sent).status_code == 302

    shown = client.post(address, sent | {"act": "show"}, HTTP_HX_REQUEST="true")
    again = client.post(address, sent)

    assert shown.status_code == 200
    assert again["Location"] == Appeal.objects.get().get_absolute_url()
