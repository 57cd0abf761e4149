"""Text without a single blank line, as a viewer of printed pages gives it: what is wrapped goes
on, and headings, items and rows stand."""

from policies.reading import read
from policies.reading.lines import split
from policies.reading.wrapping import is_dense
from tests.policies.test_reading_conservation import lost_lines

PRINTED = """\
3/14/25, 9:02 AM Heat Lamps for Aching Joints | The Plan
Heat Lamps for Aching Joints
Number: 0907
Policy
Scope of Policy
This bulletin addresses heat lamps that warm a joint, and the pads for the
Member's house.
I. Medical Necessity
The plan considers a lamp medically necessary for a member who meets all of
the following criteria:
A. The joint has ached for six weeks, in spite of rest, warm cups and the
Pads of last year; and
B. Either of the following:
1. A nurse has shown how it is used; or
2. A helper is there, with at least two of the following:
a. Warm hands
b. A clear voice
c. Patience
II. Experimental, Investigational, or Unproven
Lamps are considered unproven for the following:
A. Colds
B. Boredom
https://plan.example/0907.html 1/2
3/14/25, 9:02 AM Heat Lamps for Aching Joints | The Plan
III. Related Policies
CPB 0908 - Warm Cups
CPT Codes / HCPCS Codes / ICD-10 Codes
Code Code Description
Information in the [brackets] below has been added for clarification purposes. Codes
requiring a 7th character are represented by "+":
Warm lamps
CPT codes covered if selection criteria are met:
99901 Lamp fitting for people who are cold (List separately in addition to codes
99902, 99903 for the joint)
99904 Lamp, large
(Lux), with a stand
Other HCPCS codes related to the
CPB:
E9901 Lamp stand, one unit = 1
day
ICD-10 codes not covered for indications listed in the CPB (not all-
inclusive):
M25.50 - M25.59,
M79.60 - M79.69
https://plan.example/0907.html 2/2
Code Code Description
Aching joints and
limbs
Background
Lamps give off warmth.
References
1. Ember A. Lamps for knees. J
Warmth. 2001;24:1-9.
2. Frost B. Cold knees. J Warmth. 1999;2:18-44.
"""


def rows(document, number):
    return [
        ([one.low for one in row.codes], row.description)
        for row in document.code_groups[number].rows
    ]


def test_rows_and_headings_of_a_wrapped_table_are_whole():
    document = read(PRINTED.encode())

    assert [(one.system, one.stance, one.open_list, one.scope) for one in document.code_groups] == [
        ("CPT", "covered_if_criteria_met", False, "Warm lamps"),
        ("HCPCS", "related", False, "Warm lamps"),
        ("ICD-10-CM", "not_covered", True, "Warm lamps"),
    ]
    assert rows(document, 1) == [(["E9901"], "Lamp stand, one unit = 1 day")]
    assert rows(document, 2) == [(["M25.50", "M79.60"], "Aching joints and limbs")]
    assert rows(document, 0)[-1] == (["99904"], "Lamp, large (Lux), with a stand")


def tree(criteria):
    return [(one.label, one.rule, tree(one.children)) for one in criteria]


def test_the_style_of_marks_tells_depth_where_indents_are_lost():
    document = read(PRINTED.encode())

    policy = next(one for one in document.sections if one.heading == "Policy")
    assert [(one.label, one.kind) for one in policy.children] == [
        ("", "scope"), ("I", "medical_necessity"), ("II", "experimental"), ("III", "related"),
    ]  # fmt: skip
    helper = [("a", "list", []), ("b", "list", []), ("c", "list", [])]
    either = [("1", "list", []), ("2", "at_least", helper)]
    assert tree(document.criteria) == [
        ("I", "all", [("A", "list", []), ("B", "any", either)]),
        ("A", "list", []),
        ("B", "list", []),
    ]
    assert document.criteria[0].children[0].text == (
        "The joint has ached for six weeks, in spite of rest, warm cups and the"
        " Pads of last year; and"
    )
    assert [one.text for one in policy.children[3].blocks] == ["CPB 0908 - Warm Cups"]


def test_blank_lines_change_nothing_of_the_depth():
    apart = PRINTED.replace("\n", "\n\n").replace("the\n\nPads", "the pads")

    assert tree(read(apart.encode()).criteria) == tree(read(PRINTED.encode()).criteria)


def test_text_below_an_item_that_is_over_belongs_to_the_item_around_it():
    text = PRINTED.replace("A. Colds\n", "A. Colds;\n").replace(
        "B. Boredom\n", "B. Boredom.\nLamps are not given to the well.\n"
    )
    policy = next(one for one in read(text.encode()).sections if one.heading == "Policy")

    assert [(one.depth, one.text) for one in policy.children[2].blocks][-1] == (
        1, "Lamps are not given to the well.",
    )  # fmt: skip


def test_decimals_at_every_depth_nest_below_a_colon():
    text = PRINTED.replace("A. The joint", "1. The joint").replace("B. Either", "2. Either")

    labels = tree(read(text.encode()).criteria)[0]
    assert labels[:2] == ("I", "all")
    assert [one[:2] for one in labels[2]] == [("A", "list"), ("B", "any")]
    assert [one[0] for one in labels[2][1][2]] == ["1", "2"]


def test_wrapped_references_are_whole():
    assert read(PRINTED.encode()).references == (
        "Ember A. Lamps for knees. J Warmth. 2001;24:1-9.",
        "Frost B. Cold knees. J Warmth. 1999;2:18-44.",
    )


def test_nothing_of_a_dense_text_is_lost():
    assert lost_lines(PRINTED.encode()) == []


def test_paragraphs_on_lines_of_their_own_are_not_taken_for_wrapped_text():
    assert is_dense(split(PRINTED))
    assert not is_dense(split(PRINTED.replace("Background\n", "Background\n\n")))
    assert not is_dense(split("".join(f"{n} is a number. " * 20 + "\n" for n in range(20))))
