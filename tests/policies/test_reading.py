"""Whole bulletins: sections, dates, references, the page around them, and what is refused."""

import contextlib
import json
import random
import time
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.reading import MAX_BYTES, Document, NotABulletin, read
from policies.reading.history import parsed

HERE = Path(__file__).parent
COMPLETE = (HERE / "bulletins" / "complete.txt").read_bytes()
SHARED = HERE.parents[1].parent / "shared" / "bulletins"
SMALL = (
    "Lamps\n\nNumber: 0907\n\nPolicy\n\nScope of Policy\n\nThis is about lamps.\n\n"
    "Background\n\nLamps are warm.\n\nReferences\n\n  1. Warm A. Lamps. 2020.\n"
)


def sections(document):
    def walk(some):
        for one in some:
            yield one
            yield from walk(one.children)

    return {one.anchor: one for one in walk(document.sections)}


def with_policy(text):
    return read(SMALL.replace("This is about lamps.", text).encode())


# The real document


@pytest.fixture(scope="module")
def real():
    if not SHARED.is_dir():
        pytest.skip("the shared bulletins are not beside the checkout")
    expected = json.loads((SHARED / "0198.expected.json").read_text())
    (path,) = SHARED.glob("0198-*.txt")
    return read(path.read_bytes()), expected


def test_the_real_bulletin_has_its_title_number_and_no_dates(real):
    document, expected = real

    assert (document.number, document.title) == (expected["number"], expected["title"])
    assert (document.last_review, document.effective, document.next_review) == (None, None, None)
    assert document.not_understood == ()


def test_the_real_bulletin_has_its_policy_sections(real):
    document, expected = real
    policy = sections(document)["policy"].children

    read_ = [(one.heading, one.ordinal, one.label, len(one.blocks)) for one in policy]
    assert read_ == [
        (one["heading"], one["ordinal"], one.get("roman_in_print", ""), one["paragraphs"])
        for one in expected["policy"]
    ]
    assert [one.kind for one in policy] == ["scope", "limitations", "related"]
    assert [(one.anchor, one.kind) for one in policy[1].blocks] == [
        ("limitations-1", "paragraph"), ("limitations-2", "note"),
    ]  # fmt: skip


def test_the_real_bulletin_has_its_code_table(real):
    document, expected = real

    assert document.legends == (expected["legend"],)
    stances = {"not covered": "not_covered"}
    assert [
        (one.heading, one.system, one.stance, one.open_list, one.scope)
        for one in document.code_groups
    ] == [
        (
            one["heading"],
            one["kind"],
            stances[one["status"]],
            one["not_all_inclusive"],
            one["scope"],
        )
        for one in expected["groups"]
    ]
    rows = [row for group in document.code_groups for row in group.rows]
    wanted = [row for group in expected["groups"] for row in group["rows"]]
    assert len(rows) == expected["totals"]["rows"] == len(wanted)
    for row, want in zip(rows, wanted, strict=True):
        assert [(one.low, one.high, one.add_on, one.seventh_character) for one in row.codes] == [
            (
                one["low"],
                one["high"],
                one.get("add_on", False),
                one.get("seventh_low", False) or one.get("seventh_high", False),
            )
            for one in want["elements"]
        ]
        assert row.description.startswith(
            want.get("description_starts", want.get("description", ""))
        )
        assert row.description.endswith(want.get("description_ends", want.get("description", "")))
        assert row.brackets == tuple(want.get("brackets", ()))
        assert row.full_description == want.get("full_descriptor", row.description)


def test_the_real_bulletin_has_its_background_and_references(real):
    document, expected = real
    found = sections(document)
    background, references = found["background"], found["references"]

    assert [one.heading for one in background.children] == expected["background"]["subheadings"]
    blocks = [*background.blocks, *(b for one in background.children for b in one.blocks)]
    assert [one.anchor for one in blocks] == ["background-1", "background-2", "background-3"]
    assert len(document.references) == expected["references"]["count"]
    assert document.references[0].startswith(expected["references"]["first_starts"])
    assert document.references[-1].startswith(expected["references"]["last_starts"])
    assert references.blocks[0].text == expected["references"]["intro"]
    assert references.blocks[-1].anchor == "references-12"


