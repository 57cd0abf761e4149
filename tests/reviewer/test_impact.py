"""What a change of a bulletin touches, number by number, each beside what it does not touch."""

import re
from datetime import timedelta

import pytest

from policies.admin.tallies import replaced_by
from policies.impact import Change, touched_by
from policies.imports.bulletins import import_bulletin
from reviewer.workflow.appeals import withdraw_appeal
from reviewer.workflow.requests import withdraw_request
from tests.factories import (
    BULLETINS,
    WORK_HARDENING,
    line,
    make_appeal,
    make_appeal_decision,
    make_approved,
    make_assigned_appeal,
    make_denied,
    make_notice,
    make_request,
    make_version,
    now,
)
from tests.policies.pages import queries_in

pytestmark = pytest.mark.django_db
REACHED = "open requests that it reaches"
CHANGED = "further open requests with a code that changes"
STAYING = "open requests that stay under the version of their day"
APPROVALS = "approvals not yet used up"
APPEALS = "open appeals"
LETTERS = "determinations with letters to be written"
KINDS = [REACHED, CHANGED, STAYING, APPROVALS, APPEALS, LETTERS]
MRI = "1203-v1-lumbar-mri.txt"
# Version 3 of 0298: 97799 comes, and R26.2; Z51.89 goes. 97545 and the injuries stay.
COMES = ("97545 Work hardening; first 2 hours", "97799 Job coaching\n97545 Work hardening")
GOES = ("Z51.89 Encounter for other specified aftercare", "R26.2 Trouble with walking")


@pytest.fixture
def today():
    return now().date()


@pytest.fixture
def soon(today):
    return today + timedelta(days=30)


@pytest.fixture
def old(cast):
    """0298 version 2, in force since 2025 for every line of business, by the date of service."""
    return make_version(cast)


@pytest.fixture
def new(cast, old):
    return draft_of_0298(cast)


def draft_of_0298(cast, **facts):
    text = (BULLETINS / WORK_HARDENING).read_text()
    for before, after in (COMES, GOES):
        assert text.count(before) == 1
        text = text.replace(before, after)
    facts = {"change_note": "Codes.", "author": cast.policy_editor.user} | facts
    return import_bulletin(text.encode(), name="0298-v3.txt", at=now(), **facts).version


def change_by(version, from_day, **facts):
    facts = {"replaces": replaced_by(version), "on": now().date()} | facts
    return Change(version, effective_from=from_day, **facts)


def touched(version, from_day, **facts):
    """By kind, the numbers of what the change touches."""
    found = touched_by(change_by(version, from_day, **facts))
    assert [one.what for one in found] == KINDS
    assert all(one.count == len(one.items) for one in found)
    return {one.what: [item.words for item in one.items] for one in found}


def asking(cast, code, *, on, diagnosis="R10.9", **facts):
    """A request for one code on one day; unless another is named, by a diagnosis in no table."""
    asked = line(code, starts_on=on, ends_on=on + timedelta(days=10))
    return make_request(cast, lines=[asked], diagnoses=[diagnosis], **facts)


# Open requests


def test_a_request_under_the_bulletin_from_the_day_on_is_reached(cast, new, soon):
    request = asking(cast, "97545", on=soon)

    found = touched(new, soon)

    assert found[REACHED] == [request.number]
    assert found[STAYING] == found[CHANGED] == []


def test_a_request_of_the_day_before_stays_under_the_version_of_its_day(cast, new, soon):
    request = asking(cast, "97545", on=soon - timedelta(days=1))

    found = touched(new, soon)

    assert found[STAYING] == [request.number]
    assert found[REACHED] == found[CHANGED] == []


def test_until_a_day_is_said_every_request_under_the_version_in_force_is_reached(cast, new, today):
    request = asking(cast, "97545", on=today)

    assert touched(new, None)[REACHED] == [request.number]


def test_one_line_from_the_day_on_is_enough(cast, new, today, soon):
    lines = [line("97545", starts_on=day, ends_on=day) for day in (today, soon)]
    request = make_request(cast, lines=lines, diagnoses=["R10.9"])

    assert touched(new, soon)[REACHED] == [request.number]


def test_a_request_that_no_table_of_the_bulletin_names_is_not_counted(cast, new, soon):
    asking(cast, "97110", on=soon)

    found = touched(new, soon)

    assert found[REACHED] == found[CHANGED] == found[STAYING] == []


def test_a_diagnosis_whose_row_stays_makes_no_request_touched(cast, new, soon):
    asking(cast, "97110", on=soon, diagnosis="S39.012A")

    found = touched(new, soon)

    assert found[REACHED] == found[CHANGED] == found[STAYING] == []


def test_a_request_that_is_no_longer_open_is_not_counted(cast, new, soon):
    request = asking(cast, "97545", on=soon)
    withdraw_request(request=request, reason="By phone.", by=cast.intake, at=now())

    assert touched(new, soon)[REACHED] == []


@pytest.mark.parametrize(
    ("code", "diagnosis"),
    [("97799", "R10.9"), ("97110", "R26.2"), ("97110", "Z51.89")],
    ids=["line comes", "diagnosis comes", "diagnosis goes"],
)
def test_a_request_with_a_code_that_changes_is_counted_apart(code, diagnosis, cast, new, soon):
    request = asking(cast, code, on=soon, diagnosis=diagnosis)

    found = touched(new, soon)

    assert found[CHANGED] == [request.number]
    assert found[REACHED] == found[STAYING] == []


