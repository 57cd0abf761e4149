"""The list of bulletins, and a bulletin in its versions."""

import re
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from django.utils import timezone

from policies.models import BasisChange, Version
from policies.publishing import publish, retire
from tests.policies.library import AT, draft, lamps, published
from tests.policies.pages import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(nurse, sign_in):
    return sign_in(nurse)


def text(response):
    """The page with its blanks made single."""
    return " ".join(response.content.decode().split())


# The list


def test_the_list_names_the_version_in_effect_and_since_when(reader):
    published(category="Light")
    published(lamps(title="Lamps and lanterns"), effective_from=date(2026, 3, 1))

    page = text(reader.get("/policies/"))

    assert '<a href="/policies/0907/">0907</a>' in page
    assert "Lamps and lanterns" in page
    assert "v2" in page
    assert "<time>2026-03-01</time>" in page
    assert "Light" in page


def test_the_list_says_what_is_not_stated(reader):
    published(effective_from=None)

    page = text(reader.get("/policies/"))

    # category, in effect from, next review
    assert page.count('<span class="quiet">not stated</span>') == 3


def test_the_list_announces_a_version_to_come(reader):
    published()
    tomorrow = timezone.localdate() + timedelta(days=1)
    published(lamps(title="Lamps again"), effective_from=tomorrow)

    page = text(reader.get("/policies/"))

    assert f"Version 2 takes effect on <time>{tomorrow}</time>, in 1 day." in page


@pytest.mark.parametrize("words", ["0907", "lamps", "LIGHT", "light lamps"])
def test_the_filter_reads_numbers_titles_and_categories(words, reader):
    published(category="Light")
    published(lamps(number="0911", title="Candles"), category="Wax")

    page = text(reader.get("/policies/", {"words": words}))

    assert "/policies/0907/" in page
    assert "/policies/0911/" not in page


def test_a_filter_without_a_hit_offers_the_search(reader):
    published()

    page = text(reader.get("/policies/", {"words": "anvil"}))

    assert "No bulletin matches “anvil”." in page
    assert "/search?q=anvil" in page


def test_an_empty_library_says_how_to_fill_it(reader):
    assert "The library holds no published bulletin." in text(reader.get("/policies/"))


def test_drafts_are_listed_for_policy_staff_alone(cast, client):
    draft()

    client.force_login(cast.nurse.user)
    assert "/policies/0907/" not in text(client.get("/policies/"))
    client.force_login(cast.policy_editor.user)
    assert "none published" in text(client.get("/policies/"))


def test_the_list_takes_as_many_queries_for_many_as_for_one(reader):
    published()
    one = queries_of(reader, "/policies/")
    for number in range(910, 918):
        published(lamps(number=f"0{number}"))

    assert queries_of(reader, "/policies/") == one


# A bulletin


def test_a_bulletin_shows_the_version_for_today_and_says_why(reader):
    published()
    published(lamps(title="Lamps and lanterns"), effective_from=date(2026, 3, 1))

    response = reader.get("/policies/0907/")

    assert response.context["version"].ordinal == 2
    today = timezone.localdate()
    assert response.context["because"] == (
        f"Version 2, because it is in effect on {today}: from 2026-03-01 with no end stated."
    )


def test_another_day_may_be_asked_for(reader):
    published()
    published(lamps(title="Lamps and lanterns"), effective_from=date(2026, 3, 1))

    response = reader.get("/policies/0907/", {"on": "2026-02-28"})

    assert response.context["version"].ordinal == 1
    assert response.context["near"] == ["Version 2 takes effect on 2026-03-01, in 1 day."]


def test_a_day_that_is_none_is_explained(reader):
    published()

    page = text(reader.get("/policies/0907/", {"on": "2026-02-30"}))

    assert 'value="2026-02-30"' in page
    assert "Write the day as 2026-03-02." in page


def test_a_version_without_an_effective_date_says_so(reader):
    published(effective_from=None)

    response = reader.get("/policies/0907/", {"on": "2026-02-28"})

    assert response.context["because"] == (
        "Version 1 states no effective date. It is published and has not ended, but nothing says"
        " whether it governs 2026-02-28."
    )
    assert "not stated" in text(response)


