"""The code page, alone and with a diagnosis; the code sets; codes that nothing knows."""

from datetime import date

import pytest

from policies.imports.code_sets import CodeLine
from policies.models import AuthorizationList, AuthorizationRule
from policies.publishing import retire
from tests.policies.library import AT, lamps, published
from tests.policies.pages import load, queries_of

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


@pytest.fixture
def reader(nurse, sign_in):
    return sign_in(nurse)


def text(response):
    return " ".join(response.content.decode().split())


# A code


def test_the_page_says_what_the_code_means_and_by_which_release(reader):
    load("CPT", CodeLine("CPT", "97110", "Lamp work", long="Work by the light of a lamp"))

    page = text(reader.get("/codes/cpt/97110/", {"on": DAY}))

    assert "97110</h1>" in page
    assert "<h2>Lamp work</h2> <p>Work by the light of a lamp</p>" in page
    assert "CPT, release Test. 97110 is valid on <time>2026-03-02</time>: from" in page


def test_an_add_on_and_a_header_are_said_to_be_such(reader):
    load("CPT", CodeLine("CPT", "97112", "More lamp work", is_add_on=True))
    load("ICD-10-CM", CodeLine("ICD-10-CM", "S33.5", "Sprain", is_billable=False))

    assert "Add-on: only together with a primary procedure." in text(
        reader.get("/codes/cpt/97112/")
    )
    assert "A header, too general to be billed" in text(reader.get("/codes/icd-10-cm/S33.5/"))


def test_a_bulletin_that_names_it_stands_with_stance_and_match(reader):
    load("CPT", "97110", "97113")
    published()

    page = text(reader.get("/codes/cpt/97113/", {"on": DAY}))

    assert '<a href="/policies/0907/v1?code=97113#code-row-2"><b>0907</b> Lamps</a>' in page
    assert '<span class="stance criteria">Covered if criteria met</span>' in page
    assert 'In range <span class="n">97112 - 97116</span>' in page
    assert "CPT codes covered if selection criteria are met" in page


def test_versions_undated_to_come_and_ended_are_said(reader, cast):
    load("CPT", "97110")
    published(effective_from=None)
    published(lamps(number="0910"), effective_from=date(2026, 4, 1))
    ended = published(lamps(number="0911"))
    retire(version=ended, on=date(2026, 2, 1), reason="Over.", by=cast.policy_approver.user, at=AT)

    page = text(reader.get("/codes/cpt/97110/", {"on": DAY})).replace("<time>", "")

    assert "effective date not stated" in page
    assert "0907 version 1 states no effective date" in page
    page = page.replace("</time>", "")
    elsewhen = page[page.index('id="other-versions"') :]
    assert 'It takes effect on 2026-04-01. <a href="?on=2026-04-01">' in elsewhen
    assert 'It was in effect from 2026-01-01 to 2026-01-31. <a href="?on=2026-01-01">' in elsewhen


def test_absence_is_explained(reader):
    load("CPT", "99213")
    published()

    page = text(reader.get("/codes/cpt/99213/"))

    assert "That alone makes it neither covered nor not covered." in page


def test_neighbours_stand_in_their_order(reader):
    load("CPT", "97110", "97112", "97113", "97116")

    page = text(reader.get("/codes/cpt/97113/"))

    places = [page.index(f'<a href="/codes/cpt/{code}/">') for code in ("97110", "97112", "97116")]
    assert places == sorted(places)


def test_a_code_that_only_a_range_holds_has_a_page(reader):
    published()

    response = reader.get("/codes/icd-10-cm/S45.001A/")

    assert response.status_code == 200
    assert "No loaded code set holds this code" in text(response)
    assert 'In range <span class="n">S00.00X+ - T88.9XX+</span>' in text(response)


