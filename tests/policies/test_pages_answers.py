"""The page of a pasted list, its JSON and its CSV."""

import csv
from datetime import date

import pytest
import time_machine

from tests.policies.library import lamps, published
from tests.policies.pages import load, queries_of

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"
TABS = "\t"


@pytest.fixture
def reader(nurse, sign_in):
    return sign_in(nurse)


def text(response):
    return " ".join(response.content.decode().split())


def page(reader, **asked):
    return text(reader.get("/look-up", {"on": DAY, "received": DAY} | asked))


def facts(reader, **asked):
    return reader.get("/look-up.json", {"on": DAY, "received": DAY} | asked).json()


# The page


def test_the_page_asks_before_it_answers(reader):
    said = text(reader.get("/look-up"))

    assert "<h1>Look up a list of codes</h1>" in said
    assert "What policy says" not in said


def test_services_stand_beside_diagnoses(reader):
    load("CPT", "97110")
    published()

    said = page(reader, codes="97110 97545", diagnoses="S13.4XXA, H53.2")

    assert '<th scope="row"><a href="#line-97110">97110</a><small>Meaning of 97110' in said
    assert '<span class="stance excluded">Not covered</span>' in said  # 97110 with S13.4XXA
    assert '<span class="stance unstated">Not named</span>' in said  # 97110 with H53.2
    assert '<span class="quiet">no bulletin</span>' in said  # 97545 with either
    assert "0907 version 1, because every line of business goes by date of service" in said
    assert 'href="/policies/0907/v1#code-row-3"' in said
    assert "No bulletin in effect names 97545. That does not say that it is covered or not" in said


def test_a_list_of_services_alone_is_one_table(reader):
    published()

    said = page(reader, codes="97110\n97113")

    assert '<th scope="col">Stance</th>' in said
    assert "By itself" not in said


def test_a_list_of_diagnoses_alone_is_one_table(reader):
    published()

    said = page(reader, codes="S13.4XXA M54.50")

    assert '<th scope="col">Diagnosis</th>' in said
    assert "Authorization is asked for services, not for diagnoses." in said


def test_a_wrong_question_comes_back_as_it_was_typed(reader):
    said = page(reader, codes="97110", state="QQ", on="tomorrow")

    assert "Write the state as its two letters, such as NY." in said
    assert "Write the day as 2026-03-02." in said
    assert "97110</textarea>" in said
    assert 'value="tomorrow"' in said


def test_a_list_that_is_too_long_is_refused_with_what_to_do(reader):
    codes = " ".join(str(97000 + number) for number in range(201))

    said = page(reader, codes=codes)

    assert "201 codes were given, and at most 200 are looked up at once." in said
    assert "97200</textarea>" in said


def test_the_address_of_csv_and_json_holds_the_question(reader):
    said = page(reader, codes="97110")

    assert "/look-up.json?on=2026-03-02&amp;received=2026-03-02&amp;codes=97110" in said
    assert "/look-up.csv?on=2026-03-02&amp;received=2026-03-02&amp;codes=97110" in said


@time_machine.travel(f"{DAY}T15:00:00Z", tick=False)
def test_days_left_out_are_today_and_empty_ones_are_not_stated(reader):
    left_out = reader.get("/look-up.json", {"codes": "97110"}).json()["asked"]
    empty = reader.get("/look-up.json", {"codes": "97110", "on": "", "received": ""}).json()[
        "asked"
    ]

    assert (left_out["service_on"], left_out["received_on"]) == (DAY, DAY)
    assert (empty["service_on"], empty["received_on"]) == (None, None)
    assert empty["processed_on"] == DAY


def test_contradictions_lead_to_both_places(reader):
    for number, how in [("0907", "covered if selection criteria are met"), ("0908", "not covered")]:
        published(lamps(number=number, codes=f"CPT codes {how}:\n\n97110 Lamp\n"))

    said = page(reader, codes="97110")

    assert "Bulletins differ on 97110" in said
    assert '<a href="/policies/0907/v1#code-row-1">0907 v1, code row 1</a>' in said
    assert '<a href="/policies/0908/v1#code-row-1">0908 v1, code row 1</a>' in said


def test_what_is_typed_is_never_markup(reader):
    said = page(reader, codes="<b>1</b> 97110")

    assert "<b>1</b> 97110" not in said


def test_queries_of_the_page_do_not_grow_with_the_list(reader):
    published()
    few = f"/look-up?on={DAY}&codes=97110&diagnoses=S13.4XXA"
    many = f"/look-up?on={DAY}&codes=97110+97112+97113+97114+97545&diagnoses=S13.4XXA+Z98.870+H53.2"

    assert queries_of(reader, few) == queries_of(reader, many)


# What a list may look like


@pytest.mark.parametrize(
    "pasted",
    [
        "97110 97112 S13.4XXA",
        "97110,97112;S13.4XXA",
        "97110\r\n97112\r\n\r\nS13.4XXA",
        f"97110{TABS}97112{TABS}s134xxa",
        "“97110”, (97112), 'S13.4XXA'.",
        "97110 97110 97112 S13.4XXA S134XXA",
        "9711O 97112 S13.4XXA",
        "97110-59 97112:GP S13.4XXA",
        "Code: 97110 97112 Diagnosis: S13.4XXA",
    ],
)
def test_a_list_is_read_as_it_was_copied(reader, pasted):
    published()

    said = facts(reader, codes=pasted)

    assert [one["code"] for one in said["lines"]] == ["97110", "97112"]
    assert [one["code"] for one in said["lines"][0]["diagnoses"]] == ["S13.4XXA"]
    assert said["unread"] == []


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("975451", "is not written like a code of any system: check its characters."),
        ("97110-97112", "is a range. Give each of its codes, such as 97110."),
        ("59", "is too short for a code. Modifiers and units are not looked up."),
    ],
)
def test_what_cannot_be_read_is_listed_with_what_to_do(reader, typed, reason):
    said = facts(reader, codes=f"97110 {typed}")

    (one,) = said["unread"]
    assert one["typed"] == typed
    assert one["reason"].startswith(reason)
    assert reason in page(reader, codes=f"97110 {typed}")


