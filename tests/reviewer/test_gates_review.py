"""What was answered, filed and asked stays with its case; what was signed on is locked."""

import pytest
from django.db import connection

from reviewer.models import CriterionAnswer, Evidence, Involvement
from tests import factories
from tests.reviewer.review_rows import answer, file_document
from tests.reviewer.sql import denied, insert, refused_by, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast):
    return factories.make_version(cast)


@pytest.fixture
def answered(cast, version):
    return answer(factories.make_claimed(cast), version, cast.nurse)


def lock(review):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reviewer_criteriareview SET locked_at = now() WHERE id = %s", [review.pk]
        )


def test_answers_of_a_locked_review_stay(answered, cast):
    second = answered.review.version.criteria.all()[1]
    lock(answered.review)

    with refused_by("a_signed_review_stays_so"):
        CriterionAnswer.objects.filter(pk=answered.answer.pk).update(finding="not_met")
    with refused_by("a_signed_review_stays_so"):
        Evidence.objects.filter(pk=answered.evidence.pk).delete()
    with refused_by("a_signed_review_stays_so"):
        CriterionAnswer.objects.create(
            review=answered.review,
            criterion=second,
            answered_by=cast.nurse,
            answered_at=factories.now(),
        )


def test_a_locked_review_is_not_opened_again(answered):
    lock(answered.review)

    with refused_by("a_signed_review_stays_so"), connection.cursor() as cursor:
        cursor.execute("UPDATE reviewer_criteriareview SET locked_at = NULL")


def test_control_an_open_review_takes_other_answers(answered):
    assert CriterionAnswer.objects.filter(pk=answered.answer.pk).update(finding="not_met") == 1


def test_no_answer_is_deleted(answered):
    with denied(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM reviewer_criterionanswer")


def test_an_answer_is_of_a_criterion_of_its_version(cast, answered):
    other = factories.make_version(cast, file="1203-v1-lumbar-mri.txt").criteria.first()

    with refused_by("it_is_of_the_same_case"):
        CriterionAnswer.objects.filter(pk=answered.answer.pk).update(criterion=other)


@pytest.mark.parametrize("page", [0, 2])
def test_evidence_is_a_page_that_the_document_has(answered, page):
    with refused_by("it_is_of_the_same_case"):
        Evidence.objects.filter(pk=answered.evidence.pk).update(page=page)


def test_evidence_is_of_the_same_request(cast, answered):
    elsewhere = file_document(factories.make_claimed(cast), cast.nurse)

    with refused_by("it_is_of_the_same_case"):
        Evidence.objects.filter(pk=answered.evidence.pk).update(document=elsewhere)


def test_who_answered_had_a_hand_in_the_request(cast, answered):
    had = Involvement.objects.filter(request=answered.review.request, part="answered")

    assert [one.reviewer for one in had] == [cast.nurse]


def test_a_signature_locks_the_review_it_is_on(cast, version):
    made = factories.make_approved(cast, version)
    answered = answer(made.request, version, cast.nurse)

    with connection.cursor() as cursor:
        facts = row(
            cursor,
            "reviewer_determination",
            made.pk,
            replaces_id=made.pk,
            replacement_reason="Other units",
            authorization_number="A-1",
            criteria_review_id=answered.review.pk,
        )
        with refused_by("a_signature_locks_its_review"):
            insert(cursor, "reviewer_determination", facts)
        lock(answered.review)
        assert insert(cursor, "reviewer_determination", facts)


def test_a_signature_is_on_answers_of_its_own_case(cast, version):
    made = factories.make_approved(cast, version)
    elsewhere = answer(factories.make_claimed(cast), version, cast.nurse)
    lock(elsewhere.review)

    with connection.cursor() as cursor:
        facts = row(
            cursor,
            "reviewer_determination",
            made.pk,
            replaces_id=made.pk,
            replacement_reason="Other units",
            authorization_number="A-1",
            criteria_review_id=elsewhere.review.pk,
        )
        with refused_by("it_is_of_the_same_case"):
            insert(cursor, "reviewer_determination", facts)
