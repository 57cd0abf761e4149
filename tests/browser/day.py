"""A case of a reviewer's day: therapy for a knee, entered an hour ago with its papers."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from policies.models import System, Version
from reviewer.models import (
    Channel,
    Coverage,
    CriterionAnswer,
    Document,
    Provider,
    Request,
    Reviewer,
    ReviewType,
    Urgency,
)
from reviewer.workflow.criteria import review_of, tree_of
from reviewer.workflow.requests import LineAsked, claim_request, enter_request
from tests.browser.browsing import Tab
from tests.factories import make_document

SAVED = 15_000  # milliseconds
PAPERS = {
    "Evaluation": ["Right knee: flexion 85 degrees, extension lacks 8.", "Timed walk 19 seconds."],
    "Plan of care": ["Climb a flight of stairs. Twice a week for six weeks."],
}


def enter_case(line_of_business: str, *, claimed_by: str) -> Request:
    """Taken by a reviewer: 12 units of therapy after a new knee, with an evaluation and a plan."""
    at = timezone.now() - timedelta(minutes=30)
    coverage = Coverage.objects.filter(line_of_business=line_of_business).order_by("pk").first()
    intake = Reviewer.objects.get(user__username="ipardo")
    start = at.date() + timedelta(days=2)
    request = enter_request(
        member=coverage.member,
        coverage=coverage,
        requesting_provider=Provider.objects.get(name="Harbor Orthopedics"),
        servicing_provider=Provider.objects.get(name="Bridge Street Therapy"),
        review_type=ReviewType.PROSPECTIVE,
        urgency=Urgency.STANDARD,
        urgency_attested_by="",
        channel=Channel.FAX,
        received_at=at - timedelta(minutes=30),
        summary="Right knee replaced three weeks ago; a course of therapy is asked for.",
        lines=[LineAsked(System.CPT, "97110", 12, start, start + timedelta(days=45))],
        diagnoses=["Z47.1", "Z96.651"],
        by=intake,
        at=at,
    )
    for title, pages in PAPERS.items():
        make_document(
            SimpleNamespace(nurse=intake),
            request,
            pages=[f"{page} {request.number}" for page in pages],
            title=title,
            kind=Document.Kind.EVALUATION,
            received_at=at,
        )
    by = Reviewer.objects.get(user__username=claimed_by)
    claim_request(request=request, by=by, at=timezone.now())
    request.refresh_from_db()
    return request


def key_of(version: Version, place: str) -> int:
    return next(key for key, one in tree_of(version).by_key().items() if one.place == place)


def answer(tab: Tab, version: Version, **found: str):
    """Press a finding (its word on the button) for each criterion: `II_A="Met"`."""
    for place, word in found.items():
        row = tab.page.locator(f"#c-{key_of(version, place.replace('_', '.'))}")
        row.get_by_role("button", name=word, exact=True).click()
        row.locator("button[aria-pressed=true]").get_by_text(word, exact=True).wait_for(
            timeout=SAVED
        )


def kept(request: Request, version: Version, place: str) -> CriterionAnswer:
    return review_of(request, version).answers.get(criterion=key_of(version, place))


def governing() -> Version:
    """What governs these codes today."""
    return Version.objects.get(bulletin__number="0614", ordinal=1)


def stopped(request: Request) -> dict[str, bool]:
    """Each clock of the request by its name, and whether it has stopped."""
    return {one.label: one.stopped_by is not None for one in request.clocks.all()}
