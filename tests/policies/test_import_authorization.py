"""Authorization lists from CSV: what is read, what is refused, and what happens to the old rows."""

from datetime import date
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command

from policies.authorization import authorization_needed
from policies.imports.authorization import NotAList, preview_list, read_list, store_list
from policies.imports.demonstration import load_library
from policies.models import AuthorizationList, AuthorizationRule
from policies.refusals import Refused
from tests.policies.authorization_rows import kept
from tests.policies.library import AT, person

pytestmark = pytest.mark.django_db
FIRST = "code,requirement,valid_from\n"
JAN, JUL = date(2026, 1, 1), date(2026, 7, 1)
PA, NOTICE, NONE = "prior_authorization", "notification", "not_required"


def stored(text, **options):
    options = {"name": "List", "file_name": "list.csv", "by": None, "at": AT} | options
    return store_list(text.encode(), **options)


def told(text, **options):
    """The sentences with which a file is refused."""
    with pytest.raises(NotAList) as refusal:
        read_list(text.encode() if isinstance(text, str) else text, **options)
    return refusal.value.told()


def rules():
    return [
        (one.printed, one.requirement, str(one.valid_from), str(one.valid_to or ""))
        for one in AuthorizationRule.objects.order_by("low", "valid_from", "pk")
        if not one.is_withdrawn
    ]


# Reading


def test_every_column_is_read():
    (row,) = read_list(
        b"system,low,high,requirement,line_of_business,plan,state,valid_from,valid_to,note\n"
        b"CPT,97545,97546,Prior authorization,Medicare Advantage,Silver Oak,tx,"
        b"2026-01-01,12/31/2026,By fax.\n"
    )

    assert (row.system, row.low, row.high, row.lower, row.upper) == (
        "CPT", "97545", "97546", "97545", "97546~",
    )  # fmt: skip
    assert (row.requirement, row.line_of_business) == (PA, "medicare_advantage")
    assert (row.plan, row.state, row.note) == ("Silver Oak", "TX", "By fax.")
    assert (row.valid_from, row.valid_to) == (JAN, date(2026, 12, 31))


@pytest.mark.parametrize(
    "first",
    [
        "Procedure Code,Auth Required?,Effective Date",
        "CPT/HCPCS code,PA,begins",
        "\ufeffLOW,Requirement,Valid From",
        "code;requirement;valid_from",
        "code\trequirement\tvalid_from",
    ],
)
def test_columns_go_by_the_names_that_people_give_them(first):
    mark = next(one for one in ";\t," if one in first)
    (row,) = read_list(f"{first}\n{mark.join(['e0148', 'Yes', '1/1/2026'])}\n".encode())

    assert (row.low, row.system, row.requirement, row.valid_from) == ("E0148", "HCPCS", PA, JAN)


@pytest.mark.parametrize("typed", ["97545-97546", "97545 - 97546", "97545–97546", "97545 to 97546"])
def test_a_range_may_stand_in_one_cell(typed):
    (row,) = read_list(f"{FIRST}{typed},PA,2026-01-01\n".encode())

    assert (row.low, row.high) == ("97545", "97546")


def test_a_line_for_several_lines_of_business_and_states_is_a_row_for_each():
    rows = read_list(
        b"code,requirement,valid_from,lob,state\n"
        b'97545,PA,2026-01-01,"Medicaid managed care; Commercial, insured","TX, OH"\n'
    )

    assert [(row.line_of_business, row.state) for row in rows] == [
        ("medicaid", "TX"), ("medicaid", "OH"),
        ("commercial_insured", "TX"), ("commercial_insured", "OH"),
    ]  # fmt: skip


def test_a_line_of_business_with_a_comma_in_its_name_is_one():
    (row,) = read_list(
        b'code,requirement,valid_from,lob\n97545,PA,2026-01-01,"Commercial, insured"\n'
    )

    assert row.line_of_business == "commercial_insured"


def test_rows_without_a_first_day_take_the_one_that_is_given():
    (row,) = read_list(b"code,requirement\n97545,PA\n", begins=JUL)

    assert row.valid_from == JUL


