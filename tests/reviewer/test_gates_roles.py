"""The site's role owns nothing and cannot take its own bars away."""

import pytest
from django.db import connection

from tests.reviewer.roles import connect, owner_at_work
from tests.reviewer.sql import denied

pytestmark = pytest.mark.django_db


def ask(question):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def test_site_owns_nothing():
    for catalog, owner in [
        ("pg_class", "relowner"),
        ("pg_proc", "proowner"),
        ("pg_namespace", "nspowner"),
        ("pg_type", "typowner"),
        ("pg_database", "datdba"),
    ]:
        owned = f"SELECT oid FROM {catalog} WHERE pg_get_userbyid({owner}) = current_user"
        assert ask(owned) == []


def test_site_has_no_powers_of_its_own():
    powers = "rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"

    assert ask(f"SELECT {powers} FROM pg_roles WHERE rolname = current_user") == [(False,) * 5]
    assert ask(
        "SELECT rolname FROM pg_roles WHERE pg_has_role(current_user, oid, 'member')"
    ) == ask("SELECT current_user")


@pytest.mark.parametrize(
    "attack",
    [
        "ALTER TABLE reviewer_determination DISABLE TRIGGER ALL",
        "ALTER TABLE reviewer_event DISABLE TRIGGER evidence_is_written_once",
        "DROP TRIGGER evidence_is_written_once ON reviewer_event",
        (
            "ALTER TABLE reviewer_determination"
            " DROP CONSTRAINT medical_necessity_denial_needs_a_physician"
        ),
        "ALTER TABLE reviewer_request ADD COLUMN note text",
        "DROP TABLE reviewer_event CASCADE",
        "DROP FUNCTION reviewer_refuse_change() CASCADE",
        (
            "CREATE OR REPLACE FUNCTION reviewer_refuse_change() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NEW; END $$"
        ),
        "CREATE TABLE public.mine (id int)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE RULE mine AS ON INSERT TO reviewer_event DO INSTEAD NOTHING",
        "CREATE SCHEMA mine",
        "SET session_replication_role = replica",
        "ALTER ROLE current_user SUPERUSER",
        "SELECT setval('reviewer_request_numbers', 1)",
        "COPY reviewer_event TO PROGRAM 'true'",
    ],
)
def test_site_cannot_take_its_bars_away(attack):
    with denied(), connection.cursor() as cursor:
        cursor.execute(attack)


@pytest.mark.parametrize("attack", ["SET ROLE {owner}", "SET SESSION AUTHORIZATION {owner}"])
def test_site_does_not_become_the_owner(attack):
    [(owner,)] = ask(
        "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'reviewer_event'::regclass"
    )
    with denied(), connection.cursor() as cursor:
        cursor.execute(attack.format(owner=owner))


def test_site_gives_itself_no_rights():
    with connection.cursor() as cursor:
        cursor.execute("GRANT UPDATE ON reviewer_event TO current_user")  # only a warning
    assert ask("SELECT has_table_privilege('reviewer_event', 'UPDATE')") == [(False,)]


def test_control_the_owner_can():
    with owner_at_work() as owner:
        owner.execute("ALTER TABLE reviewer_event DISABLE TRIGGER evidence_is_written_once")
        owner.execute("CREATE TABLE public.mine (id int)")


def test_site_s_own_connection_is_barred_as_well():
    """The bars are the role's, not Django's."""
    with connect("default") as site:
        assert not site.execute(
            "SELECT has_table_privilege('reviewer_event', 'UPDATE')"
            " OR has_table_privilege('reviewer_event', 'DELETE')"
            " OR has_table_privilege('reviewer_event', 'TRUNCATE')"
            " OR has_schema_privilege('public', 'CREATE')"
        ).fetchone()[0]
