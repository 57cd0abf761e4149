"""The resolver asked by a code, and by whatever is typed on the command line."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from policies.code_resolver import resolve_code
from policies.resolver import Occasion
from tests.policies.library import lamps, published

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
OCCASION = Occasion("medicaid", "TX", DAY, None, None)
OTHER_CODES = "CPT codes covered if selection criteria are met:\n\n97530 Lamp\n"
BECAUSE = "because this line of business goes by date of service (2026-03-02) and"

NOT_STATED = "this bulletin goes by date of receipt, and the date of receipt is not stated."


def sentences(code, occasion=OCCASION):
    return [one.sentence for one in resolve_code(code, occasion)]


def test_every_bulletin_that_names_a_code_answers_by_number():
    published(lamps(number="0910"), effective_basis="receipt")
    published(lamps(number="0907"))
    published(lamps(number="0911", codes=OTHER_CODES))

    assert sentences("97113") == [  # in the range 97112 - 97116
        f"0907 version 1, {BECAUSE} version 1 is in effect from 2026-01-01.",
        f"0910: no version, because {NOT_STATED}",
    ]


def test_a_version_that_governs_without_the_code_says_so():
    published(effective_from=date(2024, 1, 1))
    published(lamps(limitation="No lamp."), effective_from=date(2025, 1, 1))
    published(lamps(codes=OTHER_CODES), effective_from=date(2026, 1, 1))

    (answer,) = resolve_code("97110", OCCASION)

    assert answer.is_named is False
    assert answer.sentence == (
        f"0907 version 3, {BECAUSE} version 3 is in effect from 2026-01-01. Version 3 does not name"
        " 97110; versions 1 and 2 do."
    )


def test_a_code_that_nobody_names_has_no_answer():
    published()

    assert sentences("99213") == []


def test_a_code_takes_four_queries(django_assert_num_queries):
    for number in range(4):
        published(lamps(number=f"091{number}"))

    with django_assert_num_queries(4):  # spans and what they say, lines, versions
        assert len(resolve_code("97110", OCCASION)) == 4


# On the command line


def resolved(capsys, *arguments):
    call_command("resolve", *arguments)
    return capsys.readouterr().out.splitlines()


def test_a_bulletin_is_resolved_with_its_near_misses(capsys):
    published(effective_from=date(2025, 1, 1))
    published(lamps(limitation="No lamp."), effective_from=date(2026, 1, 1))

    told = resolved(
        capsys, "0907", "--line", "medicaid", "--state", "tx", "--service", "2026-03-02"
    )

    assert told == [
        f"0907 version 2, {BECAUSE} version 2 is in effect from 2026-01-01.",
        "  Near miss: version 1 ended on 2025-12-31, 61 days before the service.",
    ]


def test_a_code_is_resolved_and_what_is_not_given_is_not_stated(capsys):
    published()

    assert resolved(capsys, "97110", "--received", "2026-03-02")[0] == (
        "0907: no version, because every line of business goes by date of service, and the date of"
        " service is not stated."
    )


def test_what_is_neither_a_number_nor_a_code_is_refused():
    with pytest.raises(CommandError, match="No bulletin has the number 0999, and no published"):
        call_command("resolve", "0999")
