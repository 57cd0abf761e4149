"""The reader for text copied from a page, alone or with the page around it.

Headings have lost their levels there: those of the contents list and the words that always open
a part (Policy, Background, References) stand at the top, other bare lines below them.
"""

from collections.abc import Sequence

from policies.reading import headings, lookahead
from policies.reading.assembly import Findings, assembled
from policies.reading.contents import Contents, has_mark
from policies.reading.document import Document, NotUnderstood
from policies.reading.drafts import Draft
from policies.reading.front import Front, read_front
from policies.reading.history import History
from policies.reading.lines import Line
from policies.reading.marks import begins_foot, is_link, last_part, number_line, require_marks

_REASONS = {"background", "appendix", "references"}


def read_lines(
    lines: Sequence[Line],
    stated: Sequence[tuple[str, str, int]] = (),
    doubts: Sequence[NotUnderstood] = (),
) -> Document:
    """The document that these lines make up.

    `stated` is what a page's head says by name, `doubts` what was found before.

    Raises NotABulletin when they lack a bulletin's marks.
    """
    at = number_line(lines)
    require_marks(lines)
    history = History()
    for name, content, line in stated:
        history.takes_stated(name, content, line)
    return _TextReader(lines, at, Findings(history, not_understood=list(doubts))).document()


