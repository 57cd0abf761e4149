"""What the code sets say of a code: its family, its 7th character, its add-ons, its life."""

from datetime import date

import pytest

from policies.code_facts import code_facts
from policies.code_standing import Standing
from policies.imports.code_sets import CodeLine
from policies.models import AddOnEdit, AddOnFile, Code
from tests.policies.library import AT
from tests.policies.pages import load, queries_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
ENCOUNTERS = {"A": "initial encounter", "D": "subsequent encounter", "S": "sequela"}


def header(code, short):
    return CodeLine("ICD-10-CM", code, short, is_billable=False)


@pytest.fixture
def sprains():
    """As the order file has them: a header has the codes of its family behind it."""
    load(
        "ICD-10-CM",
        header("S33", "Sprains of the lower back"),
        header("S33.0", "Rupture of lumbar disc"),
        CodeLine("ICD-10-CM", "S33.0XXA", "Rupture of lumbar disc, initial encounter"),
        header("S33.5", "Sprain of lumbar ligaments"),
        *(
            CodeLine("ICD-10-CM", f"S33.5XX{one}", f"Sprain of lumbar ligaments, {words}")
            for one, words in ENCOUNTERS.items()
        ),
        header("S52.50", "Fracture of lower radius"),
        header("S52.501", "Fracture of lower right radius"),
        CodeLine("ICD-10-CM", "S52.501A", "Fracture of lower right radius, initial"),
        CodeLine("ICD-10-CM", "S52.501B", "Fracture of lower right radius, initial, open"),
        CodeLine("ICD-10-CM", "I10", "High pressure"),
    )


def facts(key, system="ICD-10-CM", on=DAY):
    return code_facts(key, system, on=on)


def displays(found):
    return [one.display for one in found]


# Above and below


def test_every_header_above_a_code_stands_with_its_description_the_widest_first(sprains):
    assert [(one.display, one.short) for one in facts("S335XXA").parents] == [
        ("S33", "Sprains of the lower back"),
        ("S33.5", "Sprain of lumbar ligaments"),
    ]


def test_the_next_codes_below_a_header_are_told_and_how_many_can_be_billed(sprains):
    found = facts("S33").children

    assert displays(found.codes) == ["S33.0", "S33.5"]
    assert found.billable == 4  # one rupture, three sprains
    assert found.more == 0


def test_below_a_header_whose_codes_have_no_header_between_stand_the_codes_themselves(sprains):
    assert displays(facts("S335").children.codes) == ["S33.5XXA", "S33.5XXD", "S33.5XXS"]


def test_a_whole_code_has_nothing_below_it(sprains):
    assert facts("I10").children is None
    assert facts("I10").parents == ()


def test_a_service_code_has_no_headers_even_where_another_code_begins_it():
    load("HCPCS", "S9117", "S911")

    assert facts("S9117", "HCPCS").parents == ()


def test_neighbors_are_those_in_the_same_set_that_are_valid_on_the_day(sprains):
    load("CPT", "97110")

    assert displays(facts("S335").neighbors) == [
        "I10", "S33", "S33.0", "S33.0XXA", "S33.5XXA", "S33.5XXD", "S33.5XXS", "S52.50",
    ]  # fmt: skip


# The 7th character


def test_a_header_of_codes_of_seven_characters_is_incomplete_and_says_which_may_follow(sprains):
    seventh = facts("S335").seventh

    assert seventh.sentence == (
        "S33.5 is incomplete: a 7th character must follow, A, D or S. The placeholder X fills each"
        " empty place before it."
    )
    assert [(one.character, one.code.display, one.meaning) for one in seventh.encounters] == [
        ("A", "S33.5XXA", "initial encounter"),
        ("D", "S33.5XXD", "subsequent encounter"),
        ("S", "S33.5XXS", "sequela"),
    ]


def test_six_characters_need_no_placeholder_before_the_seventh(sprains):
    assert facts("S52501").seventh.sentence == (
        "S52.501 is incomplete: a 7th character must follow, A or B."
    )


def test_a_header_with_codes_of_other_lengths_lacks_more_than_a_7th_character(sprains):
    assert facts("S33").seventh is None


