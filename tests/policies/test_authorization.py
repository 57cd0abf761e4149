"""The authorization list's answers. Every expectation is worked out by hand from the stated order:
codes, then plan, state and line of business, then the later first day."""

from datetime import date

import pytest

from policies.authorization import (
    Outcome,
    authorization_needed,
    authorizations_needed,
    by_line_of_business,
)
from policies.models import LineOfBusiness, Requirement
from tests.policies.authorization_rows import kept

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
PA, NOTICE, NONE = "prior_authorization", "notification", "not_required"
INSURED, MEDICAID, MA = "commercial_insured", "medicaid", "medicare_advantage"
ABSENT = "absent"
DEPENDS = "depends"


def row(low, requirement, high="", line="", plan="", state="", begins="2026-01-01", ends=None):
    return {
        "low": low, "requirement": requirement, "high": high, "line_of_business": line,
        "plan": plan, "state": state, "valid_from": date.fromisoformat(begins),
        "valid_to": date.fromisoformat(ends) if ends else None,
    }  # fmt: skip


def asked(line="", plan="", state=""):
    return {"line_of_business": line, "plan": plan, "state": state}


WIDE = row("97000", NOTICE, "97799")
CASES = {
    # one row
    "the code itself": ([row("97545", PA)], asked(), PA),
    "the first of a range": ([row("97545", PA, "97546")], asked(), PA),
    "the last of a range": ([row("97540", PA, "97545")], asked(), PA),
    "past a range": ([row("97540", PA, "97544")], asked(), ABSENT),
    "before a range": ([row("97546", PA, "97549")], asked(), ABSENT),
    "another code": ([row("97546", PA)], asked(), ABSENT),
    "a letter ends no range of digits": ([row("9754A", PA)], asked(), ABSENT),
    "a stated no": ([row("97545", NONE)], asked(), NONE),
    # codes
    "one code before a range": ([row("97545", PA), WIDE], asked(), PA),
    "one code that needs none before a range": ([row("97545", NONE), WIDE], asked(), NONE),
    "the narrower range": ([row("97500", PA, "97599"), WIDE], asked(), PA),
    "the narrowest of three": (
        [WIDE, row("97500", PA, "97599"), row("97540", NONE, "97549")], asked(), NONE,
    ),
    "a range of the same first code": ([row("97000", PA, "97600"), WIDE], asked(), PA),
    "codes count before the plan": (
        [row("97545", NONE), row("97000", PA, "97799", plan="Oak")], asked(plan="Oak"), NONE,
    ),
    "codes count before the later day": (
        [row("97545", NONE, begins="2020-01-01"), WIDE], asked(), NONE,
    ),
    # for whom
    "the line asked": (
        [row("97545", PA, line=INSURED), row("97545", NONE, line=MEDICAID)], asked(INSURED), PA,
    ),
    "the line before none": (
        [row("97545", NONE), row("97545", PA, line=INSURED)], asked(INSURED), PA,
    ),
    "no row for this line": (
        [row("97545", NONE), row("97545", PA, line=INSURED)], asked(MEDICAID), NONE,
    ),
    "another line alone": ([row("97545", PA, line=INSURED)], asked(MEDICAID), ABSENT),
    "the state before the line": (
        [row("97545", NONE, line=MEDICAID), row("97545", PA, state="TX")],
        asked(MEDICAID, state="TX"), PA,
    ),
    "state and line before the state": (
        [row("97545", NONE, line=MEDICAID, state="TX"), row("97545", PA, state="TX")],
        asked(MEDICAID, state="TX"), NONE,
    ),
    "the plan before state and line": (
        [row("97545", NONE, plan="Oak"), row("97545", PA, line=MEDICAID, state="TX")],
        asked(MEDICAID, "Oak", "TX"), NONE,
    ),
    "another state": (
        [row("97545", NOTICE), row("97545", PA, state="TX")], asked(state="OH"), NOTICE,
    ),
    "another plan": (
        [row("97545", NOTICE), row("97545", PA, plan="Oak")], asked(INSURED, "Elm", "OH"), NOTICE,
    ),
    "capitals and spaces of a plan": (
        [row("97545", PA, plan="Silver Oak")], asked(plan="silver  oak"), PA,
    ),
    # days
    "the last day": ([row("97545", PA, ends="2026-03-02")], asked(), PA),
    "the day after the last": ([row("97545", PA, ends="2026-03-01")], asked(), ABSENT),
    "the first day": ([row("97545", PA, begins="2026-03-02")], asked(), PA),
    "the day before the first": ([row("97545", PA, begins="2026-03-03")], asked(), ABSENT),
    "the later first day": (
        [row("97545", PA, begins="2025-01-01"), row("97545", NONE)], asked(), NONE,
    ),
    "a later day that has not come": (
        [row("97545", PA), row("97545", NONE, begins="2026-07-01")], asked(), PA,
    ),
    "an ended exception gives way to its range": (
        [row("97545", NONE, ends="2026-01-31"), WIDE], asked(), NOTICE,
    ),
    "whom counts before the later day": (
        [row("97545", PA, line=INSURED, begins="2020-01-01"), row("97545", NONE)],
        asked(INSURED), PA,
    ),
    # neither range lies in the other
    "overlapping ranges that agree": (
        [row("97500", PA, "97545"), row("97545", PA, "97599")], asked(), PA,
    ),
    "of overlapping ranges the one for the line": (
        [row("97500", NONE, "97545", line=INSURED), row("97545", PA, "97599")],
        asked(INSURED), NONE,
    ),
    "of overlapping ranges the later": (
        [row("97500", NONE, "97545"), row("97545", PA, "97599", begins="2025-06-01")],
        asked(), NONE,
    ),
    # what is not stated
    "lines that differ": (
        [row("97545", PA, line=INSURED), row("97545", NONE, line=MEDICAID)], asked(), DEPENDS,
    ),
    "a line and the rest that differ": (
        [row("97545", NONE), row("97545", PA, line=INSURED)], asked(), DEPENDS,
    ),
    "one line and nothing of the rest": ([row("97545", PA, line=INSURED)], asked(), DEPENDS),
    "a line and the rest that agree": (
        [row("97545", PA), row("97545", PA, line=INSURED)], asked(), PA,
    ),
    "every line for itself, all alike": (
        [row("97545", PA, line=one) for one in LineOfBusiness], asked(), PA,
    ),
    "states that differ": (
        [row("97545", PA), row("97545", NONE, state="TX")], asked(INSURED), DEPENDS,
    ),
    "a plan that differs": (
        [row("97545", PA), row("97545", NONE, plan="Oak")], asked(INSURED, state="TX"), DEPENDS,
    ),
    "a line that differs only in the wider range": (
        [row("97545", PA), row("97000", NONE, "97799", line=INSURED)], asked(), PA,
    ),
    "a line that has ended makes no difference": (
        [row("97545", PA), row("97545", NONE, line=INSURED, ends="2026-02-01")], asked(), PA,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "coverage", "expected"), CASES.values(), ids=CASES)
