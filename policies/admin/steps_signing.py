"""The steps that two people sign: submit, approve, and the day on which it takes effect."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from policies.admin.step import Case, Group, State, Step, sentence
from policies.models import Version

Status = Version.Status
_IMPORTED = "Imported as already in force."


def signing(case: Case) -> Iterator[Step]:
    yield _submit(case)
    yield _approve(case)
    yield _schedule(case)


def _submit(case: Case) -> Step:
    if not case.is_draft:
        return _step("submit", State.DONE, _submitted(case.version))
    if not case.may("submit_version"):
        return _step("submit", State.CLOSED, "A policy editor submits it.")
    if case.lacks_note:
        return _step("submit", State.CLOSED, "Write the change note first.")
    call = "Submit it for approval"
    return _step("submit", State.TO_DO, "A second person then approves it.", call, "submit")


def _submitted(version: Version) -> str:
    """Who submitted it last, and when; nobody did what came as already in force."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Version),
        object_id=str(version.pk),
        change_message="Submitted for approval.",
    )
    last = entries.select_related("user").order_by("-action_time").first()
    return sentence(_by(last.user, last.action_time)) if last else _IMPORTED


def _approve(case: Case) -> Step:
    version = case.version
    if version.approver is not None and version.approved_at is not None:
        return _step("approve", State.DONE, sentence(_by(version.approver, version.approved_at)))
    if version.is_frozen:
        return _step("approve", State.DONE, _IMPORTED)
    if why_not := why_not_approve(case):
        return _step("approve", State.CLOSED, why_not)
    return _step("approve", State.TO_DO, "It waits for you.", "Approve it", "approve")


def why_not_approve(case: Case) -> str:
    """Why this person cannot approve it, as a sentence; empty where they can."""
    if case.is_draft:
        return "Not before it is submitted."
    if case.version.author_id == case.user.pk:
        return "You wrote it: a second person approves it."
    if case.version.edits.filter(by_id=case.user.pk).exists():
        return "You wrote into it: someone who did not approves it."
    if not case.may("approve_version"):
        return "It waits for a policy approver."
    return ""


def _schedule(case: Case) -> Step:
    if case.version.is_frozen:
        return _step("schedule", State.DONE, _published(case))
    if case.version.status != Status.APPROVED:
        return _step("schedule", State.CLOSED, "Not before it is approved.")
    if not case.may("publish_version"):
        return _step("schedule", State.CLOSED, "It waits for a policy approver.")
    words, call = "It still wants the day on which it takes effect.", "Say when it takes effect"
    return _step("schedule", State.TO_DO, words, call, "publish")


def _published(case: Case) -> str:
    publication = case.version.publication
    start, end = publication.effective_from, publication.ended_on
    said = {
        Version.Stage.SCHEDULED: f"takes effect on {start}",
        Version.Stage.PUBLISHED: f"in effect from {start or 'a day that is not stated'}",
        Version.Stage.SUPERSEDED: f"in effect from {start or 'a day that is not stated'} to {end}",
        Version.Stage.RETIRED: f"retired on {end}",
    }[case.version.stage(case.on)]
    return sentence(said, _by(publication.published_by, publication.published_at))


def _step(key: str, state: State, words: str, call: str = "", action: str = "") -> Step:
    return Step(key, Group.SIGN, state, words, call, action=action)


def _by(user: User | None, at: datetime) -> str:
    """ "Hana Sato, 2026-03-02"; the day alone where a person with the server's keys did it."""
    day = timezone.localtime(at).date().isoformat()
    return f"{user.get_full_name() or user.get_username()}, {day}" if user else day
