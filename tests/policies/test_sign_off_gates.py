"""A sign-off is for the very text that was submitted: an edit takes it back, by any door.

Every attack is plain SQL under the site's login. The controls take the trigger away, as the owner,
and then see the sign-off outlive the edit.
"""

from datetime import date

import pytest
from django.db import connection, transaction

from policies.drafting.edits import note_edit
from policies.models import Version
from policies.publishing import approve, submit
from tests.policies.gates import (
    FROZEN,
    TABLES,
    a_person,
    an_approved_version,
    copy_of,
    one,
    refused,
    refused_to_owner,
)
from tests.policies.library import AT, attempt, draft, lamps, published

STATES = ["in_review", "approved"]
WITHDRAWN = ("draft", None, None)


@pytest.fixture(params=STATES)
def waiting(request, ann, ben):
    """A version that waits for approval, or for publication."""
    version = submit(version=draft(author=ann), by=ann, at=AT)
    return approve(version=version, by=ben, at=AT) if request.param == "approved" else version


@pytest.fixture
def approved(ann, ben):
    return approve(version=submit(version=draft(author=ann), by=ann, at=AT), by=ben, at=AT)


def sign_off_of(version):
    return Version.objects.values_list("status", "approver", "approved_at").get(pk=version.pk)


def after(version, attack):
    """The sign-off that an attack leaves; the attack itself is taken back."""
    with transaction.atomic(), connection.cursor() as cursor:
        attack(cursor)
        left = sign_off_of(version)
        transaction.set_rollback(True)
    return left


def after_sql(version, statement):
    return after(version, lambda cursor: cursor.execute(statement, [version.pk]))


def added(table):
    anchor = {"anchor": "'added'"} if hasattr(TABLES[table], "anchor") else {}
    return copy_of(table, position="9999", **anchor)


# An edit, by any door


@pytest.mark.parametrize(
    "change",
    [
        "title = 'Other'",
        "change_note = 'Other.'",
        "lines_of_business = '{medicaid}'",
        "jurisdictions = '{TX}'",
        "last_review = '2020-01-01'",
        "next_review = '2030-01-01'",
        "effective_stated = '2020-01-01'",
        "notice_days = 0",
        "legends = '{Other}'",
        "not_understood = '[1]'",
        "content = 'x', content_hash = encode(sha256('x'), 'hex')",
        "source_bytes = 'other'",
        "source_name = 'other'",
        "ordinal = 9",
        "title = 'Other', approver_id = NULL",
    ],
)
def test_a_change_of_a_column_takes_the_sign_off_back(waiting, change):
    assert after_sql(waiting, f"UPDATE policies_version SET {change} WHERE id = %s") == WITHDRAWN


@pytest.mark.parametrize("table", TABLES)
def test_a_change_of_a_part_takes_the_sign_off_back(waiting, table):
    statement = f"UPDATE policies_{table} SET position = position + 1000 WHERE version_id = %s"

    assert after_sql(waiting, statement) == WITHDRAWN


@pytest.mark.parametrize("table", TABLES)
def test_an_added_part_takes_the_sign_off_back(waiting, table):
    assert after_sql(waiting, added(table)) == WITHDRAWN


@pytest.mark.parametrize("table", TABLES)
def test_a_deleted_part_takes_the_sign_off_back(waiting, table):
    statement = f"DELETE FROM policies_{table} WHERE version_id = %s"

    assert after_sql(waiting, statement) == WITHDRAWN


@pytest.mark.parametrize("table", TABLES)
def test_a_copied_part_takes_the_sign_off_back(waiting, table):
    names, _, chosen = added(table).partition(" SELECT ")
    columns = names.partition(" (")[2]

    def attack(cursor):
        cursor.execute(f"SELECT {chosen}", [waiting.pk])
        row = cursor.fetchone()
        with cursor.copy(f"COPY policies_{table} ({columns} FROM STDIN") as copy:
            copy.write_row(row)

    assert after(waiting, attack) == WITHDRAWN


@pytest.mark.parametrize("table", TABLES)
def test_a_part_of_another_draft_moved_under_it_takes_the_sign_off_back(waiting, table):
    other = draft(lamps(number="0910"))

    def attack(cursor):
        cursor.execute(
            f"UPDATE policies_{table} SET version_id = %s, position = position + 1000"
            + (", anchor = 'moved-' || id" if hasattr(TABLES[table], "anchor") else "")
            + " WHERE version_id = %s",
            [waiting.pk, other.pk],
        )

    assert after(waiting, attack) == WITHDRAWN


def test_a_mend_takes_the_sign_off_back(waiting, ann):
    statement = (
        "INSERT INTO policies_mend (version_id, line, before, after, is_set_aside, reason, by_id,"
        f" at) VALUES (%s, 1, '', 'Other.', false, 'Typed.', {ann.pk}, now())"
    )

    assert after_sql(waiting, statement) == WITHDRAWN


