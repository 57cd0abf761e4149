"""Which versions govern a list of requests: kept, and never later than what decides it."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from policies.effective_bases import approve_basis, propose_basis
from policies.models import Version
from policies.publishing import publish, retire
from reviewer.models import Request
from reviewer.views.governed import _kept, governed_by
from tests import factories
from tests.factories import now
from tests.policies.library import draft, lamps, person, published

TODAY = date.today()  # noqa: DTZ011 (only days around it)
CODES = "CPT codes covered if selection criteria are met:\n\n97545 Lamp hardening\n"


@pytest.fixture(autouse=True)
def nothing_kept():
    _kept.clear()


@pytest.fixture
def asked(cast):
    factories.make_request(cast)
    return list(Request.objects.prefetch_related("lines"))


def bulletin(number, start=date(2025, 1, 1), **said):
    data = lamps(number=number, codes=CODES, **said)
    return published(data, effective_from=start)


def answer(asked):
    (names,) = governed_by(asked, at=now()).values()
    return names


def later(version, start, limitation):
    following = draft(
        lamps(number=version.bulletin.number, codes=CODES, limitation=limitation),
        origin=Version.Origin.IMPORT,
    )
    publish(version=following, effective_from=start, by=None, at=now())
    return following


def test_the_library_is_asked_once_for_a_code_on_an_occasion(asked, django_assert_num_queries):
    bulletin("0907")
    with django_assert_num_queries(3):
        first = answer(asked)
    with django_assert_num_queries(2):
        again = answer(asked)

    assert first == again == ["0907 v1"]


def test_a_version_published_since_is_named(asked):
    bulletin("0907")
    assert answer(asked) == ["0907 v1"]

    bulletin("0908")
    assert answer(asked) == ["0907 v1", "0908 v1"]


def test_a_version_that_took_the_place_of_another_is_named_instead(asked):
    first = bulletin("0907")
    assert answer(asked) == ["0907 v1"]

    later(first, TODAY - timedelta(days=30), "No lamp.")
    assert answer(asked) == ["0907 v2"]


def end(version, by):
    retire(version=version, on=TODAY - timedelta(days=9), reason="Over.", by=by, at=now())


def test_a_retired_version_is_named_no_longer(asked):
    version = bulletin("0907")
    assert answer(asked) == ["0907 v1"]

    end(version, person("eve"))
    assert answer(asked) == []


def test_an_end_that_was_undone_is_not_taken_for_another(asked):
    """Both times one publication of two has ended, on the same day."""
    first, second = bulletin("0907"), bulletin("0908")
    eve = person("eve")
    with transaction.atomic():
        end(first, eve)
        assert answer(asked) == ["0908 v1"]
        transaction.set_rollback(True)

    end(second, eve)
    assert answer(asked) == ["0907 v1"]


def test_ends_on_other_days_are_told_apart(asked):
    version, eve = bulletin("0907"), person("eve")
    with transaction.atomic():
        end(version, eve)
        assert answer(asked) == []
        transaction.set_rollback(True)

    far = TODAY + timedelta(days=900)
    retire(version=version, on=far, reason="Over.", by=eve, at=now())
    assert answer(asked) == ["0907 v1"]


@pytest.mark.parametrize("own", [True, False])
def test_another_basis_of_a_bulletin_or_a_line_counts_at_once(asked, own):
    """In effect from tomorrow: by the day of service it governs, by the day of receipt not yet."""
    version = bulletin("0907", start=TODAY + timedelta(days=1))
    request = asked[0]
    request.lines.update(starts_on=TODAY + timedelta(days=5))
    asked = list(Request.objects.prefetch_related("lines"))
    assert answer(asked) == ["0907 v1"]

    whose = (
        {"bulletin": version.bulletin} if own else {"line_of_business": request.line_of_business}
    )
    change = propose_basis(**whose, basis="receipt", reason="So.", by=person("ann"), at=now())
    assert answer(asked) == ["0907 v1"]
    approve_basis(change=change, by=person("ben"), at=now())
    assert answer(asked) == []


def test_another_day_of_a_line_is_another_occasion(asked):
    bulletin("0907")
    assert answer(asked) == ["0907 v1"]

    asked[0].lines.update(starts_on=date(2024, 6, 1))
    assert answer(list(Request.objects.prefetch_related("lines"))) == []
