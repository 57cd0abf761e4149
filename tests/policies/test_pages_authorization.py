"""The authorization list in the admin: who may, what is shown, what is refused."""

import re
from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile

from policies.models import AuthorizationList, AuthorizationRule
from tests.policies.authorization_rows import kept

pytestmark = pytest.mark.django_db
ROWS = "/admin/policies/authorizationrule/"
LISTS = "/admin/policies/authorizationlist/"
FIRST = "code,requirement,valid_from\n"
PA, NOTICE, NONE = "prior_authorization", "notification", "not_required"
ROW = {
    "low": "97545", "high": "97546", "system": "", "requirement": PA, "line_of_business": "",
    "plan": "", "state": "", "valid_from": "2026-01-01", "valid_to": "", "source": "",
    "document": "Notice 7", "note": "By fax.", "reason": "The notice says so.",
}  # fmt: skip


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def chosen(text, **more):
    file = SimpleUploadedFile("list.csv", text.encode() if isinstance(text, str) else text)
    return {"file": file, "name": "List of 2026", "way": "adds"} | more


def shown(client, text, **more):
    return client.post(f"{LISTS}add/", chosen(text, **more))


def store(client, preview):
    return client.post(f"{LISTS}add/", {"shown": preview.context["shown"]}, follow=True)


def listed(client, **query):
    page = client.get(ROWS, query)
    return [one.printed for one in page.context["cl"].result_list]


# Loading a list


def test_a_file_is_shown_and_then_stored(editor, cast):
    kept("97545", PA)

    preview = shown(editor, f"{FIRST}97545,No,2026-07-01\n97110,Notification,2026-07-01\n")
    assert AuthorizationList.objects.count() == 1
    page = text_of(preview)
    assert "2 rows begin, 1 ends, 0 go on unchanged." in page
    assert "Nothing is stored yet." in page
    assert '<td class="n">2026-06-30</td><td>2026 authorization list</td>' in page

    after = store(editor, preview)
    assert "“List of 2026” is stored: 2 rows begin, 1 ends, 0 go on unchanged." in text_of(after)
    source = AuthorizationList.objects.get(name="List of 2026")
    assert (source.file_name, source.entered_by) == ("list.csv", cast.policy_editor.user)
    assert source.rules.count() == 2


def test_a_list_can_replace_from_a_day(editor):
    kept("97110", PA)

    preview = shown(
        editor, f"{FIRST}97545,No,2024-01-01\n", way="replaces", replaces_from="2026-07-01"
    )
    store(editor, preview)

    assert "It replaces from 2026-07-01" in text_of(preview)
    assert AuthorizationRule.objects.get(low="97110").valid_to == date(2026, 6, 30)


