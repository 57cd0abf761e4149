"""What the bulletins say of a code: every hit, how it matched, and what is not stated."""

from datetime import date
from pathlib import Path

import pytest

from policies.imports.code_sets import CodeLine, load_codes
from policies.look_up import OPEN_LIST, descriptor_on, look_up
from policies.look_up_pairs import Pair, look_up_pair, look_up_pairs
from policies.publishing import retire
from policies.reading.codes import Membership
from policies.resolver import Occasion
from tests.policies.library import AT, draft, lamps, published

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
OCCASION = Occasion("medicaid", "TX", DAY, DAY, DAY)
SHARED = Path(__file__).parents[3] / "shared" / "bulletins" / "0198-work-hardening-programs.txt"
NOT_COVERED = "not covered for indications listed in the CPB"
DIAGNOSES = f"ICD-10 codes {NOT_COVERED} (not all-inclusive)"


def covering(codes):
    return lamps(codes=f"{codes}\n")


def load(system, *codes):
    rows = [CodeLine(system, code, f"Meaning of {code}") for code in codes]
    load_codes(
        rows, system=system, release_name="Test", valid_from=date(2025, 10, 1),
        source="test", sha256=system.rjust(64, "0"), at=AT,
    )  # fmt: skip


# The real document


@pytest.fixture
def work_hardening():
    if not SHARED.exists():
        pytest.skip(f"the bulletin is not there: {SHARED.name} is never part of the project")
    return published(SHARED.read_bytes(), name=SHARED.name, effective_from=None)


@pytest.mark.parametrize(
    ("code", "heading", "sentence"),
    [
        ("97545", f"CPT codes {NOT_COVERED}", "exact code"),
        ("97546", f"CPT codes {NOT_COVERED}", "exact code"),
        ("S9117", f"HCPCS codes {NOT_COVERED}", "exact code"),
        ("S13.4XXA", DIAGNOSES, "in range S00.00X+ - T88.9XX+"),
        ("Z98.890", DIAGNOSES, "in range Z98.870 - Z98.89"),
        ("Z51.89", DIAGNOSES, "exact code"),
    ],
)  # fmt: skip
def test_the_real_bulletin_is_found_by_its_codes(work_hardening, code, heading, sentence):
    answer = look_up(code, on=DAY)

    (hit,) = answer.hits
    assert (hit.version, hit.group.heading, hit.group.stance) == (
        work_hardening, heading, "not_covered",
    )  # fmt: skip
    assert hit.sentence == sentence
    assert answer.undated == (
        "0198 version 1 states no effective date: whether it governs on 2026-03-02 is not stated.",
    )


def test_the_real_bulletin_is_found_by_code_and_diagnosis(work_hardening):
    (answer,) = look_up_pair(code="97545", diagnoses=["S13.4XXA"], occasion=OCCASION)

    assert answer.governing.version is None
    assert answer.governing.sentence.endswith("and version 1 states no effective date.")
    assert [hit.sentence for hit in answer.code_hits] == ["exact code"]
    assert [hit.sentence for hit in answer.diagnosis_hits] == ["in range S00.00X+ - T88.9XX+"]


# How a code matches


@pytest.mark.parametrize(
    ("code", "membership", "sentence"),
    [
        ("97110", Membership.EXACT, "exact code"),
        ("97113", Membership.RANGE, "in range 97112 - 97116"),
        ("S13.4XXA", Membership.RANGE, "in range S00.00X+ - T88.9XX+"),
        ("S13.4", Membership.RANGE, "in range S00.00X+ - T88.9XX+"),
        ("Z98.890", Membership.RANGE, "in range Z98.870 - Z98.89"),
        ("Z98", Membership.PARTLY, "partly inside Z98.870 - Z98.89"),
    ],
)
def test_a_hit_says_how_it_matched(code, membership, sentence):
    published()

    (hit,) = look_up(code, on=DAY).hits

    assert (hit.membership, hit.sentence) == (membership, sentence)


