"""Files of requests: what is checked, what is entered, and that nothing is entered twice."""

import threading
from datetime import date, timedelta
from time import process_time

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from policies.models import Code, LineOfBusiness
from reviewer.intake_csv import NotRequests
from reviewer.intake_runs import check_some, enter_one, enter_some, go_on
from reviewer.models import Event, IntakeFile, IntakeRow, Member, Provider, Request
from reviewer.workflow.errors import Refused
from reviewer.workflow.intake_files import (
    enter_row,
    note_checked,
    receive_file,
    rows_of,
    start_entering,
)
from tests.cast import COMMERCIAL, enter_coverage
from tests.factories import line, make_request, now
from tests.reviewer.intake_rows import file_of, good_row, on_day
from tests.reviewer.pages import load_few_codes

pytestmark = pytest.mark.django_db
LONG = 600.0  # seconds; nothing takes as long


@pytest.fixture(autouse=True)
def codes(db):
    load_few_codes()


@pytest.fixture
def send(cast):
    """Send a file, as the intake coordinator unless someone else is named."""

    def sent(*rows, by=None, name="day.csv", data=None):
        return receive_file(data=data or file_of(*rows), name=name, by=by or cast.intake, at=now())

    return sent


@pytest.fixture
def look(cast, send):
    """The faults of a file's rows, as (line, column, words)."""

    def looked(*rows, by=None):
        file = send(*rows, by=by)
        check_some(file, seconds=LONG, by=by or cast.intake)
        return [
            [(one["line"], one["column"], one["words"]) for one in told["faults"]]
            for told in file.checked
        ]

    return looked


@pytest.fixture
def enter(cast, send):
    """A file that was looked through and entered to its end."""

    def entered(*rows, by=None, **facts):
        file = send(*rows, by=by, **facts)
        begin(file, by or cast.intake)
        enter_some(file, seconds=LONG, by=by or cast.intake)
        return file

    return entered


def begin(file, by):
    check_some(file, seconds=LONG, by=by)
    start_entering(file=file, by=by, at=now())


def test_a_row_is_entered_as_a_request_that_is_typed(cast, enter):
    file = enter(good_row(cast))

    request = file.rows.get().request
    asked = request.lines.get()
    assert (asked.system, asked.code, asked.modifiers, asked.units) == ("CPT", "97545", ["GP"], 20)
    assert [one.code for one in asked.diagnoses.all()] == ["S39012A"]
    assert (request.member, request.coverage) == (cast.member, cast.coverage)
    assert request.entered_by == cast.intake
    assert request.clocks.filter(duty="decision").exists()
    assert request.decision_due_at is not None
    assert request.events.filter(name=Event.Name.RECEIVED).exists()
    file.refresh_from_db()
    assert file.finished_at is not None


def test_lines_of_one_reference_are_one_request(cast, enter):
    more = {"reference": "A-1", "code": "97546", "units": "8", **on_day(0), "line_diagnoses": "2"}

    file = enter(
        good_row(cast, diagnoses="S39.012A S39.012A", place_of_service="2", frequency="2 a week"),
        good_row(cast, "B-1", **on_day(3)),
        more,
    )

    first, second = file.rows.all()
    lines = list(first.request.lines.all())
    assert [one.code for one in lines] == ["97545", "97546"]
    assert [one.position for one in lines[1].diagnoses.all()] == [2]
    assert [one.position for one in lines[0].diagnoses.all()] == [1, 2]
    assert (lines[0].place_of_service, lines[0].frequency) == ("02", "2 a week")
    assert second.request.lines.count() == 1
    assert first.number == 2
    assert second.number == 3


def test_new_people_are_entered_with_their_request(cast, enter):
    file = enter(good_row(cast, **NEW_MEMBER, requesting_npi="1003000126",
                          requesting_name="Quay Clinic"))  # fmt: skip

    request = file.rows.get().request
    assert str(request.member) == "Bo Tarn"
    assert (request.line_of_business, request.jurisdiction) == ("marketplace", "NY")
    assert str(request.requesting_provider) == "Quay Clinic"


NEW_MEMBER = {
    "member_number": "M700700700",
    "given_name": "Bo",
    "family_name": "Tarn",
    "born_on": "2/3/1990",
    "line_of_business": "marketplace",
    "plan": "Harbor Silver",
    "state": "ny",
    "covered_from": "2024-01-01",
}


