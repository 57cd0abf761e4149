"""The code tables of a version as one HTML table: groups, rows, brackets, openness."""

import re
from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from policies.models.code_sets import SLUGS
from policies.reading import codes
from policies.reading.document import CodeGroup, CodeRow, CodeSpan, Document
from policies.templatetags.marks import stance
from policies.views.code_filter import Filter
from policies.views.places import printed, row_id

OPEN_LIST = "An open list does not make an unlisted code covered."
NONE = "A code that is not listed is not thereby covered."
HEAD = (
    '<table class="table codes" id="code-table">'
    '<caption class="said">Codes that this version names</caption>'
    '<thead><tr><th scope="col">Code</th><th scope="col">Description</th>'
    '<th scope="col">Stance</th></tr></thead>'
)
FORM = (
    '<form class="filter" id="code-filter-form" action="{}#codes">'
    '<label for="code-filter">Filter the codes</label>'
    ' <input class="input" id="code-filter" name="filter" value="{}" data-filter="#code-table"'
    ' data-none="{}" autocomplete="off" spellcheck="false" maxlength="100"'
    ' placeholder="Code or words">'
    ' <button class="button small">Filter</button> <span role="status">{}</span></form>'
)
_HEAD = re.compile(r"Tables?\s*:?|(?:Codes?\s+)+Description\s*:?", re.IGNORECASE)
FEW = 8  # a table so short needs no filter


def count_codes(groups: Iterable[CodeGroup]) -> int:
    return sum(len(row.codes) for group in groups for row in group.rows)


def cite_link(address: str, anchor: str) -> SafeString:
    """To the citation of a place; with a script it is copied from there."""
    return format_html(
        ' <a class="anchor" href="{}/cite/{}" title="Copy the citation">#{}</a>',
        address, anchor, anchor,
    )  # fmt: skip


def with_hits(html: str, positions: Iterable[int]) -> SafeString:
    """Rendered code tables with these rows marked as the ones the reader came for."""
    for position in positions:
        opening = f'<tr id="{row_id(position)}"'
        html = html.replace(f"{opening}>", f'{opening} class="hit">')
    return mark_safe(html)  # noqa: S308  made by `code_tables` from escaped pieces


def code_tables(document: Document, address: str, typed: str = "") -> SafeString:
    """Every group under its heading, or only the rows that a filter leaves.

    A row's stance is its group's; its brackets may narrow it. `address` is the version's.
    """
    groups = document.code_groups
    if not groups:
        note = format_html('<p class="note">{}</p>', "This version names no codes.")
        return format_html("{}{}", _own_words(document), note)
    wanted = Filter(typed)
    rows = list(_bodies(groups, address, wanted))
    total, shown = sum(len(group.rows) for group in groups), sum(count for _, count in rows)
    legends = (format_html('<p class="note">{}</p>', text) for text in document.legends)
    parts = [_own_words(document), *legends]
    if total > FEW or wanted.words:
        status = _status(shown, total) if wanted.words else ""
        parts.append(format_html(FORM, address, typed, NONE, status))
    if wanted.words:
        parts.append(format_html('<p><a href="{}#codes">Show all rows</a></p>', address))
    if shown:
        table = "".join(html for html, _ in rows)
        parts.append(mark_safe(f"{HEAD}{table}</table>"))  # noqa: S308
    if any(group.open_list for group in groups):
        parts.append(format_html('<p class="note">{}</p>', OPEN_LIST))
    return mark_safe("".join(parts))  # noqa: S308


def _own_words(document: Document) -> SafeString:
    """The passages of the section of codes. Heads of its tables are said only: ours are printed."""
    blocks = (block for one in document.sections if one.kind == "codes" for block in one.blocks)
    return format_html_join(
        "",
        '<p id="{}" class="{}">{}</p>',
        ((one.anchor, "said" if _HEAD.fullmatch(one.text) else "note", one.text) for one in blocks),
    )


def _status(shown: int, total: int) -> str:
    return f"{shown} of {total} rows" if shown else f"None of the {total} rows. {NONE}"


def _bodies(
    groups: Iterable[CodeGroup], address: str, wanted: Filter
) -> Iterator[tuple[SafeString, int]]:
    """Each group with how many of its rows are left; one without any is not printed."""
    position = 0
    scope = None
    for number, group in enumerate(groups, 1):
        mark = stance(group.stance)
        rows = []
        for row in group.rows:
            position += 1
            if not wanted.words or wanted.leaves(row, group):
                rows.append(_row(row, group.system, position, mark, address))
        if wanted.words and not rows:
            continue
        opening = _scope(group.scope) if group.scope and group.scope != scope else ""
        scope = group.scope
        body = f"{opening}{_group_head(group, number)}{''.join(rows)}</tbody>"
        yield mark_safe(body), len(rows)  # noqa: S308


def _scope(scope: str) -> SafeString:
    return format_html(
        '<tbody><tr class="group scope"><th colspan="3" scope="rowgroup">{}</th></tr></tbody>',
        scope,
    )


def _group_head(group: CodeGroup, number: int) -> SafeString:
    openness = (
        mark_safe("<small>Open list: the heading says that it is not complete.</small>")
        if group.open_list
        else ""
    )
    css = mark_safe(' class="scoped"') if group.scope else ""
    return format_html(
        '<tbody{} data-system="{}"><tr class="group" id="code-group-{}">'
        '<th colspan="3" scope="rowgroup">{}{}</th></tr>',
        css, group.system, number, group.heading.rstrip(" :"), openness,
    )  # fmt: skip


def _row(row: CodeRow, system: str, position: int, mark: SafeString, address: str) -> SafeString:
    printed_codes = mark_safe(", ".join(_code(span, system) for span in row.codes))  # noqa: S308
    if row.service_without_code:
        printed_codes = format_html('<span class="quiet">{}</span>', "no specific code")
    anchor = row_id(position)
    return format_html(
        '<tr id="{}"><td class="code">{}</td><td>{}{}</td><td>{}</td></tr>',
        anchor, printed_codes, _described(row), cite_link(address, anchor), mark,
    )  # fmt: skip


def _code(span: CodeSpan, system: str) -> SafeString:
    """A single code leads to its page; a range is printed as the table has it."""
    if span.low != span.high:
        return format_html('<span class="n">{}</span>', printed(span))
    slug = SLUGS[codes.system_of(system, span.low)]
    address = reverse("policies:code_detail", args=[slug, span.low])
    return format_html('<a class="n" href="{}">{}</a>', address, printed(span))


def _described(row: CodeRow) -> SafeString:
    """The whole description, with the plan's own brackets set apart."""
    words: str = escape(row.full_description)
    for note in row.brackets:
        mark = escape(f"[{note}]")
        words = words.replace(mark, f'<span class="bracket">{mark}</span>')
    return mark_safe(words)  # noqa: S308
