"""Code tables: what each line is, and the groups and rows they make."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from policies.reading.code_cells import read_cell
from policies.reading.code_headings import (
    LONGEST_HEADING,
    is_contradictory,
    is_group_heading,
    is_legend,
    is_open,
    shapes_of,
    stance_of,
    system_of,
)
from policies.reading.code_rows import (
    Cells,
    Group,
    Row,
    is_foreign,
    is_subject,
    last_code,
    system_by_shape,
)
from policies.reading.descriptions import brackets_of, common_part
from policies.reading.document import CodeGroup, CodeRow, CodeSpan, NotUnderstood
from policies.reading.headings import stripped
from policies.reading.lines import Line, clean
from policies.reading.services import announces_services, leaves_codes_out, service_of
from policies.reading.table_lines import column_of, joined


@dataclass(slots=True)
class TableReading:
    """The groups of one table, its explanatory lines, and what could not be placed."""

    groups: list[CodeGroup] = field(default_factory=list)
    legends: list[str] = field(default_factory=list)
    not_understood: list[NotUnderstood] = field(default_factory=list)


_CONTINUED = re.compile(r"[ ,(-]+cont(?:inued|['’]d|d|\.)?[.)]*$", re.IGNORECASE)


def read(lines: Sequence[Line]) -> TableReading:
    """Read the lines of one table, captions left out."""
    whole, sources = joined(lines)
    reader = _TableReader(whole, sources)
    for position in range(len(whole)):
        reader.take(position)
    return reader.finish()


class _TableReader:
    def __init__(self, lines: Sequence[Line], sources: Mapping[int, Sequence[Line]]) -> None:
        self._lines = lines
        self._sources = sources  # of lines that were wrapped, by their identity
        self._column = column_of(lines)  # of descriptions, where a table has columns
        self._reading = TableReading()
        self._groups: list[Group] = []
        self._scope: str | None = None
        self._scope_line: Line | None = None
        self._is_scope_used = True
        self._row: Row | None = None
        self._base = ""  # the common part of the nearest earlier unindented description
        self._waiting = Cells()
        self._are_services = False  # a line above says that what follows has no codes
        self._dangling = ""  # the text of a line that ends with the dash of a range

    def take(self, position: int) -> None:
        """Decide what a line is, and keep it."""
        line = self._lines[position]
        text = line.text
        service = service_of(text)
        if service is not None and not self._begins_with_code(line):
            self._add_service(line, service)
        elif announces_services(text):
            self._settle()
            self._reading.legends.append(text)
            self._are_services = True
        elif self._row and self._row.is_completed_by(line):
            self._row.go_on(text)
        elif leaves_codes_out(text):
            self._settle()
            self._report(line, "its codes are not listed one by one")
        elif is_legend(text) and not self._begins_with_code(line):
            self._settle()
            self._reading.legends.append(text)
        elif is_group_heading(text):
            self._open(line, text)
        elif self._is_subject_row(line):
            self._set_scope(line)
        elif self._add_cell(line):
            return
        elif self._waiting.spans:
            self._add_row(line, line.raw, continued=False)
        elif text.endswith(":") and len(text) <= LONGEST_HEADING:
            self._set_scope(line)
        elif self._row and not line.follows_blank and self._row.goes_on_in(text):
            self._row.go_on(text)
        elif self._are_services:
            self._add_service(line, text)
        elif self._stands_above_heading(position):
            self._set_scope(line)
        elif self._row and not line.follows_blank and not line.markup:
            self._row.go_on(text)
            if line.indent > 3:  # it stands in the column of descriptions
                return
            self._report(line, "it has no code, and is taken to go on with the row above")
        else:
            self._settle()
            self._report(line, "it has no code and is not a heading")

    def finish(self) -> TableReading:
        self._settle()
        self._leave_scope()
        for one in self._groups:
            system = one.system or "other"
            made = CodeGroup(
                one.heading, system, one.stance, one.open_list, one.scope, tuple(one.rows)
            )
            self._reading.groups.append(made)
        return self._reading

    # Headings

    def _open(self, line: Line, text: str) -> None:
        heading = stripped(text)
        if self._is_repeated(line, heading):
            return
        self._settle()
        self._are_services = False
        stance = stance_of(text)
        system = system_of(text) or ""
        self._groups.append(
            Group(heading, system, stance, is_open(text), self._scope, self._scope_line)
        )
        self._is_scope_used = True
        if stance == "unknown":
            self._report(line, "the heading does not say whether its codes are covered")
        if is_contradictory(text):
            self._report(line, "contradictory wording: not covered although criteria are met")

    def _is_repeated(self, line: Line, heading: str) -> bool:
        """Whether the heading above comes again, as at the top of a printed page."""
        last = self._groups[-1] if self._groups else None
        if last is None or not self._is_scope_used or last.scope != self._scope:
            return False
        once = _CONTINUED.sub("", heading)
        if once != last.heading:
            return False
        if once != heading:
            self._report(line, "it repeats the heading above, and its rows are kept there")
        return True

    def _set_scope(self, line: Line) -> None:
        self._settle()
        self._are_services = False
        self._leave_scope()
        self._scope = stripped(line.text)
        self._scope_line = line
        self._is_scope_used = False

    def _leave_scope(self) -> None:
        if not self._is_scope_used and self._scope_line:
            self._report(self._scope_line, "no heading and no codes stand under this subject")

    def _is_subject_row(self, line: Line) -> bool:
        """Whether markup says that a line is a heading; one that holds codes is a row for all."""
        if not line.level and not (line.markup and line.markup.row == "heading"):
            return False
        cell = read_cell(line.raw, *self._shapes())
        if cell is None or line.level:
            return True
        return is_subject(cell, line.raw[cell.end :]) or len(cell.spans[0].high) < 5

    def _stands_above_heading(self, position: int) -> bool:
        line = self._lines[position]
        if not line.is_bare or position + 1 == len(self._lines) or len(line.text) > 150:
            return False
        return line.text[-1] not in ".,;" and is_group_heading(self._lines[position + 1].text)

    def _group(self, line: Line, spans: Sequence[CodeSpan]) -> Group:
        """The group for a new row; a scope without a heading of its own keeps the one above."""
        if not self._groups:
            system = system_by_shape(spans)
            self._groups.append(Group("", system, "unknown", False, self._scope))
            self._report(line, "no heading above says whether these codes are covered")
        last = self._groups[-1]
        if not self._is_scope_used:
            if last.rows:
                last = Group(last.heading, last.system, last.stance, last.open_list, self._scope)
                self._groups.append(last)
                self._report(line, "no heading under this subject; the one above is kept")
            elif last.scope_line and last.scope_line is not self._scope_line:
                self._report(last.scope_line, "another subject stands nearer to these codes")
            last.scope, last.scope_line = self._scope, self._scope_line
            self._is_scope_used = True
        return last

    # Rows

    def _shapes(self) -> tuple[str, ...]:
        return shapes_of(self._groups[-1].heading if self._groups else "")

    def _begins_with_code(self, line: Line) -> bool:
        """Whether a line is a row, whatever its words say: "J3490 Other - no specific code"."""
        cell = read_cell(line.raw, *self._shapes())
        return cell is not None and not is_subject(cell, line.raw[cell.end :])

    def _add_cell(self, line: Line) -> bool:
        raw = f"{self._dangling} {line.raw}" if self._dangling else line.raw
        cell = read_cell(raw, *self._shapes())
        if cell is None or (line.text.endswith(":") and is_subject(cell, raw[cell.end :])):
            return False
        if line.markup and line.markup.row == "cells":
            self._settle()  # a row begins, whatever was still waiting
        if self._dangling:
            self._waiting.spans.pop()  # read again, with its upper bound
            self._dangling = ""
        for doubt in cell.doubts:
            self._report(line, doubt)
        if not self._waiting.spans:
            self._settle()
        self._waiting.spans += cell.spans
        self._waiting.marks += cell.marks
        rest = raw[cell.end :]
        if not clean(rest):
            self._waiting.lines.append(line)
            if cell.open_range:
                self._dangling = last_code(cell.spans[-1]) + " -"
            return True
        self._add_row(line, rest, continued=self._is_indented(line, rest))
        return True

    def _is_indented(self, line: Line, rest: str) -> bool:
        """Whether blanks before a description say that it continues an earlier one."""
        blanks = rest[: len(rest) - len(rest.lstrip())]
        if blanks.count("\u00a0") > 1:
            return True
        if self._column:
            at = line.indent + len(line.raw) - len(rest) + len(blanks)
            return len(blanks) > 3 and at > self._column + 1
        return len(blanks) > 3 and "\t" not in blanks

    def _add_row(self, line: Line, text: str, *, continued: bool) -> None:
        waiting, self._waiting, self._dangling = self._waiting, Cells(), ""
        if self._row:
            self._settle()
        words = clean(text).lstrip("-–—,;:. ")
        spans = tuple(waiting.spans)
        self._row = Row(line, spans, [words], tuple(waiting.marks), continued)

    def _add_service(self, line: Line, service: str) -> None:
        self._settle()
        self._row = Row(line, (), [service], (), False, is_service=True)
        self._settle()

    def _settle(self) -> None:
        """Close the row at hand; codes still waiting for words become a row without them."""
        if self._waiting.spans:
            line = self._waiting.lines[-1] if self._waiting.lines else None
            waiting, self._waiting, self._dangling = self._waiting, Cells(), ""
            if line:
                self._report(line, "no description follows these codes")
                self._keep(Row(line, tuple(waiting.spans), [""], tuple(waiting.marks), False))
        row, self._row = self._row, None
        if row:
            self._keep(row)

    def _keep(self, row: Row) -> None:
        description = " ".join(row.parts)
        notes, are_closed = brackets_of(description)
        if not are_closed:
            self._report(row.line, "a bracket is not closed")
        full = description
        if row.is_continued and self._base:
            full = f"{self._base} {description}"
        elif row.is_continued:
            self._report(row.line, "no description above ends its common part with a semicolon")
        elif not row.is_service:
            self._base = common_part(description)
        made = CodeRow(row.spans, description, full, row.marks + notes, row.is_service)
        group = self._group(row.line, row.spans)
        group.system = group.system or system_by_shape(row.spans)
        for one in row.spans:
            if is_foreign(one, group.system):
                reason = f"{one.low} is not of the heading's system, {group.system}"
                self._report(row.line, reason)
        group.rows.append(made)

    def _report(self, line: Line, reason: str) -> None:
        for one in self._sources.get(id(line), (line,)):
            self._reading.not_understood.append(NotUnderstood(one.number, one.text, reason))