def test_a_code_under_one_that_awaits_its_seventh_character_says_so():
    published(covering("ICD-10 codes covered if selection criteria are met:\n\nS13.4XX+ Neck"))

    (hit,) = look_up("S13.4XXD", on=DAY).hits

    assert hit.sentence == "under S13.4XX+"


@pytest.mark.parametrize("code", ["97111", "97117", "Z98.86", "U07.1"])
def test_what_no_list_holds_is_not_found(code):
    published()

    assert look_up(code, on=DAY).hits == ()


def test_every_group_that_names_the_code_is_a_hit():
    published(
        covering(
            "CPT codes covered if selection criteria are met:\n\n97110 Lamp [adults]\n\n"
            f"CPT codes {NOT_COVERED}:\n\n97000 - 97999 Lamp [children]"
        )
    )

    hits = look_up("97110", on=DAY).hits

    assert [(hit.group.stance, hit.row.brackets) for hit in hits] == [
        ("covered_if_criteria_met", ["adults"]),
        ("not_covered", ["children"]),
    ]


# How a code is typed


@pytest.mark.parametrize(
    ("typed", "display", "spelling"),
    [
        ("s13.4xxa", "S13.4XXA", ""),
        ("S134XXA", "S13.4XXA", ""),
        (" S13.4XXA ", "S13.4XXA", ""),
        ("+97110", "97110", ""),
        ("9711O", "97110", "Read as 97110, with a zero where the letter O was typed."),
        ("Z98.89O", "Z98.890", "Read as Z98890, with a zero where the letter O was typed."),
        ("z98.89o", "Z98.890", "Read as Z98890, with a zero where the letter O was typed."),
    ],
)
def test_a_code_is_read_as_it_was_meant(typed, display, spelling):
    published()

    answer = look_up(typed, on=DAY)

    assert (answer.display, answer.spelling) == (display, spelling)
    assert len(answer.hits) == 1


def test_the_letter_o_begins_the_codes_of_pregnancy():
    published(covering("ICD-10 codes covered if selection criteria are met:\n\nO24.410 Lamp"))

    answer = look_up("O24.41O", on=DAY)

    assert (answer.key, len(answer.hits)) == ("O24410", 1)


def test_what_is_no_code_is_said():
    answer = look_up("hello", on=DAY)

    assert (answer.systems, answer.hits) == ((), ())
    assert answer.absence.startswith("“HELLO” is not written like a code of any system")


def test_an_unknown_code_suggests_known_ones_near_it():
    load("CPT", "97110", "97112", "99213")

    answer = look_up("97119", on=DAY)

    assert answer.code is None
    assert set(answer.suggestions) == {"97110", "97112"}


def test_a_known_code_suggests_nothing():
    load("CPT", "97110", "97112")

    assert look_up("97110", on=DAY).suggestions == ()


# One key, several systems


def test_a_key_that_one_system_lists_is_not_taken_for_another():
    codes = (
        f"HCPCS codes {NOT_COVERED}:\n\nS9117 Lamp\n\n"
        f"ICD-10 codes {NOT_COVERED}:\n\nS00.00X+ - T88.9XX+ Injuries"
    )
    published(covering(codes))

    plain, dotted = look_up("S9117", on=DAY), look_up("S91.17", on=DAY)

    assert (plain.systems, [hit.sentence for hit in plain.hits]) == (("HCPCS",), ["exact code"])
    assert (dotted.systems, [hit.sentence for hit in dotted.hits]) == (
        ("ICD-10-CM",),
        ["in range S00.00X+ - T88.9XX+"],
    )


def test_loaded_codes_settle_what_a_key_means():
    load("HCPCS", "C1713")
    published(covering(f"ICD-10 codes {NOT_COVERED}:\n\nC00.0 - D09.9 Cancer"))

    assert look_up("C1713", on=DAY).hits == ()
    assert len(look_up("C17.13", on=DAY).hits) == 1
    assert len(look_up("C1713", on=DAY, system="ICD-10-CM").hits) == 1


# Which day


