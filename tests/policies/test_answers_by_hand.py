"""Codes, diagnoses and days over the demonstration's bulletins, worked out by reading them.

The library is loaded as of 2026-03-02. Each case names the bulletin that was read and why it
answers so; `covered` is the first answer for the line beside the diagnosis.
"""

from datetime import date
from typing import NamedTuple

import pytest

from policies.answers import answer_for
from policies.resolver import Occasion
from tests.policies.library import DAY

APRIL_15 = date(2025, 4, 15)  # the last day of 0298 version 1: version 2 began 320 days before DAY
JULY_8 = date(2026, 7, 8)  # the first day of 0614 version 2: 128 days after DAY
IF_MET = "covered_if_criteria_met"


class Case(NamedTuple):
    service: str
    diagnosis: str
    bulletin: str
    version: int | None  # None: it states no effective date
    follows: str
    covered: str
    why: str
    on: date = DAY
    received: date = DAY
    line: str = "commercial_insured"


CASES = [
    Case("97545", "S33.5XXA", "0298", 2, "not_covered", "no",
         "named exactly; the injuries S00.00X+ - T88.9XX+ are not covered either"),
    Case("97545", "S33.5XXA", "0614", 1, "not_covered", "no",
         "97545 is among the codes not covered, though the sprain is among the covered"),
    Case("97545", "S33.5XXA", "0298", 1, "not_covered", "no",
         "the day before version 2; version 1 has S00.00X+ - S99.929+", on=APRIL_15),
    Case("97545", "T20.30XA", "0298", 1, "not_named", "unknown",
         "version 1 ends its injuries at S99.929+, and speaks for listed indications", on=APRIL_15),
    Case("97545", "T20.30XA", "0298", 2, "not_covered", "no",
         "version 2 goes on to T88.9XX+"),
    Case("97545", "Z51.89", "0298", 2, "not_covered", "conditional",
         "the row of Z51.89 has brackets"),
    Case("97545", "Z98.890", "0298", 2, "not_covered", "no",
         "below Z98.89, the upper bound of Z98.870 - Z98.89"),
    Case("97545", "Z98.86", "0298", 2, "not_named", "unknown",
         "just before Z98.870"),
    Case("97546", "Z87.828", "0298", 2, "not_covered", "no",
         "the upper bound of Z87.81 - Z87.828; 97546 is the indented add-on code"),
    Case("97537", "Z56.0", "0298", 2, "not_covered", "conditional",
         "brackets: not covered for a vocational goal"),
    Case("97537", "Z56.0", "0298", 1, "related", "unknown",
         "version 1 has 97537 under related codes", on=APRIL_15),
    Case("97545", "M54.50", "0614", 1, "not_covered", "no",
         "0298 is not for Medicaid, so 0614 alone speaks", line="medicaid"),
    Case("97110", "M54.50", "0614", 1, IF_MET, "conditional",
         "the lower bound of M54.50 - M54.59"),
    Case("97110", "M54.50", "1203", 1, "related", "conditional",
         "exercise is related to the bulletin on imaging; 0614 decides"),
    Case("97110", "G20.A1", "0614", 1, "not_named", "conditional",
         "version 1 does not name Parkinson's disease; criteria decide, not indications"),
    Case("97110", "G20.A1", "0614", 2, IF_MET, "conditional",
         "version 2 names G20.A1 - G20.C", on=JULY_8, received=JULY_8),
    Case("97150", "M54.2", "0614", 2, IF_MET, "conditional",
         "exact, with brackets on live video", on=JULY_8, received=JULY_8),
    Case("97034", "S13.4XXD", "0614", 1, IF_MET, "conditional",
         "inside 97032 - 97035; S13.4XX+ stands for every 7th character"),
    Case("97012", "M54.50", "0614", 1, IF_MET, "conditional",
         "covered but for vertebral axial decompression; 1246 may govern and does not count"),
    Case("97012", "M54.50", "1246", None, "not_covered", "conditional",
         "1246 states no effective date; its diagnoses are for all procedures"),
    Case("64628", "M54.51", "1246", None, "not_covered", "unknown",
         "covered if criteria met, the diagnosis not covered, but no day says that it governs"),
    Case("72148", "G83.4", "1203", 1, IF_MET, "conditional", "both exact, both covered"),
    Case("72148", "Z02.5", "1203", 1, "not_covered", "conditional",
         "inside Z02.1 - Z02.6, whose brackets say which examinations"),
    Case("72148", "Z00.00", "1203", 1, "not_covered", "no", "the lower bound of Z00.00 - Z00.01"),
    Case("E0601", "G47.33", "1217", 1, IF_MET, "conditional",
         "both under “Devices and supplies”"),
    Case("E0601", "R06.83", "1217", 1, "not_covered", "no", "snoring alone"),
    Case("95810", "G47.33", "1217", 1, IF_MET, "conditional",
         "“Sleep tests” has no diagnoses of its own, so the list of the devices counts"),
    Case("95250", "O24.410", "1224", 1, "not_covered", "conditional",
         "“Recording by the clinic” has no diagnoses of its own; 95250 has brackets"),
    Case("K0823", "G35.D", "1231", 1, IF_MET, "conditional",
         "goes by receipt, on its first day; inside K0820 - K0829", received=date(2025, 1, 26)),
    Case("J1745", "K51.40", "1240", 1, IF_MET, "conditional",
         "the brackets except K51.40 - K51.419"),
    Case("82306", "E83.31", "1255", 1, IF_MET, "conditional", "inside E83.30 - E83.39"),
    Case("82652", "E83.52", "1255", 1, IF_MET, "conditional", "exact, under the same scope"),
    Case("82652", "E55.9", "1255", 1, "depends", "conditional",
         "vitamin D deficiency stands only under the other test"),
    Case("43770", "E66.3", "1270", 1, "not_covered", "no", "overweight"),
    Case("43770", "E11.65", "1270", 1, IF_MET, "conditional",
         "related diagnoses change nothing of the service"),
    Case("15822", "H02.32", "1277", 1, "not_covered", "no", "not covered for all procedures"),
    Case("15822", "H02.101", "1277", 1, "depends", "conditional",
         "covered only under “Lower eyelid”"),
    Case("J0585", "G24.5", "1277", 1, "not_covered", "conditional",
         "brackets: covered for blepharospasm"),
    Case("G0277", "S57.81XA", "1291", 1, IF_MET, "conditional",
         "inside S57.00X+ - S57.82X+, on the second line of a cell of four"),
    Case("97810", "M54.51", "1305", 1, "not_covered", "no", "vertebrogenic pain is apart"),
    Case("97810", "M54.5", "1305", 1, "depends", "conditional",
         "a header: M54.50 and M54.59 are covered, M54.51 is not"),
    Case("0118", "S06.5X0A", "1312", 1, IF_MET, "conditional",
         "a revenue code with brackets; inside S06.0X0+ - S06.9XA+"),
]  # fmt: skip
SILENT = [
    ("97545", "S33.5XXA", "0298", {"line": "medicaid"}, "it is for commercial lines only"),
    ("K0823", "G35.D", "1231", {"received": date(2025, 1, 25)}, "received the day before it began"),
    ("J1745", "K51.40", "1240", {"line": "medicare_advantage"}, "not for Medicare Advantage"),
    ("97028", "M54.50", "0614", {}, "only version 2, which is to come, names it"),
    ("97810", "M54.50", "1305", {"on": date(2025, 12, 6)}, "the day before it began"),
]


