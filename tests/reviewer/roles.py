"""Connections of one's own to the test database, as its owner or as the site's role."""

from contextlib import contextmanager

import psycopg
from django.db import connections


def connect(alias, **options):
    """A connection of psycopg's, beside Django's, with the role of an alias."""
    facts = connections[alias].settings_dict
    return psycopg.connect(
        dbname=connections["default"].settings_dict["NAME"],
        user=facts["USER"],
        password=facts["PASSWORD"],
        host=facts["HOST"],
        port=facts["PORT"] or None,
        options="-c lock_timeout=10s -c timezone=UTC",
        **options,
    )


@contextmanager
def owner_at_work():
    """The owner's connection; what is done in the block is undone at its end."""
    with connect("owner") as connection:
        try:
            yield connection
        finally:
            connection.rollback()
