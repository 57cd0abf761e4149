"""A published version never changes, whatever the site's role says to the database.

Every attack is plain SQL under the site's login. The controls at the end take a trigger away, as
the owner and in a transaction that is rolled back, and then see the same attack succeed.
"""

from datetime import date

import pytest
from django.db import connection, connections
from psycopg import errors

from policies.publishing import retire, submit
from tests.policies.gates import (
    FROZEN,
    NO_PRIVILEGE,
    RANGE_UPSIDE_DOWN,
    TABLES,
    a_draft,
    a_person,
    a_published_version,
    copy_of,
    one,
    refused,
    refused_to_owner,
)
from tests.policies.library import AT, attempt, draft, lamps, person, published

ALL_TABLES = ["version", "publication", *TABLES, "edit", "mend", "acknowledgment",
              "reclassification", "basischange", "linebasis"]  # fmt: skip


@pytest.fixture
def version(db):
    return published()


@pytest.fixture
def other_draft(version):
    return draft(lamps(limitation="No lamp is covered."), origin="import")


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

    assert owner.rowcount >= 1


def test_control_without_its_trigger_a_part_is_added(owner):
    version = a_published_version(owner)
    attack = "INSERT INTO policies_reference (version_id, position, text) VALUES (%s, 2, 'New.')"
    owner.execute("SAVEPOINT before")
    with pytest.raises(errors.IntegrityError):
        owner.execute(attack, [version])
    owner.execute("ROLLBACK TO before")

    owner.execute("DROP TRIGGER a_published_version_gains_nothing ON policies_reference")
    owner.execute(attack, [version])

    assert owner.rowcount >= 1


def test_control_outside_a_test_database_nothing_is_emptied(owner):
    owner.execute("SAVEPOINT before")
    owner.execute("TRUNCATE policies_reference")
    owner.execute("ROLLBACK TO before")
    (name,) = owner.execute("SELECT quote_ident(current_database())").fetchone()

    owner.execute(f"COMMENT ON DATABASE {name} IS NULL")

    with pytest.raises(errors.IntegrityError) as error:
        owner.execute("TRUNCATE policies_reference")
    assert error.value.diag.constraint_name == "evidence_is_never_emptied"


# Evidence: who wrote, what was mended, read, and classed otherwise


EVIDENCE = {
    "edit": "INSERT INTO policies_edit (version_id, by_id, at, what)"
            " VALUES ({version}, {person}, now(), 'Wrote.')",
    "mend": "INSERT INTO policies_mend (version_id, line, before, after, is_set_aside, reason,"
            " by_id, at) VALUES ({version}, 1, '', 'x', false, 'Typed.', {person}, now())",
    "acknowledgment": "INSERT INTO policies_acknowledgment (reader_id, bulletin_id, version_id, at)"
                      " VALUES ({person}, {bulletin}, {version}, now())",
    "reclassification": "INSERT INTO policies_reclassification (before_id, after_id, key, effect,"
                        " reason, by_id, at) VALUES ({version}, {other}, 'k', 'editorial', 'So.',"
                        " {person}, now())",
}  # fmt: skip
REWRITE = {
    "edit": "what = 'Nothing.'",
    "mend": "after = 'y'",
    "acknowledgment": "at = '2020-01-01'",
    "reclassification": "effect = 'tightened'",
}


def evidence(cursor, table, facts):
    cursor.execute(EVIDENCE[table].format(**facts))


@pytest.fixture
def facts(other_draft, version):
    return {
        "version": other_draft.pk,
        "other": version.pk,
        "bulletin": version.bulletin_id,
        "person": person("ann").pk,
    }


@pytest.mark.parametrize("table", EVIDENCE)
def test_evidence_is_neither_rewritten_nor_deleted(facts, table):
    with connection.cursor() as cursor:
        evidence(cursor, table, facts)

    assert refused(f"UPDATE policies_{table} SET {REWRITE[table]}") == NO_PRIVILEGE
    assert refused(f"DELETE FROM policies_{table}") == NO_PRIVILEGE


@pytest.mark.parametrize(
    ("table", "changed", "met"),
    [
        ("mend", ("'Typed.'", "''"), "a_mend_has_a_reason"),
        ("mend", ("false", "true"), "a_line_set_aside_has_no_other_words"),
        ("reclassification", ("'So.'", "''"), "another_class_has_a_reason"),
        ("reclassification", ("{other}", "{version}"), "a_change_is_between_two_versions"),
    ],
)
def test_evidence_without_its_reason_is_refused(facts, table, changed, met):
    assert refused(EVIDENCE[table].replace(*changed).format(**facts)) == met


def test_a_version_is_acknowledged_once(facts):
    with connection.cursor() as cursor:
        evidence(cursor, "acknowledgment", facts)

    met = refused(EVIDENCE["acknowledgment"].format(**facts))

    assert met == "a_version_is_acknowledged_once"


@pytest.mark.parametrize("table", EVIDENCE)
@pytest.mark.parametrize("attack", ["UPDATE policies_{} SET {}", "DELETE FROM policies_{}"])
def test_control_without_its_trigger_evidence_is_rewritten(owner, table, attack):
    draft_of = a_draft(owner, "one")
    facts = {
        "version": draft_of,
        "other": a_draft(owner, "two"),
        "bulletin": one(owner, "SELECT bulletin_id FROM policies_version WHERE id = %s", draft_of),
        "person": a_person(owner, "ann"),
    }
    evidence(owner, table, facts)
    statement = attack.format(table, REWRITE[table])
    assert refused_to_owner(owner, statement) == "evidence_is_written_once"

    owner.execute(f"DROP TRIGGER evidence_is_written_once ON policies_{table}")
    owner.execute(statement)

    assert owner.rowcount >= 1


# Ends, and what took the place


@pytest.mark.parametrize(
    "change",
    [
        "ended_on = '2026-06-01', end_reason = 'Old.'",  # not when it was written
        "ended_on = '2026-06-01', end_reason = 'Old.', ended_at = now(), successor_id = version_id",
        "ended_on = '2026-06-01', end_reason = 'Old.', ended_at = now(), published_by_id = 1",
        "ended_at = now()",
        "successor_id = version_id",
    ],
)
def test_an_end_is_written_whole(version, change):
    statement = f"UPDATE policies_publication SET {change} WHERE version_id = %s"

    assert refused(statement, version.pk) == "the_end_of_a_version_is_written_once"


def test_what_takes_the_place_is_of_the_same_bulletin(version):
    elsewhere = draft(lamps(number="0908"))
    statement = (
        "UPDATE policies_publication SET ended_on = '2026-06-01', end_reason = 'Old.',"
        " ended_at = now(), successor_id = %s WHERE version_id = %s"
    )

    met = refused(statement, elsewhere.pk, version.pk)

    assert met == "the_end_of_a_version_is_written_once"


@pytest.mark.parametrize(
    "change", ["successor_id = NULL", "ended_by_id = NULL", "ended_at = now()"]
)
def test_what_is_written_of_an_end_stays(version, change):
    published(lamps(limitation="No lamp."), effective_from=date(2026, 7, 1))
    statement = f"UPDATE policies_publication SET {change} WHERE version_id = %s"

    assert refused(statement, version.pk) == "the_end_of_a_version_is_written_once"