def test_an_ended_bulletin_shows_its_last_version_as_ended(reader, cast):
    version = published()
    retire(
        version=version, on=date(2026, 2, 1), reason="Lamps are free.",
        by=cast.policy_approver.user, at=AT,
    )  # fmt: skip

    response = reader.get("/policies/0907/", {"on": "2026-02-02"})

    assert response.context["because"] == (
        "No version is in effect on 2026-02-02. Version 1 stands here: it is no longer in effect"
        " on 2026-02-02: it ended on 2026-01-31, 2 days before."
    )


def test_every_version_keeps_its_address(reader):
    published()
    published(lamps(title="Lamps and lanterns"), effective_from=date(2026, 3, 1))

    page = text(reader.get("/policies/0907/v1"))

    assert "<h1>Lamps</h1>" in page
    assert "because its address was asked for" in page
    assert '<a href="/policies/0907/v2">v2</a>' in page


def test_a_day_between_two_versions_shows_the_one_that_ended(reader, cast):
    first = published()
    retire(
        version=first, on=date(2026, 2, 1), reason="Lamps are free.",
        by=cast.policy_approver.user, at=AT,
    )  # fmt: skip
    published(lamps(title="Lamps again"), effective_from=date(2026, 3, 1))

    response = reader.get("/policies/0907/", {"on": "2026-02-10"})

    assert response.context["because"].startswith(
        "No version is in effect on 2026-02-10. Version 1 stands here"
    )
    assert response.context["near"] == ["Version 2 takes effect on 2026-03-01, in 19 days."]


def test_a_day_before_every_version_shows_the_first_to_come(reader):
    published()
    published(lamps(title="Lamps again"), effective_from=date(2026, 3, 1))

    response = reader.get("/policies/0907/", {"on": "2025-12-30"})

    assert response.context["version"].ordinal == 1
    assert "it takes effect on 2026-01-01, 2 days later" in response.context["because"]


def test_a_day_to_come_may_still_be_changed(reader):
    published()
    tomorrow = timezone.localdate() + timedelta(days=1)

    response = reader.get("/policies/0907/", {"on": tomorrow.isoformat()})

    assert response.context["near"] == [
        f"{tomorrow} is still to come: a version published until then may change this."
    ]


# Its head


def test_the_head_says_which_version_took_the_place(reader):
    published()
    published(lamps(title="Lamps and lanterns"), effective_from=date(2026, 3, 1))

    page = text(reader.get("/policies/0907/v1", {"on": "2026-03-01"}))

    assert '<b>1</b> of 2, superseded by <a href="/policies/0907/v2">version 2</a>' in page
    assert "from <b><time>2026-01-01</time></b> to <b><time>2026-02-28</time></b>" in page


def test_the_head_says_why_a_version_was_retired(reader, cast):
    version = published()
    retire(
        version=version, on=date(2026, 2, 1), reason="Lamps are free.",
        by=cast.policy_approver.user, at=AT,
    )  # fmt: skip

    page = text(reader.get("/policies/0907/v1", {"on": "2026-02-01"}))

    assert "<b>1</b> of 1, retired: Lamps are free" in page


def test_the_head_says_when_a_scheduled_version_begins(reader):
    tomorrow = timezone.localdate() + timedelta(days=1)
    published(effective_from=tomorrow)

    assert "<b>1</b> of 1, scheduled, in 1 day" in text(reader.get("/policies/0907/v1"))


def test_the_head_says_what_changed_last_and_how_much(reader):
    published()
    published(
        lamps(limitation="Colored and golden lamps are not covered."),
        effective_from=date(2026, 3, 1),
        change_note="Golden lamps are named.",
    )

    page = text(reader.get("/policies/0907/v2"))

    assert "<dt>What changed last</dt> <dd> Golden lamps are named." in page
    assert re.search(r"Against version 1: \d (tightened|loosened|to be read|editorial)", page)
    assert "No version was before it." in text(reader.get("/policies/0907/v1"))


def test_an_overdue_review_says_for_how_long(reader):
    version = draft(origin=Version.Origin.IMPORT)
    version.next_review = timezone.localdate() - timedelta(days=3)
    version.save()
    publish(version=version, effective_from=date(2026, 1, 1), by=None, at=AT)

    assert ", overdue by 3 days</span>" in text(reader.get("/policies/0907/v1"))