# A whole page


def test_a_whole_page_gives_the_bulletin_and_reports_the_page_around_it():
    document = read(COMPLETE)

    assert (document.number, document.title) == ("0907", "Heat lamps for aching joints")
    assert document.last_review == date(2025, 3, 11)
    assert document.effective == date(2001, 4, 1)
    assert document.next_review == date(2027, 3, 10)
    assert [one.line for one in document.not_understood] == [1, 2, 3, 4, 6, 128, 130, 132]


def test_the_sections_of_a_whole_page_keep_order_kind_and_depth():
    found = [(one.anchor, one.kind, one.depth) for one in sections(read(COMPLETE)).values()]

    assert found == [
        ("contents", "other", 1), ("brand-selection", "brand_selection", 1),
        ("policy", "other", 1), ("scope", "scope", 2),
        ("medical-necessity", "medical_necessity", 2), ("limitations", "limitations", 2),
        ("related", "related", 2), ("experimental", "experimental", 2), ("codes", "codes", 1),
        ("background", "background", 1), ("what-warmth-does", "other", 2),
        ("appendix", "appendix", 1), ("references", "references", 1),
        ("policy-history", "other", 1),
    ]  # fmt: skip


def test_codes_outside_the_table_are_not_codes():
    document = read(COMPLETE)

    spans = {one.low for group in document.code_groups for row in group.rows for one in row.codes}
    assert spans == {"99901", "99902", "E9901", "M25.50", "M79.10", "M79.18", "S13.4XX"}


def test_anchors_of_blocks_are_unique():
    document = read(COMPLETE)

    anchors = [block.anchor for one in sections(document).values() for block in one.blocks]
    anchors += sections(document)
    assert len(anchors) == len(set(anchors))


def test_the_section_words_may_stand_in_the_contents_list_and_as_headings():
    document = read(COMPLETE)

    assert [one.heading for one in document.sections].count("Policy") == 1
    assert [one.text for one in document.sections[0].blocks][1] == "Policy"


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Medical Necessity", "medical_necessity"),
        ("Experimental, Investigational, or Unproven:", "experimental"),
        ("Cosmetic", "cosmetic"),
        ("Policy Limitations and Exclusions :", "limitations"),
        ("Related Policies", "related"),
        ("Criteria for Initial Approval", "criteria"),
        ("Continuation of Therapy", "criteria"),
        ("Exclusions", "limitations"),
        ("Prescriber Specialties", "criteria"),
        ("Documentation Requirements", "criteria"),
        ("Dosage and Administration", "dosage"),
        ("Brand Selection for Medically Necessary Indications", "brand_selection"),
        ("Warm Lamps", "other"),
    ],
)
def test_a_bare_line_in_the_policy_is_a_heading_of_its_kind(heading, kind):
    document = with_policy(f"This is about lamps.\n\n{heading}\n\nLamps are warm.")

    section = sections(document)["policy"].children[1]
    assert (section.heading, section.kind) == (heading.rstrip(" :"), kind)
    assert [one.text for one in section.blocks] == ["Lamps are warm."]


@pytest.mark.parametrize(
    "text",
    [
        "The plan considers lamps cosmetic", "Lamps are warm",
        "Source: Lamp Makers, 2024", "CPB 0908 - Warm Cups",
    ],
)  # fmt: skip
def test_a_short_sentence_is_no_heading(text):
    document = with_policy(f"This is about lamps.\n\n{text}\n\nMore.")

    assert [one.text for one in sections(document)["scope"].blocks][1] == text


