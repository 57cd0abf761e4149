"""A rule changes only by two people, whatever SQL the site sends.

The controls at the end take a trigger away, as the owner, and then see the same attack succeed.
"""

import json

import psycopg
import pytest
from django.db import IntegrityError, connection

from reviewer.models import RuleRow
from tests.reviewer.roles import owner_at_work
from tests.reviewer.sql import denied, refused_by

pytestmark = pytest.mark.django_db
TWO_PEOPLE = "a_rule_takes_two_people"
DECIDED_ONCE = "a_change_of_a_rule_is_decided_once"
TOGETHER = "changes_made_together_are_decided_together"
KEY = "ERISA.PRE.INIT"
WRITE = (
    'INSERT INTO reviewer_rulerow ("table", key, version, row, change_id)'
    " VALUES ('rules', %s, %s, %s, %s)"
)
PROPOSE = (
    'INSERT INTO reviewer_rulechange ("table", key, row, reason, proposed_by_id, proposed_at,'
    " decided_by_id, decided_at, is_approved, together_with_id)"
    " VALUES ('rules', %s, %s, %s, %s, now(), %s, %s, %s, %s) RETURNING id"
)
DECIDE = (
    "UPDATE reviewer_rulechange SET is_approved = {}, decided_by_id = {}, decided_at = now()"
    " WHERE id = {}"
)


def execute(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0] if cursor.description else None


def shorter():
    """The limit's columns with 10 days in place of 15."""
    return json.dumps(RuleRow.objects.get(key=KEY, version=1).row | {"number": "10"})


def propose(by, row, key=KEY, together_with=None):
    return execute(PROPOSE, key, row, "So.", by.user_id, None, None, None, together_with)


@pytest.fixture
def editor(cast):
    return cast.policy_editor


@pytest.fixture
def approver(cast):
    return cast.policy_approver


@pytest.fixture
def proposal(editor):
    """10 days in place of 15: open."""
    return propose(editor, shorter())


@pytest.fixture
def carried_out(proposal, approver):
    execute(DECIDE.format("true", approver.user_id, proposal))
    return proposal


def days_now():
    row = RuleRow.objects.current().filter(key=KEY).first()
    return row and row.row["number"]


# Rows


def test_the_site_ships_no_row(db):
    with refused_by(TWO_PEOPLE):
        execute(WRITE, KEY, 2, shorter(), None)


def test_the_site_adds_no_row_of_its_own(db):
    with refused_by(TWO_PEOPLE):
        execute(WRITE, "OWN.ROW", 1, shorter(), None)


def test_a_proposal_alone_makes_no_row(proposal):
    with refused_by(TWO_PEOPLE):
        execute(WRITE, KEY, 2, shorter(), proposal)


def test_a_declined_proposal_makes_no_row(proposal, approver):
    execute(DECIDE.format("false", approver.user_id, proposal))

    assert days_now() == "15"
    with refused_by(TWO_PEOPLE):
        execute(WRITE, KEY, 2, shorter(), proposal)


def test_an_approved_proposal_makes_its_row_and_no_second(carried_out):
    made = RuleRow.objects.get(change=carried_out)
    assert (made.key, made.version, made.row["number"]) == (KEY, 2, "10")

    with pytest.raises(IntegrityError, match="change_id"):
        execute(WRITE, KEY, 3, shorter(), carried_out)


@pytest.mark.parametrize("attack", ["key", "row"])
def test_an_approved_proposal_makes_no_other_row(carried_out, attack):
    key = "OTHER" if attack == "key" else KEY
    row = json.dumps({"number": "1"}) if attack == "row" else shorter()

    with refused_by(TWO_PEOPLE):
        execute(WRITE, key, 3, row, carried_out)


def test_an_approved_proposal_makes_no_row_of_another_table(carried_out):
    with refused_by(TWO_PEOPLE):
        execute(WRITE.replace("'rules'", "'duties'"), KEY, 3, shorter(), carried_out)


def test_an_approved_end_ends_the_row(editor, approver):
    ending = propose(editor, None)

    execute(DECIDE.format("true", approver.user_id, ending))

    assert RuleRow.objects.get(change=ending).row is None
    assert days_now() is None


def test_rows_say_when_they_were_recorded_by_the_clock_of_the_database(owner):
    owner.execute(
        'INSERT INTO reviewer_rulerow ("table", key, version, row, recorded_at)'
        " VALUES ('rules', 'OWN', 1, '{}', '2001-01-01') RETURNING recorded_at = now()"
    )

    assert owner.fetchone() == (True,)