def test_a_whole_code_says_what_its_7th_character_means_and_which_others_there_are(sprains):
    seventh = facts("S335XXD").seventh

    assert seventh.sentence == (
        "The 7th character is D: subsequent encounter. The placeholder X holds the places before"
        " it that say nothing."
    )
    assert [one.character for one in seventh.encounters if one.is_own] == ["D"]
    assert [one.character for one in seventh.encounters] == ["A", "D", "S"]


def test_a_code_without_a_7th_character_says_nothing_of_it(sprains):
    assert facts("I10").seventh is None


# Add-on codes


def file(program="medicare", name="2026 Q1", valid_from=date(2026, 1, 1)):
    return AddOnFile.objects.create(
        program=program, name=name, valid_from=valid_from, source="test", loaded_at=AT,
        sha256=f"{program}{name}".rjust(64, "0"),
    )  # fmt: skip


def pairs(into, add_on, *primaries, kind=1, **facts):
    for primary in primaries:
        AddOnEdit.objects.create(
            file=into, add_on=add_on, primary=primary, kind=kind,
            **{"effective_from": date(2020, 1, 1)} | facts,
        )  # fmt: skip


@pytest.fixture
def services():
    load(
        "CPT",
        *("97545", "97110"),
        CodeLine("CPT", "97546", "More of it", is_add_on=True),
        CodeLine("CPT", "97113", "Other"),
    )


def test_an_add_on_names_the_listed_primary_codes_with_their_descriptions(services):
    pairs(file(), "97546", "97545", "99999")

    (note,) = facts("97546", "CPT").add_ons.as_add_on

    assert note.sentence == (
        "Only together with one of these primary codes, by Medicare's file 2026 Q1."
    )
    named = [(one.key, one.code and one.code.short) for one in note.codes]
    assert named == [("97545", "Meaning of 97545"), ("99999", None)]


@pytest.mark.parametrize(
    ("kind", "primaries", "sentence"),
    [
        (2, [""], "The payer names the primary codes, by Medicare's file 2026 Q1."),
        (
            3,
            ["97545"],
            (
                "Together with one of these primary codes or another that the payer names, by"
                " Medicare's file 2026 Q1."
            ),
        ),
    ],
)
def test_where_the_payer_names_primary_codes_that_is_said(kind, primaries, sentence, services):
    pairs(file(), "97546", *primaries, kind=kind)

    (note,) = facts("97546", "CPT").add_ons.as_add_on

    assert note.sentence == sentence
    assert [one.key for one in note.codes] == [one for one in primaries if one]


def test_a_primary_code_names_the_add_ons_that_go_with_it(services):
    pairs(file(), "97546", "97545")

    found = facts("97545", "CPT").add_ons

    assert not found.is_add_on
    assert found.as_primary[0].sentence == (
        "These add-on codes go with it, by Medicare's file 2026 Q1."
    )
    assert [one.key for one in found.as_primary[0].codes] == ["97546"]


def test_programs_that_say_the_same_are_told_together_and_others_apart(services):
    pairs(file("medicare"), "97546", "97545")
    medicaid = file("medicaid")
    pairs(medicaid, "97546", "97545")

    (note,) = facts("97546", "CPT").add_ons.as_add_on
    assert note.sentence.endswith("by Medicaid's file 2026 Q1 and Medicare's file 2026 Q1.")

    pairs(medicaid, "97546", "97110")
    assert len(facts("97546", "CPT").add_ons.as_add_on) == 2


def test_only_the_newest_file_by_the_day_speaks(services):
    pairs(file(name="2025", valid_from=date(2025, 1, 1)), "97546", "97110")
    pairs(file(name="2026"), "97546", "97545")
    file(name="later", valid_from=date(2026, 7, 1))

    def keys(on):
        notes = facts("97546", "CPT", on=on).add_ons.as_add_on
        return [one.key for note in notes for one in note.codes]

    assert keys(DAY) == ["97545"]
    assert keys(date(2025, 6, 1)) == ["97110"]
    assert keys(date(2026, 7, 1)) == []


