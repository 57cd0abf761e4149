"""What a release of codes does to bulletins: every kind of finding, and what gives none."""

from datetime import UTC, date, datetime

import pytest

from policies import publishing
from policies.imports import loaded as registry
from policies.imports.add_ons import load_add_ons
from policies.imports.code_files import CodeLine
from policies.imports.code_sets import load_codes
from policies.models import (
    AddOnEdit,
    AddOnFile,
    Release,
    ReleaseFinding,
)
from policies.release_board import findings_of, findings_of_add_ons
from tests.policies.library import AT, draft, lamps, published
from tests.policies.pages import queries_in
from tests.policies.test_code_files_ncci_add_ons import HEADER, LISTED, tabs

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2025, 10, 1), date(2026, 10, 1)
TABLE = """CPT codes covered if selection criteria are met:

97110 Lamp exercises
97112 - 97116 Lamp walks
+97546 Lamps, each further hour

ICD-10 codes covered if selection criteria are met:

S13.4XX+ Sprain by a lamp
K90.8 Other lamps
Z98.870 - Z98.89 States after a lamp
"""


def load(system, *codes, valid_from=AFTER, at=AT, **facts):
    rows = [one if isinstance(one, CodeLine) else CodeLine(system, one, "Same") for one in codes]
    return load_codes(
        rows, system=system, release_name=f"of {valid_from}", valid_from=valid_from,
        source="test", sha256=f"{system}{valid_from}".ljust(64, "0"), at=at, **facts,
    )  # fmt: skip


def loaded(system, before, after):
    """Two releases, one after the other; the second."""
    load(system, *before, valid_from=BEFORE)
    return load(system, *after)


def line(code, words="Same", *, system="CPT", **facts):
    return CodeLine(system, code, words, **facts)


def icd(code, words="Same", **facts):
    return line(code, words, system="ICD-10-CM", **facts)


def found(**facts):
    """Kind, code and what it is listed as, for every finding."""
    findings = ReleaseFinding.objects.filter(**facts).order_by("kind", "code", "row_position")
    return [(one.kind, one.code, one.listed_as) for one in findings]


# Each kind


def test_a_code_named_by_itself_that_is_gone_is_found():
    published(lamps(codes=TABLE))

    loaded("CPT", ["97110", "97112"], ["97112"])

    assert found() == [("deleted", "97110", "97110")]
    finding = ReleaseFinding.objects.get()
    assert (finding.before, finding.after) == ("Same", "Not valid after 2026-09-30.")
    assert str(finding) == "0907: Code deleted, 97110"


def test_a_range_is_found_when_its_last_codes_are_gone():
    published(lamps(codes=TABLE))

    loaded("CPT", ["97110", "97112", "97116"], ["97110"])

    assert found() == [
        ("deleted", "97112", "97112 - 97116"),
        ("deleted", "97116", "97112 - 97116"),
    ]


def test_a_range_that_keeps_a_code_is_not():
    published(lamps(codes=TABLE))

    loaded("CPT", ["97110", "97112", "97116"], ["97110", "97112"])

    assert found() == []


def test_a_revised_descriptor_is_found_with_its_words_before_and_after():
    published(lamps(codes=TABLE))

    loaded(
        "CPT",
        [line("97110", "Exercise"), line("97113", "Walk")],
        [line("97110", "Exercise, 15 minutes"), line("97113", "Long walk")],
    )

    assert found() == [("revised", "97110", "97110"), ("revised", "97113", "97112 - 97116")]
    one = ReleaseFinding.objects.get(code="97110")
    assert (one.before, one.after) == ("Exercise", "Exercise, 15 minutes")


def test_the_long_words_are_compared_where_both_releases_have_them():
    published(lamps(codes=TABLE))

    loaded(
        "CPT",
        [line("97110", "Ex", long="Exercise"), line("97112", "Walk", long="Walking")],
        [line("97110", "Ex", long="Exercises"), line("97112", "Walk")],
    )

    assert [(one.before, one.after) for one in ReleaseFinding.objects.all()] == [
        ("Exercise", "Exercises")
    ]


