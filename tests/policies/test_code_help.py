"""What was typed for a code is explained: the kind of the slip, and the codes that were meant."""

from datetime import date

import pytest

from policies.code_help import Kind, explain
from policies.imports.code_sets import CodeLine
from policies.models import Code
from tests.policies.pages import load, queries_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
DIAGNOSES = ("ICD-10-CM",)
SERVICES = ("CPT", "HCPCS", "CDT", "revenue")


@pytest.fixture
def code_sets():
    """A few codes of each system; CPT 97032 ended, HCPCS S9990 is to come."""
    services = ("97545", "97546", "97110", "97112", "20560", "0791T", "15820", "15830")
    load("CPT", *services, "97032", valid_from=date(2024, 1, 1))
    load("CPT", *services, valid_from=date(2026, 1, 1), sha256="c" * 64)
    load("HCPCS", "S9117", "J1234", "G0151", "A4550", valid_from=date(2025, 1, 1))
    load("HCPCS", "S9117", "J1234", "G0151", "A4550", "S9990", valid_from=date(2026, 4, 1),
         sha256="d" * 64)  # fmt: skip
    load(
        "ICD-10-CM",
        CodeLine("ICD-10-CM", "S33", "Sprains", is_billable=False),
        CodeLine("ICD-10-CM", "S33.5", "Sprain of ligaments of lumbar spine", is_billable=False),
        "S33.5XXA", "S33.5XXD", "S33.5XXS",
        CodeLine("ICD-10-CM", "S52.501", "Fracture of radius", is_billable=False),
        "S52.501A", "S52.501B",
        "M54.50", "M54.51", "M54.59", "E11.9", "I10", "T36.0X1A", "O80",
    )  # fmt: skip
    Code.objects.filter(key="97032").update(successor=Code.objects.get(key="97110"))


