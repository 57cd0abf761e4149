"""Documents: their bytes are kept, they are filed with a request, and set aside with a reason."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Final

from django.core import signing

from policies.models import Passage, Version
from reviewer.documents.errors import NotRead
from reviewer.documents.reading import Reading, read
from reviewer.models import (
    Attention,
    Document,
    DocumentContent,
    DocumentPage,
    DocumentSetAside,
    Event,
    Evidence,
    Request,
    Reviewer,
)
from reviewer.time import local_day
from reviewer.workflow.errors import Refused, verb
from reviewer.workflow.guards import account, lock, require_words
from reviewer.workflow.record import record

ADD: Final = ("reviewer.add_request", "reviewer.review_request", "reviewer.add_appeal")
SET_ASIDE: Final = ("reviewer.add_request", "reviewer.review_request")
LOOK: Final = "reviewer.view_request"
SALT: Final = "document that was stored"
LOOKED_LATELY: Final = timedelta(hours=1)


def read_file(data: bytes, *, name: str) -> Reading:
    """What a file holds. Outside any transaction: a hostile one takes its time.

    Raises Refused with a sentence that names the file.
    """
    try:
        return read(data)
    except NotRead as error:
        raise Refused(f"“{name}” {error}.") from error


@verb
def store_content(*, data: bytes, reading: Reading, by: Reviewer, at: datetime) -> DocumentContent:
    """Keep the bytes of a document and the words of its pages; the same bytes once.

    Until it is filed with a request it is known only by its receipt (`receipt_of`), which the
    person who sent the bytes is given.
    """
    account(by, *ADD)
    content, is_new = DocumentContent.objects.defer("data").get_or_create(
        sha256=hashlib.sha256(data).hexdigest(),
        defaults={
            "media_type": reading.kind,
            "size": len(data),
            "page_count": len(reading.pages),
            "data": data,
            "stored_by": by,
            "stored_at": at,
        },
    )
    if is_new:
        DocumentPage.objects.bulk_create(
            DocumentPage(content=content, number=number, text=words)
            for number, words in enumerate(reading.pages, 1)
        )
    return content


def receipt_of(content: DocumentContent, by: Reviewer) -> str:
    """What a form keeps of a file that was sent: it proves that this person had the bytes."""
    return signing.dumps([content.pk, by.pk], salt=SALT)


def content_of(receipt: str, by: Reviewer) -> DocumentContent:
    """The content of a person's own receipt, without its bytes. Raises Refused for any other."""
    try:
        pk, holder = signing.loads(receipt, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise Refused("The file is not known any more. Choose it again.") from error
    if holder != by.pk:
        raise Refused("Someone else sent this file. Choose it yourself.")
    return DocumentContent.objects.defer("data").get(pk=pk)


def filed_already(request: Request, content: DocumentContent) -> Document | None:
    """The document of the request with the same bytes."""
    return request.documents.told().filter(content=content).first()


@verb
def add_document(
    *,
    request: Request,
    content: DocumentContent,
    kind: str,
    title: str,
    dated_on: date | None,
    received_at: datetime,
    by: Reviewer,
    at: datetime,
) -> Document:
    """File a document with a request. `dated_on` is its own date; None: it states none.

    No limit moves by this: information that a clock waits for is recorded as received.
    """
    lock(request, by=by, needs=ADD)
    kind, title = Document.Kind(kind), title.strip()
    if earlier := filed_already(request, content):
        raise Refused(
            f"This document is in the file already, as “{earlier}”, added"
            f" {local_day(earlier.added_at)} by {earlier.added_by}. Open it there."
        )
    if received_at > at:
        raise Refused("A document was not received in the future. Mend the time.")
    if dated_on and dated_on > local_day(at):
        raise Refused("A document is not of a day to come. Mend its date, or say “not stated”.")
    if kind == Document.Kind.OTHER:
        require_words(title, "in the title what kind of document it is")
    document = Document.objects.create(
        request=request,
        content=content,
        kind=kind,
        title=title or kind.label,
        dated_on=dated_on,
        received_at=received_at,
        added_by=by,
        added_at=at,
    )
    pages = f"{content.page_count} page{'s' if content.page_count > 1 else ''}"
    day = f"dated {dated_on}" if dated_on else "date not stated"
    sentence = f"{document.title}, {pages}, {day}, received {local_day(received_at)}."
    added, facts = Event.Name.DOCUMENT_ADDED, {"document": document.pk, "sha256": content.sha256}
    record(request, added, by=by, at=at, sentence=sentence, after=facts)
    return document


@verb
def set_aside(*, document: Document, reason: str, by: Reviewer, at: datetime) -> DocumentSetAside:
    """Say that a document does not belong to the case. It stays, struck through."""
    request = document.request
    lock(request, by=by, needs=SET_ASIDE)
    require_words(reason, "why the document does not belong to the case")
    if earlier := DocumentSetAside.objects.filter(document=document).first():
        raise Refused(f"“{document}” was set aside already by {earlier.by}: {earlier.reason}")
    pointing = Evidence.objects.filter(document=document, answer__review__locked_at=None)
    if pointing.exists():
        raise Refused(
            f"Answers to criteria point to “{document}”. Remove it there, then set it aside."
        )
    done = DocumentSetAside.objects.create(document=document, reason=reason.strip(), by=by, at=at)
    name, facts = Event.Name.DOCUMENT_SET_ASIDE, {"document": document.pk}
    sentence = f"{document}: {done.reason}"
    record(request, name, by=by, at=at, sentence=sentence, after=facts)
    return done


@verb
def note_attention(
    *,
    request: Request,
    by: Reviewer,
    at: datetime,
    document: Document | None = None,
    page: int | None = None,
    version: Version | None = None,
    passage: Passage | None = None,
) -> None:
    """Note that a person opened a page of a document, a version or one of its passages.

    Once for each person, page and hour: going to and fro says nothing more.
    """
    account(by, LOOK)
    what = {"document": document, "page": page, "version": version, "passage": passage}
    mine = Attention.objects.filter(request=request, reviewer=by, at__gt=at - LOOKED_LATELY)
    asked = {name if value else f"{name}__isnull": value or True for name, value in what.items()}
    if not mine.filter(**asked).exists():
        Attention.objects.create(request=request, reviewer=by, at=at, **what)