def test_a_changed_code_on_a_day_before_the_change_is_not_counted(cast, new, soon):
    asking(cast, "97799", on=soon - timedelta(days=1))

    assert touched(new, soon)[CHANGED] == []


def test_a_changed_code_of_a_line_of_business_that_the_version_is_not_for_is_not_counted(
    cast, old, soon
):
    new = draft_of_0298(cast, lines_of_business=["medicare_advantage"])
    asking(cast, "97799", on=soon)

    assert touched(new, soon)[CHANGED] == []


def test_a_request_that_the_next_version_is_no_longer_for_is_reached(cast, old, soon):
    new = draft_of_0298(cast, lines_of_business=["medicare_advantage"])
    request = asking(cast, "97545", on=soon)

    assert touched(new, soon)[REACHED] == [request.number]


def test_a_first_version_reaches_whom_its_codes_name(cast, soon):
    first = draft_of_0298(cast)
    request = asking(cast, "97545", on=soon)
    asking(cast, "97110", on=soon)

    found = touched(first, soon)

    assert found[CHANGED] == [request.number]
    assert found[REACHED] == found[STAYING] == []


def test_a_retirement_reaches_the_requests_that_lose_their_version(cast, old, soon):
    loses = asking(cast, "97545", on=soon)
    keeps = asking(cast, "97545", on=soon - timedelta(days=1))

    found = touched(old, soon, replaces=None, is_retirement=True)

    assert found[REACHED] == [loses.number]
    assert found[STAYING] == [keeps.number]


# Approvals, appeals, letters


@pytest.mark.parametrize(("days", "is_counted"), [(59, True), (60, True), (61, False)])
def test_an_approval_is_counted_to_its_last_day(days, is_counted, cast, old, new, today):
    approved = make_approved(cast, old)
    assert approved.ends_on == today + timedelta(days=60)

    found = touched(new, today + timedelta(days=days))[APPROVALS]

    assert found == ([f"{approved.request.number}, line 1"] if is_counted else [])


def test_an_approval_under_another_bulletin_is_not_counted(cast, new, today):
    make_approved(cast, make_version(cast, file=MRI))

    found = touched(new, today)

    assert found[APPROVALS] == found[LETTERS] == []


def test_a_denial_is_no_approval(cast, old, new, today):
    make_denied(cast, old)

    assert touched(new, today)[APPROVALS] == []


def test_an_open_appeal_under_the_bulletin_is_counted(cast, old, new, today):
    appeal = make_appeal(cast, make_denied(cast, old))

    assert touched(new, today)[APPEALS] == [appeal.number]


def test_an_appeal_taken_back_is_not_counted(cast, old, new, today):
    appeal = make_appeal(cast, make_denied(cast, old))
    withdraw_appeal(appeal=appeal, reason="By phone.", by=cast.appeals_coordinator, at=now())

    assert touched(new, today)[APPEALS] == []


def test_an_appeal_under_another_bulletin_is_not_counted(cast, old, today):
    other = make_version(cast, file=MRI)
    make_appeal(cast, make_denied(cast, old))

    assert touched(other, today)[APPEALS] == []


def test_a_determination_is_counted_until_both_letters_are_sent(cast, old, new, today):
    denied = make_denied(cast, old)
    number = f"{denied.request.number}, line 1"

    assert touched(new, today)[LETTERS] == [number]
    make_notice(cast, denied, recipient="member")
    assert touched(new, today)[LETTERS] == [number]
    make_notice(cast, denied, recipient="provider")
    assert touched(new, today)[LETTERS] == []


def test_a_determination_that_another_replaced_wants_no_letter(cast, old, new, today):
    denied = make_denied(cast, old)
    make_appeal_decision(cast, make_assigned_appeal(cast, denied))

    granted = denied.replaced_by
    assert touched(new, today)[LETTERS] == [f"{granted.request.number}, line 1"]
    assert touched(new, today)[APPROVALS] == [f"{granted.request.number}, line 1"]


# What leaves


def test_a_fixed_number_of_queries_whatever_is_touched(cast, new, soon):
    asking(cast, "97545", on=soon)
    change = change_by(new, soon)
    few = queries_in(lambda: touched_by(change))
    for code in ("97545", "97799", "97545"):
        asking(cast, code, on=soon, diagnosis="Z51.89")

    assert queries_in(lambda: touched_by(change)) == few == 13


def test_nothing_but_numbers_leaves(cast, old, new, soon):
    asking(cast, "97545", on=soon)
    make_appeal(cast, make_denied(cast, old))

    items = [item for one in touched_by(change_by(new, soon)) for item in one.items]

    assert items
    assert all(re.fullmatch(r"[RA]-[\d-]+(, line 1)?", one.words) for one in items)


def test_a_number_opens_for_whom_its_page_opens(cast, old, new, soon):
    asking(cast, "97545", on=soon)
    [item] = next(one for one in touched_by(change_by(new, soon)) if one.what == REACHED).items

    assert item.is_open_to(cast.nurse.user)
    assert not item.is_open_to(cast.policy_editor.user)
    assert not item.is_open_to(cast.other_nurse.user)  # sees Medicaid only


def test_a_number_opens_its_page(cast, new, soon, client):
    asking(cast, "97545", on=soon)
    [item] = next(one for one in touched_by(change_by(new, soon)) if one.what == REACHED).items
    client.force_login(cast.nurse.user)

    assert client.get(item.address).status_code == 200
