"""Invariant 4: nobody decides an appeal who had a part in it, nor their subordinate."""

import threading
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection

from reviewer.models import Credential, Involvement
from reviewer.time import local_day
from tests import factories
from tests.cast import enter_physician
from tests.reviewer.roles import connect, owner_at_work
from tests.reviewer.sql import insert, license_of, refused_by, row

pytestmark = pytest.mark.django_db
TABLE = "reviewer_appealdecision"
INDEPENDENCE = "an_appeal_is_decided_by_someone_independent"


@pytest.fixture
def appeal(cast):
    """Appealed: referred by the nurse, denied by the physician, on medical necessity."""
    return factories.make_assigned_appeal(cast)


@pytest.fixture
def decision(appeal):
    """The row of a decision to uphold, sound but for who decides and what a test changes."""
    determination = appeal.determination
    upheld = {
        "appeal_id": appeal.pk,
        "determination_id": determination.pk,
        "original_signer_id": determination.signed_by_id,
        "ground": determination.ground,
        "outcome": "upheld",
        "root_cause": "",
        "substance": "Looked into.",
        "rationale_clinical": "As before.",
        "rationale_plain": "As before.",
        "decided_zone": determination.signed_zone,
    }

    def facts(decider, **changes):
        at = datetime.now(UTC)
        license = Credential.objects.get(reviewer=decider)
        signed = {"decided_by_id": decider.pk, "decided_at": at, "decided_on": local_day(at)}
        return upheld | signed | license_of(license) | changes

    return facts


def attack(facts):
    with connection.cursor() as cursor:
        return insert(cursor, TABLE, facts)


@pytest.fixture
def far_below(cast):
    """Reports to someone who reports to the physician who signed."""
    return enter_physician("kbell", "Kit Bell", "Neurology", reports_to=cast.subordinate)


def test_someone_uninvolved_decides(cast, decision):
    assert attack(decision(cast.other_physician))
    connection.check_constraints()


def test_signer_does_not_decide(cast, decision):
    with refused_by("an_appeal_is_decided_by_someone_uninvolved"):
        attack(decision(cast.physician))


def test_signer_does_not_pass_for_someone_else(cast, decision):
    with refused_by("an_appeal_is_decided_by_someone_uninvolved"):
        attack(decision(cast.physician, original_signer_id=cast.nurse.pk))


def test_referring_nurse_does_not_decide(cast, decision):
    with refused_by("an_appeal_is_decided_by_someone_uninvolved"):
        attack(decision(cast.nurse))


def test_subordinate_does_not_decide(cast, decision):
    with refused_by("an_appeal_is_not_decided_by_a_subordinate"):
        attack(decision(cast.subordinate))


def test_subordinate_at_two_removes_does_not_decide(decision, far_below):
    with refused_by("an_appeal_is_not_decided_by_a_subordinate"):
        attack(decision(far_below))


def test_subordinate_of_the_referring_nurse_does_not_decide(cast, decision):
    below = enter_physician("kbell", "Kit Bell", "Neurology", reports_to=cast.nurse)
    with refused_by("an_appeal_is_not_decided_by_a_subordinate"):
        attack(decision(below))


def test_superior_of_the_signer_may_decide(cast, decision):
    cast.physician.reports_to = cast.other_physician
    cast.physician.save()

    assert attack(decision(cast.other_physician))


def test_nurse_decides_no_clinical_appeal(cast, decision):
    with refused_by("a_clinical_appeal_needs_a_physician"):
        attack(decision(cast.other_nurse))


@pytest.mark.parametrize("ground", ["", "benefit_exclusion", "administrative"])
def test_ground_is_the_determination_s(cast, decision, ground):
    with refused_by("the_signer_and_ground_are_the_determinations"):
        attack(decision(cast.other_nurse, ground=ground))


def test_license_is_the_decider_s(cast, decision):
    theirs = license_of(Credential.objects.get(reviewer=cast.other_physician))
    with refused_by("the_credential_is_the_deciders"):
        attack(decision(cast.other_nurse, **theirs))


def test_expired_license_decides_nothing(cast, decision):
    with refused_by("a_decider_has_a_license_valid_that_day"):
        attack(decision(cast.expired_physician))


def test_decision_is_not_dated_back(cast, decision):
    then = datetime(2020, 1, 15, 12, tzinfo=UTC)
    with refused_by("signing_goes_by_the_database_clock"):
        attack(decision(cast.expired_physician, decided_at=then, decided_on=then.date()))


def test_decision_is_of_what_was_appealed(cast, decision):
    other = factories.make_approved(cast)
    with refused_by("the_decision_is_of_the_appealed_determination"):
        attack(
            decision(
                cast.other_physician,
                determination_id=other.pk,
                original_signer_id=other.signed_by_id,
                ground=other.ground,
            )
        )


def test_overturned_appeal_has_a_new_determination_at_commit(cast, decision):
    overturned = {"outcome": "overturned", "root_cause": "clerical"}
    with refused_by("an_overturned_appeal_makes_a_new_determination"):
        attack(decision(cast.other_physician, **overturned))


def test_overturned_appeal_names_its_cause(cast, decision):
    with refused_by("an_overturned_appeal_names_its_cause"):
        attack(decision(cast.other_physician, outcome="overturned"))


