"""The admin's pages of bases: what everything goes by, a change proposed, and decided."""

import pytest
from django.utils.html import strip_tags

from policies.effective_bases import line_bases, propose_basis
from policies.models import BasisChange, Bulletin
from tests.policies.library import AT, lamps, published
from tests.policies.pages import queries_of

pytestmark = pytest.mark.django_db
LIST = "/admin/policies/basischange/"
FACTS = {"line_of_business": "medicaid", "bulletin": "", "basis": "receipt", "reason": "So."}


def proposed(by, **facts):
    said = {"line_of_business": "medicaid", "basis": "receipt", "reason": "The contract."} | facts
    return propose_basis(**said, by=by.user, at=AT)


def text(response):
    return " ".join(strip_tags(response.content.decode()).split())


def said(response):
    return [str(message) for message in response.context["messages"]]


def decide(client, change, decision):
    return client.post(f"{LIST}{change.pk}/decide/", {decision: "yes"}, follow=True)


# Doors


@pytest.mark.parametrize("role", ["nurse", "physician", "supervisor", "auditor"])
def test_reviewers_do_not_come_in(role, cast, client):
    client.force_login(getattr(cast, role).user)

    assert client.get(LIST).status_code == 302


def test_an_administrator_of_accounts_sees_nothing_of_it(cast, client):
    client.force_login(cast.administrator.user)

    assert client.get(LIST).status_code == 403


def test_an_approver_does_not_propose(approver):
    assert approver.get(f"{LIST}add/").status_code == 403
    assert approver.post(f"{LIST}add/", FACTS | {"propose": "1"}).status_code == 403


def test_an_editor_does_not_decide_for_others(cast, editor):
    change = proposed(cast.policy_approver)

    assert decide(editor, change, "approve").status_code == 403
    assert decide(editor, change, "decline").status_code == 403


def test_a_decision_is_posted(cast, approver):
    change = proposed(cast.policy_editor)

    assert approver.get(f"{LIST}{change.pk}/decide/").status_code == 405


@pytest.mark.parametrize("pk", ["0", "99", "x"])
def test_a_change_that_is_not_there_is_said_so(approver, pk):
    assert approver.get(f"{LIST}{pk}/change/").status_code == 404


# How things stand


def test_all_six_lines_stand_there_with_what_they_go_by(editor):
    published(lines_of_business=["medicaid", "marketplace"])
    published(lamps(number="0910"))
    published(lamps(number="0911"), effective_basis="receipt")

    page = text(editor.get(LIST))

    for line, bulletins in [
        ("Commercial, insured", 1), ("Commercial, self-funded", 1), ("Marketplace", 2),
        ("Medicare Advantage", 1), ("Integrated D-SNP", 1), ("Medicaid managed care", 2),
    ]:  # fmt: skip
        assert f"{line} date of service the start {bulletins} Propose" in page
    assert "0911 Lamps date of receipt, whatever the line of business 1 Propose" in page
    assert "0907 Lamps" not in page


def test_what_is_proposed_says_what_it_would_do(cast, editor):
    published()
    published(lamps(number="0910"), effective_basis="processing")
    proposed(cast.policy_editor)

    page = text(editor.get(LIST))

    assert (
        "Medicaid managed care would go by date of receipt; now by date of service. That touches"
        " 1 published bulletin; 1 other with a day of their own would stay. What is signed stays"
        " as it was signed."
    ) in page
    assert "The contract." in page


def test_the_page_takes_a_fixed_number_of_queries(cast, editor):
    published()
    few = queries_of(editor, LIST)
    for number in range(3):
        published(lamps(number=f"092{number}"), effective_basis="receipt")

    assert queries_of(editor, LIST) == few


# Proposing


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("bulletin=0907", '<input type="text" name="bulletin" value="0907"'),
        ("line_of_business=medicaid", '<option value="medicaid" selected>'),
    ],
)
def test_a_link_says_for_whom_another_day_is_proposed(editor, question, field):
    assert field in editor.get(f"{LIST}add/?{question}").content.decode()


