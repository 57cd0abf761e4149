"""Which kind of file it is, by its first bytes: a name may say anything."""

from typing import Final, Literal

from reviewer.documents.errors import NotRead

Kind = Literal["application/pdf", "image/png", "image/jpeg", "text/plain"]
PDF: Final[Kind] = "application/pdf"
PNG: Final[Kind] = "image/png"
JPEG: Final[Kind] = "image/jpeg"
TEXT: Final[Kind] = "text/plain"
IMAGES: Final = (PNG, JPEG)

HEADER_WITHIN: Final = 1024  # bytes: a PDF may have something before its header
OTHERS: Final = (
    (b"PK\x03\x04", "a Word, Excel or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"{\\rtf", "a rich text file"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a bitmap image"),
    (b"%!PS", "a PostScript file"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
MAY_BE_WORDS: Final = {b"BM", b"MZ"}  # a note may begin with these letters
TAKEN: Final = "Save it as PDF, PNG, JPEG or plain text, and add that"


def kind_of(data: bytes) -> Kind:
    """The kind that the bytes show. Raises NotRead for any that is not taken."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if b"%PDF-" in data[:HEADER_WITHIN]:
        return PDF
    start = data.lstrip()[:32].lower()
    for mark, name in OTHERS:
        if start.startswith(mark.lower()) and (mark not in MAY_BE_WORDS or b"\x00" in data):
            raise NotRead(f"is {name}. {TAKEN}")
    if data[4:8] == b"ftyp":
        raise NotRead(f"is a film or a HEIC image. {TAKEN}")
    return TEXT
