"""Changes that policy staff class otherwise than the rule did: a comment on the change.

It changes no version, so it may be made of published ones too. What a person said is written once;
the newest word on a change counts, and the rule's own class stays beside it. The word goes with
the key of the change: where a draft was written on and the change is no longer there, it is stale.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from policies.comparison.bulletins import compare
from policies.comparison.editions import editions_of
from policies.comparison.effects import Change, Effect, Override
from policies.comparison.parts import Comparison
from policies.models import Reclassification, Version

LONGEST_REASON = 300


class NotReclassified(Exception):
    """A class that cannot be given; `str()` is a sentence: what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Reclassified:
    """A comparison with the classes that people gave, and what they said of changes now gone."""

    comparison: Comparison
    stale: tuple[Reclassification, ...]


@transaction.atomic
def reclassify(
    *,
    before: Version,
    after: Version,
    change_key: str,
    effect: str,
    reason: str,
    by: User,
    at: datetime,
) -> Reclassification:
    """Give one change of a comparison another class. Saying the same again changes nothing."""
    reason = " ".join(reason.split())
    if effect not in set(Effect):
        raise NotReclassified(f"Choose one of the classes: {', '.join(Effect)}.")
    if not reason or len(reason) > LONGEST_REASON:
        raise NotReclassified(
            f"Say in at most {LONGEST_REASON} characters why the change is {effect}."
        )
    if before.bulletin_id != after.bulletin_id or before == after:
        raise NotReclassified("Name two different versions of one bulletin.")
    # One word after the other, also when two people speak at once.
    Version.objects.select_for_update(of=("self",)).order_by("pk").get(pk=after.pk)
    if change_key not in _keys(before, after):
        raise NotReclassified(
            "This change is no longer there: the text was written on, or the comparison has been"
            " made anew since the page was opened. Open the comparison again."
        )
    last = said_of((before, after)).filter(key=change_key).last()
    if last and (last.effect, last.reason, last.by_id) == (effect, reason, by.pk):
        return last
    return Reclassification.objects.create(
        before=before, after=after, key=change_key, effect=effect, reason=reason, by=by, at=at
    )


def said_of(*pairs: tuple[Version, Version]) -> QuerySet[Reclassification]:
    """What was said of the changes between these versions, the newest last."""
    befores, afters = {one.pk for one, _ in pairs}, {one.pk for _, one in pairs}
    return Reclassification.objects.filter(before__in=befores, after__in=afters).order_by(
        "at", "id"
    )


def reclassified(compared: Comparison, said: Iterable[Reclassification]) -> Reclassified:
    """The comparison with the newest word on each change."""
    newest = {one.key: one for one in said}

    def judged(change: Change, *_: object) -> Change:
        found = newest.get(change.key)
        return _overridden(change, found) if found else change

    there = {one.change.key for one in compared.noted}
    return Reclassified(
        replace(compared, parts=tuple(part.visited(judged) for part in compared.parts)),
        tuple(one for key, one in newest.items() if key not in there),
    )


def _overridden(change: Change, said: Reclassification) -> Change:
    who = said.by.get_full_name() or said.by.get_username()
    override = Override(change.effect, by=who, at=said.at, reason=said.reason)
    return replace(change, effect=Effect(said.effect), override=override)


def _keys(before: Version, after: Version) -> Sequence[str]:
    fresh = Version.objects.defer("source_bytes").in_bulk([before.pk, after.pk])
    compared = compare(*editions_of(fresh[before.pk], fresh[after.pk]))
    return [one.change.key for one in compared.noted]
