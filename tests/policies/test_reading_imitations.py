"""Bulletins that imitate the published ones, form by form, with what a reading has to give.

Beside each `NAME.txt` or `NAME.html` stands `NAME.expected`, written by hand from the reader's
specification: the outline of a correct reading, in which a line may break off early.

| file | form | what it tries |
|---|---|---|
| infusion | text | a product: six levels, a footnote, sites of care, biosimilars |
| toxin | text | several products as scopes, J-codes, ranges across letters, "numerous options" |
| hormone | text | criteria by age, lists that mix marks, doses, an appendix with tables |
| globulin | whole page | navigation, dates, notices, bullets, marks, references by subject |
| monitor | text | a device: HCPCS lists, modifiers, quantities in brackets, pure enumeration |
| spine | text | procedures as subjects, ICD-10-PCS, add-on families over several groups |
| gene | text | services without a code in every wording, PLA and category III codes |
| therapy | text | revenue codes, places of service, a wrapped description with codes in it |
| dental | text | CDT codes, an exclusion without medical necessity, two systems in one heading |
| needle | printed | page heads inside a wrapped table, cells over lines, headings cut in two |
| image | HTML | nested lists by type, tables in the policy, rows of every kind |
| plain | HTML | bold paragraphs instead of headings, breaks in cells, a table of layout |
| other | text | another publisher's words: nothing is invented, what has no place is reported |
"""

from itertools import zip_longest
from pathlib import Path

import pytest

from policies.reading import read
from tests.policies.test_reading_conservation import lost_lines

FOLDER = Path(__file__).parent / "bulletins" / "imitations"
PATHS = sorted(path for path in FOLDER.iterdir() if path.suffix in (".txt", ".html"))


def outline(document):
    yield f"{document.number} {document.title}"
    dates = (document.last_review, document.effective, document.next_review)
    yield "dates " + " ".join(str(day or "-") for day in dates)
    yield from sections(document.sections, "section ")
    yield from criteria(document.criteria, "criterion ")
    for group in document.code_groups:
        is_open = " open" if group.open_list else ""
        what = f"{group.system} {group.stance}{is_open}"
        yield f"group {what} | {group.scope or '-'} | {group.heading}"
        yield from map(row, group.rows)
    for one in document.legends:
        yield f"legend {one}"
    yield f"references {len(document.references)}"
    for one in document.not_understood:
        yield f"reported {one.text} | {one.reason}"


def sections(some, indent):
    for one in some:
        label = f"{one.label}. " if one.label else ""
        yield f"{indent}{label}{one.heading} [{one.kind}] {len(one.blocks)}"
        yield from sections(one.children, indent + "  ")


def criteria(some, indent):
    for one in some:
        rule = f"{one.rule} {one.at_least}" if one.at_least else one.rule
        yield f"{indent}{one.label or '-'} [{rule}] " + one.text.replace("\n", " / ")
        yield from criteria(one.children, indent + "  ")


def row(one):
    codes = ", ".join(map(span, one.codes)) or ("none" if one.service_without_code else "")
    notes = "".join(f" [{note}]" for note in one.brackets)
    return f"  {codes} | {one.full_description} |{notes}"


def span(one):
    codes = one.low if one.low == one.high else f"{one.low} - {one.high}"
    return ("+" if one.add_on else "") + codes + ("+" if one.seventh_character else "")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_an_imitation_is_read_as_expected(path):
    found = list(outline(read(path.read_bytes())))
    expected = path.with_suffix(".expected").read_text().splitlines()

    differences = [
        (want, got)
        for want, got in zip_longest(expected, found, fillvalue="nothing")
        if not got.startswith(want)
    ]
    assert differences == []


@pytest.mark.parametrize(
    "path", [path for path in PATHS if path.suffix == ".txt"], ids=lambda path: path.stem
)
def test_nothing_of_an_imitation_is_lost(path):
    assert lost_lines(path.read_bytes()) == []
