"""Traps of real pages: what looks like a heading, an item or a reference, and is none."""

import pytest

from policies.reading import read

FRONT = "Lamps\n\nNumber:\u00a00907\n\nTable Of Contents\n\n{entries}\n\n\n"
ENTRIES = ("Policy", "Applicable CPT / HCPCS / ICD-10 Codes", "Background", "References")
TAIL = (
    "\n\nTable:\n\nCPT Codes\n\nCode Code Description\n\nCPT codes covered if selection criteria "
    "are met:\n\n99901 Lamp\n\nBackground\n\nLamps are warm.\n\nReferences\n\n"
    "  1. Warm A. Lamps. 2020.\n"
)
SCOPE = "Policy\n\nScope of Policy\n\nThis is about lamps.\n\n"


def bulletin(policy, *, between="\n", tail=TAIL):
    entries = between.join(ENTRIES)
    return read((FRONT.format(entries=entries) + policy + tail).encode())


def sections(document):
    def walk(some):
        for one in some:
            yield one
            yield from walk(one.children)

    return {one.anchor: one for one in walk(document.sections)}


def texts(section):
    return [block.text for block in section.blocks]


# The contents list


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_part_before_the_policy_is_no_entry_of_the_contents_list(between):
    brand = "Brand Selection for Warm Products\n\nThe small lamp is preferred.\n\n"
    found = sections(bulletin(brand + SCOPE, between=between))

    assert texts(found["contents"]) == list(ENTRIES)
    assert texts(found["brand-selection"]) == ["The small lamp is preferred."]


# Headings


def test_a_caption_for_one_system_is_a_caption():
    document = bulletin(SCOPE)

    assert sections(document)["codes"].heading == "CPT Codes"
    assert [(one.system, one.scope) for one in document.code_groups] == [("CPT", None)]
    assert document.not_understood == ()


@pytest.mark.parametrize(
    "caption",
    ["HCPCS Codes / ICD-10 Codes", "CPT Codes/HCPCS Codes", "CPT Codes, HCPCS and CDT Codes",
     "ICD-10 Procedure Codes", "Applicable CDT Codes", "CPT / HCPCS / CDT / ICD-10-PCS Codes"],
)  # fmt: skip
def test_captions_name_systems_in_many_ways(caption):
    document = bulletin(SCOPE, tail=TAIL.replace("CPT Codes\n", f"{caption}\n"))

    assert sections(document)["codes"].heading == caption
    assert [one.scope for one in document.code_groups] == [None]


@pytest.mark.parametrize("caption", ["Table 1: Doses", "Table 1. Doses"])
def test_the_columns_of_a_table_in_the_text_are_no_heading(caption):
    found = sections(bulletin(f"{SCOPE}Dosage\n\n{caption}\n\nProduct Dose\n\nPad 5\nCup 6\n\n1 2"))

    assert texts(found["table-1-doses"]) == ["Product Dose", "Pad 5", "Cup 6", "1 2"]


@pytest.mark.parametrize("words", ["Either:", "Meets both:", "One of these:"])
def test_words_that_introduce_a_list_are_no_heading(words):
    document = bulletin(SCOPE + f"Medical Necessity\n\n{words}\n\n  1. Cold\n  2. Wet")

    (criterion,) = document.criteria
    assert criterion.text == words
    assert criterion.rule in ("any", "all")


def test_items_of_an_announced_list_are_no_headings_whatever_they_name():
    document = bulletin(
        SCOPE + "Experimental, Investigational, or Unproven\n\nThe plan considers lamps unproven "
        "for the following, as shown elsewhere.\n\n  1. Cosmetic use\n  2. Dental limitations\n\n"
        "    More of them.\n"
    )

    assert [one.text for one in document.criteria] == [
        "Cosmetic use",
        "Dental limitations\nMore of them.",
    ]
    assert sections(document)["experimental"].children == ()


