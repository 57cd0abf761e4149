"""The way of a version from its file to its day, and where it stands on that way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from policies.admin.tallies import in_words, replaced_by, tally_of
from policies.models import Version

Status = Version.Status
Anyone = User | AnonymousUser


class State(StrEnum):
    DONE = "done"
    TO_DO = "to do"
    LOOK = "to look at"  # nobody keeps whether somebody did
    CLOSED = "not possible"

    @property
    def icon(self) -> str:
        return {"done": "ok", "to do": "edit", "to look at": "find", "not possible": "lock"}[self]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: where it is, how it stands, and a sentence that says why."""

    key: str
    name: str
    state: State
    words: str
    address: str = ""
    action: str = ""  # the verb that carries it out, for whom it is open
    is_next: bool = False
    is_here: bool = False


def steps(version: Version, user: Anyone, on: date, *, here: str = "") -> list[Step]:
    """The ten steps in their order; `here` is the key of the one whose page is open.

    The next one is the first that is to do. Before what was only to be looked at: the first after
    the open page.
    """
    made = [replace(one, is_here=one.key == here) for one in _Way(version, user, on).steps()]
    following = _next(made)
    return [replace(one, is_next=one is following) for one in made]


def _next(made: list[Step]) -> Step | None:
    place = next((at for at, one in enumerate(made) if one.is_here), -1)
    work = ("read", "criteria", "stances", "facts")
    open_work = [one for one in made if one.key in work and one.state == State.TO_DO]
    to_look = [one for one in made[place + 1 :] if one.state == State.LOOK]
    verbs = [one for one in made if one.key not in work and one.state == State.TO_DO]
    if all(one.state != State.LOOK for one in made):
        return next(iter([*open_work, *verbs]), None)
    return next((one for one in [*open_work, *to_look, *verbs] if not one.is_here), None)


