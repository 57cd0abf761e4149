"""Two versions of a bulletin side by side."""

from datetime import date

import pytest

from policies.imports.code_sets import CodeLine
from tests.policies.library import draft, lamps, published
from tests.policies.pages import load, queries_of

pytestmark = pytest.mark.django_db

ADDRESS = "/policies/0907/compare/1/2"
LONGER = lamps(
    criteria="1. The room is dark; and\n      2. The member reads; and\n      3. Nobody sleeps.",
    codes="CPT codes covered if selection criteria are met:\n\n97110 Lamp exercises [by day]\n",
)


@pytest.fixture
def reader(nurse, sign_in):
    return sign_in(nurse)


@pytest.fixture
def two_versions():
    published(effective_from=date(2025, 1, 1))
    return published(LONGER, effective_from=date(2026, 1, 1), change_note="Nobody may sleep.")


def text(response):
    """The page with its blanks made single."""
    return " ".join(response.content.decode().split())


def test_page_names_both_versions_and_the_change_note(reader, two_versions):
    page = text(reader.get(ADDRESS))

    assert "<h1>Lamps: version 1 and version 2</h1>" in page
    assert "from <time>2025-01-01</time> to <time>2025-12-31</time>" in page
    assert "Version 2 took effect on <time>2026-01-01</time>." in page
    assert "“Nobody may sleep.”" in page


def test_changes_are_counted_by_class_and_lead_to_their_places(reader, two_versions):
    page = text(reader.get(ADDRESS))

    # One criterion more; a range and a group of diagnoses less.
    assert '<a href="#class-loosened"><b>2</b>loosened</a>' in page
    assert '<a href="#class-tightened"><b>2</b>tightened</a>' in page
    assert '<a href="#criteria-I-C">I.C</a>' in page
    assert 'id="criteria-I-C"' in page
    assert "tightened: a criterion was added to “all of these”" in page


