"""A published version never changes, whatever the site's role says to the database.

Every attack is plain SQL under the site's login. The controls at the end take a trigger away, as
the owner and in a transaction that is rolled back, and then see the same attack succeed.
"""

from datetime import date
from hashlib import sha256

import psycopg
import pytest
from django.db import DatabaseError, connection, connections
from psycopg import errors

from policies.models import CodeGroup, CodeRow, CodeSpan, Criterion, Passage, Reference, Section
from policies.publishing import retire, submit
from tests.policies.library import AT, attempt, draft, lamps, person, published, refusal

FROZEN = "a_published_version_never_changes"
NO_PRIVILEGE = "42501"
RANGE_UPSIDE_DOWN = "22000"  # Postgres refuses to make such a range
TABLES = {
    "section": Section, "passage": Passage, "reference": Reference, "criterion": Criterion,
    "codegroup": CodeGroup, "coderow": CodeRow, "codespan": CodeSpan,
}  # fmt: skip
ALL_TABLES = ["version", "publication", *TABLES]


@pytest.fixture
def version(db):
    return published()


@pytest.fixture
def other_draft(version):
    return draft(lamps(limitation="No lamp is covered."), origin="import")


def refused(statement, *parameters):
    """The name of the constraint, or the state of the error, that met a statement."""
    with connection.cursor() as cursor, pytest.raises(DatabaseError) as error:
        attempt(cursor, statement, parameters)
    return refusal(error)