def ask(service, diagnosis, *, on=DAY, received=DAY, line="commercial_insured"):
    occasion = Occasion(line, "NY", on, received, DAY)
    (one,) = answer_for([service], [diagnosis], occasion, on=DAY).lines
    return one


@pytest.mark.parametrize(
    "case", CASES, ids=lambda one: f"{one.service} {one.diagnosis} {one.bulletin} {one.on}"
)
def test_the_answer_is_what_the_bulletin_says(march_library, django_db_blocker, case):
    with django_db_blocker.unblock():
        line = ask(case.service, case.diagnosis, on=case.on, received=case.received, line=case.line)

    (bulletin,) = [one for one in line.bulletins if one.governing.bulletin.number == case.bulletin]
    version = bulletin.governing.version
    assert (version.ordinal if version else None) == case.version
    assert bulletin.pairs[0].follows == case.follows, case.why
    assert line.by_diagnosis[0].value == case.covered, case.why


@pytest.mark.parametrize(("service", "diagnosis", "bulletin", "facts", "why"), SILENT)
def test_a_bulletin_that_does_not_govern_is_silent(
    march_library, django_db_blocker, service, diagnosis, bulletin, facts, why
):
    with django_db_blocker.unblock():
        line = ask(service, diagnosis, **facts)

    assert bulletin not in [one.governing.bulletin.number for one in line.bulletins], why
    assert any(told.startswith(bulletin) for told in line.elsewhere)
