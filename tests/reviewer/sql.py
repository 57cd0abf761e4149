"""Rows in plain SQL, for attacks that go around models and workflow."""

from contextlib import contextmanager

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction


def row(cursor, table, pk, **changes):
    """The columns of a row but its id, with some of them changed."""
    cursor.execute(f"SELECT * FROM {table} WHERE id = %s", [pk])
    names = [column.name for column in cursor.description]
    facts = dict(zip(names, cursor.fetchone(), strict=True))
    return {name: value for name, value in facts.items() if name != "id"} | changes


def insert(cursor, table, facts):
    names, marks = ", ".join(facts), ", ".join(["%s"] * len(facts))
    cursor.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id", list(facts.values())
    )
    return cursor.fetchone()[0]


def license_of(credential):
    """The columns by which a signature names its license."""
    return {
        "credential_id": credential.pk,
        "credential_kind": credential.kind,
        "credential_from": credential.valid_from,
        "credential_to": credential.valid_to,
    }


@contextmanager
def refused_by(constraint):
    """The block, with what is checked at commit, is refused by this constraint or trigger."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():  # noqa: PT012
        yield
        connection.check_constraints()
    assert caught.value.__cause__.diag.constraint_name == constraint


@contextmanager
def denied():
    """The block is refused for want of a privilege."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)
