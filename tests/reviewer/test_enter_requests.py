"""`enter_requests`: a file from the command line, and a run that goes on."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reviewer.intake_runs import go_on
from reviewer.models import IntakeFile, Request
from reviewer.workflow.intake_files import receive_file, start_entering
from tests.factories import now
from tests.reviewer.intake_rows import file_of, good_row, on_day
from tests.reviewer.pages import load_few_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(cast, tmp_path):
    load_few_codes()
    path = tmp_path / "day.csv"
    path.write_bytes(file_of(good_row(cast, "A"), good_row(cast, "B", **on_day(2))))
    return path


def run(path, *words, by="ipardo"):
    out = StringIO()
    call_command("enter_requests", path, *words, by=by, stdout=out)
    return out.getvalue()


def test_requests_of_a_file_are_entered(cast, path):
    said = run(path)

    assert "2 requests: 2 entered, 0 entered before from another file, 0 refused." in said
    assert {one.entered_by for one in Request.objects.all()} == {cast.intake}


def test_entering_it_again_changes_nothing(path):
    run(path)

    assert "2 requests: 2 entered" in run(path)
    assert Request.objects.count() == 2


def test_a_run_that_was_interrupted_goes_on(cast, path):
    file = receive_file(data=path.read_bytes(), name="day.csv", by=cast.intake, at=now())
    for _ in range(2):
        go_on(file, seconds=0, by=cast.intake)
    start_entering(file=file, by=cast.intake, at=now())
    go_on(file, seconds=0, by=cast.intake)
    assert Request.objects.count() == 1

    assert "2 entered" in run(path)
    assert IntakeFile.objects.get().finished_at is not None


def test_what_is_refused_is_told_and_the_command_fails(cast, path):
    path.write_bytes(file_of(good_row(cast, "A", units="0"), good_row(cast, "B", **on_day(2))))
    out = StringIO()

    with pytest.raises(CommandError, match=r"/intake-files/\d+/to-mend.csv has it as a file"):
        call_command("enter_requests", path, by="ipardo", stdout=out)

    assert "Line 2, units: At least 1 unit is asked for on a line." in out.getvalue()
    assert Request.objects.count() == 1


def test_a_preview_enters_nothing(cast, path):
    path.write_bytes(file_of(good_row(cast, "A", units="0"), good_row(cast, "B", **on_day(2))))

    said = run(path, "--preview")

    assert "Line 2, units: At least 1 unit" in said
    assert "2 requests, 1 to mend. Nothing was entered." in said
    assert Request.objects.count() == 0


@pytest.mark.parametrize(
    ("by", "words"),
    [("nobody", "Nobody here signs in as nobody."), ("ivolk", "Only an intake coordinator")],
)
def test_only_a_person_who_may_enters_them(path, by, words):
    with pytest.raises(CommandError, match=words):
        run(path, by=by)


def test_a_file_that_is_not_there_or_none_is_told(tmp_path, path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run(tmp_path / "none.csv")
    path.write_bytes(b"a,b\n")
    with pytest.raises(CommandError, match="The column a is not known here"):
        run(path)
