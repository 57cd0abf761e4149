"""Invariant 2: evidence is never altered, deleted or emptied, by the site or by its owner."""

import psycopg
import pytest
from django.apps import apps
from django.db import connection

from policies.models import WrittenOnce
from reviewer.models import AccessEntry, Event, Intent
from tests import factories
from tests.reviewer.review_rows import keep_rows, write_rows
from tests.reviewer.roles import connect, owner_at_work
from tests.reviewer.sql import denied

EVIDENCE = {
    model._meta.db_table: next(
        field.column for field in model._meta.fields if not field.primary_key
    )
    for model in apps.get_models()
    if issubclass(model, WrittenOnce) and model._meta.app_label == "reviewer"
}
KEPT = [
    "reviewer_absence",
    "reviewer_criteriareview",
    "reviewer_criterionanswer",
    "reviewer_informationitem",
    "reviewer_informationrequest",
    "reviewer_intakefile",
]


@pytest.fixture
def evidence(cast):
    """A row in every table of evidence."""
    decision = factories.make_appeal_decision(cast)
    write_rows(cast, factories.make_referral(cast))
    made = decision.determinations.get()
    factories.make_appeal_notice(cast, decision.appeal)
    factories.make_outside_decision(cast, made.version)
    AccessEntry.objects.create(user=cast.nurse.user, view="a page", method="GET", status=200)
    return made


def test_evidence_is_what_the_gates_name():
    assert set(EVIDENCE) == {
        f"reviewer_{name}"
        for name in [
            "event",
            "clockevent",
            "rulerow",
            "accessentry",
            "determination",
            "citation",
            "appealdecision",
            "notice",
            "outsidedecision",
            "referral",
            "involvement",
            "attention",
            "document",
            "documentcontent",
            "documentpage",
            "documentsetaside",
            "intakerow",
            "peertopeerstep",
            "policychoice",
            "referralreturn",
            "seal",
        ]
    }


@pytest.mark.django_db
@pytest.mark.parametrize("table", [*EVIDENCE, "reviewer_intent"])
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE {table} SET id = id",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "SELECT FROM {table} FOR UPDATE",
    ],
)
def test_site_may_not_touch_evidence(table, attack):
    with denied(), connection.cursor() as cursor:
        cursor.execute(attack.format(table=table))


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["reviewer_activedetermination", "reviewer_request", *KEPT])
def test_site_may_not_delete_the_record(table):
    with denied(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.django_db
def test_models_refuse_too(evidence):
    event = Event.objects.first()

    with pytest.raises(TypeError, match="written once"):
        event.save()
    with pytest.raises(TypeError, match="written once"):
        event.delete()


@pytest.mark.django_db(transaction=True)
def test_owner_s_own_hand_is_stopped_by_triggers(evidence):
    for table, column in EVIDENCE.items():
        for attack in (f'UPDATE {table} SET "{column}" = "{column}"', f"DELETE FROM {table}"):
            with owner_at_work() as owner, pytest.raises(psycopg.IntegrityError) as caught:
                owner.execute(attack)
            assert caught.value.diag.constraint_name == "evidence_is_written_once"


@pytest.mark.django_db(transaction=True)
def test_owner_deletes_nothing_that_is_kept(cast):
    keep_rows(cast)
    for table in KEPT:
        with owner_at_work() as owner, pytest.raises(psycopg.IntegrityError) as caught:
            owner.execute(f"DELETE FROM {table}")
        assert caught.value.diag.message_primary == f"{table} is written once"


@pytest.mark.django_db(transaction=True)
def test_owner_empties_no_table_outside_tests(evidence):
    for table in [*EVIDENCE, *KEPT]:
        with owner_at_work() as owner:
            owner.execute(f'COMMENT ON DATABASE "{owner.info.dbname}" IS NULL')
            with pytest.raises(psycopg.IntegrityError) as caught:
                owner.execute(f"TRUNCATE {table} CASCADE")
        assert caught.value.diag.constraint_name == "evidence_is_never_emptied"
        # by its own trigger, not that of a table that goes with it
        assert caught.value.diag.message_primary == f"{table} is never emptied"


@pytest.mark.django_db(transaction=True)
def test_control_without_the_triggers_evidence_changes(evidence):
    for table, column in EVIDENCE.items():
        with owner_at_work() as owner:
            owner.execute(f"DROP TRIGGER evidence_is_written_once ON {table}")
            changed = owner.execute(f'UPDATE {table} SET "{column}" = "{column}"')
            assert changed.rowcount > 0


@pytest.mark.django_db(transaction=True)
def test_control_without_the_trigger_a_table_is_emptied(cast):
    AccessEntry.objects.create(user=cast.nurse.user, view="a page", method="GET", status=200)
    with owner_at_work() as owner:
        owner.execute(f'COMMENT ON DATABASE "{owner.info.dbname}" IS NULL')
        owner.execute("DROP TRIGGER evidence_is_never_emptied ON reviewer_accessentry")
        owner.execute("TRUNCATE reviewer_accessentry")
        assert owner.execute("SELECT count(*) FROM reviewer_accessentry").fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_triggers_stand_behind_the_grants(evidence):
    """Were the grants given away, the triggers would still refuse."""
    site = connection.settings_dict["USER"]
    with connect("owner", autocommit=True) as owner:
        owner.execute(f'GRANT UPDATE ON reviewer_event TO "{site}"')
        try:
            with connect("default") as attacker, pytest.raises(psycopg.IntegrityError):
                attacker.execute("UPDATE reviewer_event SET sentence = 'nothing happened'")
        finally:
            owner.execute(f'REVOKE UPDATE ON reviewer_event FROM "{site}"')


@pytest.mark.django_db(transaction=True)
def test_control_without_grant_and_trigger_the_site_alters_events(evidence):
    site = connection.settings_dict["USER"]
    with owner_at_work() as owner:
        owner.execute(f'GRANT UPDATE ON reviewer_event TO "{site}"')
        owner.execute("DROP TRIGGER evidence_is_written_once ON reviewer_event")
        owner.execute("UPDATE reviewer_event SET sentence = 'nothing happened'")
        said = owner.execute("SELECT DISTINCT sentence FROM reviewer_event").fetchall()
        assert said == [("nothing happened",)]


@pytest.mark.django_db
def test_intents_are_kept(cast):
    Intent.objects.create(user=cast.nurse.user, key="0" * 32, body_hash="a" * 64, location="/")
    with denied():
        Intent.objects.update(body_hash="b" * 64)
