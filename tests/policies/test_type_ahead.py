"""Type-ahead: exact first, then what begins so, then words in any order; corrected words last."""

from datetime import date

import pytest

from policies import publishing
from policies.imports.code_sets import CodeLine
from policies.models import SynonymSet
from policies.type_ahead import Suggestions, suggestions
from tests.policies.library import AT, draft, lamps, published
from tests.policies.pages import load, queries_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def icd(code, said, **facts):
    return CodeLine("ICD-10-CM", code, said, **facts)


def suggested(typed, **options):
    return suggestions(typed, on=DAY, **options)


def codes(typed, **options):
    return [one.display for one in suggested(typed, **options).codes]


def bulletins(typed, **options):
    return [one.number for one in suggested(typed, **options).bulletins]


@pytest.fixture
def backs():
    load(
        "ICD-10-CM",
        icd("M54.5", "Low back pain", is_billable=False),
        icd("M54.50", "Low back pain, unspecified"),
        icd("M54.59", "Other low back pain"),
        icd("M54.2", "Cervicalgia"),
        icd("S39.012A", "Strain of muscle of lower back, initial encounter"),
        icd("G54.5", "Neuralgic amyotrophy"),
    )


def test_the_exact_code_comes_first_then_those_that_begin_so(backs):
    assert codes("M54.5") == ["M54.5", "M54.50", "M54.59"]


@pytest.mark.parametrize("typed", ["m545", " M54.5 ", "m54.5"])
def test_a_code_is_found_however_it_is_typed(typed, backs):
    assert codes(typed)[0] == "M54.5"


def test_a_letter_o_that_was_typed_for_a_zero_is_read_as_one():
    load("CPT", "97010")

    assert codes("97O1") == ["97010"]


def test_codes_that_begin_so_come_before_those_whose_descriptor_has_it():
    load("HCPCS", CodeLine("HCPCS", "B1200", "Tubing"), CodeLine("HCPCS", "J3420", "Vitamin B12"))

    assert codes("b12") == ["B1200", "J3420"]


@pytest.mark.parametrize("typed", ["low back pain", "pain back low", "back pai", "LOW pain b"])
def test_words_are_found_in_any_order_the_last_as_a_beginning(typed, backs):
    assert set(codes(typed)) == {"M54.5", "M54.50", "M54.59"}


def test_only_the_last_word_may_be_unfinished(backs):
    assert codes("pai back") == []


def test_descriptors_that_begin_as_typed_come_first_and_short_ones_before_long(backs):
    assert codes("low") == ["M54.5", "M54.50", "M54.59", "S39.012A"]


def test_words_part_at_hyphens_slashes_and_points():
    load(
        "HCPCS",
        CodeLine("HCPCS", "J1000", "Injection, 0.5 mg"),
        CodeLine("HCPCS", "L2000", "Knee/ankle-foot orthosis"),
    )

    assert codes("ankle orth") == ["L2000"]
    assert codes("injection 0.5") == ["J1000"]


def test_what_a_code_meant_before_finds_it_as_it_is_described_now():
    load("ICD-10-CM", icd("M54.5", "Lumbago"), valid_from=date(2024, 10, 1), sha256="1" * 64)
    load("ICD-10-CM", icd("M54.5", "Low back pain"), valid_from=date(2025, 10, 1), sha256="2" * 64)

    (one,) = suggested("lumbago").codes

    assert (one.display, one.descriptor) == ("M54.5", "Low back pain")
    assert len(suggested("m54.5").codes) == 1


@pytest.fixture
def renewed():
    """M54.50 and M54.8 end on 2025-09-30; M54.51 and M54.9 begin on the day after."""
    load(
        "ICD-10-CM",
        icd("M54.50", "Back pain"),
        icd("M54.8", "Dorsal pain"),
        valid_from=date(2024, 10, 1),
        sha256="1" * 64,
    )
    load(
        "ICD-10-CM",
        icd("M54.51", "Back pain of the vertebra"),
        icd("M54.9", "Dorsal pain of any kind"),
        valid_from=date(2025, 10, 1),
        sha256="2" * 64,
    )


def marks(typed, on=DAY):
    return [(one.display, one.mark) for one in suggestions(typed, on=on).codes]


def test_ended_codes_come_last_and_say_so(renewed):
    valid, ended = ["M54.51", "M54.9"], ["M54.50", "M54.8"]

    assert marks("m54") == [(one, "") for one in valid] + [
        (one, "ended 2025-09-30") for one in ended
    ]
    assert [one for one, _ in marks("back pain")] == ["M54.51", "M54.50"]


def test_an_ended_code_that_is_typed_in_full_comes_first_all_the_same(renewed):
    assert marks("M54.50") == [("M54.50", "ended 2025-09-30")]


def test_a_code_that_is_not_valid_yet_says_from_when(renewed):
    assert marks("M54.51", on=date(2025, 9, 1)) == [("M54.51", "valid from 2025-10-01")]


def test_ended_codes_leave_room_for_valid_ones_only(renewed):
    assert codes("m54", limit=2) == ["M54.51", "M54.9"]