def test_descriptors_are_not_kept():
    (row,) = read_list(b"code,description,requirement,valid_from\n97545,Words,PA,2026-01-01\n")

    assert "Words" not in str(row)


# Refusing


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("975,,2026-01-01", "“975” may be a revenue code, or a CPT code that has lost its leading"),
        (",PA,2026-01-01", "No code is given: fill the column low."),
        ("97-5,PA,2026-01-01", "“97” is not written like a code of any system"),
        ('"97545, 97546",PA,2026-01-01', "names several codes: give each its own row."),
        ("97546-97545,PA,2026-01-01", "The range 97546 - 97545 stands upside down: turn it round."),
        ("97545-E0148,PA,2026-01-01", "are codes of different systems: give each its own row."),
        ("97545,maybe,2026-01-01", "The requirement “maybe” is not known: write prior auth"),
        ("97545,,2026-01-01", "The requirement “” is not known"),
        ("97545,PA,2026-02-30", "The first day “2026-02-30” is no day: write it as 2026-03-02"),
        ("97545,PA,3/2/26", "The first day “3/2/26” is no day"),
        ("97545,PA,0206-01-01", "The first day “0206-01-01” is no day"),
        ("97545,PA,", "It states no first day: fill valid_from, or give a day for all such rows."),
        ("97545,PA,2026-01-01,more", "It has more cells than the first line names columns: put"),
    ],
)
def test_a_bad_line_is_named_with_what_to_do(line, sentence):
    (only,) = told(f"{FIRST}97110,PA,2026-01-01\n{line}\n")

    assert only.startswith("Line 3: ")
    assert sentence in only


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("lob", "Commercial", "“Commercial” may be insured or self-funded: write"),
        ("lob", "Gold", "The line of business “Gold” is not known: write one of Commercial,"),
        ("state", "Texas", "The state “TEXAS” is not known: write its two letters, such as NY."),
        ("plan", "x" * 81, "has 81 characters and 80 at most."),
        ("note", "x" * 301, "The note has 301 characters and 300 at most: shorten it."),
        ("valid_to", "2025-12-31", "The last day 2025-12-31 is before the first, 2026-01-01"),
        ("system", "SNOMED", "The system “SNOMED” is not known: write one of CPT, HCPCS,"),
        ("system", "HCPCS", "“97545” is not written like a code of HCPCS, but of CPT."),
        ("system", "other", "“97545” is not written like a code of Other, but of CPT."),
    ],
)
def test_a_bad_cell_of_the_other_columns_too(column, cell, sentence):
    (only,) = told(f"code,requirement,valid_from,{column}\n97545,PA,2026-01-01,{cell}\n")

    assert sentence in only


def test_every_bad_line_is_named_at_once():
    said = told(f"{FIRST}1,PA,2026-01-01\n97545,PA,2026-01-01\n97546,?,2026-01-01\n")

    assert [one.split(":")[0] for one in said] == ["Line 2", "Line 4"]


def test_hundreds_of_bad_lines_are_counted_after_the_first_ones():
    said = told(FIRST + "1,PA,2026-01-01\n" * 203)

    assert len(said) == 201
    assert said[-1] == "And 3 more lines."


