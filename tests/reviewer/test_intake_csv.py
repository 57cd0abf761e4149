"""Reading a CSV file of requests: what is a row, and what is said of a file that is none."""

import pytest

from reviewer.intake_csv import MOST_BYTES, MOST_REQUESTS, NotRequests, read_requests
from reviewer.intake_csv.columns import COLUMNS, NAMES

NEEDED = [one.name for one in COLUMNS if one.is_needed]


def a_file(*rows, names=NEEDED, mark=",", end="\n"):
    """Lines of cells; cells that a row does not name say their column."""
    lines = [mark.join(names)]
    lines += [mark.join(row.get(name, name) for name in names) for row in rows]
    return (end.join(lines) + end).encode()


def refused(data):
    with pytest.raises(NotRequests) as caught:
        read_requests(data)
    return caught.value.sentences


def test_the_columns_that_a_file_must_have_are_these():
    assert NEEDED == [
        "reference", "member_number", "requesting_npi", "servicing_npi", "review_type", "urgency",
        "channel", "received_at", "summary", "diagnoses", "code", "units", "starts_on", "ends_on",
    ]  # fmt: skip


@pytest.mark.parametrize("mark", [",", ";"])
@pytest.mark.parametrize("begins", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_commas_semicolons_a_mark_of_order_and_any_line_end_are_the_same(mark, begins, end):
    data = a_file({"reference": "A", "units": "20"}, {"reference": "B"}, mark=mark, end=end)

    first, second = read_requests(begins + data)

    assert (first.reference, first.number, first.lines[0].cells["units"]) == ("A", 2, "20")
    assert (second.reference, second.number) == ("B", 3)


def test_a_line_that_only_says_the_separator_is_no_row():
    [row] = read_requests(b"sep=;\r\n" + a_file({}, mark=";"))

    assert row.number == 2


def test_quoted_line_breaks_and_separators_are_within_a_cell():
    said = "Fell from a ladder.\nPain; 7 of 10, worse at night. He says “no”."
    data = a_file({"reference": "A", "summary": f'"{said}"'}, {"reference": "B"})

    first, second = read_requests(data)

    assert first.cells["summary"] == said
    assert (first.number, second.number) == (2, 3)
    assert said in first.text
    assert second.text.startswith("B,")


def test_lines_of_one_reference_are_one_request_wherever_they_stand():
    rows = {"reference": "A", "code": "1"}, {"reference": "B"}, {"reference": "A", "code": "2"}

    first, second = read_requests(a_file(*rows))

    assert [line.cells["code"] for line in first.lines] == ["1", "2"]
    assert [line.number for line in first.lines] == [2, 4]
    assert len(second.lines) == 1


def test_lines_without_a_reference_are_requests_of_their_own():
    rows = read_requests(a_file({"reference": ""}, {"reference": ""}))

    assert [row.number for row in rows] == [2, 3]
    assert [fault.column for row in rows for fault in row.faults] == ["reference", "reference"]


def test_what_a_request_has_once_may_be_left_out_of_its_other_lines():
    [row] = read_requests(a_file({"reference": "A", "channel": ""}, {"reference": "A"}))

    assert row.cells["channel"] == "channel"
    assert row.line_of("channel") == 3
    assert list(row.faults) == []


def test_empty_lines_are_counted_and_passed_over():
    data = a_file({"reference": "A"}).decode() + "\n,,,\n" + "B" + "," * (len(NEEDED) - 1) + "\n"

    assert [row.number for row in read_requests(data.encode())] == [2, 5]


def test_names_are_known_however_a_spreadsheet_writes_them():
    names = [" Member Number " if name == "member_number" else name.upper() for name in NEEDED]

    [row] = read_requests(a_file({}, names=names))

    assert row.cells["member_number"] == " Member Number ".strip()


def test_more_cells_than_columns_are_told():
    [row] = read_requests(a_file({}).rstrip() + b",lumbar\n")

    assert [fault.words[:43] for fault in row.faults] == [
        "It has more cells than the first line names"
    ]


def test_a_guard_against_formulas_is_taken_off_again():
    [row] = read_requests(a_file({"summary": "'-20 degrees", "channel": "'quoted"}))

    assert (row.cells["summary"], row.cells["channel"]) == ("-20 degrees", "'quoted")


def test_the_same_words_are_the_same_row_in_any_order_and_form():
    [one] = read_requests(a_file({"units": "20"}))
    [other] = read_requests(
        b"\xef\xbb\xbf" + a_file({"units": " 20 "}, names=[*reversed(NEEDED), "plan"], mark=";")
        .replace(b";plan\n", b";\n").replace(b";\n", b";plan\n", 1)
    )  # fmt: skip
    [third] = read_requests(a_file({"units": "21"}))

    assert one.sha256 == other.sha256
    assert one.sha256 != third.sha256


def test_what_was_wrong_before_is_read_past():
    names = [*NEEDED, "what_is_wrong"]
    [one] = read_requests(a_file({}))
    [other] = read_requests(a_file({"what_is_wrong": "Line 2"}, names=names))

    assert one.sha256 == other.sha256


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (a_file(), "holds no request"),
        (b"PK\x03\x04rest", "This is a spreadsheet."),
        (b"\xd0\xcf\x11\xe0rest", "This is a spreadsheet."),
        (a_file({}) + b"\xff\n", "Line 3 is not written in UTF-8."),
        (a_file({}) + b"a\x00b\n", "Line 3 holds a character that is no text."),
        (a_file({"summary": '"never closed'}), "Line 2 cannot be read"),
        (a_file({"summary": '"closed" then'}), "Line 2 cannot be read"),
        (b"x" * (MOST_BYTES + 1), "more than 4 MB"),
        (a_file({}, names=[*NEEDED, "units"]), "Two columns are called units."),
        (
            a_file({}, names=[*NEEDED, "place_of_servise"]),
            "The column place_of_servise is not known here. Is place_of_service meant?",
        ),
        (
            a_file({}, names=[*NEEDED, "weather"]),
            "The column weather is not known here. Take it out.",
        ),
        (
            a_file({}, names=[name for name in NEEDED if name != "units"]),
            "The column units is missing. Add it: How many are asked for.",
        ),
    ],
)
def test_a_file_that_is_none_is_refused_with_what_to_do(data, words):
    assert any(words in sentence for sentence in refused(data))


def test_all_that_is_wrong_with_the_columns_is_told_at_once():
    names = [name for name in NEEDED if name not in ("code", "channel")]

    assert len(refused(a_file({}, names=[*names, "weather"]))) == 3


def test_more_requests_than_go_at_a_time_are_refused():
    names = dict.fromkeys(NEEDED, "")
    data = a_file(*[names | {"reference": str(n)} for n in range(MOST_REQUESTS + 1)])

    assert "2,001 requests; 2,000 go at a time" in refused(data)[0]


def test_every_column_is_told_of():
    assert len(set(NAMES)) == len(NAMES)
    assert all(one.says.endswith((".", "…")) for one in COLUMNS)