def test_words_that_differ_in_case_and_spaces_alone_are_not_revised():
    published(lamps(codes=TABLE))

    loaded("CPT", [line("97110", "Lamp  exercise")], [line("97110", "LAMP EXERCISE")])

    assert found() == []


def test_own_wording_that_gives_way_to_the_publishers_is_not_revised():
    published(lamps(codes=TABLE))
    first = load("CPT", line("97110", "In our words"), valid_from=BEFORE)
    Release.objects.filter(pk=first.pk).update(is_own_wording=True)

    load("CPT", line("97110", "In their words"))

    assert found() == []


def test_a_new_code_inside_a_listed_range_is_found():
    published(lamps(codes=TABLE))

    loaded("CPT", ["97110"], ["97110", line("97114", "New walk"), "97117"])

    assert found() == [("new_in_range", "97114", "97112 - 97116")]
    assert ReleaseFinding.objects.get().after == "New walk"


def test_a_new_seventh_character_is_inside_the_code_that_awaits_it():
    published(lamps(codes=TABLE))

    loaded("ICD-10-CM", ["S13.4XXA"], ["S13.4XXA", "S13.4XXD", "S13.5XXA"])

    assert found() == [("new_in_range", "S13.4XXD", "S13.4XX+")]


def test_a_new_header_inside_a_range_is_not_found_but_the_codes_below_it_are():
    published(lamps(codes=TABLE))
    header = icd("Z98.88", is_billable=False)

    loaded("ICD-10-CM", ["Z98.870"], ["Z98.870", header, "Z98.885"])

    assert found() == [("new_in_range", "Z98.885", "Z98.870 - Z98.89")]


def test_a_code_that_a_bulletin_names_ahead_of_its_time_is_not_found_when_it_comes():
    published(lamps(codes=TABLE))

    loaded("CPT", ["97112"], ["97112", "97110"])

    assert found() == []


def test_a_header_that_became_billable_is_found():
    published(lamps(codes=TABLE))

    loaded("ICD-10-CM", [icd("K90.8", is_billable=False)], [icd("K90.8")])

    assert found() == [("became_billable", "K90.8", "K90.8")]
    one = ReleaseFinding.objects.get()
    assert one.before == "A header, too general to be billed."
    assert one.after == "Billable: Same"


def test_a_code_that_became_a_header_is_found_with_the_codes_below_it():
    published(lamps(codes=TABLE))

    loaded(
        "ICD-10-CM",
        [icd("K90.8")],
        [icd("K90.8", is_billable=False), icd("K90.81"), icd("K90.89")],
    )

    assert found() == [("became_header", "K90.8", "K90.8")]
    assert (
        ReleaseFinding.objects.get().after == "A header now. To be billed instead: K90.81, K90.89."
    )


def test_a_code_that_became_billable_in_other_words_is_found_for_both():
    published(lamps(codes=TABLE))

    loaded("ICD-10-CM", [icd("K90.8", is_billable=False)], [icd("K90.8", "Other words")])

    assert found() == [("became_billable", "K90.8", "K90.8"), ("revised", "K90.8", "K90.8")]


# Files that state the days of their codes


def test_a_code_ends_for_bulletins_with_the_release_after_its_stated_last_day():
    published(lamps(codes=TABLE))
    ending = line("97110", valid_to=date(2026, 2, 28))
    load("CPT", "97110", "97112", valid_from=BEFORE)
    load("CPT", ending, "97112", valid_from=date(2026, 1, 1))
    assert found() == []

    load("CPT", ending, "97112", valid_from=date(2026, 4, 1))
    load("CPT", "97112", valid_from=date(2026, 7, 1))

    assert found() == [("deleted", "97110", "97110")]
    assert ReleaseFinding.objects.get().after == "Not valid after 2026-02-28."


def test_a_new_code_counts_from_the_release_that_first_has_it_whatever_day_it_states():
    published(lamps(codes=TABLE))

    loaded("CPT", ["97110"], ["97110", line("97114", valid_from=date(2026, 8, 1))])
    load("CPT", "97110", "97114", valid_from=date(2027, 1, 1))

    assert found() == [("new_in_range", "97114", "97112 - 97116")]