def test_rows_of_one_file_do_not_overlap():
    said = told(f"{FIRST}97545,PA,2026-01-01\n97545,No,2026-07-01\n")

    (only,) = said
    assert only == (
        "Line 3: It speaks of the same codes, people and days as line 2: keep one, or give the"
        " earlier its last day."
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (FIRST.encode(), "has no row"),
        (b"PK\x03\x04xx", "This is a spreadsheet: save it as “CSV UTF-8”"),
        (b"%PDF-1.7", "This is a PDF"),
        (FIRST.encode() + b"97545,PA,2026-01-01\n97546,PA \xff,2026-01-01\n", "Line 3 is not writ"),
        (FIRST.encode() + b"97545\0,PA,2026-01-01\n", "Line 2 holds a character that is no text"),
        (b"code,requirement,line of busines\n1,2,3\n", "The column “line of busines” is not one"),
        (b"code,low,requirement\n1,2,3\n", "Two columns of the first line mean low: keep one"),
        (b"code,valid_from\n97545,2026-01-01\n", "The first line names no column requirement"),
        (FIRST.encode() + b'"' + b"x" * 140_000 + b'",PA,2026-01-01\n', "is not CSV: field larger"),
        (b"x" * (8 * 1024**2 + 1), "a list at most 8,388,608: divide it."),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(data, sentence):
    (only,) = told(data)

    assert sentence in only


def test_nothing_of_a_bad_file_is_stored():
    with pytest.raises(NotAList):
        stored(f"{FIRST}97545,PA,2026-01-01\n97546,?,2026-01-01\n")

    assert not AuthorizationList.objects.exists()
    assert not AuthorizationRule.objects.exists()


def test_the_same_bytes_are_refused_with_their_day():
    stored(f"{FIRST}97545,PA,2026-01-01\n", name="List of 2026")

    with pytest.raises(NotAList, match=rf"stored on {AT:%Y-%m-%d} as “List of 2026”"):
        stored(f"{FIRST}97545,PA,2026-01-01\n", name="Again")


# What becomes of the rows that are there: a list that adds


def test_a_row_that_is_repeated_goes_on_with_its_first_source():
    old = kept("97545", PA)

    _, made = stored(f"{FIRST}97545,PA,2026-07-01\n97546,PA,2026-07-01\n")

    assert made.sentence == "1 row begins, 0 end, 1 goes on unchanged."
    assert rules() == [("97545", PA, "2026-01-01", ""), ("97546", PA, "2026-07-01", "")]
    assert AuthorizationRule.objects.get(low="97545").source_id == old.source_id


def test_a_row_that_is_changed_ends_on_the_day_before():
    kept("97545", PA)

    stored(f"{FIRST}97545,No,2026-07-01\n")

    assert rules() == [("97545", PA, "2026-01-01", "2026-06-30"), ("97545", NONE, "2026-07-01", "")]
    assert authorization_needed("97545", on=date(2026, 6, 30)).requirement == PA
    assert authorization_needed("97545", on=JUL).requirement == NONE


def test_a_row_changed_from_its_own_first_day_is_withdrawn():
    kept("97545", PA)

    stored(f"{FIRST}97545,No,2026-01-01\n")

    assert rules() == [("97545", NONE, "2026-01-01", "")]
    assert AuthorizationRule.objects.count() == 2


@pytest.mark.parametrize(
    "options", [{"state": "TX"}, {"plan": "Oak"}, {"line_of_business": "medicaid"}]
)
def test_rows_for_other_people_are_left_alone(options):
    kept("97545", PA, **options)

    stored(f"{FIRST}97545,No,2026-07-01\n")

    assert rules()[0] == ("97545", PA, "2026-01-01", "")


def test_what_a_list_that_adds_does_not_name_goes_on():
    kept("97110", PA)

    stored(f"{FIRST}97545,PA,2026-07-01\n")

    assert ("97110", PA, "2026-01-01", "") in rules()


def test_a_passing_exception_leaves_the_lasting_row():
    kept("97545", PA)

    stored("code,requirement,valid_from,valid_to\n97545,No,2026-04-01,2026-05-31\n")

    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 31), date(2026, 6, 1)]
    said = [authorization_needed("97545", on=day).requirement for day in days]
    assert said == [PA, NONE, NONE, PA]


def test_a_passing_exception_from_the_first_day_of_a_lasting_row_is_refused():
    kept("97545", PA)

    with pytest.raises(NotAList, match="Line 2: 97545 begins on 2026-01-01 as a row of"):
        stored("code,requirement,valid_from,valid_to\n97545,No,2026-01-01,2026-05-31\n")


def test_a_row_that_ends_sooner_is_brought_forward():
    kept("97545", PA, valid_to=date(2026, 12, 31))

    _, made = stored("code,requirement,valid_from,valid_to\n97545,PA,2026-01-01,2026-06-30\n")

    assert rules() == [("97545", PA, "2026-01-01", "2026-06-30")]
    assert made.sentence == "0 rows begin, 1 ends, 0 go on unchanged."


