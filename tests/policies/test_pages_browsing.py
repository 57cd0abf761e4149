"""Ways into the library: by letter, category, standing and line; what is new; next reviews."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from policies import publishing
from policies.catalog import Asked, bulletins_asked
from policies.catalog_counts import choices
from policies.models import Acknowledgment, Bulletin, Version
from policies.publishing import retire
from policies.stages import Standing, standing
from tests.policies.library import AT, draft, lamps, person, published
from tests.policies.pages import queries_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
Stage = Version.Stage
STAGE_OF = {
    Standing.IN_EFFECT: Stage.PUBLISHED,
    Standing.UNDATED: Stage.PUBLISHED,
    Standing.SCHEDULED: Stage.SCHEDULED,
    Standing.SUPERSEDED: Stage.SUPERSEDED,
    Standing.RETIRED: Stage.RETIRED,
    Standing.DRAFT: Stage.DRAFT,
    Standing.IN_REVIEW: Stage.IN_REVIEW,
    Standing.APPROVED: Stage.APPROVED,
}


@pytest.fixture
def reader(nurse, sign_in):
    return sign_in(nurse)


def text(response):
    return " ".join(response.content.decode().split())


def numbers(response):
    """The bulletins of the table, in order."""
    return re.findall(r'<td class="code"><a href="/policies/([^/]+)/', response.content.decode())


def bulletin(number, title="Lamps", start=date(2026, 1, 1), **options):
    return published(lamps(number=number, title=title), effective_from=start, **options)


@pytest.fixture
def shelf():
    """A bulletin of every standing on 2026-03-02; 0910 has two."""
    bulletin("0910", "Anvils", date(2025, 1, 1), category="Iron")
    bulletin("0910", "Anvils anew", date(2026, 1, 1), lines_of_business=["medicaid"])
    bulletin("0920", "Bellows", None, category="Air")
    bulletin("0930", "Bells", date(2026, 6, 1), category="Iron")
    gone = bulletin("0940", "Éclairs", date(2025, 1, 1))
    retire(version=gone, on=date(2026, 2, 1), reason="Eaten.", by=None, at=AT)
    draft(lamps(number="0950", title="4 Drafts"))


# Standings


@pytest.mark.parametrize("value", Standing)
def test_standing_in_the_database_is_the_stage_of_each_version(value, shelf):
    found = Version.objects.filter(standing(value, DAY))

    assert {one.stage(DAY) for one in found} <= {STAGE_OF[value]}


def test_every_version_has_one_standing(shelf):
    found = [one for value in Standing for one in Version.objects.filter(standing(value, DAY))]

    assert sorted(one.pk for one in found) == sorted(Version.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("in-effect", ["0910"]),
        ("not-dated", ["0920"]),
        ("scheduled", ["0930"]),
        ("superseded", ["0910"]),
        ("retired", ["0940"]),
        ("draft", ["0950"]),
        ("in-review", []),
    ],
)
def test_list_is_narrowed_by_standing(value, expected, editor, shelf):
    response = editor.get("/policies/", {"standing": value, "on": "2026-03-02"})

    assert numbers(response) == expected


def test_withdrawn_version_is_retired_and_never_scheduled():
    version = bulletin("0910", start=date(2026, 6, 1))
    retire(version=version, on=date(2026, 6, 1), reason="No.", by=None, at=AT)

    assert not Version.objects.filter(standing(Standing.SCHEDULED, DAY)).exists()
    assert Version.objects.filter(standing(Standing.RETIRED, DAY)).exists()


def test_asked_standing_shows_the_version_that_stands_so(reader, shelf):
    page = text(reader.get("/policies/", {"standing": "superseded", "on": "2026-03-02"}))

    assert '<a href="/policies/0910/v1">0910</a>' in page
    assert 'v1 <span class="quiet">superseded</span>' in page


def test_standings_on_their_way_are_for_policy_staff(reader, shelf):
    response = reader.get("/policies/", {"standing": "draft"})

    assert numbers(response) == []
    assert "In review" not in text(response)
    assert "No bulletin is like that" in text(response)


# Letters, categories, lines


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"letter": "A"}, ["0910"]),
        ({"letter": "B"}, ["0920", "0930"]),
        ({"letter": "other"}, ["0940", "0950"]),
        ({"category": "Iron"}, ["0910", "0930"]),
        ({"category": "-"}, ["0940", "0950"]),
        ({"letter": "B", "category": "Iron"}, ["0930"]),
        ({"letter": "B", "category": "Iron", "standing": "in-effect"}, []),
        ({"words": "bell", "standing": "not-dated"}, ["0920"]),
    ],
)
def test_filters_are_in_the_address_and_combine(asked, expected, editor, shelf):
    assert numbers(editor.get("/policies/", asked | {"on": "2026-03-02"})) == expected


def test_line_of_business_narrows_versions_and_not_only_bulletins(reader, shelf):
    asked = {"line_of_business": "marketplace", "standing": "in-effect", "on": "2026-03-02"}

    assert numbers(reader.get("/policies/", asked)) == []
    assert numbers(reader.get("/policies/", asked | {"line_of_business": "medicaid"})) == ["0910"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"letter": "B"},
        {"category": "Iron"},
        {"standing": "in-effect"},
        {"line_of_business": "marketplace", "words": "bel"},
    ],
)
def test_every_count_is_that_of_the_list_behind_it(asked, cast, shelf):
    user = cast.policy_editor.user
    given = Asked(DAY, **asked)
    found = choices(given, user)

    def listed(**more):
        return bulletins_asked(Asked(DAY, **asked | more), user).count()

    assert [listed(letter=one.value) for one in found.letters] == [
        one.count for one in found.letters
    ]
    assert [listed(category=one.value) for one in found.categories] == [
        one.count for one in found.categories
    ]
    assert [listed(standing=one.value) for one in found.standings] == [
        one.count for one in found.standings
    ]
    assert [listed(line_of_business=one.value) for one in found.lines_of_business] == [
        one.count for one in found.lines_of_business
    ]
    assert found.any_standing == listed(standing="")


def test_counts_follow_every_change_of_the_library(cast, shelf):
    user, asked = cast.policy_editor.user, Asked(DAY)

    def counted():
        found = choices(asked, user)
        return {one.value: one.count for one in (*found.categories, *found.standings) if one.count}

    before = counted()
    assert before["Air"] == 1

    Bulletin.objects.filter(number="0920").update(category="Iron")
    assert counted() == {**{k: n for k, n in before.items() if k != "Air"}, "Iron": 3}

    current = Version.objects.get(bulletin__number="0910", ordinal=2)
    retire(version=current, on=date(2026, 2, 1), reason="Rust.", by=None, at=AT)
    assert "in-effect" not in counted()
    assert counted()["retired"] == before["retired"] + 1


def test_another_day_shows_another_version(reader, shelf):
    page = text(reader.get("/policies/", {"on": "2025-06-01", "words": "0910"}))

    assert "2025-01-01</time> to <time>2025-12-31" in page


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"on": "yesterday"}, "Write the day as 2026-03-02. The list is for"),
        ({"letter": "ß"}, "No title begins with “ß”"),
        ({"standing": "lost"}, "No version is “lost”"),
        ({"line_of_business": "x"}, "“x” is no line of business"),
        ({"after": "\x00"}, "Null characters"),
    ],
)
def test_nonsense_narrows_nothing_and_is_told(asked, sentence, reader, shelf):
    response = reader.get("/policies/", asked)

    assert response.status_code == 200
    assert sentence in text(response)
    assert "0910" in numbers(response)


def test_list_goes_on_with_its_filters(reader, monkeypatch):
    monkeypatch.setattr("policies.views.browsing.PAGE", 2)
    for number in range(910, 915):
        bulletin(f"0{number}", category="Iron")

    first = reader.get("/policies/", {"category": "Iron"})
    second = reader.get("/policies/", {"category": "Iron", "after": "0911"})

    assert numbers(first) == ["0910", "0911"]
    assert "?category=Iron&amp;after=0911" in text(first)
    assert numbers(second) == ["0912", "0913"]


# What a reader has not read


@pytest.fixture
def changed(reader):
    """A bulletin that the nurse read before it changed, and one that did not change."""
    bulletin("0910", "Anvils", date(2025, 1, 1))
    bulletin("0920", "Bellows")
    reader.get("/policies/0910/")
    reader.get("/policies/0920/")
    return bulletin("0910", "Anvils anew", date(2026, 1, 1))


def test_list_marks_what_changed_since_it_was_read(reader, changed):
    page = text(reader.get("/policies/"))

    assert page.count("changed since you read version 1") == 1
    assert "<b>1</b>changed since you last read it" in page
    assert 'action="/policies/0910/v2/acknowledge"' in page
    assert numbers(reader.get("/policies/", {"unread": "on"})) == ["0910"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, 1),
        ({"letter": "A"}, 1),
        ({"letter": "B"}, 0),
        ({"category": "-"}, 1),
        ({"category": "Iron"}, 0),
        ({"standing": "in-effect"}, 1),
        ({"standing": "superseded"}, 0),
        ({"line_of_business": "medicaid"}, 1),
        ({"words": "anvil"}, 1),
        ({"words": "bellows"}, 0),
    ],
)
def test_unread_are_counted_as_the_list_would_show_them(asked, expected, changed, nurse):
    given = Asked(DAY, **asked)

    assert choices(given, nurse.user).unread == expected
    assert bulletins_asked(replace(given, is_unread=True), nurse.user).count() == expected


def test_acknowledged_bulletin_is_marked_no_more(reader, changed):
    reader.post("/policies/0910/v2/acknowledge")

    response = reader.get("/policies/", {"unread": "on"})

    assert numbers(response) == []
    assert "You have read every bulletin as it stands." in text(response)
    assert "changed since you read" not in text(reader.get("/policies/"))


def test_who_read_nothing_sees_no_marks(changed, physician, sign_in):
    client = sign_in(physician)

    assert "changed since you read" not in text(client.get("/policies/"))
    assert "changed since you read" not in text(client.get("/policies/new", {"back": 0}))


def test_list_notes_no_visit(reader, shelf):
    reader.get("/policies/")
    reader.get("/policies/new")
    reader.get("/policies/reviews")

    assert not Acknowledgment.objects.exists()


# What is new


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def said(response):
    """By day, what is said to have happened to which bulletin."""
    return [
        (day, one.happening.version.bulletin.number, one.happening.sentence)
        for day, entries in response.context["days"]
        for one in entries
    ]


def at(day):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))


def test_news_are_told_by_day_the_newest_first(reader):
    bulletin("0910", start=today(-100), at=AT)
    bulletin("0920", start=today(9))
    bulletin("0910", "Lamps again", start=today(-3))

    found = said(reader.get("/policies/new"))

    coming = (today(9), "0920", "Version 1 takes effect.")
    effect = (today(-3), "0910", "Version 2 took effect.")
    assert found[0] == coming
    assert effect in found
    assert [day for day, _, _ in found] == sorted((day for day, _, _ in found), reverse=True)


def test_end_without_a_successor_is_news_and_with_one_is_told_by_it(reader):
    bulletin("0910", start=today(-100))
    bulletin("0910", "Lamps again", start=today(-3))
    gone = bulletin("0920", start=today(-100))
    retire(version=gone, on=today(-2), reason="Dark.", by=None, at=AT)

    found = said(reader.get("/policies/new"))

    assert (today(-2), "0920", "Version 1 ended, and no other takes its place: Dark.") in found
    assert not [one for one in found if one[1] == "0910" and "ended" in one[2]]


@pytest.mark.parametrize(("back", "expected"), [(7, ["0920"]), (30, ["0910", "0920"])])
def test_news_look_back_so_many_days(back, expected, reader):
    long_ago = at(today(-400))
    for number, days in [("0910", -20), ("0920", -5)]:
        version = draft(lamps(number=number), origin=Version.Origin.IMPORT)
        publishing.publish(version=version, effective_from=today(days), by=None, at=long_ago)

    found = said(reader.get("/policies/new", {"back": back}))

    assert sorted(number for _, number, _ in found) == expected


def test_news_say_what_changed_against_the_version_before(reader):
    bulletin("0910", start=today(-100))
    longer = lamps(number="0910", limitation="Colored lamps and bulbs are not covered.")
    published(longer, effective_from=today(-3), change_note="Bulbs too.")

    page = text(reader.get("/policies/new", {"back": 0}))

    assert '<a href="/policies/0910/compare/1/2">1 to be read</a>' in page
    assert "Bulbs too." in page
    assert "The first version here" in page


def test_news_mark_what_the_reader_has_not_read(reader, changed):
    page = text(reader.get("/policies/new", {"back": 0}))

    assert "changed since you read version 1" in page
    assert 'action="/policies/0910/v2/acknowledge"' in page


def test_news_go_on_where_they_stopped(reader, monkeypatch):
    monkeypatch.setattr("policies.views.whats_new.PAGE", 3)
    for number in range(910, 915):
        bulletin(f"0{number}", start=today(-3))
    found, address = [], "/policies/new"
    for _ in range(9):
        response = reader.get(address)
        found += said(response)
        place = response.context["next"]
        if not place:
            break
        address = f"/policies/new?back=30&after={place[0]}/{place[1]}"

    assert len(found) == len(set(found))
    assert {number for _, number, _ in found} == {f"0{number}" for number in range(910, 915)}


@pytest.mark.parametrize("asked", [{"back": "x"}, {"after": "x"}, {"after": "2026-13-40/1"}])
def test_nonsense_of_news_is_told(asked, reader):
    bulletin("0910", start=today(-3))
    response = reader.get("/policies/new", asked)

    assert response.status_code == 200
    assert response.context["wrong"]
    assert said(response)


def test_no_news_say_where_to_look(reader):
    assert "Nothing changed in the last 30 days" in text(reader.get("/policies/new"))
    assert "The library holds no published bulletin." in text(
        reader.get("/policies/new", {"back": 0})
    )


def test_drafts_are_no_news(editor):
    draft()

    assert said(editor.get("/policies/new")) == []


# Next reviews


def reviewed(number, next_review, **facts):
    """A bulletin that holds, with a next review and, it may be, an owner."""
    version = draft(
        lamps(number=number), origin=Version.Origin.IMPORT, category=facts.pop("category", "")
    )
    version.next_review = next_review
    version.save(update_fields=["next_review"])
    publishing.publish(version=version, effective_from=date(2025, 1, 1), by=None, at=AT)
    Bulletin.objects.filter(number=number).update(**facts)


def test_overdue_reviews_come_first_and_not_stated_last(reader):
    reviewed("0910", None)
    reviewed("0920", today(40))
    reviewed("0930", today(-40))

    response = reader.get("/policies/reviews")

    assert numbers(response) == ["0930", "0920", "0910"]
    assert "overdue by 40 days" in text(response)
    assert "in 40 days" in text(response)
    assert [name for name, _ in response.context["months"]] == [
        "Overdue",
        f"{today(40):%B %Y}",
        "Not stated",
    ]


def test_review_due_today_is_not_overdue(reader):
    reviewed("0910", today())

    page = text(reader.get("/policies/reviews"))

    assert '</time>, <span class="quiet">today</span>' in page
    assert "overdue by" not in page


def test_bars_count_what_their_links_list(reader):
    for number, days in [("0910", -400), ("0911", -1), ("0920", 0), ("0930", 45), ("0940", 900)]:
        reviewed(number, today(days))
    reviewed("0950", None)

    for bar in reader.get("/policies/reviews").context["bars"]:
        response = reader.get("/policies/reviews", {"due": bar.column.due})
        assert len(numbers(response)) == bar.column.count, bar.said


def test_reviews_are_narrowed_by_owner_and_category(reader):
    owner = person("owner")
    reviewed("0910", today(5), owner=owner, category="Iron")
    reviewed("0920", today(6), category="Air")

    def asked(**given):
        return numbers(reader.get("/policies/reviews", given))

    assert asked(owner=owner.pk) == ["0910"]
    assert asked(owner="-") == ["0920"]
    assert asked(category="Air") == ["0920"]
    assert asked(owner=owner.pk, category="Air") == []


def test_only_what_holds_today_waits_for_a_review(reader):
    bulletin("0910", start=today(-9))
    bulletin("0910", "Lamps again", start=today(-3))
    bulletin("0920", start=None)
    bulletin("0930", start=today(9))
    gone = bulletin("0940", start=today(-9))
    retire(version=gone, on=today(-2), reason="Dark.", by=None, at=AT)

    assert numbers(reader.get("/policies/reviews")) == ["0910", "0920"]


def test_reviews_go_on_where_they_stopped(reader, monkeypatch):
    monkeypatch.setattr("policies.views.review_calendar.PAGE", 2)
    for number, day in [("0910", None), ("0920", today(3)), ("0930", today(3)), ("0940", None)]:
        reviewed(number, day)
    found, after = [], ""
    for _ in range(5):
        response = reader.get("/policies/reviews", {"after": after})
        found += numbers(response)
        after = response.context["next"]
        if not after:
            break

    assert found == ["0920", "0930", "0910", "0940"]


@pytest.mark.parametrize(
    "asked",
    [{"due": "2026-13"}, {"owner": "x"}, {"after": "x/y"}, {"due": "0000-01"}, {"due": "9999-12"}],
)
def test_nonsense_of_reviews_narrows_nothing(asked, reader):
    reviewed("0910", today(5))

    assert numbers(reader.get("/policies/reviews", asked)) == ["0910"]


def test_policy_staff_are_led_to_the_admin(editor, nurse, client):
    reviewed("0910", today(5))
    key = Bulletin.objects.get().pk

    assert f'href="/admin/policies/bulletin/{key}/change/"' in text(editor.get("/policies/reviews"))
    client.force_login(nurse.user)
    assert "/admin/" not in text(client.get("/policies/reviews"))


def test_no_reviews_say_why(reader):
    reader_page = text(reader.get("/policies/reviews"))

    assert "No bulletin holds today" in reader_page


# All three


@pytest.mark.parametrize("address", ["/policies/", "/policies/new", "/policies/reviews"])
def test_page_takes_as_many_queries_for_many_as_for_one(address, reader):
    bulletin("0910", start=today(-9))
    bulletin("0910", "Again", start=today(-3))
    one = queries_of(reader, address)
    for number in range(911, 917):
        bulletin(f"0{number}", start=today(-9))
        bulletin(f"0{number}", "Again", start=today(-3))

    assert queries_of(reader, address) == one


@pytest.mark.parametrize("address", ["/policies/", "/policies/new", "/policies/reviews"])
def test_ways_into_the_library_lead_to_each_other(address, reader):
    page = text(reader.get(address))

    for other in ["/policies/", "/policies/new", "/policies/reviews"]:
        assert f'href="{other}"' in page
