"""What changed between two versions: the words, the criteria, the codes, and the classes."""

import csv
import json
from io import StringIO
from itertools import pairwise
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from policies.comparison import Effect, compare, edition_of, editions_of
from policies.comparison.code_pairing import printed
from policies.comparison.editions import Link
from policies.comparison.words import likeness, redline, words_of
from policies.imports.content import canonical
from policies.imports.demonstration import DEMO
from policies.imports.stance_types import proposed_stance_types
from policies.models import Criterion, Version
from policies.reading import read
from tests.policies.library import draft, lamps

PAIRS = {
    "0298": ("0298-v1-vocational-rehabilitation.txt", "0298-v2-vocational-rehabilitation.txt"),
    "0614": ("0614-v1-outpatient-physical-therapy.txt", "0614-v2-outpatient-physical-therapy.txt"),
}


def edition(data, ordinal=1, lines_of_business=(), jurisdictions=(), identities=None):
    """A version as it would be imported, without a database."""
    document = read(data, name="lamps.txt")
    content = canonical(
        document.as_json(),
        stance_types=proposed_stance_types(document),
        lines_of_business=lines_of_business,
        jurisdictions=jurisdictions,
    )
    version = Version(
        ordinal=ordinal,
        title=document.title,
        content=content,
        last_review=document.last_review,
        next_review=document.next_review,
    )
    return edition_of(version, {anchor: Link(one) for anchor, one in (identities or {}).items()})


def compared(before, after, **scope):
    return compare(edition(before), edition(after, 2, **scope))


def demonstrated(number):
    """The two versions of a bulletin of the demonstration."""
    return compared(*((DEMO / "bulletins" / name).read_bytes() for name in PAIRS[number]))


def said(comparison):
    """Every change as (place, sentence)."""
    return [(one.place, one.change.sentence) for one in comparison.noted]


def of(comparison, effect):
    return [(one.place, one.change.words) for one in comparison.of(effect)]


def fates(comparison, title):
    """By place, the fates of the statements in a part."""
    part = next(one for one in comparison.parts if one.title == title)
    return [(row.places[1] or row.places[0], row.fate) for row in part.rows]


def lines(comparison):
    """The code lines that changed, as (before, after)."""
    codes = next(one for one in comparison.parts if one.kind == "codes")
    return [(line.before, line.after) for table in codes.tables for line in table.changed]


def criteria(*statements, intro="all of the following criteria are met"):
    """The lamps with these statements, the introduction as given."""
    items = "\n      ".join(f"{place}. {one}" for place, one in enumerate(statements, 1))
    return lamps(criteria=items).replace(b"all of the following criteria are met", intro.encode())


def excluded(*statements):
    items = "\n".join(f"    {place}. {one}" for place, one in enumerate(statements, 1))
    return lamps(limitation=f"The following are not covered:\n\n{items}")


def coded(*rows, heading="CPT codes covered if selection criteria are met:"):
    return lamps(codes=heading + "\n\n" + "\n".join(rows) + "\n")


# The words


def test_words_that_only_one_text_has_are_marked():
    lines = redline("a deficit in the chart; and", "a deficit with a measure; and")

    assert [run.text for run in lines.before if run.is_changed] == ["in the chart"]
    assert [run.text for run in lines.after if run.is_changed] == ["with a measure"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "all of it"),
        ("one\ntwo  three", "one\nthree"),
        ("S00.00X+ - T88.9XX+", "S00.00X+ - S99.929+"),
        ("  blanks at both ends ", "none"),
    ],
)
def test_no_word_of_either_text_is_lost(before, after):
    lines = redline(before, after)

    assert "".join(run.text for run in lines.before).split() == before.split()
    assert "".join(run.text for run in lines.after).split() == after.split()


def test_punctuation_and_white_space_are_not_words():
    assert words_of("The  room is dark; and") == words_of("the room is dark, and")


@pytest.mark.parametrize(
    ("one", "other"),
    [("a score of -2.5", "a score of 2.5"), ("< 30", "> 30"), ("2.5 mg", "25 mg"), ("5 %", "5")],
)
def test_signs_that_change_a_number_are_words(one, other):
    assert words_of(one) != words_of(other)


