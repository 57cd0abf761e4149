"""The rows "Bulletins that name it", set piece by piece: a code can have hundreds of them."""

from collections.abc import Collection, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from policies.look_up import Hit
from policies.models import Version
from policies.templatetags.marks import stance
from policies.views.places import row_id

OPEN = mark_safe('<span class="quiet">open list</span>')


def hit_rows(hits: Sequence[Hit], *, display: str, matched: Collection[int]) -> SafeString:
    """A row for every hit; `matched` holds the ids of the spans that an answer rests on."""
    addresses: dict[int, str] = {}
    stances = {value: stance(value) for value in {hit.group.stance for hit in hits}}
    rows = []
    for hit in hits:
        version = hit.version
        if version.pk not in addresses:
            addresses[version.pk] = version.get_absolute_url()
        address = f"{addresses[version.pk]}?code={display}#{row_id(hit.row.position)}"
        mark = stances[hit.group.stance]
        rows.append(_row(hit, address, mark, is_matched=hit.span.pk in matched))
    return mark_safe("".join(rows))  # noqa: S308  each is made by format_html


def _row(hit: Hit, address: str, mark: SafeString, *, is_matched: bool) -> SafeString:
    css = mark_safe(' class="hit"') if is_matched else ""
    return format_html(
        '<tr{}><td><a href="{}"><b>{}</b> {}</a> <span class="quiet n">v{}</span>{}</td>'
        "<td>{}</td><td>{}</td><td>{}</td></tr>",
        css,
        address,
        hit.version.bulletin.number,
        hit.version.title,
        hit.version.ordinal,
        _undated(hit.version),
        mark,
        _matched(hit),
        _heading(hit),
    )


def _matched(hit: Hit) -> SafeString:
    """How it matched, with the range held together."""
    words, printed, _ = hit.sentence.partition(hit.span.printed)
    return format_html('{}<span class="n">{}</span>', words.capitalize(), printed)


def _undated(version: Version) -> SafeString | str:
    if version.publication.effective_from:
        return ""
    return format_html(' <span class="quiet n">{}</span>', "effective date not stated")


def _heading(hit: Hit) -> SafeString:
    """The group's heading, with its scope before and the row's own notes after it."""
    parts = [format_html("{}", hit.group.heading.rstrip(" :"))]
    if hit.group.scope:
        parts.insert(0, format_html("<b>{}</b>: ", hit.group.scope.rstrip(" :")))
    parts += [format_html(' <span class="bracket">[{}]</span>', note) for note in hit.row.brackets]
    if hit.group.is_open_list:
        parts.append(format_html(" {}", OPEN))
    return mark_safe("".join(parts))  # noqa: S308
