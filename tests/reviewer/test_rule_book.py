"""The book from the database: what is shipped, what is current, and when it is read anew."""

from contextvars import Context

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from reviewer.clocks import TABLES, NoRule, shipped_book, shipped_rows
from reviewer.models import RuleRow, RuleTable
from reviewer.workflow import rule_book
from reviewer.workflow.rule_book import book, one_book, row_of, ship_rules
from reviewer.workflow.rules import approve_rule_change, propose_rule_change
from tests.factories import as_owner, make_request, now

pytestmark = pytest.mark.django_db
LIMIT, OTHER = "ERISA.PRE.INIT", "ERISA.POST.INIT"


def test_every_shipped_row_is_there_as_version_1():
    for name, table in TABLES.items():
        kept = RuleRow.objects.filter(table=name)
        assert {one.key: one.row for one in kept} == {
            row[table.key]: row for row in shipped_rows(name)
        }
        assert {one.version for one in kept} == {1}
        assert {one.change_id for one in kept} == {None}


def test_the_tables_are_those_of_the_engine():
    assert set(RuleTable.values) == set(TABLES)


def test_the_book_is_the_shipped_one_until_somebody_changes_a_row():
    assert book().version == shipped_book().version


def test_a_limit_is_found_by_its_name():
    assert row_of(LIMIT).row["number"] == "15"
    assert row_of(LIMIT, book=book()) == row_of(LIMIT)


def test_a_limit_that_is_not_there_is_said_so():
    with pytest.raises(NoRule, match="The rule table has no row ERISA.NONE"):
        row_of("ERISA.NONE")


def test_asking_for_the_book_again_takes_one_query(django_assert_num_queries):
    book()

    with django_assert_num_queries(1):
        book()
    with django_assert_num_queries(0):
        row_of(LIMIT, book=rule_book._current[0].book)


def changed(cast, number="10"):
    """The limit with another number, by two people."""
    row = row_of(LIMIT).row | {"number": number}
    change = propose_rule_change(
        table="rules", key=LIMIT, row=row, reason="The contract.", by=cast.policy_editor.user,
        at=now(),
    )  # fmt: skip
    approve_rule_change(change=change, by=cast.policy_approver.user, at=now())


def test_a_change_is_in_the_book_at_once(cast):
    book()

    changed(cast)

    assert book().rule(LIMIT).number == 10
    assert row_of(LIMIT).version == 2


def test_what_is_rolled_back_is_in_the_book_no_longer(cast):
    book()

    with transaction.atomic():
        changed(cast)
        assert book().rule(LIMIT).number == 10
        transaction.set_rollback(True)

    assert book().rule(LIMIT).number == 15
    changed(cast, "12")
    assert book().rule(LIMIT).number == 12


def test_another_change_in_place_of_the_one_rolled_back_is_seen(cast):
    """There are as many rows as before; only the newest one is another."""
    with transaction.atomic():
        changed(cast)
        assert book().rule(LIMIT).number == 10
        transaction.set_rollback(True)

    changed(cast, "12")

    assert book().rule(LIMIT).number == 12


def test_a_row_with_a_lower_number_that_came_later_is_seen(cast, monkeypatch):
    """Two transactions may write at once, and the one with the higher number end first."""
    changed(cast)
    late = RuleRow.objects.latest("pk")
    nine = RuleRow.objects.current().get(key=OTHER).row | {"number": "9"}
    change = propose_rule_change(
        table="rules", key=OTHER, row=nine, reason="So.", by=cast.policy_editor.user, at=now()
    )
    approve_rule_change(change=change, by=cast.policy_approver.user, at=now())
    with monkeypatch.context() as before_it_came:
        before_it_came.setattr(RuleRow, "objects", RuleRow.objects.exclude(pk=late.pk))
        assert row_of(OTHER).row["number"] == "9"
        assert row_of(LIMIT, book=book()).pk != late.pk

    assert row_of(LIMIT).pk == late.pk
    assert book().rule(LIMIT).number == 10


def test_shipping_again_adds_nothing(django_assert_num_queries):
    before = RuleRow.objects.count()

    with django_assert_num_queries(1):
        ship_rules("default")

    assert RuleRow.objects.count() == before


def shipped_as(monkeypatch, change):
    """The rules as another release would ship them."""
    rows = shipped_rows("rules")
    monkeypatch.setattr(
        rule_book,
        "shipped_rows",
        lambda name: change(rows) if name == "rules" else shipped_rows(name),
    )
    return list(rule_book._to_ship("default"))


def test_a_row_that_is_shipped_otherwise_becomes_a_new_version(monkeypatch):
    made = shipped_as(
        monkeypatch, lambda rows: [one | {"note": "New."} if one["rule_id"] == LIMIT else one
                                   for one in rows]
    )  # fmt: skip

    assert [(one.key, one.version, one.row["note"]) for one in made] == [(LIMIT, 2, "New.")]


def test_a_row_that_is_shipped_no_longer_ends(monkeypatch):
    made = shipped_as(monkeypatch, lambda rows: [one for one in rows if one["rule_id"] != LIMIT])

    assert [(one.key, one.version, one.row) for one in made] == [(LIMIT, 2, None)]


@pytest.mark.parametrize("is_shipped", [True, False])
def test_a_row_with_a_change_of_the_clients_stays(cast, monkeypatch, is_shipped):
    changed(cast)

    made = shipped_as(
        monkeypatch, lambda rows: [one | {"number": "9"} for one in rows
                                   if one["rule_id"] == LIMIT and is_shipped]
        + [one for one in rows if one["rule_id"] != LIMIT]
    )  # fmt: skip

    assert made == []


def test_a_row_of_the_clients_own_stays(cast):
    row = row_of(LIMIT).row | {"rule_id": "OWN.PRE", "line_of_business": "own_contract"}
    change = propose_rule_change(
        table="rules", key="OWN.PRE", row=row, reason="The contract.", by=cast.policy_editor.user,
        at=now(),
    )  # fmt: skip
    approve_rule_change(change=change, by=cast.policy_approver.user, at=now())

    assert list(rule_book._to_ship("default")) == []


@pytest.mark.django_db(transaction=True)
def test_an_emptied_test_database_has_its_rules_again():
    assert book().version == shipped_book().version
    with as_owner():
        assert list(rule_book._to_ship("default")) == []


def asks_for_news(captured):
    return [
        one
        for one in captured.captured_queries
        if "COUNT" in (one["sql"] or "") and "rulerow" in one["sql"]
    ]


def test_an_act_asks_once_whether_its_book_is_current(cast):
    with CaptureQueriesContext(connection) as captured:
        make_request(cast)

    assert len(asks_for_news(captured)) == 1


def test_a_page_asks_at_most_once(cast, client):
    request = make_request(cast)
    client.force_login(cast.nurse.user)

    with CaptureQueriesContext(connection) as captured:
        client.get(request.get_absolute_url())

    assert len(asks_for_news(captured)) == 1


def test_what_is_asked_inside_another_goes_by_its_book(cast):
    with one_book():
        before = book()
        with one_book():
            assert book() is before
        changed(cast)
        assert book().rule(LIMIT).number == 10

    assert book().rule(LIMIT).number == 10


def test_a_book_that_is_held_stays_until_the_end(cast):
    with one_book():
        held = book()
        Context().run(changed, cast)  # as somebody else would, meanwhile
        assert book() is held
        assert row_of(LIMIT, book=held).row["number"] == "15"

    assert book().rule(LIMIT).number == 10
