"""The HCPCS Level II file, by the columns and names of the CMS file."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from policies.imports.code_files import CodeLine, NotACodeFile
from policies.imports.code_files.hcpcs import read_fixed_width
from policies.imports.code_files.hcpcs_sheet import read_sheet
from tests.policies.code_lines import file_of, hcpcs_line

GOOD = hcpcs_line("E0100")
HEADER = [
    "HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "XREF1", "XREF2",
    "ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD",
]  # fmt: skip
ROW = ["E0100", "00100", "3", "A long lamp", "Lamp", "", "", "20200101", "20200101", "", "N"]


def reasons(data, read=read_fixed_width):
    return {one.number: one.reason for one in read(data).not_understood}


def sheet(*rows, header=HEADER):
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def changed(**fields):
    return [
        fields.get(name.lower().replace(" ", "_"), cell)
        for name, cell in zip(HEADER, ROW, strict=True)
    ]


def test_a_record_gives_descriptions_and_days():
    file = read_fixed_width(file_of(hcpcs_line("E0100", "A long lamp", at_92="Lamp")))

    assert file.lines == [
        CodeLine("HCPCS", "E0100", "Lamp", "A long lamp", valid_from=date(2020, 1, 1))
    ]


def test_pieces_of_a_description_are_joined():
    (line,) = read_fixed_width(
        file_of(
            hcpcs_line("E0100", "A lamp,"),
            hcpcs_line("E0100", "x" * 80, record="4", sequence="00200"),
            hcpcs_line("E0100", "yz, with a wick", record="4", sequence="00300"),
        )
    ).lines

    assert line.long == f"A lamp, {'x' * 80}yz, with a wick"


def test_modifiers_are_read_and_said_but_are_no_codes():
    file = read_fixed_width(
        file_of(
            GOOD,
            hcpcs_line("   LT", record="7"),
            hcpcs_line("   LT", record="8", sequence="00200"),
        )
    )

    assert [line.code for line in file.lines] == ["E0100"]
    assert file.not_understood == []
    assert file.remarks == ("1 modifier was read and not loaded: modifiers are no codes.",)


def test_a_code_ends_on_its_day_of_termination_with_the_one_code_named_instead():
    (line,) = read_fixed_width(
        file_of(hcpcs_line("E0100", at_205="E0105", at_285="20251231", at_293="D"))
    ).lines

    assert (line.valid_to, line.successor) == (date(2025, 12, 31), "E0105")


@pytest.mark.parametrize(
    "fields",
    [
        {"at_205": "E0105"},
        {"at_205": "E0105", "at_210": "E0110", "at_285": "20251231"},
        {"at_205": "E0100", "at_285": "20251231"},
    ],
    ids=["not ended", "two codes", "itself"],
)
def test_other_cross_references_are_no_successor(fields):
    (line,) = read_fixed_width(file_of(hcpcs_line("E0100", **fields))).lines

    assert line.successor == ""


def test_a_reactivated_code_begins_again_on_the_day_of_its_action():
    (line,) = read_fixed_width(file_of(hcpcs_line("E0100", at_277="20260401", at_293="R"))).lines

    assert (line.valid_from, line.begins_again) == (date(2020, 1, 1), date(2026, 4, 1))


def test_blanks_cut_off_at_the_end_of_a_record_are_no_fault():
    assert reasons(file_of(GOOD.rstrip())) == {}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"{hcpcs_line('E0101')}x", "it has 321 characters, and a record has 320"),
        (hcpcs_line("E0101")[:292], "it has 292 characters, and the action code stands at the 293"),
        (hcpcs_line("E0101", record="5"), "the record id in column 11 is “5”"),
        ("E0101", "the record id in column 11 is “”"),
        (hcpcs_line("E0101", record="4"), "it continues E0101, which is not the record before it"),
        (hcpcs_line("E0101", sequence="1"), "columns 6-10 hold no sequence number"),
        (hcpcs_line("E0101", at_293="Q"), "the action code “Q” is unknown"),
        (hcpcs_line("E0101", at_269="20250230"), "the day added is “20250230”, which is no day"),
        (hcpcs_line("E0101", at_285="2025"), "the day of termination is “2025”, which is no day"),
        (hcpcs_line("E0101", at_285="20191231"), "it ends on 2019-12-31, before it was added"),
        (hcpcs_line("W0101"), "“W0101” has not the shape of a HCPCS code"),
        (hcpcs_line("D0101"), "“D0101” has not the shape of a HCPCS code"),
        (hcpcs_line("E0101", at_92=" " * 28), "the short description is blank"),
        (hcpcs_line("E0101", " "), "the long description is blank"),
        (hcpcs_line("E0100"), "E0100 stands on line 1 already"),
        (hcpcs_line("E0101", "A\x00lamp"), "it holds the control character 0x00"),
    ],
)
def test_a_record_not_understood_is_reported_with_its_number_and_reason(line, reason):
    found = reasons(file_of(GOOD, line))

    assert list(found) == [2]
    assert reason in found[2]


def test_a_sheet_is_read_by_the_names_of_its_columns():
    header = ["TERM_DT", "hcpc", "LONG_DESCRIPTION", "SHORT_DESCRIPTION", "ADD_DATE", "XREF1"]

    file = read_sheet(
        sheet([20251231, "E0100", "A long lamp", "Lamp", 20200101, "E0105"], header=header)
    )

    assert file.lines == [
        CodeLine(
            "HCPCS", "E0100", "Lamp", "A long lamp",
            valid_from=date(2020, 1, 1), valid_to=date(2025, 12, 31), successor="E0105",
        )
    ]  # fmt: skip


def test_days_that_a_sheet_holds_as_days_are_days():
    (line,) = read_sheet(sheet(changed(add_dt=date(2020, 1, 1)))).lines

    assert line.valid_from == date(2020, 1, 1)


def test_a_sheet_joins_descriptions_and_leaves_modifiers_out():
    file = read_sheet(
        sheet(
            ROW,
            changed(recid="4", long_description="with a wick"),
            changed(hcpc="LT", recid="7"),
        )
    )

    assert [line.long for line in file.lines] == ["A long lamp with a wick"]
    assert file.remarks == ("1 modifier was read and not loaded: modifiers are no codes.",)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (changed(hcpc="E01"), "“E01” has not the shape of a HCPCS code"),
        (changed(hcpc="E0101", recid="5"), "its RECID is “5”"),
        (changed(hcpc="E0101", recid="4"), "it continues E0101, not before it"),
        (changed(hcpc="E0101", add_dt="20251301"), "the day added is “20251301”, which is no day"),
        (changed(hcpc="E0101", action_cd="Q"), "the action code “Q” is unknown"),
        (ROW, "E0100 stands on line 2 already"),
    ],
)
def test_a_row_not_understood_is_reported_with_its_number_and_reason(row, reason):
    found = reasons(sheet(ROW, row), read_sheet)

    assert list(found) == [3]
    assert reason in found[3]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (sheet(ROW, header=["CODE", *HEADER[1:]]), "The sheet lacks a header with HCPC"),
        (b"PK\x03\x04 and no more", "no spreadsheet"),
        (b"E0100,Lamp", "no spreadsheet"),
    ],
)
def test_what_is_no_such_sheet_is_refused(data, said):
    with pytest.raises(NotACodeFile, match=said):
        read_sheet(data)


@pytest.mark.parametrize(
    ("limit", "said"),
    [("UNPACKED", "Unpacked, the spreadsheet would hold"), ("MOST_ROWS", "more than 1 rows")],
)
def test_a_sheet_that_would_fill_the_memory_is_refused(monkeypatch, limit, said):
    monkeypatch.setattr(f"policies.imports.code_files.sheets.{limit}", 1)

    with pytest.raises(NotACodeFile, match=said):
        read_sheet(sheet(ROW))


DAYS = st.dates(date(1980, 1, 1), date(2030, 12, 31))
WORDS = st.text("abc é,", min_size=1, max_size=300).map(lambda text: " ".join(f"w{text}".split()))


@st.composite
def code_lines(draw):
    added, ended = sorted([draw(DAYS), draw(DAYS)])
    has_ended = draw(st.booleans())
    return CodeLine(
        "HCPCS",
        draw(st.from_regex(r"[A-CE-V][0-9]{4}", fullmatch=True)),
        draw(WORDS)[:28].strip(),
        draw(WORDS),
        valid_from=added,
        valid_to=ended if has_ended else None,
        successor="Z0000" if has_ended and draw(st.booleans()) else "",
    )


def records(line):
    """The line as records: pieces of 79 columns at most, cut after a word where there is one."""
    words, pieces = line.long.split(" "), [""]
    for word in words:
        longer = f"{pieces[-1]} {word}".strip()
        if len(longer) < 80:
            pieces[-1] = longer
        else:
            pieces.append(word)
    days = {
        "at_269": f"{line.valid_from:%Y%m%d}",
        "at_285": f"{line.valid_to:%Y%m%d}" if line.valid_to else "",
    }
    yield hcpcs_line(
        line.code, pieces[0], at_92=line.short.ljust(28), at_205=line.successor, **days
    )
    for place, piece in enumerate(pieces[1:], start=2):
        yield hcpcs_line(line.code, piece, record="4", sequence=f"{place:03}00")


WRITABLE = code_lines().filter(lambda line: max(map(len, line.long.split(" "))) < 80)


@given(st.lists(WRITABLE, min_size=1, max_size=5, unique_by=lambda line: line.code))
def test_reading_what_was_written_gives_it_back(lines):
    file = read_fixed_width(file_of(*(one for line in lines for one in records(line))))

    assert (file.lines, file.not_understood) == (lines, [])