def test_a_note_of_an_edit_takes_the_sign_off_back(waiting, ann):
    def attack(cursor):
        note_edit(version=waiting, what="Wrote.", by=ann, at=AT)

    assert after(waiting, attack) == WITHDRAWN


def test_what_changes_nothing_takes_nothing_back(approved):
    unchanged = sign_off_of(approved)

    assert after_sql(approved, "UPDATE policies_version SET title = title WHERE id = %s") == (
        unchanged
    )


# Past the second person


@pytest.mark.parametrize("change", ["title = 'Other'", "jurisdictions = '{TX}'", "notice_days = 1"])
def test_no_statement_edits_and_publishes_at_once(approved, change):
    statement = f"UPDATE policies_version SET status = 'published', {change} WHERE id = %s"

    assert refused(statement, approved.pk) == "a_version_goes_on_as_it_was_submitted"


def test_no_statement_edits_and_approves_at_once(ann, ben):
    version = submit(version=draft(author=ann), by=ann, at=AT)
    statement = (
        "UPDATE policies_version SET status = 'approved', title = 'Other', approved_at = now(),"
        " approver_id = %s WHERE id = %s"
    )

    assert refused(statement, ben.pk, version.pk) == "a_version_goes_on_as_it_was_submitted"


@pytest.mark.parametrize("change", ["approver_id = author_id + 1000", "approved_at = now()"])
def test_an_approval_is_not_rewritten(approved, change):
    statement = f"UPDATE policies_version SET {change} WHERE id = %s"

    assert refused(statement, approved.pk) == "an_approval_is_not_rewritten"


def test_a_draft_is_not_approved_past_its_submission(ann, ben):
    version = draft(author=ann)
    statement = (
        "UPDATE policies_version SET status = 'approved', approver_id = %s, approved_at = now()"
        " WHERE id = %s"
    )

    assert refused(statement, ben.pk, version.pk) == "only_a_submitted_version_is_approved"


def test_what_waits_is_not_published_past_its_approval(ann):
    version = submit(version=draft(author=ann), by=ann, at=AT)
    statement = "UPDATE policies_version SET status = 'published' WHERE id = %s"

    assert refused(statement, version.pk) == "only_an_approved_version_is_published"


def test_a_version_is_not_submitted_without_a_change_note(ann):
    version = draft(author=ann, change_note="")
    statement = "UPDATE policies_version SET status = 'in_review' WHERE id = %s"

    assert refused(statement, version.pk) == "a_submitted_version_says_what_changed"


APPROVE = (
    "UPDATE policies_version SET status = 'approved', approver_id = %s, approved_at = now()"
    " WHERE id = %s"
)


def test_whoever_wrote_into_it_does_not_approve(ann, ben):
    version = draft(author=ann)
    note_edit(version=version, what="Wrote.", by=ben, at=AT)
    submit(version=version, by=ann, at=AT)

    assert refused(APPROVE, ben.pk, version.pk) == "nobody_approves_what_they_wrote_into"
    assert refused(APPROVE, ann.pk, version.pk) == "an_approver_is_not_the_author"


def test_an_own_edit_is_not_taken_away_to_approve(ann, ben):
    version = draft(author=ann)
    note_edit(version=version, what="Wrote.", by=ben, at=AT)

    assert refused("DELETE FROM policies_edit WHERE by_id = %s", ben.pk) == "42501"
    assert refused("UPDATE policies_edit SET by_id = %s", ann.pk) == "42501"


# What is published gains nothing


def test_a_published_version_gains_no_mend(ann):
    version = published()
    statement = (
        "INSERT INTO policies_mend (version_id, line, before, after, is_set_aside, reason, by_id,"
        " at) VALUES (%s, 1, '', 'Other.', false, 'Typed.', %s, now())"
    )

    assert refused(statement, version.pk, ann.pk) == FROZEN


def test_a_published_version_gains_no_edit(ann):
    version = published()
    statement = "INSERT INTO policies_edit (version_id, by_id, at, what) VALUES (%s, %s, now(), '')"

    assert refused(statement, version.pk, ann.pk) == FROZEN


@pytest.mark.parametrize(
    "change", ["notice_days = 30", "change_note = 'Other.'", "author_id = NULL"]
)
def test_a_published_version_keeps_what_a_draft_may_change(db, change):
    version = published()

    assert refused(f"UPDATE policies_version SET {change} WHERE id = %s", version.pk) == FROZEN


# Notice


NOTICE = (
    "INSERT INTO policies_publication (version_id, bulletin_id, effective_from, end_reason,"
    " published_at) VALUES (%s, %s, %s, '', '2026-03-02T15:00Z')"
)


