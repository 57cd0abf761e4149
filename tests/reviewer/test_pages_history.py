"""What else is on record of a member, as its reader may see it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from reviewer.models import AccessEntry, CriterionAnswer, Member
from reviewer.workflow.requests import withdraw_request
from tests import factories
from tests.cast import enter_coverage
from tests.factories import line, now
from tests.reviewer.pages import queries_of

pytestmark = pytest.mark.django_db
WORD = "quicksilver"


def history(request):
    return reverse("reviewer:request_history", args=[request.number])


def text(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def request_(cast):
    """The request at hand: 97545, for the next 60 days."""
    return factories.make_claimed(cast)


@pytest.fixture
def reader(cast, sign_in):
    return sign_in(cast.nurse)


@pytest.mark.parametrize("where", [history, lambda request: request.get_absolute_url()])
def test_an_earlier_denial_is_told_with_its_appeal_and_both_outcomes(cast, reader, request_, where):
    denied = factories.make_denied(cast)
    decision = factories.make_appeal_decision(cast, factories.make_assigned_appeal(cast, denied))
    follows = decision.determinations.get()

    page = text(reader.get(where(request_)))

    assert f'<a href="{denied.request.get_absolute_url()}">{denied.request.number}</a>' in page
    assert f'<a href="{denied.get_absolute_url()}">Denied</a>' in page
    assert f'<a href="{follows.get_absolute_url()}">Approved</a>' in page
    assert f'<a href="{decision.appeal.get_absolute_url()}">{decision.appeal.number}</a>' in page
    assert "<b>Overturned</b>" in page
    assert f"<time>{denied.signed_on:%Y-%m-%d}</time>, medical necessity; replaced" in page


def test_requests_of_others_and_the_request_itself_are_not_in_it(cast, reader, request_):
    other = Member.objects.create(
        number="M2", given_name="Bo", family_name="Moss", born_on=cast.member.born_on
    )
    coverage = enter_coverage(other, cast.coverage.line_of_business, "Harbor PPO")
    elsewhere = factories.make_request(cast, member=other, coverage=coverage)

    page = text(reader.get(history(request_)))

    assert "No other request of Ada Winter is on record." in page
    assert elsewhere.number not in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"code": "97545"}, "same code, days overlap"),
        ({"code": "97545", "first": 200}, '<b class="alike">same code</b>'),
        ({"code": "97545", "first": 60}, "same code, days overlap"),  # both days included
        ({"code": "97545", "first": 61}, '<b class="alike">same code</b>'),
        ({"code": "97110"}, ""),
    ],
)
def test_the_same_code_is_marked_and_whether_the_days_overlap(cast, reader, request_, asked, told):
    first = now().date() + timedelta(days=asked.pop("first", 0))
    days = {"starts_on": first, "ends_on": first + timedelta(days=9)}
    factories.make_request(cast, lines=[line(**asked, **days)])

    page = text(reader.get(history(request_)))

    assert told in page
    assert ('class="alike"' in page) == bool(told)


def test_another_code_of_the_same_policy_is_told(cast, reader, request_):
    factories.make_version(cast)  # 0298 names 97545 and 97546
    factories.make_request(cast, lines=[line("97546")])

    page = text(reader.get(history(request_)))

    assert "Policy 0298 governs both requests." in page
    assert 'class="alike"' not in page


def test_what_is_out_of_scope_is_counted_and_said_and_not_shown(cast, sign_in, request_):
    cast.nurse.lines_of_business = [cast.coverage.line_of_business]
    cast.nurse.save()
    unseen = factories.make_request(cast, coverage=cast.medicaid_coverage)
    reader = sign_in(cast.nurse)

    for page in (history(request_), request_.get_absolute_url()):
        told = text(reader.get(page))
        assert unseen.number not in told
        assert "1 more request of the member is of a line of business" in told
        assert "No other request of Ada Winter that you may see is on record." in told


def test_appeals_are_counted_for_whom_they_do_not_open(cast, sign_in, request_):
    appeal = factories.make_appeal(cast)

    page = text(sign_in(cast.intake).get(history(request_)))

    assert appeal.number not in page
    assert "1 appeal of these requests is not shown: your role does not open appeals." in page


def test_what_is_shown_is_in_the_access_log(cast, reader, request_):
    other = factories.make_request(cast)

    for page in (history(request_), request_.get_absolute_url()):
        reader.get(page)
        assert other.number in AccessEntry.objects.latest("id").requests


def test_a_blind_decider_reads_no_criterion_in_it(cast, sign_in, request_):
    version = factories.make_version(cast)
    first = factories.make_claimed(cast)
    factories.make_answers(cast, first, version, I_A="met")
    CriterionAnswer.objects.update(comment=WORD)
    denied = factories.make_denied(cast, version, request=first)
    factories.make_assigned_appeal(cast, denied)
    decider = sign_in(cast.other_physician)

    for page in (history(request_), request_.get_absolute_url()):
        told = text(decider.get(page))
        assert denied.request.number in told
        assert WORD not in told
        assert denied.rationale_clinical not in told


def test_an_open_request_and_one_that_was_withdrawn_are_told_apart(cast, reader, request_):
    open_ = factories.make_request(cast)
    gone = factories.make_request(cast)
    withdraw_request(request=gone, reason="No longer wanted.", by=cast.intake, at=now())

    page = text(reader.get(history(request_)))

    assert page.count("<b>Open, received</b>") == 1
    assert "Withdrawn" in page
    assert page.index(gone.number) < page.index(open_.number)  # entered last, told first


def test_the_newest_four_stand_in_the_workspace_and_all_on_the_page(cast, reader, request_):
    numbers = [factories.make_request(cast).number for _ in range(5)]

    workspace, page = (
        text(reader.get(request_.get_absolute_url())),
        text(reader.get(history(request_))),
    )

    assert [one for one in numbers if one in workspace] == numbers[1:]
    assert "All 5 other requests" in workspace
    assert [one for one in numbers if one in page] == numbers


def test_the_page_takes_as_many_queries_for_many_requests_as_for_one(cast, reader, request_):
    version = factories.make_version(cast)
    factories.make_appeal(cast, factories.make_denied(cast, version))
    one = queries_of(reader, history(request_))
    for _ in range(3):
        factories.make_appeal(cast, factories.make_denied(cast, version))

    assert queries_of(reader, history(request_)) == one


def test_who_may_not_see_the_request_does_not_see_the_history(cast, sign_in, request_):
    assert sign_in(cast.other_nurse).get(history(request_)).status_code == 404
    assert sign_in(cast.policy_editor).get(history(request_)).status_code == 403


def test_a_history_is_read_only(reader, request_):
    assert reader.post(history(request_)).status_code == 405