def test_a_bulletin_without_a_basis_goes_as_its_lines_of_business_do(reader, cast):
    published(effective_basis="", lines_of_business=["commercial_insured", "medicaid"])
    alike = text(reader.get("/policies/0907/v1"))
    change = BasisChange.objects.create(
        line_of_business="medicaid", basis="receipt", reason="By contract.",
        proposed_by=cast.policy_editor.user, proposed_at=AT,
    )  # fmt: skip
    change.decided_by, change.decided_at = cast.policy_approver.user, AT
    change.is_approved = True
    change.save()
    apart = text(reader.get("/policies/0907/v1"))

    of = '<span class="quiet">'
    assert f"date of service {of}as its lines of business do</span>" in alike
    assert (
        f"date of service {of}for Commercial, insured</span>;"
        f" date of receipt {of}for Medicaid managed care</span>"
    ) in apart


def test_a_bulletin_with_a_basis_of_its_own_says_it(reader):
    published(effective_basis="receipt")

    page = text(reader.get("/policies/0907/v1"))

    assert "<dt>Goes by</dt> <dd>date of receipt</dd>" in page


# Its text


def test_passages_have_anchors_labels_and_their_logic(reader):
    published()

    page = text(reader.get("/policies/0907/v1"))

    assert '<p id="limitations-1">' in page
    assert '<a class="anchor" href="/policies/0907/v1/cite/limitations-1"' in page
    assert '<li id="criteria-I-A"><span class="label">A.</span>' in page
    assert '<span class="logic">all of these</span>' in page


def test_the_contents_list_is_not_repeated_as_text(reader):
    published(
        lamps().replace(b"\nPolicy\n", b"\nTable Of Contents\n\nPolicy\nBackground\n\nPolicy\n", 1)
    )

    page = text(reader.get("/policies/0907/v1"))

    assert 'id="contents-1"' not in page
    assert '<a href="#policy">Policy' in page


def test_a_lost_list_of_related_bulletins_is_not_said_to_be_none(reader):
    published(lamps().replace(b"    0908 Candles\n", b""))

    page = text(reader.get("/policies/0907/v1"))

    assert "The list of related bulletins is empty in the source." in page
    assert "this does not say that there are none" in page


def test_code_tables_say_stance_brackets_ranges_and_openness(reader):
    table = (
        "ICD-10 codes not covered for indications listed in the CPB (not all-inclusive):\n\n"
        "S00.00X+ - T88.9XX+ Injuries by lamps [also by lanterns]\nZ51.89 Aftercare\n"
    )
    published(lamps(codes=table))

    page = text(reader.get("/policies/0907/v1"))

    assert '<span class="n">S00.00X+ - T88.9XX+</span>' in page
    assert '<span class="bracket">[also by lanterns]</span>' in page
    assert '<a class="n" href="/codes/icd-10-cm/Z51.89/">Z51.89</a>' in page
    assert page.count('<span class="stance excluded">Not covered</span>') == 2
    assert "Open list: the heading says that it is not complete." in page
    assert "An open list does not make an unlisted code covered." in page


@pytest.mark.parametrize(("code", "row"), [("97110", 1), ("97113", 2), ("s33.5xxa", 3), ("S00", 3)])
def test_the_rows_of_the_code_one_came_with_are_marked(code, row, reader):
    published()

    page = text(reader.get("/policies/0907/v1", {"code": code}))

    assert page.count('class="hit"') == 1
    assert f'<tr id="code-row-{row}" class="hit">' in page


def test_a_code_that_the_version_does_not_name_is_said_to_be_absent(reader):
    published()

    page = text(reader.get("/policies/0907/v1", {"code": "99213"}))

    assert 'class="hit"' not in page
    assert "No row of this version names it." in page


