"""Invariant 12: the notice of an appeal's decision follows it and goes to a person once; asked of
the database in plain SQL."""

import pytest
from django.db import connection

from tests import factories
from tests.reviewer.sql import insert, refused_by, row

pytestmark = pytest.mark.django_db
TABLE = "reviewer_notice"
FOLLOWS = "a_notice_of_an_appeals_decision_follows_it"


@pytest.fixture
def decision(cast):
    return factories.make_upheld(cast)


@pytest.fixture
def notice(cast, decision):
    return factories.make_appeal_notice(cast, decision.appeal)


def attack(notice, **changes):
    with connection.cursor() as cursor:
        return insert(cursor, TABLE, row(cursor, TABLE, notice.pk, **changes))


def test_the_provider_is_told_beside_the_member(notice):
    assert attack(notice, recipient="provider")


@pytest.mark.parametrize("kind", ["appeal", "appeal_oral"])
def test_a_person_is_told_once(notice, kind):
    if kind == "appeal_oral":
        assert attack(notice, kind=kind)
    with refused_by("an_appeals_decision_is_told_a_person_once"):
        attack(notice, kind=kind)


@pytest.mark.parametrize("missing", ["appeal_id", "determination_id"])
def test_a_notice_of_an_appeal_has_the_appeal_and_what_holds(notice, missing):
    with refused_by("a_notice_of_an_appeals_decision_has_both"):
        attack(notice, recipient="provider", **{missing: None})


@pytest.mark.parametrize("kind", ["appeal", "appeal_oral"])
def test_what_is_not_decided_is_not_told(cast, notice, kind):
    version = notice.determination.version
    open_one = factories.make_assigned_appeal(cast, factories.make_denied(cast, version))

    with refused_by(FOLLOWS):
        attack(
            notice,
            kind=kind,
            appeal_id=open_one.pk,
            determination_id=open_one.determination_id,
            request_id=open_one.request_id,
        )


def test_the_notice_is_of_the_appeals_own_request_and_determination(cast, notice):
    other = factories.make_denied(cast, notice.determination.version)

    with refused_by(FOLLOWS):
        attack(notice, recipient="provider", determination_id=other.pk)
    with refused_by(FOLLOWS):
        attack(notice, recipient="provider", request_id=other.request_id)


def test_an_overturned_determination_is_not_told_as_if_it_stood(cast):
    decision = factories.make_appeal_decision(cast)
    notice = factories.make_appeal_notice(cast, decision.appeal)

    with refused_by(FOLLOWS):
        attack(notice, recipient="provider", determination_id=decision.determination_id)


def test_other_words_are_not_what_the_hash_says(notice):
    with refused_by("a_notice_is_what_its_hash_says"):
        attack(notice, recipient="provider", body="The denial is overturned.\n")
