"""Rows of the authorization list against plain SQL by the site's role; the controls, as the owner,
take the gate away and see the same statement pass."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from policies.models import AuthorizationRule
from tests.policies.authorization_rows import kept
from tests.policies.gates import NO_PRIVILEGE, refused, refused_to_owner
from tests.policies.library import attempt

pytestmark = pytest.mark.django_db
NEVER = "an_authorization_rule_is_never_rewritten"
RULE = "policies_authorizationrule"
LIST = "policies_authorizationlist"
CHANGES = {
    "system": "'HCPCS'", "low": "'1'", "high": "'9'", "lower": "'1'", "upper": "'99999'",
    "requirement": "'not_required'", "line_of_business": "'medicaid'", "plan": "'Oak'",
    "state": "'TX'", "valid_from": "'2020-01-01'", "note": "'Mine.'", "id": "id + 1000",
}  # fmt: skip


@pytest.mark.parametrize("column", CHANGES)
def test_no_column_is_rewritten(column):
    kept("97545", "notification", "97546")

    assert refused(f"UPDATE {RULE} SET {column} = {CHANGES[column]}") == NEVER


def test_every_column_but_the_end_and_the_source_is_tried():
    fields = {one.column for one in AuthorizationRule._meta.concrete_fields}

    assert fields - {"valid_to", "source_id"} == set(CHANGES)


def test_a_row_keeps_its_source():
    kept("97545", "notification")
    other = kept("97546", "notification", source="Another").source_id

    assert refused(f"UPDATE {RULE} SET source_id = %s", other) == NEVER


def test_an_end_is_written_and_brought_forward_and_never_put_off():
    kept("97545", "notification")
    with connection.cursor() as cursor:
        attempt(cursor, f"UPDATE {RULE} SET valid_to = '2026-12-31'")
        attempt(cursor, f"UPDATE {RULE} SET valid_to = '2026-06-30'")

    for end in ["'2026-06-30'", "'2026-07-01'", "NULL"]:
        assert refused(f"UPDATE {RULE} SET valid_to = {end}") == NEVER
    assert AuthorizationRule.objects.get().valid_to == date(2026, 6, 30)


def test_nothing_else_slips_by_with_an_end():
    kept("97545", "notification")

    statement = f"UPDATE {RULE} SET valid_to = '2026-12-31', requirement = 'not_required'"

    assert refused(statement) == NEVER


def test_a_row_that_is_not_to_begin_ends_on_the_day_before_and_no_sooner():
    rule = kept("97545", "notification")

    ended = "an_authorization_rule_ends_after_it_begins"
    assert refused(f"UPDATE {RULE} SET valid_to = '2025-12-30'") == ended
    with connection.cursor() as cursor:
        attempt(cursor, f"UPDATE {RULE} SET valid_to = '2025-12-31'")

    rule.refresh_from_db()
    assert rule.is_withdrawn
    assert not AuthorizationRule.objects.in_force(date(2025, 12, 31)).exists()
    assert not AuthorizationRule.objects.in_force(date(2026, 1, 1)).exists()


def test_a_withdrawn_row_makes_room_for_another_of_the_same_day():
    kept("97545", "notification", valid_to=date(2025, 12, 31))
    kept("97545", "prior_authorization")

    with pytest.raises(IntegrityError, match="begins_once_a_day"), transaction.atomic():
        kept("97545", "not_required")


@pytest.mark.parametrize("table", [RULE, LIST])
def test_the_site_has_no_grant_to_delete_or_empty(table):
    kept("97545", "notification")

    assert refused(f"DELETE FROM {table}") == NO_PRIVILEGE
    assert refused(f"TRUNCATE {table} CASCADE") == NO_PRIVILEGE


def test_a_source_is_never_rewritten():
    kept("97545", "notification")

    assert refused(f"UPDATE {LIST} SET name = 'Other'") == "evidence_is_written_once"


# The owner meets the triggers too; without them the same statements pass.


def a_row(cursor):
    cursor.execute(f"INSERT INTO {LIST} (name, file_name, sha256, entered_at)"
                   " VALUES ('Control', '', '', now()) RETURNING id")  # fmt: skip
    cursor.execute(
        f"INSERT INTO {RULE} (source_id, system, low, high, lower, upper, requirement,"
        " line_of_business, plan, state, valid_from, note)"
        " VALUES (%s, 'CPT', '1', '1', '1', '1', 'notification', '', '', '', '2026-01-01', '')",
        cursor.fetchone(),
    )
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


ATTACKS = {
    (RULE, NEVER): [f"UPDATE {RULE} SET requirement = 'not_required'", f"DELETE FROM {RULE}"],
    (LIST, "evidence_is_written_once"): [f"UPDATE {LIST} SET name = 'Other'"],
}


@pytest.mark.parametrize(("gate", "attacks"), ATTACKS.items(), ids=[one for _, one in ATTACKS])
def test_the_trigger_alone_refuses_it_to_the_owner(gate, attacks, owner):
    table, name = gate
    a_row(owner)

    assert [refused_to_owner(owner, one) for one in attacks] == [name] * len(attacks)

    owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    for one in attacks:
        owner.execute(one)
        assert owner.rowcount >= 1