def test_likeness_counts_what_is_shared_in_its_order():
    assert likeness(words_of("a b c d"), words_of("a b c d")) == 1
    assert likeness(words_of("a b c d"), words_of("a b e f")) == 0.5
    assert likeness(words_of("a b"), words_of("c d")) == 0


# The criteria


def test_a_version_compared_with_its_own_text_has_no_change():
    comparison = compared(lamps(), lamps())

    assert comparison.noted == ()
    assert fates(comparison, "I. Medical Necessity") == [
        ("passage 1", "kept"),
        ("I.A", "kept"),
        ("I.B", "kept"),
    ]


@pytest.mark.parametrize(
    ("intro", "joined", "added", "gone"),
    [
        (
            "all of the following criteria are met",
            " and",
            "tightened: a criterion was added to “all of these”",
            "loosened: a criterion is gone from “all of these”",
        ),
        (
            "any of the following criteria are met",
            " or",
            "loosened: an alternative was added to “any of these”",
            "tightened: an alternative is gone from “any of these”",
        ),
        (
            "at least two of the following criteria are met",
            "",
            "loosened: a choice was added to “at least 2 of these”",
            "tightened: a choice is gone from “at least 2 of these”",
        ),
        (
            "none of the following criteria are met",
            "",
            "tightened: a condition was added to “none of these”",
            "loosened: a condition is gone from “none of these”",
        ),
    ],
)
def test_a_criterion_that_comes_or_goes_is_judged_by_the_rule_above_it(intro, joined, added, gone):
    few = ["The room is dark;" + joined, "The member reads;" + joined, "Nobody sleeps."]
    many = [*few[:1], "A candle was tried for a month;" + joined, *few[1:]]

    longer = compared(criteria(*few, intro=intro), criteria(*many, intro=intro))
    shorter = compared(criteria(*many, intro=intro), criteria(*few, intro=intro))

    assert said(longer) == [("I.B", added)]
    assert said(shorter) == [("I.B", gone)]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("all", "any", "loosened: “all of these” became “any of these”"),
        ("any", "all", "tightened: “any of these” became “all of these”"),
        ("two", "three", "tightened: “at least 2 of these” became “at least 3 of these”"),
        ("three", "two", "loosened: “at least 3 of these” became “at least 2 of these”"),
        ("all", "two", "loosened: “all of these” became “at least 2 of these”"),
        ("any", "none", "“any of these” became “none of these”: read it"),
    ],
)
def test_changed_logic_is_said_in_words(before, after, sentence):
    statements = ["The room is dark;", "The member reads;", "The lamp is new;", "Nobody sleeps."]
    quantities = [f"at least {it}" if it in ("two", "three") else it for it in (before, after)]
    texts = [
        criteria(*statements, intro=f"{quantity} of the following criteria are met")
        for quantity in quantities
    ]

    changes = said(compared(*texts))

    assert changes[0] == ("passage 1", sentence)
    assert len(changes) == 1 or after == "none"


def test_added_where_the_logic_changed_too_is_to_be_read():
    before = criteria("The room is dark;", "The member reads.", intro="any of the following")
    after = criteria(
        "The room is dark;", "The member reads;", "Nobody sleeps.", intro="all of the following"
    )

    assert ("I.C", "added where the logic of the list changed too: read it") in said(
        compared(before, after)
    )


def test_reworded_criterion_keeps_its_place_and_is_to_be_read():
    before = criteria("The room is dark for an hour; and", "The member reads.")
    after = criteria("The room is dark for two hours; and", "The member reads.")

    comparison = compared(before, after)

    assert ("I.A", "reworded") in fates(comparison, "I. Medical Necessity")
    assert said(comparison) == [("I.A", "reworded: read it")]


def test_punctuation_alone_is_editorial():
    comparison = compared(
        criteria("The room is dark; and", "The member reads."),
        criteria("The room  is dark, and", "The member reads;"),
    )

    words = "editorial: only white space or punctuation changed"
    assert said(comparison) == [("I.A", words), ("I.B", words)]


def test_connector_that_comes_with_a_longer_list_is_editorial():
    before = criteria("The room is dark; and", "The member reads.")
    after = criteria("The room is dark; and", "The member reads; and", "Nobody sleeps.")

    assert said(compared(before, after)) == [
        ("I.B", "editorial: only the connector at its end came or went"),
        ("I.C", "tightened: a criterion was added to “all of these”"),
    ]