def test_headings_in_the_background_have_no_policy_kind():
    text = SMALL.replace("Lamps are warm.", "Experimental Lamps\n\nLamps are warm.")

    assert sections(read(text.encode()))["experimental-lamps"].kind == "other"


def test_a_pure_exclusion_needs_no_medical_necessity():
    document = with_policy("Lamps.\n\n  1. Policy Limitations and Exclusions\n\n    No lamps.")

    limitations = sections(document)["limitations"]
    assert (limitations.label, limitations.ordinal) == ("I", 1)
    assert [one.anchor for one in limitations.blocks] == ["limitations-1"]


def test_two_sections_of_one_kind_have_anchors_with_a_letter():
    document = with_policy("Lamps.\n\nCosmetic\n\nOne.\n\nCosmetic Lamps\n\nTwo.")

    assert [one.blocks[0].anchor for one in sections(document)["policy"].children[1:]] == [
        "cosmetic-1", "cosmetic-b-1",
    ]  # fmt: skip


def test_a_stray_last_line_policy_history_remains_a_section():
    document = read((SMALL + "\nPolicy History\n").encode())

    assert document.sections[-1].heading == "Policy History"
    assert document.last_review is None


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("Last Review 03/11/2025\n\nEffective: 04/01/2001\n\nNext Review: 03/10/2027",
         (date(2025, 3, 11), date(2001, 4, 1), date(2027, 3, 10))),
        ("Last Review\n\n03/11/2025\n\nEffective:\n04/01/2001",
         (date(2025, 3, 11), date(2001, 4, 1), None)),
        ("Last Review: March 11, 2025 | Effective: 2001-04-01",
         (date(2025, 3, 11), date(2001, 4, 1), None)),
        ("Last Review 13/45/2025", (None, None, None)),
        ("Last Review 03/11/25", (None, None, None)),
        ("Last Review", (None, None, None)),
    ],
)  # fmt: skip
def test_review_dates_are_read_and_never_invented(block, expected):
    document = read(f"{SMALL}\nPolicy History\n\n{block}\n".encode())

    assert (document.last_review, document.effective, document.next_review) == expected


def test_an_impossible_date_is_reported():
    document = read(f"{SMALL}\nPolicy History\n\nLast Review 13/45/2025\n".encode())

    assert [one.text for one in document.not_understood] == ["Last Review 13/45/2025"]


def test_a_date_in_a_sentence_is_no_review_date():
    document = with_policy("Effective 01/01/2024, lamps are covered.")

    assert document.effective is None
    assert parsed("13 March 2025") == date(2025, 3, 13)


def test_references_without_numbers_are_references():
    text = SMALL.replace(
        "  1. Warm A. Lamps. 2020.", "Warm A. Lamps and their light. J Heat. 2020."
    )

    assert read(text.encode()).references == ("Warm A. Lamps and their light. J Heat. 2020.",)


def test_related_policies_carry_no_criteria():
    document = with_policy("Lamps.\n\n  1. Related Policies\n\n    * 0198 Cups\n    * 0199 Pots")

    assert document.criteria == ()
    assert [one.text for one in sections(document)["related"].blocks] == ["0198 Cups", "0199 Pots"]


@pytest.mark.parametrize(
    "caption",
    [
        "Table:\n\nCPT Codes / HCPCS Codes / ICD-10 Codes\n\nCode Code Description",
        "Table: CPT Codes / HCPCS Codes / ICD-10 Codes\n\nCode Code Description",
        "Applicable CPT / HCPCS / ICD-hyphen10 Codes",
        "Code\tCode Description",
        "CPT Codes / HCPCS Codes\n\nCode\nCode Description",
    ],
)
def test_a_caption_begins_the_table_of_codes(caption):
    table = f"{caption}\n\nCPT codes covered:\n\n99901 Lamp\n\n"
    text = SMALL.replace("Background", f"{table}Background")

    assert [one.stance for one in read(text.encode()).code_groups] == ["covered"]
    assert read(text.encode()).not_understood == ()


