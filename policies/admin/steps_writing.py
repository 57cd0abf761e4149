"""The steps that are work on a draft: what was read, its criteria, its stances, its facts."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet

from policies.admin.step import Case, Group, State, Step, counted, sentence
from policies.reading.tracing import is_pages_own


def writing(case: Case) -> Iterator[Step]:
    yield _read(case)
    yield _confirmed(case, "criteria", case.version.criteria.all(), "confirmed_at")
    speaks = ~Q(stance_type="") | Q(stance_confirmed_at__isnull=False)
    yield _confirmed(case, "stances", case.version.passages.filter(speaks), "stance_confirmed_at")
    yield _facts(case)


def _read(case: Case) -> Step:
    newest = case.version.mends.order_by("line", "before", "-id").distinct("line", "before")
    mends = list(newest)
    aside = sum(one.is_set_aside for one in mends)
    mended = sum(one.before != one.after for one in mends if not one.is_set_aside)
    accepted = {one.line for one in mends if one.is_accepted}
    reported = [one for one in case.version.not_understood if not is_pages_own(one["reason"])]
    left = sum(one["line"] not in accepted for one in reported)
    words = sentence(
        f"{counted(left, 'line')} to look at" if left else "every line is placed",
        f"{mended} mended" if mended else "",
        f"{aside} set aside" if aside else "",
        f"{len(accepted)} accepted with a doubt" if accepted else "",
    )
    return _work(case, "read", words, is_done=not left, call="Look at what was read in doubt")


def _confirmed(case: Case, key: str, of: QuerySet[Any], field: str) -> Step:
    confirmed = Count("pk", filter=Q(**{f"{field}__isnull": False}))
    found = of.aggregate(total=Count("pk"), confirmed=confirmed)
    total, done = found["total"], found["confirmed"]
    words = f"{done} of {total} confirmed." if total else "There are none."
    return _work(case, key, words, is_done=done == total, call=f"Confirm the {key}")


def _facts(case: Case) -> Step:
    version = case.version
    if case.lacks_note:
        words = "The change note is missing."
        return _work(case, "facts", words, is_done=False, call="Say what changed")
    review = f"next review {version.next_review}" if version.next_review else ""
    words = sentence("change note written", review or "next review not stated")
    return _work(case, "facts", words, is_done=True, call="Change the facts")


_PAGES = {"read": "parse_review", "facts": "change"}


def _work(case: Case, key: str, words: str, *, is_done: bool, call: str) -> Step:
    state, address = State.DONE, case.address(_PAGES.get(key, key))
    if not is_done and case.version.is_frozen:
        state, words = State.CLOSED, f"{words} A published version never changes."
    elif not is_done and not case.is_draft:
        state, words = State.CLOSED, f"{words} It would have to be a draft again."
    elif not is_done and not case.may("change_version"):
        state, words = State.CLOSED, f"{words} A policy editor does that."
    elif not is_done:
        state = State.TO_DO
    return Step(key, Group.WRITE, state, words, call, address)
