"""What a failure leaves in the logs."""

import logging
import sys

import pytest
from django.db import IntegrityError, transaction

from reviewer.logs import WithoutValues
from reviewer.models import Member

pytestmark = pytest.mark.django_db


def logged(act):
    try:
        with transaction.atomic():
            act()
    except Exception:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "It failed", (), None)

        record.exc_info = sys.exc_info()
        return WithoutValues().format(record)
    raise AssertionError("nothing failed")


def test_a_failing_row_is_not_logged(member):
    def twice():
        Member.objects.create(
            number=member.number, given_name="Canary", family_name="Bird", born_on="1970-01-01"
        )

    with pytest.raises(IntegrityError, match=member.number), transaction.atomic():
        twice()  # the message itself would tell

    told = logged(twice)

    assert member.number not in told
    assert "Canary" not in told
    assert "UniqueViolation: duplicate key value violates unique constraint" in told
    assert "test_logs.py" in told


def test_another_failure_says_what_it_was():
    assert "KeyError: 'role'" in logged(lambda: {}["role"])
