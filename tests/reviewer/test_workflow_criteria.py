"""Answering criteria: kept as typed, one winner and no lost words, locked by a signature."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from reviewer.models import CriteriaReview, CriterionAnswer, Document, Evidence, Finding
from reviewer.workflow.criteria import (
    LostRace,
    answer_criterion,
    answers_elsewhere,
    answers_of,
    blind_for,
    first_review,
    has_answered_all,
    lock_review,
    open_review,
    point_to_evidence,
    remove_evidence,
    result_of,
    review_of,
    take_over_answers,
    tree_of,
    unanswered,
)
from reviewer.workflow.criteria.result import Verdict
from reviewer.workflow.errors import Refused
from reviewer.workflow.requests import release_request
from tests import factories
from tests.factories import now
from tests.reviewer.review_rows import file_document

FIRST_VERSION = "0298-v1-vocational-rehabilitation.txt"
INPATIENT_REHABILITATION = "1312-v1-inpatient-rehabilitation.txt"


@pytest.fixture
def version(cast, db):
    return factories.make_version(cast)


@pytest.fixture
def review(cast, version):
    request = factories.make_claimed(cast)
    return open_review(request=request, version=version, by=cast.nurse, at=now())


def at(version, anchor):
    return version.criteria.get(anchor=anchor)


def save(review, anchor, finding, by, *, comment="", revision=0):
    return answer_criterion(
        review=review,
        criterion=at(review.version, anchor),
        finding=finding,
        comment=comment,
        revision=revision,
        by=by,
        at=now(),
    )


def test_an_answer_is_kept_as_it_was_typed(cast, review):
    save(review, "criteria-I-A", "met", cast.nurse, comment="  Two lines\n\n and a gap ")

    answer = review.answers.get()
    assert (answer.finding, answer.comment) == ("met", "  Two lines\n\n and a gap ")
    assert answer.answered_by == cast.nurse


def test_limitations_exclude_and_the_other_statements_are_to_be_met(version):
    excludes = {one.place: one.excludes for one in tree_of(version).statements()}

    assert excludes == {
        **dict.fromkeys(["I.A", "I.B", "I.C", "I.D"], True),
        **dict.fromkeys(["II", "II.A", "II.B", "II.C", "II.C.1", "II.C.2"], False),
    }


def test_a_statement_goes_by_the_numeral_of_its_section_whatever_the_heading(cast):
    version = factories.make_version(cast, file=INPATIENT_REHABILITATION)
    roots = tree_of(version).roots

    # "1. Criteria for Initial Approval" begins as an anchor of a criterion does.
    assert [one.place for one in roots][:2] == ["I", "II"]
    assert [one.place for one in roots[0].children] == ["I.A", "I.B", "I.C", "I.D", "I.E", "I.F"]


def test_a_limitation_that_applies_decides_against_the_request(cast, review):
    save(review, "criteria-I-A", "met", cast.nurse)

    assert result_of(review).verdict is Verdict.NOT_MET
    assert len(unanswered(review)) == 7  # of eight statements that have none under them


def test_what_governs_therapy_is_met_by_its_logic(cast, review):
    for place in ["I-A", "I-B", "I-C", "I-D"]:
        save(review, f"criteria-{place}", "not_met", cast.nurse)
    for place in ["II-A", "II-B", "II-C-2"]:
        save(review, f"criteria-{place}", "met", cast.nurse)

    assert result_of(review).verdict is Verdict.MET
    assert [one.anchor for one in unanswered(review)] == ["criteria-II-C-1"]


def test_whoever_saw_an_older_answer_is_told_and_the_newer_one_stays(cast, review):
    save(review, "criteria-I-A", "met", cast.nurse, comment="Theirs")

    with pytest.raises(LostRace) as lost:
        save(review, "criteria-I-A", "not_met", cast.nurse, comment="Mine")

    assert lost.value.stands.comment == "Theirs"
    assert review.answers.get().comment == "Theirs"


def test_saving_what_stands_already_changes_nothing(cast, review):
    first = save(review, "criteria-I-A", "met", cast.nurse)
    again = save(review, "criteria-I-A", "met", cast.nurse)

    assert (again.pk, again.revision) == (first.pk, 1)


def test_only_who_has_the_request_in_hand_answers(cast, review):
    for person in (cast.physician, cast.auditor, cast.supervisor):
        with pytest.raises(Refused):
            save(review, "criteria-I-A", "met", person)
    release_request(request=review.request, by=cast.nurse, at=now())
    with pytest.raises(Refused, match="Nobody has taken"):
        save(review, "criteria-I-A", "met", cast.nurse)


def test_a_finding_that_there_is_not_is_refused(cast, review):
    with pytest.raises(Refused, match="Choose met"):
        save(review, "criteria-I-A", "maybe", cast.nurse)


def test_an_answer_points_to_pages_and_no_longer(cast, review):
    document = file_document(review.request, cast.nurse)
    evidence = point_to_evidence(
        review=review,
        criterion=at(review.version, "criteria-II-A"),
        document=document,
        page=1,
        note="Standing tolerance",
        by=cast.nurse,
        at=now(),
    )
    assert evidence.answer.finding == ""

    remove_evidence(evidence=evidence, by=cast.nurse, at=now())

    assert not Evidence.objects.exists()
    assert CriterionAnswer.objects.count() == 1


@pytest.mark.parametrize("page", [0, 2])
def test_a_page_that_the_document_has_not_is_refused(cast, review, page):
    document = file_document(review.request, cast.nurse)
    with pytest.raises(Refused, match="has pages 1 to 1"):
        point_to_evidence(
            review=review,
            criterion=at(review.version, "criteria-II-A"),
            document=document,
            page=page,
            note="",
            by=cast.nurse,
            at=now(),
        )


def test_a_document_of_another_request_is_no_evidence(cast, review):
    document = file_document(factories.make_request(cast), cast.nurse, title="Other")
    with pytest.raises(Refused, match="not in use in this case"):
        point_to_evidence(
            review=review,
            criterion=at(review.version, "criteria-II-A"),
            document=Document.objects.get(pk=document.pk),
            page=1,
            note="",
            by=cast.nurse,
            at=now(),
        )


def test_locked_answers_stay_and_another_review_goes_on_from_them(cast, review):
    save(review, "criteria-I-A", "met", cast.nurse, comment="Kept")
    lock_review(review, now())
    with pytest.raises(Refused, match="stay as they are"):
        save(review, "criteria-I-A", "unclear", cast.nurse, revision=1)

    again = open_review(request=review.request, version=review.version, by=cast.nurse, at=now())

    assert (again.began_from, again.locked_at) == (review, None)
    assert again.answers.get().comment == "Kept"
    save(again, "criteria-I-A", "unclear", cast.nurse, revision=1)
    assert review.answers.get().finding == Finding.MET
    assert review_of(review.request, review.version) == again


def test_locked_answers_are_kept_by_the_database_too(cast, review):
    answer = save(review, "criteria-I-A", "met", cast.nurse)
    lock_review(review, now())
    answer.finding = Finding.NOT_MET
    with pytest.raises(IntegrityError, match="stays as it was"):
        answer.save()


@pytest.fixture
def other_version(cast, review):
    """Version 1 of the bulletin, with answers of its own to come."""
    day = now().date().replace(year=now().year + 2)
    return factories.make_version(cast, file=FIRST_VERSION, effective_from=day)


def here(review):
    answered = {one.criterion_id for one in answers_of(review)}
    return answers_elsewhere(review.request, tree_of(review.version), answered)


def test_answers_to_another_version_are_offered_by_what_goes_on_in_this_one(
    cast, review, other_version
):
    save(review, "criteria-I-B", "not_met", cast.nurse, comment="None is planned")
    save(review, "criteria-I-A", "met", cast.nurse)
    save(review, "criteria-I-D", "not_met", cast.nurse)
    new = open_review(request=review.request, version=other_version, by=cast.nurse, at=now())
    ids = set(other_version.criteria.values_list("identity", flat=True))

    found = here(new)

    [one] = found
    assert one.review == review
    assert {offer.answer.criterion.identity for offer in one.offers} <= ids
    assert {offer.statement.place for offer in one.offers} >= {"I.B"}
    assert all(
        offer.is_reworded == (offer.answer.criterion.text != offer.statement.criterion.text)
        for offer in one.offers
    )
    assert not new.answers.exists()


def test_an_answer_is_taken_over_only_by_an_act_and_stays_where_it_was(cast, review, other_version):
    document = file_document(review.request, cast.nurse)
    save(review, "criteria-I-B", "not_met", cast.nurse, comment="None is planned")
    point_to_evidence(
        review=review,
        criterion=at(review.version, "criteria-I-B"),
        document=document,
        page=1,
        note="",
        by=cast.nurse,
        at=now(),
    )
    new = open_review(request=review.request, version=other_version, by=cast.nurse, at=now())

    [one] = here(new)
    taken = take_over_answers(
        review=new, answers=[offer.answer for offer in one.offers], by=cast.nurse, at=now()
    )

    assert taken == 1
    copied = new.answers.get()
    assert (copied.finding, copied.comment) == ("not_met", "None is planned")
    assert copied.evidence.get().document == document
    assert review.answers.count() == 1
    assert here(new)[0].offers == []


def test_an_answer_that_is_here_already_is_not_written_over(cast, review, other_version):
    answer = save(review, "criteria-I-B", "not_met", cast.nurse)
    new = open_review(request=review.request, version=other_version, by=cast.nurse, at=now())
    same = other_version.criteria.get(identity=answer.criterion.identity)
    save(new, same.anchor, "unclear", cast.nurse)

    with pytest.raises(Refused, match="Choose one answer"):
        take_over_answers(review=new, answers=[answer], by=cast.nurse, at=now())

    assert new.answers.get().finding == "unclear"


def test_answers_of_another_case_are_never_taken_over(cast, review, other_version):
    answer = save(review, "criteria-I-B", "not_met", cast.nurse)
    other = factories.make_claimed(cast)
    new = open_review(request=other, version=other_version, by=cast.nurse, at=now())

    with pytest.raises(Refused, match="another case"):
        take_over_answers(review=new, answers=[answer], by=cast.nurse, at=now())


@pytest.fixture
def appeal(cast, review):
    """Of a denial on answers of the nurse."""
    save(review, "criteria-I-A", "met", cast.nurse, comment="First answer")
    denied = factories.make_denied(cast, review.version, request=review.request)
    return factories.make_assigned_appeal(cast, denied)


def answer_all(review, by):
    """No limitation applies, and everything else is met."""
    for one in tree_of(review.version).statements():
        if not one.children:
            finding = "not_met" if one.excludes else "met"
            save(review, one.criterion.anchor, finding, by)


def test_an_appeal_begins_from_nothing_and_is_blind_until_all_is_answered(cast, appeal, review):
    decider = cast.other_physician
    own = open_review(
        request=appeal.request, version=review.version, appeal=appeal, by=decider, at=now()
    )

    assert not own.answers.exists()
    assert first_review(appeal).answers.get().comment == "First answer"
    assert blind_for(appeal.request, decider) == appeal
    answer_all(own, decider)
    assert has_answered_all(appeal)
    assert blind_for(appeal.request, decider) is None


def test_only_its_decider_answers_for_an_appeal(cast, appeal, review):
    for person in (cast.nurse, cast.physician, cast.appeals_coordinator):
        with pytest.raises(Refused):
            open_review(
                request=appeal.request, version=review.version, appeal=appeal, by=person, at=now()
            )


def test_answering_for_an_appeal_is_no_part_in_the_request(cast, appeal, review):
    decider = cast.other_physician
    own = open_review(
        request=appeal.request, version=review.version, appeal=appeal, by=decider, at=now()
    )
    save(own, "criteria-I-A", "not_met", decider)

    assert not appeal.request.involvements.filter(reviewer=decider).exists()
    assert appeal.request.involvements.filter(reviewer=cast.nurse, part="answered").exists()


def test_the_decision_of_an_appeal_locks_what_was_answered_for_it(cast, appeal, review):
    decider = cast.other_physician
    own = open_review(
        request=appeal.request, version=review.version, appeal=appeal, by=decider, at=now()
    )
    answer_all(own, decider)

    factories.make_appeal_decision(cast, appeal)

    own.refresh_from_db()
    assert own.locked_at is not None
    with pytest.raises(Refused):
        save(own, "criteria-I-A", "met", decider, revision=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_at_once_one_saves_and_the_other_is_told(cast):
    version = factories.make_version(cast)
    request = factories.make_claimed(cast)
    review = open_review(request=request, version=version, by=cast.nurse, at=now())
    together, told = threading.Barrier(2), []

    def send(comment):
        try:
            own = CriteriaReview.objects.select_related("request", "appeal", "version").get(
                pk=review.pk
            )
            together.wait(10)
            save(own, "criteria-I-A", "met", cast.nurse, comment=comment)
            told.append("saved")
        except LostRace as lost:
            told.append(lost.stands.comment)
        finally:
            connections.close_all()

    tabs = [threading.Thread(target=send, args=[one]) for one in ("Left", "Right")]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join(30)

    stands = review.answers.get()
    assert sorted(told) == sorted(["saved", stands.comment])
    assert stands.revision == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_at_once_both_get_the_same_review(cast):
    version = factories.make_version(cast)
    request = factories.make_claimed(cast)
    together, begun = threading.Barrier(2), []

    def begin():
        try:
            own = type(request).objects.get(pk=request.pk)
            together.wait(10)
            begun.append(open_review(request=own, version=version, by=cast.nurse, at=now()).pk)
        finally:
            connections.close_all()

    tabs = [threading.Thread(target=begin) for _ in range(2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join(30)

    assert len(begun) == 2
    assert len(set(begun)) == CriteriaReview.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_answer_slips_past_a_signature(cast):
    """The signer's transaction is open while another tab saves: it waits, and is refused."""
    version = factories.make_version(cast)
    request = factories.make_claimed(cast)
    review = open_review(request=request, version=version, by=cast.nurse, at=now())
    said = []

    def send():
        try:
            own = CriteriaReview.objects.get(pk=review.pk)
            save(own, "criteria-I-A", "met", cast.nurse)
            said.append("saved")
        except Refused as refusal:
            said.append(refusal.sentence)
        finally:
            connections.close_all()

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM reviewer_request WHERE id = %s FOR UPDATE", [request.pk])
        lock_review(review, now())
        tab = threading.Thread(target=send)
        tab.start()
        tab.join(1)
        assert said == []
    tab.join(30)

    assert len(said) == 1
    assert "stay as they are" in said[0]
    assert not review.answers.exists()
