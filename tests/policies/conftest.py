"""What tests of the library share."""

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from policies.imports.demonstration import load_library
from tests.policies.library import AT, DAY, person


@pytest.fixture
def editor(cast, client):
    """A browser of the policy editor's."""
    client.force_login(cast.policy_editor.user)
    return client


@pytest.fixture
def approver(cast, client):
    """A browser of the policy approver's; the same as the editor's: a test takes one of them."""
    client.force_login(cast.policy_approver.user)
    return client


@pytest.fixture
def ann(db):
    return person("ann")


@pytest.fixture
def ben(db):
    return person("ben")


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


@pytest.fixture(scope="module")
def march_library(django_db_setup, django_db_blocker):
    """The demonstration's library as of DAY, loaded once for a module by the owner."""
    from tests.factories import as_owner

    with django_db_blocker.unblock():
        with as_owner():
            load_library(on=DAY, at=AT)
        yield
        call_command("flush", interactive=False, verbosity=0)