# What is typed, the kind of it, and the codes that are shown for it, the likeliest first.
FORMS = [
    # as it is written
    ("97545", Kind.KNOWN, []),
    ("s33.5xxa", Kind.KNOWN, []),
    ("+97546", Kind.KNOWN, []),
    ("  I10 ", Kind.KNOWN, []),
    # nothing
    ("", Kind.EMPTY, []),
    ("  - ", Kind.EMPTY, []),
    # by the day
    ("97032", Kind.ENDED, ["97110"]),
    ("S9990", Kind.NOT_YET, []),
    # incomplete
    ("S33", Kind.HEADER, ["S33.5XXA", "S33.5XXD", "S33.5XXS"]),
    ("M54.5", Kind.HEADER, ["M54.50", "M54.51", "M54.59"]),
    ("M54.5-", Kind.HEADER, ["M54.50", "M54.51", "M54.59"]),
    ("9754", Kind.HEADER, ["97545", "97546"]),
    ("S33.5", Kind.SEVENTH_CHARACTER, ["S33.5XXA", "S33.5XXD", "S33.5XXS"]),
    ("S33.5XX", Kind.SEVENTH_CHARACTER, ["S33.5XXA", "S33.5XXD", "S33.5XXS"]),
    ("S33.5X", Kind.SEVENTH_CHARACTER, ["S33.5XXA", "S33.5XXD", "S33.5XXS"]),
    ("S33.5-", Kind.SEVENTH_CHARACTER, ["S33.5XXA", "S33.5XXD", "S33.5XXS"]),
    ("S52.501", Kind.SEVENTH_CHARACTER, ["S52.501A", "S52.501B"]),
    # the placeholder
    ("S33.5A", Kind.PLACEHOLDER, ["S33.5XXA"]),
    ("S33.5XA", Kind.PLACEHOLDER, ["S33.5XXA"]),
    ("S335D", Kind.PLACEHOLDER, ["S33.5XXD"]),
    ("S33.5XXXA", Kind.PLACEHOLDER, ["S33.5XXA"]),
    ("T36.01A", Kind.PLACEHOLDER, ["T36.0X1A"]),
    # characters that look alike
    ("9711O", Kind.MISTYPED, ["97110"]),
    ("9711o", Kind.MISTYPED, ["97110"]),
    ("9754S", Kind.MISTYPED, ["97545"]),
    ("97ll0", Kind.MISTYPED, ["97110"]),
    ("E1I.9", Kind.MISTYPED, ["E11.9"]),
    ("110", Kind.MISTYPED, ["I10"]),
    ("533.5XXA", Kind.MISTYPED, ["S33.5XXA"]),
    ("080", Kind.MISTYPED, ["O80"]),
    ("59117", Kind.MISTYPED, ["S9117"]),
    ("O791T", Kind.MISTYPED, ["0791T"]),
    # the dot
    ("S335XXA", Kind.MISTYPED, ["S33.5XXA"]),
    ("S335.XXA", Kind.MISTYPED, ["S33.5XXA"]),
    ("M5.450", Kind.MISTYPED, ["M54.50"]),
    ("975.45", Kind.MISTYPED, ["97545"]),
    # other order, one too many, a dash, spaces, words around it
    ("97455", Kind.MISTYPED, ["97545"]),
    ("M45.50", Kind.MISTYPED, ["M54.50"]),
    ("975545", Kind.MISTYPED, ["97545"]),
    ("97545-", Kind.MISTYPED, ["97545"]),
    ("97-545", Kind.MISTYPED, ["97545"]),
    ("S33.5 XXA", Kind.MISTYPED, ["S33.5XXA"]),
    ("CPT 97545", Kind.MISTYPED, ["97545"]),
    ("ICD-10-CM: S33.5XXA", Kind.MISTYPED, ["S33.5XXA"]),
    ("(97545)", Kind.KNOWN, []),
    # modifiers
    ("97545-GP", Kind.MODIFIER, ["97545"]),
    ("97545 GP 59", Kind.MODIFIER, ["97545"]),
    ("97545GP", Kind.MODIFIER, ["97545"]),
    ("J1234-JW", Kind.MODIFIER, ["J1234"]),
    # several
    ("97545-97546", Kind.RANGE, ["97545", "97546"]),
    ("97545 – 97546", Kind.RANGE, ["97545", "97546"]),
    ("97546 to 97545", Kind.RANGE, ["97545", "97546"]),
    ("M54.50-M54.59", Kind.RANGE, ["M54.50", "M54.51", "M54.59"]),
    ("97545, 97546", Kind.LIST, ["97545", "97546"]),
    ("97545 97110", Kind.LIST, ["97545", "97110"]),
    ("S33.5XXA; M54.50 and 97545", Kind.LIST, ["S33.5XXA", "M54.50", "97545"]),
    # another code system
    ("724.2", Kind.OTHER_SYSTEM, []),
    ("0002-1433-80", Kind.OTHER_SYSTEM, []),
    ("4548-4", Kind.OTHER_SYSTEM, []),
    # nothing like it, and something like it
    ("Q4999", Kind.UNKNOWN, []),
    ("97118", Kind.UNKNOWN, ["97110", "97112"]),
    ("lamp", Kind.UNSHAPED, []),
    ("…", Kind.UNSHAPED, []),
]


@pytest.mark.parametrize(("typed", "kind", "likely"), FORMS, ids=[one[0] or "-" for one in FORMS])
def test_a_typed_form_is_explained_with_the_codes_that_it_may_stand_for(
    typed, kind, likely, code_sets
):
    said = explain(typed, on=DAY)

    assert said.kind is kind, said.sentence
    assert [one.display for one in said.likely] == likely
    assert said.sentence.endswith(".")


@pytest.mark.parametrize(
    ("typed", "systems", "kind"),
    [
        ("S9117", ("CPT",), Kind.OTHER_SYSTEM),
        ("97545", DIAGNOSES, Kind.OTHER_SYSTEM),
        ("S33.5XXA", SERVICES, Kind.OTHER_SYSTEM),
        ("Z99.99", SERVICES, Kind.OTHER_SYSTEM),
        ("S33.5A", DIAGNOSES, Kind.PLACEHOLDER),
        ("S33.5A", SERVICES, Kind.OTHER_SYSTEM),
        ("97545", SERVICES, Kind.KNOWN),
    ],
)
def test_where_only_some_systems_may_be_meant_a_code_of_another_is_said_to_be_one(
    typed, systems, kind, code_sets
):
    assert explain(typed, on=DAY, systems=systems).kind is kind


