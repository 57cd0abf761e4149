"""By which day versions are chosen changes only by two people, whatever SQL the site sends.

The controls at the end take a trigger away, as the owner, and then see the same attack succeed.
"""

from importlib import import_module

import pytest
from django.db import connection

from policies.effective_bases import approve_basis, line_bases, propose_basis
from policies.models import BasisChange, Bulletin
from tests.policies.gates import (
    NO_PRIVILEGE,
    a_person,
    a_published_version,
    one,
    refused,
    refused_to_owner,
)
from tests.policies.library import AT, attempt, draft, published

TWO_PEOPLE = "a_basis_in_force_takes_two_people"
DECIDED_ONCE = "a_change_of_basis_is_decided_once"
OF_BULLETIN = "UPDATE policies_bulletin SET effective_basis = 'receipt' WHERE id = %s"
EVERY_BULLETIN = "UPDATE policies_bulletin SET effective_basis = 'receipt'"
OF_LINE = "INSERT INTO policies_linebasis (line_of_business, basis) VALUES ('medicaid', 'receipt')"


@pytest.fixture
def bulletin(db):
    return published().bulletin


@pytest.fixture
def proposal(ann):
    """Medicaid by receipt: open."""
    return propose_basis(
        line_of_business="medicaid", basis="receipt", reason="The contract.", by=ann, at=AT
    )


@pytest.fixture
def in_force(proposal, ben):
    """Medicaid by receipt: approved."""
    return approve_basis(change=proposal, by=ben, at=AT)


# What is in force


def test_a_published_bulletin_keeps_its_basis(bulletin):
    assert refused(OF_BULLETIN, bulletin.pk) == TWO_PEOPLE


def test_a_bulletin_of_drafts_may_still_choose(db):
    bulletin = draft().bulletin

    with connection.cursor() as cursor:
        attempt(cursor, OF_BULLETIN, [bulletin.pk])

    assert Bulletin.objects.get().effective_basis == "receipt"


def test_a_line_of_business_keeps_its_basis(db):
    assert refused(OF_LINE) == TWO_PEOPLE


@pytest.mark.parametrize(
    "change",
    ["basis = 'processing'", "line_of_business = 'marketplace'"],
)
def test_a_written_basis_is_not_rewritten(in_force, change):
    assert refused(f"UPDATE policies_linebasis SET {change}") == TWO_PEOPLE


def test_a_written_basis_is_not_deleted(in_force):
    assert refused("DELETE FROM policies_linebasis") == NO_PRIVILEGE


def test_a_proposal_alone_moves_nothing(proposal, bulletin, ann):
    propose_basis(bulletin=bulletin, basis="receipt", reason="The contract.", by=ann, at=AT)

    assert refused(OF_LINE) == TWO_PEOPLE
    assert refused(OF_BULLETIN, bulletin.pk) == TWO_PEOPLE


def test_what_was_approved_earlier_is_not_brought_back(in_force, ann, ben):
    later = propose_basis(
        line_of_business="medicaid", basis="processing", reason="New.", by=ann, at=AT
    )
    approve_basis(change=later, by=ben, at=AT)

    assert refused("UPDATE policies_linebasis SET basis = 'receipt'") == TWO_PEOPLE
    assert line_bases()["medicaid"] == "processing"


BENEATH_A_TRIGGER = [
    "CREATE TEMP TABLE lever (id int)",
    "CREATE FUNCTION pg_temp.pull() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {}; END $$",
    "CREATE TRIGGER pulled AFTER INSERT ON lever FOR EACH ROW EXECUTE FUNCTION pg_temp.pull()",
]


@pytest.mark.parametrize("attack", [OF_BULLETIN, OF_LINE])
def test_a_trigger_on_a_temporary_table_is_no_second_person(bulletin, attack):
    with connection.cursor() as cursor:
        for statement in BENEATH_A_TRIGGER:
            cursor.execute(
                statement.format(f"{attack}; RETURN NULL".replace("%s", str(bulletin.pk)))
            )

    assert refused("INSERT INTO pg_temp.lever VALUES (1)") == TWO_PEOPLE


