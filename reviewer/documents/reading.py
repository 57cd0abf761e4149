"""A file as pages with their words, and a page as a picture; nothing is trusted on the way."""

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from reviewer.documents import decoder, text
from reviewer.documents.errors import NotDrawn, NotRead
from reviewer.documents.kinds import TEXT, Kind, kind_of

MOST_BYTES: Final = 25 * 1024**2
MOST_PAGES: Final = decoder.MOST_PAGES
SECONDS: Final = 20  # of the processor; by the clock twice as many
AT_ONCE: Final = threading.BoundedSemaphore(2)  # of each of the site's processes
PROGRAM: Final = Path(decoder.__file__)
TOO_LARGE: Final = f"has more than {MOST_BYTES // 1024**2} MB. Split it, or scan it more coarsely"
REASONS: Final = {
    decoder.ENCRYPTED: "is protected by a password. Save it without one, and add that",
    decoder.TOO_MANY_PAGES: f"has more than {MOST_PAGES} pages. Split it, and add the parts",
    decoder.TOO_MANY_PIXELS: f"has more than {decoder.MOST_PIXELS // 10**6} million pixels. Save it"
    " smaller, and add that",
}
BROKEN: Final = "is broken: it cannot be read to its end. Have it sent again"
TOO_MUCH: Final = (
    "cannot be opened with the time and memory that a document may take. Print it to a new PDF, and"
    " add that"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file is, and the words of its pages; a picture's page has none."""

    kind: Kind
    pages: tuple[str, ...]


def read(data: bytes, *, seconds: int = SECONDS) -> Reading:
    """Read a file. Raises NotRead for one that is not taken, with the reason."""
    if not data:
        raise NotRead("is empty. Choose the file that holds the document")
    if len(data) > MOST_BYTES:
        raise NotRead(TOO_LARGE)
    kind = kind_of(data)
    pages = text.pages_of(data) if kind == TEXT else _decoded(data, kind, seconds)
    if len(pages) > MOST_PAGES:
        raise NotRead(REASONS[decoder.TOO_MANY_PAGES])
    return Reading(kind, tuple(pages))


def draw(data: bytes, kind: str, *, page: int, width: int, seconds: int = SECONDS) -> bytes:
    """A page as PNG. Raises NotDrawn."""
    status, answer = _run(data, "draw", kind, str(seconds), str(page), str(width))
    if status != 0 or not answer.startswith(b"\x89PNG\r\n\x1a\n"):
        raise NotDrawn
    return answer


def _decoded(data: bytes, kind: str, seconds: int) -> list[str]:
    status, answer = _run(data, "read", kind, str(seconds))
    if status in REASONS:
        raise NotRead(REASONS[status])
    if status == decoder.BROKEN:
        raise NotRead(BROKEN)
    if status != 0:  # it was ended: by its limits, or by a fault that the file brought about
        raise NotRead(TOO_MUCH)
    return _pages(answer)


def _pages(answer: bytes) -> list[str]:
    """The words of the pages, from an answer that a file may have had a hand in."""
    try:
        pages = json.loads(answer)
    except ValueError as error:
        raise NotRead(TOO_MUCH) from error
    if not isinstance(pages, list) or not pages:
        raise NotRead(TOO_MUCH)
    return [text.cleaned(str(words)) for words in pages]


def _run(data: bytes, *words: str) -> tuple[int, bytes]:
    """Run the decoder on the bytes: its exit status and its answer, both held in memory only."""
    seconds = int(words[2])
    with AT_ONCE, _memory() as given, _memory() as answered:
        given.write(data)
        given.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-I", PROGRAM, *words],
                stdin=given,
                stdout=answered,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                timeout=2 * seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return -1, b""
        answered.seek(0)
        return done.returncode, answered.read()


def _memory() -> BinaryIO:
    """A file that is on no disk."""
    return os.fdopen(os.memfd_create("document"), "w+b", buffering=0)
