"""Pages for files of requests: sent, looked through, entered, told of, by whom."""

import csv
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reviewer.models import AccessEntry, IntakeFile, Request
from reviewer.views import intake_files
from tests.reviewer.intake_rows import file_of, good_row, on_day
from tests.reviewer.pages import load_few_codes, post

pytestmark = pytest.mark.django_db
LIST = "/intake-files"
HTMX = {"HX-Request": "true"}
ROLES = {"intake", "nurse", "supervisor"}


@pytest.fixture
def client(cast, sign_in):
    load_few_codes()
    return sign_in(cast.intake)


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def send(client, *rows, name="day.csv"):
    return post(client, LIST, file=SimpleUploadedFile(name, file_of(*rows), "text/csv"))


@pytest.fixture
def address(client, cast):
    """The page of a file: one row is good, one is not."""
    rows = good_row(cast, "A"), good_row(cast, "B", units="0", summary="=2+2", **on_day(2))
    return send(client, *rows).headers["Location"]


def look_through(client, address):
    client.post(f"{address}/go-on")


def test_a_file_is_kept_and_its_page_begins_to_look_through_it(client, cast, address):
    page = text(client.get(address))

    assert IntakeFile.objects.get().sent_by == cast.intake
    assert "<b>0 of 2 requests looked at.</b>" in page
    assert f'hx-post="{address}/go-on" hx-trigger="load' in page
    assert "<progress" in page
    assert "What would happen" not in page


def test_the_bar_asks_on_and_at_the_end_leads_to_what_would_happen(client, address, monkeypatch):
    monkeypatch.setattr(intake_files, "SECONDS", 0)

    first = client.post(f"{address}/go-on", headers=HTMX)
    second = client.post(f"{address}/go-on", headers=HTMX)

    assert "<b>1 of 2 requests looked at.</b>" in text(first)
    assert second.headers["HX-Redirect"] == address


def test_without_scripts_the_button_goes_on_and_leads_back(client, address):
    answer = client.post(f"{address}/go-on")

    assert answer.headers["Location"] == address
    assert "What would happen" in text(client.get(address))


def test_what_would_happen_is_told_row_by_row(client, address):
    look_through(client, address)

    page = text(client.get(address))

    assert "1 request would be entered as it stands." in page
    assert "1 would be refused: mend it in your file" in page
    assert "<b>units</b> <q>0</q>: At least 1 unit is asked for on a line." in page
    assert "Enter 1 request</button>" in page
    assert Request.objects.count() == 0


def test_entering_works_on_and_ends_in_a_report(client, address):
    look_through(client, address)

    assert post(client, f"{address}/enter").headers["Location"] == address
    assert "<b>0 of 2 requests done.</b>" in text(client.get(address))
    client.post(f"{address}/go-on")
    page = text(client.get(address))

    request = Request.objects.get()
    assert request.get_absolute_url() in page
    assert "1 request was refused" in page
    assert "Line 3, units: At least 1 unit" in page
    assert '1 entered, <b class="bad">1 to mend</b>' in text(client.get(LIST))


def test_to_enter_is_said_once(client, address):
    look_through(client, address)
    post(client, f"{address}/enter")

    assert "are being entered already" in text(post(client, f"{address}/enter"))


def test_what_is_to_mend_comes_as_a_file_that_is_sent_again_once_mended(client, address, cast):
    look_through(client, address)
    post(client, f"{address}/enter")
    client.post(f"{address}/go-on")

    answer = client.get(f"{address}/to-mend.csv")
    [row] = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")))
    assert "attachment" in answer.headers["Content-Disposition"]
    assert row["summary"] == "'=2+2"
    assert row["what_is_wrong"].startswith("Line 3, units:")

    mended = answer.content.decode().replace(",0,", ",5,").encode()
    again = post(client, LIST, file=SimpleUploadedFile("mended.csv", mended)).headers["Location"]
    look_through(client, again)
    post(client, f"{again}/enter")
    client.post(f"{again}/go-on")

    assert Request.objects.order_by("pk").last().summary == "=2+2"
    assert Request.objects.count() == 2