def test_every_link_of_the_page_leads_to_a_place_on_it(reader, two_versions):
    response = reader.get(ADDRESS)
    page = response.content.decode()
    wanted = {one.split('"')[0] for one in page.split('href="#')[1:]} - {"main", "keys"}

    assert wanted
    assert [one for one in sorted(wanted) if f'id="{one}"' not in page] == []
    ids = [one.split('"')[0] for one in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_words_are_marked_and_the_rest_is_folded(reader, two_versions):
    page = text(reader.get(ADDRESS))

    assert "<ins>Nobody sleeps.</ins>" in page
    assert "No such criterion." in page
    assert "<summary>2 as before: passage 1 to I.A</summary>" in page


def test_codes_stand_with_their_stance_on_either_side(reader, two_versions):
    page = text(reader.get(ADDRESS))

    assert "<del>97112 - 97116</del>" in page
    assert "<ins>[by day]</ins>" in page
    assert "its brackets were added: read it" in page
    assert '<span class="quiet">Not listed</span>' in page


def test_rules_are_stated_on_the_page(reader, two_versions):
    page = text(reader.get(ADDRESS))

    assert "a criterion was added to “all of these”</li>" in page
    assert "no request may be decided by it" in page


def test_what_the_text_says_is_escaped(reader):
    published()
    published(lamps(background="Lamps are <b>warm</b>."), effective_from=date(2026, 2, 1))

    page = text(reader.get(ADDRESS))

    assert "&lt;b&gt;" in page.replace("</ins>", "").replace("<ins>", "")
    assert "<b>warm</b>" not in page


def test_versions_that_differ_in_nothing_say_so(reader):
    published()
    published(lamps() + b"\n", effective_from=date(2026, 2, 1))

    page = text(reader.get(ADDRESS))

    assert page.count("Nothing.") == 5
    assert "<ins>" not in page


def test_newer_version_may_stand_first(reader, two_versions):
    page = text(reader.get("/policies/0907/compare/2/1"))

    assert "<h1>Lamps: version 2 and version 1</h1>" in page
    assert "<del>Nobody sleeps.</del>" in page
    assert "a criterion is gone from “all of these”" in page
    assert f'<a href="{ADDRESS}">Turn it round</a>' in page


def test_versions_that_do_not_follow_each_other_are_compared(reader, two_versions):
    published(lamps(title="Lamps again"), effective_from=date(2026, 2, 1))

    forth = text(reader.get("/policies/0907/compare/1/3"))
    back = text(reader.get("/policies/0907/compare/3/1"))

    # The third has the words of the first, but for the title.
    assert '<a href="#class-read-it"><b>1</b>read it</a>' in forth
    assert "Lamps<ins> again</ins>" in forth or "Lamps <ins>again</ins>" in forth
    assert "Lamps <del>again</del>" in back


@pytest.mark.parametrize(
    ("chosen", "address"),
    [
        ({"before": "2", "after": "1"}, "/policies/0907/compare/2/1"),
        ({"before": "1", "after": "2"}, ADDRESS),
        ({}, ADDRESS),
        ({"before": "x", "after": "2"}, ADDRESS),
        ({"before": "9" * 30, "after": "2"}, ADDRESS),
    ],
)
def test_any_two_versions_are_chosen_from_lists(chosen, address, reader, two_versions):
    response = reader.get("/policies/0907/compare", chosen)

    assert response.status_code == 302
    assert response.url == address


def test_choosing_versions_of_an_unknown_bulletin_is_told(reader):
    assert reader.get("/policies/0999/compare").status_code == 404


def test_unknown_version_is_told_with_the_pairs_that_there_are(reader, two_versions):
    response = reader.get("/policies/0907/compare/1/7")

    assert response.status_code == 404
    assert "0907 has no version 7" in text(response)
    assert f'<a href="{ADDRESS}">Version 1 with version 2</a>' in text(response)


def test_same_version_twice_is_told(reader, two_versions):
    response = reader.get("/policies/0907/compare/2/2")

    assert response.status_code == 404
    assert "Version 2 cannot be compared with itself" in text(response)
    assert "Name two different versions" in text(response)


def test_only_version_has_nothing_to_be_compared_with(reader):
    published()

    response = reader.get(ADDRESS)

    assert response.status_code == 404
    assert "0907 has only version 1" in text(response)


def test_unknown_bulletin_is_told(reader):
    response = reader.get("/policies/0999/compare/1/2")

    assert response.status_code == 404
    assert "No bulletin has the number 0999" in text(response)


def test_versions_on_their_way_are_for_policy_staff(cast, client):
    published()
    draft(LONGER)

    client.force_login(cast.nurse.user)
    assert client.get(ADDRESS).status_code == 404
    client.force_login(cast.policy_editor.user)
    assert "Version 2 is not published (draft) and may still change." in text(client.get(ADDRESS))


def test_people_without_the_library_are_refused(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("stranger"))

    assert client.get(ADDRESS).status_code == 403


def test_page_is_for_reading(reader, two_versions):
    assert reader.post(ADDRESS).status_code == 405


def test_page_takes_as_many_queries_for_many_changes_as_for_few(reader):
    published()
    published(lamps(title="Lamps again"), effective_from=date(2026, 2, 1))
    published(LONGER, effective_from=date(2026, 3, 1))

    assert queries_of(reader, "/policies/0907/compare/1/2") == queries_of(
        reader, "/policies/0907/compare/1/3"
    )


def test_reader_of_a_version_is_led_to_the_comparison(reader, two_versions):
    newer = text(reader.get("/policies/0907/v2"))
    older = text(reader.get("/policies/0907/v1"))

    assert f'<a href="{ADDRESS}">Compare with version 1, word by word</a>' in newer
    assert f'<a href="{ADDRESS}">Compare with v1</a>' in older
    assert "word by word" not in older


# What the code sets say


def described(code, meaning, valid_from, **facts):
    """A release that describes one code of CPT."""
    load(
        "CPT",
        CodeLine("CPT", code, meaning),
        release_name=facts.pop("name"),
        valid_from=valid_from,
        sha256=f"{valid_from:%Y%m%d}".rjust(64, "0"),
        **facts,
    )


@pytest.fixture
def two_releases():
    """97110 is described anew between the two versions of the bulletin."""
    described("97110", "Lamp exercise, each lamp", date(2024, 10, 1), name="October 2024")
    described("97110", "Lamp exercise, each hour", date(2025, 10, 1), name="October 2025")


def test_each_side_has_the_descriptor_of_its_own_release(reader, two_releases, two_versions):
    page = text(reader.get(ADDRESS))

    assert "October 2024: Lamp exercise, each <del>lamp</del>" in page
    assert "October 2025: Lamp exercise, each <ins>hour</ins>" in page
    assert "as they were on <time>2025-01-01</time>" in page
    assert "as on <time>2026-01-01</time>" in page


def test_releases_change_sides_with_the_versions(reader, two_releases, two_versions):
    page = text(reader.get("/policies/0907/compare/2/1"))

    assert "October 2025: Lamp exercise, each <del>hour</del>" in page
    assert "October 2024: Lamp exercise, each <ins>lamp</ins>" in page


def test_code_as_before_that_its_release_describes_otherwise_is_told(reader, two_releases):
    published(effective_from=date(2025, 1, 1))
    published(lamps(title="Lamps again"), effective_from=date(2026, 1, 1))

    page = text(reader.get(ADDRESS))

    assert "Listed as before, but described otherwise by the code set" in page
    assert "each <ins>hour</ins>" in page


def test_release_that_came_after_both_versions_is_on_neither_side(reader, two_releases):
    published(effective_from=date(2025, 1, 1))
    published(LONGER, effective_from=date(2025, 9, 1))

    page = text(reader.get(ADDRESS))

    assert "97110</span>, October 2024: Lamp exercise, each lamp" in page
    assert "October 2025" not in page


def test_code_that_came_between_the_versions_is_no_code_on_the_older_side(reader, two_versions):
    described("97110", "Lamp exercise", date(2025, 10, 1), name="October 2025")

    page = text(reader.get(ADDRESS))

    assert "version 1: no code yet" in page


# Another class for a change


def class_of(page, place="I.C"):
    """The key of the change at a place, as the form sends it."""
    noted = page.context["comparison"].noted
    return next(one.change.key for one in noted if one.place == place)


CLASS = f"{ADDRESS}/class"


def test_policy_staff_class_a_change_otherwise_and_the_rule_stays_visible(editor, two_versions):
    key = class_of(editor.get(ADDRESS))
    form = text(editor.get(ADDRESS, {"class": key}))
    assert 'id="class-otherwise"' in form

    sent = {
        "key": key,
        "effect": "scope",
        "reason": "It was always so.",
        "anchor": "criteria-I-C",
    }
    response = editor.post(CLASS, sent)
    page = text(editor.get(ADDRESS))

    assert response.url == f"{ADDRESS}#criteria-I-C"
    assert "The rule says tightened. Paul Ostrom, " in page
    assert "“It was always so.”" in page
    assert '<a href="#class-tightened"><b>1</b>tightened</a>' in page  # one less
    assert '<a href="#class-scope"><b>1</b>scope</a>' in page
    assert "1 of these was classed by a person" in page


def test_readers_see_the_other_class_and_have_no_form(editor, two_versions, nurse, sign_in):
    key = class_of(editor.get(ADDRESS))
    editor.post(CLASS, {"key": key, "effect": "scope", "reason": "Scope."})

    page = text(sign_in(nurse).get(ADDRESS, {"class": key}))

    assert "The rule says tightened." in page
    assert "Class it otherwise" not in page
    assert "class-otherwise" not in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"effect": "worse", "reason": "So."}, "Choose one of the classes"),
        ({"effect": "scope", "reason": "  "}, "Say in at most 300 characters"),
        ({"effect": "scope", "reason": "long " * 80}, "Say in at most 300 characters"),
    ],
)
def test_bad_class_comes_back_with_what_was_typed(sent, sentence, editor, two_versions):
    key = class_of(editor.get(ADDRESS))

    page = text(editor.post(CLASS, {"key": key} | sent))

    assert sentence in page
    assert 'aria-invalid="true"' in page
    assert sent["reason"].strip()[:40] in page
    assert "The rule says" not in page