class _TextReader:
    """Goes through the lines once and hands each to the part it belongs to."""

    def __init__(self, lines: Sequence[Line], number_at: int, findings: Findings) -> None:
        self._lines = lines
        self._at = number_at
        self._findings = findings
        self._history = findings.history
        self._contents = Contents()
        self._sections = self._findings.sections
        self._tables = self._findings.tables
        self._current: Draft | None = None
        self._levels: list[tuple[int, Draft]] = []  # the open sections below the top
        self._history_section: Draft | None = None
        self._mode = "front"  # front | body | codes | history | foot
        self._before_history: tuple[str, Draft | None] = ("front", None)
        self._last_part = last_part(lines)
        self._front = Front()

    def document(self) -> Document:
        self._front, self._at = read_front(self._lines, self._at)
        for line, reason in self._front.around:
            if not self._takes_history(line, None):
                self._report(line, reason)
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if line is not self._front.title_line:
                self._take(line)
        return assembled(self._front.number, self._front.title, self._findings)

    def _read_contents(self, heading: Line) -> None:
        draft = self._open(heading, "contents")
        for line in self._contents.read(self._lines, self._at):
            draft.outline.add(line)
            self._at += 1
        self._current = None
        self._mode = "body"

    # The body

    def _take(self, line: Line) -> None:
        following = self._lines[self._at] if self._at < len(self._lines) else None
        if not line.text:
            self._section_for(line).outline.add(line)
        elif self._mode == "foot":
            self._report(line, "it follows the bulletin and is taken for the page's own")
        elif is_link(line.text):
            self._report(line, "a link of the page")
        elif self._takes_history(line, following) or self._opens_part(line):
            return
        elif self._mode == "codes":
            self._tables[-1].append(line)
        elif self._mode == "history" and self._at <= self._last_part:
            self._leave_history()
        elif self._mode == "front":
            self._report(line, "it stands between the number and the contents list")
        elif self._mode == "history" or self._is_foot(line):
            self._mode = "foot"
            self._report(line, "it follows the bulletin and is taken for the page's own")
        elif line.indent == 0 and self._is_free_heading(line):
            self._open_below(line)
        else:
            self._section_for(line).outline.add(line)

    def _takes_history(self, line: Line, following: Line | None) -> bool:
        if not self._history.takes(line, following, inside=self._mode == "history"):
            return False
        if self._history_section is None:
            self._history_section = Draft("Policy History", "history", line.number, 1, "history")
            self._sections.append(self._history_section)
        self._history_section.outline.add(line)
        return True

    def _enter_history(self, line: Line) -> None:
        if self._mode != "history":
            self._before_history = self._mode, self._current
        self._mode = "history"
        if self._history_section is None:
            self._history_section = self._open(line, "history")
        else:
            self._history_section.outline.add(line)

    def _leave_history(self) -> None:
        """The box stood inside the bulletin: what follows goes on where it was."""
        self._mode, self._current = self._before_history
        self._at -= 1

    def _opens_part(self, line: Line) -> bool:
        """Whether the line is a heading at the top, or begins a table of codes."""
        if line.indent or len(line.text) > 200:
            return False
        if lookahead.is_caption(line, self._lines, self._at):
            self._add_caption(line)
            return True
        kind = headings.top_kind(line.text)
        if kind == "contents":
            if self._contents.entries or self._sections not in ([], [self._history_section]):
                return False
            self._read_contents(line)
        elif kind == "history":
            self._enter_history(line)
        elif kind and self._mode == "front" and lookahead.names_part(self._lines, self._at):
            self._at -= 1  # a contents list that has lost its own heading
            self._read_contents(line)
            self._sections[-1].heading = ""
        elif kind or self._is_known_entry(line):
            self._open(line, kind or headings.kind_of(line.text))
            self._mode = "body"
        elif self._mode == "front" and self._begins_policy(line):
            self._mode = "body"
            return self._opens_part(line)
        elif self._mode == "body" and self._begins_codes(line):
            self._open_table(line)
            self._tables[-1].append(line)
        elif (
            self._mode == "codes"
            and line.level
            and not lookahead.is_above_row(line, self._lines, self._at)
        ):
            self._open_below(line)
            self._mode = "body"
        else:
            return False
        return True

    def _is_known_entry(self, line: Line) -> bool:
        """Whether a line is a heading at the top because the contents list has it."""
        top = self._levels[0] if self._levels else None
        if top and line.level > top[0] > 0:
            return False  # contents lists may have entries below others
        return self._contents.is_repeated_by(line)

    def _begins_policy(self, line: Line) -> bool:
        """A bulletin may come without its contents list."""
        if headings.is_plain_heading(line.text) or self._begins_codes(line):
            return True
        return line.level > 1 and not any(
            headings.top_kind(one.text) == "contents" for one in self._lines[self._at :]
        )

    def _add_caption(self, line: Line) -> None:
        is_table = lookahead.is_table_word(line.text)
        if self._mode != "codes":
            self._open_table(line)
            if not is_table:
                return
        assert self._current is not None
        if self._current.heading == "" and not is_table:
            self._current.heading = headings.stripped(line.text)
        else:
            self._current.outline.add(line)

    def _open_table(self, line: Line) -> None:
        draft = self._open(line, "codes")
        if not headings.is_code_caption(line.text):
            draft.heading = ""
        self._tables.append([])
        self._mode = "codes"

    def _is_foot(self, line: Line) -> bool:
        if self._current is None or self._current.region != "references" or line.indent:
            return False
        return begins_foot(line.text)

    def _begins_codes(self, line: Line) -> bool:
        return self._in_policy() and lookahead.begins_codes(line, self._lines, self._at)

    def _is_free_heading(self, line: Line) -> bool:
        if line.level or (headings.is_plain_heading(line.text) and self._in_policy()):
            return True
        if not line.is_bare or has_mark(line) or not headings.can_be_heading(line.text):
            return False
        return not (
            lookahead.heads_columns(self._lines, self._at - 1)
            or lookahead.introduces_list(line, self._lines, self._at)
        )

    def _in_policy(self) -> bool:
        return self._current is None or self._current.is_policy

    # Sections

    def _open(self, line: Line, kind: str) -> Draft:
        # What follows the table of codes gives reasons, whatever its heading.
        region = "appendix" if kind == "other" and self._tables else kind
        draft = Draft(headings.stripped(line.text), kind, line.number, 1, region)
        self._sections.append(draft)
        if kind != "history":
            self._levels = [(line.level, draft)]
        self._current = draft
        return draft

    def _open_below(self, line: Line) -> None:
        """A free heading: below the last one at the top, and where levels are known, by them."""
        top = self._top()
        if top is None or self._is_beside(line, top):
            self._open_beside(line)
            return
        while len(self._levels) > 1 and self._levels[-1][0] >= line.level:
            self._levels.pop()
        above = self._levels[-1][1]
        kind = headings.kind_of(line.text) if top.is_policy else "other"
        draft = Draft(headings.stripped(line.text), kind, line.number, above.depth + 1, top.region)
        above.children.append(draft)
        self._levels.append((line.level, draft))
        self._current = draft

    def _is_beside(self, line: Line, top: Draft) -> bool:
        """Whether a heading has the level of the last one at the top, by the markup."""
        return 0 < line.level <= self._levels[0][0] and top is self._levels[0][1]

    def _open_beside(self, line: Line) -> None:
        is_reason = any(one.region in _REASONS for one in self._sections)
        kind = "other" if is_reason or self._tables else headings.kind_of(line.text)
        draft = self._open(line, kind)
        if is_reason:
            draft.region = "appendix"

    def _top(self) -> Draft | None:
        tops = [one for one in self._sections[-2:] if one is not self._history_section]
        return tops[-1] if tops and tops[-1].kind != "contents" else None

    def _section_for(self, line: Line) -> Draft:
        if self._current is None:
            self._current = Draft("", "other", line.number, 1, "other")
            self._sections.append(self._current)
            self._levels = [(0, self._current)]
        return self._current

    def _report(self, line: Line, reason: str) -> None:
        if line.text:
            self._findings.not_understood.append(NotUnderstood(line.number, line.text, reason))
