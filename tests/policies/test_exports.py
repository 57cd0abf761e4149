"""The library as JSON lines and CSV: complete, checkable, and safe in a spreadsheet."""

import csv
import json
from datetime import date
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from policies.imports.demonstration import load_library
from policies.models import CodeSpan, Criterion, Passage, Version
from policies.publishing import retire
from tests.policies.library import AT, draft, lamps, published

pytestmark = pytest.mark.django_db
CODES = "CPT codes covered if selection criteria are met:\n\n97110 =SUM(A1) lamps [not at noon]\n"


@pytest.fixture
def reader(client, cast):
    client.force_login(cast.nurse.user)
    return client


def text_of(response):
    return b"".join(response.streaming_content).decode()


def table_of(text):
    return list(csv.DictReader(StringIO(text)))


def test_every_published_version_is_a_line_and_no_draft_is(reader):
    published()
    published(lamps(number="0908", title="Candles"), effective_from=None)
    draft(lamps(limitation="No lamp is covered."))

    response = reader.get("/policies/export/library.jsonl")
    lines = [json.loads(line) for line in text_of(response).splitlines()]

    assert response["Content-Disposition"] == 'attachment; filename="benchbook-library.jsonl"'
    assert [(one["number"], one["version"]) for one in lines] == [("0907", 1), ("0908", 1)]
    assert [one["publication"]["effective_from"] for one in lines] == ["2026-01-01", None]


def test_a_stranger_can_check_a_line_against_its_hash(reader):
    published()

    (line,) = text_of(reader.get("/policies/export/library.jsonl")).splitlines()
    record = json.loads(line)
    printed = json.dumps(
        record["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )

    assert sha256(printed.encode()).hexdigest() == record["content_hash"]
    assert record["source"]["sha256"] == sha256(lamps()).hexdigest()


def test_a_superseded_version_names_its_successor(reader):
    published()
    published(lamps(limitation="No lamp is covered."), effective_from=date(2026, 7, 1))

    first = json.loads(text_of(reader.get("/policies/export/library.jsonl")).splitlines()[0])

    assert first["publication"] == {
        "effective_from": "2026-01-01",
        "ended_on": "2026-07-01",
        "end_reason": "Replaced by version 2.",
        "superseded_by": 2,
        "published_at": AT.isoformat(),
    }


def test_a_day_leaves_out_what_is_not_in_effect(reader):
    version = published()
    retire(version=version, on=date(2026, 6, 1), reason="No lamps.", by=None, at=AT)
    published(lamps(number="0908", title="Candles"), effective_from=None)

    on = text_of(reader.get("/policies/export/library.jsonl?on=2026-05-31")).splitlines()
    after = text_of(reader.get("/policies/export/library.jsonl?on=2026-06-01")).splitlines()

    assert [json.loads(one)["number"] for one in on] == ["0907", "0908"]
    assert [json.loads(one)["number"] for one in after] == ["0908"]


def test_the_table_of_codes_has_every_code_with_what_decides(reader):
    version = published()

    rows = table_of(text_of(reader.get("/policies/export/codes.csv")))

    assert [(one["low"], one["high"], one["stance"]) for one in rows] == [
        ("97110", "97110", "covered_if_criteria_met"),
        ("97112", "97116", "covered_if_criteria_met"),
        ("S00.00X", "T88.9XX", "not_covered"),
        ("Z98.870", "Z98.89", "not_covered"),
    ]
    assert [one["is_open_list"] for one in rows] == ["False", "False", "True", "True"]
    assert {one["content_hash"] for one in rows} == {version.content_hash}


def test_no_cell_is_a_formula(reader):
    published(lamps(codes=CODES))

    (row,) = table_of(text_of(reader.get("/policies/0907/v1/codes.csv")))

    assert row["description"].startswith("'=SUM(A1) lamps")
    assert row["brackets"] == "not at noon"


@pytest.mark.parametrize(
    ("table", "model"), [("codes", CodeSpan), ("passages", Passage), ("criteria", Criterion)]
)
def test_the_demonstration_goes_out_whole(reader, table, model):
    load_library(on=date(2026, 3, 2), at=timezone.now())

    rows = table_of(text_of(reader.get(f"/policies/export/{table}.csv")))

    assert len(rows) == model.objects.count() > 100
    assert len({(one["number"], one["version"]) for one in rows}) == 19


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/policies/export/lamps.csv", 404),
        ("/policies/0907/v1/lamps.csv", 404),
        ("/policies/0907/v2/codes.csv", 404),
        ("/policies/export/codes.csv?on=soon", 400),
        ("/policies/export/library.jsonl?on=2026-02-30", 400),
    ],
)
def test_what_is_not_there_or_not_a_day_is_answered(reader, address, status):
    published()
    draft(lamps(limitation="No lamp is covered."))

    assert reader.get(address).status_code == status


def test_the_page_counts_what_the_files_hold(reader):
    published()
    published(lamps(limitation="No lamp is covered."), effective_from=date(2026, 7, 1))

    whole = reader.get("/policies/export").content.decode()
    one_day = reader.get("/policies/export?on=2026-07-01").content.decode()
    wrong = reader.get("/policies/export?on=soon").content.decode()

    assert "<b>2 versions</b>: every one that was ever published" in whole
    assert "<b>1 version</b> in effect on" in one_day
    assert "/policies/export/codes.csv?on=2026-07-01" in one_day
    assert "Write the day as 2026-03-02." in wrong


def test_the_page_of_a_version_leads_to_its_tables(reader):
    published()
    page = reader.get("/policies/0907/v1").content.decode()

    for table in ("codes", "passages", "criteria"):
        address = f"/policies/0907/v1/{table}.csv"
        assert f'href="{address}" download' in page
        assert table_of(text_of(reader.get(address)))


def test_nobody_without_the_library_gets_it(client, cast):
    published()
    client.force_login(cast.administrator.user)

    for address in ("export", "export/library.jsonl", "export/codes.csv", "0907/v1/codes.csv"):
        assert client.get(f"/policies/{address}").status_code == 403


def run(*words):
    output = StringIO()
    call_command("export_library", *words, stdout=output)
    return output.getvalue()


def test_the_command_writes_the_same(reader):
    published()
    published(lamps(number="0908", title="Candles"))

    lines = run("--bulletin", "0907", "--ordinal", "1").splitlines()
    rows = table_of(run("--table", "codes", "--on", "2026-01-01"))

    assert [json.loads(one)["number"] for one in lines] == ["0907"]
    assert [one["number"] for one in rows] == ["0907"] * 4 + ["0908"] * 4
    assert run() == text_of(reader.get("/policies/export/library.jsonl"))


def test_the_command_says_when_there_is_nothing():
    assert not Version.objects.exists()

    with pytest.raises(CommandError, match="No published version"):
        run("--bulletin", "0907")
