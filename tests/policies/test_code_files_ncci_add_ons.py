"""NCCI's add-on codes, by the columns, dates and types of the CMS file."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from policies.imports.code_files import NotACodeFile
from policies.imports.code_files.ncci_add_ons import AddOnLine, read_add_ons
from tests.policies.code_lines import file_of

HEADER = [
    "Add-On Code", "AOC Del Dt", "Primary Code", "Primary Code Del Dt", "AOC Edit Eff Dt",
    "AOC Edit Del Dt", "AOC Edit Type", "Special Instruction/Notes",
]  # fmt: skip
LISTED = ["00002", "", "00001", "0", "2025001", "0000000", "1", ""]
PAYERS = ["G0002", "", "CCCCC", "", "2024366", "", "2", "Ask the payer"]
EXPECTED = [
    AddOnLine("00002", "00001", 1, date(2025, 1, 1), None),
    AddOnLine("G0002", "", 2, date(2024, 12, 31), None, "Ask the payer"),
]


def tabs(*rows):
    return file_of(*("\t".join(row) for row in rows))


def fixed(*rows):
    widths = (5, 7, 5, 7, 7, 7, 1, 0)
    return file_of(
        *(
            "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            for row in rows
        )
    )


def sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def changed(**cells):
    names = (
        "add_on",
        "add_on_deleted",
        "primary",
        "primary_deleted",
        "begin",
        "end",
        "kind",
        "note",
    )
    return [cells.get(name, cell) for name, cell in zip(names, LISTED, strict=True)]


@pytest.mark.parametrize(
    "data",
    [
        tabs(HEADER, LISTED, PAYERS),
        tabs(["A title"], HEADER, LISTED, PAYERS),
        tabs(LISTED, PAYERS),
        fixed(LISTED, PAYERS),
        sheet(HEADER, LISTED, PAYERS),
    ],
    ids=["tabs", "title", "no header", "fixed", "sheet"],
)
def test_edits_are_read_from_every_format(data):
    file = read_add_ons(data)

    assert (file.lines, file.count, file.not_understood) == (EXPECTED, 2, [])


def test_columns_are_told_by_their_names():
    (line,) = read_add_ons(tabs(HEADER[::-1], LISTED[::-1])).lines

    assert line == EXPECTED[0]


@pytest.mark.parametrize(
    ("cells", "end"),
    [
        ({"end": "2025365"}, date(2025, 12, 31)),
        ({"end": "2028366"}, date(2028, 12, 31)),
        ({"add_on_deleted": "2025090", "end": "2025365"}, date(2025, 3, 31)),
        ({"primary_deleted": "2025060", "end": "2025365"}, date(2025, 3, 1)),
    ],
)
def test_an_edit_ends_with_whichever_is_deleted_first(cells, end):
    (line,) = read_add_ons(tabs(changed(**cells))).lines

    assert line.effective_to == end


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (changed(add_on="2"), "the add-on code “2” has not the shape of a code"),
        (changed(primary="1-2"), "the primary code “1-2” has not the shape of a code"),
        (changed(kind="4"), "the type is “4”, none of 1, 2 and 3"),
        (changed(kind=""), "the type is “”"),
        (changed(primary="CCCCC"), "it is of type 1 and names no primary code"),
        (changed(primary="CCCCC", kind="3"), "it is of type 3 and names no primary code"),
        (changed(begin=""), "it states no effective date"),
        (changed(begin="2025366"), "“2025366” is no day as YYYYDDD"),
        (changed(begin="2025000"), "“2025000” is no day as YYYYDDD"),
        (changed(end="20251231"), "“20251231” is no day as YYYYDDD"),
        (changed(end="2024001"), "it ends on 2024-01-01, before it begins on 2025-01-01"),
        (LISTED, "00002 with 00001 from 2025-01-01 stands on line 1 already"),
    ],
)
def test_a_row_not_understood_is_reported_with_its_number_and_reason(row, reason):
    file = read_add_ons(tabs(LISTED, row))

    assert [one.number for one in file.not_understood] == [2]
    assert reason in file.not_understood[0].reason


def test_a_line_cut_off_is_reported():
    file = read_add_ons(fixed(LISTED) + b"00003       00001\n")

    assert [one.reason for one in file.not_understood] == [
        "it has 17 characters, and the type is the 39th"
    ]


def test_a_file_without_any_edit_is_refused():
    with pytest.raises(NotACodeFile):
        read_add_ons(tabs(HEADER))


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)))
def test_every_day_of_a_year_is_read_as_it_was_written(day):
    counted = (day - date(day.year, 1, 1)) // timedelta(days=1) + 1

    (line,) = read_add_ons(tabs(changed(begin=f"{day.year}{counted:03}"))).lines

    assert line.effective_from == day