def test_split_criterion_is_told_with_both_its_parts():
    before = criteria(
        "The room is dark.",
        "The member has read for an hour on each day of a month and has kept a diary of the pages.",
    )
    after = criteria(
        "The room is dark.",
        "The member has read for an hour on each day of a month.",
        "The member has kept a diary of the pages.",
    )

    split, joined = compared(before, after), compared(after, before)

    assert ("I.B and I.C", "split") in fates(split, "I. Medical Necessity")
    assert said(split) == [("I.B and I.C", "one statement was split in two: read it")]
    assert ("I.B", "joined") in fates(joined, "I. Medical Necessity")


def test_moved_criterion_is_neither_new_nor_gone():
    before = excluded("Colored lamps of every kind and make;", "Golden lamps.")
    text = before.replace(b"    1. Colored lamps of every kind and make;\n", b"")
    after = text.replace(
        b"2. The member reads.",
        b"2. The member reads.\n      3. Colored lamps of every kind and make;",
    )

    changes = said(compared(before, after))

    assert ("I.C", "moved from “II. Policy Limitations and Exclusions”, II.A: read it") in changes
    assert [sentence for place, sentence in changes if place != "I.C"] == []


def test_order_within_a_rule_is_editorial():
    before = criteria("The room is dark;", "The member reads;", "Nobody sleeps.")
    after = criteria("The member reads;", "The room is dark;", "Nobody sleeps.")

    changes = said(compared(before, after))

    assert [sentence for _, sentence in changes] == [
        "editorial: only its place in the list changed"
    ]


def test_renumbered_criterion_says_where_it_stood():
    before = criteria("The member reads;", "Nobody sleeps.")
    after = criteria("A candle was tried for a month;", "The member reads;", "Nobody sleeps.")

    part = compared(before, after).parts[1]

    assert [(row.places[1], row.note) for row in part.rows[2:]] == [
        ("I.B", "was I.A"),
        ("I.C", "was I.B"),
    ]


def test_lineage_goes_before_the_place():
    first, second = uuid4(), uuid4()
    texts = [criteria("The room is dark;", "The room is dark;", "Nobody sleeps.")]
    texts.append(criteria("The room is dark;", "Nobody sleeps."))
    before = edition(texts[0], identities={"criteria-I-A": first, "criteria-I-B": second})
    after = edition(texts[1], 2, identities={"criteria-I-A": second})

    rows = compare(before, after).parts[1].rows

    assert [(row.places, row.fate) for row in rows[1:3]] == [
        (("I.A", ""), "gone"),
        (("I.B", "I.A"), "kept"),
    ]


def test_exclusions_turn_the_classes():
    before = excluded("Colored lamps;", "Golden lamps.")
    after = excluded("Colored lamps;", "Lamps that sing;", "Golden lamps.")

    assert said(compared(before, after)) == [
        ("II.B", "tightened: a statement was added to what is excluded")
    ]
    assert said(compared(after, before)) == [
        ("II.B", "loosened: a statement is gone from what is excluded")
    ]


def test_conditions_of_an_exclusion_turn_them_once_more():
    one = "Lamps are not covered when all of the following are met:\n\n    1. They sing;"
    before = lamps(limitation=f"{one}\n    2. They walk.")
    after = lamps(limitation=f"{one}\n    2. They walk;\n    3. They glow.")

    assert ("II.C", "loosened: a criterion was added to “all of these” of an exclusion") in said(
        compared(before, after)
    )


def test_list_that_excepts_from_an_exclusion_is_never_guessed_at():
    intro = b"This exclusion does not apply to:"
    before = excluded("Colored lamps;", "Golden lamps.").replace(
        b"The following are not covered:", intro
    )
    after = excluded("Colored lamps;", "Golden lamps;", "Lamps that sing.").replace(
        b"The following are not covered:", intro
    )

    assert ("II.C", "added: read it") in said(compared(before, after))


def test_background_and_references_are_editorial():
    before = lamps()
    after = lamps(background="Lamps are hot.").replace(b"Warm A. Lamps. 2020.", b"Cold B. 2021.")

    effects = {one.change.effect for one in compared(before, after).noted}

    assert effects == {Effect.EDITORIAL}