@dataclass(frozen=True)
class _Way:
    version: Version
    user: Anyone
    on: date

    def steps(self) -> Iterator[Step]:
        yield self._read()
        yield self._criteria()
        yield self._stances()
        yield self._facts()
        yield self._compare()
        yield self._preview()
        yield self._impact()
        yield self._submit()
        yield self._approve()
        yield self._schedule()

    @cached_property
    def _is_draft(self) -> bool:
        return self.version.status == Status.DRAFT

    def _may(self, permission: str) -> bool:
        return self.user.has_perm(f"policies.{permission}")

    def _read(self) -> Step:
        newest = self.version.mends.order_by("line", "-id").distinct("line")
        mends = list(newest.values_list("line", "before", "after", "is_set_aside"))
        aside = {line for line, _, _, is_aside in mends if is_aside}
        mended = [1 for _, before, after, is_aside in mends if not is_aside and before != after]
        left = [one for one in self.version.not_understood if one["line"] not in aside]
        said = [
            f"{_lines(len(left))} not understood" if left else "every line is placed",
            f"{len(mended)} mended" if mended else "",
            f"{len(aside)} set aside" if aside else "",
        ]
        words = _sentence(*said)
        return self._work("read", "Read", words, not left, "version_parse_review")

    def _criteria(self) -> Step:
        counted = self.version.criteria.aggregate(
            all=Count("id"), confirmed=Count("id", filter=Q(confirmed_at__isnull=False))
        )
        return self._confirmed("criteria", "Criteria", counted)

    def _stances(self) -> Step:
        counted = self.version.passages.exclude(stance_type="").aggregate(
            all=Count("id"), confirmed=Count("id", filter=Q(stance_confirmed_at__isnull=False))
        )
        return self._confirmed("stances", "Stances", counted)

    def _confirmed(self, key: str, name: str, counted: dict[str, int]) -> Step:
        total, confirmed = counted["all"], counted["confirmed"]
        words = f"{confirmed} of {total} confirmed." if total else "There are none."
        return self._work(key, name, words, confirmed == total, f"version_{key}")

    def _facts(self) -> Step:
        version = self.version
        if not version.change_note.strip():
            words = "The change note is missing: say what changed."
            return self._work("facts", "Facts", words, False, "version_change")
        review = f"next review {version.next_review}" if version.next_review else ""
        words = _sentence("change note written", review or "next review not stated")
        return self._work("facts", "Facts", words, True, "version_change")

    def _work(self, key: str, name: str, words: str, is_done: bool, page: str) -> Step:
        """A step that is work on a draft; what nobody may edit any more stands as it is."""
        state = State.DONE if is_done or self.version.is_frozen else State.TO_DO
        if state == State.TO_DO and not (self._may("change_version")):
            state, words = State.CLOSED, f"{words} Policy editors do that."
        return Step(key, name, state, words, self._address(page))

    def _address(self, page: str) -> str:
        try:
            return reverse(f"admin:policies_{page}", args=[self.version.pk])
        except NoReverseMatch:
            return ""

    def _look(self, key: str, name: str, words: str, address: str) -> Step:
        state = State.LOOK if self._is_draft else State.DONE
        return Step(key, name, state, words, address)

    def _compare(self) -> Step:
        old = replaced_by(self.version)
        if old is None:
            words = "No version is in force: there is nothing to compare it with."
            return Step("compare", "Compare", State.CLOSED, words)
        address = reverse(
            "policies:version_compare",
            args=[self.version.bulletin.number, old.ordinal, self.version.ordinal],
        )
        words = f"Against version {old.ordinal}: {in_words(tally_of(old, self.version))}."
        return self._look("compare", "Compare", words, address)

    def _preview(self) -> Step:
        return self._look(
            "preview", "Preview", "As reviewers will see it.", self.version.get_absolute_url()
        )

    def _impact(self) -> Step:
        words = "Requests, approvals, appeals and letters that it touches."
        return self._look("impact", "Impact", words, self._address("version_impact"))

    def _submit(self) -> Step:
        if not self._is_draft:
            return Step("submit", "Submit", State.DONE, self._submitted())
        if not self._may("submit_version"):
            words = "A policy editor submits it."
            return Step("submit", "Submit", State.CLOSED, words)
        if not self.version.change_note.strip():
            words = "Write the change note first."
            return Step("submit", "Submit", State.CLOSED, words)
        return Step("submit", "Submit", State.TO_DO, "Ask a second person.", action="submit")

    def _submitted(self) -> str:
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Version),
            object_id=str(self.version.pk),
            change_message="Submitted for approval.",
        )
        entry = entries.select_related("user").order_by("-action_time").first()
        if entry is None:
            return "Imported as already in force."
        return _by(entry.user, entry.action_time)

    def _approve(self) -> Step:
        version = self.version
        if version.approver is not None and version.approved_at is not None:
            words = _by(version.approver, version.approved_at)
            return Step("approve", "Approve", State.DONE, words)
        if version.is_frozen:
            return Step("approve", "Approve", State.DONE, "Imported as already in force.")
        why = self._why_not_approve()
        if why:
            return Step("approve", "Approve", State.CLOSED, why)
        return Step("approve", "Approve", State.TO_DO, "It waits for you.", action="approve")

    def _why_not_approve(self) -> str:
        if self._is_draft:
            return "Not before it is submitted."
        if self.version.author_id == self.user.pk:
            return "You wrote it: a second person approves it."
        if self.version.edits.filter(by_id=self.user.pk).exists():
            return "You wrote into it: someone who did not approves it."
        if not self._may("approve_version"):
            return "It waits for a policy approver."
        return ""

    def _schedule(self) -> Step:
        version = self.version
        if version.is_frozen:
            return Step("schedule", "Schedule", State.DONE, self._published())
        if version.status != Status.APPROVED:
            words = "Not before it is approved."
            return Step("schedule", "Schedule", State.CLOSED, words)
        if not self._may("publish_version"):
            words = "It waits for a policy approver."
            return Step("schedule", "Schedule", State.CLOSED, words)
        words = "Say from which day it is in effect."
        return Step("schedule", "Schedule", State.TO_DO, words, action="publish")

    def _published(self) -> str:
        publication = self.version.publication
        start = publication.effective_from
        said = {
            Version.Stage.SCHEDULED: f"takes effect on {start}",
            Version.Stage.PUBLISHED: f"in effect from {start or 'a day that is not stated'}",
        }
        words = said.get(self.version.stage(self.on), f"ended on {publication.ended_on}")
        return _sentence(words, _by(publication.published_by, publication.published_at)[:-1])


def _lines(count: int) -> str:
    return f"{count} line{'' if count == 1 else 's'}"


def _sentence(*parts: str) -> str:
    whole = ", ".join(one for one in parts if one)
    return f"{whole[:1].upper()}{whole[1:]}."


def _by(user: User | None, at: datetime) -> str:
    when = timezone.localtime(at).date()
    return f"{user.get_full_name() or user.get_username()}, {when}." if user else f"{when}."
