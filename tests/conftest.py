"""The test database, made by the owner and used as the site's role, and the cast."""

import pytest
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
