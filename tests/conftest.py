"""The test database, made by the owner and used as the site's role, and the cast."""

import pytest
from django.conf import settings
from django.db import connections

from reviewer import local_postgres


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """One test database, owned by the owner; the site's role works in it as in production."""
    if local_postgres.is_used():
        local_postgres.start()
    with django_db_blocker.unblock():
        owner, site = connections["owner"], connections["default"]
        kept = site.settings_dict["NAME"]
        owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        name = owner.settings_dict["NAME"]
        with owner.cursor() as cursor:
            quoted = owner.ops.quote_name(name)
            cursor.execute(f"COMMENT ON DATABASE {quoted} IS 'a test database: may be emptied'")
        owner.close()
        site.close()
        site.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        site.close()
        site.settings_dict["NAME"] = kept
        owner.creation.destroy_test_db(kept, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def plain_static_files():
    """Static files by their own names, so that pages show without a collectstatic."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for a module; the module's tests need no `db` to read it."""
    from tests.factories import loaded_demonstration

    with django_db_blocker.unblock(), loaded_demonstration():
        yield


@pytest.fixture
def cast(db):
    """A person of every role, a member, coverage and providers (`tests/cast.py`)."""
    from tests.cast import enter_cast

    return enter_cast()


@pytest.fixture
def intake(cast):
    return cast.intake


@pytest.fixture
def nurse(cast):
    return cast.nurse


@pytest.fixture
def physician(cast):
    return cast.physician


@pytest.fixture
def other_physician(cast):
    return cast.other_physician


@pytest.fixture
def appeals_coordinator(cast):
    return cast.appeals_coordinator


@pytest.fixture
def supervisor(cast):
    return cast.supervisor


@pytest.fixture
def member(cast):
    return cast.member


@pytest.fixture
def coverage(cast):
    return cast.coverage


@pytest.fixture
def sign_in(client):
    """Sign the test client in as a reviewer and give it back."""

    def sign_in_as(reviewer):
        client.force_login(reviewer.user)
        return client

    return sign_in_as