def test_a_service_among_the_diagnoses_is_said(reader):
    said = facts(reader, codes="97110", diagnoses="97112")

    assert said["unread"] == [
        {
            "typed": "97112",
            "reason": "is not written like an ICD-10-CM code. Write it as S33.5XXA or M54.50.",
        }
    ]


def test_words_and_modifiers_that_are_passed_over_are_said(reader):
    said = facts(reader, codes="Code 97110-59")

    assert said["notes"] == [
        "97110-59 is read as 97110: modifiers are not looked up.",
        "Words without a digit were passed over: Code.",
    ]


@pytest.mark.parametrize(
    ("loaded", "kind", "is_said"),
    [
        (["HCPCS"], "services", False),
        (["ICD-10-CM"], "diagnoses", False),
        (["HCPCS", "ICD-10-CM"], "services", True),
        ([], "services", True),
    ],
)
def test_what_may_be_a_service_and_a_diagnosis_is_what_the_code_sets_hold(
    reader, loaded, kind, is_said
):
    for system in loaded:
        load(system, "S9117" if system == "HCPCS" else "S91.17")

    said = facts(reader, codes="S9117")

    assert said["asked"][kind] == ["S9117"]
    told = "If the diagnosis S91.17 is meant, write it with its dot."
    assert [told in one for one in said["notes"]] == ([True] if is_said else [])


def test_a_dot_makes_a_diagnosis(reader):
    assert facts(reader, codes="S91.17")["asked"]["diagnoses"] == ["S91.17"]


# JSON


def test_json_holds_three_answers_with_their_places(reader):
    version = published()

    (line,) = facts(reader, codes="97110", diagnoses="S13.4XXA")["lines"]

    assert line["coverage"]["value"] == "no"
    assert line["authorization"]["value"] == "unknown"
    assert line["documentation"]["value"] == "yes"
    assert line["coverage"]["sources"][0] == {
        "bulletin": "0907",
        "version": 1,
        "anchor": "code-row-1",
        "place": "code row 1",
        "address": "/policies/0907/v1#code-row-1",
        "content_hash": version.content_hash,
    }
    (bulletin,) = line["bulletins"]
    assert (bulletin["version"], bulletin["governs"]) == (1, True)
    assert bulletin["diagnoses"][0]["follows"] == "not_covered"


@pytest.mark.parametrize("address", ["/look-up.json", "/look-up.csv"])
@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({}, "codes", "No code was given that can be looked up."),
        ({"codes": "975451"}, "codes", "“975451” is not written like a code of any system"),
        ({"codes": "97110", "on": "2026-13-01"}, "on", "Write the day as 2026-03-02."),
        ({"codes": "97110", "state": "QQ"}, "state", "Write the state as its two letters"),
        ({"codes": "97110", "line_of_business": "x"}, "line_of_business", "is no line of business"),
    ],
)
def test_a_wrong_question_is_answered_with_status_400(reader, address, asked, field, said):
    response = reader.get(address, asked)

    assert response.status_code == 400
    assert said in response.json()["errors"][field][0]
    assert response.json()["error"] == response.json()["errors"][field][0]


# CSV


def test_csv_holds_a_row_for_each_line_beside_each_diagnosis(reader):
    published()

    response = reader.get(
        "/look-up.csv", {"on": DAY, "codes": "97110 97545", "diagnoses": "S13.4XXA H53.2"}
    )

    rows = list(csv.DictReader(response.content.decode().splitlines()))
    assert [(one["code"], one["diagnosis"], one["coverage"]) for one in rows] == [
        ("97110", "S13.4XXA", "no"),
        ("97110", "H53.2", "conditional"),
        ("97545", "S13.4XXA", "unknown"),
        ("97545", "H53.2", "unknown"),
    ]
    assert rows[0]["bulletins"] == "0907 v1"


# Doors


@pytest.mark.parametrize("address", ["/look-up", "/look-up.json", "/look-up.csv"])
def test_only_readers_of_the_library_may_ask(client, django_user_model, address):
    client.force_login(django_user_model.objects.create_user("nobody"))

    assert client.get(address, {"codes": "97110"}).status_code == 403


@pytest.mark.parametrize("address", ["/look-up", "/look-up.json", "/look-up.csv"])
def test_nothing_is_posted(reader, address):
    assert reader.post(address).status_code == 405


def test_the_codes_page_leads_here(reader):
    assert 'href="/look-up"' in text(reader.get("/codes/"))


def test_a_version_without_a_day_is_marked_as_one_that_may_govern(reader):
    published(effective_from=None)

    said = page(reader, codes="97110")

    assert "Nothing says that this version governs." in said
    assert "No version is known to govern." in said


def test_an_ended_version_is_told_as_a_near_miss(reader):
    published(effective_from=date(2026, 6, 1))

    assert "Version 1 would name 97110." in page(reader, codes="97110")
