"""Plain text as pages, as a printer would break it."""

import re
from collections.abc import Iterator
from typing import Final

from reviewer.documents.errors import NotRead
from reviewer.documents.kinds import TAKEN

LINES: Final = 60  # of a page
COLUMNS: Final = 100
NOT_WRITTEN: Final = re.compile("[\x00-\x08\x0e-\x1f]")
# What Postgres or a page cannot hold; form feeds have done their work by then.
NOT_KEPT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def pages_of(data: bytes) -> list[str]:
    """The text's pages: at its form feeds, and after 60 printed lines. Raises NotRead."""
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n").rstrip("\f\n ")
    if not text.strip():
        raise NotRead("holds no words. Add the file that does")
    return [page for sheet in text.split("\f") for page in _printed(cleaned(sheet))]


def decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if NOT_WRITTEN.search(text):
            break
        return text
    raise NotRead(f"is of a kind that cannot be shown here. {TAKEN}")


def cleaned(text: str) -> str:
    """Without what no page can show."""
    return NOT_KEPT.sub("", text)


def _printed(sheet: str) -> Iterator[str]:
    held: list[str] = []
    used = 0
    for line in sheet.split("\n"):
        for part in _wide(line):
            needs = max(1, -(-len(part) // COLUMNS))
            if held and used + needs > LINES:
                yield "\n".join(held)
                held, used = [], 0
            held.append(part)
            used += needs
    yield "\n".join(held)


def _wide(line: str) -> Iterator[str]:
    """A line in pieces that fit a page."""
    most = LINES * COLUMNS
    for start in range(0, max(len(line), 1), most):
        yield line[start : start + most]
