"""What the reviewing tells of its use of the library: counts by code, bulletin and outcome."""

from datetime import timedelta

import pytest
from django.utils import timezone

from policies import usage
from policies.usage import Decided, Period
from reviewer.usage import used
from tests.factories import (
    line,
    make_appeal_decision,
    make_approved,
    make_claimed,
    make_denied,
    make_request,
    make_version,
    now,
)
from tests.policies.pages import queries_in

pytestmark = pytest.mark.django_db
HARDENING = Decided(("CPT", "97545"), "commercial_insured", "Harbor PPO", "NY")


@pytest.fixture
def today():
    return timezone.localdate(now())


@pytest.fixture
def lately(today):
    return Period(today - timedelta(days=2), today)


def test_it_is_registered():
    assert usage._PROVIDERS["reviewing"] is used


def test_every_line_counts_by_its_code(cast, lately):
    make_request(cast, lines=[line("97545"), line("E0601", system="HCPCS")])
    make_request(cast, lines=[line("97545")])

    assert used(lately).requested == {("CPT", "97545"): 2, ("HCPCS", "E0601"): 1}


def test_a_request_received_outside_the_period_does_not_count(cast, today):
    make_request(cast, received_at=now() - timedelta(days=5))

    assert used(Period(today - timedelta(days=4), today)).requested == {}
    assert sum(used(Period(today - timedelta(days=6), today)).requested.values()) == 1


def test_a_decision_counts_for_the_bulletin_that_it_rests_on(cast, lately):
    version = make_version(cast)
    make_approved(cast, version)
    make_approved(cast)

    assert used(lately).cited == {version.bulletin_id: 1}


def test_outcomes_are_counted_by_code_and_for_whom(cast, lately):
    version = make_version(cast)
    make_approved(cast, version)
    make_denied(cast, version)
    make_claimed(cast)

    seen = used(lately)

    assert seen.decided == {HARDENING: 2}
    assert seen.approved == {HARDENING: 1}


def test_a_denial_that_was_overturned_counts_as_the_approval_that_holds(cast, lately):
    decision = make_appeal_decision(cast)

    seen = used(lately)

    assert (seen.decided, seen.approved) == ({HARDENING: 1}, {HARDENING: 1})
    assert seen.cited == {decision.appeal.determination.version.bulletin_id: 2}


def test_a_decision_outside_the_period_does_not_count(cast, today):
    make_approved(cast)
    tomorrow = today + timedelta(days=1)

    assert used(Period(tomorrow, tomorrow)).decided == {}


def test_it_takes_three_queries_however_much_there_is(cast, lately):
    version = make_version(cast)
    make_approved(cast, version)
    make_denied(cast, version)

    assert queries_in(lambda: used(lately)) == 3


def test_nothing_personal_leaves(cast, lately):
    make_approved(cast, make_version(cast))

    told = repr(used(lately))

    for private in (cast.member.family_name, cast.member.number, cast.nurse.user.username):
        assert private not in told
