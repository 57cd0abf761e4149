"""The release board: doors, what it tells, settling; the banner on a version; an owner's tasks."""

from datetime import date

import pytest
from django.utils.html import strip_tags

from policies.models import Bulletin, Release, ReleaseFinding
from tests.policies.library import AT, lamps, published
from tests.policies.pages import queries_of
from tests.policies.test_release_board import TABLE, load

pytestmark = pytest.mark.django_db
BOARD = "/admin/policies/releasefinding/"


@pytest.fixture
def release(cast):
    """A release that deletes 97110 and puts 97113 and 97114 into a range of 0907, Paul's."""
    version = published(lamps(codes=TABLE))
    version.bulletin.owner = cast.policy_editor.user
    version.bulletin.save(update_fields=["owner"])
    load("CPT", "97110", "97112", valid_from=date(2025, 10, 1))
    return load("CPT", "97112", "97113", "97114")


def page_of(release):
    bulletin = ReleaseFinding.objects.filter(release=release).first().bulletin
    return f"{BOARD}{release.pk}/{bulletin.pk}/"


def text(response):
    return " ".join(strip_tags(response.content.decode()).split())


def keys(**facts):
    return [one.pk for one in ReleaseFinding.objects.filter(**facts)]


def open_codes():
    open_ = ReleaseFinding.objects.filter(settled_at__isnull=True).order_by("code")
    return list(open_.values_list("code", flat=True))


# Doors


@pytest.mark.parametrize("role", ["nurse", "physician", "supervisor", "auditor"])
def test_reviewers_do_not_come_in(role, cast, client, release):
    client.force_login(getattr(cast, role).user)

    assert client.get(BOARD).status_code == 302
    assert client.get(page_of(release)).status_code == 302


def test_an_administrator_of_accounts_sees_nothing_of_it(cast, client, release):
    client.force_login(cast.administrator.user)

    assert client.get(BOARD).status_code == 403
    assert client.get(page_of(release)).status_code == 403


def test_an_approver_sees_it_and_settles_nothing(cast, client, release):
    client.force_login(cast.policy_approver.user)
    facts = {"settlement": "Done.", "finding": keys(code="97110")}

    assert client.get(BOARD).status_code == 200
    assert "Settle those ticked" not in client.get(page_of(release)).content.decode()
    assert client.post(page_of(release), facts).status_code == 403
    assert open_codes() == ["97110", "97113", "97114"]


def test_what_is_not_there_is_said_so(editor, release):
    assert editor.get(f"{BOARD}{release.pk}/0/").status_code == 404
    assert editor.get(f"{BOARD}0/1/").status_code == 404


# The board


def test_the_board_counts_by_bulletin_and_kind(editor, release):
    page = text(editor.get(BOARD))

    assert "CPT, of 2026-10-01 2026-10-01 2026-03-02 3 3 1 3 to settle" in page
    assert "0 0 0 first of its system" in page
    assert "0907 Lamps Paul Ostrom 1 2 3" in page


def test_a_release_without_a_trace_says_so(editor, release):
    load("CPT", "97112", "97113", "97114", valid_from=date(2027, 1, 1))

    assert "0 0 0 no bulletin is touched" in text(editor.get(BOARD))


def test_an_empty_board_says_where_work_is(editor):
    assert "No release of codes is loaded." in text(editor.get(BOARD))


@pytest.mark.parametrize(
    ("owner", "is_there"), [("mine", True), ("", True), ("-", False), ("999", False)]
)
def test_it_narrows_to_an_owner(editor, release, owner, is_there):
    page = text(editor.get(f"{BOARD}?owner={owner}"))

    assert ("0907 Lamps" in page) == is_there
    assert ("Nothing is like that" in page) != is_there


@pytest.mark.parametrize("question", ["release=x", "owner=x'", "release=9999999", "settled=%00"])
def test_nonsense_counts_as_nothing_asked(editor, release, question):
    assert "0907 Lamps" in text(editor.get(f"{BOARD}?{question}"))


def test_what_is_settled_is_left_out_until_it_is_asked_for(editor, release):
    editor.post(page_of(release), {"settlement": "Done.", "finding": keys()})

    assert "0907 Lamps" not in text(editor.get(f"{BOARD}?release={release.pk}"))
    settled = text(editor.get(f"{BOARD}?release={release.pk}&settled=on"))
    assert "0907 Lamps Paul Ostrom settled settled 0" in settled
    assert "all settled" in settled


def test_the_board_takes_a_fixed_number_of_queries(editor, release):
    few = queries_of(editor, BOARD)
    for number in range(3):
        published(lamps(number=f"092{number}", codes=TABLE))
    latest = load("CPT", "97112", "97115", valid_from=date(2027, 1, 1))

    assert ReleaseFinding.objects.filter(release=latest).count() == 4  # a code that came, in four
    assert queries_of(editor, f"{BOARD}?release={latest.pk}") <= few + 1


# The page of a bulletin


def test_every_finding_leads_to_its_code_and_its_row(editor, release):
    page = editor.get(page_of(release)).content.decode()

    assert '<a href="/codes/cpt/97110/">97110</a>' in page
    assert '<a href="/policies/0907/v1?code=97110#code-row-1">97110</a>' in page
    assert '<a href="/policies/0907/v1?code=97113#code-row-2">97112 - 97116</a>' in page


