"""A row in every table of the review workspace, written past the verbs: for attacks in SQL."""

import hashlib
from types import SimpleNamespace

from reviewer.models import (
    Absence,
    Attention,
    CriteriaReview,
    CriterionAnswer,
    Document,
    DocumentContent,
    DocumentPage,
    DocumentSetAside,
    Evidence,
    IntakeFile,
    IntakeRow,
    PeerToPeerStep,
    PolicyChoice,
    ReferralReturn,
    Seal,
)
from reviewer.workflow.information import Wanted, ask_for_information
from tests.factories import make_claimed, make_version, now

NOTE = b"Progress note. Standing tolerance 20 minutes."


def file_document(request, by, data=NOTE, **facts):
    """A text of one page in the file of the request."""
    at = now()
    content, is_new = DocumentContent.objects.get_or_create(
        sha256=hashlib.sha256(data).hexdigest(),
        defaults={
            "media_type": "text/plain",
            "size": len(data),
            "page_count": 1,
            "data": data,
            "stored_by": by,
            "stored_at": at,
        },
    )
    if is_new:
        DocumentPage.objects.create(content=content, number=1, text=data.decode())
    said = {"kind": Document.Kind.PROGRESS_NOTE, "title": "Progress note", "received_at": at}
    return Document.objects.create(
        request=request, content=content, added_by=by, added_at=at, **said | facts
    )


def answer(request, version, by, **facts):
    """The first criterion of the version, answered in an open review, with a page as evidence."""
    at = now()
    review, _ = CriteriaReview.objects.get_or_create(
        request=request, version=version, defaults={"began_by": by, "began_at": at}
    )
    answered = CriterionAnswer.objects.create(
        review=review,
        criterion=version.criteria.first(),
        answered_by=by,
        answered_at=at,
        **{"finding": "met"} | facts,
    )
    page = Evidence.objects.create(answer=answered, document=file_document(request, by), page=1)
    return SimpleNamespace(review=review, answer=answered, evidence=page, document=page.document)


def write_rows(cast, referral):
    """What is written once in the workspace, for the request of a referral."""
    request, at = referral.request, now()
    document = file_document(request, cast.nurse)
    DocumentSetAside.objects.create(document=document, reason="Not hers", by=cast.nurse, at=at)
    Attention.objects.create(request=request, reviewer=cast.nurse, document=document, page=1, at=at)
    PolicyChoice.objects.create(
        line=request.lines.get(), reason="None speaks of it", chosen_by=cast.nurse, chosen_at=at
    )
    ReferralReturn.objects.create(
        referral=referral, question="Since when?", returned_by=cast.physician, returned_at=at
    )
    PeerToPeerStep.objects.create(
        request=request,
        kind="offered",
        clinician="Dr. Osei",
        at=at,
        recorded_by=cast.physician,
        recorded_at=at,
    )
    file = IntakeFile.objects.create(
        name="day.csv", sha256="a" * 64, row_count=1, sent_by=cast.intake, sent_at=at
    )
    IntakeRow.objects.create(file=file, number=2, refused="No member.", text="M1", at=at)
    Seal.objects.create(tables={}, sha256="b" * 64, sealed_at=at)


def keep_rows(cast):
    """What may change and is never deleted: an absence, an answer, a thing asked for, a file."""
    request, at = make_claimed(cast), now()
    answer(request, make_version(cast), cast.nurse)
    ask_for_information(
        request=request,
        items=[Wanted("The plan of care.")],
        recipient="provider",
        channel="fax",
        words="",
        answer_due_at=None,
        by=cast.nurse,
        at=at,
    )
    Absence.objects.create(
        reviewer=cast.nurse,
        starts_on=at.date(),
        ends_on=at.date(),
        entered_by=cast.supervisor,
        entered_at=at,
    )
    IntakeFile.objects.create(
        name="night.csv", sha256="c" * 64, row_count=1, sent_by=cast.intake, sent_at=at
    )
