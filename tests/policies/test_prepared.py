"""Queries whose SQL is written once: what they find, and that the database keeps their plan."""

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, TextField
from django.db.models.functions import Length

from policies.imports.code_sets import CodeLine
from policies.models import Code
from policies.prepared import AnyOf, Prepared, PreparedModels, Slot
from tests.policies.pages import load, queries_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def codes():
    load("HCPCS", CodeLine("HCPCS", "S9117", "Back school"), CodeLine("HCPCS", "E0202", "Lamp"))


def displays():
    keys = Slot("keys", ArrayField(TextField()))
    return Prepared(Code.objects.filter(AnyOf(F("key"), keys)).order_by("key").values_list("key"))


def test_values_take_the_place_of_their_slots():
    query = displays()

    assert query.ask(keys=["S9117"]) == [("S9117",)]
    assert query.ask(keys=["S9117", "E0202", "E0203"]) == [("E0202",), ("S9117",)]


def test_a_value_is_never_read_as_sql():
    assert displays().ask(keys=["S9117') OR true --"]) == []


def test_the_database_keeps_the_query_and_its_plan():
    query = displays()
    query.ask(keys=["S9117"])
    query.ask(keys=["E0202"])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement = %s",
            [query.sql.replace("%s", "$1")],
        )
        assert cursor.fetchall() == [(2,)]


def test_a_query_is_counted_as_any_other():
    query = displays()

    assert queries_in(lambda: query.ask(keys=["S9117"])) == 1


def test_models_come_with_those_they_lead_to_and_with_their_values():
    found = Code.objects.filter(key=Slot("key", TextField())).annotate(size=Length("display"))
    query = PreparedModels(found, "successor", "descriptors", "descriptors__release")

    [(code, successor, descriptor, release, size)] = query.ask(key="S9117")

    assert code == Code.objects.get(key="S9117")
    assert successor is None
    assert (descriptor.short, release.system, size) == ("Back school", "HCPCS", 5)


def test_what_a_query_defers_comes_when_it_is_asked_for():
    found = Code.objects.filter(key=Slot("key", TextField())).defer("display")

    [(code,)] = PreparedModels(found).ask(key="S9117")

    assert code.get_deferred_fields() == {"display"}
    assert code.display == "S9117"
