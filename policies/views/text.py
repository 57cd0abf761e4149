"""How a version reads as HTML: its passages with their anchors, its codes, its references.

Made from `Version.content`, the very text that the version's hash speaks for. A published version
never changes, so what it renders to is kept by its hash; nothing personal and no day is in it.
"""

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from policies.imports.content import confirmed_in, reading_of
from policies.models import StanceType, Version
from policies.reading.document import Block, Criterion, Document, Section
from policies.views.code_tables import cite_link, code_tables, count_codes
from policies.views.naming import Mention, is_list_lost, mentions_of
from policies.views.places import flat, references_of, title_of

KEPT = 96  # versions a process keeps rendered; the median one takes about 60 kB
FOLDED = {"background", "appendix"}
HEAVIEST = 60_000  # bytes, compressed; what is folded in a longer text is fetched when it is opened
LOST_LIST = (
    "The list of related bulletins is empty in the source. Its entries were links, and the links"
    " were lost before the text came here: this does not say that there are none."
)
AS_READ = "Logic as read by software, not confirmed by a person."
CONFIRMED = "Logic confirmed by policy staff."
BARE = "Nothing stands under this heading in the source."


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the first order. What is `apart` is left out where the whole would be too heavy."""

    anchor: str
    is_codes: bool
    opening: SafeString
    inner: SafeString
    closing: SafeString
    link: SafeString  # to what is folded; empty where nothing is

    def html(self, *, is_apart: bool) -> str:
        inner = self.link if is_apart and self.link else self.inner
        return f"{self.opening}{inner}{self.closing}"


@dataclass(frozen=True, slots=True)
class Text:
    """A version, rendered: the contents for the rail, its parts, and what the facts beside need."""

    rail: SafeString
    parts: tuple[Part, ...]
    is_heavy: bool
    notes: SafeString
    not_understood_count: int
    has_cpt: bool
    grounds: tuple[tuple[str, str, str], ...]  # anchor, heading, ground
    mentions: tuple[Mention, ...]
    is_list_lost: bool

    def part(self, anchor: str) -> Part | None:
        return next((one for one in self.parts if one.anchor == anchor), None)


@lru_cache(maxsize=KEPT)
def text_of(version_id: int, content_hash: str) -> Text:
    """Read and render a version. One query, or none where it is kept; the hash is its key."""
    version = Version.objects.select_related("bulletin").defer("source_bytes").get(pk=version_id)
    document = reading_of(version)
    content = json.loads(version.content)
    grounds, confirmed = content["stance_types"], confirmed_in(content)
    printer = Printer(
        document, version.get_absolute_url(), grounds=grounds, confirmed=confirmed.criteria
    )
    parts = printer.parts()
    whole = "".join(one.html(is_apart=False) for one in parts)
    return Text(
        rail=printer.rail(),
        parts=parts,
        is_heavy=len(zlib.compress(whole.encode(), 1)) > HEAVIEST,
        notes=printer.not_understood(),
        not_understood_count=len(document.not_understood),
        has_cpt=any(group.system == "CPT" for group in document.code_groups),
        grounds=tuple(_grounds(document, grounds, confirmed.stance_types)),
        mentions=mentions_of(document, _markup(version)),
        is_list_lost=is_list_lost(document),
    )


def _markup(version: Version) -> str:
    """The page that the version was read from, where it was one."""
    is_page = version.source_name.lower().endswith((".html", ".htm"))
    return bytes(version.source_bytes).decode(errors="replace") if is_page else ""


def _grounds(
    document: Document, grounds: Mapping[str, str], confirmed: Collection[str]
) -> Iterable[tuple[str, str, str]]:
    """Sections and the grounds on which their passages speak, with those only proposed marked."""
    for section in flat(document.sections):
        stated: dict[str, list[str]] = {}
        for block in section.blocks:
            stated.setdefault(grounds.get(block.anchor, ""), []).append(block.anchor)
        for ground, anchors in stated.items():
            if ground:
                mark = "" if set(anchors) <= set(confirmed) else " (proposed, not confirmed)"
                label = f"{StanceType(ground).label}{mark}"
                yield section.anchor, section.heading.rstrip(" :"), label


class Printer:
    """Sets one document; `address` is its version's; `grounds` are by anchor; `confirmed`: the
    anchors of the criteria whose logic a person has confirmed.

    How statements combine is said of criteria only: what excludes just lists what is excluded.
    """

    def __init__(
        self,
        document: Document,
        address: str,
        *,
        grounds: Mapping[str, str],
        confirmed: Collection[str] = (),
    ) -> None:
        self.document = document
        self.address = address
        self.rules = {
            anchor: words
            for anchor, words in _rules(document.criteria)
            if grounds.get(anchor, "") in ("", StanceType.MEDICAL_NECESSITY)
        }
        self.sections = [one for one in document.sections if one.anchor != "contents"]
        self.not_confirmed = set(_anchors(document.criteria)) - set(confirmed)

    def rail(self) -> SafeString:
        """The contents: sections, and under them their parts with the count of statements."""
        entries = [self._entry(section) for section in self.sections]
        if self.document.not_understood:
            entries.append(
                _rail_link("not-understood", "Not understood", len(self.document.not_understood))
            )
        return _join(format_html("<li>{}</li>", entry) for entry in entries)

    def parts(self) -> tuple[Part, ...]:
        return tuple(self._top(section) for section in self.sections)

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
            format_html("<li>{}</li>", _rail_link(one.anchor, title_of(one), _items(one)))
            for one in section.children
        )
        return format_html("{}<ol>{}</ol>", link, parts)

    def _top(self, section: Section) -> Part:
        """A part of the first order, under a heading of the page."""
        heading = "Codes" if section.kind == "codes" else title_of(section)
        opening = format_html(
            '<section id="{}" aria-labelledby="{}-head"><h2 id="{}-head">{}</h2>',
            section.anchor, section.anchor, section.anchor, heading,
        )  # fmt: skip
        closing = mark_safe("</section>")
        if section.kind == "codes":
            inner = code_tables(self.document, self.address)
        elif section.kind == "references":
            inner = self._references(section)
        else:
            inner = format_html('<div class="policy">{}</div>', self._inside(section))
        if section.kind not in FOLDED:
            is_codes = section.kind == "codes"
            return Part(section.anchor, is_codes, opening, inner, closing, mark_safe(""))
        opening = format_html("{}<details><summary>Show {}</summary>", opening, _extent(section))
        closing = mark_safe("</details></section>")
        return Part(section.anchor, False, opening, inner, closing, self._link(section))

    def _link(self, section: Section) -> SafeString:
        """To a folded part on its own page; fetched into this one when it is opened."""
        return format_html(
            '<p class="apart" data-apart><a href="{}/section/{}">'
            "Read this part on its own page</a></p>",
            self.address, section.anchor,
        )  # fmt: skip

    def _inside(self, section: Section, level: int = 3) -> SafeString:
        parts = [self._passages(section)]
        for child in section.children:
            link = self._anchor(child.anchor)
            head = format_html(
                '<h{} id="{}">{}{}</h{}>', level, child.anchor, title_of(child), link, level
            )
            parts += [head, self._inside(child, min(level + 1, 6))]
        if not section.blocks and not section.children:
            words = LOST_LIST if section.kind == "related" else BARE
            parts.append(format_html('<p class="note">{}</p>', words))
        return _join(parts)

    def _passages(self, section: Section) -> SafeString:
        """The flat passages as paragraphs and nested lists, by their depths."""
        out: list[str] = [self._read_by(section)]
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
            out.append(self._passage(block, logic.get(index, "")))
        out.append("</li></ol>" * len(lists))
        return mark_safe("".join(out))  # noqa: S308  every piece went through format_html

    def _passage(self, block: Block, logic: str) -> SafeString:
        words = format_html('<span class="said-text">{}</span>', _lines(block.text))
        if logic:
            words = format_html('{} <span class="logic">{}</span>', words, logic)
        words = format_html("{}{}", words, self._anchor(block.anchor))
        if block.kind == "item":
            label = block.label if block.label in ("", "•") else f"{block.label}."
            return format_html(
                '<li id="{}"><span class="label">{}</span> {}', block.anchor, label, words
            )
        css = mark_safe(' class="note"') if block.kind == "note" else ""
        return format_html('<p id="{}"{}>{}</p>', block.anchor, css, words)

    def _anchor(self, anchor: str) -> SafeString:
        return cite_link(self.address, anchor)

    def _read_by(self, section: Section) -> str:
        """Who says how the statements of a section combine, where something is said of it."""
        anchors = {section.anchor, *(block.anchor for block in section.blocks)}
        if anchors.isdisjoint(self.rules):
            return ""
        is_confirmed = anchors.isdisjoint(self.not_confirmed)
        return format_html('<p class="read-by">{}</p>', CONFIRMED if is_confirmed else AS_READ)

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
        entries: list[SafeString] = []
        notes: list[SafeString] = []
        for block, number in references_of(self.document, section):
            if number:
                link = self._anchor(block.anchor)
                one = format_html('<li id="{}">{}{}</li>', block.anchor, block.text, link)
                entries.append(one)
            else:
                one = format_html(
                    '<p id="{}" class="note">{}</p>', block.anchor, _lines(block.text)
                )
                notes.append(one)
        for number, text in enumerate(self.document.references[len(entries) :], len(entries) + 1):
            entries.append(format_html('<li id="reference-{}">{}</li>', number, text))
        return format_html('{}<ol class="refs">{}</ol>', _join(notes), _join(entries))


def _anchors(criteria: Iterable[Criterion]) -> Iterator[str]:
    for one in criteria:
        yield one.anchor
        yield from _anchors(one.children)


def _rules(criteria: Iterable[Criterion]) -> Iterable[tuple[str, str]]:
    """The anchors of statements with statements under them, and how those combine, in words."""
    words = {"all": "all of these", "any": "any of these", "none": "none of these"}
    for one in criteria:
        if one.children and one.rule == "at_least":
            yield one.anchor, f"at least {one.at_least} of these"
        elif one.children and one.rule in words:
            yield one.anchor, words[one.rule]
        yield from _rules(one.children)


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
