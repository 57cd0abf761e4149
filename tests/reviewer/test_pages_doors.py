"""Every page of the review: who comes in, who is kept out, and by which method."""

import pytest
from django.urls import reverse

from policies.models import LineOfBusiness
from tests import factories

pytestmark = pytest.mark.django_db

READERS = {"intake", "nurse", "physician", "appeals_coordinator", "supervisor", "auditor"}
READS = {
    "request_detail": READERS,
    "request_clocks": READERS,
    "clock_detail": READERS,
    "determination_detail": READERS,
    "appeal_detail": {"nurse", "physician", "appeals_coordinator", "supervisor", "auditor"},
    "appeal_clocks": {"nurse", "physician", "appeals_coordinator", "supervisor", "auditor"},
}
VERBS = {
    "request_assign": {"supervisor"},
    "request_refer": {"nurse", "physician"},
    "request_return": {"physician"},
    "request_information": {"nurse", "physician"},
    "request_information_received": {"intake", "nurse", "physician", "supervisor"},
    "request_peer_to_peer": {"intake", "nurse", "physician", "supervisor"},
    "request_withdraw": {"intake", "nurse", "physician", "supervisor"},
    "request_dismiss": {"nurse", "physician"},
    "request_no_authorization_required": {"nurse", "physician"},
    "request_reopen": {"nurse", "physician", "supervisor"},
    "determination_sign": {"nurse", "physician"},
    "determination_correct": {"nurse", "physician"},
    "notice_send": {"nurse", "physician", "appeals_coordinator"},
    "appeal_new": {"appeals_coordinator"},
    "appeal_assign": {"appeals_coordinator", "supervisor"},
    "appeal_decide": {"physician"},
    "appeal_withdraw": {"appeals_coordinator"},
    "appeal_notice_send": {"nurse", "physician", "appeals_coordinator"},
    "appeal_told_by_phone": {"nurse", "physician", "appeals_coordinator"},
}
LISTS = {
    "work_queue": READERS,
    "work_to_tell": READERS,
    "team": {"supervisor"},
    "appeal_list": {"nurse", "physician", "appeals_coordinator", "supervisor", "auditor"},
    "request_new": {"intake", "nurse", "supervisor"},
}
BUTTONS = {
    "request_claim": {"nurse", "physician"},
    "request_release": {"nurse", "physician", "supervisor"},
    "request_close": {"nurse", "physician", "appeals_coordinator", "supervisor"},
}
ROLES = [
    "intake",
    "nurse",
    "physician",
    "appeals_coordinator",
    "supervisor",
    "policy_editor",
    "policy_approver",
    "auditor",
    "administrator",
]


@pytest.fixture
def appeal(cast):
    return factories.make_assigned_appeal(cast)


@pytest.fixture
def address(appeal):
    """The address of a page by its name."""
    number, pk = appeal.request.number, appeal.determination.pk

    def find(name):
        if name.startswith("appeal_") and name != "appeal_new":
            words = [] if name == "appeal_list" else [appeal.number]
        elif name == "clock_detail":
            words = [number, appeal.request.clocks.get(appeal=None, duty="decision").pk]
        elif name == "determination_sign":
            words = [number, 1]
        elif name.startswith(("determination_", "notice_")) or name == "appeal_new":
            words = [number, pk]
        else:
            words = [] if name in LISTS else [number]
        return reverse(f"reviewer:{name}", args=words)

    return find


@pytest.mark.parametrize(("name", "roles"), [*READS.items(), *VERBS.items(), *LISTS.items()])
def test_a_page_opens_to_its_roles_and_to_no_other(name, roles, cast, client, address):
    for role in ROLES:
        client.force_login(getattr(cast, role).user)
        expected = 200 if role in roles else 403
        assert client.get(address(name)).status_code == expected, role


@pytest.mark.parametrize(("name", "roles"), BUTTONS.items())
def test_a_button_answers_its_roles_and_no_other(name, roles, cast, client, address):
    from tests.reviewer.pages import post

    for role in ROLES:
        client.force_login(getattr(cast, role).user)
        expected = 302 if role in roles else 403
        assert post(client, address(name)).status_code == expected, role


@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_is_only_posted(name, cast, sign_in, address):
    assert sign_in(cast.nurse).get(address(name)).status_code == 405


@pytest.mark.parametrize("name", [*READS, "work_queue", "work_to_tell", "appeal_list"])
def test_a_page_that_only_shows_takes_no_post(name, cast, sign_in, address):
    assert sign_in(cast.nurse).post(address(name)).status_code == 405


@pytest.mark.parametrize("name", [*READS, *VERBS, *LISTS, *BUTTONS])
def test_a_visitor_is_sent_to_sign_in(name, client, address):
    answer = client.post if name in BUTTONS else client.get

    response = answer(address(name))

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", [*READS, *VERBS])
def test_another_line_of_business_is_not_found(name, cast, sign_in, address):
    roles = {**READS, **VERBS}[name]
    for role in roles:
        person = getattr(cast, role)
        person.lines_of_business = [LineOfBusiness.MEDICAID]
        person.save(update_fields=["lines_of_business"])

        assert sign_in(person).get(address(name)).status_code == 404, role


def test_a_title_names_the_request_and_no_member(cast, sign_in, address, appeal):
    client = sign_in(cast.physician)

    for name in [*READS, "notice_send", "appeal_notice_send", "appeal_told_by_phone"]:
        page = client.get(address(name)).content.decode()
        title = page.partition("<title>")[2].partition("</title>")[0]
        assert "Winter" not in title
        assert appeal.request.number in title or appeal.number in title


def test_people_without_cases_land_where_their_work_is(cast, sign_in):
    work = reverse("reviewer:work_mine")

    assert sign_in(cast.policy_editor).get(work).headers["Location"] == "/policies/"
    assert sign_in(cast.administrator).get(work).headers["Location"] == "/admin/"
