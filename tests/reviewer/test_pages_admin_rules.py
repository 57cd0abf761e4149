"""The admin's pages of rules: read as tables, a change proposed, and decided by a second person."""

import csv
import re
from io import StringIO

import pytest
from django.utils.html import strip_tags

from reviewer.clocks import TABLES, RuleBook, shipped_rows
from reviewer.models import Clock, RuleChange, RuleRow, RuleTable
from reviewer.workflow.rule_book import row_of
from reviewer.workflow.rules import approve_rule_change, propose_from_day, propose_rule_change
from reviewer.workflow.rules_told import meanings
from tests.factories import make_request, now
from tests.reviewer.pages import queries_of

pytestmark = pytest.mark.django_db
LIST = "/admin/reviewer/rulerow/"
CHANGES = "/admin/reviewer/rulechange/"
LIMIT = "ERISA.PRE.INIT"
ROW = f"{LIST}rows/rules/{LIMIT}/"
PROPOSE = f"{ROW}propose/"
END = f"{ROW}end/"
REASON = "The contract with the plan."


@pytest.fixture
def editor(cast, sign_in):
    return sign_in(cast.policy_editor)


@pytest.fixture
def approver(cast, sign_in):
    return sign_in(cast.policy_approver)


def text(response):
    return " ".join(strip_tags(response.content.decode()).split())


def buttons(response):
    return re.findall(
        r'<input class="\w+" type="submit"[^>]* value="([^"]+)"', response.content.decode()
    )


def said(response):
    return [str(message) for message in response.context["messages"]]


def columns(table="rules", key=LIMIT):
    return RuleRow.objects.current().get(table=table, key=key).row


def proposed(by, **changes):
    return propose_rule_change(
        table="rules", key=LIMIT, row=columns() | {"number": "10"} | changes, reason=REASON,
        by=by.user, at=now(),
    )  # fmt: skip


def typed(table="rules", key=LIMIT, **changes):
    """What a browser sends of the form of a row: alternatives one by one."""
    row = columns(table, key)
    sent = {}
    for one in TABLES[table].columns:
        is_split = one.kind == "words" and one.choices and not one.is_open
        sent[one.name] = list(filter(None, row[one.name].split("|"))) if is_split else row[one.name]
    return {"reason": REASON, **sent, **changes}


def keys(response):
    return [line.key for line in response.context["lines"]]


def on_every_page(client, asked):
    """The keys of the rows on all pages of a list, in their order."""
    pages = client.get(LIST, asked).context["page"].paginator.page_range
    return [key for page in pages for key in keys(client.get(LIST, asked | {"page": page}))]


def decide(client, change, decision):
    return client.post(f"{CHANGES}{change.pk}/decide/", {decision: "yes"}, follow=True)


# Doors

PAGES = [LIST, f"{LIST}to-confirm/", f"{LIST}csv/", ROW, CHANGES]


@pytest.mark.parametrize("page", [*PAGES, PROPOSE, END, f"{LIST}add/"])
@pytest.mark.parametrize("who", ["intake", "nurse", "physician", "supervisor", "auditor"])
def test_reviewers_do_not_come_in(cast, sign_in, who, page):
    assert sign_in(getattr(cast, who)).get(page).status_code == 302


@pytest.mark.parametrize("page", [*PAGES, PROPOSE, END, f"{LIST}add/"])
def test_an_administrator_of_accounts_sees_nothing_of_it(cast, sign_in, page):
    assert sign_in(cast.administrator).get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["policy_editor", "policy_approver"])
def test_policy_staff_read_everything(cast, sign_in, who, page):
    assert sign_in(getattr(cast, who)).get(page).status_code == 200


@pytest.mark.parametrize("page", [PROPOSE, END, f"{LIST}add/"])
def test_an_approver_does_not_propose(approver, page):
    assert approver.get(page).status_code == 403
    assert approver.post(page, typed() | {"propose": "1"}).status_code == 403
    assert not RuleChange.objects.exists()


def test_an_editor_does_not_decide_for_others(cast, editor):
    change = proposed(cast.policy_editor)
    change_of_another = RuleChange.objects.create(
        table="rules", key="OTHER", row={}, reason="So.", proposed_by=cast.policy_approver.user,
        proposed_at=now(),
    )  # fmt: skip

    assert decide(editor, change, "approve").status_code == 403
    assert decide(editor, change_of_another, "decline").status_code == 403