def test_a_row_that_lasts_longer_goes_on_in_another():
    kept("97545", PA, valid_to=date(2026, 6, 30))

    stored(f"{FIRST}97545,PA,2026-01-01\n")

    assert rules() == [("97545", PA, "2026-01-01", "2026-06-30"), ("97545", PA, "2026-07-01", "")]


def test_a_row_that_begins_later_stays_and_goes_before():
    kept("97545", NONE, valid_from=JUL)

    _, made = stored(f"{FIRST}97545,PA,2026-01-01\n")

    assert [one.valid_from for one in made.stay] == [JUL]
    assert authorization_needed("97545", on=date(2026, 6, 30)).requirement == PA
    assert authorization_needed("97545", on=JUL).requirement == NONE


def test_a_longer_row_meets_one_that_follows_and_says_otherwise():
    kept("97545", PA, valid_to=date(2026, 6, 30))
    kept("97545", NOTICE, valid_from=JUL)

    stored(f"{FIRST}97545,PA,2026-01-01\n")

    assert rules() == [("97545", PA, "2026-01-01", "2026-06-30"), ("97545", PA, "2026-07-01", "")]


# A list that replaces


def test_what_a_list_that_replaces_does_not_name_ends():
    kept("97110", PA)
    kept("97545", PA)

    _, made = stored(f"{FIRST}97545,PA,2026-01-01\n", replaces_from=JUL)

    assert rules() == [("97110", PA, "2026-01-01", "2026-06-30"), ("97545", PA, "2026-01-01", "")]
    assert made.sentence == "0 rows begin, 1 ends, 1 goes on unchanged."


def test_it_speaks_only_from_its_day():
    kept("97545", PA)

    stored(f"{FIRST}97545,No,2024-01-01\n97110,PA,2024-01-01\n", replaces_from=JUL)

    assert rules() == [
        ("97110", PA, "2026-07-01", ""),
        ("97545", PA, "2026-01-01", "2026-06-30"),
        ("97545", NONE, "2026-07-01", ""),
    ]


def test_rows_over_before_its_day_are_passed_by():
    _, made = stored(
        "code,requirement,valid_from,valid_to\n97545,No,2024-01-01,2024-12-31\n97110,PA,2026-01-01,\n",
        replaces_from=JUL,
    )

    assert made.past == 1
    assert rules() == [("97110", PA, "2026-07-01", "")]


def test_rows_that_were_to_begin_later_are_withdrawn():
    kept("97545", PA, valid_from=date(2027, 1, 1))

    stored(f"{FIRST}97110,PA,2026-01-01\n", replaces_from=JUL)

    assert rules() == [("97110", PA, "2026-07-01", "")]


def test_rows_that_were_to_begin_later_go_on_where_repeated():
    kept("97545", PA, valid_from=date(2027, 1, 1))

    _, made = stored(f"{FIRST}97545,PA,2027-01-01\n", replaces_from=JUL)

    assert made.go_on == 1
    assert rules() == [("97545", PA, "2027-01-01", "")]


def test_a_row_that_is_to_begin_anew_later_ends_until_then():
    kept("97545", PA)

    stored(f"{FIRST}97545,PA,2026-09-01\n", replaces_from=JUL)

    assert rules() == [("97545", PA, "2026-01-01", "2026-06-30"), ("97545", PA, "2026-09-01", "")]


def test_rows_with_an_end_of_their_own_end_sooner():
    kept("97545", PA, valid_to=date(2026, 12, 31))

    stored(f"{FIRST}97110,PA,2026-01-01\n", replaces_from=JUL)

    assert ("97545", PA, "2026-01-01", "2026-06-30") in rules()


def test_rows_that_were_over_stay_as_they_are():
    kept("97545", PA, valid_to=date(2026, 3, 31))

    _, made = stored(f"{FIRST}97110,PA,2026-01-01\n", replaces_from=JUL)

    assert made.end == []