def test_class_of_a_change_that_is_gone_is_told_and_loses_no_words(editor, two_versions):
    page = text(editor.post(CLASS, {"key": "nothing", "effect": "scope", "reason": "My words."}))

    assert "This change is no longer there" in page
    assert "You wrote: “My words.”" in page


def test_only_policy_staff_may_class(reader, two_versions, cast, client):
    key = class_of(reader.get(ADDRESS))
    sent = {"key": key, "effect": "scope", "reason": "Scope."}

    assert reader.post(CLASS, sent).status_code == 403
    client.force_login(cast.policy_approver.user)
    assert client.post(CLASS, sent).status_code == 403


def test_classing_needs_two_versions(editor, two_versions):
    assert editor.post("/policies/0907/compare/1/7/class").status_code == 404
    assert editor.post("/policies/0999/compare/1/2/class").status_code == 404
    assert "two different versions" in text(
        editor.post(
            "/policies/0907/compare/1/1/class", {"key": "x", "effect": "scope", "reason": "So."}
        )
    )
    assert editor.get(CLASS).status_code == 405


def test_lists_count_by_the_other_class(editor, two_versions, nurse, client):
    key = class_of(editor.get(ADDRESS))
    editor.post(CLASS, {"key": key, "effect": "scope", "reason": "It was always so."})
    client.force_login(nurse.user)
    page = text(client.get("/policies/new", {"back": 0}))

    assert "1 tightened, 2 loosened, 1 of scope, 1 to be read, 1 editorial" in page
