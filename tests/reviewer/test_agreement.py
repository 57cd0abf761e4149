"""A decision agrees with the answers it is signed on, and its capsule keeps them for ever."""

import json
from dataclasses import replace

import pytest

from reviewer.models import Ground, Outcome
from reviewer.workflow.agreement import contradictions
from reviewer.workflow.capsules import canonical, sha256, verify
from reviewer.workflow.criteria.answers import answer_criterion, open_review, point_to_evidence
from reviewer.workflow.determinations import sign_determination
from reviewer.workflow.documents import note_attention
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import release_request
from tests import factories

pytestmark = pytest.mark.django_db
HARDENING = "Work hardening and work conditioning programs"


@pytest.fixture
def version(cast):
    return factories.make_version(cast)


def hand_to(person, request, by):
    release_request(request=request, by=by, at=factories.now())
    factories.claim_request(request=request, by=person, at=factories.now())


def claimed(cast, by):
    request = factories.make_claimed(cast, by=by)
    return request, request.lines.get()


def find(request, version, by, **findings):
    """Answer the statements whose text begins so."""
    at = factories.now()
    review = open_review(request=request, version=version, by=by, at=at)
    for words, finding in findings.items():
        criterion = version.criteria.get(text__startswith=words.replace("_", " "))
        answer_criterion(
            review=review, criterion=criterion, finding=finding, comment="As the plan of care says",
            revision=0, by=by, at=at,
        )  # fmt: skip
    return review


def sign(line, decision, by):
    return sign_determination(line=line, decision=decision, by=by, at=factories.now())


def test_a_denial_on_an_exclusion_marked_as_not_applying_is_stopped(cast, version):
    request, line = claimed(cast, cast.physician)
    find(request, version, cast.physician, Work_hardening_and="not_met")

    with pytest.raises(Refused, match=r"is cited against the request, and marked as not applying"):
        sign(line, factories.denial(version), cast.physician)
    assert not request.determinations.exists()


def test_control_a_denial_on_an_exclusion_that_applies_is_signed(cast, version):
    request, line = claimed(cast, cast.physician)
    review = find(request, version, cast.physician, Work_hardening_and="met")

    made = sign(line, factories.denial(version), cast.physician)

    review.refresh_from_db()
    assert made.criteria_review == review
    assert review.locked_at == made.signed_at


def test_a_rationale_that_names_a_criterion_marked_met_is_stopped(cast, version):
    request, line = claimed(cast, cast.physician)
    find(request, version, cast.physician, Work_hardening_and="met", The_plan_of_care="met")
    place = version.criteria.get(text__startswith="The plan of care").anchor
    name = place.removeprefix("criteria-").replace("-", ".")
    decision = factories.denial(version, rationale_clinical=f"Criterion {name} is not met.")

    with pytest.raises(Refused, match=rf"names criterion {name}, which is marked met"):
        sign(line, decision, cast.physician)


def test_an_approval_against_unmet_criteria_says_why_and_is_a_physicians(cast, version):
    request, line = claimed(cast, cast.nurse)
    find(request, version, cast.nurse, Work_hardening_and="met")
    why = "The employer's program is the only therapy within 60 miles."

    with pytest.raises(Refused, match="are not met. Answer them, or say why it is approved"):
        sign(line, factories.approval(line, version), cast.nurse)
    with pytest.raises(Refused, match="Only a physician reviewer may do this"):
        sign(line, factories.approval(line, version, variance_reason=why), cast.nurse)

    hand_to(cast.physician, request, cast.nurse)
    made = sign(line, factories.approval(line, version, variance_reason=why), cast.physician)
    assert json.loads(made.capsule)["decision"]["variance_reason"] == why


def test_an_approval_on_criteria_not_decided_says_why(cast, version):
    request, line = claimed(cast, cast.nurse)
    find(request, version, cast.nurse, The_plan_of_care="unclear")

    with pytest.raises(Refused, match="are not decided yet"):
        sign(line, factories.approval(line, version), cast.nurse)