def test_those_ticked_are_settled_with_a_sentence(cast, editor, release):
    facts = {"settlement": "Left out of version 2.", "finding": keys(code="97110")}

    response = editor.post(page_of(release), facts, follow=True)

    assert [str(one) for one in response.context["messages"]] == ["1 finding is settled."]
    assert open_codes() == ["97113", "97114"]
    settled = ReleaseFinding.objects.get(code="97110")
    assert settled.settled_by == cast.policy_editor.user
    assert "Left out of version 2. Paul Ostrom, " in text(response)


def test_a_whole_kind_is_settled_at_once(editor, release):
    editor.post(page_of(release), {"settlement": "They belong there.", "kind": "new_in_range"})

    assert open_codes() == ["97110"]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"settlement": " "}, "Say what was done"),
        ({"finding": []}, "Choose at least one finding"),
        ({"finding": ["x"]}, "Choose at least one finding"),
        ({"kind": "unheard-of"}, "Choose at least one finding"),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_ticked(editor, release, facts, sentence):
    pk = keys(code="97110")[0]

    response = editor.post(page_of(release), {"settlement": "Because.", "finding": [pk]} | facts)

    assert sentence in text(response)
    page = response.content.decode()
    assert ('value="Because."' in page) == (facts.get("settlement") is None)
    assert ("checked" in page) == (facts.get("finding") is None)
    assert open_codes() == ["97110", "97113", "97114"]


def test_a_finding_of_another_bulletin_is_not_settled_from_here(editor, release):
    published(lamps(number="0908", codes=TABLE))
    other = load("CPT", "97112", "97115", valid_from=date(2027, 1, 1))
    elsewhere = ReleaseFinding.objects.filter(release=other).first()

    response = editor.post(page_of(release), {"settlement": "x", "finding": [elsewhere.pk]})

    assert "Choose at least one finding" in text(response)


# The first page of the admin


def test_the_owner_of_a_bulletin_has_a_task(editor, release):
    page = editor.get("/admin/")

    assert "My tasks" in text(page)
    assert "CPT, of 2026-10-01: 3 to settle in 1 bulletin 0907 (3)" in text(page)
    assert page_of(release) in page.content.decode()
    assert f"{BOARD}?release={release.pk}&amp;owner=mine" in page.content.decode()


def test_an_owner_who_may_not_see_the_board_has_none(cast, client, release):
    Bulletin.objects.update(owner=cast.administrator.user)
    client.force_login(cast.administrator.user)

    assert "My tasks" not in text(client.get("/admin/"))


def test_another_person_has_none(cast, client, release):
    client.force_login(cast.policy_approver.user)

    assert "My tasks" not in text(client.get("/admin/"))


def test_nor_has_the_owner_once_it_is_settled(editor, release):
    editor.post(page_of(release), {"settlement": "Done.", "finding": keys()})

    assert "My tasks" not in text(editor.get("/admin/"))


# The bulletin


def test_a_reviewer_reads_on_the_bulletin_what_is_not_settled(cast, client, release):
    client.force_login(cast.nurse.user)

    page = client.get("/policies/0907/v1")

    assert (
        "3 codes of this version changed with CPT, of 2026-10-01, valid from 2026-10-01: 97110"
        " deleted; 97113, 97114 new inside a listed range. Policy staff have not settled this yet:"
        " the table is as it was published."
    ) in text(page)
    assert 'href="?code=97110#code-row-1"' in page.content.decode()
    assert BOARD not in page.content.decode()


def test_policy_staff_are_led_from_there_to_the_board(editor, release):
    assert page_of(release) in editor.get("/policies/0907/v1").content.decode()


def test_the_banner_goes_when_it_is_settled(editor, release):
    editor.post(page_of(release), {"settlement": "Done.", "finding": keys(code="97110")})
    assert "2 codes of this version changed" in text(editor.get("/policies/0907/v1"))

    editor.post(page_of(release), {"settlement": "Done.", "kind": "new_in_range"})

    assert "of this version changed" not in text(editor.get("/policies/0907/v1"))


def test_many_codes_of_a_kind_are_counted(editor, release):
    Release.objects.filter(pk=release.pk).update(loaded_at=AT)
    codes = [f"97{number}" for number in range(112, 117)]
    published(lamps(number="0908", codes=TABLE.replace("97116", "97199")))
    more = [f"97{number}" for number in range(117, 127)]
    load("CPT", *codes, *more, valid_from=date(2027, 1, 1))

    assert "97121, 97122 and 4 more new inside a listed range" in text(
        editor.get("/policies/0908/v1")
    )


# The page of a code


def test_the_hit_of_a_code_says_what_a_release_did_to_it(cast, client, release):
    client.force_login(cast.nurse.user)

    page = text(client.get("/codes/cpt/97113/"))

    assert "new inside a listed range with CPT, of 2026-10-01; not settled" in page


def test_another_code_of_the_same_row_has_no_mark(cast, client, release):
    client.force_login(cast.nurse.user)

    assert "not settled" not in text(client.get("/codes/cpt/97112/"))


def test_the_mark_goes_when_it_is_settled(editor, release):
    assert "deleted with CPT" in text(editor.get("/codes/cpt/97110/"))

    editor.post(page_of(release), {"settlement": "Done.", "kind": "deleted"})

    assert "not settled" not in text(editor.get("/codes/cpt/97110/"))