def test_what_follows_an_appeal_is_signed_by_its_decider(cast, decision, appeal):
    pk = attack(decision(cast.other_physician))
    with connection.cursor() as cursor:
        at, first = datetime.now(UTC), appeal.determination
        facts = row(
            cursor,
            "reviewer_determination",
            first.pk,
            replaces_id=first.pk,
            replacement_reason="Appeal.",
            appeal_decision_id=pk,
            signed_at=at,
            signed_on=local_day(at),
        )
    with refused_by("the_decider_signs_what_follows_an_appeal"), connection.cursor() as cursor:
        insert(cursor, "reviewer_determination", facts)


def test_part_in_a_request_is_not_unwritten(cast, appeal):
    parts = Involvement.objects.filter(request=appeal.request).values_list("reviewer", "part")

    assert set(parts) == {(cast.nurse.pk, "referred"), (cast.physician.pk, "determined")}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_trigger_subordinates_and_nurses_decide(cast, decision, far_below):
    other = enter_physician("kdoe", "Kim Doe", "Neurology", reports_to=cast.nurse)
    for decider in (cast.subordinate, far_below, other):
        with owner_at_work() as owner, owner.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {INDEPENDENCE} ON {TABLE}")
            assert insert(cursor, TABLE, decision(decider))


@pytest.mark.django_db(transaction=True)
def test_behind_the_trigger_a_constraint_bars_the_signer(cast, decision):
    with owner_at_work() as owner, owner.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {INDEPENDENCE} ON {TABLE}")
        facts = decision(cast.physician)
        with pytest.raises(psycopg.IntegrityError) as caught, owner.transaction():
            insert(cursor, TABLE, facts)
        assert caught.value.diag.constraint_name == "an_appeal_is_decided_by_someone_else"
        lied = facts | {"original_signer_id": cast.nurse.pk}
        with pytest.raises(psycopg.IntegrityError) as caught, owner.transaction():
            insert(cursor, TABLE, lied)
        assert caught.value.diag.constraint_name == "the_signer_and_ground_are_the_determinations"
        cursor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT an_appeal_is_decided_by_someone_else")
        assert insert(cursor, TABLE, facts)


@pytest.mark.parametrize(
    ("who", "changes", "protection"),
    [
        ("other_nurse", {}, "a_clinical_appeal_needs_a_physician"),
        ("other_nurse", {"ground": ""}, "the_signer_and_ground_are_the_determinations"),
        ("expired_physician", {}, "a_decider_has_a_license_valid_that_day"),
        ("expired_physician", {"credential_to": "2199-01-01"}, "the_credential_is_the_deciders"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_control_without_the_constraint_the_attack_succeeds(
    cast, decision, who, changes, protection
):
    with owner_at_work() as owner, owner.cursor() as cursor:
        facts = decision(getattr(cast, who), **changes)
        with pytest.raises(psycopg.IntegrityError), owner.transaction():
            insert(cursor, TABLE, facts)
        cursor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {protection}")
        assert insert(cursor, TABLE, facts)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_trigger_nothing_follows_an_overturned_appeal(cast, decision):
    with owner_at_work() as owner, owner.cursor() as cursor:
        name = "an_overturned_appeal_makes_a_new_determination"
        cursor.execute(f"DROP TRIGGER {name} ON {TABLE}")
        overturned = {"outcome": "overturned", "root_cause": "clerical"}
        assert insert(cursor, TABLE, decision(cast.other_physician, **overturned))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def referral(cast, appeal, reviewer):
    return {
        "request_id": appeal.request_id,
        "recommendation": "deny",
        "reasons": "Unmet.",
        "specialty": "",
        "referred_by_id": reviewer.pk,
        "referred_at": datetime.now(UTC),
    }


def race(cast, appeal, decision):
    """The decider's referral is written and not yet committed while they decide the appeal.

    Returns what became of the decision: None, or the constraint that refused it.
    """
    said = []
    facts = decision(cast.other_physician)

    def decide():
        with connect("default") as second, second.cursor() as cursor:
            try:
                insert(cursor, TABLE, facts)
                second.commit()
                said.append(None)
            except psycopg.IntegrityError as error:
                said.append(error.diag.constraint_name)

    with connect("default") as first:
        with first.cursor() as cursor:
            insert(cursor, "reviewer_referral", referral(cast, appeal, cast.other_physician))
        thread = threading.Thread(target=decide)
        thread.start()
        thread.join(timeout=1)  # it waits for the request's lock, or is through already
        first.commit()
    thread.join()
    return said[0]


@pytest.mark.django_db(transaction=True)
def test_referral_by_the_decider_does_not_race_past_the_decision(cast, appeal, decision):
    assert race(cast, appeal, decision) == "an_appeal_is_decided_by_someone_uninvolved"


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_get_through(cast, appeal, decision):
    with connect("owner", autocommit=True) as owner:
        [(whole,)] = owner.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE tgname = 'a_referral_takes_its_turn'"
        ).fetchall()
        owner.execute("DROP TRIGGER a_referral_takes_its_turn ON reviewer_referral")
        try:
            assert race(cast, appeal, decision) is None
        finally:
            owner.execute(whole)


@pytest.mark.django_db(transaction=True)
def test_nobody_is_moved_out_from_under_the_involved_meanwhile(cast, decision):
    """The rows of the people on the way up stay as they are until the decision is through."""
    with connect("default") as first, first.cursor() as cursor:
        insert(cursor, TABLE, decision(cast.other_physician))
        with connect("default") as second:
            second.execute("SET lock_timeout = '200ms'")
            move = "UPDATE reviewer_reviewer SET reports_to_id = %s WHERE id = %s"
            with pytest.raises(psycopg.errors.LockNotAvailable):
                second.execute(move, [cast.physician.pk, cast.other_physician.pk])
        first.rollback()
