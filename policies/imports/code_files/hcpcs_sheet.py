"""The HCPCS Level II file as a spreadsheet, `HCPCyyyy_MMM_ANWEB.xlsx`: columns by their names.

Names (CMS HCPCS alpha-numeric sheet): HCPC, SEQNUM, RECID, LONG DESCRIPTION, SHORT DESCRIPTION,
XREF1 to XREF5, ADD DT, ACT EFF DT, TERM DT, ACTION CD; capitals, blanks and underlines may differ.
"""

from collections.abc import Iterator

from policies.imports.code_files.hcpcs import FIRST, MODIFIER, code_line, told_modifiers
from policies.imports.code_files.lines import CodeFile, CodeLine, NotACodeFile, Reading
from policies.imports.code_files.sheets import columns_named, sheet_rows

_COLUMNS = {
    "code": "HCPC",
    "sequence": "SEQNUM",
    "record": "RECID",
    "long": ("LONG DESCRIPTION", "LONG DESC"),
    "short": ("SHORT DESCRIPTION", "SHORT DESC"),
    **{f"xref{one}": (f"XREF{one}", f"XREF {one}") for one in range(1, 6)},
    "added": ("ADD DT", "ADD DATE"),
    "acted": ("ACT EFF DT", "ACT EFF DATE"),
    "ended": ("TERM DT", "TERM DATE"),
    "action": ("ACTION CD", "ACTION CODE", "ACTION"),
}
_NEEDED = ("code", "long", "short", "added", "ended")


def read_sheet(data: bytes) -> CodeFile[CodeLine]:
    """The procedures of the first sheet; rows that continue a description are joined to it."""
    reading = Reading[CodeLine]()
    modifiers = 0
    for number, row in _whole_rows(reading, data):
        text = " | ".join(one for one in row.values() if one)
        if row.get("record") == MODIFIER or len(row["code"]) == 2:
            modifiers += 1
            continue
        try:
            line = _code_line(row)
        except ValueError as error:
            reading.report(number, text, str(error))
            continue
        reading.take(number, text, line.code, line)
    if modifiers:
        reading.remarks.append(told_modifiers(modifiers))
    return reading.file()


def _code_line(row: dict[str, str]) -> CodeLine:
    record = row.get("record", FIRST)
    if record not in (FIRST, ""):
        raise ValueError(f"its RECID is “{record}”, none of 3, 4, 7 and 8")
    return code_line(
        row["code"],
        row["short"],
        row["long"],
        days=(row["added"], row.get("acted", ""), row["ended"]),
        action=row.get("action", ""),
        cross_references=[row.get(f"xref{one}", "") for one in range(1, 6)],
    )


def _whole_rows(reading: Reading[CodeLine], data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    waiting: tuple[int, dict[str, str]] | None = None
    for number, row in _named_rows(reading, data):
        if row.get("record") in ("4", "8"):
            if waiting and waiting[1]["code"] == row["code"]:
                waiting[1]["long"] = f"{waiting[1]['long']} {row['long']}"
            else:
                reading.report(number, row["long"], f"it continues {row['code']}, not before it")
            continue
        if waiting:
            yield waiting
        waiting = number, row
    if waiting:
        yield waiting


def _named_rows(reading: Reading[CodeLine], data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows below the header, which may follow lines of a title."""
    where: dict[str, int] = {}
    for number, cells in sheet_rows(data):
        if not where:
            where = columns_named(cells, _COLUMNS, needed=_NEEDED) or {}
            continue
        reading.count += 1
        yield number, {name: cells[at] if at < len(cells) else "" for name, at in where.items()}
    if not where:
        raise NotACodeFile(
            "The sheet lacks a header with HCPC, LONG DESCRIPTION, SHORT DESCRIPTION, ADD DT and"
            " TERM DT."
        )
