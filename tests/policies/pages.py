"""What every test of a library page needs: people, a few codes, and how to count queries."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.imports.code_sets import CodeLine, load_codes
from tests.policies.library import AT


def load(system, *codes, **facts):
    """Load codes of a system as a release of its own: plain codes, or `CodeLine`s."""
    rows = [
        one if isinstance(one, CodeLine) else CodeLine(system, one, f"Meaning of {one}")
        for one in codes
    ]
    release = {
        "release_name": "Test",
        "valid_from": date(2025, 10, 1),
        "source": "test",
        "sha256": system.rjust(64, "0"),
        "at": AT,
    }
    load_codes(rows, system=system, **release | facts)


def queries_of(client, address):
    """How many queries a page takes, once whatever it keeps has been made."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)


def queries_in(act):
    """How many queries an act takes."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)
