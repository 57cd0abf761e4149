"""A database for one run: made by the owner's role, migrated, dropped at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg.sql import SQL, Identifier

PREFIX = "benchbook_bench_"


def plain(alias: str, **changes: Any) -> psycopg.Connection:
    """A connection of psycopg's own to the database that the alias names now."""
    parameters = connections[alias].get_connection_params()
    wanted = {"dbname", "host", "port", "user", "password", "options"} & set(parameters)
    return psycopg.connect(**{key: parameters[key] for key in wanted} | changes)


@contextmanager
def scratch_database() -> Iterator[str]:
    """Both roles work in the new database for the length of the block."""
    name = f"{PREFIX}{os.getpid()}"
    aliases = [connections["owner"], connections["default"]]
    kept = [one.settings_dict["NAME"] for one in aliases]
    with plain("owner", autocommit=True) as outside:
        drop_leftovers(outside)
        outside.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            for one in aliases:
                one.settings_dict["NAME"] = name
            call_command("migrate", interactive=False, verbosity=0)
            yield name
        finally:
            for one, former in zip(aliases, kept, strict=True):
                one.close()
                one.close_pool()
                one.settings_dict["NAME"] = former
            drop(outside, name)


def drop_leftovers(outside: psycopg.Connection) -> None:
    """Databases of runs that were killed: nobody is connected to them."""
    rows = outside.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND NOT EXISTS"
        " (SELECT FROM pg_stat_activity WHERE pg_stat_activity.datname = pg_database.datname)",
        [PREFIX],
    )
    for (name,) in rows.fetchall():
        drop(outside, name)


def drop(outside: psycopg.Connection, name: str) -> None:
    outside.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name)))


def tidy() -> None:
    """What autovacuum does in time: statistics for the planner, pages known to be visible."""
    with plain("owner", autocommit=True) as owner:
        owner.execute("SET statement_timeout = 0")
        owner.execute("VACUUM (ANALYZE)")
