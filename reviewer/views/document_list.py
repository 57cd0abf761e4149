"""The documents of a request as lists show them, and what is found in them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import User

from reviewer.models import Document, DocumentPage, Request, Reviewer
from reviewer.workflow.attention import attention_of
from reviewer.workflow.documents import ADD
from reviewer.workflow.guards import has_any

MOST_FOUND: Final = 50
AROUND: Final = 90  # characters shown on either side of a find


@dataclass(frozen=True, slots=True)
class Found:
    """A page that holds every word, and where it does: (text, is found) in turns."""

    document: Document
    page: int
    pieces: list[tuple[str, bool]]


def documents_context(request: Request, reviewer: Reviewer, user: User) -> dict[str, Any]:
    """What `reviewer/parts/documents_list.html` shows; two queries."""
    documents = attention_of(request, reviewer)
    return {
        "documents": documents,
        "documents_in_use": [one for one in documents if not one.document.is_set_aside],
        "may_add_documents": has_any(user, *ADD),
    }


def find_in(documents: Iterable[Document], words: str) -> list[Found]:
    """Pages on which all the words stand, in the order of the documents; 50 at most."""
    asked = words.replace("\x00", "").split()
    of_content = {one.content_id: one for one in documents}
    pages = DocumentPage.objects.filter(content__in=of_content)
    for word in asked:
        pages = pages.filter(text__icontains=word)
    if not asked:
        return []
    order = {pk: place for place, pk in enumerate(of_content)}
    hits = sorted(pages[: 4 * MOST_FOUND], key=lambda one: (order[one.content_id], one.number))
    return [
        Found(of_content[one.content_id], one.number, list(_marked(one.text, asked)))
        for one in hits[:MOST_FOUND]
    ]


def _marked(text: str, words: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The surroundings of the first word found, cut where every word begins and ends."""
    text = " ".join(text.split())
    sought = re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE)
    first = sought.search(text)
    if first is None:
        yield text[: 2 * AROUND], False
        return
    begin, end = max(first.start() - AROUND, 0), first.end() + AROUND
    if begin:
        begin = text.find(" ", begin, first.start()) + 1 or first.start()
        yield "… ", False
    at = begin
    for hit in sought.finditer(text, begin, end):
        yield text[at : hit.start()], False
        yield hit[0], True
        at = hit.end()
    yield text[at:end] + (" …" if end < len(text) else ""), False