@pytest.mark.parametrize("typed", ["s33.5xxa", "S335XXA", "s335xxa"])
def test_a_code_has_one_address(typed, reader):
    load("ICD-10-CM", "S33.5XXA")

    response = reader.get(f"/codes/icd-10-cm/{typed}/?on={DAY}")

    assert response.status_code == 302
    assert response.url == f"/codes/icd-10-cm/S33.5XXA/?on={DAY}"


def test_a_letter_typed_for_a_zero_is_mended_and_said(reader):
    load("CPT", "97110")

    response = reader.get("/codes/cpt/9711O/", follow=True)

    assert response.redirect_chain[-1][0] == "/codes/cpt/97110/"
    assert "with a zero where the letter O was typed" in text(response)


def test_the_notice_of_the_ama_stands_beside_cpt_codes_alone(reader):
    load("CPT", "97110", is_own_wording=True)
    load("HCPCS", "S9117")
    notice = (
        "CPT is copyright of the American Medical Association; the short descriptions here are"
        " this site's own wording."
    )

    assert notice in text(reader.get("/codes/cpt/97110/"))
    assert notice not in text(reader.get("/codes/hcpcs/S9117/"))


def test_the_page_takes_as_many_queries_for_many_hits_as_for_one(reader):
    load("CPT", "97110")
    published()
    address = "/codes/cpt/97110/?diagnosis=S33.5XXA&line_of_business=medicaid&state=NY"
    one = queries_of(reader, address)
    for number in range(910, 918):
        published(lamps(number=f"0{number}"))

    assert queries_of(reader, address) == one


# With a diagnosis


def test_the_pair_is_answered_on_the_page_with_its_reasons(reader):
    load("CPT", "97110")
    load("ICD-10-CM", "S33.5XXA")
    published()

    page = text(
        reader.get(
            "/codes/cpt/97110/",
            {"diagnosis": "s33.5xxa", "on": DAY, "line_of_business": "medicaid", "state": "ny"},
        )
    )

    assert '<span class="stance criteria large">Covered if criteria met</span>' in page
    assert (
        "0907 version 1, because this line of business goes by date of service"
        " (<time>2026-03-02</time>) and version 1 is in effect from <time>2026-01-01</time>."
    ) in page
    assert "S33.5XXA, in range S00.00X+ - T88.9XX+" in page
    assert "Meaning of S33.5XXA" in page
    assert "The diagnosis stands under another stance than the code." in page
    assert "An open list does not make an unlisted code covered." in page
    assert '<tr class="hit">' in page


def test_near_misses_are_named(reader):
    load("CPT", "97110")
    published()
    published(lamps(title="Lamps again"), effective_from=date(2026, 3, 1))

    page = text(reader.get("/codes/cpt/97110/", {"diagnosis": "S33.5XXA", "on": DAY}))

    assert "Version 1 ended on <time>2026-02-28</time>, 2 days before the service." in page


def test_a_version_that_only_may_govern_is_not_said_to(reader):
    load("CPT", "97110")
    published(effective_from=None)

    page = text(reader.get("/codes/cpt/97110/", {"diagnosis": "S33.5XXA", "on": DAY}))

    assert "0907: no version, because" in page
    assert "Nothing says that this version governs." in page


def test_a_diagnosis_that_is_not_named_is_said_to_be_absent(reader):
    load("CPT", "97110")
    published()

    page = text(reader.get("/codes/cpt/97110/", {"diagnosis": "M54.50", "on": DAY}))

    assert "M54.50 is not named in this bulletin" in page
    assert "No loaded release of ICD-10-CM holds this code." in page