def test_every_bad_line_is_told_and_what_was_typed_stays(editor):
    page = text_of(shown(editor, f"{FIRST}1,PA,2026-01-01\n97545,?,2026-01-01\n"))

    assert "Line 2: “1” is not written like a code of any system" in page
    assert "Line 3: The requirement “?” is not known" in page
    assert 'value="List of 2026"' in page
    assert not AuthorizationList.objects.exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"way": "replaces"}, "Write the day from which the new list replaces."),
        ({"replaces_from": "2026-07-01"}, "A day to replace from is given: choose “replaces”"),
        ({"way": "replaces", "replaces_from": "July"}, "Write the day as 2026-03-02."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_is_missing_is_told(more, sentence, editor):
    assert sentence in text_of(shown(editor, f"{FIRST}97545,PA,2026-01-01\n", **more))


def test_a_list_stored_meanwhile_is_shown_again(editor):
    preview = shown(editor, f"{FIRST}97545,No,2026-07-01\n")
    kept("97545", PA)

    again = store(editor, preview)

    assert "Nothing was stored. The rows have changed since this was shown" in text_of(again)
    assert "1 row begins, 1 ends" in text_of(again)
    assert not AuthorizationList.objects.filter(name="List of 2026").exists()
    store(editor, again)
    assert AuthorizationList.objects.filter(name="List of 2026").exists()


def test_the_same_file_twice_is_refused_with_its_day(editor):
    text = f"{FIRST}97545,PA,2026-01-01\n"
    preview = shown(editor, text)
    store(editor, preview)

    assert "This very file was stored on " in text_of(shown(editor, text))
    assert "Nothing was stored. This very file was stored on" in text_of(store(editor, preview))
    assert AuthorizationList.objects.count() == 1


@pytest.mark.parametrize("token", ["", "x", "a:b:c"])
def test_what_was_not_shown_is_not_stored(token, editor):
    page = editor.post(f"{LISTS}add/", {"shown": token}, follow=True)

    assert "What was shown is too old: choose the file again." in text_of(page)
    assert not AuthorizationList.objects.exists()


def test_an_end_in_the_past_is_pointed_out(editor):
    kept("97545", PA, valid_from=date(2020, 1, 1))

    page = text_of(shown(editor, f"{FIRST}97545,No,2021-01-01\n"))

    assert "1 row ends on a day that is past: answers for the days since then change." in page


# Rows


def test_a_row_is_entered_by_hand_under_a_new_document(editor, cast):
    editor.post(f"{ROWS}add/", ROW)

    rule = AuthorizationRule.objects.get()
    assert (rule.lower, rule.upper, rule.system) == ("97545", "97546~", "CPT")
    assert (rule.requirement, rule.note) == (PA, "By fax.")
    assert (rule.source.name, rule.source.entered_by) == ("Notice 7", cast.policy_editor.user)
    assert LogEntry.objects.get().change_message == "Entered by hand: The notice says so."


def test_a_row_is_entered_under_a_document_that_is_there(editor):
    source = kept("97110", PA).source

    editor.post(f"{ROWS}add/", ROW | {"source": source.pk, "document": ""})

    assert AuthorizationRule.objects.get(low="97545").source == source


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"low": "1"}, "“1” is not written like a code of any system: check its characters."),
        ({"high": "97001"}, "The range 97545 - 97001 stands upside down: turn it round."),
        ({"high": "E0148"}, "are codes of different systems: give each its own row."),
        ({"system": "HCPCS"}, "“97545” is not written like a code of HCPCS, but of CPT."),
        ({"document": ""}, "Choose a source document, or name a new one; not both."),
        ({"valid_to": "2025-01-01"}, "The last day is before the first, 2026-01-01: check both."),
        ({"reason": ""}, "This field is required."),
        ({"state": "XX"}, "Select a valid choice."),
    ],
)
def test_a_bad_row_is_refused_and_nothing_is_lost(changes, sentence, editor):
    page = text_of(editor.post(f"{ROWS}add/", ROW | changes))

    assert sentence in page
    assert "By fax." in page
    assert not AuthorizationRule.objects.exists()
    assert not AuthorizationList.objects.exists()


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ({"low": "97546", "high": "97550"}, "where both hold a code they contradict each other."),
        (
            {"low": "97545", "high": "97546", "valid_from": date(2025, 1, 1)},
            "where both hold a code, this row governs, as it begins later.",
        ),
        (
            {"low": "97545", "high": "97546", "valid_from": date(2026, 7, 1)},
            "where both hold a code, that row governs, as it begins later.",
        ),
    ],
)
def test_rows_of_equal_rank_are_warned_of_until_they_are_meant(others, sentence, editor):
    kept(requirement=NOTICE, **others)

    assert sentence in text_of(editor.post(f"{ROWS}add/", ROW))
    assert AuthorizationRule.objects.count() == 1
    editor.post(f"{ROWS}add/", ROW | {"is_meant": "on"})
    assert AuthorizationRule.objects.count() == 2


@pytest.mark.parametrize(
    "others",
    [
        {"state": "TX"}, {"plan": "Oak"}, {"line_of_business": "medicaid"},
        {"valid_from": date(2025, 1, 1), "valid_to": date(2025, 12, 31)},
        {"valid_to": date(2025, 12, 31)},  # withdrawn
    ],
)  # fmt: skip
def test_rows_for_other_people_or_days_are_no_overlap(others, editor):
    kept("97545", NOTICE, "97546", **others)

    editor.post(f"{ROWS}add/", ROW)

    assert AuthorizationRule.objects.count() == 2


def test_the_same_row_from_the_same_day_is_refused_even_if_meant(editor):
    kept("97545", NOTICE, "97546")

    page = text_of(editor.post(f"{ROWS}add/", ROW | {"is_meant": "on"}))

    assert "A row for these codes and people begins on 2026-01-01 already, in" in page


def test_an_exception_in_a_range_is_stored_and_told(editor):
    kept("97000", NOTICE, "97799")

    page = text_of(editor.post(f"{ROWS}add/", ROW, follow=True))

    assert "97545 - 97546 goes before the wider row 97000 - 97799 of" in page


def change(client, rule, **typed):
    return client.post(f"{ROWS}{rule.pk}/change/", {"reason": "It was lifted."} | typed)


def test_a_row_ends_with_a_reason_and_then_only_sooner(editor):
    rule = kept("97545", PA)

    change(editor, rule, valid_to="2026-12-31")
    change(editor, rule, valid_to="2026-06-30")
    later = change(editor, rule, valid_to="2026-07-31")

    assert "The row ends on 2026-06-30. An end can only be brought forward" in text_of(later)
    rule.refresh_from_db()
    assert rule.valid_to == date(2026, 6, 30)
    said = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert list(said) == [
        "Ended on 2026-12-31: It was lifted.",
        "Ended on 2026-06-30: It was lifted.",
    ]


