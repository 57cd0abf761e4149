"""The reader for text copied from a page, alone or with the page around it.

Headings have lost their levels there: those of the contents list and the words that always open
a part (Policy, Background, References) stand at the top, other bare lines below them.
"""

import re
from collections.abc import Sequence

from policies.reading import code_tables, headings
from policies.reading.code_cells import read_cell
from policies.reading.code_headings import is_group_heading
from policies.reading.document import CodeGroup, Document, NotUnderstood, Section
from policies.reading.drafts import Draft, promote_numbered_headings
from policies.reading.history import History
from policies.reading.layout import Layout
from policies.reading.lines import Line
from policies.reading.marks import NUMBER, number_line, require_marks

_TITLE_PREFIX = re.compile(r"(medical )?clinical policy bulletin ?: ?(?=\S)", re.IGNORECASE)
_PAGE_BUTTONS = {"print", "share", "email", "close", "save", "menu", "search", "back", "download"}
_PAGE_FOOT = re.compile(
    r"copyright|©|all rights reserved|legal notices?|privacy (policy|statement|notice|center)"
    r"|terms of use|cookie",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(r"(?:\d{1,2}[.)]|[*•·–-])\s+")
_MOST_CONTENTS = 40


def read_lines(lines: Sequence[Line]) -> Document:
    """The document that these lines make up. Raises NotABulletin when they lack its marks."""
    at = number_line(lines)
    require_marks(lines)
    return _TextReader(lines, at).document()


class _TextReader:
    """Goes through the lines once and hands each to the part it belongs to."""

    def __init__(self, lines: Sequence[Line], number_at: int) -> None:
        self._lines = lines
        self._at = number_at
        self._not_understood: list[NotUnderstood] = []
        self._history = History()
        self._entries: set[str] = set()
        self._sections: list[Draft] = []
        self._tables: list[list[Line]] = []
        self._current: Draft | None = None
        self._history_section: Draft | None = None
        self._mode = "front"  # front | body | codes | history | foot
        self._number = ""
        self._title = ""

    def document(self) -> Document:
        self._read_head()
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            self._take(line)
        return self._laid_out()

    def _laid_out(self) -> Document:
        groups: list[CodeGroup] = []
        legends: list[str] = []
        for table in self._tables:
            reading = code_tables.read(table)
            groups += reading.groups
            legends += reading.legends
            self._not_understood += reading.not_understood
        promote_numbered_headings(self._sections)
        layout = Layout()
        sections: list[Section] = [layout.section(draft) for draft in self._sections]
        doubts = self._not_understood + self._history.doubts + layout.doubts
        dates = self._history.dates
        return Document(
            number=self._number,
            title=self._title,
            last_review=dates.get("last_review"),
            effective=dates.get("effective"),
            next_review=dates.get("next_review"),
            sections=tuple(sections),
            criteria=tuple(layout.criteria),
            code_groups=tuple(groups),
            legends=tuple(legends),
            references=tuple(layout.references),
            not_understood=tuple(sorted(doubts, key=lambda one: one.line)),
        )

    # The head: navigation, title, number, contents list

    def _read_head(self) -> None:
        at = self._at
        title_at = at - 1
        while title_at >= 0 and self._lines[title_at].text.casefold() in _PAGE_BUTTONS:
            title_at -= 1
        for line in [*self._lines[: max(title_at, 0)], *self._lines[title_at + 1 : at]]:
            if not self._takes_history(line, None):
                self._report(line, "it stands before the bulletin and is taken for the page's own")
        found = NUMBER.fullmatch(self._lines[at].text)
        assert found is not None
        self._at = at + 1
        if found[1]:
            self._number = found[1]
            if found[2]:
                self._report(self._lines[at], "there are words after the bulletin's number")
        else:
            self._number = self._lines[self._at].text
            self._at += 1
        has_more = self._at < len(self._lines)
        if title_at < 0 and has_more and not headings.top_kind(self._lines[self._at].text):
            title_at = self._at
            self._at += 1
        if title_at >= 0:
            self._title = _TITLE_PREFIX.sub("", self._lines[title_at].text, count=1)

    def _read_contents(self, heading: Line) -> None:
        draft = self._open(heading, "contents")
        is_compact = False
        while self._at < len(self._lines) and len(self._entries) < _MOST_CONTENTS:
            line = self._lines[self._at]
            title = _entry(line.text)
            is_over = self._is_entry(title) or not title or not headings.can_be_heading(title)
            if is_over or (is_compact and line.follows_blank):
                break
            self._entries.add(title.casefold())
            is_compact = len(self._entries) > 1 and not line.follows_blank
            draft.outline.add(line)
            self._at += 1
        self._current = None
        self._mode = "body"

    def _is_entry(self, title: str) -> bool:
        """Whether a line repeats an entry of the contents list, or spells it out further."""
        words = title.casefold()
        return words in self._entries or any(
            " " in entry and words.startswith(entry + " ") for entry in self._entries
        )

    # The body

    def _take(self, line: Line) -> None:
        following = self._lines[self._at] if self._at < len(self._lines) else None
        if self._mode == "foot":
            self._report(line, "it follows the bulletin and is taken for the page's own")
        elif self._takes_history(line, following) or self._opens_part(line):
            return
        elif self._mode == "codes":
            self._tables[-1].append(line)
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

    def _opens_part(self, line: Line) -> bool:
        """Whether the line is a heading at the top, or begins a table of codes."""
        if line.indent or len(line.text) > 200:
            return False
        if self._is_caption(line):
            self._add_caption(line)
            return True
        kind = headings.top_kind(line.text)
        if kind == "contents":
            if self._entries or self._sections:
                return False
            self._read_contents(line)
        elif kind == "history":
            self._mode = "history"
            if self._history_section is None:
                self._history_section = self._open(line, "history")
            else:
                self._history_section.outline.add(line)
        elif kind and self._mode == "front" and self._names_part(self._at):
            self._at -= 1  # a contents list that has lost its own heading
            self._read_contents(line)
            self._sections[-1].heading = ""
        elif kind or self._repeats_entry(line):
            self._open(line, kind or headings.kind_of(line.text))
            self._mode = "body"
        elif self._mode == "front" and self._begins_policy(line):
            self._mode = "body"
            return self._opens_part(line)
        elif self._mode == "body" and self._begins_codes(line):
            self._open_table(line)
            self._tables[-1].append(line)
        else:
            return False
        return True

    def _names_part(self, at: int) -> bool:
        if at >= len(self._lines):
            return False
        text = self._lines[at].text
        return headings.top_kind(text) is not None or headings.is_code_caption(text)

    def _repeats_entry(self, line: Line) -> bool:
        title = headings.stripped(line.text)
        if title.casefold() in self._entries:
            return True
        return line.is_bare and self._is_entry(title) and headings.can_be_heading(line.text)

    def _begins_policy(self, line: Line) -> bool:
        """A bulletin may come without its contents list."""
        return headings.is_plain_heading(line.text) or self._begins_codes(line)

    def _begins_codes(self, line: Line) -> bool:
        """Whether a heading of codes stands above codes, outside the background."""
        if not self._in_policy() or not is_group_heading(line.text):
            return False
        for one in self._lines[self._at : self._at + 4]:
            if not is_group_heading(one.text):
                cell = read_cell(one.raw, "CPT") or read_cell(one.raw, "ICD-10-CM")
                return cell is not None
        return False

    def _is_caption(self, line: Line) -> bool:
        if headings.is_code_caption(line.text):
            return True
        if headings.stripped(line.text).casefold() != "table":
            return False
        return any(
            headings.is_code_caption(one.text) or is_group_heading(one.text)
            for one in self._lines[self._at : self._at + 2]
        )

    def _add_caption(self, line: Line) -> None:
        is_table = headings.stripped(line.text).casefold() == "table"
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
        return len(line.text) < 200 and _PAGE_FOOT.match(line.text) is not None

    def _is_free_heading(self, line: Line) -> bool:
        if headings.is_plain_heading(line.text) and self._in_policy():
            return True
        return line.is_bare and headings.can_be_heading(line.text) and not _has_mark(line)

    def _in_policy(self) -> bool:
        return self._current is None or self._current.is_policy

    # Sections

    def _open(self, line: Line, kind: str) -> Draft:
        # What follows the table of codes gives reasons, whatever its heading.
        region = "appendix" if kind == "other" and self._tables else kind
        draft = Draft(headings.stripped(line.text), kind, line.number, 1, region)
        self._sections.append(draft)
        self._current = draft
        return draft

    def _open_below(self, line: Line) -> None:
        """A free heading: below the last heading at the top, whatever its own level was."""
        top = self._top()
        if top is None:
            self._open(line, headings.kind_of(line.text))
            return
        kind = headings.kind_of(line.text) if top.is_policy else "other"
        draft = Draft(headings.stripped(line.text), kind, line.number, 2, top.region)
        top.children.append(draft)
        self._current = draft

    def _top(self) -> Draft | None:
        tops = [one for one in self._sections[-2:] if one is not self._history_section]
        return tops[-1] if tops and tops[-1].kind != "contents" else None

    def _section_for(self, line: Line) -> Draft:
        if self._current is None:
            self._current = Draft("", "other", line.number, 1, "other")
            self._sections.append(self._current)
        return self._current

    def _report(self, line: Line, reason: str) -> None:
        self._not_understood.append(NotUnderstood(line.number, line.text, reason))


def _entry(text: str) -> str:
    return headings.stripped(_LIST_MARK.sub("", text, count=1))


def _has_mark(line: Line) -> bool:
    return _LIST_MARK.match(line.text) is not None