BENEATH_A_TRIGGER = [
    "CREATE TEMP TABLE lever (id int)",
    "CREATE FUNCTION pg_temp.pull() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"  # noqa: ISC004
    ' INSERT INTO reviewer_rulerow ("table", key, version, row)'
    " VALUES ('rules', 'OWN', 1, '{}'); RETURN NULL; END $$",
    "CREATE TRIGGER pulled AFTER INSERT ON lever FOR EACH ROW EXECUTE FUNCTION pg_temp.pull()",
]


def test_a_trigger_on_a_temporary_table_is_no_second_person(db):
    for statement in BENEATH_A_TRIGGER:
        execute(statement)

    with refused_by(TWO_PEOPLE):
        execute("INSERT INTO pg_temp.lever VALUES (1)")


def test_a_temporary_table_does_not_pass_for_the_proposals(db):
    execute(
        "CREATE TEMP TABLE reviewer_rulechange AS SELECT 1 AS id, true AS is_approved,"
        " 'rules' AS \"table\", 'OWN' AS key, '{}'::jsonb AS row"
    )

    with refused_by(TWO_PEOPLE):
        execute(WRITE, "OWN", 1, "{}", 1)


# Proposals


@pytest.mark.parametrize("is_approved", [True, False])
def test_a_proposal_is_not_born_decided(editor, approver, is_approved):
    with refused_by(DECIDED_ONCE):
        execute(
            PROPOSE, KEY, shorter(), "So.", editor.user_id, approver.user_id, "now", is_approved,
            None,
        )  # fmt: skip


def test_a_proposal_has_a_reason(editor):
    with refused_by("a_change_of_a_rule_has_a_reason"):
        execute(PROPOSE, KEY, shorter(), "", editor.user_id, None, None, None, None)


@pytest.mark.parametrize("row", ["null", "[]", '"text"', '{"number": 10}', '{"number": null}'])
def test_a_row_is_columns_of_text(editor, row):
    with refused_by("a_rule_is_columns_of_text"):
        propose(editor, row)


def test_one_proposal_for_a_row_is_open_at_a_time(proposal, approver):
    with refused_by("one_open_change_of_a_rule"):
        propose(approver, None)


def test_nobody_approves_an_own_proposal(proposal):
    with refused_by("nobody_approves_an_own_change_of_a_rule"):
        execute(DECIDE.format("true", "proposed_by_id", proposal))

    assert days_now() == "15"


REWRITINGS = [
    "key = 'OTHER'",
    "\"table\" = 'duties'",
    "row = '{}'",
    "row = NULL",
    "reason = 'Other.'",
    "proposed_at = now() - interval '1 day'",
    "id = id + 1000",
    "together_with_id = id",
]


@pytest.mark.parametrize("change", [*REWRITINGS, "is_approved = true"])
def test_an_open_proposal_is_not_rewritten(proposal, change):
    with refused_by(DECIDED_ONCE):
        execute(f"UPDATE reviewer_rulechange SET {change}")


@pytest.mark.parametrize("change", [*REWRITINGS, "proposed_by_id = proposed_by_id + 1000"])
def test_a_proposal_is_not_rewritten_while_it_is_decided(proposal, approver, change):
    decision = f"is_approved = true, decided_by_id = {approver.user_id}, decided_at = now()"

    with refused_by(DECIDED_ONCE):
        execute(f"UPDATE reviewer_rulechange SET {decision}, {change}")


@pytest.mark.parametrize(
    "change",
    [
        *REWRITINGS,
        "is_approved = false",
        "decided_at = NULL, decided_by_id = NULL, is_approved = NULL",
        "decided_at = now() - interval '1 day'",
    ],
)
def test_a_decided_proposal_stays(carried_out, change):
    with refused_by(DECIDED_ONCE):
        execute(f"UPDATE reviewer_rulechange SET {change}")


def test_a_decision_is_whole(proposal):
    with refused_by("a_decision_on_a_rule_is_whole"):
        execute("UPDATE reviewer_rulechange SET decided_at = now(), is_approved = true")


def test_a_proposal_is_not_deleted(proposal):
    with denied():
        execute("DELETE FROM reviewer_rulechange")


# Two that are decided together


@pytest.fixture
def pair(editor):
    first = propose(editor, shorter())
    second = propose(editor, shorter(), key="ERISA.PRE.LATER", together_with=first)
    connection.check_constraints()  # as committed: only the decision is still to be checked
    return first, second


@pytest.mark.parametrize("which", [0, 1])
def test_one_of_two_is_not_approved_alone(pair, approver, which):
    with refused_by(TOGETHER):
        execute(DECIDE.format("true", approver.user_id, pair[which]))


def test_one_of_two_is_not_approved_where_the_other_is_declined(pair, approver):
    with refused_by(TOGETHER):
        execute(DECIDE.format("true", approver.user_id, pair[0]))
        execute(DECIDE.format("false", approver.user_id, pair[1]))


