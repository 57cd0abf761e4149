"""The seals: any change of what was sealed shows, whoever made it (TRUST: even a superuser)."""

from contextlib import contextmanager
from threading import Timer

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from psycopg.types.json import Jsonb

from reviewer import seals
from reviewer.database import as_owner
from reviewer.models import AccessEntry, Event, Seal
from tests import factories
from tests.reviewer.roles import connect

pytestmark = pytest.mark.django_db(transaction=True)


def seal():
    with as_owner():
        return seals.seal_record()


def faults(**options):
    return list(seals.faults_of(Seal.objects.order_by("id"), **options))


@contextmanager
def superuser(*tables):
    """A connection of the owner's, with the triggers of the tables off."""
    with connect("owner", autocommit=True) as owner:
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield owner
        finally:
            for table in tables:
                owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def signed(cast):
    made = factories.make_denied(cast)
    AccessEntry.objects.create(user=cast.nurse.user, view="a page", method="GET", status=200)
    return made


def test_control_an_untouched_record_agrees(signed):
    made = seal()

    assert len(made) == 1
    assert made[0].tables["reviewer_determination"]["rows"] == 1
    assert faults() == []
    assert seal() == []


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("reviewer_determination", "UPDATE reviewer_determination SET rationale_plain = 'x'"),
        ("reviewer_event", "UPDATE reviewer_event SET at = at - interval '1 second'"),
        ("reviewer_accessentry", "DELETE FROM reviewer_accessentry"),
    ],
)
def test_a_changed_or_missing_row_shows(signed, table, change):
    seal()
    with superuser(table) as owner:
        owner.execute(change)

    assert len(faults()) == 1
    assert table in faults()[0]


@pytest.mark.parametrize("pk", [-1, 0, 1])
def test_a_row_slipped_in_below_the_seal_shows(cast, signed, pk):
    seal()
    entry = AccessEntry(pk=pk, user=cast.nurse.user, view="slipped in", method="GET", status=200)
    entry.save(force_insert=True)

    (told,) = faults()
    assert "reviewer_accessentry" in told
    assert told.endswith("are 2 now, and 1 were sealed.")


def test_a_seal_written_anew_breaks_the_chain(cast, signed):
    seal()
    AccessEntry.objects.create(user=cast.nurse.user, view="next", method="GET", status=200)
    seal()
    with superuser("reviewer_seal") as owner:
        tables = {"reviewer_event": {"first": 1, "last": 0, "rows": 0, "columns": [], "sha256": ""}}
        forged = seals.hash_of("", tables)
        owner.execute("UPDATE reviewer_seal SET sha256 = %s WHERE previous_id IS NULL", [forged])

    assert any("is not what its hash says" in one for one in faults())


def three_seals(cast):
    made = seal()
    for view in ("next", "last"):
        AccessEntry.objects.create(user=cast.nurse.user, view=view, method="GET", status=200)
        made += seal()
    return made


def test_a_seal_forged_with_its_own_hash_breaks_the_one_after_it(cast, signed):
    first, second, _ = three_seals(cast)
    tables = {name: one for name, one in first.tables.items() if name != "reviewer_event"}
    with superuser("reviewer_seal") as owner:
        owner.execute(
            "UPDATE reviewer_seal SET tables = %s, sha256 = %s WHERE id = %s",
            [Jsonb(tables), seals.hash_of("", tables), first.pk],
        )

    assert faults() == [f"{second} is not what its hash says."]


def test_a_seal_that_follows_another_than_the_one_before_shows(cast, signed):
    first, _, third = three_seals(cast)
    with superuser("reviewer_seal") as owner:
        owner.execute(
            "UPDATE reviewer_seal SET previous_id = %s WHERE id = %s", [third.pk, first.pk]
        )

    assert faults() == [f"{first} does not follow nothing."]


def test_the_seals_agree_in_any_time_zone(signed):
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SET timezone = 'America/New_York'")
        try:
            assert faults() == []
        finally:
            cursor.execute("SET timezone = 'UTC'")


def test_a_writer_that_stays_is_not_waited_for_without_end(cast, signed, monkeypatch):
    monkeypatch.setattr(seals, "WAIT", "100ms")
    with connect("default") as writer:
        writer.execute(
            "INSERT INTO reviewer_accessentry"
            " (user_id, view, method, status, requests, is_fragment)"
            " VALUES (%s, 'slow', 'GET', 200, '[]', false)",
            [cast.nurse.user.pk],
        )
        with pytest.raises(OperationalError):
            seal()
    assert not Seal.objects.exists()


def test_one_at_a_time_seals(signed):
    with connect("owner") as other, as_owner():
        other.execute("LOCK TABLE reviewer_seal IN ROW EXCLUSIVE MODE")  # as who inserts a seal
        ends = seals.read_ends()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
            try:
                with pytest.raises(OperationalError):
                    seals.seal_next(ends)
            finally:
                cursor.execute("RESET lock_timeout")


def test_a_seal_taken_from_the_end_shows_by_the_hash_kept_elsewhere(signed):
    kept = seal()[0].sha256
    with superuser("reviewer_seal") as owner:
        owner.execute("DELETE FROM reviewer_seal")

    assert faults() == []  # nothing in the database tells of it
    assert faults(last=kept) == [
        f"The seal {kept} is not in the chain: seals were taken away or written anew."
    ]


def test_rows_that_are_not_committed_yet_are_waited_for(cast, signed):
    """A row with a lower id that commits after the ends were read would never be sealed."""
    with connect("default") as writer:
        writer.execute(
            "INSERT INTO reviewer_accessentry"
            " (user_id, view, method, status, requests, is_fragment)"
            " VALUES (%s, 'late', 'GET', 200, '[]', false)",
            [cast.nurse.user.pk],
        )
        commit = Timer(0.5, writer.commit)
        commit.start()
        made = seal()
        commit.join()

    last = AccessEntry.objects.order_by("pk").last()
    assert last.view == "late"
    assert made[0].tables["reviewer_accessentry"]["last"] == last.pk


def test_a_column_that_came_later_does_not_break_old_seals(signed):
    seal()
    with connect("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE reviewer_event ADD COLUMN later integer DEFAULT 7")
        try:
            assert faults() == []
        finally:
            owner.execute("ALTER TABLE reviewer_event DROP COLUMN later")


def test_many_rows_make_several_seals(signed, monkeypatch):
    monkeypatch.setattr(seals, "BATCH", 2)

    made = seal()

    assert len(made) > 1
    assert faults() == []
    sealed = sum(one.tables.get("reviewer_event", {"rows": 0})["rows"] for one in made)
    assert sealed == Event.objects.count()


def test_commands_seal_and_verify(signed, capsys):
    call_command("seal_record")
    printed = capsys.readouterr().out.split()[-1]
    call_command("seal_record")
    call_command("verify_seals", last=printed)

    out = capsys.readouterr().out
    assert "Nothing was written since the last seal." in out
    assert "1 seals agree with the record." in out
    with superuser("reviewer_event") as owner:
        owner.execute("UPDATE reviewer_event SET sentence = 'other'")
    with pytest.raises(CommandError, match="is not what was sealed"):
        call_command("verify_seals")