@pytest.mark.parametrize("who", ["nurse", "administrator"])
def test_nobody_else_decides(cast, sign_in, who):
    change = proposed(cast.policy_editor)

    decide(sign_in(getattr(cast, who)), change, "approve")

    assert RuleChange.objects.get().is_approved is None


def test_a_decision_is_posted(cast, approver):
    change = proposed(cast.policy_editor)

    assert approver.get(f"{CHANGES}{change.pk}/decide/").status_code == 405


@pytest.mark.parametrize(
    "page",
    [
        f"{LIST}rows/rules/NONE/",
        f"{LIST}rows/nothing/{LIMIT}/",
        f"{LIST}rows/rules/NONE/propose/",
        f"{LIST}rows/rules/NONE/end/",
        f"{LIST}0/change/",
        f"{LIST}x/change/",
        f"{CHANGES}0/change/",
        f"{CHANGES}x/change/",
    ],
)
def test_what_is_not_there_is_said_so(editor, page):
    assert editor.get(page).status_code == 404


def test_the_address_of_a_version_leads_to_its_row(editor):
    version = row_of(LIMIT)

    assert editor.get(f"{LIST}{version.pk}/change/")["Location"] == ROW


@pytest.mark.parametrize("what", ["delete", "change"])
def test_nothing_is_deleted_or_changed_in_djangos_way(editor, what):
    version = row_of(LIMIT)

    editor.post(f"{LIST}{version.pk}/{what}/", {"post": "yes"})

    assert row_of(LIMIT) == version


# Read as a table


@pytest.mark.parametrize("table", RuleTable.values)
def test_every_table_has_its_tab_with_a_sentence_and_all_its_rows(editor, table):
    response = editor.get(LIST, {"table": table})

    shown = on_every_page(editor, {"table": table})
    assert sorted(shown) == sorted(row[TABLES[table].key] for row in shipped_rows(table))
    assert response.context["about"] in text(response).replace("&#x27;", "'")


def test_a_limit_is_read_in_words(editor):
    page = text(editor.get(LIST, {"q": LIMIT}))

    assert "15 calendar days after “received”. It may be extended once by 15 calendar days" in page


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"line": "texas"}, lambda row: "texas" in row["line_of_business"].split("|")),
        ({"stage": "grievance"}, lambda row: "grievance" in row["stage"].split("|")),
        ({"mark": "CHOICE"}, lambda row: row["confidence"] == "CHOICE"),
        ({"mark": "to_confirm"}, lambda row: row["confidence"] in {"G", "V_old", "CHOICE"}),
        (
            {"line": "medicare_advantage", "mark": "V_old"},
            lambda row: (
                (row["line_of_business"], row["confidence"]) == ("medicare_advantage", "V_old")
            ),
        ),
    ],
)
def test_rows_are_chosen_by_filters(editor, asked, wanted):
    found = on_every_page(editor, asked)

    assert sorted(found) == sorted(one["rule_id"] for one in shipped_rows("rules") if wanted(one))
    assert found


def test_a_page_of_a_table_is_short_and_leads_on_with_what_was_asked(editor):
    first = editor.get(LIST, {"line": "medicare_advantage", "page": "1"})
    beyond = editor.get(LIST, {"line": "medicare_advantage", "page": "99"})

    assert len(keys(first)) == 30
    assert "1 to 30 of" in text(first)
    assert 'rel="next" href="?line=medicare_advantage&amp;page=2"' in first.content.decode()
    assert "csv/?line=medicare_advantage&amp;table=rules" in first.content.decode()
    assert keys(beyond)[-1] == on_every_page(editor, {"line": "medicare_advantage"})[-1]
    assert "Pages of rows" not in editor.get(LIST, {"line": "texas"}).content.decode()


def test_rows_are_found_by_words(editor):
    assert keys(editor.get(LIST, {"q": "4904 deemed"})) == [
        one["rule_id"]
        for one in sorted(shipped_rows("rules"), key=lambda row: row["rule_id"])
        if "4904" in one["citation"] and "deemed" in one["missed_outcome"]
    ]
    assert "No row is like that." in text(editor.get(LIST, {"q": "full moon"}))


