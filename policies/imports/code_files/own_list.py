"""A list of one's own as CSV: the columns system, code, short, long, billable and add_on."""

import csv
from collections.abc import Iterator
from io import StringIO

from policies.imports.code_files.lines import CodeLine, NotACodeFile

_COLUMNS = {"system", "code", "short", "long", "billable", "add_on"}


def read_codes(data: bytes) -> Iterator[CodeLine]:
    """The lines of such a file; one may hold several systems."""
    table = csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""))
    missing = _COLUMNS - set(table.fieldnames or ())
    if missing:
        raise NotACodeFile(f"The file lacks the column {sorted(missing)[0]}: add it.")
    for row in table:
        yield CodeLine(
            row["system"],
            row["code"],
            row["short"],
            row["long"],
            is_billable=row["billable"] == "1",
            is_add_on=row["add_on"] == "1",
        )
