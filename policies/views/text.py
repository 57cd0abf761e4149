"""How a version reads as HTML: its passages with their anchors, its codes, its references.

Made from `Version.content`, the very text that the version's hash speaks for. A published version
never changes, so what it renders to is kept by its hash; nothing personal and no day is in it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from policies.imports.content import reading_of
from policies.models import StanceType, Version
from policies.reading.document import Block, Criterion, Document, Section
from policies.views.code_tables import code_tables, count_codes

KEPT = 96  # versions a process keeps rendered; the median one takes about 60 kB
FOLDED = {"background", "appendix"}
LOST_LIST = (
    "The list of related bulletins is empty in the source. Its entries were links, and the links"
    " were lost before the text came here: this does not say that there are none."
)
BARE = "Nothing stands under this heading in the source."


@dataclass(frozen=True, slots=True)
class Text:
    """A version, rendered: the contents for the rail, the body, and what the facts beside need."""

    rail: SafeString
    body: SafeString
    notes: SafeString
    not_understood_count: int
    has_cpt: bool


@lru_cache(maxsize=KEPT)
def text_of(version_id: int, content_hash: str) -> Text:
    """Read and render a version. One query, or none where it is kept; the hash is its key."""
    version = Version.objects.select_related("bulletin").defer("source_bytes").get(pk=version_id)
    document = reading_of(version)
    printer = Printer(
        document,
        f"{version.bulletin.number} v{version.ordinal}",
        grounds=json.loads(version.content)["stance_types"],
    )
    return Text(
        rail=printer.rail(),
        body=printer.body(),
        notes=printer.not_understood(),
        not_understood_count=len(document.not_understood),
        has_cpt=any(group.system == "CPT" for group in document.code_groups),
    )


class Printer:
    """Sets one document; `name` opens the citations: "0298 v2"; `grounds` are by anchor.

    How statements combine is said of criteria only: what excludes just lists what is excluded.
    """

    def __init__(self, document: Document, name: str, *, grounds: Mapping[str, str]) -> None:
        self.document = document
        self.name = name
        self.rules = {
            anchor: words
            for anchor, words in _rules(document.criteria)
            if grounds.get(anchor, "") in ("", StanceType.MEDICAL_NECESSITY)
        }
        self.sections = [one for one in document.sections if one.anchor != "contents"]

    def rail(self) -> SafeString:
        """The contents: sections, and under them their parts with the count of statements."""
        entries = [self._entry(section) for section in self.sections]
        if self.document.not_understood:
            entries.append(
                _rail_link("not-understood", "Not understood", len(self.document.not_understood))
            )
        return _join(format_html("<li>{}</li>", entry) for entry in entries)

    def body(self) -> SafeString:
        return _join(self._top(section) for section in self.sections)

    def not_understood(self) -> SafeString:
        rows = (
            format_html(
                '<tr><td class="n">{}</td><td>{}</td><td>{}</td></tr>',
                one.line,
                one.text,
                one.reason,
            )
            for one in self.document.not_understood
        )
        return _join(rows)

    def _entry(self, section: Section) -> SafeString:
        if section.kind == "codes":
            return _rail_link(section.anchor, "Codes", count_codes(self.document.code_groups))
        if section.kind == "references":
            return _rail_link(section.anchor, section.heading, len(self.document.references))
        link = _rail_link(section.anchor, section.heading, _items(section))
        if not section.children or section.kind in FOLDED:
            return link
        parts = _join(
            format_html("<li>{}</li>", _rail_link(one.anchor, _title(one), _items(one)))
            for one in section.children
        )
        return format_html("{}<ol>{}</ol>", link, parts)

    def _top(self, section: Section) -> SafeString:
        """A part of the first order, under a heading of the page."""
        if section.kind == "codes":
            inner = code_tables(self.document)
        elif section.kind == "references":
            inner = self._references(section)
        else:
            inner = format_html('<div class="policy">{}</div>', self._inside(section))
        if section.kind in FOLDED:
            inner = format_html(
                "<details><summary>Show {}</summary>{}</details>", _extent(section), inner
            )
        heading = "Codes" if section.kind == "codes" else _title(section)
        return format_html(
            '<section id="{}" aria-labelledby="{}-head"><h2 id="{}-head">{}</h2>{}</section>',
            section.anchor, section.anchor, section.anchor, heading, inner,
        )  # fmt: skip

    def _inside(self, section: Section, level: int = 3) -> SafeString:
        parts = [self._passages(section)]
        for child in section.children:
            link = self._anchor(child.anchor, _title(child))
            head = format_html(
                '<h{} id="{}">{}{}</h{}>', level, child.anchor, _title(child), link, level
            )
            parts += [head, self._inside(child, min(level + 1, 6))]
        if not section.blocks and not section.children:
            words = LOST_LIST if section.kind == "related" else BARE
            parts.append(format_html('<p class="note">{}</p>', words))
        return _join(parts)

    def _passages(self, section: Section) -> SafeString:
        """The flat passages as paragraphs and nested lists, by their depths."""
        out: list[str] = []
        lists: list[int] = []  # the depth of every list that is open, each with an open item
        logic = self._logic(section.blocks)
        for index, block in enumerate(section.blocks):
            while lists and lists[-1] > block.depth:
                out.append("</li></ol>")
                lists.pop()
            if block.kind == "item":
                if lists and lists[-1] == block.depth:
                    out.append("</li>")
                else:
                    out.append('<ol class="criteria printed">')
                    lists.append(block.depth)
            out.append(self._passage(block, section, logic.get(index, "")))
        out.append("</li></ol>" * len(lists))
        return mark_safe("".join(out))  # noqa: S308  every piece went through format_html

    def _passage(self, block: Block, section: Section, logic: str) -> SafeString:
        words = format_html('<span class="said-text">{}</span>', _lines(block.text))
        if logic:
            words = format_html('{} <span class="logic">{}</span>', words, logic)
        words = format_html("{}{}", words, self._anchor(block.anchor, _place(block, section)))
        if block.kind == "item":
            label = block.label if block.label in ("", "•") else f"{block.label}."
            return format_html(
                '<li id="{}"><span class="label">{}</span> {}', block.anchor, label, words
            )
        css = mark_safe(' class="note"') if block.kind == "note" else ""
        return format_html('<p id="{}"{}>{}</p>', block.anchor, css, words)

    def _anchor(self, anchor: str, place: str) -> SafeString:
        citation = f"{self.name}, {place} (#{anchor})"
        return format_html(
            ' <a class="anchor" href="#{}" data-copy="{}" title="Copy the citation">#{}</a>',
            anchor, citation, anchor,
        )  # fmt: skip

    def _logic(self, blocks: Sequence[Block]) -> dict[int, str]:
        """How statements combine, by the passage after which they stand: the last before them."""
        found: dict[int, str] = {}
        for index, block in enumerate(blocks):
            if words := self.rules.get(block.anchor):
                last = index
                while last + 1 < len(blocks) and blocks[last + 1].kind != "item":
                    last += 1
                followed = last + 1 < len(blocks) and blocks[last + 1].depth > block.depth
                found[last if followed else index] = words
        return found

    def _references(self, section: Section) -> SafeString:
        intro = _join(
            format_html('<p id="{}" class="note">{}</p>', block.anchor, _lines(block.text))
            for block in section.blocks
            if block.kind != "item"
        )
        entries = _join(
            format_html('<li id="references-{}">{}</li>', number, text)
            for number, text in enumerate(self.document.references, 1)
        )
        return format_html('{}<ol class="refs">{}</ol>', intro, entries)


def _rules(criteria: Iterable[Criterion]) -> Iterable[tuple[str, str]]:
    """The anchors of statements with statements under them, and how those combine, in words."""
    words = {"all": "all of these", "any": "any of these", "none": "none of these"}
    for one in criteria:
        if one.children and one.rule == "at_least":
            yield one.anchor, f"at least {one.at_least} of these"
        elif one.children and one.rule in words:
            yield one.anchor, words[one.rule]
        yield from _rules(one.children)


def _place(block: Block, section: Section) -> str:
    """How a passage is cited: "criterion II.C.1", "Scope of Policy, passage 1"."""
    kind, _, rest = block.anchor.partition("-")
    if kind == "criteria":
        return f"criterion {rest.replace('-', '.')}"
    if kind == "limitations":
        return f"limitation {rest}"
    number = block.anchor.rpartition("-")[2]
    return f"{section.heading}, passage {number}"


def _title(section: Section) -> str:
    heading = section.heading.rstrip(" :")
    return f"{section.label}. {heading}" if section.label else heading


def _items(section: Section) -> int:
    return sum(block.kind == "item" for block in section.blocks)


def _extent(section: Section) -> str:
    """How much is folded away: "1,840 words: what the studies say"."""
    count = _words(section)
    under = "; ".join(child.heading for child in section.children)
    return f"{count:,} words{f': {under}' if under else ''}"


def _words(section: Section) -> int:
    own = sum(len(block.text.split()) for block in section.blocks)
    return own + sum(_words(child) for child in section.children)


def _lines(text: str) -> SafeString:
    return mark_safe("<br>".join(escape(line) for line in text.split("\n")))  # noqa: S308


def _rail_link(anchor: str, words: str, count: int) -> SafeString:
    number = format_html(" <span>{}</span>", count) if count else ""
    return format_html('<a href="#{}">{}{}</a>', anchor, words, number)


def _join(parts: Iterable[str]) -> SafeString:
    """Pieces of HTML, set one after the other. Each is already safe."""
    return mark_safe("".join(parts))  # noqa: S308
