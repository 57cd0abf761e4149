"""What every reader gives: typed lines, and those not understood with their number and reason."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

MAX_BYTES = 64 * 1024**2
_SHOWN = 200  # characters of a line that is reported
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")
Line = TypeVar("Line")


class NotACodeFile(ValueError):
    """The file cannot be read; `str()` is one sentence for the person at hand."""


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One code as a file states it; the days only where the file has them."""

    system: str
    code: str
    short: str
    long: str = ""
    is_billable: bool = True
    is_add_on: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    begins_again: date | None = None
    successor: str = ""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A line that was left out."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class CodeFile(Generic[Line]):
    """A file once read: `count` records held something, the not understood ones among them."""

    lines: list[Line]
    not_understood: list[NotUnderstood]
    count: int
    remarks: tuple[str, ...] = ()
    notice: str = ""


@dataclass(slots=True)
class Reading(Generic[Line]):
    """The lines taken so far, each known by its key, and those reported."""

    lines: dict[str, Line] = field(default_factory=dict)
    not_understood: list[NotUnderstood] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    notice: list[str] = field(default_factory=list)
    count: int = 0
    _taken_at: dict[str, int] = field(default_factory=dict)

    def text_lines(self, data: bytes) -> Iterator[tuple[int, str]]:
        """Numbered lines, blank ones left out; what is no text is reported.

        Each line is read as UTF-8, else as Windows-1252: publishers have mixed both in one file.
        """
        as_1252 = 0
        for number, raw in enumerate(_without_marks(data).splitlines(), start=1):
            text, is_utf_8 = _decoded(raw)
            if not text.strip():
                continue
            self.count += 1
            fault = _fault(text)
            if fault:
                self.report(number, text, fault)
                continue
            as_1252 += not is_utf_8
            yield number, text
        if as_1252:
            lines = "1 line is" if as_1252 == 1 else f"{as_1252:,} lines are"
            self.remarks.append(f"{lines} not UTF-8 and read as Windows-1252.")

    def report(self, number: int, text: str, reason: str) -> None:
        self.not_understood.append(NotUnderstood(number, _shown(text), reason))

    def take(self, number: int, text: str, key: str, line: Line) -> None:
        """Keep a line, or report it where its key was taken before."""
        first = self._taken_at.setdefault(key, number)
        if first != number:
            self.report(number, text, f"{key} stands on line {first} already")
            return
        self.lines[key] = line

    def file(self) -> CodeFile[Line]:
        """What was read. Raises NotACodeFile when nothing was."""
        if not self.lines:
            first = next(iter(self.not_understood), None)
            why = f" Line {first.number}: {first.reason}." if first else ""
            raise NotACodeFile(
                f"No line of the file is of this format: choose the format it has.{why}"
            )
        return CodeFile(
            list(self.lines.values()),
            sorted(self.not_understood, key=lambda one: one.number),
            self.count,
            tuple(self.remarks),
            "\n".join(self.notice),
        )


def day_of(text: str) -> date | None:
    """A day as YYYYMMDD; none where it is blank or 0. Raises ValueError where there is no such."""
    digits = text.strip()
    if not digits.strip("0"):
        return None
    if not re.fullmatch(r"\d{8}", digits, re.ASCII):
        raise ValueError(digits)
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def one_line(text: str) -> str:
    return " ".join(text.split())


def check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise NotACodeFile(
            f"The file holds {size:,} bytes, and a file of codes {MAX_BYTES:,} at most."
        )


def _without_marks(data: bytes) -> bytes:
    """Without the mark of UTF-8 at the start and that of old systems at the end."""
    check_size(len(data))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise NotACodeFile("The file is UTF-16: save it as UTF-8 and load that.")
    if data[:4] == b"PK\x03\x04":
        raise NotACodeFile("The file is a ZIP or a spreadsheet: unpack it, or choose its format.")
    return data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\x1a")


def _decoded(raw: bytes) -> tuple[str, bool]:
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), False


def _fault(text: str) -> str:
    if "\ufffd" in text:
        return "it holds a byte that is neither UTF-8 nor Windows-1252"
    found = _CONTROL.search(text)
    return f"it holds the control character {ord(found[0]):#04x}" if found else ""


def _shown(text: str) -> str:
    plain = _CONTROL.sub("\ufffd", text.rstrip())
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…"
