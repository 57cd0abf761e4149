"""The ICD-10-CM order file, `icd10cm_order_YYYY.txt`: fixed columns, headers among the codes.

Columns (CMS ICD-10-CM order file): order number 1-5, code without dot 7-13, flag 15
(0 header, 1 valid for submission), short description 17-76, long description from 78 on.
"""

import re

from policies.imports.code_files.lines import CodeFile, CodeLine, Reading, one_line
from policies.reading import codes

SYSTEM = "ICD-10-CM"
_LONGEST = 400  # characters; 323 is the longest known, and two joined lines have more
_CODE = re.compile(r"[A-Z]\d[0-9A-Z]{1,5} *", re.ASCII)


def read_order_file(data: bytes) -> CodeFile[CodeLine]:
    """Every code and header of the file, with its dot."""
    reading = Reading[CodeLine]()
    for number, text in reading.text_lines(data):
        fault = fault_of(text.rstrip())
        if fault:
            reading.report(number, text, fault)
            continue
        line = CodeLine(
            SYSTEM,
            codes.dotted(text[6:13].rstrip()),
            one_line(text[16:76]),
            one_line(text[77:]),
            is_billable=text[14] == "1",
        )
        reading.take(number, text, line.code, line)
    return reading.file()


def fault_of(text: str) -> str:
    """Why a line is not of the layout; empty where it is."""
    if len(text) < 78:
        return f"it ends at column {len(text)}, and the long description begins at the 78th"
    if len(text) > 77 + _LONGEST:
        return f"it has {len(text)} characters, more than the layout has: are two lines joined?"
    if not re.fullmatch(r"\d{5}", text[:5], re.ASCII):
        return "columns 1-5 hold no order number"
    if not _CODE.fullmatch(text[6:13]):
        return f"“{text[6:13].strip()}” in columns 7-13 has not the shape of a code"
    if text[14] not in "01":
        return f"the flag in column 15 is “{text[14]}”, neither 0 nor 1"
    if {text[at] for at in (5, 13, 15, 76)} != {" "}:
        return "columns 6, 14, 16 and 77 are not all blank: the columns are shifted"
    if not text[16:76].strip():
        return "the short description in columns 17-76 is blank"
    return ""
