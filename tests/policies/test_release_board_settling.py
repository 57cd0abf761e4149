"""Settling what a release did: with a sentence, once, all or none, by the site and in plain SQL."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from policies.models import ReleaseFinding
from policies.refusals import Refused
from policies.release_board import settle
from tests.policies.gates import NO_PRIVILEGE, a_draft, a_person, one, refused, refused_to_owner
from tests.policies.library import attempt, lamps, person, published
from tests.policies.test_release_board import TABLE, load

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
ONCE = "a_finding_is_settled_once"


@pytest.fixture
def findings():
    """Two codes that are gone."""
    published(lamps(codes=TABLE))
    load("CPT", "97110", "97546", "97112", valid_from=date(2025, 10, 1))
    load("CPT", "97112")
    return list(ReleaseFinding.objects.order_by("code"))


def settled(*findings, words="Left out of version 2.", by=None, at=LATER):
    return settle(findings=findings, settlement=words, by=by or person("paul"), at=at)


def test_a_finding_is_settled_with_a_sentence(findings):
    paul = person("paul")

    assert settled(findings[0], words="  Left out\nof version 2. ", by=paul) == 1

    one, other = ReleaseFinding.objects.order_by("code")
    assert (one.settlement, one.settled_by, one.settled_at) == (
        "Left out of version 2.", paul, LATER,
    )  # fmt: skip
    assert other.settled_at is None


def test_several_are_settled_at_once(findings):
    assert settled(*findings) == 2

    assert not ReleaseFinding.objects.filter(settled_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(" ", "Say what was done, or why nothing needs to be"), ("x" * 301, "300 can be kept")],
)
def test_a_sentence_is_asked_for_and_has_its_measure(findings, words, sentence):
    with pytest.raises(Refused, match=sentence):
        settled(*findings, words=words)

    assert not ReleaseFinding.objects.filter(settled_at__isnull=False).exists()


def test_something_is_to_be_chosen():
    with pytest.raises(Refused, match="Choose at least one finding"):
        settled()


def test_nothing_is_settled_twice_and_then_none_of_the_others_is(findings):
    one, other = findings
    settled(one, by=person("hana"))

    with pytest.raises(Refused, match="was settled by hana on 2026-10-05 already"):
        settled(one, other)

    assert ReleaseFinding.objects.get(pk=other.pk).settled_at is None


# In plain SQL

SETTLED = "settled_at = now(), settled_by_id = %s, settlement = 'Done.'"


def test_sql_settles_an_open_finding(findings):
    with connection.cursor() as cursor:
        attempt(
            cursor,
            f"UPDATE policies_releasefinding SET {SETTLED} WHERE id = %s",
            [person("paul").pk, findings[0].pk],
        )

    assert ReleaseFinding.objects.get(pk=findings[0].pk).settlement == "Done."


def test_sql_settles_nothing_again(findings):
    settled(*findings)
    hana = person("hana").pk

    assert refused(f"UPDATE policies_releasefinding SET {SETTLED}", hana) == ONCE


def test_sql_opens_nothing_again(findings):
    settled(*findings)

    assert refused(
        "UPDATE policies_releasefinding SET settled_at = NULL, settled_by_id = NULL,"
        " settlement = ''"
    ) == ONCE  # fmt: skip


@pytest.mark.parametrize("change", ["code = '1'", "before = 'x'", "row_position = 9"])
def test_sql_changes_nothing_of_a_finding(findings, change):
    assert refused(f"UPDATE policies_releasefinding SET {change}") == ONCE
    also = f"UPDATE policies_releasefinding SET {change}, {SETTLED}"
    assert refused(also, person("paul").pk) == ONCE


def test_sql_writes_no_finding_that_is_settled_already(findings):
    copy = (
        "INSERT INTO policies_releasefinding (release_id, bulletin_id, version_id, kind, code,"
        " listed_as, row_position, before, after, settled_at, settled_by_id, settlement)"
        " SELECT release_id, bulletin_id, version_id, kind, 'new', listed_as, row_position, before,"
        " after, {} FROM policies_releasefinding LIMIT 1"
    )

    assert refused(copy.format("now(), %s, 'Done.'"), person("paul").pk) == ONCE
    with connection.cursor() as cursor:
        attempt(cursor, copy.format("NULL, NULL, ''"))


def test_the_site_deletes_no_finding(findings):
    assert refused("DELETE FROM policies_releasefinding") == NO_PRIVILEGE
    assert refused("TRUNCATE policies_releasefinding") == NO_PRIVILEGE


@pytest.fixture
def kept(owner):
    """As the owner: a finding that is settled, of a version of its own."""
    version = a_draft(owner)
    owner.execute(
        "INSERT INTO policies_release (system, name, valid_from, source, file_format, sha256,"
        " is_own_wording, not_understood, loaded_at)"
        " VALUES ('CPT', 'x', '2026-01-01', '', '', 'x', false, '[]', now()) RETURNING id"
    )
    (release,) = owner.fetchone()
    owner.execute(
        "INSERT INTO policies_releasefinding (release_id, bulletin_id, version_id, kind, code,"
        " listed_as, row_position, before, after, settlement)"
        " SELECT %s, bulletin_id, id, 'deleted', '1', '1', 1, '', '', '' FROM policies_version"
        " WHERE id = %s",
        [release, version],
    )
    owner.execute(
        f"UPDATE policies_releasefinding SET {SETTLED} WHERE release_id = %s",
        [a_person(owner, "ann"), release],
    )
    return owner


ATTACKS = [
    "DELETE FROM policies_releasefinding",
    "UPDATE policies_releasefinding SET settlement = 'Other.'",
    "UPDATE policies_releasefinding SET settled_at = NULL, settled_by_id = NULL, settlement = ''",
    "UPDATE policies_releasefinding SET code = '2'",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_trigger_stands_behind_the_grants(kept, attack):
    assert refused_to_owner(kept, attack) == ONCE


@pytest.mark.parametrize("attack", ATTACKS)
def test_it_is_this_trigger_that_refuses(kept, attack):
    kept.execute(f"DROP TRIGGER {ONCE} ON policies_releasefinding")

    kept.execute(attack)

    assert kept.rowcount == 1


def test_the_table_is_never_emptied(owner):
    database = one(owner, "SELECT quote_ident(current_database())")
    owner.execute(f"COMMENT ON DATABASE {database} IS 'a plan'")

    emptied = refused_to_owner(owner, "TRUNCATE policies_releasefinding")

    assert emptied == "evidence_is_never_emptied"