def test_a_temporary_table_does_not_pass_for_the_proposals(bulletin):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE policies_basischange AS SELECT 1 AS id, true AS is_approved,"
            f" {bulletin.pk} AS bulletin_id, 'medicaid' AS line_of_business, 'receipt' AS basis"
        )

    assert refused(OF_BULLETIN, bulletin.pk) == TWO_PEOPLE
    assert refused(OF_LINE) == TWO_PEOPLE


# Proposals


INSERT = (
    "INSERT INTO policies_basischange (bulletin_id, line_of_business, basis, reason,"
    " proposed_by_id, proposed_at, decided_by_id, decided_at, is_approved)"
)


@pytest.mark.parametrize("is_approved", ["true", "false"])
def test_a_proposal_is_not_born_decided(ann, ben, is_approved):
    statement = f"{INSERT} VALUES (NULL, 'medicaid', 'receipt', 'So.', %s, now(), %s, now(), %s)"

    assert refused(statement, ann.pk, ben.pk, is_approved) == DECIDED_ONCE


@pytest.mark.parametrize(
    ("values", "met"),
    [
        ("NULL, '', 'receipt', 'So.'", "a_basis_is_changed_for_a_bulletin_or_a_line"),
        ("NULL, 'medicaid', '', 'So.'", "a_line_of_business_goes_by_some_day"),
        ("NULL, 'medicaid', 'receipt', ''", "a_change_of_basis_has_a_reason"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused(ann, values, met):
    statement = f"{INSERT} VALUES ({values}, %s, now(), NULL, NULL, NULL)"

    assert refused(statement, ann.pk) == met


def test_a_proposal_is_not_for_a_bulletin_and_a_line(ann, bulletin):
    statement = f"{INSERT} VALUES (%s, 'medicaid', 'receipt', 'So.', %s, now(), NULL, NULL, NULL)"

    met = refused(statement, bulletin.pk, ann.pk)

    assert met == "a_basis_is_changed_for_a_bulletin_or_a_line"


def test_one_proposal_is_open_at_a_time(proposal, ben):
    statement = (
        f"{INSERT} VALUES (NULL, 'medicaid', 'processing', 'So.', %s, now(), NULL, NULL, NULL)"
    )

    assert refused(statement, ben.pk) == "one_open_change_of_basis"


DECIDE = (
    "UPDATE policies_basischange SET is_approved = true, decided_by_id = {}, decided_at = now()"
)


def test_nobody_approves_an_own_proposal(proposal):
    met = refused(DECIDE.format("proposed_by_id"))

    assert met == "nobody_approves_an_own_change_of_basis"
    assert line_bases()["medicaid"] == "date_of_service"


@pytest.mark.parametrize(
    "change",
    [
        "basis = 'processing'",
        "reason = 'Other.'",
        "line_of_business = 'marketplace'",
        "proposed_at = now()",
        "id = id + 1000",
        "is_approved = true",
    ],
)
def test_an_open_proposal_is_not_rewritten(proposal, change):
    assert refused(f"UPDATE policies_basischange SET {change}") == DECIDED_ONCE


@pytest.mark.parametrize(
    "change",
    ["basis = 'processing'", "reason = 'Other.'", "proposed_by_id = proposed_by_id + 1000"],
)
def test_a_proposal_is_not_rewritten_while_it_is_decided(proposal, ben, change):
    assert refused(f"{DECIDE.format(ben.pk)}, {change}") == DECIDED_ONCE


@pytest.mark.parametrize("part", ["decided_by_id = NULL", "is_approved = NULL"])
def test_a_decision_is_whole(proposal, ben, part):
    decided = {"decided_by_id = NULL": "is_approved = true", "is_approved = NULL":
               f"decided_by_id = {ben.pk}"}[part]  # fmt: skip
    statement = f"UPDATE policies_basischange SET decided_at = now(), {decided}"

    assert refused(statement) == "a_decision_on_a_basis_is_whole"


@pytest.mark.parametrize(
    "change",
    ["is_approved = false", "decided_at = NULL, decided_by_id = NULL, is_approved = NULL",
     "basis = 'processing'", "decided_at = now()"],
)  # fmt: skip
def test_a_decided_proposal_stays(in_force, change):
    assert refused(f"UPDATE policies_basischange SET {change}") == DECIDED_ONCE


def test_a_proposal_is_not_deleted(proposal):
    assert refused("DELETE FROM policies_basischange") == NO_PRIVILEGE


# The whole way


def test_two_people_change_a_basis_by_sql_as_by_the_verbs(proposal, bulletin, ann, ben):
    propose_basis(bulletin=bulletin, basis="processing", reason="So.", by=ann, at=AT)

    with connection.cursor() as cursor:
        attempt(cursor, DECIDE.format(ben.pk))

    assert line_bases()["medicaid"] == "receipt"
    assert Bulletin.objects.get().effective_basis == "processing"


def test_a_declined_proposal_moves_nothing(proposal, ben):
    with connection.cursor() as cursor:
        attempt(cursor, DECIDE.format(ben.pk).replace("true", "false"))

    assert line_bases()["medicaid"] == "date_of_service"
    assert BasisChange.objects.get().is_approved is False


# Controls: without the trigger the same attack succeeds


@pytest.mark.parametrize(
    ("table", "attack"),
    [
        ("bulletin", EVERY_BULLETIN),
        ("linebasis", OF_LINE),
    ],
)
def test_control_without_its_trigger_one_person_changes_a_basis(owner, table, attack):
    a_published_version(owner)
    assert refused_to_owner(owner, attack) == TWO_PEOPLE

    owner.execute(f"DROP TRIGGER {TWO_PEOPLE} ON policies_{table}")
    owner.execute(attack)

    assert owner.rowcount >= 1


def test_control_by_the_depth_of_triggers_alone_a_temporary_table_is_a_second_person(owner):
    a_published_version(owner)
    for statement in BENEATH_A_TRIGGER:
        owner.execute(statement.format(f"{EVERY_BULLETIN}; RETURN NULL"))
    pull = "INSERT INTO pg_temp.lever VALUES (1)"
    assert refused_to_owner(owner, pull) == TWO_PEOPLE

    later = import_module("policies.migrations.0012_bases_rest_on_approvals_and_mends_on_drafts")
    owner.execute(later.earlier.replaced(later.BEFORE))
    owner.execute(pull)

    assert one(owner, "SELECT effective_basis FROM policies_bulletin") == "receipt"


def a_decided_proposal(cursor):
    ann, ben = a_person(cursor, "ann"), a_person(cursor, "ben")
    cursor.execute(
        f"{INSERT} VALUES (NULL, 'medicaid', 'receipt', 'So.', %s, now(), NULL, NULL, NULL)", [ann]
    )
    cursor.execute(DECIDE.format(ben))


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE policies_basischange SET reason = 'Other.'",
        "UPDATE policies_basischange SET is_approved = false",
        "DELETE FROM policies_basischange",
    ],
)
def test_control_without_its_trigger_a_proposal_is_rewritten(owner, attack):
    a_decided_proposal(owner)
    assert refused_to_owner(owner, attack) == DECIDED_ONCE

    owner.execute(f"DROP TRIGGER {DECIDED_ONCE} ON policies_basischange")
    owner.execute(attack)

    assert owner.rowcount >= 1


def test_control_without_its_trigger_an_approval_changes_nothing(owner):
    owner.execute("DROP TRIGGER an_approved_change_of_basis_is_carried_out ON policies_basischange")
    a_decided_proposal(owner)

    assert one(owner, "SELECT count(*) FROM policies_linebasis") == 0