def test_lines_of_business_and_jurisdictions_are_scope():
    comparison = compared(lamps(), lamps(), lines_of_business=["medicaid"], jurisdictions=["NY"])

    assert said(comparison) == [
        ("Lines of business", "scope: it applies to other lines of business"),
        ("Jurisdictions", "scope: it applies in other jurisdictions"),
    ]
    facts = comparison.parts[0].facts
    assert [(one.before, one.after) for one in facts] == [
        ("all", "Medicaid managed care"),
        ("all", "NY"),
    ]


# The codes


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ("not covered", "covered if criteria met", "loosened"),
        ("covered if criteria met", "not covered", "tightened"),
        ("covered if criteria met", "related", "tightened"),
        ("related", "not covered", "tightened"),
    ],
)
def test_changed_stance_is_classed_by_what_it_grants(before, after, effect):
    headings = {
        "covered if criteria met": "CPT codes covered if selection criteria are met:",
        "not covered": "CPT codes not covered for indications listed in the CPB:",
        "related": "Other CPT codes related to the CPB:",
    }
    texts = [coded("97110 Lamp exercises", heading=headings[one]) for one in (before, after)]

    sentence = f"{effect}: a code moved from “{before}” to “{after}”"
    assert said(compared(*texts)) == [("97110", sentence)]


@pytest.mark.parametrize(
    ("stance", "added", "removed"),
    [
        ("covered if selection criteria are met", "loosened", "tightened"),
        ("not covered for indications listed in the CPB", "tightened", "loosened"),
    ],
)
def test_codes_that_come_or_go(stance, added, removed):
    few = coded("97110 Lamp exercises", heading=f"CPT codes {stance}:")
    many = coded("97110 Lamp exercises", "97140 Lamp rubs", heading=f"CPT codes {stance}:")

    longer, shorter = compared(few, many), compared(many, few)

    assert lines(longer) == [("", "97140")]
    assert lines(shorter) == [("97140", "")]
    assert said(longer)[0][1].startswith(f"{added}: a code was added to")
    assert said(shorter)[0][1].startswith(f"{removed}: a code is gone from")


def test_related_code_that_comes_is_to_be_read():
    heading = "Other CPT codes related to the CPB:"
    comparison = compared(
        coded("97110 Lamp exercises", heading=heading),
        coded("97110 Lamp exercises", "97140 Lamp rubs", heading=heading),
    )

    assert said(comparison) == [("97140", "a code was added to “related”: read it")]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("Z87.81 - Z87.828", "Z87.81 - Z87.83", "tightened: a range of “not covered” was widened"),
        ("Z87.81 - Z87.83", "Z87.81 - Z87.828", "loosened: a range of “not covered” was narrowed"),
        (
            "Z87.81 - Z87.83",
            "Z87.82 - Z87.84",
            "codes came into a range of “not covered”, and others left it: read it",
        ),
    ],
)
def test_ranges_are_compared_as_ranges(before, after, sentence):
    heading = "ICD-10 codes not covered for indications listed in the CPB:"
    texts = [coded(f"{one} States after a lamp", heading=heading) for one in (before, after)]

    comparison = compared(*texts)

    assert lines(comparison) == [(before, after)]
    assert said(comparison) == [(after, sentence)]
    line = next(one for one in comparison.parts if one.kind == "codes").tables[0].changed[0]
    assert line.notes == (f"{before} became {after}",)


def test_code_that_leaves_a_range_for_another_group_says_where_it_stood():
    covered = "CPT codes covered if selection criteria are met:\n\n"
    denied = "\n\nCPT codes not covered for indications listed in the CPB:\n\n"
    before = lamps(codes=f"{covered}97112 - 97116 Lamp walks{denied}97545 Lamp work\n")
    after = lamps(
        codes=f"{covered}97112 - 97113 Lamp walks{denied}97116 Lamp runs\n97545 Lamp work\n"
    )

    comparison = compared(before, after)

    assert lines(comparison) == [("97112 - 97116", "97112 - 97113"), ("", "97116")]
    assert said(comparison) == [
        ("97112 - 97113", "tightened: a range of “covered if criteria met” was narrowed"),
        ("97116", "tightened: a code was added to “not covered”"),
    ]
    tables = next(one for one in comparison.parts if one.kind == "codes").tables
    assert tables[1].changed[0].notes == ("it stood in 97112 - 97116, covered if criteria met",)