ROWS = "".join(f"{code} Lamp {code}\n" for code in range(97200, 97212))
TABLE = (
    f"CPT codes covered if selection criteria are met:\n\n{ROWS}97300 - 97310 Lamp walks\n\n"
    "ICD-10 codes not covered for indications listed in the CPB:\n\n"
    "S00.00X+ - T88.9XX+ Injuries by lamps\nZ51.89 Aftercare\n"
)
FILTERS = [
    ("97305", 1),  # held by a range
    ("9720", 10),  # begun by ten codes
    ("s13.4xxa", 1),
    ("Z51", 1),
    ("Z51.899", 0),  # a single code holds nothing below it
    ("97305.1", 0),
    ("lamp walks", 1),
    ("injuries NOT covered", 1),  # words of the row and of its stance
    ("covered if", 13),
    ("anvil", 0),
]


@pytest.mark.parametrize(("typed", "count"), FILTERS)
def test_the_filter_of_codes_works_without_a_script(typed, count, reader):
    published(lamps(codes=TABLE))

    page = text(reader.get("/policies/0907/v1", {"filter": typed}))

    assert page.count('<tr id="code-row-') == count
    said = f"{count} of 15 rows" if count else "None of the 15 rows. A code that is not listed"
    assert said in page
    assert f'value="{typed}"' in page


def test_background_is_folded_with_its_extent(reader):
    published(lamps(background="Lamps are warm and bright."))

    page = text(reader.get("/policies/0907/v1"))

    assert "<summary>Show 5 words</summary>" in page


def test_lines_that_were_not_understood_are_listed(reader):
    heading = "CPT codes not covered for indications listed in the CPB:"
    version = published(lamps(codes=f"{heading}\n\n97110 97112 - Lamps\n"))
    assert version.not_understood

    page = text(reader.get("/policies/0907/v1"))

    assert "Not understood</h2>" in page
    assert version.not_understood[0]["reason"] in unquote(page)


def test_the_text_of_a_bulletin_cannot_become_markup(reader):
    published(lamps(limitation="<script>alert(1)</script> is not covered & never was."))

    page = text(reader.get("/policies/0907/v1", {"code": "<script>alert(2)</script>"}))

    assert "&lt;script&gt;alert(1)&lt;/script&gt; is not covered &amp; never was." in page
    assert "<script>alert" not in page


def test_a_long_text_is_shown_whole(reader):
    limitation = "Lamps of every color are not covered. " * 2000
    published(lamps(limitation=limitation))

    assert text(reader.get("/policies/0907/v1")).count("every color") == 2000


def test_the_page_takes_as_many_queries_for_many_rows_as_for_few(reader):
    published()
    few = queries_of(reader, "/policies/0907/?code=97110")
    rows = "".join(f"{code} Lamp {code}\n" for code in range(97200, 97400))
    published(
        lamps(number="0910", codes=f"CPT codes covered if selection criteria are met:\n\n{rows}")
    )

    assert queries_of(reader, "/policies/0910/?code=97210") == few


def test_the_source_comes_as_an_attachment_byte_for_byte(reader):
    published()

    response = reader.get("/policies/0907/v1/source")

    assert response.content == lamps()
    assert response["Content-Disposition"] == 'attachment; filename="lamps.txt"'
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"


# What is not there


def test_an_unknown_number_is_answered_with_likely_ones(reader):
    published()

    response = reader.get("/policies/0970/")

    assert response.status_code == 404
    assert "No bulletin has the number 0970" in text(response)
    assert '<a href="/policies/0907/">0907</a>' in text(response)


def test_a_number_without_its_zero_is_answered_with_the_right_one(reader):
    published()

    assert '<a href="/policies/0907/">0907</a>' in text(reader.get("/policies/907/"))


def test_an_unknown_version_is_answered_with_those_there_are(reader):
    published()

    response = reader.get("/policies/0907/v7")

    assert response.status_code == 404
    assert "0907 has no version 7" in text(response)
    assert '<a href="/policies/0907/v1">' in text(response)


@pytest.mark.parametrize(
    "address", ["/policies/0907/", "/policies/0907/v1", "/policies/0907/v1/source"]
)
def test_a_draft_is_not_there_for_reviewers(address, reader):
    draft()

    assert reader.get(address).status_code == 404


def test_policy_staff_read_a_draft_with_its_warning(cast, sign_in):
    draft()

    page = text(sign_in(cast.policy_editor).get("/policies/0907/"))

    assert "Only policy staff see this version." in page
    assert "nothing may be decided by it" in page
