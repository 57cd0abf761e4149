"""A client's licensed CPT files; the project ships no descriptor of the AMA.

Layouts (AMA CPT data files): the long descriptors as code, tab, text (`LONGULT.txt`);
in fixed records of 80 columns, code 1-5, sequence 6-7, text 9-80 (`LONGULF.txt`); and the
consolidated list, whose columns are told by the names in its header. Files begin with lines of
the AMA's copyright, which are kept as the file's notice. An add-on code is told by the words of
its descriptor.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from policies.imports.code_files.lines import (
    CodeFile,
    CodeLine,
    NotACodeFile,
    Reading,
    one_line,
)
from policies.imports.code_files.sheets import columns_named, is_sheet, sheet_rows

SYSTEM = "CPT"
ADD_ON = "(list separately in addition to"
SHORT = 200
_CODE = re.compile(r"\d{5}|\d{4}[FTUM]", re.ASCII)
_FIRST = re.compile(r"(\d{5}|\d{4}[FTUM])(\d\d|[ \t])", re.ASCII)
_COLUMNS = {"code": "CPT Code", "long": "Long", "medium": "Medium", "short": "Short"}


def read_long(data: bytes) -> CodeFile[CodeLine]:
    """Code, tab, long descriptor."""
    reading = Reading[CodeLine]()
    for number, text in _after_notice(reading, reading.text_lines(data)):
        code, tab, said = text.partition("\t")
        _take(reading, number, text, code.strip(), said if tab else "", "")
    return reading.file()


def read_long_fixed(data: bytes) -> CodeFile[CodeLine]:
    """Records of 80 columns; those of one code follow each other, numbered from 01."""
    reading = Reading[CodeLine]()
    whole: dict[str, tuple[int, str, list[str]]] = {}
    for number, text in _after_notice(reading, reading.text_lines(data)):
        code, sequence = text[:5], text[5:7]
        fault = _fault_of_record(text, len(whole[code][2]) if code in whole else 0)
        if fault:
            reading.report(number, text, fault)
        elif sequence == "01":
            whole[code] = (number, text, [text[8:]])
        else:
            whole[code][2].append(text[8:])
    for code, (number, text, pieces) in whole.items():
        _take(reading, number, text, code, " ".join(pieces), "")
    return reading.file()


def read_consolidated(data: bytes) -> CodeFile[CodeLine]:
    """The consolidated list as a spreadsheet or with tabs; its header may follow a notice."""
    reading = Reading[CodeLine]()
    where: dict[str, int] = {}
    for number, cells in _rows(reading, data):
        if not where:
            where = columns_named(cells, _COLUMNS, needed=("code", "long")) or {}
            if not where:
                reading.notice.append(one_line(" ".join(cells)))
            continue
        stated = {name: cells[at] if at < len(cells) else "" for name, at in where.items()}
        short = stated.get("medium") or stated.get("short") or ""
        _take(reading, number, " | ".join(cells), stated["code"].strip(), stated["long"], short)
    if not where:
        raise NotACodeFile("The file lacks a header with the columns CPT Code and Long.")
    reading.count -= 1 + len(reading.notice)
    return reading.file()


def shortened(text: str) -> str:
    """A long descriptor where a short one is wanted: cut at a word."""
    if len(text) <= SHORT:
        return text
    return f"{text[: SHORT - 1].rpartition(' ')[0]}…"


def _take(
    reading: Reading[CodeLine], number: int, text: str, code: str, long: str, short: str
) -> None:
    said = one_line(long)
    if not _CODE.fullmatch(code):
        reading.report(number, text, f"“{code[:20]}” has not the shape of a CPT code")
        return
    if not said:
        reading.report(number, text, "it has no long descriptor")
        return
    line = CodeLine(
        SYSTEM,
        code,
        one_line(short) or shortened(said),
        said,
        is_add_on=ADD_ON in said.lower(),
    )
    reading.take(number, text, code, line)


def _after_notice(
    reading: Reading[CodeLine], lines: Iterable[tuple[int, str]]
) -> Iterator[tuple[int, str]]:
    """What follows the first line that begins with a code; the lines before are the notice."""
    has_begun = False
    for number, text in lines:
        has_begun = has_begun or _FIRST.match(text) is not None
        if has_begun:
            yield number, text
        else:
            reading.notice.append(text.strip())
            reading.count -= 1


def _fault_of_record(text: str, pieces: int) -> str:
    if len(text.rstrip()) > 80:
        return f"it has {len(text.rstrip())} characters, and a record has 80"
    if not _CODE.fullmatch(text[:5]):
        return f"“{text[:5].strip()}” has not the shape of a CPT code"
    if not text[8:].strip():
        return "it ends before column 9, where the descriptor begins"
    expected = f"{pieces + 1:02}"
    if text[5:7] != expected:
        return f"its sequence number is {text[5:7].strip() or 'blank'}, and {expected} is next"
    return ""


def _rows(reading: Reading[CodeLine], data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    if is_sheet(data):
        for number, cells in sheet_rows(data):
            reading.count += 1
            yield number, cells
        return
    for number, text in reading.text_lines(data):
        try:
            cells = next(csv.reader([text], delimiter="\t"))
        except csv.Error as error:
            reading.report(number, text, f"it is no row of a table: {error}")
        else:
            yield number, cells