def test_versions_are_told_apart_by_the_day():
    published(effective_from=date(2025, 1, 1))
    published(lamps(limitation="No lamp."), effective_from=date(2026, 1, 1))
    published(lamps(limitation="Any lamp."), effective_from=date(2026, 7, 1))

    answer = look_up("97110", on=DAY)

    assert [hit.version.ordinal for hit in answer.hits] == [2]
    assert answer.hits[0].standing == "is in effect from 2026-01-01 to 2026-06-30"
    assert answer.ended == (
        "0907 version 1 names it too; it was in effect from 2025-01-01 to 2025-12-31.",
    )
    assert answer.not_yet == ("0907 version 3 names it too; it takes effect on 2026-07-01.",)


def test_undated_versions_are_found_and_said():
    published(effective_from=None)

    answer = look_up("97110", on=DAY)

    assert [hit.standing for hit in answer.hits] == ["states no effective date"]
    assert len(answer.undated) == 1
    assert answer.notes == answer.undated


def test_an_undated_version_that_ended_is_a_note():
    version = published(effective_from=None)
    retire(version=version, on=date(2026, 1, 1), reason="Old.", by=None, at=AT)

    answer = look_up("97110", on=DAY)

    assert answer.hits == ()
    assert answer.ended == (
        "0907 version 1 names it too; it states no effective date and went on to 2025-12-31.",
    )


def test_drafts_are_not_found():
    draft()

    answer = look_up("97110", on=DAY)

    assert (answer.hits, answer.notes) == ((), ())


def test_line_of_business_and_jurisdiction_narrow_the_answer():
    published(lines_of_business=["medicaid"])
    published(lamps(number="0908"), jurisdictions=["CA"])
    published(lamps(number="0909"))

    def numbers(**scope):
        return [hit.version.bulletin.number for hit in look_up("97110", on=DAY, **scope).hits]

    assert numbers() == ["0907", "0908", "0909"]
    assert numbers(line_of_business="medicaid", jurisdiction="TX") == ["0907", "0909"]
    assert numbers(line_of_business="marketplace", jurisdiction="CA") == ["0908", "0909"]


# The code itself


def test_the_code_and_what_it_meant_on_the_day():
    load("CPT", "97110")

    answer = look_up("97110", on=DAY)

    assert (answer.code.display, answer.descriptor) == ("97110", "Meaning of 97110")


def test_a_descriptor_holds_from_its_release_on():
    load("CPT", "97110")
    load_codes(
        [CodeLine("CPT", "97110", "New meaning")], system="CPT", release_name="Next",
        valid_from=date(2026, 1, 1), source="test", sha256="f" * 64, at=AT,
    )  # fmt: skip
    code = look_up("97110", on=DAY).code

    assert descriptor_on(code, date(2025, 12, 31)) == "Meaning of 97110"
    assert descriptor_on(code, date(2026, 1, 1)) == "New meaning"
    assert descriptor_on(code, date(2020, 1, 1)) == "Meaning of 97110"


# What absence means


def test_absence_decides_nothing():
    published(covering("CPT codes covered if selection criteria are met:\n\n97110 Lamp"))

    answer = look_up("97999", on=DAY)

    assert answer.absence == (
        "No bulletin in effect on 2026-03-02 names CPT 97999. That alone makes it neither covered "
        "nor not covered."
    )


def test_open_lists_are_named_where_they_matter():
    published()  # its diagnoses are an open list, its procedures are not

    assert OPEN_LIST in look_up("U07.1", on=DAY).absence
    assert OPEN_LIST in look_up("S13.4XXA", on=DAY).absence
    assert OPEN_LIST not in look_up("97999", on=DAY).absence


def test_an_open_list_that_is_over_does_not_matter():
    version = published()
    retire(version=version, on=date(2026, 2, 1), reason="Old.", by=None, at=AT)

    assert OPEN_LIST not in look_up("U07.1", on=DAY).absence


# A code with its diagnoses