@pytest.mark.parametrize("start", [date(2026, 3, 30), date(2020, 1, 1), None])
def test_no_statement_publishes_before_the_notice_is_over(ann, ben, start):
    version = draft(author=ann)
    Version.objects.filter(pk=version.pk).update(notice_days=30)
    approve(version=submit(version=version, by=ann, at=AT), by=ben, at=AT)
    Version.objects.filter(pk=version.pk).update(status="published")

    met = refused(NOTICE, version.pk, version.bulletin_id, start)

    assert met == "a_version_takes_effect_after_its_notice"


def test_a_statement_may_publish_when_the_notice_is_over(ann, ben):
    version = draft(author=ann)
    Version.objects.filter(pk=version.pk).update(notice_days=30)
    approve(version=submit(version=version, by=ann, at=AT), by=ben, at=AT)
    Version.objects.filter(pk=version.pk).update(status="published")

    with connection.cursor() as cursor:
        attempt(cursor, NOTICE, [version.pk, version.bulletin_id, date(2026, 4, 1)])

    assert Version.objects.get().publication.effective_from == date(2026, 4, 1)


# Controls: without the trigger the sign-off outlives the edit, and so on


EDIT = (
    "INSERT INTO policies_edit (version_id, by_id, at, what) SELECT id, author_id, now(), ''"
    " FROM policies_version WHERE id = %s"
)
STATUS = "SELECT status FROM policies_version WHERE id = %s"


@pytest.mark.parametrize(
    ("table", "trigger", "edit"),
    [
        ("version", FROZEN, "UPDATE policies_version SET title = 'Other' WHERE id = %s"),
        ("reference", FROZEN, "UPDATE policies_reference SET text = 'x' WHERE version_id = %s"),
        ("reference", FROZEN, "DELETE FROM policies_reference WHERE version_id = %s"),
        (
            "reference",
            "a_published_version_gains_nothing",
            "INSERT INTO policies_reference (version_id, position, text) VALUES (%s, 2, 'New.')",
        ),
        (
            "edit",
            "a_published_version_gains_nothing",
            EDIT,
        ),
    ],
)
def test_control_without_its_trigger_the_sign_off_outlives_the_edit(owner, table, trigger, edit):
    version = an_approved_version(owner)
    owner.execute("SAVEPOINT before")
    owner.execute(edit, [version])
    assert one(owner, STATUS, version) == "draft"
    owner.execute("ROLLBACK TO before")

    owner.execute(f"DROP TRIGGER {trigger} ON policies_{table}")
    owner.execute(edit, [version])

    assert one(owner, STATUS, version) == "approved"


@pytest.mark.parametrize(
    ("change", "met"),
    [
        ("status = 'published', title = 'Other'", "a_version_goes_on_as_it_was_submitted"),
        ("approved_at = '2020-01-01'", "an_approval_is_not_rewritten"),
    ],
)
def test_control_without_its_trigger_an_approval_is_rewritten(owner, change, met):
    version = an_approved_version(owner)
    attack = f"UPDATE policies_version SET {change} WHERE id = %s"
    assert refused_to_owner(owner, attack, version) == met

    owner.execute(f"DROP TRIGGER {FROZEN} ON policies_version")
    owner.execute(attack, [version])

    assert owner.rowcount >= 1


def test_control_without_its_trigger_an_editor_approves(owner):
    version = an_approved_version(owner)
    editor = a_person(owner, "cal")
    owner.execute("UPDATE policies_version SET title = 'Other' WHERE id = %s", [version])
    owner.execute(
        "INSERT INTO policies_edit (version_id, by_id, at, what) VALUES (%s, %s, now(), '')",
        [version, editor],
    )
    owner.execute("UPDATE policies_version SET status = 'in_review' WHERE id = %s", [version])
    met = refused_to_owner(owner, APPROVE, editor, version)
    assert met == "nobody_approves_what_they_wrote_into"

    owner.execute(f"DROP TRIGGER {FROZEN} ON policies_version")
    owner.execute(APPROVE, [editor, version])

    assert one(owner, STATUS, version) == "approved"


def test_control_without_its_trigger_no_notice_is_needed(owner):
    version = an_approved_version(owner)
    owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
    owner.execute(f"ALTER TABLE policies_version DISABLE TRIGGER {FROZEN}")
    owner.execute(
        "UPDATE policies_version SET notice_days = 30, status = 'published' WHERE id = %s",
        [version],
    )
    bulletin = one(owner, "SELECT bulletin_id FROM policies_version WHERE id = %s", version)
    attack = (NOTICE, version, bulletin, date(2026, 3, 2))
    assert refused_to_owner(owner, *attack) == "a_version_takes_effect_after_its_notice"

    owner.execute("DROP TRIGGER a_version_takes_effect_after_its_notice ON policies_publication")
    owner.execute(attack[0], attack[1:])

    assert owner.rowcount >= 1
