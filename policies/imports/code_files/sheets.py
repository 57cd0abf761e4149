"""Spreadsheets (XLSX) as rows of text; one that would fill the memory is refused first."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from policies.imports.code_files.lines import NotACodeFile, check_size

UNPACKED = 96 * 1024**2
MOST_ROWS, MOST_COLUMNS = 200_000, 100
_MARK = b"PK\x03\x04"


def is_sheet(data: bytes) -> bool:
    return data[:4] == _MARK


def sheet_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet with their numbers, blank ones left out.

    Raises NotACodeFile when it is no spreadsheet, or one that is too large unpacked.
    """
    _check_size(data)
    from openpyxl import load_workbook  # 10 MB in every process that never opens a spreadsheet

    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a sheet says of its own size may be wrong
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise NotACodeFile(
                    f"The sheet has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns:"
                    " no file of codes has."
                )
            cells = [_text(cell) for cell in row]
            if any(cells):
                yield number, cells
    except NotACodeFile:
        raise
    except Exception as error:  # a broken sheet fails in as many ways as it can be broken
        raise NotACodeFile("The file is no spreadsheet (XLSX) that can be read.") from error


def columns_named(
    header: Sequence[str], names: Mapping[str, str | Sequence[str]], *, needed: Sequence[str]
) -> dict[str, int] | None:
    """Where the columns stand, by their names whatever their capitals, blanks and underlines;
    None where one that is needed is missing."""
    at = {_plain(cell): place for place, cell in reversed(list(enumerate(header)))}
    found = {}
    for name, called in names.items():
        for one in [called] if isinstance(called, str) else called:
            if _plain(one) in at:
                found[name] = at[_plain(one)]
                break
    return found if set(needed) <= set(found) else None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _check_size(data: bytes) -> None:
    check_size(len(data))
    try:
        with ZipFile(BytesIO(data)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
    except BadZipFile as error:
        raise NotACodeFile("The file is no spreadsheet (XLSX) that can be read.") from error
    if unpacked > UNPACKED:
        raise NotACodeFile(
            f"Unpacked, the spreadsheet would hold {unpacked:,} bytes: {UNPACKED:,} are the most."
        )


def _text(cell: object) -> str:
    """A cell as it is meant: a day without its time, a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y%m%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
