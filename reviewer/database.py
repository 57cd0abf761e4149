"""The two database roles: what the site's may do, and working as the owner for a while.

The owner has every table and migrates. The site owns nothing; evidence it may only insert, and of
the rest of the review it may delete only what is unfinished. `grant_to_site` runs after every
migration.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models

from policies.models import (
    AuthorizationList,
    AuthorizationRule,
    BasisChange,
    LineBasis,
    Publication,
    ReleaseFinding,
    WrittenOnce,
)
from reviewer.models import ActiveDetermination, Draft, Evidence, Intent, RuleChange

READ = "SELECT"
INSERT = "SELECT, INSERT"
KEEP = "SELECT, INSERT, UPDATE"
EDIT = "SELECT, INSERT, UPDATE, DELETE"

UNDELETABLE = (
    ActiveDetermination,
    AuthorizationList,
    AuthorizationRule,
    BasisChange,
    LineBasis,
    Publication,
    ReleaseFinding,
    RuleChange,
)
DELETABLE = (Draft, Evidence)  # the only rows of the review that may go


def grant_for(model: type[models.Model]) -> str:
    """The privileges that the site has on a model's table."""
    if issubclass(model, WrittenOnce) or model in (Intent, LogEntry):
        return INSERT
    if model in UNDELETABLE:
        return KEEP
    is_review = model._meta.app_label == "reviewer" and not model._meta.auto_created
    if is_review and model not in DELETABLE:
        return KEEP
    return EDIT


def grant_to_site(using: str) -> None:
    """Give the site's role its privileges, and take every other. `using` is the owner's alias."""
    owner = connections[using]
    site = str(connections["default"].settings_dict["USER"])
    quote = owner.ops.quote_name
    with owner.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone() == (site,):
            raise ImproperlyConfigured(
                f"The site's database role ({site}) must not be the owner's: give DATABASE_URL and"
                " DATABASE_OWNER_URL a role each"
            )
        role = quote(site)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}, PUBLIC")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT {READ} ON django_migrations TO {role}")
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                table = quote(model._meta.db_table)
                cursor.execute(f"GRANT {grant_for(model)} ON {table} TO {role}")


def write_plan_zone(using: str) -> None:
    """Tell the database the plan's time zone: what is signed names it, or is refused."""
    zone = settings.TIME_ZONE.replace("'", "''")
    with connections[using].cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION reviewer_plan_zone() RETURNS text LANGUAGE sql STABLE"
            f" AS $$ SELECT '{zone}' $$"
        )


@contextmanager
def as_owner() -> Iterator[None]:
    """Run a block with the owner's role behind the default connection: only for loading records
    that are older than a minute, never for the site."""
    site, owner = connections["default"], connections["owner"]
    kept = site.settings_dict
    site.close()
    site.settings_dict = kept | {key: owner.settings_dict[key] for key in ("USER", "PASSWORD")}
    site.settings_dict |= {key: owner.settings_dict[key] for key in ("NAME", "HOST", "PORT")}
    try:
        yield
    finally:
        site.close()
        site.settings_dict = kept