def test_a_bulletin_is_found_by_its_number_with_its_zeros_or_without():
    published(lamps(number="0907"))
    published(lamps(number="0917", title="Wicks"))
    published(lamps(number="9071", title="Candles"))

    assert bulletins("09") == ["0907", "0917"]
    assert bulletins("907") == ["0907", "9071"]
    assert bulletins("0907")[0] == "0907"


def test_the_exact_number_comes_first():
    published(lamps(number="0198"))
    published(lamps(number="01980", title="Wicks"))

    assert bulletins("0198") == ["0198", "01980"]


def test_a_bulletin_is_found_by_words_of_its_title_in_any_order():
    published(lamps(title="Oil Lamps and Candles"))

    assert bulletins("candles oi") == bulletins("oil lamp") == ["0907"]
    assert bulletins("candle lamp") == ["0907"]  # stems count too
    assert bulletins("candles wick") == []


def test_synonyms_find_titles_after_those_that_have_the_words():
    published(lamps(number="0901", title="Oil Lamps"))
    published(lamps(number="0902", title="PTOL"))
    SynonymSet.objects.create(terms=["ptol", "oil lamp"])

    assert bulletins("ptol") == ["0902", "0901"]


def test_synonyms_keep_the_other_words():
    published(lamps(number="0901", title="Oil Lamps at Home"))
    published(lamps(number="0902", title="Oil Lamps at Sea"))
    SynonymSet.objects.create(terms=["ptol", "oil lamp"])

    assert bulletins("ptol home") == ["0901"]


def test_drafts_are_not_suggested():
    draft()

    assert bulletins("0907") == bulletins("lamps") == []


def test_a_bulletin_without_a_version_in_effect_comes_last_and_says_so():
    version = published(lamps(number="0901", title="Lamps"))
    published(lamps(number="0902", title="Lamps of Glass"))
    publishing.retire(version=version, on=date(2026, 2, 1), reason="Old.", by=None, at=AT)

    found = suggested("lamps").bulletins

    assert [(one.number, one.mark) for one in found] == [("0902", ""), ("0901", "not in effect")]


def test_codes_and_bulletins_are_grouped(backs):
    published(lamps(title="Low Back Lamps"))

    found = suggested("low back")

    assert (len(found.codes), len(found.bulletins), len(found)) == (3, 1, 4)


def test_misspelt_words_are_corrected_when_nothing_has_them_as_typed(backs):
    found = suggested("cervicalgai")

    assert ([one.display for one in found.codes], found.corrected_to) == (["M54.2"], "cervicalgia")


def test_only_the_words_that_nothing_knows_are_corrected(backs):
    published(lamps(title="Neuralgic Lamps"))

    assert suggested("nueralgic lamps").corrected_to == "neuralgic lamps"


def test_words_that_are_found_are_never_corrected(backs):
    load("CPT", CodeLine("CPT", "97010", "Cervicalgi massage"))

    found = suggested("cervicalgi")

    assert found.corrected_to is None
    assert {one.display for one in found.codes} == {"97010", "M54.2"}


def test_a_release_loaded_later_counts_at_once(backs):
    assert codes("zyg") == [] == codes("zygomatik")

    load("CPT", CodeLine("CPT", "21355", "Zygomatic arch"))

    assert codes("zyg") == codes("zygomatik") == ["21355"]


@pytest.mark.parametrize("typed", ["", " ", "a", "5", "-", "\x00", "&|!:*'\\", "...", "\ud800"])
def test_what_is_too_little_finds_nothing(typed, backs):
    assert suggested(typed) == Suggestions()


@pytest.mark.parametrize(
    "typed",
    [
        "low\x00back pain",
        "low\tback\npain",
        "low & back:* | !pain",
        "'low' back \\ pain",
        "low back pain %",
        "“low” back_pain",
    ],
)
def test_signs_and_control_characters_only_part_words(typed, backs):
    assert codes(typed)[:1] == ["M54.5"]


@pytest.mark.parametrize(
    "typed", ["x" * 10_000, "low " * 2_500, "9" * 10_000, "é\u0301" * 3_000, "%_\\" * 3_000]
)
def test_ten_thousand_characters_are_no_error(typed, backs):
    assert len(suggested(typed)) <= 16


@pytest.mark.parametrize("typed", ["%", "0%", "_9", "\\0", "0_07"])
def test_signs_of_patterns_stand_for_themselves_in_numbers(typed):
    published()

    assert bulletins(typed) == []


def test_only_so_many_of_a_kind_are_suggested(backs):
    assert len(suggested("m5", limit=2).codes) == 2


@pytest.mark.parametrize("typed", ["m54.5", "low back", "lo"])
def test_it_takes_few_queries(typed, backs):
    suggested(typed)

    assert queries_in(lambda: suggested(typed)) <= 6


def test_only_codes_of_the_systems_that_are_asked_for(backs):
    load("CPT", CodeLine("CPT", "97010", "Low back packs"))
    published(lamps(title="Low Back Lamps"))

    found = suggested("low back", systems=("CPT",))

    assert [one.display for one in found.codes] == ["97010"]
    assert found.bulletins == ()
