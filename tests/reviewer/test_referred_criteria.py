"""What a referral tells the physician of the criteria that stand against the request."""

import pytest

from reviewer.models import CriterionAnswer, Finding
from reviewer.workflow.criteria import answer_criterion, point_to_evidence
from reviewer.workflow.criteria.tree import place_at
from reviewer.workflow.requests import claim_request
from tests import factories
from tests.factories import now
from tests.reviewer.pages import queries_of

pytestmark = pytest.mark.django_db
COMMENT = "No daily goals are named."


@pytest.fixture
def version(cast):
    return factories.make_version(cast)


@pytest.fixture
def referral(cast, version):
    """The nurse found an exclusion that applies (I.A), one that does not (I.B), a condition that is
    unclear and one that is not met, with a comment and a page; all else is met."""
    request = factories.make_claimed(cast)
    review = factories.make_answers(
        cast, request, version, I_A="met", II_A="not_met", II_B="unclear", II_C="met"
    )
    answer = review.answers.get(criterion__anchor="criteria-II-A")
    point_to_evidence(
        review=review, criterion=answer.criterion, document=factories.make_document(cast, request),
        page=2, note="", by=cast.nurse, at=now(),
    )  # fmt: skip
    CriterionAnswer.objects.filter(pk=answer.pk).update(comment=COMMENT)
    return factories.make_referral(cast, request)


def told(client, request):
    page = client.get(request.get_absolute_url())
    assert page.status_code == 200
    whole = " ".join(page.content.decode().split())
    return whole.partition('aria-label="Referral"')[2].partition("</section>")[0]


def test_what_stands_against_it_is_listed_with_place_comment_and_page(cast, sign_in, referral):
    answers = {one.criterion.anchor: one for one in referral.criteria_review.answers.all()}
    page = answers["criteria-II-A"].evidence.get()

    said = told(sign_in(cast.physician), referral.request)

    assert "<b>II.A</b> <b>Not met</b>" in said
    assert f"“{COMMENT}”" in said
    assert f'href="{page.document.get_absolute_url()}?page=2"' in said
    assert "<b>II.B</b> <b>Unclear</b>" in said
    assert "II.C" not in said


def test_an_exclusion_stands_against_it_where_it_applies(cast, sign_in, version):
    request = factories.make_claimed(cast)
    review = factories.make_answers(cast, request, version)
    excluding = list(review.answers.filter(finding=Finding.NOT_MET))
    assert excluding  # that no exclusion applies is nothing against it
    referral = factories.make_referral(cast, request)
    client = sign_in(cast.physician)
    assert "No criterion is answered as not met or unclear." in told(client, request)

    CriterionAnswer.objects.filter(pk=excluding[0].pk).update(finding=Finding.MET)

    said = told(client, referral.request)
    assert "<b>Applies</b>" in said
    assert said.count("<li>") == 1


def test_an_answer_that_the_physician_changed_is_said_to_be_theirs(cast, sign_in, referral):
    request, review = referral.request, referral.criteria_review
    claim_request(request=request, by=cast.physician, at=now())
    answer = review.answers.get(criterion__anchor="criteria-II-B")
    answer_criterion(
        review=review, criterion=answer.criterion, finding=Finding.NOT_MET, comment="Read again.",
        revision=answer.revision, by=cast.physician, at=now(),
    )  # fmt: skip

    said = told(sign_in(cast.physician), request)

    assert said.count("answered by") == 1
    assert "answered by Maya Lindqvist" in said


def test_a_referral_without_answers_says_nothing_of_criteria(cast, sign_in):
    referral = factories.make_referral(cast)

    assert "Criteria against it" not in told(sign_in(cast.physician), referral.request)


def test_who_decides_an_appeal_blind_does_not_read_them(cast, sign_in, version, referral):
    claim_request(request=referral.request, by=cast.physician, at=now())
    denied = factories.sign_determination(
        line=referral.request.lines.get(), decision=factories.denial(version),
        by=cast.physician, at=now(),
    )  # fmt: skip
    factories.make_assigned_appeal(cast, denied)

    said = told(sign_in(cast.other_physician), referral.request)

    assert "The first answers are hidden from you" in said
    assert COMMENT not in said
    assert "II.A" not in said
    assert "II.A" in told(sign_in(cast.physician), referral.request)  # the control


def test_many_answers_take_as_many_queries_as_few(cast, sign_in, version):
    few, many = factories.make_claimed(cast), factories.make_claimed(cast)
    factories.make_answers(cast, few, version, I_A="met")
    factories.make_answers(cast, many, version, I_A="met", II_A="not_met", II_B="unclear")
    client = sign_in(cast.physician)
    for request in (few, many):
        factories.make_referral(cast, request)

    assert queries_of(client, few.get_absolute_url()) == queries_of(client, many.get_absolute_url())


@pytest.mark.parametrize(
    ("anchor", "label", "place"),
    [
        ("criteria-I-A", "A", "I.A"),
        ("criteria-I-A-2", "2", "I.A.2"),
        ("criteria-2-a-i", "i", "2.a.i"),
        ("experimental-1", "1", "1"),
    ],
)
def test_a_place_names_all_that_stands_above(anchor, label, place):
    assert place_at(anchor, label) == place


def test_the_capsule_shows_each_criterion_by_its_whole_place(cast, sign_in, version):
    request = factories.make_claimed(cast)
    factories.make_answers(cast, request, version, I_A="met")
    denied = factories.make_denied(cast, version, request=request)

    page = sign_in(cast.physician).get(denied.get_absolute_url()).content.decode()

    assert '#criteria-I-A">I.A</a>' in page
    assert '#criteria-I-A">A</a>' not in page
