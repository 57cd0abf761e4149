"""The NCCI file of add-on codes: each with a primary code that it goes with.

Columns (CMS NCCI add-on code file): add-on code, its deletion date, primary code, its deletion
date, effective date of the edit, deletion date of the edit, type 1, 2 or 3, notes. Dates are
YYYYDDD, the day counted within the year; 0 or blank is none. `CCCCC` stands where the payer names
the primary codes. Read by the names of the header in a spreadsheet or a table with tabs, or in
this order where such a table has no header.

Of the text in fixed width that section states the order and not the widths. Assumed are the
widths of the values with nothing between them: 5, 7, 5, 7, 7, 7 and 1, then the notes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from policies.imports.code_files.lines import CodeFile, Reading, one_line
from policies.imports.code_files.sheets import columns_named, is_sheet, sheet_rows

LEFT_TO_PAYER = 2
_NAMES = {
    "add_on": ("Add-On Code", "AOC", "Addon Code"),
    "add_on_deleted": ("AOC Del Dt", "AOC Deletion Date", "Add-On Code Deletion Date"),
    "primary": ("Primary Code",),
    "primary_deleted": ("Primary Code Del Dt", "Primary Code Deletion Date"),
    "effective": ("AOC Edit Eff Dt", "AOC Edit Effective Date"),
    "deleted": ("AOC Edit Del Dt", "AOC Edit Deletion Date"),
    "kind": ("AOC Edit Type",),
    "note": (
        "Special Instruction Notes",
        "Special Instruction/Notes",
        "Special Instruction",
        "Notes",
    ),
}
_IN_ORDER = {name: at for at, name in enumerate(_NAMES)}
_NEEDED = ("add_on", "primary", "effective", "deleted", "kind")
_WIDTHS = {"add_on": 5, "add_on_deleted": 7, "primary": 5, "primary_deleted": 7, "effective": 7,
           "deleted": 7, "kind": 1}  # fmt: skip
_CODE = re.compile(r"\d{4}[0-9A-Z]|[A-V]\d{4}", re.ASCII)
_PAYERS_OWN = "CCCCC"


@dataclass(frozen=True, slots=True)
class AddOnLine:
    """An add-on code with one primary code, or with none where the payer names them."""

    add_on: str
    primary: str
    kind: int
    effective_from: date
    effective_to: date | None
    note: str = ""


def read_add_ons(data: bytes) -> CodeFile[AddOnLine]:
    """A spreadsheet, a table with tabs or text in fixed width, told by what it holds."""
    reading = Reading[AddOnLine]()
    for number, text, row in _rows(reading, data):
        try:
            line = _line(row)
        except ValueError as error:
            reading.report(number, text, str(error))
            continue
        key = f"{line.add_on} with {line.primary or 'the payer’s own'} from {line.effective_from}"
        reading.take(number, text, key, line)
    return reading.file()


def _line(row: dict[str, str]) -> AddOnLine:
    add_on, primary, kind = row["add_on"], row["primary"], row["kind"]
    if not _CODE.fullmatch(add_on):
        raise ValueError(f"the add-on code “{add_on}” has not the shape of a code")
    if kind not in ("1", "2", "3"):
        raise ValueError(f"the type is “{kind}”, none of 1, 2 and 3")
    if primary in (_PAYERS_OWN, ""):
        if int(kind) != LEFT_TO_PAYER:
            raise ValueError(f"it is of type {kind} and names no primary code")
        primary = ""
    elif not _CODE.fullmatch(primary):
        raise ValueError(f"the primary code “{primary}” has not the shape of a code")
    begin = _day(row["effective"])
    if begin is None:
        raise ValueError("it states no effective date")
    ends = [_day(row.get(name, "")) for name in ("add_on_deleted", "primary_deleted", "deleted")]
    end = min((one for one in ends if one), default=None)
    if end and end < begin:
        raise ValueError(f"it ends on {end}, before it begins on {begin}")
    return AddOnLine(add_on, primary, int(kind), begin, end, one_line(row.get("note", "")))


def _day(text: str) -> date | None:
    """A day as YYYYDDD, 2025001 the first of 2025. Raises ValueError where there is no such."""
    if not text.strip("0"):
        return None
    if re.fullmatch(r"\d{7}", text, re.ASCII) and int(text[:4]) and int(text[4:]):
        day = date(int(text[:4]), 1, 1) + timedelta(days=int(text[4:]) - 1)
        if day.year == int(text[:4]):
            return day
    raise ValueError(f"“{text}” is no day as YYYYDDD")


def _rows(reading: Reading[AddOnLine], data: bytes) -> Iterator[tuple[int, str, dict[str, str]]]:
    if is_sheet(data):
        yield from _tabled(reading, _counted(reading, data))
        return
    if b"\t" in data:
        lines = reading.text_lines(data)
        yield from _tabled(reading, ((number, text.split("\t")) for number, text in lines))
        return
    for number, text in reading.text_lines(data):
        if len(text) < sum(_WIDTHS.values()):
            length = len(text)
            reading.report(number, text, f"it has {length} characters, and the type is the 39th")
            continue
        yield number, text, _cut(text)


def _counted(reading: Reading[AddOnLine], data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    for row in sheet_rows(data):
        reading.count += 1
        yield row


def _tabled(
    reading: Reading[AddOnLine], rows: Iterator[tuple[int, Sequence[str]]]
) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Rows by the names of the header; what stands before it is the publisher's notice."""
    where: dict[str, int] = {}
    for number, cells in rows:
        stripped = [cell.strip() for cell in cells]
        if not where:
            where = columns_named(stripped, _NAMES, needed=_NEEDED) or {}
            if where or not _CODE.fullmatch(stripped[0]):
                reading.count -= 1
                reading.notice += [] if where else [one_line(" ".join(stripped))]
                continue
            where = _IN_ORDER
        row = {name: stripped[at] if at < len(stripped) else "" for name, at in where.items()}
        yield number, " | ".join(stripped), row


def _cut(text: str) -> dict[str, str]:
    row, at = {}, 0
    for name, width in _WIDTHS.items():
        row[name] = text[at : at + width].strip()
        at += width
    return row | {"note": text[at:]}