# Preview, history, command


def test_a_preview_stores_nothing():
    kept("97545", PA)

    made = preview_list(f"{FIRST}97545,No,2026-07-01\n".encode())

    assert [one.printed for one in made.begin] == ["97545"]
    assert [one.last for one in made.end] == [date(2026, 6, 30)]
    assert rules() == [("97545", PA, "2026-01-01", "")]


def test_what_has_changed_since_the_preview_is_looked_at_again():
    text = f"{FIRST}97545,No,2026-07-01\n"
    shown = preview_list(text.encode()).digest
    kept("97545", PA)

    with pytest.raises(Refused, match="The rows have changed since this was shown"):
        stored(text, shown=shown)

    assert AuthorizationList.objects.count() == 1


def test_the_history_says_what_became_of_each_row():
    kept("97545", PA)
    by = person("ann")

    stored(f"{FIRST}97545,No,2026-07-01\n", by=by)

    assert sorted(LogEntry.objects.filter(user=by).values_list("change_message", flat=True)) == [
        "Ended on 2026-06-30, as “List” has it.",
        "Stored with “List”, line 2.",
        "Stored: 1 row begins, 1 ends, 0 go on unchanged.",
    ]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(f"{FIRST}97545,PA,2026-07-01\n")
    return path


def run(*words):
    output = StringIO()
    call_command("import_authorization_list", *words, stdout=output)
    return output.getvalue()


def test_the_command_stores_a_file_and_says_what_it_did(file):
    said = run(file, "--name", "List of 2026")

    assert "+ 97545: prior_authorization, from 2026-07-01" in said
    assert "1 row begins, 0 end, 0 go on unchanged." in said
    assert "“List of 2026” is stored." in said
    assert rules() == [("97545", PA, "2026-07-01", "")]


def test_the_command_can_only_look(file):
    assert "Nothing was stored." in run(file, "--name", "List", "--preview")
    assert rules() == []


def test_the_command_names_the_lines_to_mend(file):
    file.write_text(f"{FIRST}1,PA,2026-07-01\n")

    with pytest.raises(CommandError, match="was not stored.\nLine 2: “1” is not written like"):
        run(file, "--name", "List")


def test_the_command_says_where_no_file_is(tmp_path):
    with pytest.raises(CommandError, match=r"none.csv cannot be read: No such file"):
        run(tmp_path / "none.csv", "--name", "List")


def test_the_demonstration_brings_its_list_once():
    load_library(on=AT.date(), at=AT)
    count = AuthorizationRule.objects.count()
    load_library(on=AT.date(), at=AT)

    assert AuthorizationRule.objects.count() == count
    assert count > 50


# Worked out from policies/demo/authorization.csv by hand.
DEMONSTRATED = [
    ("97545", "commercial_insured", "", PA),
    ("97545", "commercial_self_funded", "", NOTICE),
    ("97545", "medicaid", "", NOTICE),  # only the wide range speaks of it
    ("97110", "medicaid", "TX", PA),
    ("97110", "medicaid", "NY", NOTICE),
    ("97037", "marketplace", "", PA),  # the exception within the exception
    ("97018", "marketplace", "", NONE),
    ("72148", "medicare_advantage", "", NONE),
    ("72148", "medicaid", "", PA),
    ("76498", "medicaid", "", NOTICE),
    ("K0800", "integrated_dsnp", "", NOTICE),
    ("K0800", "medicaid", "", PA),
    ("Q5103", "medicaid", "", PA),  # from July on: notification
    ("98940", "medicaid", "", NONE),
    ("0420", "medicaid", "", None),  # ended
    ("E0601", "commercial_self_funded", "", None),  # not for this line
]


def test_the_demonstration_answers_as_its_file_says():
    load_library(on=AT.date(), at=AT)

    for code, line, state, expected in DEMONSTRATED:
        answer = authorization_needed(
            code, on=date(2026, 3, 2), line_of_business=line, plan="Other", state=state or "OH"
        )
        assert (code, line, answer.requirement) == (code, line, expected)
