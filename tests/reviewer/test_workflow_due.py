"""Which limit a request and an appeal have: expectations from the regulations by citation."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from reviewer.models import Appeal, Request
from reviewer.workflow.due import Due, appeal_due, request_due

NOON = datetime(2026, 11, 2, 17, tzinfo=UTC)  # a Monday, 12:00 in New York
NEW_YORK = ZoneInfo("America/New_York")


def asked(line_of_business, review_type="prospective", urgency="standard"):
    return Request(
        line_of_business=line_of_business,
        review_type=review_type,
        urgency=urgency,
        received_at=NOON,
    )


REQUESTS = [
    ("commercial_insured", "prospective", "standard", "ERISA.PRE.INIT", "2026-11-17 23:59:59"),
    ("commercial_self_funded", "prospective", "expedited", "ERISA.URG.INIT", "2026-11-05 12:00:00"),
    ("marketplace", "prospective", "standard", "ERISA.PRE.INIT", "2026-11-17 23:59:59"),
    ("commercial_insured", "retrospective", "standard", "ERISA.POST.INIT", "2026-12-02 23:59:59"),
    ("commercial_insured", "retrospective", "expedited", "ERISA.POST.INIT", "2026-12-02 23:59:59"),
    ("commercial_insured", "concurrent", "standard", "ERISA.CON.EXT.NONURG", "2026-11-17 23:59:59"),
    ("commercial_insured", "concurrent", "expedited", "ERISA.URG.INIT", "2026-11-05 12:00:00"),
    ("medicare_advantage", "prospective", "standard", "MA.STD.PA", "2026-11-09 23:59:59"),
    ("medicare_advantage", "concurrent", "expedited", "MA.EXP", "2026-11-05 12:00:00"),
    ("integrated_dsnp", "prospective", "standard", "AIP.DET.PA", "2026-11-09 23:59:59"),
    ("medicaid", "prospective", "standard", "MCD.STD", "2026-11-09 23:59:59"),
    ("medicaid", "prospective", "expedited", "MCD.EXP", "2026-11-05 12:00:00"),
]


@pytest.mark.parametrize(("line", "review_type", "urgency", "rule", "due"), REQUESTS)
def test_request_is_due_by_the_rule_of_its_coverage(line, review_type, urgency, rule, due):
    found = request_due(asked(line, review_type, urgency))

    assert found.rule == rule
    assert found.at.astimezone(NEW_YORK).strftime("%Y-%m-%d %H:%M:%S") == due
    assert found.citation


def test_medicaid_goes_by_the_rating_period_of_the_year():
    request = asked("medicaid")
    request.received_at = datetime(2025, 11, 3, 17, tzinfo=UTC)

    found = request_due(request)

    assert (found.rule, found.citation) == ("MCD.STD.OLD", "42 CFR 438.210(d)(1)(ii)(A)")
    assert f"{found.at.astimezone(NEW_YORK):%Y-%m-%d}" == "2025-11-17"


def test_no_limit_is_stated_where_no_rule_is():
    assert request_due(asked("medicare_advantage", "retrospective")) == Due()
    assert Due() == Due(at=None, rule="", citation="")


APPEALS = [
    ("commercial_insured", "prospective", "standard", "ERISA.APP.PRE.1", "2026-12-02 23:59:59"),
    ("commercial_insured", "concurrent", "expedited", "ERISA.APP.URG", "2026-11-05 12:00:00"),
    ("commercial_insured", "retrospective", "standard", "ERISA.APP.POST.1", "2027-01-01 23:59:59"),
    ("medicare_advantage", "prospective", "standard", "MA.REC.STD", "2026-12-02 23:59:59"),
    ("medicare_advantage", "prospective", "expedited", "MA.REC.EXP", "2026-11-05 12:00:00"),
    ("medicare_advantage", "retrospective", "standard", "MA.REC.PAY", "2027-01-01 23:59:59"),
    ("integrated_dsnp", "prospective", "standard", "AIP.REC.STD", "2026-12-02 23:59:59"),
    ("medicaid", "prospective", "standard", "MCD.APP.STD", "2026-12-02 23:59:59"),
    ("medicaid", "prospective", "expedited", "MCD.APP.EXP", "2026-11-05 12:00:00"),
]


@pytest.mark.parametrize(("line", "review_type", "urgency", "rule", "due"), APPEALS)
def test_appeal_is_due_by_the_rule_of_its_coverage(line, review_type, urgency, rule, due):
    appeal = Appeal(request=asked(line, review_type), urgency=urgency, received_at=NOON)

    found = appeal_due(appeal)

    assert found.rule == rule
    assert found.at.astimezone(NEW_YORK).strftime("%Y-%m-%d %H:%M:%S") == due