def copy_of(table, **changes):
    """An INSERT of the first row under a version, with some columns changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND is_generated = 'NEVER' AND column_name <> 'id'",
            [f"policies_{table}"],
        )
        columns = [name for (name,) in cursor.fetchall()]
    values = [changes.get(name, f'"{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f"INSERT INTO policies_{table} ({names}) SELECT {', '.join(values)}"
        f" FROM policies_{table} WHERE version_id = %s ORDER BY id LIMIT 1"
    )


# The version itself


@pytest.mark.parametrize(
    "change",
    [
        "title = 'Other'",
        "content = 'other', content_hash = encode(sha256('other'), 'hex')",
        "source_bytes = 'other'",
        "effective_stated = '2020-01-01'",
        "ordinal = 9",
        "lines_of_business = '{medicaid}'",
        "status = 'draft'",
        "status = 'approved'",
        "approver_id = NULL",
        "title = title",
    ],
)
def test_a_published_version_is_not_updated(version, change):
    assert refused(f"UPDATE policies_version SET {change} WHERE id = %s", version.pk) == FROZEN


def test_a_published_version_is_not_deleted(version):
    assert refused("DELETE FROM policies_version WHERE id = %s", version.pk) == FROZEN


def test_a_bulletin_with_versions_is_not_deleted(version):
    name = refused("DELETE FROM policies_bulletin WHERE id = %s", version.bulletin_id)

    assert "bulletin_id" in name
    assert name.endswith("_fk_policies_bulletin_id")


# Its parts


@pytest.mark.parametrize("table", TABLES)
def test_a_part_is_not_updated(version, table):
    statement = f"UPDATE policies_{table} SET position = position + 1000 WHERE version_id = %s"

    assert refused(statement, version.pk) == FROZEN


@pytest.mark.parametrize("table", TABLES)
def test_a_part_is_not_deleted(version, table):
    statement = f"DELETE FROM policies_{table} WHERE version_id = %s"

    assert refused(statement, version.pk) == FROZEN


@pytest.mark.parametrize("table", TABLES)
def test_a_part_is_not_added(version, table):
    anchor = {"anchor": "'added'"} if hasattr(TABLES[table], "anchor") else {}

    assert refused(copy_of(table, position="9999", **anchor), version.pk) == FROZEN


@pytest.mark.parametrize("table", TABLES)
def test_a_part_of_a_draft_is_not_moved_under_it(version, other_draft, table):
    statement = f"UPDATE policies_{table} SET version_id = %s WHERE version_id = %s"

    assert refused(statement, version.pk, other_draft.pk) == FROZEN


@pytest.mark.parametrize("table", TABLES)
def test_a_part_is_not_moved_away_to_a_draft(version, other_draft, table):
    statement = f"UPDATE policies_{table} SET version_id = %s WHERE version_id = %s"

    assert refused(statement, other_draft.pk, version.pk) == FROZEN


@pytest.mark.parametrize(
    ("table", "column", "whole"),
    [
        ("section", "parent_id", "section"),
        ("passage", "section_id", "section"),
        ("criterion", "parent_id", "criterion"),
        ("coderow", "group_id", "codegroup"),
        ("codespan", "row_id", "coderow"),
    ],
)
def test_a_part_of_a_draft_is_not_hung_into_its_tree(version, other_draft, table, column, whole):
    target = TABLES[whole].objects.filter(version=version).order_by("pk").first()
    statement = f"UPDATE policies_{table} SET {column} = %s WHERE version_id = %s"

    name = refused(statement, target.pk, other_draft.pk)

    assert name == f"{table}_stands_in_its_own_version"


def test_a_temporary_table_does_not_pass_for_the_versions(version):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE policies_version AS SELECT id, 'draft' AS status"
                       " FROM policies_version")  # fmt: skip

    met = refused("UPDATE public.policies_passage SET text = '' WHERE version_id = %s", version.pk)

    assert met == "a_published_version_never_changes"


@pytest.mark.parametrize("table", TABLES)
def test_a_part_is_not_copied_in_beside_one_of_a_draft(version, other_draft, table):
    anchor = {"anchor": "'added'"} if hasattr(TABLES[table], "anchor") else {}
    one = copy_of(table, position="9999", **anchor)
    names, _, chosen = one.partition(" SELECT ")
    both = f"{names} (SELECT {chosen}) UNION ALL (SELECT {chosen})"

    assert refused(both, other_draft.pk, version.pk) == FROZEN


def test_a_temporary_table_does_not_pass_for_what_is_added(version):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE added (version_id bigint)")

    assert refused(copy_of("reference", position="9999"), version.pk) == FROZEN


def test_a_published_bulletin_keeps_its_number(version):
    met = refused("UPDATE policies_bulletin SET number = 'x' WHERE id = %s", version.bulletin_id)

    assert met == "a_published_bulletin_keeps_its_number"


def test_a_bulletin_of_drafts_may_still_be_numbered(db):
    bulletin = draft(lamps()).bulletin
    bulletin.number = "0999"
    bulletin.save()


def test_a_draft_can_still_be_edited(other_draft):
    with connection.cursor() as cursor:
        for table in TABLES:
            attempt(
                cursor,
                f"UPDATE policies_{table} SET position = position + 1000 WHERE version_id = %s",
                [other_draft.pk],
            )
    assert other_draft.passages.filter(position__gt=1000).count() == other_draft.passages.count()


# Becoming published


def test_a_draft_is_not_published_directly(other_draft):
    statement = "UPDATE policies_version SET status = 'published' WHERE id = %s"

    assert refused(statement, other_draft.pk) == "only_an_approved_version_is_published"


def test_a_version_is_not_born_published(version):
    columns = (
        "bulletin_id, origin, title, lines_of_business, jurisdictions, change_note, legends,"
        " not_understood, content, content_hash, source_name, source_bytes, source_sha256,"
        " created_at"
    )
    statement = (
        f"INSERT INTO policies_version (ordinal, status, {columns})"
        f" SELECT 9, 'published', {columns} FROM policies_version WHERE id = %s"
    )

    assert refused(statement, version.pk) == "a_version_is_not_born_published"


def test_one_pair_of_hands_does_not_approve(version):
    ann = person("ann")
    text = draft(lamps(limitation="No lamp."), author=ann)
    approved = "UPDATE policies_version SET status = 'approved' WHERE id = %s"
    by_author = "UPDATE policies_version SET approver_id = author_id WHERE id = %s"

    assert refused(approved, text.pk) == "only_a_submitted_version_is_approved"
    submit(version=text, by=ann, at=AT)
    assert refused(approved, text.pk) == "an_approved_version_names_two_people"
    assert refused(by_author, text.pk) == "an_approver_is_not_the_author"


def test_content_is_what_its_hash_says(other_draft):
    statement = "UPDATE policies_version SET content = content || ' ' WHERE id = %s"

    assert refused(statement, other_draft.pk) == "a_version_is_what_its_hash_says"


# When it is in effect


@pytest.mark.parametrize(
    "change",
    [
        "effective_from = '2020-01-01'",
        "effective_from = NULL",
        "published_at = '2020-01-01'",
        "ended_on = '2026-06-01'",  # without a reason
        "ended_on = '2026-06-01', end_reason = 'Old.', effective_from = '2020-01-01'",
        "end_reason = 'Old.'",
    ],
)
def test_a_publication_is_only_ended(version, change):
    statement = f"UPDATE policies_publication SET {change} WHERE version_id = %s"

    assert refused(statement, version.pk) == "the_end_of_a_version_is_written_once"


@pytest.mark.parametrize("change", ["ended_on = '2026-07-01'", "ended_on = NULL"])
def test_an_end_is_written_once(version, change):
    retire(version=version, on=date(2026, 6, 1), reason="Old.", by=None, at=AT)
    statement = (
        f"UPDATE policies_publication SET {change}, end_reason = 'Again.' WHERE version_id = %s"
    )

    assert refused(statement, version.pk) == "the_end_of_a_version_is_written_once"


def test_an_end_before_the_start_is_refused(version):
    statement = (
        "UPDATE policies_publication SET ended_on = '2025-01-01', end_reason = 'Old.',"
        " ended_at = now() WHERE version_id = %s"
    )

    assert refused(statement, version.pk) == RANGE_UPSIDE_DOWN


def test_a_publication_is_not_deleted(version):
    statement = "DELETE FROM policies_publication WHERE version_id = %s"

    assert refused(statement, version.pk) == NO_PRIVILEGE


def frozen_without_publication(text):
    with connection.cursor() as cursor:
        for status in ("approved", "published"):
            cursor.execute(
                "UPDATE policies_version SET status = %s WHERE id = %s", [status, text.pk]
            )


PUBLISH = (
    "INSERT INTO policies_publication"
    " (version_id, bulletin_id, effective_from, end_reason, published_at)"
    " VALUES (%s, %s, %s, '', now())"
)


def test_published_versions_do_not_overlap(version, other_draft):
    frozen_without_publication(other_draft)

    name = refused(PUBLISH, other_draft.pk, version.bulletin_id, date(2026, 5, 1))

    assert name == "published_versions_do_not_overlap"


def test_two_undated_versions_do_not_go_on_together(db):
    first = published(effective_from=None)
    second = draft(lamps(limitation="No lamp."), origin="import")
    frozen_without_publication(second)

    name = refused(PUBLISH, second.pk, first.bulletin_id, None)

    assert name == "one_undated_version_goes_on"


def test_a_draft_does_not_take_effect(version, other_draft):
    name = refused(PUBLISH, other_draft.pk, version.bulletin_id, date(2020, 1, 1))

    assert name == "only_a_published_version_takes_effect"


def test_a_publication_is_of_its_own_bulletin(version, other_draft):
    frozen_without_publication(other_draft)
    elsewhere = draft(lamps(number="0908")).bulletin_id

    name = refused(PUBLISH, other_draft.pk, elsewhere, date(2020, 1, 1))

    assert name == "a_publication_has_its_own_bulletin"


# Taking the protection away


@pytest.mark.parametrize("table", ALL_TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE policies_{} CASCADE",
        "ALTER TABLE policies_{} DISABLE TRIGGER ALL",
        "ALTER TABLE policies_{} DISABLE TRIGGER USER",
        "DROP TABLE policies_{} CASCADE",
        "DROP TRIGGER evidence_is_never_emptied ON policies_{}",
        "ALTER TABLE policies_{} RENAME TO gone",
    ],
)
def test_the_site_does_not_own_the_tables(version, table, statement):
    assert refused(statement.format(table)) == NO_PRIVILEGE


@pytest.mark.parametrize(
    "statement",
    [
        "DROP FUNCTION policies_refuse_change_of_published() CASCADE",
        "CREATE OR REPLACE FUNCTION policies_refuse_truncate() RETURNS trigger LANGUAGE sql AS ''",
        "SET session_replication_role = replica",
        "SET ROLE {owner}",
        "SET SESSION AUTHORIZATION {owner}",
        "COMMENT ON DATABASE {database} IS 'a test database: may be emptied'",
    ],
)
def test_the_site_does_not_become_the_owner(version, statement):
    owner, site = connections["owner"].settings_dict, connection.settings_dict

    outcome = refused(statement.format(owner=owner["USER"], database=site["NAME"]))

    assert outcome == NO_PRIVILEGE


def test_the_site_grants_itself_nothing(version):
    site = connection.settings_dict["USER"]
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT ALL ON policies_publication TO {site}")  # only warns

    assert refused("DELETE FROM policies_publication") == NO_PRIVILEGE


# Controls: without the trigger the same attack succeeds

CONTENT = "text of a version"


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


def a_published_version(cursor):
    cursor.execute(
        "INSERT INTO policies_bulletin (number, title, category, effective_basis)"
        " VALUES ('control', 'Control', '', 'receipt') RETURNING id"
    )
    (bulletin,) = cursor.fetchone()
    cursor.execute(
        "INSERT INTO policies_version (bulletin_id, ordinal, status, origin, title,"
        " lines_of_business, jurisdictions, change_note, legends, not_understood, content,"
        " content_hash, source_name, source_bytes, source_sha256, created_at)"
        " VALUES (%s, 1, 'draft', 'import', 'Control', '{}', '{}', '', '{}', '[]', %s, %s, '', '',"
        " '', now()) RETURNING id",
        [bulletin, CONTENT, sha256(CONTENT.encode()).hexdigest()],
    )
    (version,) = cursor.fetchone()
    cursor.execute(
        "INSERT INTO policies_reference (version_id, position, text) VALUES (%s, 1, 'Kept.')",
        [version],
    )
    for status in ("approved", "published"):
        cursor.execute("UPDATE policies_version SET status = %s WHERE id = %s", [status, version])
    cursor.execute(
        "INSERT INTO policies_publication (version_id, bulletin_id, effective_from, end_reason,"
        " published_at) VALUES (%s, %s, '2026-01-01', '', now())",
        [version, bulletin],
    )
    return version


@pytest.mark.parametrize(
    ("table", "trigger", "attack"),
    [
        ("version", FROZEN, "UPDATE policies_version SET title = 'Other' WHERE id = %s"),
        ("version", FROZEN, "UPDATE policies_version SET status = 'draft' WHERE id = %s"),
        ("reference", FROZEN, "UPDATE policies_reference SET text = 'x' WHERE version_id = %s"),
        ("reference", FROZEN, "DELETE FROM policies_reference WHERE version_id = %s"),
        (
            "publication",
            "a_publication_never_changes",
            "UPDATE policies_publication SET effective_from = '2020-01-01' WHERE version_id = %s",
        ),
    ],
)
def test_control_without_its_trigger_the_attack_succeeds(owner, table, trigger, attack):
    version = a_published_version(owner)
    owner.execute("SAVEPOINT before")
    with pytest.raises(errors.IntegrityError):  # even for the owner
        owner.execute(attack, [version])
    owner.execute("ROLLBACK TO before")

    owner.execute(f"DROP TRIGGER {trigger} ON policies_{table}")
    owner.execute(attack, [version])

    assert owner.rowcount == 1


def test_control_without_its_trigger_a_part_is_added(owner):
    version = a_published_version(owner)
    attack = "INSERT INTO policies_reference (version_id, position, text) VALUES (%s, 2, 'New.')"
    owner.execute("SAVEPOINT before")
    with pytest.raises(errors.IntegrityError):
        owner.execute(attack, [version])
    owner.execute("ROLLBACK TO before")

    owner.execute("DROP TRIGGER a_published_version_gains_nothing ON policies_reference")
    owner.execute(attack, [version])

    assert owner.rowcount == 1


def test_control_outside_a_test_database_nothing_is_emptied(owner):
    owner.execute("SAVEPOINT before")
    owner.execute("TRUNCATE policies_reference")
    owner.execute("ROLLBACK TO before")
    (name,) = owner.execute("SELECT quote_ident(current_database())").fetchone()

    owner.execute(f"COMMENT ON DATABASE {name} IS NULL")

    with pytest.raises(errors.IntegrityError) as error:
        owner.execute("TRUNCATE policies_reference")
    assert error.value.diag.constraint_name == "evidence_is_never_emptied"