@pytest.mark.parametrize(("plan_of_care", "said"), [("unclear", "not decided"), ("met", "not met")])
def test_the_page_says_against_what_it_was_approved(cast, sign_in, version, plan_of_care, said):
    request, line = claimed(cast, cast.physician)
    exclusion = {"Work_hardening_and": "met"} if said == "not met" else {}
    find(request, version, cast.physician, The_plan_of_care=plan_of_care, **exclusion)
    made = sign(
        line, factories.approval(line, version, variance_reason="It is near."), cast.physician
    )

    body = sign_in(cast.physician).get(made.get_absolute_url()).content.decode()

    assert f"Approved although the criteria, as answered, were {said}: It is near." in body


def test_a_variance_of_blanks_says_nothing(cast, version):
    request, line = claimed(cast, cast.physician)
    find(request, version, cast.physician, The_plan_of_care="unclear")

    with pytest.raises(Refused, match="are not decided yet"):
        sign(line, factories.approval(line, version, variance_reason=" "), cast.physician)


ALL_MET = {
    "Work_hardening_and": "not_met",
    "Back_school": "not_met",
    "Job_placement": "not_met",
    "Community_or_work": "not_met",
    "A_treating_clinician": "met",
    "The_plan_of_care": "met",
    "Fewer_than_8_weeks": "met",
    "The_last_two": "met",
}
NOTE = "The exclusion follows the purpose of the program"  # of no criterion


def objections(cast, version, *, found=ALL_MET, citing=NOTE, **facts):
    """What a denial, which cites words, says otherwise than the answers."""
    request, line = claimed(cast, cast.physician)
    review = find(request, version, cast.physician, **found)
    cited = (factories.cite(version, citing),)
    decision = replace(factories.denial(version), citations=cited, **facts)
    return list(contradictions(decision, review))


def test_an_approval_on_criteria_that_are_met_agrees(cast, version):
    request, line = claimed(cast, cast.nurse)
    find(request, version, cast.nurse, **ALL_MET)

    assert sign(line, factories.approval(line, version), cast.nurse).criteria_review


def test_a_denial_of_need_on_criteria_that_are_met_contradicts_them(cast, version):
    assert objections(cast, version) == [
        "The criteria of 0298 v1 are met, as they are answered. Mend the answers or the decision."
    ]


@pytest.mark.parametrize(
    "facts",
    [{"ground": Ground.BENEFIT_EXCLUSION}, {"outcome": Outcome.PARTIALLY_APPROVED}],
    ids=["on another ground", "in part"],
)
def test_criteria_that_are_met_allow_what_is_no_denial_of_need(cast, version, facts):
    assert objections(cast, version, **facts) == []


@pytest.mark.parametrize("outcome", [Outcome.DENIED, Outcome.PARTIALLY_APPROVED, Outcome.MODIFIED])
def test_a_criterion_marked_met_is_not_cited_against_the_request(cast, version, outcome):
    facts = {"found": {"The_plan_of_care": "met"}, "citing": "The plan of care names goals"}

    assert objections(cast, version, outcome=outcome, **facts) == [
        "Criterion II.B is cited against the request, and marked met. Mend one of the two."
    ]


def test_a_list_is_cited_though_it_is_marked_met(cast, version):
    facts = {"found": {"Either_of_the_following": "met"}, "citing": "Either of the following"}

    assert objections(cast, version, **facts) == []


@pytest.mark.parametrize("finding", ["not_met", "unclear", "not_applicable", ""])
def test_a_criterion_that_is_not_met_may_be_named_and_cited(cast, version, finding):
    facts = {"found": {"The_plan_of_care": finding}, "citing": "The plan of care names goals"}

    assert objections(cast, version, rationale_clinical="II.B is not met.", **facts) == []


@pytest.mark.parametrize("where", ["rationale_clinical", "rationale_plain"])
def test_an_exclusion_marked_as_not_applying_is_not_named(cast, version, where):
    found = {"Back_school": "not_met"}

    assert objections(cast, version, found=found, **{where: "Excluded by I.B."}) == [
        "The rationale names criterion I.B, which is marked as not applying. Mend one of the two."
    ]


@pytest.mark.parametrize(
    ("words", "is_named"),
    [
        ("II.C.1 is not met.", True),
        ("By (II.C.1), not met.", True),
        ("It fails II.C.1.", True),
        ("It fails II.C.10.", False),
        ("It fails II.C.1.a of another text.", False),
        ("It fails III.C.1.", False),
        ("It fails 4.II.C.1.", False),
        ("It fails II.C-1.", False),
        ("Grade II.", False),  # the place of the whole list, marked met, is too short to tell
    ],
)
def test_a_criterion_is_named_by_its_whole_place(cast, version, words, is_named):
    found = {"Fewer_than_8_weeks": "met", "Physical_or_occupational": "met"}

    assert bool(objections(cast, version, found=found, rationale_clinical=words)) is is_named