SENTENCES = [
    (
        "97032",
        "97032 is not valid on 2026-03-02: it ended on 2025-12-31. Its successor is 97110.",
    ),
    ("S9990", "S9990 is not yet valid on 2026-03-02: it is valid from 2026-04-01."),
    (
        "S33.5",
        ("S33.5 is incomplete: a 7th character must follow, A, D or S. The placeholder X fills each"
        " empty place before it."),
    ),
    ("S52.501", "S52.501 is incomplete: a 7th character must follow, A or B."),
    ("M54.5", "M54.5 is not a whole code: 3 codes below it are valid on 2026-03-02."),
    (
        "S33",
        "S33 is a header, too general to be billed: 3 codes below it are valid on 2026-03-02.",
    ),
    (
        "S33.5A",
        ("S33.5A is not in its full form: it is S33.5XXA, with the placeholder X twice. The 7th"
        " character stands in the seventh place."),
    ),
    (
        "9711O",
        ("No loaded code set holds 9711O. It may be 97110, with a zero where the letter O was"
        " typed."),
    ),
    (
        "97455",
        "No loaded code set holds 97455. It may be 97545, with 4 and 5 in the other order.",
    ),
    (
        "S335XXA",
        ("Read as S33.5XXA, with its dot after the third character. S33.5XXA is valid on"
        " 2026-03-02: from 2025-10-01 with no end stated."),
    ),
    (
        "97545-GP",
        "97545 with the modifier GP: a modifier is no part of the code, which is 97545.",
    ),
    ("97545-97546", "“97545-97546” is a range. Look up one code of it at a time."),
    (
        "97545, 99999",
        "2 codes were typed. Look up one at a time. No loaded code set holds 99999.",
    ),
    (
        "724.2",
        ("“724.2” is written like an ICD-9-CM diagnosis code, which ended on 2015-09-30: this"
        " library does not hold it."),
    ),
    (
        "Q4999",
        ("Q4999 is written like a HCPCS or ICD-10-CM code, but no loaded release holds it. No known"
        " code is like it: compare it with its source."),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "sentence"), SENTENCES)
def test_the_sentence_says_what_is_wrong_and_what_to_do(typed, sentence, code_sets):
    assert explain(typed, on=DAY).sentence == sentence


def test_the_same_code_is_ended_after_its_last_day_and_valid_on_it(code_sets):
    assert explain("97032", on=date(2025, 12, 31)).kind is Kind.KNOWN
    assert explain("97032", on=date(2026, 1, 1)).kind is Kind.ENDED


def test_a_system_without_a_release_is_said_to_have_none(db):
    said = explain("D0120", on=DAY, systems=("CDT",))

    assert said.kind is Kind.UNKNOWN
    assert "no release of it is loaded here" in said.sentence


def test_likely_codes_stand_with_their_short_descriptions_of_the_day(code_sets):
    load(
        "HCPCS", CodeLine("HCPCS", "S9117", "Later"), valid_from=date(2026, 10, 1), sha256="f" * 64
    )

    likely = explain("59117", on=DAY).likely

    assert [(one.display, one.short) for one in likely] == [("S9117", "Meaning of S9117")]


def test_the_words_hold_the_sentence_and_the_likely_codes(code_sets):
    assert explain("M54.5", on=DAY).words.endswith(
        "are valid on 2026-03-02. Likely: M54.50, M54.51, M54.59."
    )


@pytest.mark.parametrize(
    "typed", ["x" * 5000, "\x00", "97545\x00", "'; DROP", "%%%", "1" * 40, "🙂"]
)
def test_whatever_is_typed_is_answered(typed, code_sets):
    said = explain(typed, on=DAY)

    assert said.sentence
    assert len(said.sentence) < 400


def test_an_explanation_takes_few_queries(code_sets):
    for typed in [one[0] for one in FORMS]:
        assert queries_in(lambda: explain(typed, on=DAY)) <= 8  # noqa: B023
