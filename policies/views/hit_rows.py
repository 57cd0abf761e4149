"""The rows "Bulletins that name it", set piece by piece: a code can have hundreds of them.

A row is made of what its version, which never changes, and its code say, and of what a release did
to it, and of nothing else; so a process keeps the rows that it has set.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from policies.hits import Hit
from policies.templatetags.marks import stance
from policies.views.places import row_id

KEPT = 8_192  # rows; one takes about a kilobyte
OPEN = '<span class="quiet">open list</span>'
UNDATED = ' <span class="quiet n">effective date not stated</span>'


def hit_rows(
    hits: Sequence[Hit],
    *,
    display: str,
    matched: Collection[int],
    released: Mapping[tuple[int, int], str],
) -> SafeString:
    """A row for every hit; `matched` holds the ids of the spans that an answer rests on, `released`
    by version and row what a release of codes did and nobody has settled.

    The hits of a version stand together; its title stands once.
    """
    rows = []
    last = 0
    for hit in hits:
        said = hit.facts
        standing = said.span_id in matched, said.version_id == last
        last = said.version_id
        told = released.get((said.version_id, said.row_position), "")
        rows.append(_row(hit, display, told, standing))
    return mark_safe("".join(rows))  # noqa: S308  `_set` escapes every piece


def _row(hit: Hit, display: str, released: str, standing: tuple[bool, bool]) -> str:
    said = hit.facts
    return _set(
        (said.number, said.ordinal, said.title, said.effective_from is None),
        (said.row_position, said.stance, hit.sentence, hit.printed),
        (said.heading, said.scope, tuple(said.brackets), said.is_open_list),
        display,
        released,
        standing,
    )


@lru_cache(maxsize=KEPT)
def _set(
    version: tuple[str, int, str, bool],
    place: tuple[int, str, str, str],
    group: tuple[str, str, tuple[str, ...], bool],
    display: str,
    released: str,
    standing: tuple[bool, bool],
) -> str:
    number, ordinal, title, is_undated = version
    position, said, sentence, printed = place
    address = escape(reverse("policies:version_detail", args=[number, ordinal]))
    is_matched, is_again = standing  # an answer rests on it; its version stands above
    css = " ".join(name for name, holds in (("hit", is_matched), ("again", is_again)) if holds)
    opening = f'<tr class="{css}">' if css else "<tr>"
    named = f"{escape(title)}</a>"
    if is_again:
        named = f'row {position}<span class="said"> of {escape(title)}</span></a>'
    return (
        f'{opening}<td><a href="{address}?code={escape(display)}#{row_id(position)}">'
        f"<b>{escape(number)}</b> {named}"
        f' <span class="quiet n">v{ordinal}</span>{UNDATED if is_undated else ""}</td>'
        f"<td>{stance(said)}</td><td>{_matched(sentence, printed)}{_released(released)}</td>"
        f"<td>{_heading(*group)}</td></tr>"
    )


def _matched(sentence: str, printed: str) -> str:
    """How it matched, with the range held together."""
    words, printed, _ = sentence.partition(printed)
    return f'{escape(words.capitalize())}<span class="n">{escape(printed)}</span>'


def _released(words: str) -> str:
    return f' <span class="released">{escape(words)}; not settled</span>' if words else ""


def _heading(heading: str, scope: str, brackets: Sequence[str], is_open_list: bool) -> str:
    """The group's heading, with its scope before and the row's own notes after it."""
    parts = [f"<b>{escape(scope.rstrip(' :'))}</b>: "] if scope else []
    parts.append(escape(heading.rstrip(" :")))
    parts += [f' <span class="bracket">[{escape(note)}]</span>' for note in brackets]
    return "".join(parts) + (f" {OPEN}" if is_open_list else "")
