"""The library's commands: import_bulletin, look_up, load_library."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from policies.imports.demonstration import load_library
from policies.models import (
    Bulletin,
    Code,
    CodeSpan,
    Descriptor,
    Passage,
    Publication,
    Release,
    Version,
)  # fmt: skip
from policies.reading import MAX_BYTES, codes
from tests.policies.library import AT, draft, lamps, person, published

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
SHARED = Path(__file__).parents[3] / "shared" / "bulletins" / "0198-work-hardening-programs.txt"


def run(*words):
    output = StringIO()
    call_command(*words, stdout=output)
    return output.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "lamps.txt"
    path.write_bytes(lamps())
    return path


# import_bulletin


def test_import_stores_a_draft(file):
    said = run("import_bulletin", str(file))

    version = Version.objects.get()
    assert (version.status, version.origin) == ("draft", "library")
    assert "lamps.txt: 0907 version 1, Lamps is stored: draft" in said
    assert "its effective date is not stated" in said


def test_import_publishes_from_the_day_given(file):
    said = run("import_bulletin", str(file), "--effective", "2026-01-01", "--publish")

    version = Version.objects.get()
    assert (version.status, version.origin) == ("published", "import")
    assert version.publication.effective_from == date(2026, 1, 1)
    assert "published, in effect from 2026-01-01" in said


def test_import_takes_the_day_from_the_text(tmp_path):
    path = tmp_path / "lamps.txt"
    path.write_bytes(lamps(history="\nPolicy History\n\nEffective: 01/15/2026\n"))

    run("import_bulletin", str(path), "--publish")

    assert Publication.objects.get().effective_from == date(2026, 1, 15)


def test_import_takes_a_folder_and_says_what_became_of_each_file(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "candles.txt").write_bytes(lamps(number="0908", title="Candles"))
    (tmp_path / "lamps.txt").write_bytes(lamps())
    (tmp_path / "note.txt").write_text("Dear colleague, the lamps are on.")
    (tmp_path / ".hidden").write_text("no bulletin")
    output = StringIO()

    with pytest.raises(CommandError, match=r"note\.txt was not imported\. "):
        call_command("import_bulletin", str(tmp_path), stdout=output)

    assert "0908 version 1, Candles is stored" in output.getvalue()
    assert "3 files: 2 imported, 1 refused." in output.getvalue()


def test_import_of_an_empty_folder_says_so(tmp_path):
    with pytest.raises(CommandError, match="The folder holds no file"):
        run("import_bulletin", str(tmp_path))


def test_import_without_a_day_anywhere_says_not_stated(file):
    said = run("import_bulletin", str(file), "--publish")

    assert Publication.objects.get().effective_from is None
    assert "published, its effective date is not stated" in said


def test_a_second_import_says_that_it_is_there(file):
    run("import_bulletin", str(file), "--publish")
    said = run("import_bulletin", str(file), "--publish")

    assert "0907 version 1, Lamps is already there: published" in said
    assert Version.objects.count() == 1


def test_what_was_imported_as_a_draft_can_be_published_by_a_second_run(file):
    run("import_bulletin", str(file))
    run("import_bulletin", str(file), "--publish", "--effective", "2026-01-01")

    version = Version.objects.get()
    assert (version.status, version.origin) == ("published", "import")


def test_the_draft_of_a_person_is_not_published_around_a_second_one(file):
    draft(author=person("ann"))

    with pytest.raises(CommandError, match="is a draft of ann: have it approved"):
        run("import_bulletin", str(file), "--publish")

    assert Version.objects.get().status == "draft"


def test_what_was_not_understood_is_told_with_its_line(tmp_path):
    path = tmp_path / "lamps.txt"
    text = lamps().decode().replace("97110 Lamp exercises", "97110 Lamp\n97111 97112 Lamps")
    path.write_text(text)
    number = text.splitlines().index("97111 97112 Lamps") + 1

    said = run("import_bulletin", str(path))

    assert "Not understood: 1" in said
    assert f"  line {number}: " in said


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\x01\x02" * 99, b"Dear Sir or Madam,\n\nthank you.\n", b"%PDF-1.7 ...", None],
    ids=["empty", "binary", "letter", "pdf", "missing"],
)
def test_no_bulletin_is_refused_in_one_sentence_and_stores_nothing(tmp_path, data):
    path = tmp_path / "x.txt"
    if data is not None:
        path.write_bytes(data)

    with pytest.raises(CommandError) as refused:
        run("import_bulletin", str(path))

    assert str(refused.value).startswith(f"{path} was not imported. ")
    assert "\n" not in str(refused.value)
    assert not Bulletin.objects.exists()


def test_a_huge_file_is_refused_without_reading_it(tmp_path, monkeypatch):
    path = tmp_path / "huge.txt"
    with path.open("wb") as huge:
        huge.truncate(200 * 1024 * 1024)

    def fail(*args, **options):
        raise AssertionError("it was opened")

    monkeypatch.setattr(Path, "open", fail)

    with pytest.raises(CommandError, match="has 200 MB"):
        run("import_bulletin", str(path))


def test_a_device_without_end_is_read_only_so_far():
    with pytest.raises(CommandError, match=f"less than {MAX_BYTES // 1_048_576} MB"):
        run("import_bulletin", "/dev/zero")


def test_a_file_that_fails_does_not_keep_the_others_out(file, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Sir or Madam,\n\nthank you.\n")

    with pytest.raises(CommandError, match="letter.txt was not imported"):
        run("import_bulletin", str(letter), str(file))

    assert Bulletin.objects.get().number == "0907"


def test_a_publication_that_is_refused_leaves_nothing_of_its_file(file, tmp_path):
    run("import_bulletin", str(file), "--publish", "--effective", "2026-07-01")
    later = tmp_path / "later.txt"
    later.write_bytes(lamps(limitation="No lamp."))

    with pytest.raises(CommandError, match="give a later day than 2026-07-01"):
        run("import_bulletin", str(later), "--publish", "--effective", "2026-01-01")

    assert Version.objects.count() == 1


# look_up


def test_look_up_prints_group_stance_and_how_it_matched():
    published()

    said = run("look_up", "S13.4XXA", "--on", "2026-03-02")

    assert "0907 version 1  Lamps (in effect from 2026-01-01)" in said
    assert "ICD-10 codes not covered for indications listed in the CPB (not all-inclusive)" in said
    assert "Not covered, open list" in said
    assert "in range S00.00X+ - T88.9XX+" in said
    assert "An open list does not make an unlisted code covered." in said


def test_look_up_prints_the_object_of_the_address_as_json(nurse, sign_in):
    published()

    words = ("97110", "--diagnosis", "S13.4XXA", "--on", "2026-03-02", "--state", "tx")
    facts = json.loads(run("look_up", *words, "--line-of-business", "medicaid", "--json"))

    asked = {
        "codes": "97110", "diagnoses": "S13.4XXA", "on": "2026-03-02", "received": "2026-03-02",
        "line_of_business": "medicaid", "state": "tx",
    }  # fmt: skip
    assert facts == sign_in(nurse).get("/look-up.json", asked).json()


def test_look_up_answers_for_codes_with_their_diagnosis():
    published()

    said = run("look_up", "97110", "97545", "--diagnosis", "S13.4XXA", "--on", "2026-03-02")

    assert (
        "0907 version 1, because every line of business goes by date of service (2026-03-02) and "
        "version 1 is in effect from 2026-01-01."
    ) in said
    assert "S13.4XXA, in range S00.00X+ - T88.9XX+, as not covered" in said
    assert "No bulletin in effect names 97545." in said


def test_look_up_without_a_day_asks_about_today():
    facts = json.loads(run("look_up", "97110", "--json"))

    assert facts["asked"]["service_on"] == timezone.localdate().isoformat()


def test_look_up_says_what_it_cannot_read():
    with pytest.raises(CommandError, match="“975451” is not written like a code of any system"):
        run("look_up", "975451", "--json")


def test_look_up_finds_the_real_bulletin_after_its_import():
    if not SHARED.exists():
        pytest.skip(f"the bulletin is not there: {SHARED.name} is never part of the project")
    run("import_bulletin", str(SHARED), "--publish")

    said = run("look_up", "Z98.890")

    assert "0198 version 1" in said
    assert "in range Z98.870 - Z98.89" in said
    assert "states no effective date" in said


# load_library


def test_the_demonstration_is_loaded_with_its_dates():
    said = run("load_library", "--on", "2026-03-02")

    assert "19 versions are new" in said
    assert Version.objects.published().count() == 19
    in_effect = Publication.objects.filter(effective__contains=DAY)
    scheduled = Publication.objects.get(version__bulletin__number="0614", version__ordinal=2)
    undated = Publication.objects.get(version__bulletin__number="1246")
    assert in_effect.count() == 16  # seventeen bulletins, one of them undated
    assert scheduled.effective_from == date(2026, 7, 8)  # 128 days later
    assert undated.effective_from is None


def test_the_demonstration_is_loaded_once():
    def everything():
        tables = (Bulletin, Version, Publication, Passage, Release, Code, Descriptor)
        return [list(model.objects.order_by("pk").values()) for model in tables]

    run("load_library", "--on", "2026-03-02")
    before = everything()

    said = run("load_library", "--on", "2026-03-09")

    assert "nothing was changed" in said
    assert everything() == before


def test_the_demonstration_passes_through_two_hands_where_they_are_given():
    ann, ben = person("ann"), person("ben")

    made = load_library(on=DAY, at=AT, author=ann, approver=ben)

    assert {(one.author, one.approver, one.origin) for one in made} == {(ann, ben, "library")}
    assert {one.publication.published_by for one in made} == {ben}


def test_every_code_of_the_demonstration_bulletins_is_loaded():
    load_library(on=DAY, at=AT)

    known = set(Code.objects.values_list("system", "key"))
    singles = CodeSpan.objects.filter(has_seventh_character=False)
    missing = [
        span.low
        for span in singles
        if (span.system, codes.normalise(span.low)) not in known and span.low == span.high
    ]
    assert missing == []


@pytest.mark.parametrize("words", [["look_up", "97545", "--on"], ["load_library", "--on"]])
def test_a_day_that_is_none_is_answered_with_how_to_write_one(words):
    with pytest.raises(CommandError, match="write the day as 2026-03-02, not 2026-13-01"):
        run(*words, "2026-13-01")
