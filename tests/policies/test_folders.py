"""Folders of bulletins: each file whole or not at all, nothing lost, and a report of each."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from policies.imports import folders
from policies.imports.folders import FolderRefused, import_waiting, start_run
from policies.models import Bulletin, ImportFile, ImportRun, Passage, Version
from tests.policies.library import AT, lamps

pytestmark = pytest.mark.django_db
ADD = "/admin/policies/importrun/add/"
FOUR = [
    ("d-empty.txt", b""),
    ("a-lamps.txt", lamps()),
    ("c-note.txt", b"Dear colleague, the lamps are on."),
    ("b-candles.txt", lamps(number="0908", title="Candles")),
]


@pytest.fixture
def editor(cast):
    return cast.policy_editor.user


def run_of(files, by, **options):
    options = {"change_note": "Lamps."} | options
    return start_run(name="Lamps", files=files, options=options, by=by, at=AT)


def outcomes(run):
    return [(one.name, one.outcome) for one in run.files.all()]


def test_starting_keeps_the_files_and_imports_nothing(editor):
    run = run_of(FOUR, editor)

    assert [(one.position, one.name) for one in run.files.all()] == [
        (1, "a-lamps.txt"), (2, "b-candles.txt"), (3, "c-note.txt"), (4, "d-empty.txt"),
    ]  # fmt: skip
    assert {one.outcome for one in run.files.all()} == {"waiting"}
    assert not Version.objects.exists()


def test_each_file_becomes_a_draft_or_is_refused_with_a_reason(editor):
    run = run_of(FOUR, editor, category="Light")

    assert import_waiting(run, seconds=60, at=AT) == 4

    assert outcomes(run) == [
        ("a-lamps.txt", "draft"), ("b-candles.txt", "draft"),
        ("c-note.txt", "refused"), ("d-empty.txt", "refused"),
    ]  # fmt: skip
    assert all(one.reason.endswith(".") for one in run.files.filter(outcome="refused"))
    assert [str(one) for one in Bulletin.objects.all()] == ["0907 Lamps", "0908 Candles"]
    assert {one.category for one in Bulletin.objects.all()} == {"Light"}
    assert {one.author for one in Version.objects.all()} == {editor}


def test_a_refused_file_is_kept_and_one_that_came_in_is_kept_by_its_version(editor):
    run = run_of(FOUR, editor)
    import_waiting(run, seconds=60, at=AT)

    refused = run.files.get(name="c-note.txt")
    taken = run.files.get(name="a-lamps.txt")

    assert bytes(refused.data) == b"Dear colleague, the lamps are on."
    assert bytes(taken.data) == b""
    assert bytes(taken.version.source_bytes) == lamps()


def test_the_same_file_again_is_known(editor):
    import_waiting(run_of(FOUR[1:2], editor), seconds=60, at=AT)
    again = run_of(FOUR[1:2], editor)

    import_waiting(again, seconds=60, at=AT)

    assert outcomes(again) == [("a-lamps.txt", "known")]
    assert Version.objects.count() == 1


def test_an_interrupted_run_goes_on_where_it_stood(editor):
    run = run_of(FOUR, editor)

    assert import_waiting(run, seconds=0, at=AT) == 1
    assert outcomes(run)[:2] == [("a-lamps.txt", "draft"), ("b-candles.txt", "waiting")]

    assert import_waiting(run, seconds=60, at=AT) == 3
    assert import_waiting(run, seconds=60, at=AT) == 0


def test_a_failure_of_ours_stores_nothing_of_the_file_and_the_run_goes_on(editor, monkeypatch):
    run = run_of(FOUR[:2], editor)
    import_whole = folders.import_bulletin

    def fail_afterwards(*args, **options):
        import_whole(*args, **options)
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(folders, "import_bulletin", fail_afterwards)
        import_waiting(run, seconds=60, at=AT)

    assert outcomes(run) == [("a-lamps.txt", "refused"), ("d-empty.txt", "refused")]
    assert "nothing of it was stored" in run.files.first().reason
    assert not Version.objects.exists()
    assert not Passage.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "files", "sentence"),
    [
        ("MOST_FILES", 2_000, [], "holds no file"),
        ("MOST_FILES", 3, FOUR, "holds 4 files and a run at most 3: split it"),
        ("MOST_BYTES", 10, FOUR[2:3], "hold 33 bytes together and a run at most 10: split it"),
    ],
)
def test_a_folder_too_large_is_refused_whole(editor, monkeypatch, name, value, files, sentence):
    monkeypatch.setattr(folders, name, value)

    with pytest.raises(FolderRefused, match=sentence):
        run_of(files, editor)

    assert not ImportRun.objects.exists()


# The admin


def uploads(*files):
    return [SimpleUploadedFile(name, data) for name, data in files]


@pytest.fixture
def staff(client, editor):
    client.force_login(editor)
    return client


def test_an_editor_imports_a_folder_with_the_bar_and_reads_the_report(staff):
    sent = {"folder": uploads(*FOUR, (".DS_Store", b"x")), "change_note": "Lamps."}
    response = staff.post(ADD, sent)
    run = ImportRun.objects.get()
    page = reverse("admin:policies_importrun_change", args=[run.pk])

    assert response["Location"] == page
    assert "0 of 4 files are done" in staff.get(page).content.decode()

    go_on = reverse("admin:policies_importrun_continue", args=[run.pk])
    answer = staff.post(go_on, headers={"HX-Request": "true"}).content.decode()

    assert "4 of 4 files are done" in answer
    assert "2 became drafts, 2 refused" in answer
    assert "0908 v1" in answer
    assert "hx-post" not in answer


def test_without_scripts_a_button_carries_on(staff, editor):
    run = run_of(FOUR, editor)
    go_on = reverse("admin:policies_importrun_continue", args=[run.pk])

    response = staff.post(go_on, follow=True)

    assert response.redirect_chain[-1][0] == reverse(
        "admin:policies_importrun_change", args=[run.pk]
    )
    assert "4 of 4 files are done" in response.content.decode()


def test_the_report_comes_as_csv_and_no_cell_is_a_formula(staff, editor):
    run = run_of([("=cmd.txt", b"no bulletin")], editor)
    import_waiting(run, seconds=60, at=AT)

    table = staff.get(reverse("admin:policies_importrun_report", args=[run.pk]))

    assert table["Content-Disposition"] == f'attachment; filename="import-{run.pk}.csv"'
    assert "\n'=cmd.txt," in table.content.decode().replace("\r", "")


def test_a_folder_without_files_is_answered(staff):
    response = staff.post(ADD, {"change_note": "Kept as typed."})

    assert "folder" in response.context["form"].errors
    assert "Kept as typed." in response.content.decode()


def test_an_approver_reads_the_report_and_imports_nothing(client, cast, editor):
    run = run_of(FOUR, editor)
    client.force_login(cast.policy_approver.user)
    page = reverse("admin:policies_importrun_change", args=[run.pk])
    go_on = reverse("admin:policies_importrun_continue", args=[run.pk])

    assert client.get(page).status_code == 200
    assert "Go on" not in client.get(page).content.decode()
    assert client.get(ADD).status_code == 403
    assert client.post(go_on).status_code == 403
    assert ImportFile.objects.filter(outcome="waiting").count() == 4


def test_a_reviewer_sees_no_import(client, cast, editor):
    run = run_of(FOUR, editor)
    client.force_login(cast.nurse.user)

    page = client.get(reverse("admin:policies_importrun_change", args=[run.pk]))

    assert page.status_code in (302, 403)


def test_the_dates_of_a_folder_s_bulletins_are_their_own(editor):
    dated = lamps(history="\nPolicy History\n\nEffective: 03/02/2026\n")
    run = run_of([("dated.txt", dated)], editor)

    import_waiting(run, seconds=60, at=AT)

    assert run.files.get().version.effective_stated == date(2026, 3, 2)