def test_a_code_that_was_over_before_the_release_is_not_new():
    published(lamps(codes=TABLE))
    over = line("97114", valid_from=date(2020, 1, 1), valid_to=date(2021, 12, 31))

    loaded("CPT", ["97110"], ["97110", over])

    assert found() == []


def test_a_code_names_the_one_that_takes_its_place():
    published(lamps(codes=TABLE))
    ended = line("97110", valid_to=date(2026, 9, 30), successor="97114")

    loaded("CPT", ["97110", "97114"], [ended, "97114"])

    assert (
        ReleaseFinding.objects.get().after == "Not valid after 2026-09-30. 97114 takes its place."
    )


# Add-on codes


def add_on_file(program="medicare", valid_from=BEFORE, **primaries):
    """A file of add-on codes: `c97546="97545 97542"`."""
    file = AddOnFile.objects.create(
        program=program, name=f"of {valid_from}", valid_from=valid_from, source="test",
        sha256=f"{program}{valid_from}".ljust(64, "0"), loaded_at=AT,
    )  # fmt: skip
    for add_on, some in primaries.items():
        for primary in some.split():
            AddOnEdit.objects.create(
                file=file, add_on=add_on[1:], primary=primary, kind=1, effective_from=BEFORE
            )
    return file


def reloaded():
    """A second release of CPT in which nothing changed."""
    return loaded("CPT", ["97110", "97546"], ["97110", "97546"])


def test_an_add_on_code_without_any_of_its_primaries_is_found():
    published(lamps(codes=TABLE))
    add_on_file(c97546="97545 97542")

    reloaded()

    assert found() == [("add_on_alone", "97546", "+97546")]
    assert (
        ReleaseFinding.objects.get().after
        == "Goes with 97542, 97545. None is named. (Add-on codes, Medicare, of 2025-10-01)"
    )


@pytest.mark.parametrize("primary", ["97110", "97113"])
def test_an_add_on_code_beside_a_primary_or_a_range_that_holds_one_is_not(primary):
    published(lamps(codes=TABLE))
    add_on_file(c97546=f"97542 {primary}")

    reloaded()

    assert found() == []


def test_only_the_newest_file_of_a_program_is_asked():
    published(lamps(codes=TABLE))
    add_on_file(c97546="97545")
    add_on_file(valid_from=date(2026, 1, 1), c97546="97110")

    reloaded()

    assert found() == []


def test_an_add_on_code_whose_primaries_the_payer_names_is_not_found():
    published(lamps(codes=TABLE))
    file = add_on_file()
    AddOnEdit.objects.create(file=file, add_on="97546", kind=2, effective_from=BEFORE)

    reloaded()

    assert found() == []


def test_an_add_on_code_is_found_alone_once_and_not_again_with_each_release():
    published(lamps(codes=TABLE))
    add_on_file(c97546="97545")
    reloaded()

    load("CPT", "97110", "97546", valid_from=date(2027, 1, 1))

    assert len(found()) == 1


def test_a_file_that_is_loaded_after_the_releases_is_held_against_them_at_once():
    published(lamps(codes=TABLE))
    release = reloaded()
    file = add_on_file(valid_from=date(2027, 1, 1), c97546="97545")

    assert findings_of_add_ons(file) == 1

    assert found(release=release) == [("add_on_alone", "97546", "+97546")]
    assert findings_of_add_ons(file) == 0


def test_loading_a_file_of_add_on_codes_asks_for_it(monkeypatch):
    told = []
    monkeypatch.setattr(registry, "_told_of_add_ons", [told.append, findings_of_add_ons])
    published(lamps(codes=TABLE))
    release = reloaded()

    file, _ = load_add_ons(
        tabs(HEADER, LISTED), program="medicare", name="2026 Q4", valid_from=AFTER,
        source="test", at=AT,
    )  # fmt: skip

    assert told == [file]
    assert found(release=release) == []  # 97546 is not among its codes