def test_a_table_without_caption_begins_with_its_first_heading():
    text = SMALL.replace(
        "Background", "CPT codes covered if selection criteria are met:\n\n99901 Lamp\n\nBackground"
    )

    assert read(text.encode()).code_groups[0].rows[0].description == "Lamp"


def test_codes_in_the_policys_prose_begin_no_table():
    document = with_policy(
        "CPT codes 99901 and 99902 are covered if selection criteria are met\n\n"
        "These CPT codes are covered:\n\n  1. Lamps\n"
    )

    assert document.code_groups == ()
    assert [one.text for one in document.criteria] == ["Lamps"]


def test_a_contents_list_may_have_lost_its_heading():
    text = SMALL.replace("Policy\n", "Policy\nBackground\nReferences\n\nPolicy\n", 1)

    document = read(text.encode())
    assert [one.anchor for one in document.sections] == [
        "contents", "policy", "background", "references",
    ]  # fmt: skip


def test_a_page_without_blank_lines_keeps_its_parts():
    text = "\n".join(line for line in COMPLETE.decode().split("\n") if line.strip())
    document = read(text.encode())

    assert set(sections(document)) == set(sections(read(COMPLETE)))
    assert document.code_groups == read(COMPLETE).code_groups
    assert [one.anchor for one in document.criteria] == [
        one.anchor for one in read(COMPLETE).criteria
    ]


def test_a_part_below_the_table_of_codes_holds_no_criteria():
    text = SMALL.replace(
        "Policy\n", "Table Of Contents\n\nPolicy\nGlossary\nReferences\n\nPolicy\n", 1
    )
    table = "CPT codes covered for indications listed:\n\n99901 Lamp\n\nGlossary\n\n  1. Lamp\n\n"

    document = read(text.replace("Background", table + "Background").encode())
    assert document.criteria == ()
    assert sections(document)["glossary"].blocks[0].text == "Lamp"


def test_line_ends_and_byte_order_marks_make_no_difference():
    plain = read(COMPLETE)

    assert read(COMPLETE.replace(b"\n", b"\r\n")) == plain
    assert read(b"\xef\xbb\xbf" + COMPLETE) == plain
    assert read(COMPLETE.decode().encode("utf-16")) == plain
    assert read(COMPLETE.decode().encode("cp1252", "replace")).number == "0907"


def test_a_document_and_its_json_are_the_same():
    document = read(COMPLETE)
    printed = json.loads(json.dumps(document.as_json()))

    assert Document.from_json(printed) == document
    assert list(printed) == [
        "number", "title", "last_review", "effective", "next_review", "sections", "criteria",
        "code_groups", "legends", "references", "not_understood",
    ]  # fmt: skip
    assert list(printed["code_groups"][0]["rows"][0]["codes"][0]) == [
        "low", "high", "add_on", "seventh_character",
    ]  # fmt: skip


# What is refused


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        ("\u00a0\n\u200b".encode(), "blanks"),
        (b"\x00\x01\x02", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "not text"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"<!DOCTYPE html><html>", "HTML"),
        (b"Dear reviewer,\n\nthank you.\n", "Number:"),
        (b"Dear reviewer,\n\nNumber: 12345\n\nthank you.\n", "parts"),
        (b"\xff\xfe\x00", "not text"),
        ((SMALL + "\u4e16" * 400).encode("utf-16-le")[1:], "binary"),
        (("né " * 400 + "\x81").encode("latin-1"), "not text"),
    ],
)  # fmt: skip
def test_what_is_no_bulletin_is_refused_in_one_sentence(data, words):
    with pytest.raises(NotABulletin, match=words) as caught:
        read(data)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_what_is_too_large_is_refused():
    with pytest.raises(NotABulletin, match="20 MB"):
        read(b"a" * (MAX_BYTES + 1))


