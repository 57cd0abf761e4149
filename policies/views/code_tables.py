"""The code tables of a version as one HTML table: groups, rows, brackets, openness."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from policies.models.code_sets import SLUGS
from policies.reading import codes
from policies.reading.document import CodeGroup, CodeRow, CodeSpan, Document
from policies.templatetags.marks import stance

OPEN_LIST = "An open list does not make an unlisted code covered."
HEAD = (
    '<table class="table codes" id="code-table">'
    '<caption class="said">Codes that this version names</caption>'
    '<thead><tr><th scope="col">Code</th><th scope="col">Description</th>'
    '<th scope="col">Stance</th></tr></thead>'
)
FILTER = (
    '<p class="filter needs-script" hidden><label for="code-filter">Filter the codes</label>'
    ' <input class="input" id="code-filter" data-filter="#code-table" autocomplete="off"'
    ' spellcheck="false" placeholder="Code or words" hidden> <span role="status"></span></p>'
)
FEW = 8  # a table so short needs no filter


def count_codes(groups: Iterable[CodeGroup]) -> int:
    return sum(len(row.codes) for group in groups for row in group.rows)


def row_id(position: int) -> str:
    """The anchor of a row; positions count through the version, as `CodeRow.position` does."""
    return f"code-row-{position}"


def with_hits(body: str, positions: Iterable[int]) -> SafeString:
    """A rendered version with these rows marked as the ones the reader came for."""
    for position in positions:
        opening = f'<tr id="{row_id(position)}"'
        body = body.replace(f"{opening}>", f'{opening} class="hit">')
    return mark_safe(body)  # noqa: S308  made by `code_tables` from escaped pieces


def code_tables(document: Document) -> SafeString:
    """Every group under its heading; a row's stance is its group's, its brackets may narrow it."""
    groups = document.code_groups
    if not groups:
        return format_html('<p class="note">{}</p>', "This version names no codes.")
    parts = [format_html('<p class="note">{}</p>', text) for text in document.legends]
    if sum(len(group.rows) for group in groups) > FEW:
        parts.append(mark_safe(FILTER))  # noqa: S308
    parts.append(mark_safe(HEAD))  # noqa: S308
    position = 0
    scope = None
    for number, group in enumerate(groups, 1):
        if group.scope and group.scope != scope:
            parts.append(_scope(group.scope))
        scope = group.scope
        parts.append(_group_head(group, number))
        mark = stance(group.stance)
        for row in group.rows:
            position += 1
            parts.append(_row(row, group.system, position, mark))
        parts.append(mark_safe("</tbody>"))
    parts.append(mark_safe("</table>"))
    if any(group.open_list for group in groups):
        parts.append(format_html('<p class="note">{}</p>', OPEN_LIST))
    return mark_safe("".join(parts))  # noqa: S308


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
    return format_html(
        '<tbody><tr class="group" id="code-group-{}">'
        '<th colspan="3" scope="rowgroup">{}{}</th></tr>',
        number, group.heading.rstrip(" :"), openness,
    )  # fmt: skip


def _row(row: CodeRow, system: str, position: int, mark: SafeString) -> SafeString:
    codes = mark_safe(", ".join(_code(span, system) for span in row.codes))  # noqa: S308
    if row.service_without_code:
        codes = format_html('<span class="quiet">{}</span>', "no specific code")
    return format_html(
        '<tr id="{}"><td class="code">{}</td><td>{}</td><td>{}</td></tr>',
        row_id(position), codes, _described(row), mark,
    )  # fmt: skip


def _code(span: CodeSpan, system: str) -> SafeString:
    """A single code leads to its page; a range is printed as the table has it."""
    mark = "+" if span.seventh_character else ""
    add_on = "+ " if span.add_on else ""
    if span.low != span.high:
        return format_html(
            '<span class="n">{}{}{} - {}{}</span>', add_on, span.low, mark, span.high, mark
        )
    address = reverse(
        "policies:code_detail", args=[SLUGS[codes.system_of(system, span.low)], span.low]
    )
    return format_html('<a class="n" href="{}">{}{}{}</a>', address, add_on, span.low, mark)


def _described(row: CodeRow) -> SafeString:
    """The whole description, with the plan's own brackets set apart."""
    words: str = escape(row.full_description)
    for note in row.brackets:
        printed = escape(f"[{note}]")
        words = words.replace(printed, f'<span class="bracket">{printed}</span>')
    return mark_safe(words)  # noqa: S308