def test_the_board_is_told_of_releases_and_of_files_of_add_on_codes():
    assert findings_of in registry._told
    assert findings_of_add_ons in registry._told_of_add_ons


# What gives nothing


def test_the_first_release_of_a_system_finds_nothing():
    published(lamps(codes=TABLE))
    add_on_file(c97546="97545")
    load("HCPCS", "E0601", valid_from=BEFORE)

    release = load("CPT", "97113", "97546")

    assert found() == []
    assert findings_of(release) == 0


def test_codes_that_stay_as_they_were_give_nothing():
    published(lamps(codes=TABLE))

    loaded("CPT", ["97110", "97112", "97546"], ["97110", "97112", "97546"])

    assert found() == []


def test_a_code_that_no_bulletin_names_gives_nothing():
    published(lamps(codes=TABLE))

    loaded("CPT", ["99213", "97110"], ["97110"])

    assert found() == []


def test_a_code_of_another_system_with_the_same_key_gives_nothing():
    published(lamps(codes="HCPCS codes covered if selection criteria are met:\n\nC1713 Screw\n"))

    loaded("ICD-10-CM", ["C17.13", "C17.1"], ["C17.1"])

    assert found() == []


# Which versions


def test_versions_in_effect_undated_and_scheduled_are_held_against_it():
    published(lamps(number="0901", codes=TABLE))
    published(lamps(number="0902", codes=TABLE), effective_from=None)
    published(lamps(number="0903", codes=TABLE), effective_from=date(2026, 12, 1))
    draft(lamps(number="0904", codes=TABLE))

    loaded("CPT", ["97110", "97112"], ["97112"])

    numbers = ReleaseFinding.objects.values_list("bulletin__number", flat=True)
    assert list(numbers) == ["0901", "0902", "0903"]


def test_a_version_that_has_ended_when_the_codes_begin_is_not():
    version = published(lamps(codes=TABLE))
    publishing.retire(version=version, on=AFTER, reason="Over.", by=None, at=AT)

    loaded("CPT", ["97110", "97112"], ["97112"])

    assert found() == []


def test_a_version_that_ends_after_they_began_is():
    version = published(lamps(codes=TABLE))
    publishing.retire(version=version, on=date(2026, 10, 2), reason="Over.", by=None, at=AT)

    loaded("CPT", ["97110", "97112"], ["97112"])

    assert len(found()) == 1


def test_a_row_twice_in_a_version_is_found_twice():
    twice = TABLE + "\nCPT codes not covered for indications listed in the CPB:\n\n97110 Twice\n"
    published(lamps(codes=twice))

    loaded("CPT", ["97110", "97112"], ["97112"])

    rows = ReleaseFinding.objects.order_by("row_position").values_list("row_position", flat=True)
    assert len(set(rows)) == 2


def test_a_load_that_fails_leaves_no_finding():
    published(lamps(codes=TABLE))
    load("CPT", "97110", "97112", valid_from=BEFORE)

    with pytest.raises(Exception, match="value too long"):
        load("CPT", "97112", "9" * 40)

    assert found() == []
    assert Release.objects.count() == 1


def test_a_hundred_bulletins_take_as_many_queries_as_one():
    published(lamps(number="0901", codes=TABLE))
    load("CPT", "97110", "97112", "97114", valid_from=BEFORE)
    few = queries_in(lambda: load("CPT", "97112", "97113", valid_from=date(2026, 1, 1)))
    for number in range(5):
        published(lamps(number=f"091{number}", codes=TABLE))
    load("CPT", "97110", "97112", "97114", valid_from=date(2026, 4, 1))

    many = queries_in(lambda: load("CPT", "97112", "97113", valid_from=date(2026, 7, 1)))

    assert many == few


def test_the_moment_of_loading_decides_which_versions_hold():
    published(lamps(codes=TABLE))
    before_it = datetime(2025, 12, 1, 12, tzinfo=UTC)

    load("CPT", "97110", "97112", valid_from=BEFORE)
    load("CPT", "97112", at=before_it)

    assert len(found()) == 1  # scheduled then