def test_a_wrong_row_is_withdrawn_and_then_only_looked_at(editor):
    rule = kept("97545", PA)

    assert "write that day or a later one" in text_of(change(editor, rule, valid_to="2025-12-30"))
    change(editor, rule, valid_to="2025-12-31")

    rule.refresh_from_db()
    assert rule.is_withdrawn
    assert LogEntry.objects.get().change_message == "Withdrawn: It was lifted."
    assert 'name="valid_to"' not in text_of(editor.get(f"{ROWS}{rule.pk}/change/"))


@pytest.mark.parametrize("missing", ["valid_to", "reason"])
def test_an_end_needs_its_day_and_its_reason(missing, editor):
    rule = kept("97545", PA)

    page = change(editor, rule, **{"valid_to": "2026-12-31", missing: ""})

    assert "This field is required." in text_of(page)


def test_nothing_but_the_end_is_written(editor):
    rule = kept("97545", PA)

    change(editor, rule, valid_to="2026-12-31", requirement=NONE, low="97110", note="Mine.")

    rule.refresh_from_db()
    assert (rule.requirement, rule.low, rule.note) == (PA, "97545", "")


# Finding rows


@pytest.mark.parametrize("typed", ["97545", " 97545 "])
def test_a_code_finds_the_rows_that_hold_it(typed, editor):
    kept("97545", PA)
    kept("97000", NOTICE, "97799")
    kept("97546", PA, note="97545 is another.")

    assert listed(editor, q=typed) == ["97000 - 97799", "97545"]


@pytest.mark.parametrize("typed", ["by fax", "silver", "notice of may"])
def test_words_find_rows_by_note_plan_and_source(typed, editor):
    kept("97545", PA, note="By fax.", plan="Silver Oak", source="Notice of May")
    kept("97546", PA)

    assert listed(editor, q=typed) == ["97545"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"requirement__exact": NOTICE}, ["E0148"]),
        ({"line_of_business__exact": "medicaid"}, ["97110"]),
        ({"state__exact": "TX"}, ["97110"]),
        ({"on": "2026-03-02"}, ["97110", "E0148"]),
        ({"on": "2019-12-31"}, ["97001"]),
        ({"on": "to-come"}, ["97999"]),
        ({"on": "ended"}, ["97001"]),
        ({"on": "withdrawn"}, ["97002"]),
        ({"on": "2026-03-02", "state__exact": "TX"}, ["97110"]),
        ({"on": "nonsense"}, ["97001", "97002", "97110", "97999", "E0148"]),
    ],
)
def test_rows_are_narrowed(query, expected, editor):
    kept("97110", PA, line_of_business="medicaid", state="TX")
    kept("E0148", NOTICE)
    kept("97001", PA, valid_from=date(2019, 1, 1), valid_to=date(2019, 12, 31))
    kept("97999", PA, valid_from=date(2090, 1, 1))
    kept("97002", PA, valid_to=date(2025, 12, 31))

    assert listed(editor, **query) == expected


def test_a_typed_day_keeps_the_other_filters(editor):
    page = text_of(editor.get(ROWS, {"state__exact": "TX", "on": "2026-03-02"}))

    assert '<input type="hidden" name="state__exact" value="TX">' in page
    assert 'aria-label="Day" value="2026-03-02"' in page


def test_a_document_leads_to_its_rows(editor):
    source = kept("97545", PA).source
    kept("97546", PA, source="Another")

    page = text_of(editor.get(f"{LISTS}{source.pk}/change/"))

    assert f'href="{ROWS}?source__id__exact={source.pk}"' in page
    assert listed(editor, source__id__exact=source.pk) == ["97545"]


# Who may


@pytest.mark.parametrize("person", ["nurse", "administrator", "auditor", "policy_approver"])
def test_only_editors_write(person, cast, client):
    client.force_login(getattr(cast, person).user)
    rule = kept("97545", PA)

    responses = [
        shown(client, f"{FIRST}97110,PA,2026-01-01\n"), client.post(f"{ROWS}add/", ROW),
        change(client, rule, valid_to="2026-12-31"),
    ]  # fmt: skip

    assert {one.status_code for one in responses} <= {302, 403}
    assert AuthorizationRule.objects.get().valid_to is None
    assert AuthorizationList.objects.count() == 1


def test_approvers_look(cast, client):
    client.force_login(cast.policy_approver.user)
    rule = kept("97545", PA)

    assert listed(client) == ["97545"]
    page = text_of(client.get(f"{ROWS}{rule.pk}/change/"))
    assert "goes on" in page
    assert 'name="valid_to"' not in page


def test_nobody_deletes(editor):
    rule = kept("97545", PA)

    assert editor.post(f"{ROWS}{rule.pk}/delete/", {"post": "yes"}).status_code == 403
    assert editor.post(f"{LISTS}{rule.source_id}/delete/", {"post": "yes"}).status_code == 403