def test_rows_changed_here_are_marked(cast, approver):
    decide(approver, proposed(cast.policy_editor), "approve")

    response = approver.get(LIST, {"own": "1"})

    assert keys(response) == [LIMIT]
    assert "changed here" in text(response)


def test_a_proposal_shows_in_the_list(cast, editor):
    proposed(cast.policy_editor)

    assert "a change is proposed" in text(editor.get(LIST, {"q": LIMIT}))


def test_a_table_takes_few_queries_however_long_it_is(editor):
    assert queries_of(editor, LIST) <= 16
    assert queries_of(editor, f"{LIST}?table=zones") <= 16


def test_what_is_to_confirm_is_listed_by_table(editor):
    response = editor.get(f"{LIST}to-confirm/")

    shown = [line.key for _, _, lines in response.context["tables"] for line in lines]
    marked = [
        row[TABLES[table].key]
        for table in ("rules", "holidays", "regimes")
        for row in shipped_rows(table)
        if row["confidence"] in {"G", "V_old", "CHOICE"}
    ]
    assert sorted(shown) == sorted(marked)
    assert f"{len(marked)} rows to confirm" in text(response)


def opened(response):
    return [one.name for one in response.context["form"].groups if one.is_open]


def test_a_long_form_opens_what_is_mostly_changed_and_tells_the_rest(editor):
    response = editor.get(PROPOSE)

    assert opened(response) == ["The limit", "In force"]
    assert "ERISA · initial · decision · pre service · standard" in text(response)
    assert response.content.decode().count('<details class="module" open>') == 2


def test_a_group_with_something_to_mend_or_another_value_is_open(editor):
    wrong = editor.post(PROPOSE, typed(citation="", tolls="false") | {"preview": "1"})

    assert opened(wrong) == ["The limit", "Extension and waiting", "In force", "Source"]


def test_what_is_to_be_confirmed_is_open(editor):
    response = editor.get(f"{PROPOSE}?confidence=V2")

    assert opened(response) == ["The limit", "In force", "Source"]


def test_a_new_row_and_a_short_table_are_open(editor):
    for page in (f"{LIST}add/?like={LIMIT}", f"{LIST}rows/zones/default/propose/"):
        response = editor.get(page)
        assert opened(response) == [one.name for one in response.context["form"].groups]


@pytest.mark.parametrize("table", RuleTable.values)
def test_a_table_goes_out_as_a_file_like_the_shipped_one(editor, table):
    response = editor.get(f"{LIST}csv/", {"table": table})

    rows = list(csv.DictReader(StringIO(response.content.decode())))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{table}.csv"'
    key = TABLES[table].key
    assert sorted(rows, key=lambda row: row[key]) == sorted(
        shipped_rows(table), key=lambda row: row[key]
    )
    assert list(rows[0]) == list(shipped_rows(table)[0])


def test_files_that_went_out_are_read_back_as_the_same_book(editor):
    out = {
        table: list(csv.DictReader(StringIO(
            editor.get(f"{LIST}csv/", {"table": table}).content.decode())))
        for table in TABLES
    }  # fmt: skip

    assert RuleBook.of(out).version == RuleBook.of({one: shipped_rows(one) for one in out}).version


@pytest.mark.parametrize("note", ["=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(A1)"])
def test_no_cell_of_a_file_is_a_formula(cast, editor, note):
    change = proposed(cast.policy_editor, note=note)
    approve_rule_change(change=change, by=cast.policy_approver.user, at=now())

    response = editor.get(f"{LIST}csv/", {"q": LIMIT})

    (row,) = [
        row for row in csv.DictReader(StringIO(response.content.decode()))
        if row["rule_id"] == LIMIT
    ]  # fmt: skip
    assert row["note"] == f"'{note}"
    assert row["number"] == "10"


def test_a_file_has_the_rows_that_are_shown(editor):
    response = editor.get(f"{LIST}csv/", {"mark": "CHOICE"})

    rows = csv.DictReader(StringIO(response.content.decode()))
    assert {row["confidence"] for row in rows} == {"CHOICE"}


# A row


