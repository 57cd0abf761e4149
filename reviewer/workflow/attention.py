"""What people opened while they were on a case, read from the record of their attention."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from policies.models import Passage, Version
from reviewer.models import Attention, Document, Request, Reviewer


@dataclass(frozen=True, slots=True)
class Opened:
    """A document as one person read it: so many of its pages."""

    document: Document
    opened: int
    of: int
    first_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def is_whole(self) -> bool:
        return self.opened >= self.of


@dataclass(frozen=True, slots=True)
class Read:
    """A version, or one of its passages, that a person had open."""

    version: Version
    passage: Passage | None
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """A person's attention to a case."""

    reviewer: Reviewer
    documents: list[Opened]
    passages: list[Read]


def attention_of(
    request: Request, reviewer: Reviewer, documents: Iterable[Document] | None = None
) -> list[Opened]:
    """Every document of the request, with how many of its pages the person opened.

    One query beside that of the documents, which may be given (`request.documents.told()`).
    """
    if documents is None:
        documents = request.documents.told()
    return _opened(documents, _looks(request, [reviewer.pk]).get(reviewer.pk, {}))


def never_opened(request: Request, reviewer: Reviewer) -> list[Document]:
    """Documents in use of which the person opened no page."""
    in_use = request.documents.told().in_use()
    return [one.document for one in attention_of(request, reviewer, in_use) if not one.opened]


def readers_of(request: Request) -> list[Reader]:
    """Everyone who opened something on the case, with what; the first to come first."""
    documents = list(request.documents.told())
    looks, passages = _looks(request), _passages(request)
    first = Attention.objects.filter(request=request).values("reviewer").annotate(at=Min("at"))
    order = {row["reviewer"]: row["at"] for row in first}
    people = Reviewer.objects.select_related("user").filter(pk__in=order)
    return [
        Reader(one, _opened(documents, looks.get(one.pk, {})), passages.get(one.pk, []))
        for one in sorted(people, key=lambda one: (order[one.pk], one.pk))
    ]


Look = tuple[int, datetime, datetime]  # pages, first and last time


def _looks(request: Request, people: list[int] | None = None) -> dict[int, dict[int, Look]]:
    """By person and document."""
    rows = Attention.objects.filter(request=request, document__isnull=False)
    if people is not None:
        rows = rows.filter(reviewer__in=people)
    summed = rows.values("reviewer", "document").annotate(
        pages=Count("page", distinct=True), first=Min("at"), last=Max("at")
    )
    found: dict[int, dict[int, Look]] = {}
    for row in summed.order_by():
        of_person = found.setdefault(row["reviewer"], {})
        of_person[row["document"]] = row["pages"], row["first"], row["last"]
    return found


def _opened(documents: Iterable[Document], looks: dict[int, Look]) -> list[Opened]:
    found = []
    for one in documents:
        pages, first, last = looks.get(one.pk, (0, None, None))
        found.append(Opened(one, pages, one.content.page_count, first, last))
    return found


def _passages(request: Request) -> dict[int, list[Read]]:
    rows = Attention.objects.filter(request=request, version__isnull=False).select_related(
        "version__bulletin", "passage"
    )
    times: dict[tuple[int, int | None, int | None], list[Attention]] = {}
    for row in rows.order_by("at"):
        times.setdefault((row.reviewer_id, row.version_id, row.passage_id), []).append(row)
    found: dict[int, list[Read]] = {}
    for (person, _, _), same in times.items():
        if version := same[0].version:
            read = Read(version, same[0].passage, same[0].at, same[-1].at)
            found.setdefault(person, []).append(read)
    return found
