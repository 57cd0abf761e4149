"""What was answered, filed and asked stays with its case; what was signed on is locked."""

import psycopg
import pytest
from django.db import connection

from policies.imports.bulletins import import_bulletin
from reviewer.models import (
    CriteriaReview,
    CriterionAnswer,
    DocumentSetAside,
    Evidence,
    Involvement,
)
from tests import factories
from tests.reviewer.review_rows import answer, file_document
from tests.reviewer.roles import connect
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
        CriterionAnswer.objects.create(
            review=answered.review,
            criterion=other,
            answered_by=cast.nurse,
            answered_at=factories.now(),
        )


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


def begin(cast, request, version, **facts):
    return CriteriaReview.objects.create(
        request=request, version=version, began_by=cast.nurse, began_at=factories.now(), **facts
    )


def test_an_appeals_review_is_of_the_appealed_request(cast, version):
    appeal = factories.make_assigned_appeal(cast, factories.make_denied(cast, version))

    with refused_by("it_is_of_the_same_case"):
        begin(cast, factories.make_claimed(cast), version, appeal=appeal)
    assert begin(cast, appeal.determination.request, version, appeal=appeal)


def test_criteria_of_a_draft_are_not_answered(cast):
    name = factories.WORK_HARDENING
    data = (factories.BULLETINS / name).read_bytes()
    author = cast.policy_editor.user
    draft = import_bulletin(data, name=name, at=factories.now(), author=author).version

    with refused_by("criteria_are_a_published_versions"):
        begin(cast, factories.make_claimed(cast), draft)


@pytest.mark.parametrize(
    "what", ["request", "version", "began_by", "began_at", "appeal", "began_from"]
)
def test_an_open_review_stays_what_it_is_of(cast, version, what):
    denied_by = factories.make_denied(cast, version)
    open_one = begin(cast, factories.make_claimed(cast), version)
    other = {
        "request": denied_by.request,
        "version": factories.make_version(cast, file="1203-v1-lumbar-mri.txt"),
        "began_by": cast.physician,
        "began_at": factories.now(),
        "appeal": factories.make_assigned_appeal(cast, denied_by),
        "began_from": begin(cast, factories.make_claimed(cast), version),
    }

    with refused_by("a_signed_review_stays_so"):
        CriteriaReview.objects.filter(pk=open_one.pk).update(**{what: other[what]})


def test_an_answer_stays_with_its_review_and_criterion(cast, version, answered):
    mine = CriterionAnswer.objects.filter(pk=answered.answer.pk)
    other = begin(cast, factories.make_claimed(cast), version)

    with refused_by("it_is_of_the_same_case"):
        mine.update(review=other)
    with refused_by("it_is_of_the_same_case"):
        mine.update(criterion=version.criteria.all()[1])


def test_evidence_stays_with_its_answer(cast, version, answered):
    second = CriterionAnswer.objects.create(
        review=answered.review,
        criterion=version.criteria.all()[1],
        answered_by=cast.nurse,
        answered_at=factories.now(),
    )

    with refused_by("it_is_of_the_same_case"):
        Evidence.objects.filter(pk=answered.evidence.pk).update(answer=second)


def test_what_was_set_aside_is_no_evidence(cast, answered):
    other = file_document(answered.review.request, cast.nurse, b"Of another member")
    DocumentSetAside.objects.create(
        document=other, reason="Not hers", by=cast.nurse, at=factories.now()
    )

    with refused_by("it_is_of_the_same_case"):
        Evidence.objects.create(answer=answered.answer, document=other, page=1)


def test_who_changed_an_answer_had_a_hand_too(cast, answered):
    mine = CriterionAnswer.objects.filter(pk=answered.answer.pk)
    mine.update(answered_by=cast.physician, finding="not_met")
    mine.update(comment="As the plan says")  # a second time is no second part

    had = Involvement.objects.filter(request=answered.review.request, part="answered")
    assert {one.reviewer for one in had} == {cast.nurse, cast.physician}


def appealed(cast, version):
    """Of an appeal: a review of its own with one answer by who decides."""
    appeal = factories.make_assigned_appeal(cast, factories.make_denied(cast, version))
    review = begin(cast, appeal.determination.request, version, appeal=appeal)
    CriterionAnswer.objects.create(
        review=review,
        criterion=version.criteria.first(),
        answered_by=cast.other_physician,
        answered_at=factories.now(),
    )
    return appeal, review


