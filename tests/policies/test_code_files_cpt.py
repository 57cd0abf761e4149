"""A client's CPT files by the AMA's layouts; codes and words are invented."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from policies.imports.code_files import CodeLine, NotACodeFile
from policies.imports.code_files.cpt import read_consolidated, read_long, read_long_fixed
from tests.policies.code_lines import columns, file_of

NOTICE = "Made-up notice of a made-up year 2020, all rights reserved"
MORE = "Turning a made-up lamp, each more lamp (List separately in addition to code for the first)"


def reasons(data, read=read_long):
    return {one.number: one.reason for one in read(data).not_understood}


def record(code, sequence, text):
    return columns(80, at_1=code, at_6=sequence, at_9=text)


def test_a_code_and_its_descriptor_stand_beside_a_tab_below_the_notice():
    file = read_long(file_of(NOTICE, "", "00001\tTurning a made-up lamp", f"00002\t{MORE}"))

    assert file.lines == [
        CodeLine("CPT", "00001", "Turning a made-up lamp", "Turning a made-up lamp"),
        CodeLine("CPT", "00002", MORE, MORE, is_add_on=True),
    ]
    assert (file.notice, file.count, file.not_understood) == (NOTICE, 2, [])


@pytest.mark.parametrize("code", ["00001", "0001F", "0001T", "0001U", "0001M"])
def test_codes_of_every_category_are_codes(code):
    (line,) = read_long(file_of(f"{code}\tA made-up lamp")).lines

    assert line.code == code


def test_an_add_on_code_is_told_in_capitals_too():
    (line,) = read_long(file_of(f"00002\t{MORE.upper()}")).lines

    assert line.is_add_on


def test_a_long_descriptor_is_shortened_at_a_word_and_kept_whole():
    said = "lamp " * 50

    (line,) = read_long(file_of(f"00001\t{said}")).lines

    assert line.long == said.strip()
    assert line.short.endswith("lamp…")
    assert len(line.short) <= 200


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0002\tA lamp", "“0002” has not the shape of a CPT code"),
        ("0002X\tA lamp", "“0002X” has not the shape of a CPT code"),
        ("A lamp without a code", "has not the shape of a CPT code"),
        ("00002\t ", "it has no long descriptor"),
        ("00002 A lamp", "“00002 A lamp” has not the shape"),
        ("00001\tAnother lamp", "00001 stands on line 1 already"),
        ("00002\tA\x1blamp", "it holds the control character 0x1b"),
    ],
)
def test_a_line_not_understood_is_reported_with_its_number_and_reason(line, reason):
    found = reasons(file_of("00001\tA lamp", line))

    assert list(found) == [2]
    assert reason in found[2]


def test_records_of_a_code_are_joined_by_their_sequence():
    file = read_long_fixed(
        file_of(
            NOTICE,
            record("00001", "01", "Turning a made-up lamp with"),
            record("00001", "02", "a made-up wick"),
            record("00002", "01", "Another"),
        )
    )

    assert [(line.code, line.long) for line in file.lines] == [
        ("00001", "Turning a made-up lamp with a made-up wick"),
        ("00002", "Another"),
    ]
    assert file.notice == NOTICE


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (record("00001", "03", "a wick"), "its sequence number is 03, and 02 is next"),
        (record("00002", "02", "a wick"), "its sequence number is 02, and 01 is next"),
        (record("00001", "01", "a wick"), "its sequence number is 01, and 02 is next"),
        (record("0000X", "01", "a wick"), "“0000X” has not the shape of a CPT code"),
        (f"{record('00002', '01', 'a wick')}x", "it has 81 characters, and a record has 80"),
        ("0000201", "it ends before column 9"),
    ],
)
def test_a_record_not_understood_is_reported(line, reason):
    found = reasons(file_of(record("00001", "01", "A lamp"), line), read_long_fixed)

    assert list(found) == [2]
    assert reason in found[2]


HEADER = ["Concept Id", "CPT Code", "Long", "Medium", "Short", "Consumer"]
ROWS = [
    [NOTICE],
    HEADER,
    ["1", "00001", "Turning a made-up lamp", "Turning lamp", "Turn lamp", "Lamp"],
    ["2", "00002", MORE, "More lamps", "More", "Lamps"],
]


def workbook(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def tabs(rows):
    return file_of(*("\t".join(row) for row in rows))


@pytest.mark.parametrize("write", [workbook, tabs])
def test_the_consolidated_list_is_read_by_the_names_of_its_columns(write):
    moved = [row[::-1] if len(row) > 1 else row for row in ROWS]

    for rows in (ROWS, moved):
        file = read_consolidated(write(rows))
        assert file.lines == [
            CodeLine("CPT", "00001", "Turning lamp", "Turning a made-up lamp"),
            CodeLine("CPT", "00002", "More lamps", MORE, is_add_on=True),
        ]
        assert (file.notice, file.count) == (NOTICE, 2)


def test_a_list_without_its_header_is_refused():
    with pytest.raises(NotACodeFile, match="lacks a header with the columns CPT Code and Long"):
        read_consolidated(tabs(ROWS[2:]))


def test_a_row_without_a_code_is_reported():
    assert reasons(tabs([*ROWS, ["3", "LAMP", "A lamp", "", ""]]), read_consolidated) == {
        5: "“LAMP” has not the shape of a CPT code"
    }


LINES = st.lists(
    st.tuples(
        st.from_regex(r"[0-9]{5}|[0-9]{4}[FTUM]", fullmatch=True),
        st.text("abc é(),", min_size=1).map(lambda text: " ".join(f"w{text}".split())),
    ),
    min_size=1,
    unique_by=lambda line: line[0],
)


@given(LINES)
def test_reading_what_was_written_gives_it_back(lines):
    file = read_long(file_of(NOTICE, *("\t".join(line) for line in lines)))

    assert [(line.code, line.long) for line in file.lines] == lines
    assert file.not_understood == []


def test_a_cell_longer_than_any_row_has_is_reported():
    header = b"CPT Code\tLong\n"
    file = read_consolidated(header + b"00001\tA lamp\n00002\t" + b"x" * 200_000 + b"\n")

    assert [line.code for line in file.lines] == ["00001"]
    assert [one.number for one in file.not_understood] == [3]