def test_an_editor_sees_what_a_change_would_do_and_nothing_is_stored(editor):
    published()

    page = text(editor.post(f"{LIST}add/", FACTS | {"preview": "1"}))

    assert "If it is approved: Medicaid managed care would go by date of receipt" in page
    assert not BasisChange.objects.exists()


def test_an_editor_proposes_a_day_for_a_line(cast, editor):
    response = editor.post(f"{LIST}add/", FACTS | {"propose": "1"}, follow=True)

    change = BasisChange.objects.get()
    assert (change.line_of_business, change.basis, change.reason) == ("medicaid", "receipt", "So.")
    assert change.proposed_by == cast.policy_editor.user
    assert said(response)[0].startswith("Proposed; it waits for a second person.")
    assert "Take it back" in response.content.decode()
    assert "Approve this change" not in response.content.decode()
    assert line_bases()["medicaid"] == "date_of_service"


def test_an_editor_proposes_a_day_for_a_bulletin(editor):
    published()
    facts = FACTS | {"line_of_business": "", "bulletin": "0907"}

    response = editor.post(f"{LIST}add/", facts | {"propose": "1"}, follow=True)

    assert BasisChange.objects.get().bulletin.number == "0907"
    assert (
        "0907 would go by: date of receipt, whatever the line of business. Now: as the line of"
        " business: date of service for all. That touches 1 bulletin with 1 published version."
    ) in text(response)


def test_an_editor_proposes_that_a_bulletin_goes_as_the_line(editor):
    published(effective_basis="receipt")
    facts = {"line_of_business": "", "bulletin": "0907", "basis": "as_the_line", "reason": "So."}

    editor.post(f"{LIST}add/", facts | {"propose": "1"})

    assert BasisChange.objects.get().basis == ""


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"bulletin": "0907"}, "Choose a line of business or a bulletin, not both."),
        ({"line_of_business": ""}, "Choose a line of business or a bulletin, not both."),
        ({"line_of_business": "", "bulletin": "0999"}, "No bulletin has the number 0999."),
        ({"reason": ""}, "This field is required."),
        ({"basis": "date_of_service"}, "goes by date of service already: choose another day."),
        ({"basis": ""}, "This field is required."),
        ({"basis": "as_the_line"}, "A line of business goes by a day of its own: choose which."),
    ],
)
def test_a_change_that_may_not_be_is_refused_with_what_was_typed(editor, facts, sentence):
    published()

    response = editor.post(f"{LIST}add/", FACTS | facts | {"propose": "1"})

    assert response.status_code == 200
    assert sentence in text(response)
    assert response.context["form"].data["reason"] == (FACTS | facts)["reason"]
    assert not BasisChange.objects.exists()


# Deciding


def test_an_approver_approves(cast, approver):
    change = proposed(cast.policy_editor)
    assert "Approve this change" in approver.get(f"{LIST}{change.pk}/change/").content.decode()

    response = decide(approver, change, "approve")

    assert said(response) == ["Approved: it holds from now on."]
    assert line_bases()["medicaid"] == "receipt"
    page = text(approver.get(LIST))
    assert "Medicaid managed care: date of receipt approved on" in page
    assert "by Hana Sato The contract. Paul Ostrom on 2026-03-02" in page


def test_an_approver_declines(cast, approver):
    change = proposed(cast.policy_editor)

    assert said(decide(approver, change, "decline")) == ["Nothing changes."]
    assert line_bases()["medicaid"] == "date_of_service"


def test_an_editor_takes_an_own_change_back(cast, editor):
    change = proposed(cast.policy_editor)

    assert said(decide(editor, change, "decline")) == ["Nothing changes."]
    assert BasisChange.objects.get().is_approved is False


def test_nobody_approves_an_own_change(cast, approver):
    change = proposed(cast.policy_approver)

    response = decide(approver, change, "approve")

    assert "nobody approves an own change" in said(response)[0]
    assert BasisChange.objects.get().is_approved is None


def test_a_decided_change_is_said_to_be_decided(cast, approver):
    bulletin = published().bulletin
    change = proposed(cast.policy_editor, line_of_business="", bulletin=bulletin)
    decide(approver, change, "approve")

    response = decide(approver, change, "decline")

    assert "was approved by hsato on" in said(response)[0]
    assert Bulletin.objects.get().effective_basis == "receipt"
