"""From bytes to numbered lines: what may be read at all, and what a line looks like clean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

MAX_BYTES = 20 * 1024 * 1024
MAX_LINES = 200_000

_BREAK = re.compile(r"\r\n|\n|\r")
_BLANKS = re.compile(r"\s+")
_UNEVEN = re.compile(r"\s\s|[^\S ]")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
# Pages hide the word after a hyphen for screen readers: "ICD-hyphen10", "next-hyphengeneration".
_SPOKEN_HYPHEN = re.compile(r"-hyphen(?!ate|ation|s\b)")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
_TAB_WIDTH = 4
_FEW = 12


class NotABulletin(ValueError):
    """The input cannot be read as a bulletin; `str()` is one sentence for the person at hand."""


@dataclass(frozen=True, slots=True)
class Markup:
    """What a page's markup says of a line, where a line of text leaves it to be inferred."""

    level: int = 0  # of a heading; 0 is none
    depth: int = 0  # how many lists it stands in
    style: str = ""  # of the item that the line opens, as in `lists.Item`
    ordinal: int = 0
    marker: str = ""
    starts_list: bool = False
    is_bare: bool = False  # it may be a heading by its words
    row: str = ""  # of a table of codes: heading (over all columns) | cells | more of them


@dataclass(frozen=True, slots=True)
class Line:
    """A line with words: its number from 1, blanks before its text, and what surrounds it.

    Only an item that opens with a nested list has a line without words, where markup says so.
    """

    number: int
    indent: int
    text: str  # blanks of every kind collapsed
    raw: str  # with the blanks as they came, for cells and continued descriptions
    follows_blank: bool
    precedes_blank: bool
    markup: Markup | None = None
    goes_on: bool = False  # from the line above, which was wrapped

    @property
    def level(self) -> int:
        """The level of a heading that is known to be one, else 0."""
        return self.markup.level if self.markup else 0

    @property
    def is_bare(self) -> bool:
        """Alone between blank lines at the left margin: what is left of a heading."""
        if self.markup:
            return self.markup.is_bare or self.markup.level > 0
        return self.follows_blank and self.precedes_blank and self.indent == 0


def decode(data: bytes) -> str:
    """The text of a file. Raises NotABulletin for what is empty, too large or not text."""
    if len(data) > MAX_BYTES:
        raise NotABulletin(too_large(len(data)))
    if not data.strip():
        raise NotABulletin("The file is empty: copy the bulletin's text into it and try again.")
    _refuse_other_formats(data)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _decoded(data, "utf-16")
    else:
        text = _decoded(data, "utf-8-sig")
    if _CONTROL.search(text):
        raise NotABulletin(
            "The file holds binary data and not text: save the bulletin as plain text in UTF-8."
        )
    if not clean(text[:4096]) and not clean(text):
        raise NotABulletin("The file holds only blanks: copy the bulletin's text into it.")
    return text


def made(raw: str, number: int, *, markup: Markup) -> Line:
    """A line of a page whose markup is known; it stands apart, unless it goes on in a row."""
    line = _line((number, raw, clean(raw), True), precedes_blank=True)
    stands_apart = not markup.style and markup.row in ("", "heading")
    return replace(
        line,
        indent=_TAB_WIDTH * markup.depth,
        follows_blank=stands_apart,
        precedes_blank=stands_apart,
        markup=markup,
    )


def too_large(size: int, most: int = MAX_BYTES) -> str:
    """The sentence that refuses a file of so many bytes."""
    return (
        f"The file has {size / 1_048_576:.0f} MB, and a bulletin has less than "
        f"{most // 1_048_576} MB: give the text of one bulletin."
    )


def too_many_lines() -> NotABulletin:
    """The refusal of a file with more than MAX_LINES lines that have words."""
    return NotABulletin(
        f"The file has more than {MAX_LINES:,} lines: give the text of one bulletin."
    )


def split(text: str) -> list[Line]:
    """The lines that have words, in order. Raises NotABulletin when there are far too many."""
    lines: list[Line] = []
    for line in _numbered(text):
        if len(lines) >= MAX_LINES:
            raise too_many_lines()
        lines.append(line)
    # Some pages come without a single blank line: there, every line stands alone.
    if len(lines) >= _FEW and not any(line.follows_blank for line in lines[1:]):
        return [replace(line, follows_blank=True, precedes_blank=True) for line in lines]
    return lines


def clean(text: str) -> str:
    """The words of a text with single blanks, without what only a screen reader speaks."""
    spoken = _SPOKEN_HYPHEN.sub("-", text) if "-hyphen" in text else text
    seen = _INVISIBLE.sub("", spoken)
    return (_BLANKS.sub(" ", seen) if _UNEVEN.search(seen) else seen).strip()


def _numbered(text: str) -> Iterator[Line]:
    held: tuple[int, str, str, bool] | None = None  # until it is known what follows
    follows_blank = True
    for number, raw in enumerate(raw_lines(text), start=1):
        words = clean(raw)
        if held:
            yield _line(held, precedes_blank=not words)
        held = (number, raw, words, follows_blank) if words else None
        follows_blank = not words
    if held:
        yield _line(held, precedes_blank=True)


def raw_lines(text: str) -> Iterator[str]:
    """The lines of a text as they stand there; the first is line 1."""
    start = 0
    for found in _BREAK.finditer(text):
        yield text[start : found.start()]
        start = found.end()
    yield text[start:]


def _line(held: tuple[int, str, str, bool], *, precedes_blank: bool) -> Line:
    number, raw, words, follows_blank = held
    if "-hyphen" in raw:
        raw = _SPOKEN_HYPHEN.sub("-", raw)
    # Where nothing but blanks at the ends differs, one string serves as both.
    stripped = raw.strip(" \t\u00a0\ufeff\f\v")
    kept = words if stripped == words else stripped
    return Line(number, _indent(raw), words, kept, follows_blank, precedes_blank)


def _indent(raw: str) -> int:
    width = 0
    for character in raw:
        if character == " ":
            width += 1
        elif character == "\t":
            width += _TAB_WIDTH - width % _TAB_WIDTH
        else:
            break
    return width


def _refuse_other_formats(data: bytes) -> None:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf"):
        raise NotABulletin("This is a PDF: open it, copy its text into a file, and read that.")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        return _decoded_as_windows(data, error)


def _decoded_as_windows(data: bytes, error: UnicodeDecodeError) -> str:
    """Text that an old Windows editor saved: few bytes beyond ASCII, none of them control."""
    beyond = len(data) - len(data.translate(None, bytes(range(128, 256))))
    has_control = len(data) != len(data.translate(None, b"\x00\x01\x02\x03\x04\x05\x06\x07\x08"))
    try:
        if not has_control and beyond * 20 < len(data):
            return data.decode("cp1252")
    except UnicodeDecodeError:
        pass
    raise NotABulletin(
        f"The file is not text in UTF-8 (byte {error.start + 1} does not fit): "
        "save it as plain text in UTF-8."
    ) from error
