"""The HCPCS Level II file in fixed width, `HCPCyyyy_MMM_ANWEB.txt`: records of 320 columns.

Columns (CMS HCPCS record layout): code 1-5 (modifiers in 4-5), sequence number 6-10, record
id 11 (3 procedure, 4 its continuation, 7 modifier, 8 its continuation), piece of the long
description 12-91, short description 92-119, cross-references 205-229 (five of five), day added
269-276, day of the action 277-284, day of termination 285-292, action code 293, filler to 320.

Blanks at the end of a record may have been cut off. A piece that fills its 80 columns goes on in
the next without a blank.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from policies.imports.code_files.lines import CodeFile, CodeLine, Reading, day_of, one_line

SYSTEM = "HCPCS"
ACTIONS = "ABCDFNPRST"
REACTIVATED, DISCONTINUED = "R", "D"
LENGTH, UP_TO_ACTION = 320, 293
FIRST, CONTINUED, MODIFIER, MODIFIER_CONTINUED = "3", "4", "7", "8"
CODE = re.compile(r"[A-CE-V]\d{4}", re.ASCII)
_XREFS = [slice(at, at + 5) for at in range(204, 229, 5)]


@dataclass(slots=True)
class Record:
    """A procedure or modifier: its first line and the pieces of its description."""

    number: int
    text: str
    pieces: list[str] = field(default_factory=list)


def read_fixed_width(data: bytes) -> CodeFile[CodeLine]:
    """The procedures of the file; modifiers are counted and left out."""
    reading = Reading[CodeLine]()
    modifiers = 0
    for record in _records(reading, data):
        if record.text[10] == MODIFIER:
            modifiers += 1
            continue
        try:
            line = _code_line(record)
        except ValueError as error:
            reading.report(record.number, record.text, str(error))
            continue
        reading.take(record.number, record.text, line.code, line)
    if modifiers:
        reading.remarks.append(told_modifiers(modifiers))
    return reading.file()


def told_modifiers(count: int) -> str:
    what = "1 modifier was" if count == 1 else f"{count:,} modifiers were"
    return f"{what} read and not loaded: modifiers are no codes."


def code_line(
    code: str,
    short: str,
    long: str,
    *,
    days: tuple[str, str, str],
    action: str,
    cross_references: list[str],
) -> CodeLine:
    """A code from its fields. Raises ValueError with the reason when one of them cannot be.

    `days` are those of addition, action and termination. A cross-reference is a successor only of
    a code that has ended, and only where it is the only one.
    """
    if not CODE.fullmatch(code):
        raise ValueError(f"“{code}” has not the shape of a HCPCS code")
    if action not in ACTIONS and action:
        raise ValueError(f"the action code “{action}” is unknown")
    if not short or not long:
        raise ValueError(f"the {'short' if not short else 'long'} description is blank")
    added, acted, ended = (
        day_stated(name, text)
        for name, text in zip(("added", "of the action", "of termination"), days, strict=True)
    )
    if added and ended and ended < added:
        raise ValueError(f"it ends on {ended}, before it was added on {added}")
    named = sorted({one for one in cross_references if one})
    has_successor = ended is not None and len(named) == 1 and named[0] != code
    return CodeLine(
        SYSTEM,
        code,
        short,
        long,
        valid_from=added,
        valid_to=ended,
        begins_again=acted if action == REACTIVATED else None,
        successor=named[0] if has_successor else "",
    )


def day_stated(name: str, text: str) -> date | None:
    try:
        return day_of(text)
    except ValueError as error:
        raise ValueError(f"the day {name} is “{text.strip()}”, which is no day") from error


def _records(reading: Reading[CodeLine], data: bytes) -> Iterator[Record]:
    """First lines with the pieces of those that continue them; others are reported."""
    open_record: Record | None = None
    for number, text in reading.text_lines(data):
        fault = _fault(text)
        if not fault and text[10] in (CONTINUED, MODIFIER_CONTINUED):
            fault = _fault_of_continuation(text, open_record)
            if not fault and open_record:
                open_record.pieces.append(text[11:91])
                continue
        if open_record and not fault:
            yield open_record
            open_record = None
        if fault:
            reading.report(number, text, fault)
            continue
        open_record = Record(number, text.ljust(LENGTH), [text[11:91]])
    if open_record:
        yield open_record


def _fault(text: str) -> str:
    length = len(text)
    if length > LENGTH and text[LENGTH:].strip():
        return f"it has {length} characters, and a record has {LENGTH}"
    kind = text[10:11]
    if kind not in (FIRST, CONTINUED, MODIFIER, MODIFIER_CONTINUED) or not kind:
        return f"the record id in column 11 is “{kind}”, none of 3, 4, 7 and 8"
    if kind in (FIRST, MODIFIER) and length < UP_TO_ACTION:
        return f"it has {length} characters, and the action code stands at the {UP_TO_ACTION}rd"
    if not re.fullmatch(r"\d{5}", text[5:10], re.ASCII):
        return "columns 6-10 hold no sequence number"
    return ""


def _fault_of_continuation(text: str, before: Record | None) -> str:
    first = FIRST if text[10] == CONTINUED else MODIFIER
    if before is None or before.text[:5] != text[:5] or before.text[10] != first:
        return f"it continues {text[:5].strip()}, which is not the record before it"
    return ""


def _code_line(record: Record) -> CodeLine:
    text = record.text
    return code_line(
        text[:5].strip(),
        one_line(text[91:119]),
        joined(record.pieces),
        days=(text[268:276], text[276:284], text[284:292]),
        action=text[292].strip(),
        cross_references=[text[one].strip() for one in _XREFS],
    )


def joined(pieces: list[str]) -> str:
    whole = "".join(
        piece if len(piece.rstrip()) == 80 else f"{piece.rstrip()} " for piece in pieces
    )
    return one_line(whole)