def test_a_word_processors_file_is_refused():
    with pytest.raises(NotABulletin, match="plain text"):
        read(b"PK\x03\x04", name="lamps.docx")


# Hostile input


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600))
def test_random_bytes_give_a_document_or_a_refusal(data):
    for some in (data, SMALL.encode() + data, COMPLETE[:1200] + data + COMPLETE[1200:]):
        with contextlib.suppress(NotABulletin):
            assert isinstance(read(some), Document)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_mutated_bulletins_are_read_and_lose_nothing_in_json(chance: random.Random):
    lines = COMPLETE.decode().split("\n")
    for _ in range(chance.randrange(1, 12)):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        change = chance.randrange(5)
        if change == 0:
            del lines[at]
        elif change == 1:
            lines[at], lines[other] = lines[other], lines[at]
        elif change == 2:
            lines.insert(at, lines[other])
        elif change == 3:
            lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
        else:
            lines[at] = (
                " " * chance.randrange(9) + lines[at] + chance.choice(["[", ":", ";", "+", "-"])
            )
        lines = lines or [""]
    try:
        document = read("\n".join(lines).encode())
    except NotABulletin:
        return
    assert Document.from_json(document.as_json()) == document


HOSTILE = {
    "nested": "\n".join(" " * (2 * depth) + "1. Deeper:" for depth in range(600)),
    "bullets": "\n".join("  * Lamp" for _ in range(20_000)),
    "one long line": "any of " * 100_000,
    "blanks": " " * 500_000 + "x",
    "codes": "CPT codes covered if selection criteria are met:\n" + "99901, " * 60_000,
    "code lines": "CPT codes covered if selection criteria are met:\n" + "99901\n" * 40_000,
    "brackets": "CPT codes covered if selection criteria are met:\n99901 Lamp " + "[" * 200_000,
    "open ranges": "CPT codes covered if selection criteria are met:\n" + "99901 -\n" * 20_000,
    "long description": "CPT codes covered if selection criteria are met:\n99901 a\n"
    + "b\n" * 40_000,
    "wrapped": "Lamps\n" + "and so on\n" * 40_000,
    "headings": "\n\n".join(["Warm Lamps"] * 20_000),
    "history": "Last Review 03/11/2025\n" * 20_000,
    "and or": "Policy\n\n" + "or\n" * 40_000,
    "services": "CPT codes covered:\n" + "no " * 100_000 + "- no specific code",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_read_quickly(text):
    began = time.monotonic()
    document = read(SMALL.replace("This is about lamps.", text).encode())

    assert json.dumps(document.as_json())
    assert time.monotonic() - began < 10


# The command


def run(capsys, *words):
    call_command("read_bulletin", *map(str, words))
    return capsys.readouterr().out


def test_the_command_prints_the_json_object(capsys):
    printed = json.loads(run(capsys, HERE / "bulletins" / "complete.txt", "--json"))

    assert printed == read(COMPLETE).as_json()


def test_the_command_prints_an_outline(capsys):
    printed = run(capsys, HERE / "bulletins" / "complete.txt")

    assert "0907 Heat lamps for aching joints" in printed
    assert "II. Policy Limitations and Exclusions [limitations, 2 blocks] #limitations" in printed
    assert "b. A pad was tried, with at least two of the following: [at least 2]" in printed
    assert "Not understood: 8" in printed


def test_the_command_says_in_one_sentence_what_is_wrong(tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear reviewer, thank you.")
    for path, words in [
        (letter, "Number:"),
        (tmp_path / "absent.txt", "cannot be read"),
        (tmp_path, "cannot be read"),
    ]:
        with pytest.raises(CommandError, match=words):
            call_command("read_bulletin", str(path))


def test_the_command_refuses_a_huge_file_without_reading_it(tmp_path):
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(CommandError, match="200 MB"):
        call_command("read_bulletin", str(huge))
