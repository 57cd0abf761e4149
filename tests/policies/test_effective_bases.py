"""By which day versions are chosen: which basis holds, and how two people change it."""

import pytest

from policies.effective_bases import (
    approve_basis,
    bases_that_may_hold,
    decline_basis,
    goes_by,
    line_bases,
    propose_basis,
)
from policies.models import BasisChange, Bulletin
from policies.refusals import Refused
from tests.policies.library import AT, draft, person, published

pytestmark = pytest.mark.django_db
SERVICE, RECEIPT, PROCESSING = "date_of_service", "receipt", "processing"
LINES = [
    "commercial_insured", "commercial_self_funded", "marketplace", "medicare_advantage",
    "integrated_dsnp", "medicaid",
]  # fmt: skip
PLAIN = dict.fromkeys(LINES, SERVICE)
AS_THE_LINE = "as the line of business:"
ONE_BY_RECEIPT = "date of receipt for Medicaid managed care, date of service for the others"
TWO_BY_RECEIPT = (
    "date of receipt for Commercial, insured; and Medicaid managed care, date of service for the"
    " others"
)
MEDICAID = PLAIN | {"medicaid": RECEIPT}


def proposed(by, **facts):
    said = {"line_of_business": "medicaid", "basis": RECEIPT, "reason": "The contract."} | facts
    return propose_basis(**said, by=by, at=AT)


# Which basis holds


@pytest.mark.parametrize(
    ("own", "line", "bases", "held"),
    [
        ("", "medicaid", PLAIN, (SERVICE,)),
        ("", "medicaid", MEDICAID, (RECEIPT,)),
        ("", "marketplace", MEDICAID, (SERVICE,)),
        (PROCESSING, "medicaid", MEDICAID, (PROCESSING,)),
        (SERVICE, "medicaid", MEDICAID, (SERVICE,)),
        ("", "", PLAIN, (SERVICE,)),
        ("", "", MEDICAID, (SERVICE, RECEIPT)),
        ("", "", dict.fromkeys(LINES, RECEIPT), (RECEIPT,)),
        (PROCESSING, "", MEDICAID, (PROCESSING,)),
        ("", "unheard_of", MEDICAID, (SERVICE,)),
    ],
)
def test_the_basis_of_the_bulletin_holds_else_that_of_the_line(own, line, bases, held):
    assert bases_that_may_hold(own, line, bases) == held


def test_every_line_goes_by_date_of_service_until_a_change_is_approved(ann):
    assert line_bases() == PLAIN

    proposed(ann)

    assert line_bases() == PLAIN


@pytest.mark.parametrize(
    ("own", "bases", "words"),
    [
        ("", PLAIN, "as the line of business: date of service for all"),
        ("", dict.fromkeys(LINES, RECEIPT), "as the line of business: date of receipt for all"),
        (
            "",
            MEDICAID,
            f"{AS_THE_LINE} {ONE_BY_RECEIPT}",
        ),
        (
            "",
            MEDICAID | {"commercial_insured": RECEIPT, "marketplace": PROCESSING},
            f"{AS_THE_LINE} date of processing for Marketplace, {TWO_BY_RECEIPT}",
        ),
        (RECEIPT, PLAIN, "date of receipt, whatever the line of business"),
    ],
)
def test_what_a_bulletin_goes_by_is_said_in_words(own, bases, words):
    assert goes_by(own, bases) == words


# Two people


def test_a_second_person_changes_what_a_line_goes_by(ann, ben):
    change = approve_basis(change=proposed(ann), by=ben, at=AT)

    assert (change.proposed_by, change.decided_by, change.is_approved) == (ann, ben, True)
    assert line_bases() == MEDICAID


def test_a_second_person_changes_what_a_published_bulletin_goes_by(ann, ben):
    bulletin = published().bulletin
    change = proposed(ann, bulletin=bulletin, line_of_business="", basis=PROCESSING)
    assert Bulletin.objects.get().effective_basis == ""

    approve_basis(change=change, by=ben, at=AT)

    assert Bulletin.objects.get().effective_basis == PROCESSING


def test_a_bulletin_goes_back_to_the_day_of_the_line(ann, ben):
    bulletin = published(effective_basis=RECEIPT).bulletin
    change = proposed(ann, bulletin=bulletin, line_of_business="", basis="")

    approve_basis(change=change, by=ben, at=AT)

    assert Bulletin.objects.get().effective_basis == ""


def test_a_line_goes_back_to_date_of_service(ann, ben):
    approve_basis(change=proposed(ann), by=ben, at=AT)

    approve_basis(change=proposed(ann, basis=SERVICE), by=ben, at=AT)

    assert line_bases() == PLAIN


def test_nobody_approves_an_own_change(ann):
    with pytest.raises(Refused, match="ann proposed this change, and nobody approves an own"):
        approve_basis(change=proposed(ann), by=ann, at=AT)

    assert line_bases() == PLAIN


@pytest.mark.parametrize("who", ["ann", "ben"])
def test_a_declined_change_leaves_everything_as_it_is(ann, ben, who):
    decline_basis(change=proposed(ann), by={"ann": ann, "ben": ben}[who], at=AT)

    assert BasisChange.objects.get().is_approved is False
    assert line_bases() == PLAIN


@pytest.mark.parametrize("verb", [approve_basis, decline_basis])
@pytest.mark.parametrize(("first", "word"), [(approve_basis, "approved"), (decline_basis, "decl")])
def test_a_change_is_decided_once(ann, ben, verb, first, word):
    change = proposed(ann)
    first(change=change, by=ben, at=AT)

    with pytest.raises(Refused, match=f"This change was {word}.* by ben on 2026-03-02 already"):
        verb(change=change, by=person("cal"), at=AT)


def test_a_line_has_one_open_change(ann, ben):
    proposed(ann)

    with pytest.raises(Refused, match="proposed for Medicaid managed care already: approve or"):
        proposed(ben, basis=PROCESSING)

    proposed(ben, line_of_business="marketplace")
    assert BasisChange.objects.count() == 2


def test_a_bulletin_has_one_open_change(ann, ben):
    bulletin = draft().bulletin
    proposed(ann, bulletin=bulletin, line_of_business="")

    with pytest.raises(Refused, match="proposed for 0907 already: approve or decline that first"):
        proposed(ben, bulletin=bulletin, line_of_business="", basis=PROCESSING)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"line_of_business": ""}, "Name one bulletin or one line of business, not both"),
        ({"line_of_business": "unheard_of"}, "Name one bulletin or one line of business"),
        ({"basis": ""}, "A line of business goes by a day of its own: choose which"),
        ({"basis": "birthday"}, "“birthday” is no day that versions are chosen by"),
        ({"reason": "  "}, "Say why: the reason stays with the change"),
        ({"basis": SERVICE}, "Medicaid managed care goes by date of service already"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(ann, facts, sentence):
    with pytest.raises(Refused, match=sentence):
        proposed(ann, **facts)

    assert not BasisChange.objects.exists()


@pytest.mark.parametrize(
    ("own", "basis", "sentence"),
    [
        ("", "", "0907 goes by the day of the line of business already"),
        (RECEIPT, RECEIPT, "0907 goes by date of receipt already"),
    ],
)
def test_a_change_of_nothing_is_refused(ann, own, basis, sentence):
    bulletin = draft(effective_basis=own).bulletin

    with pytest.raises(Refused, match=sentence):
        proposed(ann, bulletin=bulletin, line_of_business="", basis=basis)


def test_a_change_is_not_for_a_bulletin_and_a_line(ann):
    with pytest.raises(Refused, match="not both"):
        proposed(ann, bulletin=draft().bulletin)
