"""Versions and their places as JSON, at addresses that answer for ever."""

import json
import re
from datetime import date
from hashlib import sha256

import pytest
from django.utils import timezone

from policies.imports.demonstration import load_library
from policies.models import Bulletin, Version
from policies.publishing import retire
from tests.policies.library import AT, draft, lamps, published

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


@pytest.fixture
def reader(nurse, sign_in):
    return sign_in(nurse)


def test_a_version_gives_its_facts_and_its_days(reader):
    published(category="Light", change_note="Colored lamps are named.")

    answer = reader.get("/policies/0907/v1.json").json()

    assert answer["address"] == f"{SITE}/policies/0907/v1"
    assert (answer["number"], answer["ordinal"], answer["title"]) == ("0907", 1, "Lamps")
    assert answer["bulletin"]["category"] == "Light"
    assert answer["change_note"] == "Colored lamps are named."
    assert answer["publication"]["effective_from"] == "2026-01-01"
    assert answer["publication"]["ended_on"] is None
    assert answer["next_review"] is None
    assert answer["source"]["sha256"] == sha256(lamps()).hexdigest()


def test_a_stranger_can_check_the_hash(reader):
    published(lamps(limitation="Lamps of “every” color – é, 灯 & <b> – are not covered."))

    answer = reader.get("/policies/0907/v1.json").json()

    canonical = json.dumps(
        answer["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert sha256(canonical.encode()).hexdigest() == answer["content_hash"]
    assert set(answer["content"]) >= {"reading", "stance_types", "lines_of_business"}


def test_the_day_asked_for_decides_where_the_version_stands(reader, cast):
    version = published()
    retire(
        version=version, on=date(2026, 2, 1), reason="Lamps are free.",
        by=cast.policy_approver.user, at=AT,
    )  # fmt: skip

    before = reader.get("/policies/0907/v1.json", {"on": "2026-01-31"}).json()["as_of"]
    after = reader.get("/policies/0907/v1.json", {"on": "2026-02-01"}).json()["as_of"]

    assert (before["stage"], before["is_in_effect"]) == ("published", True)
    assert (after["stage"], after["is_in_effect"]) == ("retired", False)
    assert "it ended on 2026-01-31" in after["sentence"]


@pytest.mark.parametrize("address", ["/policies/0907/v1", "/policies/0907/"])
def test_the_plain_address_gives_json_to_whoever_asks_for_it(address, reader):
    published()

    response = reader.get(address, headers={"Accept": "application/json"})

    assert response["Content-Type"] == "application/json"
    assert response.json()["address"] == f"{SITE}/policies/0907/v1"
    assert "Accept" in response["Vary"]


@pytest.mark.parametrize("accept", ["text/html", "*/*", "application/json;q=0.5, text/html", "a/b"])
def test_the_plain_address_gives_a_page_to_everyone_else(accept, reader):
    published()

    response = reader.get("/policies/0907/v1", headers={"Accept": accept})

    assert response["Content-Type"].startswith("text/html")
    assert "Accept" in response["Vary"]


def test_a_passage_gives_its_words_its_ground_and_its_citation(reader):
    version = published()

    answer = reader.get("/policies/0907/v1/limitations-1.json").json()

    assert answer["text"] == "Colored lamps are not covered."
    assert answer["stance_type"] == "benefit_exclusion"
    assert answer["address"] == f"{SITE}/policies/0907/v1#limitations-1"
    assert answer["version"]["content_hash"] == version.content_hash
    assert version.content_hash in answer["citation"]["text"]


def test_a_criterion_gives_how_the_statements_under_it_combine(reader):
    published()

    answer = reader.get("/policies/0907/v1/medical-necessity-1.json").json()

    assert answer["criterion"]["rule"] == "all"
    assert answer["criterion"]["children"] == ["criteria-I-A", "criteria-I-B"]


def test_a_code_row_gives_its_codes_and_its_stance(reader):
    published()

    answer = reader.get("/policies/0907/v1/code-row-2.json").json()

    assert answer["group"]["stance"] == "covered_if_criteria_met"
    assert [(one["low"], one["high"]) for one in answer["row"]["codes"]] == [("97112", "97116")]
    assert answer["text"] == "97112 - 97116 Lamp walks"


def test_what_is_not_there_is_answered_with_what_is(reader):
    published()

    version = reader.get("/policies/0907/v7.json")
    place = reader.get("/policies/0907/v1/limitation-1.json")
    bulletin = reader.get("/policies/0970/", headers={"Accept": "application/json"})

    assert [one.status_code for one in (version, place, bulletin)] == [404, 404, 404]
    assert version.json()["instead"] == [f"{SITE}/policies/0907/v1"]
    assert f"{SITE}/policies/0907/v1#limitations-1" in place.json()["instead"]
    assert bulletin.json()["instead"] == [f"{SITE}/policies/0907/"]
    assert version.json()["error"] == "0907 has no version 7."


@pytest.mark.parametrize("path", ["v1.json", "v1/limitations-1.json"])
def test_a_draft_gives_nothing_to_reviewers(path, reader, cast, client):
    draft()

    assert reader.get(f"/policies/0907/{path}").status_code == 404
    client.force_login(cast.policy_editor.user)
    assert client.get(f"/policies/0907/{path}").status_code == 200


def test_every_place_of_every_published_version_answers(reader):
    """Over the whole demonstration: what is stored, what is shown, what is told as JSON."""
    load_library(on=timezone.localdate(), at=timezone.now())

    for version in Version.objects.published().select_related("bulletin"):
        address = version.get_absolute_url()
        told = {one["anchor"]: one for one in reader.get(f"{address}.json").json()["places"]}
        page = reader.get(f"{address}?whole").content.decode()
        shown = set(re.findall(r' id="([^"]+)"', page))
        inside = version.passages.exclude(section__anchor="contents")
        stored = set(inside.values_list("anchor", flat=True))
        sections = version.sections.exclude(anchor="contents").values_list("anchor", flat=True)

        assert stored | set(sections) <= shown, version
        assert stored <= set(told), version
        assert {one for one in told if one.startswith("code-row-")} <= shown, version
        for anchor in list(told)[::25]:
            assert reader.get(f"{address}/{anchor}.json").json()["anchor"] == anchor
            assert reader.get(f"{address}/cite/{anchor}").status_code == 200
    assert Bulletin.objects.count() > 10