def test_both_of_two_are_approved(pair, approver):
    for one in pair:
        execute(DECIDE.format("true", approver.user_id, one))
    connection.check_constraints()

    assert RuleRow.objects.filter(change__in=pair).count() == 2


def test_nothing_is_joined_to_what_was_decided(carried_out, editor):
    with refused_by(TOGETHER):
        propose(editor, shorter(), key="ERISA.PRE.LATER", together_with=carried_out)


# Controls: without the trigger the same attack succeeds


@pytest.fixture
def owner(django_db_setup):
    with owner_at_work() as session:
        yield session.cursor()


def refused_to_owner(cursor, statement, *parameters):
    """The name of the constraint that met a statement, of which nothing stays."""
    cursor.execute("SAVEPOINT before")
    with pytest.raises(psycopg.IntegrityError) as error:
        cursor.execute(statement, parameters)
    cursor.execute("ROLLBACK TO before")
    return error.value.diag.constraint_name


def people(cursor):
    for name in ["ann", "ben"]:
        cursor.execute(
            "INSERT INTO auth_user (username, password, first_name, last_name, email, is_superuser,"
            " is_staff, is_active, date_joined) VALUES (%s, '', '', '', '', false, false, true,"
            " now()) RETURNING id",
            [name],
        )
        yield cursor.fetchone()[0]


def a_proposal_of_the_owners(cursor, ann, row="{}", key="OWN", together_with=None):
    cursor.execute(PROPOSE, [key, row, "So.", ann, None, None, None, together_with])
    return cursor.fetchone()[0]


def test_control_without_its_trigger_a_proposal_alone_makes_a_row(owner):
    ann, _ = people(owner)
    proposal = a_proposal_of_the_owners(owner, ann)
    attack = (WRITE, "OWN", 1, "{}", proposal)
    assert refused_to_owner(owner, *attack) == TWO_PEOPLE

    owner.execute(f"DROP TRIGGER {TWO_PEOPLE} ON reviewer_rulerow")
    owner.execute(attack[0], attack[1:])

    assert owner.rowcount == 1


def test_control_the_owner_of_the_table_alone_ships_a_row(owner):
    owner.execute(WRITE, ["OWN", 1, "{}", None])

    assert owner.rowcount == 1


@pytest.mark.parametrize("version", [1, 3])
def test_versions_follow_each_other_or_their_trigger_is_away(owner, version):
    attack = (WRITE, "OWN", version, "{}", None)
    owner.execute(WRITE, ["OWN", 1, "{}", None])
    assert refused_to_owner(owner, *attack) == "versions_of_a_rule_follow_each_other"

    owner.execute(f"DROP TRIGGER {TWO_PEOPLE} ON reviewer_rulerow")

    owner.execute(attack[0], ["NEXT", *attack[2:]])
    assert owner.rowcount == 1


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE reviewer_rulechange SET reason = 'Other.'",
        "UPDATE reviewer_rulechange SET is_approved = false",
        "DELETE FROM reviewer_rulechange",
    ],
)
def test_control_without_its_trigger_a_decided_proposal_is_rewritten(owner, attack):
    ann, ben = people(owner)
    owner.execute(DECIDE.format("false", ben, a_proposal_of_the_owners(owner, ann)))
    assert refused_to_owner(owner, attack) == DECIDED_ONCE

    owner.execute(f"DROP TRIGGER {DECIDED_ONCE} ON reviewer_rulechange")
    owner.execute(attack)

    assert owner.rowcount == 1


def test_control_without_its_trigger_an_approval_changes_nothing(owner):
    owner.execute("DROP TRIGGER an_approved_change_of_a_rule_is_carried_out ON reviewer_rulechange")
    ann, ben = people(owner)
    owner.execute(DECIDE.format("true", ben, a_proposal_of_the_owners(owner, ann)))

    owner.execute("SELECT count(*) FROM reviewer_rulerow WHERE key = 'OWN'")
    assert owner.fetchone() == (0,)


def test_control_without_its_trigger_one_of_two_is_approved_alone(owner):
    ann, ben = people(owner)
    first = a_proposal_of_the_owners(owner, ann)
    second = a_proposal_of_the_owners(owner, ann, key="NEXT", together_with=first)
    owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert refused_to_owner(owner, DECIDE.format("true", ben, second)) == TOGETHER

    owner.execute(f"DROP TRIGGER {TOGETHER} ON reviewer_rulechange")
    owner.execute(DECIDE.format("true", ben, second))

    assert owner.rowcount == 1


def test_the_proposals_are_never_emptied(owner):
    attack = "TRUNCATE reviewer_rulechange CASCADE"
    owner.execute("COMMENT ON DATABASE " + owner.connection.info.dbname + " IS NULL")
    assert refused_to_owner(owner, attack) == "evidence_is_never_emptied"
