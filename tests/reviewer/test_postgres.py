"""The pool waits for a busy server and not for one that is not there."""

import time

import pytest
from django.db import OperationalError, connections

from reviewer.postgres.base import DatabaseWrapper


@pytest.fixture
def pooled(db):
    """A second connection object, with a pool of one, that a test may spoil."""
    site = connections["default"].settings_dict
    pool = {"min_size": 0, "max_size": 1, "timeout": 5}
    kept = site | {"OPTIONS": site["OPTIONS"] | {"pool": pool}, "CONN_MAX_AGE": 0}

    def make(**facts):
        made.append(DatabaseWrapper(kept | facts))
        return made[-1]

    made = []
    yield make
    for one in made:
        one.close()
        one.close_pool()


def answer(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()


def test_server_that_is_there_answers_through_the_pool(pooled):
    connection = pooled()

    assert answer(connection) == (1,)
    assert connection.is_there()


def test_server_that_is_not_there_is_given_up_at_once(pooled, tmp_path):
    connection = pooled(HOST=str(tmp_path), PORT="")
    began = time.monotonic()

    with pytest.raises(OperationalError):
        answer(connection)

    assert time.monotonic() - began < 1
    assert not connection.is_there()
