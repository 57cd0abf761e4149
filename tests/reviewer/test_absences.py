"""Out-of-office cover: who may say it, for which days, who can stand in; work handed over."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from reviewer.models import Absence, Credential, Request
from reviewer.time import local_day
from reviewer.workflow.absences import cancel_absence, change_absence, record_absence
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import claim_request
from reviewer.workflow.taking import NotAll, hand_over, take_next
from tests import factories
from tests.cast import EVERY_LINE, enter_nurse, enter_physician
from tests.reviewer.roles import connect

pytestmark = pytest.mark.django_db


def day(after):
    return local_day(factories.now()) + timedelta(days=after)


@pytest.fixture
def colleague(cast):
    """Another nurse who sees all that Rosa Okafor sees."""
    return enter_nurse("jsantos", "Joy Santos")


def out(cast, *, reviewer=None, cover=None, first=0, last=2, by=None):
    return record_absence(
        reviewer=reviewer or cast.nurse,
        cover=cover,
        starts_on=day(first),
        ends_on=day(last),
        by=by or cast.supervisor,
        at=factories.now(),
    )


def change(absence, *, last, by, cover=None):
    return change_absence(
        absence=absence, cover=cover, ends_on=day(last), by=by, at=factories.now()
    )


def holder(request):
    return Request.objects.get(pk=request.pk).assigned_to


def test_a_person_says_when_they_are_out_and_who_covers(cast, colleague):
    absence = out(cast, cover=colleague, by=cast.nurse)

    assert (absence.reviewer, absence.cover) == (cast.nurse, colleague)
    assert (absence.starts_on, absence.ends_on) == (day(0), day(2))
    assert absence.entered_by == cast.nurse


def test_a_supervisor_says_it_of_anyone_and_nobody_else_does(cast, colleague):
    assert out(cast, by=cast.supervisor).entered_by == cast.supervisor
    with pytest.raises(Refused, match="only a supervisor"):
        out(cast, reviewer=colleague, by=cast.nurse)
    with pytest.raises(Refused, match="only a supervisor"):
        out(cast, reviewer=cast.nurse, first=9, last=9, by=cast.physician)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (3, 2, "before the first"),
        (-5, -1, "over already"),
        (0, 400, "a year at most"),
    ],
)
def test_days_that_make_no_sense_are_refused(cast, first, last, sentence):
    with pytest.raises(Refused, match=sentence):
        out(cast, first=first, last=last)
    assert not Absence.objects.exists()


def test_who_lost_the_role_says_nothing_of_absences_and_nobody_says_it_for_them(cast):
    absence = out(cast, by=cast.nurse)
    cast.nurse.user.groups.clear()

    with pytest.raises(Refused, match="may do this"):
        change(absence, last=4, by=cast.nurse)
    with pytest.raises(Refused, match="does no work on requests"):
        out(cast, first=5, last=6, by=cast.supervisor)


@pytest.mark.parametrize(("first", "last"), [(2, 4), (-3, 0), (1, 1), (-1, 9)])
def test_absences_of_one_person_do_not_overlap(cast, first, last):
    out(cast)

    with pytest.raises(Refused, match="is out from .* already"):
        out(cast, first=first, last=last)


def test_the_database_itself_refuses_overlapping_absences(cast):
    kept = out(cast)
    facts = {"reviewer": cast.nurse, "entered_by": cast.nurse, "entered_at": factories.now()}

    with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
        Absence.objects.create(starts_on=day(2), ends_on=day(5), **facts)
    Absence.objects.create(starts_on=day(3), ends_on=day(5), **facts)
    cancel_absence(absence=kept, by=cast.nurse, at=factories.now())
    Absence.objects.create(starts_on=day(0), ends_on=day(2), **facts)


def test_a_nurse_does_not_cover_for_a_physician(cast):
    with pytest.raises(Refused, match="Rosa Okafor, nurse reviewer, may not do all that Maya"):
        out(cast, reviewer=cast.physician, cover=cast.nurse)


def test_a_physician_may_cover_for_a_nurse(cast):
    assert out(cast, cover=cast.physician).cover == cast.physician


def test_who_covers_sees_every_line_of_business_of_who_is_out(cast):
    with pytest.raises(Refused, match="Theo Brandt does not see requests of Commercial, insured"):
        out(cast, cover=cast.other_nurse)


def test_nobody_covers_for_themselves(cast):
    with pytest.raises(Refused, match="for themselves"):
        out(cast, cover=cast.nurse)


def test_a_closed_account_covers_for_nobody(cast, colleague):
    colleague.user.is_active = False
    colleague.user.save()

    with pytest.raises(Refused, match="is closed"):
        out(cast, cover=colleague)


def test_the_license_of_who_covers_is_valid_on_every_day(cast, colleague):
    Credential.objects.filter(reviewer=colleague).update(valid_to=day(2))

    with pytest.raises(Refused, match=f"valid on {day(3)}"):
        out(cast, cover=colleague, last=3)
    assert out(cast, cover=colleague, last=2).cover == colleague


def test_a_license_revoked_in_between_does_not_cover(cast, colleague):
    Credential.objects.filter(reviewer=colleague).update(revoked_on=day(2))

    with pytest.raises(Refused, match=f"valid on {day(2)}"):
        out(cast, cover=colleague)


def test_a_physicians_work_is_covered_under_a_physicians_license(cast):
    doctor = enter_physician("psingh", "Priti Singh", "Neurology")
    Credential.objects.filter(reviewer=doctor).update(kind=Credential.Kind.NURSE)

    with pytest.raises(Refused, match="no license for this work"):
        out(cast, reviewer=cast.physician, cover=doctor)


def test_who_is_out_too_does_not_cover(cast, colleague):
    out(cast, reviewer=colleague, first=2, last=5)

    with pytest.raises(Refused, match="Joy Santos is out from"):
        out(cast, cover=colleague, last=2)
    assert out(cast, cover=colleague, last=1).cover == colleague


def test_what_is_referred_to_an_expertise_is_covered_by_one_who_has_it(cast):
    request = factories.make_referral(cast, specialty="Orthopedic surgery").request
    claim_request(request=request, by=cast.other_physician, at=factories.now())
    twin = enter_physician("bcohen", "Ben Cohen", "orthopedic surgery")

    with pytest.raises(Refused, match=f"Request {request} asks for Orthopedic surgery"):
        out(cast, reviewer=cast.other_physician, cover=cast.physician)
    assert out(cast, reviewer=cast.other_physician, cover=twin).cover == twin


def test_the_end_and_the_cover_change(cast, colleague):
    absence = out(cast, cover=colleague)

    changed = change(absence, last=4, cover=cast.physician, by=cast.nurse)

    assert (changed.ends_on, changed.cover) == (day(4), cast.physician)


def test_who_is_back_today_was_out_until_yesterday(cast, colleague):
    absence = out(cast, cover=colleague, first=-3, last=5)

    changed = change(absence, last=-1, cover=colleague, by=cast.nurse)

    assert changed.ends_on == day(-1)
    with pytest.raises(Refused, match="ended on"):
        change(absence, last=5, by=cast.nurse)


@pytest.mark.parametrize(
    ("last", "sentence"), [(-2, "is past"), (-4, "before the first"), (6, "already")]
)
def test_another_end_is_checked_like_the_first(cast, last, sentence):
    absence = out(cast, first=-3, last=1)
    out(cast, first=5, last=7)

    with pytest.raises(Refused, match=sentence):
        change(absence, last=last, by=cast.nurse)


def test_a_longer_absence_asks_about_the_cover_again(cast, colleague):
    absence = out(cast, cover=colleague)
    Credential.objects.filter(reviewer=colleague).update(valid_to=day(3))

    with pytest.raises(Refused, match=f"valid on {day(4)}"):
        change(absence, last=4, cover=colleague, by=cast.nurse)
    assert change(absence, last=1, cover=colleague, by=cast.nurse).ends_on == day(1)


def test_another_cover_is_asked_about_even_for_days_that_were_agreed_on(cast, colleague):
    absence = out(cast, cover=colleague)

    with pytest.raises(Refused, match="Theo Brandt does not see requests of Commercial, insured"):
        change(absence, last=2, cover=cast.other_nurse, by=cast.nurse)


def test_an_absence_to_come_is_canceled_and_one_that_began_is_ended(cast):
    coming, begun = out(cast, first=4, last=5), out(cast, first=-2, last=2)

    canceled = cancel_absence(absence=coming, by=cast.nurse, at=factories.now())

    assert canceled.called_off_at
    assert not Absence.objects.on(day(4)).exists()
    with pytest.raises(Refused, match="Change the last day out"):
        cancel_absence(absence=begun, by=cast.nurse, at=factories.now())
    with pytest.raises(Refused, match="was canceled"):
        change(coming, last=6, by=cast.nurse)


def test_of_others_only_a_supervisor_changes_and_cancels(cast, colleague):
    absence = out(cast)

    with pytest.raises(Refused, match="only a supervisor"):
        change(absence, last=3, by=colleague)
    with pytest.raises(Refused, match="only a supervisor"):
        cancel_absence(absence=absence, by=colleague, at=factories.now())


def test_all_open_work_goes_to_who_covers_in_one_act(cast, colleague):
    first, second = factories.make_claimed(cast), factories.make_claimed(cast)
    absence = out(cast, cover=colleague)

    count = hand_over(absence=absence, by=cast.supervisor, at=factories.now())

    assert count == 2
    assert [holder(first), holder(second)] == [colleague, colleague]


def test_one_that_cannot_go_leaves_all_where_they_were(cast):
    plain = factories.make_claimed(cast, by=cast.other_physician)
    absence = out(cast, reviewer=cast.other_physician, cover=cast.physician)
    referred = factories.make_referral(cast, specialty="Orthopedic surgery").request
    claim_request(request=referred, by=cast.other_physician, at=factories.now())

    with pytest.raises(NotAll) as refusal:
        hand_over(absence=absence, by=cast.supervisor, at=factories.now())

    assert list(refusal.value.refused) == [referred.number]
    assert [holder(plain), holder(referred)] == [cast.other_physician] * 2


def test_only_who_assigns_hands_over_and_only_while_someone_covers(cast, colleague):
    factories.make_claimed(cast)
    absence = out(cast)
    at = factories.now()

    with pytest.raises(Refused, match="Nobody covers"):
        hand_over(absence=absence, by=cast.supervisor, at=at)
    with pytest.raises(Refused, match="supervisor may do this"):
        hand_over(absence=absence, by=cast.nurse, at=at)
    cancel_absence(absence=absence, by=cast.nurse, at=at)
    with pytest.raises(Refused, match="over or was canceled"):
        hand_over(absence=absence, by=cast.supervisor, at=at)


def test_nothing_is_handed_over_for_who_is_back(cast, colleague):
    held = factories.make_claimed(cast)
    absence = out(cast, cover=colleague)
    Absence.objects.filter(pk=absence.pk).update(starts_on=day(-3), ends_on=day(-1))

    with pytest.raises(Refused, match="over or was canceled"):
        hand_over(absence=absence, by=cast.supervisor, at=factories.now())
    assert holder(held) == cast.nurse


def test_next_offers_what_one_covers_and_is_due_before_the_return(cast, colleague):
    factories.make_request(cast)
    pressing = factories.make_claimed(cast, received_at=factories.now() - timedelta(days=6))
    out(cast, cover=colleague, last=20)

    taken = take_next(by=colleague, at=factories.now())

    assert taken == pressing
    assert holder(pressing) == colleague
    said = pressing.events.filter(name="claimed").latest("id").sentence
    assert said == "Taken by Joy Santos, who covers for Rosa Okafor."


@pytest.mark.parametrize("case", ["not covered", "due after the return", "not yet out"])
def test_next_offers_nothing_else_that_someone_holds(cast, colleague, case):
    free = factories.make_request(cast)
    held = factories.make_claimed(cast, received_at=factories.now() - timedelta(hours=2))
    first, last = {"not yet out": (1, 20)}.get(case, (0, 20))
    if case == "due after the return":
        last = 0
    out(cast, cover=None if case == "not covered" else colleague, first=first, last=last)

    assert take_next(by=colleague, at=factories.now()) == free
    with pytest.raises(Refused, match="Nobody waits"):
        take_next(by=colleague, at=factories.now())
    assert holder(held) == cast.nurse


def test_who_covers_takes_any_open_request_of_who_is_out_and_others_do_not(cast, colleague):
    held = factories.make_claimed(cast)
    out(cast, cover=colleague)
    other = enter_nurse("dvale", "Dora Vale", lines=EVERY_LINE)

    with pytest.raises(Refused, match="Rosa Okafor has taken"):
        claim_request(request=held, by=other, at=factories.now())
    claim_request(request=held, by=colleague, at=factories.now())
    assert holder(held) == colleague


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_absences_at_once_one_is_recorded(cast):
    results = []

    def record():
        try:
            results.append(out(cast))
        except Refused as refusal:
            results.append(refusal.sentence)
        finally:
            connection.close()

    with connect("default") as other:
        other.execute(
            "SELECT FROM reviewer_reviewer WHERE id = %s FOR NO KEY UPDATE", [cast.nurse.pk]
        )
        both = [threading.Thread(target=record) for _ in range(2)]
        for one in both:
            one.start()
        other.rollback()
    for one in both:
        one.join(20)

    assert Absence.objects.count() == 1
    assert sorted(isinstance(one, str) for one in results) == [False, True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_recorded", [False, True])
def test_nobody_is_chosen_to_cover_just_while_they_say_that_they_are_out(
    cast, colleague, is_recorded
):
    absence = out(cast) if is_recorded else None
    refused = []

    def choose():
        try:
            if absence:
                change(absence, last=2, cover=colleague, by=cast.nurse)
            else:
                out(cast, cover=colleague)
        except Refused as refusal:
            refused.append(refusal.sentence)
        finally:
            connection.close()

    chooses = threading.Thread(target=choose)
    with transaction.atomic():
        out(cast, reviewer=colleague)
        chooses.start()
        chooses.join(1)
    chooses.join(20)

    assert len(refused) == 1
    assert refused[0].startswith("Joy Santos is out from")


def test_a_day_out_is_one_day(cast):
    absence = out(cast, first=0, last=0)

    assert list(Absence.objects.on(day(0))) == [absence]
    assert not Absence.objects.on(day(1)).exists()
    assert isinstance(absence.ends_on, date)
