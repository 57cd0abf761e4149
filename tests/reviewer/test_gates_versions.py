"""A determination pins a published version by its hash and quotes its text, attacked in SQL."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection

from policies.imports.bulletins import import_bulletin
from reviewer.models import Credential
from reviewer.time import local_day
from tests import factories
from tests.reviewer.roles import owner_at_work
from tests.reviewer.sql import insert, license_of, refused_by, row

pytestmark = pytest.mark.django_db
TABLE, CITATIONS = "reviewer_determination", "reviewer_citation"


@pytest.fixture
def signed(cast):
    return factories.make_denied(cast)


@pytest.fixture
def draft(cast):
    """A version that nobody has published."""
    name = "1203-v1-lumbar-mri.txt"
    data = (factories.BULLETINS / name).read_bytes()
    at, author = factories.now(), cast.policy_editor.user
    return import_bulletin(data, name=name, at=at, author=author).version


@pytest.fixture
def denial(cast, signed):
    line = factories.make_request(cast).lines.get()
    mine = license_of(Credential.objects.get(reviewer=cast.physician))

    def facts(cursor, **changes):
        at = datetime.now(UTC)
        whose = {"request_id": line.request_id, "line_id": line.pk}
        when = {"signed_at": at, "signed_on": local_day(at)}
        return row(cursor, TABLE, signed.pk, **whose | when | mine | changes)

    return facts


def attack(denial, **changes):
    with connection.cursor() as cursor:
        return insert(cursor, TABLE, denial(cursor, **changes))


def cite(signed, **changes):
    """A second citation, sound but for what the test changes."""
    other = signed.version.passages.exclude(pk=signed.citations.get().passage_id).first()
    whole = {"passage_id": other.pk, "anchor": other.anchor, "quote": other.text}
    with connection.cursor() as cursor:
        facts = row(cursor, CITATIONS, signed.citations.get().pk, **whole | changes)
        insert(cursor, CITATIONS, facts)


def test_hash_is_the_version_s(denial):
    with refused_by("the_version_has_that_hash"):
        attack(denial, version_hash="0" * 64)


def test_version_is_published(denial, draft):
    with refused_by("a_determination_pins_a_published_version"):
        attack(denial, version_id=draft.pk, version_hash=draft.content_hash)


@pytest.mark.parametrize(
    "changes",
    [
        {"version_id": None},
        {"version_hash": ""},
        {"version_reason": ""},
        {"version_id": None, "version_hash": "", "no_bulletin_reason": ""},
    ],
)
def test_version_or_the_reason_for_none_is_named(denial, changes):
    with refused_by("a_determination_pins_its_version"):
        attack(denial, **changes)


def test_capsule_is_what_its_hash_says(denial):
    with refused_by("a_capsule_is_what_its_hash_says"):
        attack(denial, capsule="{}")


def test_denial_cites_a_passage_at_commit(denial):
    with refused_by("an_adverse_determination_cites_a_passage"):
        attack(denial)


def test_sound_citation_is_taken(signed):
    cite(signed)

    assert signed.citations.count() == 2


@pytest.mark.parametrize(
    "changes", [{"quote": "Work hardening is covered."}, {"quote": ""}, {"anchor": "elsewhere"}]
)
def test_citation_quotes_the_text(signed, changes):
    with refused_by("a_citation_quotes_the_pinned_version"):
        cite(signed, **changes)


def test_citation_is_of_the_pinned_version(signed, draft):
    passage = draft.passages.first()
    whole = {"passage_id": passage.pk, "anchor": passage.anchor, "quote": passage.text}
    with refused_by("a_citation_quotes_the_pinned_version"):
        cite(signed, **whole)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_key_any_hash_is_taken(denial):
    with owner_at_work() as owner, owner.cursor() as cursor:
        facts = denial(cursor, version_hash="0" * 64)
        with pytest.raises(psycopg.IntegrityError), owner.transaction():
            insert(cursor, TABLE, facts)
        cursor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT the_version_has_that_hash")
        assert insert(cursor, TABLE, facts)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_trigger_a_draft_is_pinned(denial, draft):
    with owner_at_work() as owner, owner.cursor() as cursor:
        facts = denial(cursor, version_id=draft.pk, version_hash=draft.content_hash)
        cursor.execute(f"DROP TRIGGER a_determination_is_sound ON {TABLE}")
        assert insert(cursor, TABLE, facts)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_trigger_made_up_words_are_quoted(signed):
    passage, first = signed.version.passages.first(), signed.citations.get().pk
    with owner_at_work() as owner, owner.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER a_citation_quotes_the_pinned_version ON {CITATIONS}")
        made_up = {"passage_id": passage.pk, "quote": "Work hardening is covered."}
        facts = row(cursor, CITATIONS, first, **made_up)
        assert insert(cursor, CITATIONS, facts)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_trigger_a_denial_cites_nothing(denial):
    with owner_at_work() as owner, owner.cursor() as cursor:
        facts = denial(cursor)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(psycopg.IntegrityError), owner.transaction():
            insert(cursor, TABLE, facts)
        cursor.execute(f"DROP TRIGGER an_adverse_determination_cites_a_passage ON {TABLE}")
        assert insert(cursor, TABLE, facts)