def test_a_row_shows_every_column_with_its_meaning(editor):
    page = text(editor.get(ROW)).replace("&#x27;", "'")

    for one in meanings("rules"):
        if row_of(LIMIT).row[one.name]:
            assert one.label in page
            assert one.meaning in page
    assert "V: confirmed in the official text." in page


@pytest.mark.parametrize("table", RuleTable.values)
def test_every_column_of_every_table_has_a_meaning(table):
    assert {one.name for one in meanings(table)} == {one.name for one in TABLES[table].columns}
    assert all(one.label and one.meaning.endswith((".", "marks.")) for one in meanings(table))


@pytest.mark.parametrize(
    ("table", "key"),
    [("conventions", "C16"), ("holidays", "christmas_day"), ("regimes", "medicaid"),
     ("zones", "default"), ("duties", "decision")],
)  # fmt: skip
def test_rows_of_every_table_have_a_page_and_a_form(editor, table, key):
    assert editor.get(f"{LIST}rows/{table}/{key}/").status_code == 200
    assert editor.get(f"{LIST}rows/{table}/{key}/propose/").status_code == 200


def test_what_may_be_done_with_a_row_is_offered_to_the_editor(editor):
    page = text(editor.get(ROW))

    for verb in ("Propose a change", "End this row", "Add a row like it"):
        assert verb in page


def test_an_approver_is_offered_none_of_it(approver):
    page = text(approver.get(ROW))

    assert "Propose a change" not in page
    assert "Policy editors propose changes." in page


def test_a_row_to_confirm_is_confirmed_by_another_mark(cast, editor, sign_in):
    key = next(one["rule_id"] for one in shipped_rows("rules") if one["confidence"] == "G")
    page = f"{LIST}rows/rules/{key}/"
    assert "Confirm this row" in text(editor.get(page))
    form = editor.get(f"{page}propose/?confidence=V").context["form"]
    assert form["confidence"].value() == "V"

    facts = typed(key=key, confidence="V", reason="Read in the official text.")
    editor.post(f"{page}propose/", facts | {"propose": "1"})
    decide(sign_in(cast.policy_approver), RuleChange.objects.get(), "approve")

    assert row_of(key).row["confidence"] == "V"
    assert "Confirm this row" not in text(sign_in(cast.policy_editor).get(page))


# Proposing


def test_an_editor_proposes_another_limit(cast, editor):
    response = editor.post(PROPOSE, typed(number="10") | {"propose": "1"}, follow=True)

    change = RuleChange.objects.get()
    assert change.row == columns() | {"number": "10"}
    assert (change.key, change.reason) == (LIMIT, REASON)
    assert change.proposed_by == cast.policy_editor.user
    assert said(response) == ["Proposed; it waits for a second person."]
    assert "Number 15 10" in text(response)
    assert buttons(response) == ["Take it back"]


def test_a_form_that_is_sent_as_it_came_changes_nothing(editor):
    for table in RuleTable.values:
        row = shipped_rows(table)[0]
        key = row[TABLES[table].key]
        facts = typed(table, key) | {"propose": "1"}

        response = editor.post(f"{LIST}rows/{table}/{key}/propose/", facts)

        assert "nothing would change" in text(response), table


def test_it_is_shown_what_a_change_would_move_before_it_is_proposed(cast, editor):
    make_request(cast)

    response = editor.post(PROPOSE, typed(number="10") | {"preview": "1"})

    page = text(response)
    assert "If it is approved, 1 of 1 open clock moves: 1 of them to an earlier time." in page
    assert "Commercial" in page
    assert Clock.objects.get().request.number not in page
    assert response.context["form"]["number"].value() == "10"
    assert not RuleChange.objects.exists()


def test_a_limit_is_proposed_from_a_day_on(editor):
    editor.post(PROPOSE, typed(number="10", begins_on="2027-01-01") | {"propose": "1"})

    ending, beginning = RuleChange.objects.order_by("pk")
    assert ending.row["applies_to"] == "2026-12-31"
    assert (beginning.key, beginning.row["number"]) == (f"{LIMIT}.2027-01-01", "10")
    assert "The two rows are decided together." in text(editor.get(f"{CHANGES}{ending.pk}/change/"))