def test_the_same_file_leads_to_the_same_page(client, address, cast):
    rows = good_row(cast, "A"), good_row(cast, "B", units="0", summary="=2+2", **on_day(2))

    assert send(client, *rows, name="again.csv").headers["Location"] == address


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"a,b\n1,2\n", "The column a is not known here."),
        (b"a,b\n1,2\n", "The column member_number is missing."),
        (b"PK\x03\x04", "This is a spreadsheet."),
    ],
)
def test_a_file_that_cannot_be_read_comes_back_with_a_sentence(client, data, words):
    answer = post(client, LIST, file=SimpleUploadedFile("day.csv", data))

    assert words in text(answer)
    assert IntakeFile.objects.count() == 0


def test_no_file_and_one_that_is_too_large_are_told(client, monkeypatch):
    assert "No file is chosen." in text(post(client, LIST))
    large = SimpleUploadedFile("day.csv", b"x" * (4 * 1024**2 + 1))

    assert "more than 4 MB" in text(post(client, LIST, file=large))


def test_the_template_has_every_column_and_the_page_tells_of_each(client):
    answer = client.get(f"{LIST}/template.csv")

    [names] = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    page = text(client.get(LIST))
    assert all(name in page for name in names)


def test_who_may_not_enter_requests_finds_every_door_closed(client, cast, address):
    doors = [LIST, f"{LIST}/template.csv", address, f"{address}/to-mend.csv"]
    for person in cast.everyone():
        client.force_login(person.user)
        is_one = person.role in ("intake_coordinator", "nurse_reviewer", "supervisor")
        answers = [client.get(door).status_code for door in doors]
        sees = person in (cast.intake, cast.supervisor)
        assert answers == ([200, 200, *[200 if sees else 404] * 2] if is_one else [403] * 4)
        for door in (LIST, f"{address}/go-on", f"{address}/enter"):
            if not is_one:
                assert post(client, door).status_code == 403


def test_a_colleague_finds_no_file_of_another(client, cast, address, sign_in):
    nurse = sign_in(cast.nurse)

    for door in ("", "/to-mend.csv"):
        assert nurse.get(f"{address}{door}").status_code == 404
    for door in ("go-on", "enter"):
        assert post(nurse, f"{address}/{door}").status_code == 404
    assert "day.csv" not in text(nurse.get(LIST))


@pytest.mark.parametrize("door", ["go-on", "enter"])
def test_what_does_something_is_only_posted(client, address, door):
    assert client.get(f"{address}/{door}").status_code == 405


def test_members_and_requests_that_are_shown_are_in_the_access_log(client, cast, address):
    look_through(client, address)
    client.get(address)
    assert AccessEntry.objects.latest("pk").requests == [cast.member.number]
    post(client, f"{address}/enter")
    client.post(f"{address}/go-on")

    client.get(address)
    shown = AccessEntry.objects.latest("pk").requests
    assert {Request.objects.get().number, cast.member.number} == set(shown)
    client.get(f"{address}/to-mend.csv")
    assert AccessEntry.objects.latest("pk").requests == [cast.member.number]


def test_the_title_names_no_person(client, address):
    page = text(client.get(address))

    assert "Winter" not in page
    assert page.partition("<title>")[2].startswith("File of requests")


def test_the_intake_page_leads_to_files(client):
    assert f'href="{LIST}"' in text(client.get(reverse("reviewer:request_new")))


def test_who_lost_a_line_of_business_finds_no_file_sent_while_they_had_it(client, cast, address):
    look_through(client, address)
    assert cast.member.number in text(client.get(address))
    lines = [one for one in cast.intake.lines_of_business if one != "commercial_insured"]
    cast.intake.lines_of_business = lines
    cast.intake.save()

    for door in ("", "/to-mend.csv"):
        assert client.get(f"{address}{door}").status_code == 404
    for door in ("go-on", "enter"):
        assert post(client, f"{address}/{door}").status_code == 404
    assert "day.csv" not in text(client.get(LIST))


def test_nor_does_a_supervisor_who_never_saw_that_line(client, cast, address, sign_in):
    cast.supervisor.lines_of_business = cast.intake.lines_of_business = ["medicaid"]
    cast.supervisor.save()
    cast.intake.save()

    supervisor = sign_in(cast.supervisor)

    assert supervisor.get(address).status_code == 404
    assert "day.csv" not in text(supervisor.get(LIST))
