"""Records for tests, made only by the verbs of `workflow/` and the library's own, so that only
reachable states exist. Every factory takes the cast and, by keyword, what a test wants otherwise.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from policies.imports.bulletins import import_bulletin
from policies.models import Passage, Version
from policies.publishing import approve, publish, submit
from reviewer.database import as_owner
from reviewer.demonstration.loading import load
from reviewer.demonstration.papers import pdf
from reviewer.models import (
    Appeal,
    AppealDecision,
    Channel,
    CriteriaReview,
    Determination,
    Document,
    Ground,
    Notice,
    Outcome,
    OutsideDecision,
    ReasonCode,
    Referral,
    Request,
    Reviewer,
    ReviewType,
    ServiceLine,
    Urgency,
)
from reviewer.time import local_day
from reviewer.workflow.appeal_notices import send_appeal_notice
from reviewer.workflow.appeal_receipts import Place, receive_appeal
from reviewer.workflow.appeals import assign_appeal, decide_appeal
from reviewer.workflow.criteria import answer_criterion, open_review, tree_of
from reviewer.workflow.determinations import CitationDraft, Decision, sign_determination
from reviewer.workflow.documents import add_document, read_file, store_content
from reviewer.workflow.notices import send_notice
from reviewer.workflow.outside_decisions import record_outside_decision
from reviewer.workflow.requests import (
    LineAsked,
    claim_request,
    enter_request,
    receive_information,
    withdraw_request,
)
from reviewer.workflow.reviews import refer_request
from tests.cast import Cast, enter_coverage

BULLETINS = Path(__file__).parents[1] / "policies" / "demo" / "bulletins"
WORK_HARDENING = "0298-v2-vocational-rehabilitation.txt"
IN_EFFECT_FROM = date(2025, 1, 1)


def now() -> datetime:
    """The clock of the test's factories; a signing may not be older than five minutes."""
    return timezone.now()


def make_version(
    cast: Cast,
    *,
    file: str = WORK_HARDENING,
    effective_from: date | None = IN_EFFECT_FROM,
    **facts: Any,
) -> Version:
    """A published version of a demonstration bulletin: 0298 v2 unless another file is named."""
    at = now()
    facts = {"change_note": "As the text says."} | facts
    version = import_bulletin(
        (BULLETINS / file).read_bytes(), name=file, at=at, author=cast.policy_editor.user, **facts
    ).version
    submit(version=version, by=cast.policy_editor.user, at=at)
    approve(version=version, by=cast.policy_approver.user, at=at)
    publish(version=version, effective_from=effective_from, by=cast.policy_approver.user, at=at)
    version.refresh_from_db()
    return version


def line(code: str = "97545", **facts: Any) -> LineAsked:
    """A line that asks for 20 units of a CPT code over the next 60 days."""
    today = now().date()
    asked = {
        "system": "CPT",
        "code": code,
        "units": 20,
        "starts_on": today,
        "ends_on": today + timedelta(days=60),
        "diagnoses": (1,),
    }
    return LineAsked(**asked | facts)


def make_request(cast: Cast, **facts: Any) -> Request:
    """A standard prospective request of an hour ago: one line, 97545 for S39.012A."""
    at = facts.pop("at", now())
    asked = {
        "member": cast.member,
        "coverage": cast.coverage,
        "requesting_provider": cast.clinic,
        "servicing_provider": cast.therapist,
        "review_type": ReviewType.PROSPECTIVE,
        "urgency": Urgency.STANDARD,
        "urgency_attested_by": "",
        "channel": Channel.FAX,
        "received_at": at - timedelta(hours=1),
        "summary": "Lumbar strain at work nine weeks ago. Work hardening is asked for.",
        "lines": [line()],
        "diagnoses": ["S39.012A"],
        "by": cast.intake,
        "at": at,
    }
    return enter_request(**asked | facts)


def make_claimed(cast: Cast, *, by: Any = None, **facts: Any) -> Request:
    """A request in clinical review; the nurse's unless someone else is named."""
    request = make_request(cast, **facts)
    claim_request(request=request, by=by or cast.nurse, at=now())
    request.refresh_from_db()
    return request


def make_document(
    cast: Cast,
    request: Request | None = None,
    *,
    pages: list[str] | None = None,
    data: bytes = b"",
    **facts: Any,
) -> Document:
    """A progress note of three pages as a PDF, of yesterday; other `pages`, or any file's bytes."""
    at = now()
    data = data or pdf(pages or ["Standing tolerance 20 minutes", "Lifting 25 pounds", "Plan"])
    said = {
        "kind": Document.Kind.PROGRESS_NOTE,
        "title": "Progress note",
        "dated_on": at.date() - timedelta(days=1),
        "received_at": at,
        "by": cast.nurse,
        "at": at,
    } | facts
    kept = store_content(
        data=data, reading=read_file(data, name="note.pdf"), by=said["by"], at=said["at"]
    )
    return add_document(request=request or make_request(cast), content=kept, **said)


