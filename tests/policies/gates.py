"""Attacks on the library in plain SQL, by the site; and as the owner, for the controls."""

from hashlib import sha256

import psycopg
import pytest
from django.db import DatabaseError, connection

from policies.models import CodeGroup, CodeRow, CodeSpan, Criterion, Passage, Reference, Section
from tests.policies.library import attempt, refusal

FROZEN = "a_published_version_never_changes"
NO_PRIVILEGE = "42501"
RANGE_UPSIDE_DOWN = "22000"  # Postgres refuses to make such a range
TABLES = {
    "section": Section, "passage": Passage, "reference": Reference, "criterion": Criterion,
    "codegroup": CodeGroup, "coderow": CodeRow, "codespan": CodeSpan,
}  # fmt: skip
CONTENT = "text of a version"


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


def a_person(cursor, name):
    """As the owner: someone who may be named in a row."""
    cursor.execute(
        "INSERT INTO auth_user (username, password, first_name, last_name, email, is_superuser,"
        " is_staff, is_active, date_joined) VALUES (%s, '', '', '', '', false, false, true, now())"
        " RETURNING id",
        [name],
    )
    return cursor.fetchone()[0]


def a_draft(cursor, number="control", origin="import", author=None):
    """As the owner: a draft with one part, and its bulletin."""
    cursor.execute(
        "INSERT INTO policies_bulletin (number, title, category, effective_basis)"
        " VALUES (%s, 'Control', '', '') RETURNING id",
        [number],
    )
    (bulletin,) = cursor.fetchone()
    cursor.execute(
        "INSERT INTO policies_version (bulletin_id, ordinal, status, origin, title, author_id,"
        " lines_of_business, jurisdictions, change_note, legends, not_understood, content,"
        " content_hash, source_name, source_bytes, source_sha256, created_at)"
        " VALUES (%s, 1, 'draft', %s, 'Control', %s, '{}', '{}', 'New.', '{}', '[]', %s, %s, '',"
        " '', '', now()) RETURNING id",
        [bulletin, origin, author, CONTENT, sha256(CONTENT.encode()).hexdigest()],
    )
    (version,) = cursor.fetchone()
    cursor.execute(
        "INSERT INTO policies_reference (version_id, position, text) VALUES (%s, 1, 'Kept.')",
        [version],
    )
    return version


def an_approved_version(cursor):
    """As the owner: written by one person and approved by another."""
    version = a_draft(cursor, origin="library", author=a_person(cursor, "ann"))
    cursor.execute("UPDATE policies_version SET status = 'in_review' WHERE id = %s", [version])
    cursor.execute(
        "UPDATE policies_version SET status = 'approved', approver_id = %s, approved_at = now()"
        " WHERE id = %s",
        [a_person(cursor, "ben"), version],
    )
    return version


def a_published_version(cursor, number="control"):
    """As the owner: in effect from 2026-01-01."""
    version = a_draft(cursor, number)
    for status in ("approved", "published"):
        cursor.execute("UPDATE policies_version SET status = %s WHERE id = %s", [status, version])
    cursor.execute(
        "INSERT INTO policies_publication (version_id, bulletin_id, effective_from, end_reason,"
        " published_at) SELECT id, bulletin_id, '2026-01-01', '', now() FROM policies_version"
        " WHERE id = %s",
        [version],
    )
    return version


def one(cursor, question, *parameters):
    """The one value that a question is answered with."""
    return cursor.execute(question, parameters).fetchone()[0]


def refused_to_owner(cursor, statement, *parameters):
    """The name of the constraint that met a statement, of which nothing stays."""
    cursor.execute("SAVEPOINT before")
    with pytest.raises(psycopg.IntegrityError) as error:
        cursor.execute(statement, parameters)
    cursor.execute("ROLLBACK TO before")
    return error.value.diag.constraint_name
