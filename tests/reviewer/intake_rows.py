"""Files of requests for tests: a row that is good, and what a test wants otherwise."""

import csv
from datetime import timedelta
from io import StringIO

from django.utils import timezone

from reviewer.intake_csv.columns import NAMES


def good_row(cast, reference="A-1", **cells):
    """A whole request for a known member by known providers, with one line."""
    today = timezone.localdate()
    received = timezone.localtime() - timedelta(hours=2)
    return {
        "reference": reference,
        "member_number": cast.member.number,
        "line_of_business": "Commercial, insured",
        "requesting_npi": cast.clinic.npi,
        "servicing_npi": cast.therapist.npi,
        "review_type": "prospective",
        "urgency": "standard",
        "channel": "Fax",
        "received_at": received.strftime("%Y-%m-%d %H:%M"),
        "summary": "Lumbar strain nine weeks ago.",
        "item_kind": "service",
        "diagnoses": "s39.012a",
        "code": "97545",
        "modifiers": "gp",
        "units": "20",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=30)).isoformat(),
    } | cells


def on_day(number, **cells):
    """Days of its own, so that no other row asks for the same."""
    first = timezone.localdate() + timedelta(days=31 * number)
    last = first + timedelta(days=30)
    return {"starts_on": first.isoformat(), "ends_on": last.isoformat()} | cells


def file_of(*rows, names=NAMES, delimiter=",", encoding="utf-8"):
    """The bytes of a file with these rows."""
    out = StringIO()
    writer = csv.DictWriter(out, names, delimiter=delimiter, restval="", extrasaction="raise")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)