def make_answers(
    cast: Cast,
    request: Request | None = None,
    version: Version | None = None,
    *,
    by: Any = None,
    appeal: Appeal | None = None,
    **found: str,
) -> CriteriaReview:
    """Answers in an open review, by place: `I_A="met"`. Without any: no exclusion applies, and all
    else is met."""
    person, at = by or cast.nurse, now()
    version = version or make_version(cast)
    review = open_review(
        request=request or make_claimed(cast), version=version, appeal=appeal, by=person, at=at
    )
    revisions = dict(review.answers.values_list("criterion", "revision"))
    for one in tree_of(version).statements():
        usual = "" if found or one.children else "not_met" if one.excludes else "met"
        if finding := found.get(one.place.replace(".", "_"), usual):
            answer_criterion(
                review=review,
                criterion=one.criterion,
                finding=finding,
                comment="",
                revision=revisions.get(one.criterion.pk, 0),
                by=person,
                at=at,
            )
    return review


def make_referral(cast: Cast, request: Request | None = None, **facts: Any) -> Referral:
    """The nurse refers a request to a physician and recommends a denial."""
    request = request or make_claimed(cast)
    said = {
        "recommendation": Referral.Recommendation.DENY,
        "reasons": "The plan of care names a job, not daily living.",
        "specialty": "Physical medicine",
        "by": cast.nurse,
        "at": now(),
    }
    return refer_request(request=request, **said | facts)


def passage(version: Version, words: str) -> Passage:
    """The one passage of a version that holds the words."""
    return version.passages.get(text__contains=words)


def cite(version: Version, words: str) -> CitationDraft:
    """A citation of the passage that holds the words, quoting just them."""
    return CitationDraft(passage=passage(version, words), quote=words)


def decide(outcome: str, reason: str, **facts: Any) -> Decision:
    """A decision with the given outcome and reason code; everything else may be named."""
    words = {
        "outcome": outcome,
        "reason": ReasonCode.objects.get(code=reason),
        "reason_text": "",
        "ground": "",
        "rationale_clinical": "Work hardening for a return to a warehouse job, after an injury.",
        "rationale_plain": "This program prepares a person for a job. Your plan does not pay for"
        " programs that prepare a person for a job.",
        "units_granted": 0,
        "starts_on": None,
        "ends_on": None,
        "version": None,
        "version_reason": "",
        "no_bulletin_reason": "",
        "citations": (),
    }
    return Decision(**words | facts)


def approval(asked: ServiceLine, version: Version | None = None, **facts: Any) -> Decision:
    """All that the line asks for is granted."""
    granted = {
        "units_granted": asked.units,
        "starts_on": asked.starts_on,
        "ends_on": asked.ends_on,
        "rationale_clinical": "Every criterion is met by the plan of care and the measures in it.",
        "rationale_plain": "Your plan pays for this service. It meets the rules of the policy.",
        **pinned(version),
    }
    return decide(Outcome.APPROVED, "A01", **granted | facts)


def denial(version: Version, **facts: Any) -> Decision:
    """A denial on the limitation of 0298 v2, as a question of medical necessity."""
    words = "Work hardening and work conditioning programs"
    refused = {
        "ground": Ground.MEDICAL_NECESSITY,
        "citations": (cite(version, words),),
        **pinned(version),
    }
    return decide(Outcome.DENIED, "M01", **refused | facts)


def pinned(version: Version | None) -> dict[str, Any]:
    if version is None:
        return {"no_bulletin_reason": "No bulletin names the code on the date of service."}
    return {"version": version, "version_reason": f"{version}, in effect on the date of service."}


def make_denied(
    cast: Cast, version: Version | None = None, *, request: Request | None = None, **facts: Any
) -> Determination:
    """A physician denies the first line of a request that the nurse has referred."""
    version = version or make_version(cast)
    request = make_referral(cast, request).request
    signed = {"by": cast.physician, "at": now()} | facts
    claim_request(request=request, by=signed["by"], at=now())
    line = request.lines.get(position=1)
    return sign_determination(line=line, decision=denial(version), **signed)


def make_denied_urgent(cast: Cast) -> Determination:
    """As `make_denied`, of an expedited request."""
    attested = {"urgency": Urgency.EXPEDITED, "urgency_attested_by": "Dr. L. Shore"}
    return make_denied(cast, request=make_claimed(cast, **attested))


