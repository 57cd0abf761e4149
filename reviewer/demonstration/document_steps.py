"""What people do with documents: file them, open their pages, set one aside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reviewer.demonstration.papers import fax, pdf
from reviewer.demonstration.steps import Scene
from reviewer.models import Document, Reviewer
from reviewer.time import local_day
from reviewer.workflow import documents

MAKES: Final[dict[str, Callable[[tuple[str, ...]], bytes]]] = {
    "pdf": lambda pages: pdf(list(pages)),
    "fax": lambda pages: fax(pages[0]),
    "text": lambda pages: "\f".join(pages).encode(),
}


@dataclass(frozen=True)
class FileDocument:
    """Add a document; `days_old` at the receipt of the request, None: it states no date."""

    by: str
    after: float
    title: str
    kind: Document.Kind
    pages: tuple[str, ...]
    days_old: int | None = 3
    made: str = "pdf"

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        data = MAKES[self.made](self.pages)
        content = documents.store_content(
            data=data, reading=documents.read_file(data, name=self.title), by=by, at=at
        )
        received = scene.request.received_at
        old = None if self.days_old is None else timedelta(days=self.days_old)
        documents.add_document(
            request=scene.request,
            content=content,
            kind=self.kind,
            title=self.title,
            dated_on=None if old is None else local_day(received - old),
            received_at=received,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class OpenPages:
    """Read pages of a document, a minute for each."""

    by: str
    after: float
    title: str
    pages: tuple[int, ...] = (1,)

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        document = scene.request.documents.told().get(title=self.title)
        for minute, page in enumerate(self.pages):
            documents.note_attention(
                request=scene.request,
                document=document,
                page=page,
                by=by,
                at=at + timedelta(minutes=minute),
            )


@dataclass(frozen=True)
class SetAside:
    """Say that a document is not of this case."""

    by: str
    after: float
    title: str
    reason: str

    def play(self, scene: Scene, by: Reviewer, at: datetime) -> None:
        document = scene.request.documents.told().get(title=self.title)
        document.request = scene.request
        documents.set_aside(document=document, reason=self.reason, by=by, at=at)
