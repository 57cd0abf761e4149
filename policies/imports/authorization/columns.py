"""The columns of an authorization list, under the names that people give them."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from policies.imports.authorization.rows import refuse

MAX_BYTES = 8 * 1024**2
_NAMES = {
    "system": "system codesystem codetype codeset",
    "low": "low from lowcode codefrom fromcode startcode code codes procedurecode procedure"
    " procedurecodes cptcode hcpcscode cpthcpcs cpthcpcscode hcpcs cpt servicecode",
    "high": "high to highcode codeto tocode endcode through thru",
    "requirement": "requirement required authorization authorizationrequired"
    " priorauthorization priorauthorizationrequired priorauth pa parequired authrequired"
    " authorizationrequirement rule",
    "line_of_business": "lineofbusiness linesofbusiness lob lobs",
    "plan": "plan plans planname",
    "state": "state states jurisdiction jurisdictions",
    "valid_from": "validfrom effective effectivefrom effectivedate startdate begins begindate"
    " start begin firstday",
    "valid_to": "validto effectiveto enddate ends termdate terminationdate termination end"
    " expires lastday",
    "note": "note notes comment comments remark remarks",
    # Taken and left out: descriptors belong to their publishers.
    "": "description descriptor descriptors codedescription shortdescription longdescription"
    " proceduredescription",
}  # fmt: skip
_MEANT = {name: column for column, names in _NAMES.items() for name in names.split()}
COLUMNS = [column for column in _NAMES if column]


def table_of(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row that is not empty, by its columns, with the number of its line.

    Raises NotAList where the file or its first line cannot be read.
    """
    text = _text(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns: list[str] = []
        for cells in reader:
            stripped = [" ".join(cell.split()) for cell in cells]
            if not any(stripped):
                continue
            if not columns:
                columns = _columns(stripped)
            elif len(stripped) > len(columns) and any(stripped[len(columns) :]):
                yield reader.line_num, {"": "more cells than the first line names columns"}
            else:
                yield reader.line_num, dict(zip(columns, stripped, strict=False))
    except csv.Error as error:
        raise refuse(
            f"Line {reader.line_num:,} is not CSV: {error}. Save the list again."
        ) from error
    if not columns:
        raise refuse("The file is empty: choose the one that holds the list.")


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise refuse(
            f"The file holds {len(data):,} bytes and a list at most {MAX_BYTES:,}: divide it."
        )
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise refuse("This is a spreadsheet: save it as “CSV UTF-8” and choose that file.")
    if data.startswith(b"%PDF"):
        raise refuse("This is a PDF: save its table as “CSV UTF-8” and choose that file.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refuse(
            f"Line {line:,} is not written in UTF-8: save the list as “CSV UTF-8”."
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise refuse(f"Line {line:,} holds a character that is no text: save it as “CSV UTF-8”.")
    return text


def _columns(cells: list[str]) -> list[str]:
    """The columns that a first line names. An unknown one is not passed over: were it a misspelled
    line of business, its rows would count for every line."""
    columns = []
    for cell in cells:
        name = re.sub(r"[^a-z0-9]", "", cell.lower())
        if name and name not in _MEANT:
            raise refuse(
                f"The column “{cell}” is not one of a list: take it out, or name it one of"
                f" {', '.join(COLUMNS)}."
            )
        column = _MEANT[name] if name else ""
        if column and column in columns:
            raise refuse(f"Two columns of the first line mean {column}: keep one of them.")
        columns.append(column)
    for column in ("low", "requirement"):
        if column not in columns:
            raise refuse(f"The first line names no column {column}: add it.")
    return columns