def test_the_most_specific_row_governs(rows, coverage, expected):
    kept("99999", PA)  # the list is never empty
    for one in rows:
        kept(**one)

    answer = authorization_needed("97545", on=DAY, **coverage)

    if expected in (ABSENT, DEPENDS):
        kind = Outcome.NOT_LISTED if expected == ABSENT else Outcome.DEPENDS
        assert (answer.outcome, answer.requirement, answer.rule) == (kind, None, None)
    else:
        assert (answer.outcome, answer.requirement) == (Outcome.GOVERNED, expected)
        assert answer.rule.requirement == expected


@pytest.mark.parametrize("is_turned", [False, True])
def test_rows_that_nothing_ranks_contradict_each_other_and_the_stricter_is_shown(is_turned):
    rows = [row("97500", NOTICE, "97545"), row("97545", PA, "97599")]
    for one in reversed(rows) if is_turned else rows:
        kept(**one)

    answer = authorization_needed("97545", on=DAY)

    assert (answer.outcome, answer.requirement) == (Outcome.CONTRADICTED, PA)
    assert (
        "The list contradicts itself: row 97500 - 97545 of “2026 authorization list” says"
        " notification, and neither is more specific than row 97545 - 97599" in answer.sentence
    )
    assert "The stricter is shown" in answer.sentence


def test_ranks_that_go_round_in_a_circle_are_settled_by_the_codes_first():
    # A lies in C, B only overlaps both; B is for the plan, C for plan and line. C is out, for A
    # lies in it, and of A and B the plan decides.
    kept("97540", PA, "97550")  # A
    kept("97545", NOTICE, "97560", plan="Oak")  # B
    kept("97500", NONE, "97555", plan="Oak", line_of_business=INSURED)  # C

    answer = authorization_needed("97545", on=DAY, line_of_business=INSURED, plan="Oak")

    assert (answer.outcome, answer.requirement) == (Outcome.GOVERNED, NOTICE)


# Sentences


def test_the_sentence_names_the_row_and_what_it_goes_before():
    kept("97545", PA, "97546", line_of_business=INSURED)
    kept("97000", NOTICE, "97799", source="Notices 2025")

    answer = authorization_needed("97545", on=DAY, line_of_business=INSURED)

    assert answer.sentence == (
        "Prior authorization is required for 97545 (Commercial, insured; from 2026-01-01), by row"
        " 97545 - 97546 of “2026 authorization list”; the wider row 97000 - 97799 says"
        " notification."
    )
    assert [one.printed for one in answer.others] == ["97000 - 97799"]


