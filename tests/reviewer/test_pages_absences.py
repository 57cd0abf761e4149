"""Pages of absences: who is out, who covers, how much waits; and where else it is said."""

from datetime import timedelta

import pytest
from django.urls import reverse

from reviewer.models import Absence, Request
from reviewer.time import local_day
from reviewer.workflow.absences import record_absence
from reviewer.workflow.requests import claim_request
from tests import factories
from tests.cast import enter_nurse
from tests.reviewer.pages import post, queries_of

pytestmark = pytest.mark.django_db
ABSENCES = "/absences"


def day(after):
    return local_day(factories.now()) + timedelta(days=after)


@pytest.fixture
def colleague(cast):
    return enter_nurse("jsantos", "Joy Santos")


def out(cast, *, reviewer=None, cover=None, first=0, last=2):
    return record_absence(
        reviewer=reviewer or cast.nurse,
        cover=cover,
        starts_on=day(first),
        ends_on=day(last),
        by=cast.supervisor,
        at=factories.now(),
    )


def address(absence):
    return reverse("reviewer:absence_detail", args=[absence.pk])


def test_it_says_who_is_out_who_covers_and_what_waits(cast, colleague, sign_in):
    late = factories.make_claimed(cast, received_at=factories.now() - timedelta(days=30))
    factories.make_claimed(cast)
    out(cast, cover=colleague)
    out(cast, reviewer=cast.physician, first=3, last=4)

    response = sign_in(cast.auditor).get(ABSENCES)

    (row,) = response.context["now"]
    assert (row.absence.reviewer, row.absence.cover) == (cast.nurse, colleague)
    assert (row.open, row.pressing) == (2, 1)
    assert row.left.words.startswith("overdue by")
    assert [one.absence.reviewer for one in response.context["later"]] == [cast.physician]
    assert late.number not in response.content.decode()


def test_counts_hold_only_what_the_viewer_sees(cast, sign_in):
    factories.make_claimed(cast)
    out(cast)

    (row,) = sign_in(cast.other_nurse).get(ABSENCES).context["now"]  # sees Medicaid only

    assert (row.open, row.left) == (0, None)


def test_its_page_lists_no_work_out_of_the_viewers_scope(cast, sign_in):
    held = factories.make_claimed(cast)
    address = out(cast).get_absolute_url()

    assert held.number not in sign_in(cast.other_nurse).get(address).content.decode()
    assert held.number in sign_in(cast.supervisor).get(address).content.decode()


def test_a_nurse_records_an_own_absence_and_is_asked_for_no_name(cast, colleague, sign_in):
    client = sign_in(cast.nurse)
    assert 'name="reviewer"' not in client.get(ABSENCES).content.decode()

    response = post(
        client, ABSENCES, starts_on=day(1), ends_on=day(3), cover=colleague.pk, reviewer=99
    )

    assert response.headers["Location"] == ABSENCES
    absence = Absence.objects.get()
    assert (absence.reviewer, absence.cover, absence.ends_on) == (cast.nurse, colleague, day(3))


def test_a_supervisor_records_it_of_anyone(cast, colleague, sign_in):
    post(
        sign_in(cast.supervisor),
        ABSENCES,
        reviewer=cast.nurse.pk,
        starts_on=day(0),
        ends_on=day(0),
        cover="",
    )

    assert Absence.objects.get().reviewer == cast.nurse


def test_a_refusal_comes_back_with_what_was_typed(cast, sign_in):
    typed = {"reviewer": cast.physician.pk, "cover": cast.nurse.pk, "ends_on": day(2)}

    page = post(sign_in(cast.supervisor), ABSENCES, starts_on=day(0), **typed).content.decode()

    assert "Rosa Okafor, nurse reviewer, may not do all that" in page
    assert f'<option value="{cast.nurse.pk}" selected>' in page
    assert not Absence.objects.exists()


def test_whoever_was_to_cover_for_others_is_told_so(cast, colleague, sign_in):
    out(cast, cover=colleague)
    client = sign_in(colleague)

    post(client, ABSENCES, starts_on=day(1), ends_on=day(1), cover="")
    page = client.get(ABSENCES).content.decode()

    assert "Joy Santos was to cover for others on these days: Rosa Okafor out from" in page
    assert "is out on some of these days too" in page


def test_the_end_and_the_cover_are_changed_on_its_page(cast, colleague, sign_in):
    absence = out(cast)

    response = post(sign_in(cast.nurse), address(absence), ends_on=day(5), cover=cast.physician.pk)

    absence.refresh_from_db()
    assert response.headers["Location"] == ABSENCES
    assert (absence.ends_on, absence.cover) == (day(5), cast.physician)


