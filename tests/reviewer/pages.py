"""What the tests of the review's pages share: posting with an intent, and a library of codes."""

from datetime import date
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.imports.code_sets import CodeLine, load_codes
from tests.factories import now


def post(client, address, **typed):
    """Send a form as a page does: with a key of its own."""
    return client.post(address, {"intent": str(uuid4()), **typed})


def queries_of(client, address):
    """How many queries a page takes, once what is kept between pages has been made."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def load(system, *rows):
    load_codes(
        rows,
        system=system,
        release_name="Test",
        valid_from=date(2020, 1, 1),
        source="test",
        sha256=system.rjust(64, "0"),
        at=now(),
    )


def load_few_codes():
    """97545, 97546 and 97110; S39.012A under its header S39.012."""
    load(
        "CPT",
        CodeLine("CPT", "97545", "Work hardening"),
        CodeLine("CPT", "97546", "Work hardening, more"),
        CodeLine("CPT", "97110", "Exercise"),
    )
    load(
        "ICD-10-CM",
        CodeLine("ICD-10-CM", "S39.012A", "Strain of lower back"),
        CodeLine("ICD-10-CM", "S39.012", "Strain of lower back", is_billable=False),
    )