def test_the_sentence_says_of_what_it_depends():
    kept("97545", PA, line_of_business=MEDICAID, state="TX")
    kept("97545", NONE)

    answer = authorization_needed("97545", on=DAY)

    assert answer.sentence == (
        "What 97545 needs depends on the line of business and state, which are not stated: prior"
        " authorization by row 97545 of “2026 authorization list” (Medicaid managed care, TX; from"
        " 2026-01-01); not required by row 97545 of “2026 authorization list” (every line of"
        " business; from 2026-01-01)."
    )


def test_what_is_stated_is_no_longer_asked_for():
    kept("97545", PA, line_of_business=MEDICAID, state="TX")
    kept("97545", NONE)

    answer = authorization_needed("97545", on=DAY, line_of_business=MEDICAID)

    assert "depends on the state, which is not stated" in answer.sentence


def test_absence_says_what_the_list_holds_and_guesses_nothing():
    kept("97545", PA, line_of_business=MEDICAID, state="TX")
    kept("E0100", NOTICE, line_of_business=MA, state="OH", source="Equipment")

    answer = authorization_needed("97110", on=DAY, line_of_business=INSURED)

    assert answer.sentence == (
        "97110 is not on the authorization list for Commercial, insured on 2026-03-02. The list of"
        " that day has 2 rows of CPT and HCPCS codes, for Medicaid managed care and Medicare"
        " Advantage in OH and TX, from “2026 authorization list” and “Equipment”. Whether a code"
        " that is not listed needs authorization is for the plan's document to say."
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"line_of_business": MEDICAID},
            "prior authorization, but only for Medicaid managed care.",
        ),
        ({"valid_to": date(2026, 2, 1)}, "for every line of business, but it ended on 2026-02-01."),
        ({"valid_from": date(2027, 1, 1)}, "every line of business, but only from 2027-01-01."),
    ],
)
def test_absence_names_the_row_that_nearly_speaks_of_it(options, sentence):
    kept("99999", PA)
    kept("97545", PA, **options)

    answer = authorization_needed("97545", on=DAY, line_of_business=INSURED)

    assert answer.outcome == Outcome.NOT_LISTED
    assert sentence in answer.sentence


def test_no_list_is_an_answer_of_its_own():
    answer = authorization_needed("97545", on=DAY)

    assert answer.outcome == Outcome.NO_LIST
    assert answer.sentence == (
        "No authorization list is loaded, so nothing says whether 97545 needs any."
    )


def test_a_day_before_the_list_began_has_no_list():
    kept("97545", PA)

    answer = authorization_needed("97545", on=date(2019, 1, 1))

    assert answer.outcome == Outcome.NO_LIST
    assert "The first row begins on 2026-01-01." in answer.sentence


# Codes of more than one system, and many at once


@pytest.mark.parametrize("typed", ["c1713", "C1713", " C1713"])
def test_a_key_that_may_be_a_diagnosis_is_read_as_the_service(typed):
    kept("C17.0", PA, "C17.9", system="ICD-10-CM")
    kept("C1713", NOTICE, system="HCPCS")

    assert authorization_needed(typed, on=DAY).requirement == NOTICE


def test_a_dental_code_is_met_by_either_of_its_systems():
    kept("D6600", PA, system="CDT")

    assert authorization_needed("D6600", on=DAY).requirement == PA


def test_many_codes_take_one_query(django_assert_num_queries):
    kept("97545", PA)
    kept("E0100", NOTICE, "E0199")

    with django_assert_num_queries(1):
        answers = authorizations_needed(["97545", "E0148", "e0150"], on=DAY)

    assert [one.requirement for one in answers.values()] == [PA, NOTICE, NOTICE]
    assert list(answers) == ["97545", "E0148", "e0150"]


def test_absent_codes_take_one_more(django_assert_num_queries):
    kept("97545", PA)

    with django_assert_num_queries(2):
        authorizations_needed(["97545", "99213", "99214"], on=DAY)


def test_every_line_of_business_takes_one_query(django_assert_num_queries):
    kept("97545", NONE)
    kept("97545", PA, line_of_business=INSURED)

    with django_assert_num_queries(1):
        answers = by_line_of_business("97545", DAY)

    assert list(answers) == list(LineOfBusiness)
    assert answers[LineOfBusiness.COMMERCIAL_INSURED].requirement == PA
    assert {answers[line].requirement for line in LineOfBusiness if line != INSURED} == {
        Requirement.NOT_REQUIRED
    }
