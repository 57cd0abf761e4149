"""Who decides an appeal answers blind: no page shows the first answers before all of theirs.

Each door is tried before and after every criterion is answered. What the first reviewer wrote has
a word in it that nobody else says.
"""

import json

import pytest
from django.urls import reverse

from reviewer.models import CriterionAnswer, Ground, Outcome
from reviewer.workflow.appeals import assign_appeal
from reviewer.workflow.capsules import canonical, sha256, verify
from reviewer.workflow.criteria import blind_for, point_to_evidence, review_of
from reviewer.workflow.determinations import sign_determination
from reviewer.workflow.requests import claim_request
from tests import factories
from tests.cast import enter_physician
from tests.factories import now

pytestmark = pytest.mark.django_db
WORD = "quicksilver"
HIDDEN = "The first answers are hidden from you."
PHYSICAL_THERAPY = "0614-v1-outpatient-physical-therapy.txt"


@pytest.fixture
def version(cast):
    return factories.make_version(cast)


@pytest.fixture
def denied(cast, version):
    """A denial on the nurse's answers: an exclusion applies."""
    request = factories.make_claimed(cast)
    factories.make_answers(cast, request, version, I_A="met")
    CriterionAnswer.objects.update(comment=WORD)
    return factories.make_denied(cast, version, request=request)


@pytest.fixture
def appeal(cast, denied):
    return factories.make_assigned_appeal(cast, denied)


@pytest.fixture
def decider(cast, sign_in, appeal):
    return sign_in(cast.other_physician)


@pytest.fixture
def answer_all(cast, appeal, version):
    """Answer every criterion for the appeal: no exclusion applies, and all else is met."""

    def answer():
        factories.make_answers(
            cast, appeal.request, version, by=cast.other_physician, appeal=appeal
        )

    return answer


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def address(name, *args):
    return reverse(f"reviewer:{name}", args=args)


def capsule_at(determination):
    return address("determination_capsule", determination.request.number, determination.pk)


def test_the_determination_withholds_its_criteria_and_says_why(decider, denied, appeal, answer_all):
    page = text(decider.get(denied.get_absolute_url()))

    assert WORD not in page
    assert "As they were answered when it was signed" not in page
    assert HIDDEN in page
    assert address("appeal_criteria", appeal.number, denied.version_id) in page
    assert denied.rationale_clinical in page  # what it decided stands there all the same

    answer_all()
    page = text(decider.get(denied.get_absolute_url()))
    assert "As they were answered when it was signed: not met" in page
    assert page.count(WORD) == 2  # in the table and in the capsule
    assert HIDDEN not in page


def test_the_capsule_is_refused_whole_and_the_refusal_says_why(decider, denied, appeal, answer_all):
    refused = decider.get(capsule_at(denied))

    assert refused.status_code == 403
    assert WORD not in refused.content.decode()
    assert f"You decide appeal {appeal}: answer every criterion" in refused.content.decode()
    assert "X-Content-SHA256" not in refused
    assert decider.head(capsule_at(denied)).status_code == 403

    answer_all()
    given = decider.get(capsule_at(denied))
    assert text(given) == denied.capsule
    assert given["X-Content-SHA256"] == sha256(text(given))


def test_one_criterion_short_opens_nothing(cast, decider, denied, appeal, version, answer_all):
    answer_all()
    own = review_of(appeal.request, version, appeal)
    own.answers.filter(criterion__anchor="criteria-II-A").update(finding="")

    assert blind_for(appeal.request, cast.other_physician) == appeal
    assert WORD not in text(decider.get(denied.get_absolute_url()))
    assert decider.get(capsule_at(denied)).status_code == 403


def test_answers_that_disagree_with_the_capsule_are_told_without_them(denied):
    told = json.loads(denied.capsule)
    for one in told["criteria"]["statements"]:
        one["comment"] = "otherwise"
    denied.capsule = canonical(told)
    denied.capsule_hash = sha256(denied.capsule)

    (fault,) = verify(denied, tells_answers=False)
    assert fault == "The answers to the criteria in the capsule are not those in the records."
    assert WORD in "".join(verify(denied))


def test_disagreement_elsewhere_is_still_told(decider, denied):
    denied.line.units = 21
    denied.line.save(update_fields=["units"])

    page = text(decider.get(denied.get_absolute_url()))
    assert "“line.units” is 20 in the capsule and 21 in the records." in page


@pytest.mark.parametrize("who", ["auditor", "physician", "appeals_coordinator"])
def test_whoever_does_not_decide_the_appeal_sees_all(cast, sign_in, denied, appeal, who):
    client = sign_in(getattr(cast, who))

    assert WORD in text(client.get(denied.get_absolute_url()))
    assert text(client.get(capsule_at(denied))) == denied.capsule


