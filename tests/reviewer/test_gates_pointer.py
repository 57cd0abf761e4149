"""Invariant 5: at most one active determination per line; a replacement has one winner."""

import threading
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, connections

from reviewer.models import ActiveDetermination, Determination
from reviewer.time import local_day
from reviewer.workflow.determinations import correct_determination, sign_determination
from reviewer.workflow.errors import Refused
from tests import factories
from tests.reviewer.roles import connect, owner_at_work
from tests.reviewer.sql import denied, insert, refused_by, row

pytestmark = pytest.mark.django_db
TABLE = "reviewer_determination"
MOVE = "UPDATE reviewer_activedetermination SET determination_id = %s WHERE line_id = %s"


@pytest.fixture
def first(cast):
    return factories.make_approved(cast)


@pytest.fixture
def unrelated(cast):
    """A determination of another line."""
    return factories.make_approved(cast)


def replacement(cursor, first, **changes):
    """The row of a determination that replaces the first, sound but for what a test changes."""
    at = datetime.now(UTC)
    sound = {
        "replaces_id": first.pk,
        "replacement_reason": "Clerical.",
        "authorization_number": f"N-{at.timestamp()}"[:20],
        "signed_at": at,
        "signed_on": local_day(at),
    }
    return row(cursor, TABLE, first.pk, **sound | changes)


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_pointer_moves_to_the_replacement(first):
    with connection.cursor() as cursor:
        second = insert(cursor, TABLE, replacement(cursor, first))
        cursor.execute(MOVE, [second, first.line_id])
    connection.check_constraints()


def test_line_has_no_second_first_determination(first):
    with refused_by("a_line_has_one_first_determination"), connection.cursor() as cursor:
        again = {"replaces_id": None, "replacement_reason": ""}
        insert(cursor, TABLE, replacement(cursor, first, **again))


def test_line_has_no_second_pointer(first):
    with refused_by("reviewer_activedetermination_pkey"):
        run(
            "INSERT INTO reviewer_activedetermination (line_id, determination_id) VALUES (%s, %s)",
            first.line_id,
            first.pk,
        )


def test_determination_is_replaced_once(first):
    with connection.cursor() as cursor:
        insert(cursor, TABLE, replacement(cursor, first))
    with refused_by("reviewer_determination_replaces_id_key"), connection.cursor() as cursor:
        insert(cursor, TABLE, replacement(cursor, first))


def test_pointer_does_not_move_to_another_line_s(first, unrelated):
    with refused_by("the_pointer_moves_to_the_replacement"):
        run(MOVE, unrelated.pk, first.line_id)


def test_pointer_does_not_move_back(first):
    with connection.cursor() as cursor:
        second = insert(cursor, TABLE, replacement(cursor, first))
    run(MOVE, second, first.line_id)
    with refused_by("the_pointer_moves_to_the_replacement"):
        run(MOVE, first.pk, first.line_id)


def test_pointer_does_not_change_lines(first, cast):
    line = factories.make_request(cast).lines.get()
    with refused_by("the_pointer_moves_to_the_replacement"):
        run(
            "UPDATE reviewer_activedetermination SET line_id = %s WHERE line_id = %s",
            line.pk,
            first.line_id,
        )


def test_replacement_is_of_the_same_line(first, unrelated):
    with refused_by("a_replacement_is_of_the_same_line"), connection.cursor() as cursor:
        insert(cursor, TABLE, replacement(cursor, first, replaces_id=unrelated.pk))


def test_pointer_is_never_deleted(first):
    with denied():
        run("DELETE FROM reviewer_activedetermination")


@pytest.mark.django_db(transaction=True)
def test_control_without_trigger_and_key_the_pointer_goes_anywhere(first, unrelated):
    with owner_at_work() as owner, owner.cursor() as cursor:
        pointer = "reviewer_activedetermination"
        cursor.execute(f"DROP TRIGGER the_pointer_moves_to_the_replacement ON {pointer}")
        with pytest.raises(psycopg.IntegrityError) as caught, owner.transaction():
            cursor.execute(MOVE, [unrelated.pk, first.line_id])
        assert caught.value.diag.constraint_name
        cursor.execute(f"ALTER TABLE {pointer} DROP CONSTRAINT the_pointer_is_of_the_same_line")
        cursor.execute(f"ALTER TABLE {pointer} DROP CONSTRAINT {pointer}_determination_id_key")
        cursor.execute(MOVE, [unrelated.pk, first.line_id])
        assert cursor.rowcount == 1


def replace_at_once(first):
    """Two connections write a replacement each and move the pointer; who got through?"""
    together, winners = threading.Barrier(2), []

    def send(name):
        with connect("default") as mine, mine.cursor() as cursor:
            number = {"authorization_number": f"N-race-{name}"}
            facts = replacement(cursor, first, **number)
            together.wait()
            try:
                second = insert(cursor, TABLE, facts)
                cursor.execute(
                    f"{MOVE} AND determination_id = %s", [second, first.line_id, first.pk]
                )
                mine.commit()
                winners.append(name)
            except psycopg.IntegrityError:
                mine.rollback()

    threads = [threading.Thread(target=send, args=[name]) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return winners


@pytest.mark.django_db(transaction=True)
def test_race_for_a_replacement_has_one_winner(first):
    assert len(replace_at_once(first)) == 1
    assert Determination.objects.filter(replaces=first).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_key_both_replacements_are_written(first):
    key = "reviewer_determination_replaces_id_key"
    with connect("owner", autocommit=True) as owner:
        owner.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {key}")
        try:
            assert sorted(replace_at_once(first)) == ["a", "b"]
            assert Determination.objects.filter(replaces=first).count() == 2
        finally:
            owner.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
            owner.execute(
                f"DELETE FROM {TABLE} WHERE replaces_id = %s AND id NOT IN"
                " (SELECT determination_id FROM reviewer_activedetermination)",
                [first.pk],
            )
            owner.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")
            owner.execute(f"ALTER TABLE {TABLE} ADD CONSTRAINT {key} UNIQUE (replaces_id)")


def at_once(*verbs):
    """What became of verbs that are carried out at the same moment, on a connection each."""
    together, outcomes = threading.Barrier(len(verbs)), []

    def carry_out(verb):
        together.wait()
        try:
            outcomes.append(verb())
        except Refused as refusal:
            outcomes.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=carry_out, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_corrections_at_once_have_one_winner(cast, first):
    def correct():
        return correct_determination(
            determination=Determination.objects.get(pk=first.pk),
            decision=factories.approval(first.line, first.version),
            reason="Clerical.",
            by=cast.nurse,
            at=factories.now(),
        )

    outcomes = at_once(correct, correct)

    [lost] = [one for one in outcomes if isinstance(one, Refused)]
    [won] = [one for one in outcomes if isinstance(one, Determination)]
    assert "was replaced" in lost.sentence
    assert ActiveDetermination.objects.get(line=first.line).determination == won


@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_once_have_one_winner(cast):
    request = factories.make_claimed(cast)

    def sign():
        line = type(request).objects.get(pk=request.pk).lines.get()
        decision = factories.approval(line)
        return sign_determination(line=line, decision=decision, by=cast.nurse, at=factories.now())

    outcomes = at_once(sign, sign)

    assert sorted(type(one).__name__ for one in outcomes) == ["Determination", "Refused"]
    assert Determination.objects.filter(request=request).count() == 1
