"""What a person last read, beside what is there now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils import timezone

from policies.comparison.tallies import Tally, tallies_of
from policies.models import Acknowledgment, Version
from policies.readers import is_news, last_read, last_reads, note_visit

Person = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """A version that is newer than the one the person read; `tally` is what lies between."""

    version: Version
    read: Acknowledgment
    tally: Tally | None = None


def changed_since(request: HttpRequest, version: Version, on: date) -> ChangedSince | None:
    """What the banner over a version says to who is shown it; None where there is nothing to say.
    The page counts as a visit; one fetched ahead does not.

    Four queries at most, one where the person has read nothing else.
    """
    person = request.user
    if not isinstance(person, User):
        return None
    read = last_read(person, version.bulletin)
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    if request.method == "GET" and not is_ahead:
        note_visit(version=version, reader=person, read=read, at=timezone.now(), on=on)
    if read is None or not is_news(version, read, person, on):
        return None
    pair = (read.version, version)
    return ChangedSince(version, read, tallies_of([pair])[pair[0].pk, version.pk])


def marks_of(versions: Iterable[Version], person: Person, on: date) -> Mapping[int, ChangedSince]:
    """By the key of a version, what the person read instead of it. One query."""
    if not isinstance(person, User):
        return {}
    asked = list(versions)
    read = last_reads(person, [one.bulletin for one in asked]) if asked else {}
    return {
        one.pk: ChangedSince(one, read[one.bulletin_id])
        for one in asked
        if is_news(one, read.get(one.bulletin_id), person, on)
    }