def test_an_appeal_in_other_hands_hides_nothing(cast, sign_in, denied):
    factories.make_appeal(cast, denied)
    client = sign_in(cast.other_physician)

    assert WORD in text(client.get(denied.get_absolute_url()))


def test_the_request_and_its_checklist_hide_answers_and_how_many(
    decider, appeal, version, answer_all
):
    pages = [
        appeal.request.get_absolute_url(),
        address("request_criteria", appeal.request.number, version.pk),
    ]
    for one in pages:
        page = text(decider.get(one))
        assert HIDDEN in page
        assert WORD not in page
        assert "of 8" not in page

    answer_all()
    for one in pages:
        assert WORD in text(decider.get(one))


def test_the_appeal_leads_to_its_criteria_and_tells_no_answer(decider, appeal, version):
    page = text(decider.get(appeal.get_absolute_url()))

    assert address("appeal_criteria", appeal.number, version.pk) in page
    assert WORD not in page


def test_the_decision_of_an_appeal_stands_on_its_own_answers(decider, appeal, answer_all):
    deciding = address("appeal_decide", appeal.number)
    assert "What the answers come to" not in text(decider.get(deciding))

    answer_all()
    assert f"{appeal.determination.version}: criteria met." in text(decider.get(deciding))


def test_other_decisions_on_the_request_do_not_tell_what_the_answers_come_to(
    decider, denied, answer_all
):
    number = denied.request.number
    pages = [
        address("determination_sign", number, denied.line.position),
        address("determination_correct", number, denied.pk),
    ]
    for one in pages:
        assert "What the answers come to" not in text(decider.get(one))

    answer_all()
    for one in pages:
        assert f"{denied.version}: criteria not met." in text(decider.get(one))


def test_asking_for_information_does_not_list_what_was_found_unclear(cast, sign_in, version):
    """Answers to another bulletin of the case, which the denial's signature has not locked."""
    request = factories.make_claimed(cast)
    other = factories.make_version(cast, file=PHYSICAL_THERAPY)
    review = factories.make_answers(cast, request, other, I_A="unclear")
    found = review.answers.get()
    point_to_evidence(
        review=review, criterion=found.criterion, document=factories.make_document(cast, request),
        page=2, note="", by=cast.nurse, at=now(),
    )  # fmt: skip
    appeal = factories.make_assigned_appeal(
        cast, factories.make_denied(cast, version, request=request)
    )
    decider, asking = sign_in(cast.other_physician), address("request_information", request.number)

    page = text(decider.get(asking))
    assert "Unclear:" not in page
    assert 'name="criteria"' not in page

    factories.make_answers(cast, request, version, by=cast.other_physician, appeal=appeal)
    page = text(decider.get(asking))
    assert "Unclear:" in page
    assert 'name="criteria"' in page


def test_the_second_level_does_not_read_the_answers_of_the_first(
    cast, sign_in, appeal, version, answer_all
):
    answer_all()
    CriterionAnswer.objects.filter(review__appeal=appeal).update(comment="verdigris")
    factories.make_appeal_decision(cast, appeal, outcome="upheld", root_cause="", new_decision=None)
    third = enter_physician("oquill", "Orla Quill", "Orthopedic surgery")
    second = factories.make_appeal(cast, appeal.determination)
    assign_appeal(appeal=second, to=third, by=cast.appeals_coordinator, at=now())
    reader, first_level = sign_in(third), address("appeal_criteria", appeal.number, version.pk)

    page = text(reader.get(first_level))
    assert HIDDEN in page
    assert "verdigris" not in page
    assert WORD not in page

    factories.make_answers(cast, second.request, version, by=third, appeal=second)
    page = text(reader.get(first_level))
    assert "verdigris" in page
    assert WORD in page


def test_where_no_version_was_pinned_there_is_nothing_to_answer_first(cast, sign_in):
    request = factories.make_referral(cast).request
    claim_request(request=request, by=cast.physician, at=now())
    decision = factories.decide(
        Outcome.DENIED, "M01", ground=Ground.MEDICAL_NECESSITY, **factories.pinned(None)
    )
    denied = sign_determination(
        line=request.lines.get(), decision=decision, by=cast.physician, at=now()
    )
    factories.make_assigned_appeal(cast, denied)
    decider = sign_in(cast.other_physician)

    assert HIDDEN not in text(decider.get(denied.get_absolute_url()))
    assert text(decider.get(capsule_at(denied))) == denied.capsule
