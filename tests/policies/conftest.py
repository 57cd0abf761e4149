"""What tests of the library share."""

import psycopg
import pytest
from django.db import connections


@pytest.fixture
def owner(django_db_setup):
    """The owner's session in the test database; all that happens in it is rolled back."""
    settings = connections["owner"].settings_dict
    with psycopg.connect(
        dbname=settings["NAME"], user=settings["USER"], password=settings["PASSWORD"] or None,
        host=settings["HOST"] or None, port=settings["PORT"] or None,
    ) as session:  # fmt: skip
        yield session.cursor()
        session.rollback()