def test_without_a_bulletin_nothing_is_said_of_the_pair(reader):
    load("CPT", "99213")

    page = text(reader.get("/codes/cpt/99213/", {"diagnosis": "M54.50", "on": DAY}))

    assert "so none says anything of the pair" in page


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"diagnosis": "12"}, "“12” is not shaped like an ICD-10-CM code."),
        ({"diagnosis": "M54.50", "on": "yesterday"}, "Write the day as 2026-03-02."),
        ({"diagnosis": "M54.50", "state": "XX"}, "Write the state as its two letters"),
    ],
)
def test_a_question_that_cannot_be_asked_comes_back_with_what_to_mend(asked, sentence, reader):
    load("CPT", "97110")

    response = reader.get("/codes/cpt/97110/", asked)

    assert response.status_code == 200
    assert sentence in text(response)
    assert 'class="answers-said"' not in text(response)


def test_on_a_diagnosis_page_the_service_is_asked_for(reader):
    load("ICD-10-CM", "S33.5XXA")
    published()

    page = text(reader.get("/codes/icd-10-cm/S33.5XXA/", {"service": "97110", "on": DAY}))

    assert "Service, CPT or HCPCS code" in page
    assert '<span class="stance criteria large">Covered if criteria met</span>' in page


# Codes that nothing knows


def test_a_mistyped_code_is_answered_with_the_likely_one_first(reader):
    load("CPT", "97545", "97554", "99213")

    response = reader.get("/codes/cpt/97455/")

    assert response.status_code == 404
    page = text(response)
    assert "No loaded code set holds 97455. It may be 97545, with 4 and 5 in the other" in page
    assert "No bulletin names what was typed, alone or in a range." in page
    assert page.index('<a href="/codes/cpt/97545/">') < page.index(
        "neither covered nor not covered"
    )


def test_a_code_under_the_wrong_system_leads_to_the_right_one(reader):
    load("HCPCS", "S9117")

    response = reader.get("/codes/cpt/S9117/")

    assert response.status_code == 404
    assert '<a href="/codes/hcpcs/S9117/">' in text(response)


@pytest.mark.parametrize("code", ["x" * 300, "<i>", "97545%00", "…"])
def test_nonsense_is_answered_and_not_stumbled_over(code, reader):
    response = reader.get(f"/codes/cpt/{code}/")

    assert response.status_code == 404
    assert "<i>" not in text(response)


def test_an_unknown_system_is_answered_with_those_there_are(reader):
    response = reader.get("/codes/loinc/4548-4/", follow=True)

    assert response.status_code == 404
    assert "No code system is called “loinc”" in text(response)
    assert '<a href="/codes/icd-10-cm/">ICD-10-CM</a>' in text(response)


# Code sets


def test_the_code_sets_are_counted_with_their_release(reader):
    load("CPT", "97110", "97112")

    page = text(reader.get("/codes/"))

    assert '<a href="/codes/cpt/">CPT</a></td> <td class="end">2</td> <td>Test</td>' in page
    assert "none loaded" in page


def test_the_codes_of_a_system_are_found_by_their_beginning(reader):
    load("ICD-10-CM", "S33.5XXA", "S34.0", "M54.50")

    page = text(reader.get("/codes/icd-10-cm/", {"starts": "s33"}))

    assert "/codes/icd-10-cm/S33.5XXA/" in page
    assert "M54.50" not in page


def test_a_long_code_set_comes_in_pages(reader):
    load("CPT", *(f"{code}" for code in range(10000, 10150)))

    first = text(reader.get("/codes/cpt/"))
    second = text(reader.get("/codes/cpt/", {"after": "10099"}))

    assert "/codes/cpt/10099/" in first
    assert "/codes/cpt/10100/" not in first
    assert "Codes after 10099" in first
    assert "/codes/cpt/10100/" in second


def test_a_beginning_without_codes_offers_the_look_up(reader):
    load("CPT", "97110")

    page = text(reader.get("/codes/cpt/", {"starts": "55"}))

    assert "No CPT code begins with 55." in page


def test_a_beginning_with_control_characters_is_ignored(reader):
    load("CPT", "97110")

    assert "/codes/cpt/97110/" in text(reader.get("/codes/cpt/", {"starts": "97\x00"}))