def test_a_pair_that_has_ended_is_not_told(services):
    pairs(file(), "97546", "97110", effective_to=date(2026, 3, 1))
    pairs(AddOnFile.objects.get(), "97546", "97545", effective_to=DAY)

    (note,) = facts("97546", "CPT").add_ons.as_add_on

    assert [one.key for one in note.codes] == ["97545"]


def test_an_add_on_without_a_file_says_that_its_primary_codes_are_not_stated(services):
    assert facts("97546", "CPT").add_ons.absence == (
        "No file of add-on codes is loaded for 2026-03-02, so its primary codes are not stated."
    )

    file()
    assert facts("97546", "CPT").add_ons.absence == (
        "Its primary codes are not stated: it is not in Medicare's file 2026 Q1."
    )


def test_a_code_that_no_file_names_and_that_is_no_add_on_says_nothing(services):
    pairs(file(), "97546", "97545")

    assert facts("97113", "CPT").add_ons is None


# Its life


def lives(key, *rows):
    """Rows of one CPT code: from, to, and whether it can be billed."""
    return [
        Code.objects.create(
            system="CPT", key=key, display=key, valid_from=start, valid_to=end, is_billable=bills
        )
        for start, end, bills in rows
    ]


def test_a_code_of_the_first_release_may_be_older(services):
    (event,) = facts("97545", "CPT").events

    assert event.day == date(2025, 10, 1)
    assert event.sentence == "The first release loaded here holds it; it may be older."


def test_what_a_code_lived_through_stands_by_its_days_with_its_successor(services):
    first, second = lives(
        "97001",
        (date(2020, 1, 1), date(2021, 12, 31), False),
        (date(2022, 1, 1), date(2023, 6, 30), True),
    )
    Code.objects.filter(pk=second.pk).update(successor=Code.objects.get(key="97545"))
    lives("97001", (date(2025, 1, 1), None, True))

    found = facts("97001", "CPT")

    assert [(f"{one.day}", one.sentence) for one in found.events] == [
        ("2020-01-01", "It began, as a header."),
        ("2022-01-01", "It became billable; before, it was a header."),
        ("2023-06-30", "It ended with this day."),
        ("2025-01-01", "It began again."),
    ]
    assert [one.successor.display for one in found.events if one.successor] == ["97545"]


@pytest.mark.parametrize(
    ("on", "standing"),
    [
        (date(2025, 12, 31), Standing.VALID),
        (date(2026, 1, 1), Standing.ENDED),
        (date(2025, 9, 30), Standing.NOT_YET),
    ],
)
def test_the_standing_is_that_of_the_day(on, standing):
    load("CPT", "97001", "97545")
    load("CPT", "97545", valid_from=date(2026, 1, 1), sha256="b" * 64)

    assert facts("97001", "CPT", on=on).standing is standing


def test_descriptions_stand_by_release_and_the_one_of_the_day_is_told():
    said = [("Lamp", 2025), ("Bright lamp", 2026), ("Dim lamp", 2027)]
    for short, year in said:
        row = CodeLine("CPT", "97545", short)
        load("CPT", row, valid_from=date(year, 1, 1), sha256=short.rjust(64, "0"))

    found = facts("97545", "CPT")

    assert [(f"{one.release.valid_from}", one.short, one.is_current) for one in found.wordings] == [
        ("2027-01-01", "Dim lamp", False),
        ("2026-01-01", "Bright lamp", True),
        ("2025-01-01", "Lamp", False),
    ]
    assert found.wording.short == "Bright lamp"


def test_of_a_code_in_no_release_only_what_stands_near_it_is_known(services):
    found = facts("97111", "CPT")

    assert found.code is None
    assert found.sentence == ""
    assert found.events == ()
    assert displays(found.neighbors) == ["97110", "97113", "97545", "97546"]


def test_the_facts_take_as_many_queries_for_a_large_family_as_for_a_small_one(sprains, services):
    small = queries_in(lambda: facts("S52501"))

    assert queries_in(lambda: facts("S33")) == small
    assert small <= 6
    assert queries_in(lambda: facts("97113", "CPT")) <= 4