def make_approved(cast: Cast, version: Version | None = None, **facts: Any) -> Determination:
    """A nurse approves the first line of a request that they took."""
    request = make_claimed(cast, **facts)
    asked = request.lines.get(position=1)
    return sign_determination(
        line=asked, decision=approval(asked, version), by=cast.nurse, at=now()
    )


def make_notice(cast: Cast, determination: Determination, **facts: Any) -> Notice:
    sent = {"recipient": "member", "channel": "mail", "by": cast.physician, "at": now()}
    return send_notice(determination=determination, **sent | facts)


def make_appeal(cast: Cast, determination: Determination | None = None, **facts: Any) -> Appeal:
    """The member appeals a denial; nobody has it yet."""
    at = now()
    said = {
        "initiator": Appeal.Initiator.MEMBER,
        "initiator_name": "Ada Winter",
        "urgency": Urgency.STANDARD,
        "channel": Channel.MAIL,
        "received_at": at,
        "grounds": "The program is part of the treatment of the injury.",
        "by": cast.appeals_coordinator,
        "at": at,
    }
    return receive_appeal(determination=determination or make_denied(cast), **said | facts)


def make_assigned_appeal(
    cast: Cast, determination: Determination | None = None, **facts: Any
) -> Appeal:
    """An appeal in the hands of a physician who had no part in the request."""
    appeal = make_appeal(cast, determination, **facts)
    assign_appeal(appeal=appeal, to=cast.other_physician, by=cast.appeals_coordinator, at=now())
    appeal.refresh_from_db()
    return appeal


def make_appeal_decision(cast: Cast, appeal: Appeal | None = None, **facts: Any) -> AppealDecision:
    """The uninvolved physician overturns the denial: the line is approved as asked."""
    appeal = appeal or make_assigned_appeal(cast)
    asked = appeal.determination.line
    said = {
        "outcome": AppealDecision.Outcome.OVERTURNED,
        "root_cause": AppealDecision.RootCause.NEW_INFORMATION,
        "substance": "The appeal adds a plan of care with goals for daily living.",
        "rationale_clinical": "The new plan of care names goals for daily living.",
        "rationale_plain": "We read the new plan. It is about daily life, so your plan pays.",
        "new_decision": replace(
            approval(asked, appeal.determination.version), reason=reason("A03")
        ),
        "by": cast.other_physician,
        "at": now(),
    }
    return decide_appeal(appeal=appeal, **said | facts)


def make_upheld(cast: Cast, appeal: Appeal | None = None, **facts: Any) -> AppealDecision:
    """The uninvolved physician lets the denial stand, or dismisses the appeal."""
    stands = {
        "outcome": AppealDecision.Outcome.UPHELD,
        "root_cause": "",
        "rationale_clinical": "The new plan of care names no goal of daily living.",
        "rationale_plain": "We read the new plan. It still prepares for a job.",
        "new_decision": None,
    }
    return make_appeal_decision(cast, appeal, **stands | facts)


def make_appeal_notice(cast: Cast, appeal: Appeal, **facts: Any) -> Notice:
    sent = {"recipient": "member", "channel": "mail", "by": cast.appeals_coordinator, "at": now()}
    return send_appeal_notice(appeal=appeal, **sent | facts)


def make_outside_decision(cast: Cast, version: Version | None = None) -> OutsideDecision:
    """What the independent entity decides of a Medicare appeal that is before it."""
    coverage = enter_coverage(cast.member, "medicare_advantage", "Harbor Medicare")
    denied = make_denied(cast, version, request=make_claimed(cast, coverage=coverage))
    place = Place("medicare_advantage", "appeal_decision", "ire")
    at = now()
    return record_outside_decision(
        appeal=make_appeal(cast, denied, place=place, received_at=at, at=at),
        decided_by="Beacon Review Partners",
        outcome=AppealDecision.Outcome.OVERTURNED,
        dated_on=local_day(at),
        received_at=at,
        summary="The plan covers 20 units.",
        by=cast.appeals_coordinator,
        at=at,
    )


def reason(code: str) -> ReasonCode:
    return ReasonCode.objects.get(code=code)


@contextmanager
def loaded_demonstration() -> Iterator[None]:
    """The demonstration in the test database, which is emptied at the end."""
    with as_owner():
        load(at=now())
    try:
        yield
    finally:
        call_command("flush", interactive=False, verbosity=0)


def withdraw(request: Request, *, by: Reviewer, reason: str) -> None:
    withdraw_request(request=request, reason=reason, by=by, at=now())


def tell(request: Request, *, by: Reviewer) -> None:
    """Information that came in while the request is under review."""
    receive_information(request=request, what="A new plan of care, 4 pages.", by=by, at=now())