def test_a_system_without_a_release_says_so(reader):
    assert "No CDT release is loaded." in text(reader.get("/codes/cdt/"))


def test_the_diagnoses_are_looked_through_by_chapter_with_their_counts(reader):
    load("ICD-10-CM", "S33.5XXA", "T88.9XXA", "M54.50")

    page = text(reader.get("/codes/icd-10-cm/"))
    chapter = text(reader.get("/codes/icd-10-cm/", {"chapter": 19}))

    injuries = "Injury, poisoning and certain other consequences of external causes"
    assert f'<a href="?chapter=19">{injuries}</a></td><td class="end">2</td>' in page
    assert "/codes/icd-10-cm/T88.9XXA/" in chapter
    assert "M54.50" not in chapter


def test_ended_codes_and_those_to_come_are_counted_and_listed_apart(reader):
    load("CPT", "97110", "97001")
    load("CPT", "97110", valid_from=date(2026, 1, 1), sha256="b" * 64)
    load("CPT", "97110", "97999", valid_from=date(2027, 1, 1), sha256="c" * 64)

    valid = text(reader.get("/codes/cpt/", {"on": DAY}))
    ended = text(reader.get("/codes/cpt/", {"on": DAY, "show": "ended"}))
    to_come = text(reader.get("/codes/cpt/", {"on": DAY, "show": "not-yet"}))

    for label in ("Valid", "Ended", "Not yet valid"):
        assert f'{label} <span class="n">1</span>' in valid
    assert "/codes/cpt/97110/" in valid
    assert "/codes/cpt/97001/" not in valid
    assert "/codes/cpt/97001/" in ended
    assert "<td><time>2025-12-31</time></td>" in ended
    assert "/codes/cpt/97999/" in to_come
    assert "/codes/cpt/97110/" not in ended + to_come


def test_a_filter_that_is_none_narrows_nothing(reader):
    load("CPT", "97110")

    nonsense = {"show": "odd", "chapter": "99", "on": "soon"}

    assert "/codes/cpt/97110/" in text(reader.get("/codes/cpt/", nonsense))


# What the page tells of a code


def test_the_headers_above_and_the_codes_below_are_linked(reader):
    load(
        "ICD-10-CM",
        CodeLine("ICD-10-CM", "S33.5", "Sprain", is_billable=False),
        CodeLine("ICD-10-CM", "S33.5XXA", "Sprain, initial encounter"),
        CodeLine("ICD-10-CM", "S33.5XXD", "Sprain, subsequent encounter"),
    )

    whole = text(reader.get("/codes/icd-10-cm/S33.5XXA/"))
    header = text(reader.get("/codes/icd-10-cm/S33.5/"))

    above = whole[whole.index('id="above"') :]
    assert '<a href="/codes/icd-10-cm/S33.5/">S33.5</a>' in above
    assert "The 7th character is A: initial encounter." in whole
    below = header[header.index('id="below"') :]
    assert '<a href="/codes/icd-10-cm/S33.5XXA/">S33.5XXA</a>' in below
    assert "S33.5 is incomplete: a 7th character must follow, A or D." in header


def test_an_ended_code_says_when_it_ended_and_that_it_is_not_valid(reader):
    load("CPT", "97001", "97110")
    load("CPT", "97110", valid_from=date(2026, 1, 1), sha256="b" * 64)

    page = text(reader.get("/codes/cpt/97001/", {"on": DAY})).replace("<time>", "")

    assert (
        '<b class="not-valid">97001 is not valid on 2026-03-02: it ended on 2025-12-31. No'
        " successor is stated.</b>"
    ) in page.replace("</time>", "")


def test_without_a_list_the_page_says_that_nothing_is_known_of_authorization(reader):
    load("CPT", "97110")
    load("ICD-10-CM", "M54.50")

    page = text(reader.get("/codes/cpt/97110/", {"on": DAY}))

    assert '<th scope="row">Every line of business</th>' in page
    assert "No authorization list is loaded, so nothing says whether 97110 needs any." in page
    assert 'id="authorization"' not in text(reader.get("/codes/icd-10-cm/M54.50/"))


