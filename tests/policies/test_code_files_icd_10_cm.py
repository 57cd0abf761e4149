"""The ICD-10-CM order file, by the columns of the CMS file."""

from string import ascii_uppercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.imports.code_files import CodeLine, NotACodeFile
from policies.imports.code_files.icd_10_cm import read_order_file
from tests.policies.code_lines import file_of, order_line

GOOD = order_line("A000", "Cholera due to Vibrio cholerae 01, biovar cholerae")


def reasons(data):
    return {one.number: one.reason for one in read_order_file(data).not_understood}


def test_codes_and_headers_are_told_apart_and_shown_with_their_dot():
    file = read_order_file(
        file_of(
            order_line("A00", "Cholera", order="00001", flag="0", short="Cholera"),
            order_line(
                "A000",
                "Cholera due to Vibrio cholerae 01, biovar cholerae",
                order="00002",
                short="Cholera due to Vibrio cholerae 01, biovar cholerae",
            ),
        )
    )

    assert file.lines == [
        CodeLine("ICD-10-CM", "A00", "Cholera", "Cholera", is_billable=False),
        CodeLine(
            "ICD-10-CM",
            "A00.0",
            "Cholera due to Vibrio cholerae 01, biovar cholerae",
            "Cholera due to Vibrio cholerae 01, biovar cholerae",
        ),
    ]
    assert (file.count, file.not_understood, file.remarks) == (2, [], ())


def test_a_placeholder_and_a_seventh_character_stay():
    (line,) = read_order_file(file_of(order_line("T360X1A"))).lines

    assert line.code == "T36.0X1A"


def test_a_long_description_of_323_characters_is_kept_whole():
    (line,) = read_order_file(file_of(order_line("T360X1A", "w" * 323))).lines

    assert line.long == "w" * 323


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (order_line("B000")[:70], "it ends at column 23, and the long description begins at"),
        (order_line("B000", "w" * 401), "are two lines joined?"),
        (order_line("B000", flag="2"), "the flag in column 15 is “2”, neither 0 nor 1"),
        (order_line("B000", flag=" "), "the flag in column 15 is “ ”"),
        (order_line("B00.0"), "“B00.0” in columns 7-13 has not the shape of a code"),
        (order_line("BA00"), "“BA00” in columns 7-13 has not the shape of a code"),
        (order_line("b000"), "“b000” in columns 7-13 has not the shape of a code"),
        (order_line(" B000"), "“B000” in columns 7-13 has not the shape of a code"),
        (order_line("B000", order="1"), "columns 1-5 hold no order number"),
        (order_line("B000", short=""), "the short description in columns 17-76 is blank"),
        (order_line("B000", short="w" * 61), "columns 6, 14, 16 and 77 are not all blank"),
        (order_line("B000", "Wick\x07"), "it holds the control character 0x07"),
        (order_line("A000"), "A00.0 stands on line 1 already"),
    ],
)
def test_a_line_not_understood_is_reported_with_its_number_and_reason(line, reason):
    found = reasons(file_of(GOOD, "", line))

    assert list(found) == [3]
    assert reason in found[3]


def test_a_line_in_windows_1252_is_read_and_said():
    file = read_order_file(
        file_of(GOOD) + file_of(order_line("H810", "Ménière's"), encoding="cp1252")
    )

    assert [line.long for line in file.lines][1] == "Ménière's"
    assert file.remarks == ("1 line is not UTF-8 and read as Windows-1252.",)


def test_a_byte_of_no_encoding_is_reported():
    data = file_of(GOOD) + order_line("H810", "M?").encode().replace(b"?", b"\x81")

    assert reasons(data) == {2: "it holds a byte that is neither UTF-8 nor Windows-1252"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "No line of the file is of this format"),
        (b"code,short\nA00,Cholera\n", "Line 1: it ends at column 10"),
        (GOOD.encode("utf-16"), "The file is UTF-16"),
        (b"PK\x03\x04", "a ZIP or a spreadsheet"),
    ],
)
def test_what_is_no_order_file_is_refused(data, said):
    with pytest.raises(NotACodeFile, match=said):
        read_order_file(data)


def test_a_file_too_large_to_be_one_is_refused(monkeypatch):
    monkeypatch.setattr("policies.imports.code_files.lines.MAX_BYTES", 10)

    with pytest.raises(NotACodeFile, match="10 at most"):
        read_order_file(file_of(GOOD))


WORDS = st.lists(st.text(ascii_uppercase + digits + "é,", min_size=1, max_size=8), min_size=1)
CODES = st.builds(
    lambda first, second, rest: first + second + rest,
    st.sampled_from(ascii_uppercase),
    st.sampled_from(digits),
    st.text(ascii_uppercase + digits, min_size=1, max_size=5),
)
LINES = st.builds(
    lambda code, short, long, is_billable: CodeLine(
        "ICD-10-CM",
        code if len(code) < 4 else f"{code[:3]}.{code[3:]}",
        " ".join(short)[:60].strip(),
        " ".join(long)[:323].strip(),
        is_billable=is_billable,
    ),
    CODES,
    WORDS,
    WORDS,
    st.booleans(),
)


@given(
    st.lists(LINES, min_size=1, unique_by=lambda line: line.code),
    st.sampled_from(["\n", "\r\n"]),
)
def test_reading_what_was_written_gives_it_back(lines, end):
    written = (
        order_line(
            line.code.replace(".", ""),
            line.long,
            order=f"{place:05}",
            flag=str(int(line.is_billable)),
            short=line.short,
        )
        for place, line in enumerate(lines, start=1)
    )

    file = read_order_file(file_of(*written, end=end))

    assert (file.lines, file.not_understood) == (lines, [])