def test_range_cut_in_two_is_one_line():
    comparison = compared(
        coded("97112 - 97116 Lamp walks"), coded("97112 - 97113, 97116 Lamp walks")
    )

    assert lines(comparison) == [("97112 - 97116", "97112 - 97113, 97116")]


def test_brackets_and_descriptions_are_to_be_read():
    bracketed = compared(
        coded("97110 Lamp exercises"), coded("97110 Lamp exercises [not covered at night]")
    )
    described = compared(coded("97110 Lamp exercises"), coded("97110 Exercises with a lamp"))

    assert said(bracketed) == [("97110", "its brackets were added: read it")]
    assert said(described) == [("97110", "described in other words: read it")]


def test_added_code_with_brackets_warns_of_them():
    comparison = compared(
        coded("97110 Lamp exercises"), coded("97110 Lamp exercises", "97140 Rubs [except cold]")
    )

    assert said(comparison) == [
        ("97140", "loosened: a code was added to “covered if criteria met”"),
        ("97140", "its brackets may narrow that: [except cold]: read it"),
    ]


def test_other_subject_above_the_same_codes_is_scope():
    heading = "CPT codes covered if selection criteria are met:"
    texts = [
        lamps(codes=f"{subject}:\n\n{heading}\n\n97110 Lamp exercises\n")
        for subject in ("Oil lamps", "Gas lamps")
    ]

    (change,) = [one.change for one in compared(*texts).noted]

    assert change.effect == Effect.SCOPE
    assert "Oil lamps" in change.words
    assert "Gas lamps" in change.words


# The demonstration, by its texts and its change notes


def test_0298_names_work_hardening_and_widens_the_diagnoses():
    comparison = demonstrated("0298")

    assert of(comparison, Effect.TIGHTENED) == [
        ("I.D", "a statement was added to what is excluded"),
        ("II.C", "a criterion was added to “all of these”"),
        ("97537", "a code moved from “related” to “not covered”"),
        ("+97546", "a code was added to “not covered”"),
        ("S00.00X+ - T88.9XX+", "a range of “not covered” was widened"),
        ("Z85.00 - Z85.9, Z86.59, Z86.73", "a code was added to “not covered”"),
        (
            "Z87.81 - Z87.828, Z91.410 - Z91.414, Z92.3, Z98.870 - Z98.89",
            "a code was added to “not covered”",
        ),
    ]
    assert of(comparison, Effect.LOOSENED) == [("I.C", "a statement is gone from what is excluded")]
    assert of(comparison, Effect.SCOPE) == []
    assert {place for place, _ in of(comparison, Effect.READ)} == {
        "passage 1",  # the scope of the policy, and the documentation that is now required
        "I.A",
        "note 3",
        "II.A",
        "II.B",
        "97537",
        "97750",
        "S00.00X+ - T88.9XX+",
        "Z51.89",
    }


def test_0298_drops_driving_assessment_and_moves_nothing_else():
    rows = fates(demonstrated("0298"), "I. Policy Limitations and Exclusions")

    assert rows == [
        ("passage 1", "kept"),
        ("I.A", "reworded"),
        ("I.B", "kept"),
        ("I.C", "gone"),  # driving assessment
        ("I.C", "edited"),  # job placement, which was I.D
        ("I.D", "new"),
        ("note 2", "kept"),
        ("note 3", "new"),
    ]


def test_0298_counts_a_new_criterion_with_what_stands_under_it_once():
    comparison = demonstrated("0298")
    part = next(one for one in comparison.parts if one.title.startswith("II."))

    under = [row for row in part.rows if row.places[1] in ("II.C.1", "II.C.2")]

    assert [(row.fate, row.note, row.changes) for row in under] == [("new", "with II.C", ())] * 2