def test_lines_of_business_with_one_answer_stand_together_with_its_source(reader):
    load("CPT", "97110")
    source = AuthorizationList.objects.create(name="Therapy list 2026", entered_at=AT)
    for line in ("medicaid", "marketplace"):
        AuthorizationRule.objects.create(
            source=source, system="CPT", low="97110", high="97116", lower="97110",
            upper="97116~", requirement="prior_authorization", line_of_business=line,
            valid_from=date(2026, 1, 1),
        )  # fmt: skip

    page = text(reader.get("/codes/cpt/97110/", {"on": DAY}))
    table = page[page.index('id="authorization"') : page.index('id="bulletins"')]

    assert table.count("<b>Prior authorization</b>") == 2
    assert "of “Therapy list 2026”" in table
    assert table.count("Not listed") == 1
    absent = table[: table.index("Not listed")]
    for line in ("Commercial, insured", "Commercial, self-funded", "Medicare Advantage"):
        assert f'<span class="line">{line}</span>' in absent


def test_bulletins_that_do_not_agree_are_named_above_the_rows(reader):
    load("CPT", "97110")
    published()
    against = "CPT codes not covered for indications listed in the CPB:\n\n97110 Lamp exercises\n"
    published(lamps(number="0911", codes=against))

    page = text(reader.get("/codes/cpt/97110/", {"on": DAY}))

    sides = page[page.index('class="sides"') : page.index("data-rows")]
    assert "The bulletins do not agree on 97110." in sides
    assert '<a href="/policies/0907/">0907</a>' in sides
    assert '<a href="/policies/0911/">0911</a>' in sides


def test_bulletins_of_one_mind_are_not_said_to_disagree(reader):
    load("CPT", "97110")
    published()
    published(lamps(number="0911"))

    assert 'class="sides"' not in text(reader.get("/codes/cpt/97110/", {"on": DAY}))


def test_a_version_that_names_a_code_twice_bears_its_title_once(reader):
    twice = (
        "CPT codes covered if selection criteria are met:\n\n97110 Lamp exercises\n\n"
        "Other CPT codes related to the CPB:\n\n97100 - 97120 Lamps\n"
    )
    published(lamps(codes=twice))

    page = text(reader.get("/codes/cpt/97110/", {"on": DAY}))

    assert page.count("<b>0907</b> Lamps</a>") == 1
    assert '#code-row-2"><b>0907</b> row 2<span class="said"> of Lamps</span></a>' in page


def test_a_day_alone_asks_of_no_pair(reader):
    load("CPT", "97110")
    published()

    assert 'class="answers-said"' not in text(reader.get("/codes/cpt/97110/", {"on": DAY}))


def test_a_code_that_only_a_range_holds_is_explained_with_what_was_meant(reader):
    load("ICD-10-CM", "S33.5XXA")
    published()

    page = text(reader.get("/codes/icd-10-cm/S33.5A/"))

    assert "it is S33.5XXA, with the placeholder X twice." in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("97545-GP", "97545 with the modifier GP: a modifier is no part of the code"),
        ("97545-97546", "“97545-97546” is a range."),
        ("lamp", "“lamp” is not written like a code of any system."),
    ],
)
def test_what_is_no_code_is_explained_with_status_404(typed, sentence, reader):
    load("CPT", "97545", "97546")

    response = reader.get(f"/codes/cpt/{typed}/")

    assert response.status_code == 404
    assert sentence in text(response)


@pytest.mark.parametrize("starts", ["\x01\x1f", "/", "a/b", "97110?", "²"])
def test_what_no_code_begins_with_is_answered(starts, reader):
    load("CPT", "97110")

    assert reader.get("/codes/cpt/", {"starts": starts}).status_code == 200
