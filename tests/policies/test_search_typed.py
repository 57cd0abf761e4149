"""Questions as they are typed: words, phrases, alternatives, exclusions, and nonsense."""

import re

import pytest
from django.db import connection

from policies.models.words import STOP_WORDS
from policies.search.typed import LONGEST, exact_pattern, marking_pattern, read_typed


def groups(words):
    """Every group as its terms, exact phrases in quotation marks."""
    return [[str(term) for term in group] for group in read_typed(words).groups]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("knee brace", [["knee"], ["brace"]]),
        ('knee "physical therapy"', [["knee"], ["“physical therapy”"]]),
        ("knee “physical therapy”", [["knee"], ["“physical therapy”"]]),
        ("hip or ankle brace", [["hip", "ankle"], ["brace"]]),
        ("hip OR ankle or foot", [["hip", "ankle", "foot"]]),
        ("hip | ankle", [["hip", "ankle"]]),
        ('hip or "ankle joint"', [["hip", "“ankle joint”"]]),
        ("the brace of the knee", [["brace"], ["knee"]]),
        ('"not covered"', [["“not covered”"]]),
        ('knee "of the"', [["knee"], ["“of the”"]]),
        ("x-ray post-op/knee", [["x-ray"], ["post-op/knee"]]),
        ("knee AND hip", [["knee"], ["hip"]]),
        ("(knee) & hip!", [["knee"], ["hip"]]),
        ("knee knee", [["knee"]]),
        ("or knee or", [["knee"]]),
        ('knee"phrase here"', [["knee"], ["“phrase here”"]]),
    ],
)
def test_what_is_asked_for(words, expected):
    assert groups(words) == expected


@pytest.mark.parametrize(
    ("words", "left_out"),
    [
        ("knee -brace", ["brace"]),
        ("knee –brace", ["brace"]),
        ('knee -"home program"', ["“home program”"]),
        ("knee NOT brace", ["brace"]),
        ("knee - brace", []),
        ("x-ray", []),
        ("-brace -splint", ["brace", "splint"]),
    ],
)
def test_what_is_left_out(words, left_out):
    assert [str(one) for one in read_typed(words).excluded] == left_out


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ('knee "physical therapy', "A quotation mark without its partner was left out."),
        ('"', "A quotation mark without its partner was left out."),
        ("-brace", "Only words to leave out were given. Add one to look for."),
        ("the knee", "“the” stands nearly everywhere and was not looked for."),
        ("of the", "“of” and “the” stand nearly everywhere and were not looked for."),
        ('"of the"', "“of the” stands nearly everywhere and was not looked for."),
        ("knee*", "The sign * means nothing here and was left out."),
        ("(knee) & !hip", "The signs ( ) ! mean nothing here and were left out."),
        ("a" * 10_000, f"Only the first {LONGEST} characters were read."),
    ],
)
def test_what_was_not_understood_is_said(words, note):
    assert note in read_typed(words).notes


def test_plain_words_need_no_note():
    assert read_typed("knee brace, 12 weeks: x-ray").notes == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("knee", "knee"),
        ("knee brace hip", "knee, brace and hip"),
        ('"home program" -hip', "“home program”, without hip"),
        ("hip or ankle -foot -toe", "hip or ankle, without foot or toe"),
    ],
)
def test_a_question_is_told_in_words(words, said):
    assert read_typed(words).understood == said


@pytest.mark.django_db
def test_stop_words_are_those_of_postgres():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) word WHERE to_tsvector('english', word) <> ''",
            [sorted(STOP_WORDS)],
        )
        kept = cursor.fetchall()
        cursor.execute("SELECT count(*) FROM unnest(%s::text[]) word", [sorted(STOP_WORDS)])

    assert kept == []
    assert len(STOP_WORDS) == 127  # lines of the list that Postgres brings


TEXTS = [
    ("physical therapy", "Physical therapy is covered.", True),
    ("physical therapy", "PHYSICAL-THERAPY", True),
    ("physical therapy", "physical, “therapy”", True),
    ("physical therapy", "physical\n therapy", True),
    ("physical therapy", "physically therapeutic", False),
    ("physical therapy", "physical therapist", False),
    ("physical therapy", "therapy, physical", False),
    ("physical therapy", "It was physical. Therapy began.", False),
    ("physical therapy", "geophysical therapy", False),
    ("not covered", "It is covered.", False),
    ("2.5 mg", "a dose of 2.5 mg", True),
    ("2.5 mg", "a dose of 12.5 mg", False),
    ("member's home", "the member’s home", True),
    ("follow-up", "a follow up", True),
]


@pytest.mark.parametrize(("phrase", "text", "is_held"), TEXTS)
def test_a_phrase_is_marked_where_it_stands_exactly(phrase, text, is_held):
    ((term,),) = read_typed(f'"{phrase}"').groups

    assert bool(re.search(marking_pattern([term]), text)) is is_held


@pytest.mark.django_db
@pytest.mark.parametrize(("phrase", "text", "is_held"), TEXTS)
def test_postgres_holds_the_same_for_exact(phrase, text, is_held):
    ((term,),) = read_typed(f'"{phrase}"').groups

    with connection.cursor() as cursor:
        cursor.execute("SELECT %s ~* %s", [text, exact_pattern(term)])
        assert cursor.fetchone() == (is_held,)