def test_another_nurse_reads_it_and_changes_nothing(cast, colleague, sign_in):
    absence = out(cast)
    client = sign_in(colleague)
    assert "Change the absence" not in client.get(address(absence)).content.decode()

    page = post(client, address(absence), ends_on=day(5), cover="").content.decode()

    absence.refresh_from_db()
    assert "only a supervisor" in page
    assert absence.ends_on == day(2)


def test_it_is_canceled_by_a_button_and_not_by_a_link(cast, sign_in):
    absence = out(cast)
    cancel = reverse("reviewer:absence_cancel", args=[absence.pk])
    client = sign_in(cast.nurse)
    assert client.get(cancel).status_code == 405

    assert post(client, cancel).headers["Location"] == ABSENCES

    absence.refresh_from_db()
    assert absence.called_off_at
    assert post(client, cancel).headers["Location"] == address(absence)


def test_a_supervisor_hands_all_open_work_over(cast, colleague, sign_in):
    held = [factories.make_claimed(cast) for _ in range(2)]
    absence = out(cast, cover=colleague)
    client = sign_in(cast.supervisor)
    assert "Hand 2 over to Joy" in client.get(ABSENCES).content.decode()

    response = post(client, address(absence), hand_over="1")

    assert response.headers["Location"] == ABSENCES
    assert "2 requests are assigned to Joy Santos." in client.get(ABSENCES).content.decode()
    assert {Request.objects.get(pk=one.pk).assigned_to for one in held} == {colleague}


def test_what_cannot_be_handed_over_is_named_and_nothing_is(cast, sign_in):
    absence = out(cast, reviewer=cast.other_physician, cover=cast.physician)
    request = factories.make_referral(cast, specialty="Orthopedic surgery").request
    claim_request(request=request, by=cast.other_physician, at=factories.now())

    page = post(sign_in(cast.supervisor), address(absence), hand_over="1").content.decode()

    assert f"<b>{request}</b>: Request {request} asks for Orthopedic surgery" in page
    assert Request.objects.get(pk=request.pk).assigned_to == cast.other_physician


def test_a_nurse_hands_nothing_over(cast, colleague, sign_in):
    held = factories.make_claimed(cast)
    absence = out(cast, cover=colleague)
    client = sign_in(cast.nurse)
    assert "Hand 1 over" not in client.get(ABSENCES).content.decode()

    page = post(client, address(absence), hand_over="1").content.decode()

    assert "supervisor may do this" in page
    assert Request.objects.get(pk=held.pk).assigned_to == cast.nurse


@pytest.mark.parametrize("page", ["/", "/queue"])
def test_who_covers_sees_it_above_the_own_work_and_the_queue(cast, colleague, sign_in, page):
    held = factories.make_claimed(cast)
    out(cast, cover=colleague)
    client = sign_in(colleague)

    text = client.get(page).content.decode()

    assert "Rosa Okafor is out until " in text
    assert "and you cover.</b> 1 open request" in text
    narrowed = client.get("/queue?assignee=rokafor").content.decode()
    assert f'aria-label="Take {held.number}"' in narrowed
    assert "you cover" not in sign_in(cast.physician).get(page).content.decode()


def test_next_says_whose_it_was(cast, colleague, sign_in):
    held = factories.make_claimed(cast)
    out(cast, cover=colleague, last=30)
    client = sign_in(colleague)

    response = post(client, "/next")

    assert response.headers["Location"] == held.get_absolute_url()
    page = client.get("/").content.decode()
    assert "it came first. Taken by Joy Santos, who covers for Rosa Okafor." in page


def test_who_is_out_is_said_where_one_request_is_assigned(cast, colleague, sign_in):
    request = factories.make_request(cast)
    out(cast, cover=colleague)

    page = sign_in(cast.supervisor).get(f"{request.get_absolute_url()}/assign").content.decode()

    assert f"Rosa Okafor, nurse reviewer; out until {day(2)}, Joy Santos covers" in page


def test_who_is_out_is_said_where_an_appeal_is_assigned(cast, sign_in):
    appeal = factories.make_appeal(cast)
    out(cast, reviewer=cast.other_physician)

    page = sign_in(cast.appeals_coordinator).get(f"{appeal.get_absolute_url()}/assign")

    assert f"out until {day(2)}, nobody covers" in page.content.decode()


def test_the_page_takes_as_many_queries_for_four_absences_as_for_one(cast, colleague, sign_in):
    out(cast, cover=colleague)
    client = sign_in(cast.supervisor)
    few = queries_of(client, ABSENCES)

    for first in (10, 20, 30):
        out(cast, cover=colleague, first=first, last=first)

    assert queries_of(client, ABSENCES) == few


def test_people_without_requests_see_no_absences(cast, sign_in):
    assert sign_in(cast.policy_editor).get(ABSENCES).status_code == 403