def test_items_without_text_below_are_no_headings_for_a_word_in_them():
    document = bulletin(
        SCOPE + "Medical Necessity\n\nA lamp is necessary.\n\n  1. Documentation of cold\n  2. Ice"
    )

    assert [one.text for one in document.criteria] == ["Documentation of cold", "Ice"]


@pytest.mark.parametrize("link", ["Back to top", "Return to Top", "^ Back to the top"])
def test_a_link_between_parts_is_reported(link):
    document = bulletin(SCOPE + f"{link}\n\nMedical Necessity\n\nNone.\n")

    assert [one.text for one in document.not_understood] == [link]
    assert texts(sections(document)["scope"]) == ["This is about lamps."]


@pytest.mark.parametrize("line", ["Pediatric: 0.1 mg/kg", "Adult: 2", "Pads of 5 mL each"])
def test_a_dose_is_no_heading(line):
    found = sections(bulletin(SCOPE + f"Dosage and Administration\n\n{line}\n\nMore.\n"))

    assert texts(found["dosage"]) == [line, "More."]


# Items


@pytest.mark.parametrize("sign", ["*", "•", "-", "o", "■", "➢", "✓", "\uf0b7"])
def test_bullets_have_many_signs(sign):
    document = bulletin(
        SCOPE + f"Medical Necessity\n\nAny of these:\n\n  {sign} Cold\n  {sign} Wet"
    )

    assert [(one.label, one.text) for one in document.criteria[0].children] == [
        ("•", "Cold"), ("•", "Wet"),
    ]  # fmt: skip


def test_a_footnote_with_an_asterisk_is_no_item():
    document = bulletin(
        SCOPE + "  1. Medical Necessity\n\n    Lamps are given after a test* of heat:\n\n"
        "    1. Knees\n\n      1. Cold\n\n    * If the test fails, do it again.\n\n    The end."
    )

    assert texts(sections(document)["medical-necessity"])[-2:] == [
        "* If the test fails, do it again.", "The end.",
    ]  # fmt: skip
    (knees,) = document.criteria
    assert [one.text for one in knees.children] == ["Cold"]


def test_asterisks_below_an_introduction_are_items_though_a_word_above_has_one():
    document = bulletin(SCOPE + "Medical Necessity\n\nAny of the following*:\n\n  * Cold\n  * Wet")

    assert [one.text for one in document.criteria[0].children] == ["Cold", "Wet"]


# Rules


@pytest.mark.parametrize(
    "words", ["All indications but one:", "All indications except cold knees:", "Any age, if cold:"]
)
def test_words_about_indications_are_no_quantifier(words):
    document = bulletin(SCOPE + f"  1. Medical Necessity\n\n    {words}\n\n    1. Cold\n    2. Wet")

    assert [one.rule for one in document.criteria] == ["list", "list"]


# References


def test_references_below_headings_and_the_publishers_notices_below_them():
    tail = TAIL.replace(
        "  1. Warm A. Lamps. 2020.\n",
        "Knees\n\n  1. Warm A. Lamps. 2020.\n  2. Warm B. Lamps. 2021.\n\nHips\n\n"
        "  1. Warm C. Lamps. 2022.\n\nThis list was made by the plan in the year 2021.\n\n"
        "CPT only copyright 2015 of the association. All rights reserved.\n\nOther words\n",
    )
    document = bulletin(SCOPE, tail=tail)

    assert document.references == (
        "Warm A. Lamps. 2020.", "Warm B. Lamps. 2021.", "Warm C. Lamps. 2022.",
    )  # fmt: skip
    assert [one.text for one in document.not_understood] == [
        "CPT only copyright 2015 of the association. All rights reserved.", "Other words",
    ]  # fmt: skip


def test_the_last_page_of_a_wrapped_reference_is_no_item():
    tail = TAIL.replace(
        "Lamps. 2020.\n", "Lamps. J Heat. 2020;1:360-\n    361.\n  2. Warm B. 2021.\n"
    )

    assert bulletin(SCOPE, tail=tail).references == (
        "Warm A. Lamps. J Heat. 2020;1:360- 361.", "Warm B. 2021.",
    )  # fmt: skip