def test_a_member_with_several_coverages_has_the_one_that_is_named(cast, look, enter):
    [faults] = look(good_row(cast, line_of_business=""))
    assert [(line, column) for line, column, _ in faults] == [(2, "line_of_business")]
    assert "Several coverages of the member fit" in faults[0][2]

    file = enter(good_row(cast, line_of_business="", plan="harbor ppo"))

    assert file.rows.get().request.coverage == cast.coverage


@pytest.mark.parametrize(
    ("wrong", "column", "words"),
    [
        ({"reference": ""}, "reference", "give the request a number"),
        ({"reference": "x" * 61}, "reference", "longer than 60"),
        ({"member_number": ""}, "member_number", "Nothing is entered under “Member number”."),
        ({"member_number": "M0"}, "given_name", "No member has this number yet"),
        ({"line_of_business": "Medicare"}, "line_of_business", "“Medicare” is none of these."),
        ({"plan": "Other plan"}, "line_of_business", "The member has no such coverage here, but"),
        ({"requesting_npi": ""}, "requesting_npi", "Nothing is entered under “NPI or name”."),
        ({"requesting_npi": "1234567890"}, "requesting_npi", "The check digit of this NPI"),
        ({"servicing_npi": "123"}, "servicing_npi", "An NPI has ten digits."),
        ({"servicing_npi": "1003000126"}, "servicing_name", "This NPI is new here"),
        ({"ordering_npi": "1234567890"}, "ordering_npi", "The check digit of this NPI"),
        ({"review_type": "soon"}, "review_type", "“soon” is none of these. Write prospective,"),
        ({"review_type": ""}, "review_type", "Nothing is chosen"),
        ({"urgency": "expedited"}, "urgency_attested_by", "names who attested"),
        (
            {"urgency": "expedited", "urgency_attested_by": "Dr. Shore",
             "review_type": "retrospective"},
            "urgency",
            "What was already done is not urgent",
        ),
        ({"channel": "pigeon"}, "channel", "Write portal, fax, phone, mail or electronic."),
        ({"received_at": "2199-01-01 10:00"}, "received_at", "cannot be received in the future"),
        ({"received_at": "Monday"}, "received_at", "Write the moment as"),
        ({"summary": ""}, "summary", "Nothing is entered under “Clinical summary”."),
        ({"item_kind": ""}, "item_kind", "Write "),
        ({"item_kind": "house"}, "item_kind", "no limit for this kind of item here"),
        ({"diagnoses": ""}, "diagnoses", "Nothing is entered"),
        ({"diagnoses": "97545"}, "diagnoses", "97545 is not an ICD-10-CM code."),
        ({"diagnoses": "S39.012"}, "diagnoses", "too general to be billed"),
        ({"accept_diagnoses": "perhaps"}, "accept_diagnoses", "neither yes nor no"),
        ({"another_request": "maybe"}, "another_request", "neither yes nor no"),
        ({"code": ""}, "code", "Nothing is entered under “Code”."),
        ({"code": "97549"}, "code", "No code set here holds 97549."),
        ({"code": "S39.012A"}, "code", "S39.012A is a diagnosis code."),
        ({"modifiers": "GPX"}, "modifiers", "Up to four modifiers"),
        ({"units": "0"}, "units", "At least 1 unit is asked for on a line."),
        ({"units": "many"}, "units", "whole number"),
        ({"ends_on": "2020-01-01"}, "ends_on", "The last day is before the first"),
        ({"starts_on": "in March"}, "starts_on", "Write the day as 2026-03-02."),
        ({"place_of_service": "97"}, "place_of_service", "not in CMS's Place of Service"),
        ({"line_diagnoses": "3"}, "line_diagnoses", "No diagnosis stands in row 3."),
        ({"line_diagnoses": "first"}, "line_diagnoses", "Name diagnoses by their numbers"),
        ({**NEW_MEMBER, "covered_from": "2199-01-01"}, "line_of_business",
         "The member did not have this coverage on the day of receipt."),
        ({**NEW_MEMBER, "state": "New York"}, "state", "Write the state's two letters"),
        ({**NEW_MEMBER, "born_on": "2199-01-01"}, "born_on", "Nobody is born in the future"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell_and_nothing_of_it_is_kept(
    cast, send, wrong, column, words
):
    file = send(good_row(cast, **wrong))

    begin(file, cast.intake)
    enter_some(file, seconds=LONG, by=cast.intake)

    [told] = file.checked
    found = [one for one in told["faults"] if one["column"] == column]
    assert [one["line"] for one in found] == [2], told
    assert words in found[0]["words"]
    assert words in file.rows.get().refused
    assert Request.objects.count() == 0
    assert not Member.objects.filter(number="M700700700").exists()
    assert Provider.objects.count() == 2


def test_a_refused_row_leaves_the_others_alone(cast, enter):
    file = enter(
        good_row(cast, "A", units="0"),
        good_row(cast, "B", **on_day(2)),
        good_row(cast, "C", diagnoses="X99", **on_day(4)),
        good_row(cast, "D", **on_day(6)),
    )

    assert [bool(one.request) for one in file.rows.all()] == [False, True, False, True]
    assert Request.objects.count() == 2


def test_one_wrong_line_refuses_the_whole_request(cast, enter):
    file = enter(good_row(cast), {**good_row(cast), "code": "97549"})

    assert file.rows.get().refused.startswith("Line 3, code: No code set here holds 97549.")
    assert Request.objects.count() == 0


def test_a_code_that_ended_is_refused_by_the_day_of_service(cast, enter):
    Code.objects.filter(key="97545").update(valid_to=date(2024, 12, 31))

    file = enter(good_row(cast, accept_code="yes"))

    assert "it is valid until 2024-12-31" in file.rows.get().refused


def test_an_unknown_code_is_entered_where_the_file_accepts_it(cast, enter):
    file = enter(good_row(cast, code="97549", accept_code="Yes"))

    assert file.rows.get().request.lines.get().code == "97549"


def test_cells_of_one_request_that_differ_are_told(cast, look):
    [faults] = look(good_row(cast), {**good_row(cast), "channel": "mail"})

    words = (
        "Line 2 of the same request says otherwise. Make them the same, or leave this one empty."
    )
    assert faults == [(3, "channel", words)]


def test_six_lines_are_the_most_of_a_request(cast, look):
    [faults] = look(*[good_row(cast) for _ in range(7)])

    assert [(column, words) for _, column, words in faults] == [
        ("code", "There are more than the 6 that a request holds.")
    ]


def test_a_member_of_another_line_of_business_is_refused(cast, enter):
    cast.intake.lines_of_business = [LineOfBusiness.MARKETPLACE]
    cast.intake.save()

    file = enter(good_row(cast))

    assert "outside your scope" in file.rows.get().refused
    assert Request.objects.count() == 0


def test_coverages_of_other_lines_of_business_are_not_told(cast, look):
    enter_coverage(cast.member, LineOfBusiness.MEDICAID, "Harbor State Plan")
    cast.intake.lines_of_business = COMMERCIAL
    cast.intake.save()

    [[(_, column, words)]] = look(good_row(cast, line_of_business="", plan="No such plan"))

    assert column == "line_of_business"
    assert "no such coverage here" in words
    assert "Harbor State Plan" not in words


def test_a_request_like_one_that_exists_is_refused_until_it_is_said_to_be_another(cast, enter):
    there = make_request(cast)

    refused = enter(good_row(cast)).rows.get().refused
    file = enter(good_row(cast, another_request="yes"))

    assert there.number in refused
    assert "write yes in another_request" in refused
    assert file.rows.get().request is not None


def test_two_rows_of_a_file_that_ask_for_the_same_are_told_before_and_refused_after(cast, look):
    first, second = look(good_row(cast, "A"), good_row(cast, "B"))

    assert first == []
    assert [(line, column) for line, column, _ in second] == [(3, "another_request")]
    assert "It asks for the same as line 2." in second[0][2]


def test_the_look_ahead_foretells_what_the_entering_does(cast, enter):
    file = enter(
        good_row(cast, "A"),
        good_row(cast, "B"),
        good_row(cast, "C", units="0"),
        good_row(cast, "D", another_request="yes"),
    )

    foretold = [bool(told["faults"]) for told in file.checked]
    assert foretold == [False, True, True, False]
    assert [one.request is None for one in file.rows.all()] == foretold


def test_the_look_ahead_keeps_nothing(cast, look):
    look(good_row(cast, **NEW_MEMBER), good_row(cast, "B", requesting_npi="1003000126",
                                                requesting_name="Quay"))  # fmt: skip

    assert (Request.objects.count(), IntakeRow.objects.count()) == (0, 0)
    assert not Member.objects.filter(number="M700700700").exists()
    assert not Provider.objects.filter(npi="1003000126").exists()


class TestNothingIsEnteredTwice:
    def test_the_same_file_is_the_same_file(self, cast, enter, send):
        first = enter(good_row(cast))

        again = send(good_row(cast), name="other-name.csv")
        go_on(again, seconds=LONG, by=cast.intake)

        assert again.pk == first.pk
        assert (IntakeFile.objects.count(), Request.objects.count()) == (1, 1)

    def test_the_same_row_in_another_file_is_passed_over(self, cast, enter):
        first = enter(good_row(cast)).rows.get()
        names = [*reversed(good_row(cast))]

        second = enter(
            data=file_of(
                good_row(cast),
                good_row(cast, "B", **on_day(3)),
                names=names,
                delimiter=";",
                encoding="utf-8-sig",
            )  # fmt: skip
        )

        passed, entered = second.rows.all()
        assert (passed.request, passed.earlier) == (None, first)
        assert f"Entered already on {timezone.localdate()} as request" in passed.refused
        assert entered.request is not None
        assert second.checked[0]["before"] == first.request.number
        assert Request.objects.count() == 2

    def test_a_refused_row_may_come_again(self, cast, enter):
        Code.objects.filter(key="97545").update(valid_to=date(2024, 12, 31))
        rows = good_row(cast, "A"), good_row(cast, "B", **on_day(2))
        refused = enter(*rows)
        Code.objects.filter(key="97545").update(valid_to=None)

        entered = enter(*reversed(rows))

        assert [one.request is None for one in refused.rows.all()] == [True, True]
        assert [one.request is None for one in entered.rows.all()] == [False, False]

    def test_a_row_is_entered_once_says_the_database(self, cast, enter):
        done = enter(good_row(cast)).rows.get()
        other = make_request(cast)

        with pytest.raises(IntegrityError, match="a_row_is_entered_once"), transaction.atomic():
            IntakeRow.objects.create(
                file=done.file, number=9, sha256=done.sha256, request=other, text="", at=now()
            )

    def test_entering_a_row_again_gives_what_became_of_it(self, cast, send):
        file = send(good_row(cast), good_row(cast, "B", **on_day(2)))
        begin(file, cast.intake)
        row = rows_of(file)[0]

        first, second = enter_one(file, row, by=cast.intake), enter_one(file, row, by=cast.intake)

        assert first == second
        assert Request.objects.count() == 1


def test_of_two_who_look_at_the_same_rows_the_quicker_one_is_kept(cast, send):
    file = send(good_row(cast, "A"), good_row(cast, "B", units="0", **on_day(2)))
    slower = IntakeFile.objects.get(pk=file.pk)
    check_some(file, seconds=0, by=cast.intake)

    seen_late = {"faults": [], "before": "R-9"}
    note_checked(file=slower, after=0, faults=[seen_late], by=cast.intake)

    assert IntakeFile.objects.get(pk=file.pk).checked == file.checked
    with pytest.raises(Refused, match="not looked through yet"):
        start_entering(file=slower, by=cast.intake, at=now())


class TestAnInterruption:
    def test_a_run_goes_on_where_it_stood(self, cast, send):
        rows = [good_row(cast, f"A-{n}", **on_day(n)) for n in range(4)]
        file = send(*rows)
        for _ in rows:
            go_on(file, seconds=0, by=cast.intake)
        assert len(file.checked) == 4
        start_entering(file=file, by=cast.intake, at=now())

        go_on(file, seconds=0, by=cast.intake)
        assert file.rows.count() == 1
        go_on(IntakeFile.objects.get(pk=file.pk), seconds=LONG, by=cast.intake)

        assert Request.objects.count() == 4
        assert IntakeFile.objects.get().finished_at is not None

    def test_a_row_that_fails_unforeseen_is_refused_and_logged(
        self, cast, send, monkeypatch, caplog
    ):
        file = send(good_row(cast), good_row(cast, "B", **on_day(2)))
        begin(file, cast.intake)
        first, second = rows_of(file)

        def fail():
            make_request(cast)
            raise ZeroDivisionError

        enter_row(file=file, row=first, enter=fail, by=cast.intake, at=now())
        enter_one(file, second, by=cast.intake)

        refused, entered = file.rows.all()
        assert refused.refused.startswith("Benchbook failed on this row")
        assert entered.request is not None
        assert Request.objects.count() == 1
        assert "Row 2 of a file of requests failed" in caplog.text

    def test_an_outage_refuses_no_row(self, cast, send):
        from django.db import OperationalError

        file = send(good_row(cast))
        begin(file, cast.intake)

        def fail():
            raise OperationalError("the connection is lost")

        with pytest.raises(OperationalError):
            enter_row(file=file, row=rows_of(file)[0], enter=fail, by=cast.intake, at=now())

        assert file.rows.count() == 0


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_two_who_carry_one_file_on_share_its_rows(self, cast, send):
        file = send(*[good_row(cast, f"A-{n}", **on_day(n)) for n in range(4)])
        begin(file, cast.intake)

        at_once(*[lambda: go_on(IntakeFile.objects.get(), seconds=LONG, by=cast.intake)] * 2)

        assert file.rows.filter(request__isnull=False).count() == Request.objects.count() == 4

    def test_the_same_row_of_two_files_is_entered_from_one(self, cast, send):
        files = [send(good_row(cast)), send(good_row(cast), good_row(cast, "B", units="0"))]
        for file in files:
            begin(file, cast.intake)

        def enter(file):
            return lambda: enter_one(file, rows_of(file)[0], by=cast.intake)

        at_once(*[enter(file) for file in files])

        assert Request.objects.count() == 1
        assert IntakeRow.objects.filter(earlier__isnull=False).count() == 1


def at_once(*acts):
    failures = []

    def run(act):
        try:
            act()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert failures == []


class TestWhoMay:
    @pytest.mark.parametrize("who", ["physician", "appeals_coordinator", "auditor"])
    def test_only_who_enters_requests_sends_files(self, cast, send, who):
        with pytest.raises(Refused, match="Only an intake coordinator"):
            send(good_row(cast), by=getattr(cast, who))

    def test_nothing_is_entered_before_it_was_looked_through(self, cast, send):
        file = send(good_row(cast))

        with pytest.raises(Refused, match="not looked through yet"):
            start_entering(file=file, by=cast.intake, at=now())
        with pytest.raises(Refused, match="Nobody has said yet"):
            enter_one(file, rows_of(file)[0], by=cast.intake)

    def test_it_is_said_once_to_enter_them(self, cast, send):
        file = send(good_row(cast))
        begin(file, cast.intake)

        with pytest.raises(Refused, match="being entered already"):
            start_entering(file=file, by=cast.intake, at=now())

    def test_a_colleague_sees_no_file_of_another_and_a_supervisor_does(self, cast, send):
        file = send(good_row(cast))

        with pytest.raises(Refused, match=r"Ines Pardo sent this file on .* Ask them"):
            send(good_row(cast), by=cast.nurse)
        with pytest.raises(Refused, match="no such file among those you may see"):
            go_on(file, seconds=LONG, by=cast.nurse)
        with pytest.raises(Refused, match="no such file among those you may see"):
            start_entering(file=file, by=cast.nurse, at=now())
        assert send(good_row(cast), by=cast.supervisor) == file

    def test_a_supervisor_of_a_smaller_scope_sees_none(self, cast, send):
        send(good_row(cast))
        cast.supervisor.lines_of_business = [LineOfBusiness.MEDICAID]
        cast.supervisor.save()

        with pytest.raises(Refused, match="Ines Pardo sent this file"):
            send(good_row(cast), by=cast.supervisor)

    def test_who_lost_the_right_enters_no_more(self, cast, send):
        file = send(good_row(cast))
        begin(file, cast.intake)
        cast.intake.user.groups.clear()

        with pytest.raises(Refused, match="Only an intake coordinator"):
            enter_one(file, rows_of(file)[0], by=cast.intake)
        assert Request.objects.count() == 0


def test_a_file_that_cannot_be_read_is_not_kept(cast, send):
    with pytest.raises(NotRequests):
        send(data=b"a,b\n1,2\n")

    assert IntakeFile.objects.count() == 0


def test_what_the_file_held_stays_as_its_hash_says(cast, send):
    file = send(good_row(cast))
    file.data = b"other"

    with (
        pytest.raises(IntegrityError, match="an_intake_file_is_what_its_hash_says"),
        transaction.atomic(),
    ):
        file.save()


def test_500_rows_are_looked_through_and_entered_in_time(cast, send, capsys):
    """By the processor's time of this program, as the machine may be busy."""
    rows = [
        good_row(cast, f"A-{n}", **on_day(n), units="0" if n % 25 == 0 else "20")
        for n in range(500)
    ]
    began = process_time()
    file = send(*rows)
    check_some(file, seconds=LONG, by=cast.intake)
    looked = process_time()
    start_entering(file=file, by=cast.intake, at=now())
    enter_some(file, seconds=LONG, by=cast.intake)
    ended = process_time()

    with capsys.disabled():
        print(f"500 rows: looked through {looked - began:.1f} s, entered {ended - looked:.1f} s")
    assert Request.objects.count() == 480
    assert file.rows.filter(request=None).count() == 20
    assert ended - began < 100


def test_the_days_of_another_row_are_none_of_this(cast, look):
    day = timezone.localdate() + timedelta(days=400)
    make_request(cast, lines=[line(starts_on=day, ends_on=day)])

    assert look(good_row(cast)) == [[]]