def test_bulletins_that_name_both_come_first():
    procedure = "CPT codes covered if selection criteria are met:\n\n97110 Lamp\n\n"
    diagnosis = "ICD-10 codes covered if selection criteria are met:\n\n"
    published(lamps(number="0901", codes=procedure))
    published(lamps(number="0902", codes=f"{procedure}{diagnosis}S00.00X+ - T88.9XX+ Any\n"))
    published(lamps(number="0903", codes=f"{procedure}{diagnosis}S13.4XXA Neck\n"))
    published(lamps(number="0904", codes=f"{diagnosis}S13.4XXA Neck\n"))

    answers = look_up_pair(code="97110", diagnoses=["S13.4XXA"], occasion=OCCASION)

    named = [(one.governing.bulletin.number, len(one.diagnosis_hits)) for one in answers]
    assert named == [("0903", 1), ("0902", 1), ("0901", 0)]


def test_hits_are_those_of_the_version_that_governs():
    published(effective_from=date(2025, 1, 1))
    published(lamps(limitation="No lamp."), effective_from=date(2026, 1, 1))

    (answer,) = look_up_pair(code="97110", diagnoses=["S13.4"], occasion=OCCASION)

    assert answer.governing.version.ordinal == 2
    assert {hit.version.ordinal for hit in answer.code_hits + answer.diagnosis_hits} == {2}


def test_a_bulletin_for_another_line_of_business_says_nothing():
    published(lines_of_business=["marketplace"])

    assert look_up_pair(code="97110", diagnoses=[], occasion=OCCASION) == ()


def test_a_bulletin_that_may_govern_says_what_is_not_stated():
    published(lines_of_business=["marketplace"])

    (answer,) = look_up_pair(code="97110", diagnoses=[], occasion=Occasion("", "", DAY, DAY, DAY))

    assert answer.governing.version is None
    assert answer.governing.sentence.endswith("and the line of business is not stated.")
    assert len(answer.code_hits) == 1


def test_each_diagnosis_keeps_its_own_hits():
    published()

    (answer,) = look_up_pair(
        code="97110", diagnoses=["S13.4XXA", "z98.890", "U07.1"], occasion=OCCASION
    )

    assert [hit.asked for hit in answer.diagnosis_hits] == ["S13.4XXA", "Z98.890"]


# However many hits


@pytest.mark.parametrize("bulletins", [2, 12])
def test_a_look_up_takes_five_queries(django_assert_num_queries, bulletins):
    load("CPT", "97110")
    for number in range(bulletins):
        published(lamps(number=f"{1000 + number}"))

    with django_assert_num_queries(5):  # code, descriptors, spans and what they say, open lists
        answer = look_up("97110", on=DAY)
        said = [
            (hit.sentence, hit.standing, hit.group.heading, str(hit.row)) for hit in answer.hits
        ]

    assert len(said) == bulletins


@pytest.mark.parametrize("bulletins", [2, 12])
def test_a_pair_takes_six_queries(django_assert_num_queries, bulletins):
    for number in range(bulletins):
        published(lamps(number=f"{1000 + number}"))

    # The code's spans and what they say, lines, versions, the same of the diagnoses.
    with django_assert_num_queries(6):
        answers = look_up_pair(code="97110", diagnoses=["S13.4XXA"], occasion=OCCASION)

    assert len(answers) == bulletins


def test_many_pairs_take_the_queries_of_one_and_are_answered_alike(django_assert_num_queries):
    published(lamps())
    pairs = [
        Pair("97110", ("S13.4XXA",), OCCASION),
        Pair("97110", (), OCCASION),
        Pair("97110", ("S13.4",), Occasion("", "", DAY, DAY, DAY)),
        Pair("99999", ("S13.4XXA",), OCCASION),
        Pair("A4639", ("S13.4XXA", "M54.50"), OCCASION),
    ]

    with django_assert_num_queries(6):
        together = look_up_pairs(pairs)

    alone = [
        look_up_pair(code=one.code, diagnoses=one.diagnoses, occasion=one.occasion) for one in pairs
    ]
    assert together == alone
    assert [bool(one) for one in together][:4] == [True, True, True, False]
