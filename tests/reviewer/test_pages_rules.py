"""The page of a rule: who may read it, and what it says."""

import pytest
from django.utils.html import strip_tags

from reviewer.models import RuleRow
from reviewer.workflow.rule_words import CONFIDENCE, sentences_of
from reviewer.workflow.rules import approve_rule_change, propose_rule_change
from tests.factories import now

pytestmark = pytest.mark.django_db
LIMIT = "ERISA.PRE.INIT"
PAGE = f"/rules/{LIMIT}"
READERS = [
    "intake",
    "nurse",
    "physician",
    "appeals_coordinator",
    "supervisor",
    "auditor",
    "policy_editor",
    "policy_approver",
]


def text(response):
    return " ".join(strip_tags(response.content.decode()).split())


def columns(key=LIMIT, table="rules"):
    return RuleRow.objects.current().get(table=table, key=key).row


def changed(cast, row, table="rules", key=LIMIT):
    change = propose_rule_change(
        table=table, key=key, row=row, reason="The contract with the plan.",
        by=cast.policy_editor.user, at=now(),
    )  # fmt: skip
    approve_rule_change(change=change, by=cast.policy_approver.user, at=now())


@pytest.mark.parametrize("who", READERS)
def test_whoever_works_by_a_rule_reads_it(cast, sign_in, who):
    response = sign_in(getattr(cast, who)).get(PAGE)

    assert response.status_code == 200
    assert "29 CFR 2560.503-1(f)(2)(iii)(A)" in text(response)


def test_an_administrator_of_accounts_does_not(cast, sign_in):
    assert sign_in(cast.administrator).get(PAGE).status_code == 403


def test_it_is_only_read(cast, sign_in):
    assert sign_in(cast.nurse).post(PAGE).status_code == 405


@pytest.mark.parametrize("name", ["NONE", "ERISA.PRE", "christmas_day"])
def test_a_rule_that_is_not_there_is_said_so(cast, sign_in, name):
    assert sign_in(cast.nurse).get(f"/rules/{name}").status_code == 404


def test_a_limit_is_told_in_words(cast, sign_in):
    page = text(sign_in(cast.nurse).get(PAGE))

    assert "ERISA, initial, decision, pre service, standard" in page
    assert "15 calendar days after “received”." in page
    assert (
        "It may be extended once by 15 calendar days, for matters beyond plan control or claimant"
        " information missing." in page
    )
    assert "at least 45 calendar days to answer" in page
    assert "Confidence V: confirmed in the official text." in page


def test_a_reading_that_steps_cite_has_its_page(cast, sign_in):
    page = text(sign_in(cast.nurse).get("/rules/C3"))

    assert "never moves for a weekend or a holiday." in page


def test_versions_say_what_changed_and_why_and_by_whom(cast, sign_in):
    changed(cast, columns() | {"number": "10"})

    page = text(sign_in(cast.nurse).get(PAGE))

    assert "Number: 15 10" in page
    assert "The contract with the plan. Proposed by Paul Ostrom on" in page
    assert "approved by Hana Sato on" in page
    assert "As shipped." in page


def test_a_row_that_ended_keeps_its_page(cast, sign_in):
    changed(cast, None)

    page = text(sign_in(cast.nurse).get(PAGE))

    assert "This row ended." in page
    assert "15 calendar days after “received”." in page


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("ERISA.URG.INIT", "72 hours after “received”."),
        ("ERISA.CON.REDUCE", "At least 40 calendar days before “effective date”."),
        ("EXT.EXP.PRELIM", "At once: by the very time of “external review requested”."),
        ("ERISA.APP.MAX", "At most 2 appeal levels."),
        ("MCD.EXTN", "A fact, by which nothing is due."),
    ],
)
def test_every_kind_of_limit_has_its_sentence(key, sentence):
    assert sentences_of(columns(key))[0] == sentence


def test_every_limit_can_be_told():
    for one in RuleRow.objects.current().filter(table="rules"):
        assert all(sentence.endswith(".") for sentence in sentences_of(one.row)), one.key


def test_every_mark_is_explained():
    marks = {one.row.get("confidence") for one in RuleRow.objects.current()} - {None}

    assert marks <= set(CONFIDENCE)