@pytest.mark.parametrize("outcome", [Outcome.WITHDRAWN, Outcome.DISMISSED])
def test_what_decides_nothing_is_signed_on_no_answers(cast, version, outcome):
    request, line = claimed(cast, cast.physician)
    review = find(request, version, cast.physician, The_plan_of_care="met")

    decision = factories.decide(outcome, "W01", **factories.pinned(version))
    made = sign(line, decision, cast.physician)

    review.refresh_from_db()
    assert made.criteria_review is None
    assert review.locked_at is None


@pytest.fixture
def signed(cast, version):
    """A denial by answers with a page as evidence; the physician read one page of three."""
    request, line = claimed(cast, cast.physician)
    note = factories.make_document(cast, request)
    review = find(request, version, cast.physician, Work_hardening_and="met")
    criterion = version.criteria.get(text__startswith="Work hardening and")
    at = factories.now()
    point_to_evidence(
        review=review, criterion=criterion, document=note, page=2, note="Lifting",
        by=cast.physician, at=at,
    )  # fmt: skip
    note_attention(request=request, document=note, page=2, by=cast.physician, at=at)
    return sign(line, factories.denial(version), cast.physician)


def test_the_capsule_keeps_answers_evidence_and_what_the_signer_opened(cast, signed):
    capsule = json.loads(signed.capsule)
    note = signed.request.documents.get()

    assert capsule["format"] == 2
    assert capsule["criteria"]["verdict"] == "not_met"
    (answered,) = [one for one in capsule["criteria"]["statements"] if one["finding"]]
    assert answered["text"].startswith(HARDENING)
    assert answered["comment"] == "As the plan of care says"
    assert answered["answered_by"] == "mlindqvist"
    assert answered["evidence"] == [{"document": note.pk, "page": 2, "note": "Lifting"}]
    assert len(capsule["criteria"]["statements"]) == signed.version.criteria.count()
    (seen,) = capsule["documents"]
    assert (seen["sha256"], seen["pages"], seen["pages_opened_by_signer"]) == (
        note.content.sha256, 3, 1,
    )  # fmt: skip


def test_what_comes_later_leaves_the_capsule_true(cast, signed):
    factories.make_document(cast, signed.request, pages=["Later"])
    note = signed.request.documents.first()
    at = factories.now()
    note_attention(request=signed.request, document=note, page=1, by=cast.physician, at=at)

    assert verify(signed) == []


def test_another_answer_in_the_capsule_shows(signed):
    told = json.loads(signed.capsule)
    next(one for one in told["criteria"]["statements"] if one["finding"])["finding"] = "not_met"
    signed.capsule = canonical(told)
    signed.capsule_hash = sha256(signed.capsule)

    assert any("criteria" in fault for fault in verify(signed))


def test_a_document_that_is_not_the_one_shows(signed):
    told = json.loads(signed.capsule)
    told["documents"][0]["sha256"] = "0" * 64
    signed.capsule = canonical(told)
    signed.capsule_hash = sha256(signed.capsule)

    assert verify(signed) == ["The document “Progress note” is not the one that was in the case."]


def test_capsules_of_the_first_format_still_verify(signed):
    told = json.loads(signed.capsule)
    told["format"] = 1
    del told["criteria"], told["documents"], told["decision"]["variance_reason"]
    signed.capsule = canonical(told)
    signed.capsule_hash = sha256(signed.capsule)

    assert verify(signed) == []


def test_the_page_shows_the_answers_and_gives_the_bytes(cast, sign_in, signed):
    client = sign_in(cast.physician)

    body = client.get(signed.get_absolute_url()).content.decode()
    raw = client.get(f"{signed.get_absolute_url()}/capsule.json")

    assert "As the plan of care says" in body
    assert "1 page opened by the signer" in body
    assert raw.content.decode() == signed.capsule
    assert raw["X-Content-SHA256"] == signed.capsule_hash == sha256(raw.content.decode())
