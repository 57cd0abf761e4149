"""What the database reads for the lists of a day's work, at twenty thousand requests: never the
whole of a table that grows with the years."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.bench.growing import decide, grow
from tests.bench.requests import write_requests
from tests.bench.scratch import tidy
from tests.bench.worklists import DOCTOR, LEAD, NURSE, enter_people

GROWS = {
    f"reviewer_{name}"
    for name in (
        "request", "serviceline", "clock", "clockevent", "event", "determination",
        "activedetermination", "notice", "referral",
    )
}  # fmt: skip
PAGES = [
    (NURSE, "/queue"),
    (NURSE, "/queue?state=referred"),
    (NURSE, "/queue?due=overdue"),
    (NURSE, "/queue?assignee=anyone&code=97545"),
    (DOCTOR, "/queue"),
    (LEAD, "/team"),
    (LEAD, "/team?state=incomplete"),
    (LEAD, "/team?assignee=bench"),
    (LEAD, "/to-tell"),
    (NURSE, "/to-tell?signed=me"),
    (LEAD, "/absences"),
]


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    """Twenty thousand requests, 1,000 of them open; what is there is emptied at the end."""
    with django_db_blocker.unblock():
        try:
            entered = enter_people()
            write_requests(200, by=entered[NURSE], at=timezone.now())
            tidy()
            decide(entered[NURSE])
            grow(20_000)
            yield entered
        finally:
            call_command("flush", interactive=False, verbosity=0)


def queries(person, address):
    """Every question that the page asks, as it was sent."""
    client = Client()
    client.force_login(person.user)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    asked = [one["sql"] or "" for one in captured]
    prepared = "$1"  # of the library alone
    return [sql for sql in asked if sql.startswith("SELECT") and prepared not in sql]


def walked(sql):
    """The tables that the plan of a question reads from end to end."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql.replace('%', '%%')}", [])
        (found,) = cursor.fetchone()
    nodes, tables = [(json.loads(found) if isinstance(found, str) else found)[0]["Plan"]], set()
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if node["Node Type"] == "Seq Scan":
            tables.add(node["Relation Name"])
    return tables & GROWS


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_no_list_reads_a_table_that_grows_from_end_to_end(people, who, address):
    asked = queries(people[who], address)

    assert {sql: walked(sql) for sql in asked if walked(sql)} == {}


def test_a_question_without_an_index_is_seen(people):
    assert walked("SELECT count(*) FROM reviewer_event WHERE sentence = 'x'") == {"reviewer_event"}