def test_0614_asks_for_more_and_covers_more():
    comparison = demonstrated("0614")

    assert of(comparison, Effect.TIGHTENED) == [
        ("I.A.2", "“at least 2 of these” became “at least 3 of these”"),
        ("I.A.5", "a criterion was added to “all of these”"),
        ("III.C", "a statement was added to what is excluded"),
        ("IV, bullet 3", "a statement was added to what is called experimental"),
        ("97024", "a code was added to “not covered”"),
        ("97028", "a code was added to “not covered”"),
        ("Dry cupping", "a code was added to “not covered”"),
        ("Z02.71", "a code was added to “not covered”"),
    ]
    assert of(comparison, Effect.LOOSENED) == [
        ("I.A.2.f", "a choice was added to “at least 3 of these”"),
        ("G20.A1 - G20.C", "a code was added to “covered if criteria met”"),
    ]
    assert of(comparison, Effect.READ) == [
        ("I.A.1", "reworded"),
        ("I.B.1", "reworded"),
        ("II.A", "reworded"),
        ("II.B", "reworded"),
        ("II.C", "reworded"),
        ("II.D", "added"),
        ("97022", "its brackets were added"),
        ("97150", "its brackets were added"),
    ]


def test_demonstration_has_no_other_bulletin_in_two_versions():
    with (DEMO / "bulletins.csv").open(encoding="utf-8", newline="") as file:
        second = {row["number"] for row in csv.DictReader(file) if row["version"] != "1"}

    assert second == set(PAIRS)


# In the database


@pytest.mark.django_db
def test_editions_come_with_the_lineage_of_their_criteria(django_assert_num_queries):
    before, after = draft(criteria("The room is dark.")), draft(criteria("The room is  dark."))

    with django_assert_num_queries(1):
        old, new = editions_of(before, after)

    stored = Criterion.objects.get(version=before, anchor="criteria-I-A").identity
    assert {one.identity for one in old.statements} >= {stored}
    assert {one.identity for one in new.statements} >= {stored}


@pytest.mark.django_db
def test_command_prints_the_changes_and_one_json_object():
    draft()
    draft(lamps(title="Lamps and lanterns"))
    text, data = StringIO(), StringIO()

    call_command("compare", "0907", 1, 2, stdout=text)
    call_command("compare", "0907", 1, 2, "--json", stdout=data)

    assert "the title changed: read it" in text.getvalue()
    found = json.loads(data.getvalue())
    assert (found["bulletin"], found["before"], found["after"]) == ("0907", 1, 2)
    assert found["counts"]["read it"] == 1
    assert found["changes"][0]["place"] == "Title"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (1, 7, "0907 has no version 7. There are: 1, 2."),
        (1, 1, "Name two different versions. There are: 1, 2."),
    ],
)
def test_command_says_which_versions_there_are(before, after, sentence):
    draft()
    draft(lamps(title="Lamps and lanterns"))

    with pytest.raises(CommandError, match=sentence.replace(".", r"\.")):
        call_command("compare", "0907", before, after)


# Nothing is lost, whatever is compared

NAMES = sorted(path.name for path in (DEMO / "bulletins").glob("*.txt"))


@pytest.mark.parametrize(("before", "after"), list(pairwise(NAMES)))
def test_every_statement_and_code_stands_on_the_page_once(before, after):
    old, new = (edition((DEMO / "bulletins" / name).read_bytes()) for name in (before, after))

    comparison = compare(old, new)

    rows = [row for part in comparison.parts for row in part.rows]
    for version, side in ((old, "before"), (new, "after")):
        shown = ["".join(run.text for run in runs) for row in rows for runs in getattr(row, side)]
        assert sorted(one.split() for one in shown) == sorted(
            one.text.split() for one in version.statements
        )
        groups = version.document.code_groups
        named = [printed(span) for group in groups for row in group.rows for span in row.codes]
        found = ", ".join(
            getattr(line, side)
            for part in comparison.parts
            for table in part.tables
            for line in (*table.changed, *table.kept)
        ).split(", ")
        assert sorted(one for one in found if one not in ("", "no specific code")) == sorted(named)


@pytest.mark.django_db
def test_command_compares_in_either_order(capsys):
    draft()
    draft(lamps(title="Lamps and lanterns"))

    call_command("compare", "0907", 2, 1)

    assert "Title: Lamps and lanterns -> Lamps" in capsys.readouterr().out
