"""Invariant 3: who signs an adverse determination on clinical grounds, attacked in SQL."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection

from reviewer.models import Credential, Outcome
from reviewer.time import local_day
from tests import factories
from tests.reviewer.roles import owner_at_work
from tests.reviewer.sql import insert, license_of, refused_by, row

pytestmark = pytest.mark.django_db
TABLE = "reviewer_determination"


def license(reviewer):
    return Credential.objects.get(reviewer=reviewer)


@pytest.fixture
def denial(cast):
    """A denial in SQL, sound but for what a test makes of it: of a line that is not yet decided."""
    signed = factories.make_denied(cast)
    line = factories.make_request(cast).lines.get()

    def facts(cursor, signer, **changes):
        at = datetime.now(UTC)
        sound = {
            "request_id": line.request_id,
            "line_id": line.pk,
            "signed_by_id": signer.pk,
            "signed_at": at,
            "signed_on": local_day(at),
        }
        return row(cursor, TABLE, signed.pk, **sound | license_of(license(signer)) | changes)

    facts.citation_of = signed.citations.get().pk
    return facts


def attack(denial, signer, **changes):
    with connection.cursor() as cursor:
        insert(cursor, TABLE, denial(cursor, signer, **changes))


def test_physician_s_denial_is_taken(cast, denial):
    with connection.cursor() as cursor:
        pk = insert(cursor, TABLE, denial(cursor, cast.physician))
        insert(
            cursor,
            "reviewer_citation",
            row(cursor, "reviewer_citation", denial.citation_of, determination_id=pk),
        )
    connection.check_constraints()


@pytest.mark.parametrize("missing", ["starts_on", "ends_on"])
def test_approval_leaves_no_day_out(cast, denial, missing):
    granted = {"starts_on": "2026-01-01", "ends_on": "2026-01-02", "units_granted": 1}
    whole = granted | {"outcome": "approved", "authorization_number": "N-0", missing: None}
    with refused_by("an_approval_says_how_much_and_when"):
        attack(denial, cast.physician, **whole)


@pytest.mark.parametrize("outcome", ["denied", "partially_approved", "modified"])
@pytest.mark.parametrize("ground", ["medical_necessity", "experimental", "cosmetic"])
def test_nurse_denies_nothing_on_clinical_grounds(cast, denial, ground, outcome):
    granted = (
        {}
        if outcome == Outcome.DENIED
        else {
            "units_granted": 1,
            "authorization_number": "N-0",
            "starts_on": "2026-01-01",
            "ends_on": "2026-01-02",
        }
    )
    with refused_by("medical_necessity_denial_needs_a_physician"):
        attack(denial, cast.nurse, ground=ground, outcome=outcome, **granted)


def test_nurse_signs_with_nobody_else_s_license(cast, denial):
    with refused_by("the_credential_is_the_signers"):
        attack(denial, cast.nurse, **license_of(license(cast.physician)))


def test_nurse_does_not_pass_for_a_physician(cast, denial):
    with refused_by("the_credential_is_the_signers"):
        attack(denial, cast.nurse, credential_kind="physician")


@pytest.mark.parametrize(
    "left_out", ["credential_id", "credential_kind", "credential_from", "credential_to"]
)
def test_no_part_of_the_license_is_left_out(cast, denial, left_out):
    with refused_by("a_signer_has_a_license_valid_that_day"):
        attack(denial, cast.physician, **{left_out: None})


@pytest.mark.parametrize("left_out", ["credential_id", "credential_from", "credential_to"])
def test_nurse_hides_no_part_of_the_license(cast, denial, left_out):
    with refused_by("a_signer_has_a_license_valid_that_day"):
        attack(denial, cast.nurse, **{"credential_kind": "physician", left_out: None})


def test_ground_is_not_left_out(cast, denial):
    with refused_by("an_adverse_determination_names_its_ground"):
        attack(denial, cast.nurse, ground="")


def test_expired_license_signs_nothing(cast, denial):
    with refused_by("a_signer_has_a_license_valid_that_day"):
        attack(denial, cast.expired_physician)


def test_expired_license_is_not_stretched(cast, denial):
    with refused_by("the_credential_is_the_signers"):
        attack(denial, cast.expired_physician, credential_to="2199-12-31")


def test_signature_is_not_dated_back_into_the_license(cast, denial):
    then = datetime(2020, 1, 15, 12, tzinfo=UTC)
    with refused_by("signing_goes_by_the_database_clock"):
        attack(denial, cast.expired_physician, signed_at=then, signed_on=then.date())


def test_day_of_signing_is_not_made_up(cast, denial):
    with refused_by("signed_on_is_the_day_of_signing"):
        attack(denial, cast.expired_physician, signed_on="2020-01-15")


def test_day_of_signing_is_not_that_of_another_zone(cast, denial):
    now = datetime.now(UTC)
    zone = "Pacific/Kiritimati"  # a day ahead of the plan's for most of the day
    signed_on = now.astimezone(ZoneInfo(zone)).date()
    with refused_by("signing_goes_by_the_plans_time_zone"):
        attack(denial, cast.physician, signed_zone=zone, signed_on=signed_on)


def test_temporary_table_does_not_pass_for_the_licenses(cast, denial):
    Credential.objects.filter(reviewer=cast.physician).update(revoked_on="2020-01-01")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE reviewer_credential AS SELECT * FROM reviewer_credential")
        cursor.execute("UPDATE pg_temp.reviewer_credential SET revoked_on = NULL")
        facts = denial(cursor, cast.physician)
        with refused_by("a_revoked_license_signs_nothing"):
            insert(cursor, TABLE, facts)


def test_revoked_license_signs_nothing(cast, denial):
    Credential.objects.filter(reviewer=cast.physician).update(
        revoked_on=local_day(datetime.now(UTC)) - timedelta(days=1)
    )
    with refused_by("a_revoked_license_signs_nothing"):
        attack(denial, cast.physician)


@pytest.mark.parametrize("change", [{"kind": "nurse"}, {"valid_to": "2199-01-01"}])
def test_license_that_was_signed_with_stays_as_it_was(cast, denial, change):
    with refused_by("the_credential_is_the_signers"):
        Credential.objects.filter(reviewer=cast.physician).update(**change)


def test_determination_is_of_a_line_of_its_request(cast, denial):
    other = factories.make_request(cast)
    with refused_by("the_line_is_the_requests"):
        attack(denial, cast.physician, request_id=other.pk)


@pytest.mark.parametrize(
    ("who", "changes", "protections"),
    [
        ("nurse", {}, ["medical_necessity_denial_needs_a_physician"]),
        ("nurse", {"credential_kind": "physician"}, ["the_credential_is_the_signers"]),
        ("expired_physician", {}, ["a_signer_has_a_license_valid_that_day"]),
        ("expired_physician", {"credential_to": "2199-12-31"}, ["the_credential_is_the_signers"]),
        ("physician", {"signed_on": "2020-01-15"}, ["signed_on_is_the_day_of_signing"]),
        ("nurse", {"ground": ""}, ["an_adverse_determination_names_its_ground"]),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_control_without_the_constraint_the_attack_succeeds(
    cast, denial, who, changes, protections
):
    with owner_at_work() as owner, owner.cursor() as cursor:
        facts = denial(cursor, getattr(cast, who), **changes)
        with pytest.raises(psycopg.IntegrityError), owner.transaction():
            insert(cursor, TABLE, facts)
        for name in protections:
            cursor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {name}")
        assert insert(cursor, TABLE, facts)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_trigger_a_revoked_license_signs(cast, denial):
    Credential.objects.filter(reviewer=cast.physician).update(revoked_on="2020-01-01")
    with owner_at_work() as owner, owner.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER a_determination_is_sound ON {TABLE}")
        assert insert(cursor, TABLE, denial(cursor, cast.physician))


@pytest.mark.django_db(transaction=True)
def test_control_only_the_owner_loads_old_signatures(cast, denial):
    then = datetime(2020, 1, 15, 12, tzinfo=UTC)
    with owner_at_work() as owner, owner.cursor() as cursor:
        facts = denial(cursor, cast.expired_physician, signed_at=then, signed_on=then.date())
        assert insert(cursor, TABLE, facts)