def test_who_answers_for_an_appeal_had_no_hand_in_the_request(cast, version):
    appealed(cast, version)

    assert not Involvement.objects.filter(reviewer=cast.other_physician).exists()


def test_an_appeal_decision_locks_its_review(cast, version):
    appeal, review = appealed(cast, version)
    other = factories.make_assigned_appeal(cast, factories.make_denied(cast, version))
    made = factories.make_appeal_decision(cast, other)
    facts = {
        "appeal_id": appeal.pk,
        "determination_id": appeal.determination_id,
        "original_signer_id": appeal.determination.signed_by_id,
        "outcome": "upheld",
        "root_cause": "",
    }

    with connection.cursor() as cursor:
        facts = row(cursor, "reviewer_appealdecision", made.pk, **facts)
        with refused_by("an_appeal_decision_locks_its_review"):
            insert(cursor, "reviewer_appealdecision", facts)
        lock(review)
        assert insert(cursor, "reviewer_appealdecision", facts)
        connection.check_constraints()


@pytest.mark.parametrize("answers_of", ["another version", "an appeal"])
def test_a_signature_is_on_answers_by_its_version_and_of_no_appeal(cast, version, answers_of):
    appeal, review = appealed(cast, version)
    if answers_of == "another version":
        other = factories.make_version(cast, file="1203-v1-lumbar-mri.txt")
        review = begin(cast, appeal.determination.request, other)
    lock(review)
    facts = {
        "replaces_id": appeal.determination_id,
        "replacement_reason": "Other words",
        "criteria_review_id": review.pk,
    }

    with connection.cursor() as cursor:
        facts = row(cursor, "reviewer_determination", appeal.determination_id, **facts)
        with refused_by("it_is_of_the_same_case"):
            insert(cursor, "reviewer_determination", facts)


@pytest.fixture
def signer():
    """A connection of the site's, in whose transaction a signature is being given."""
    with connect("default") as other:
        yield other
        other.rollback()


ANSWERS = "UPDATE reviewer_criterionanswer SET comment = 'late'"


def must_wait(attack):
    with connect("default") as slow:
        slow.execute("SET lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            slow.execute(attack)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attack", [ANSWERS, "DELETE FROM reviewer_evidence"])
def test_nothing_slips_past_a_signature_that_is_being_given(answered, signer, attack):
    signer.execute("UPDATE reviewer_criteriareview SET locked_at = now()")

    must_wait(attack)


@pytest.mark.django_db(transaction=True)
def test_an_answer_waits_for_who_has_the_request_locked(answered, signer):
    signer.execute("SELECT FROM reviewer_request FOR UPDATE")

    must_wait(ANSWERS)


def test_what_follows_an_appeal_rests_on_its_answers_and_not_on_the_first(cast, version):
    request = factories.make_claimed(cast)
    factories.make_answers(cast, request, version, I_A="met")
    denied_by = factories.make_denied(cast, version, request=request)
    appeal = factories.make_assigned_appeal(cast, denied_by)
    own = factories.make_answers(cast, request, version, by=cast.other_physician, appeal=appeal)
    decision = factories.make_appeal_decision(cast, appeal)
    follows = decision.determinations.get()

    assert denied_by.criteria_review_id not in (None, own.pk)
    with connection.cursor() as cursor:
        facts = row(
            cursor,
            "reviewer_determination",
            follows.pk,
            replaces_id=follows.pk,
            replacement_reason="Other units",
            authorization_number="A-1",
        )
        first = {"criteria_review_id": denied_by.criteria_review_id}
        with refused_by("it_is_of_the_same_case"):
            insert(cursor, "reviewer_determination", facts | first)
        with refused_by("it_is_of_the_same_case"):  # nor one without an appeal on an appeal's
            insert(cursor, "reviewer_determination", facts | {"appeal_decision_id": None})
        # The control: the same row on the appeal's own answers is taken.
        assert facts["criteria_review_id"] == own.pk
        assert insert(cursor, "reviewer_determination", facts)