def test_a_row_is_added_with_the_columns_of_another(editor):
    page = f"{LIST}add/?table=rules&like={LIMIT}"
    assert editor.get(page).context["form"]["number"].value() == "15"
    assert editor.get(page).context["form"]["rule_id"].value() == ""

    facts = typed(rule_id="HARBOR.PRE", line_of_business="harbor", number="10")
    editor.post(page, facts | {"propose": "1"})

    change = RuleChange.objects.get()
    wanted = columns() | {"rule_id": "HARBOR.PRE", "line_of_business": "harbor", "number": "10"}
    assert (change.key, change.row) == ("HARBOR.PRE", wanted)


def test_an_end_is_proposed_with_its_reason(editor):
    editor.post(END, {"reason": "Repealed.", "propose": "1"})

    change = RuleChange.objects.get()
    assert (change.key, change.row, change.reason) == (LIMIT, None, "Repealed.")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"number": "ten"}, "number", "Enter a whole number."),
        ({"number": ""}, "number", "a count, 0 or more"),
        ({"citation": ""}, "citation", "This field is required."),
        ({"applies_from": "2027-01-01", "applies_to": "2026-01-01"}, "applies_to", "does not end"),
        ({"reason": ""}, "reason", "This field is required."),
        ({"number": "15"}, "__all__", "nothing would change"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(
    editor, changes, field, sentence
):
    facts = typed(**{"number": "10", "note": "Typed.", **changes})
    if field == "__all__":
        facts["note"] = columns()["note"]

    response = editor.post(PROPOSE, facts | {"propose": "1"})

    form = response.context["form"]
    assert response.status_code == 200
    assert sentence in " ".join(form.errors[field])
    assert form["note"].value() == facts["note"]
    assert not RuleChange.objects.exists()


def test_a_row_with_an_open_proposal_gets_no_second(cast, editor):
    proposed(cast.policy_editor)

    response = editor.post(PROPOSE, typed(number="12") | {"propose": "1"})

    assert "is proposed already" in text(response)
    assert "A change is proposed: look at it." in text(editor.get(ROW))


# Deciding


def test_an_approver_approves_and_sees_before_what_moves(cast, approver):
    make_request(cast)
    change = proposed(cast.policy_editor)
    page = approver.get(f"{CHANGES}{change.pk}/change/")
    assert "Number 15 10" in text(page)
    assert "If it is approved, 1 of 1 open clock moves" in text(page)
    assert buttons(page) == ["Approve this change", "Decline it"]

    response = decide(approver, change, "approve")

    assert said(response) == ["Approved: limits are computed by it from now on."]
    assert row_of(LIMIT).row["number"] == "10"
    assert "Number 15 10" in text(response)
    assert "Proposed by Paul Ostrom on" in text(approver.get(ROW))


def test_an_approver_declines(cast, approver):
    change = proposed(cast.policy_editor)

    assert said(decide(approver, change, "decline")) == ["Nothing changes."]
    assert row_of(LIMIT).version == 1


def test_an_editor_takes_an_own_change_back(cast, editor):
    change = proposed(cast.policy_editor)

    assert said(decide(editor, change, "decline")) == ["Nothing changes."]
    assert RuleChange.objects.get().is_approved is False


def test_two_rows_that_are_decided_together_are_listed_once(cast, approver):
    propose_from_day(
        table="rules", key=LIMIT, row=columns() | {"number": "10"}, reason=REASON,
        starts_on=now().date().replace(year=2090), by=cast.policy_editor.user, at=now(),
    )  # fmt: skip

    assert len(approver.get(CHANGES).context["waiting"]) == 1

    decide(approver, RuleChange.objects.latest("pk"), "approve")
    assert len(approver.get(CHANGES).context["decided"]) == 1


def test_what_can_no_longer_be_approved_says_so(cast, approver):
    """It became wrong after it was proposed: an open request needs the row."""
    change = propose_rule_change(
        table="rules", key=LIMIT, row=None, reason=REASON, by=cast.policy_editor.user, at=now()
    )
    make_request(cast)

    assert "It cannot be approved as things stand." in text(
        approver.get(f"{CHANGES}{change.pk}/change/")
    )
    assert "would have no limit any more" in said(decide(approver, change, "approve"))[0]
    assert RuleChange.objects.get().is_approved is None


def test_the_first_page_of_the_admin_leads_there(editor):
    assert re.search(rf'href="{LIST}"', editor.get("/admin/").content.decode())
