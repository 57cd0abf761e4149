"""What is shown of the bulletins on a page: their standing, and the best places with the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.safestring import SafeString

from policies.models import StanceType
from policies.models.words import PARTING
from policies.search.finding import HEADING, Candidate, Place
from policies.search.snippets import CONTROLS, START, STOP, read_marked, shown
from policies.search.typed import marking_pattern
from policies.search.wanted import Wanted

_HEADLINE = (
    "ts_headline('english', translate({text}, %(parting)s, %(controls)s), {query}, %(headline)s)"
)
_PLAIN = "translate({text}, %(parting)s, %(controls)s)"
_FACTS = """
    SELECT v.id, b.id, b.number, b.title, {title}, v.ordinal, v.status,
        p.effective_from, p.ended_on
    FROM policies_version v JOIN policies_bulletin b ON b.id = v.bulletin_id
    LEFT JOIN policies_publication p ON p.version_id = v.id
    WHERE v.id = ANY(%(versions)s)
"""
_PLACES = """
    SELECT 1, s.id, s.anchor, s.heading, {heading}, '', s.kind
    FROM policies_section s WHERE s.id = ANY(%(headings)s)
    UNION ALL
    SELECT 2, p.id, p.anchor, s.heading, {text}, p.stance_type, s.kind
    FROM policies_passage p JOIN policies_section s ON s.id = p.section_id
    WHERE p.id = ANY(%(passages)s)
"""

_TOLD = {"background", "appendix", "references", "codes", "related"}  # their headings say so


@dataclass(frozen=True, slots=True)
class PassageFound:
    """A heading or a passage; `snippet` is safe HTML with the words in <mark>."""

    address: str
    anchor: str
    heading: str
    snippet: SafeString
    note: str  # the stance type in words, or where it stands; empty where the heading tells it
    is_heading: bool
    is_background: bool

    def get_absolute_url(self) -> str:
        return self.address


@dataclass(frozen=True, slots=True)
class VersionFound:
    """A version in which words were found."""

    number: str
    ordinal: int
    standing: str  # where it stands on the day, where that is not simply in effect
    address: str

    @property
    def precedence(self) -> tuple[bool, int]:
        """Sorts the one that is simply in effect first, then the newest."""
        return bool(self.standing), -self.ordinal

    def __str__(self) -> str:
        return f"v{self.ordinal}, {self.standing}" if self.standing else f"v{self.ordinal}"


@dataclass(frozen=True, slots=True)
class BulletinFound:
    """A bulletin with the best places of one version, the one in effect if it has the words."""

    number: str
    title: str
    marked_title: SafeString
    version: VersionFound
    passages: tuple[PassageFound, ...]
    more: int  # places beyond those
    others: tuple[VersionFound, ...]  # further versions with the words


def bulletins_shown(
    groups: Sequence[Sequence[Candidate]], wanted: Wanted, *, on: date, most: int
) -> tuple[BulletinFound, ...]:
    """`groups` holds the versions of each bulletin. Two queries."""
    if not groups:
        return ()
    facts = _facts([one.version for group in groups for one in group], wanted)
    standing = {pk: _version(row, on) for pk, row in facts.items()}
    groups = [sorted(group, key=lambda one: standing[one.version].precedence) for group in groups]
    chosen = {group[0].version: group[0].best()[:most] for group in groups}
    places = _places([one for places in chosen.values() for one in places], wanted)
    pattern = marking_pattern(wanted.phrases)
    found = []
    for group in groups:
        first = facts[group[0].version]
        version = standing[group[0].version]
        here = [
            _passage(places[one.kind, one.pk], one, version.address, pattern)
            for one in chosen[group[0].version]
        ]
        found.append(
            BulletinFound(
                number=first[2],
                title=first[3],
                marked_title=shown(read_marked(first[4], pattern)),
                version=version,
                passages=tuple(here),
                more=len(group[0].places) - len(here),
                others=tuple(standing[one.version] for one in group[1:]),
            )
        )
    return tuple(found)


def _facts(versions: Sequence[int], wanted: Wanted) -> dict[int, Any]:
    statement = _FACTS.format(title=_marks(wanted, "b.title"))
    return {row[0]: row for row in _rows(statement, wanted, versions=list(versions))}


def _places(places: Sequence[Place], wanted: Wanted) -> dict[tuple[int, int], Any]:
    if not places:
        return {}
    statement = _PLACES.format(heading=_marks(wanted, "s.heading"), text=_marks(wanted, "p.text"))
    rows = _rows(
        statement,
        wanted,
        headings=[one.pk for one in places if one.kind == HEADING],
        passages=[one.pk for one in places if one.kind != HEADING],
    )
    return {row[:2]: row for row in rows}


def _marks(wanted: Wanted, text: str) -> str:
    """Exact phrases are marked afterwards, so their words are none of the query's."""
    return (
        _HEADLINE.format(text=text, query=wanted.marked)
        if wanted.marked
        else _PLAIN.format(text=text)
    )


def _rows(statement: str, wanted: Wanted, **parameters: list[int]) -> list[Any]:
    marks = {
        "parting": PARTING + START + STOP,  # the last two have no counterpart: they are dropped
        "controls": CONTROLS,
        "headline": f"HighlightAll=true, StartSel={START}, StopSel={STOP}",
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, wanted.parameters | marks | parameters)
        rows: list[Any] = cursor.fetchall()
    return rows


def _version(row: Any, on: date) -> VersionFound:
    number, ordinal, status, start, ended_on = row[2], row[5], row[6], row[7], row[8]
    standing = ""
    if status != "published":
        standing = {"draft": "a draft", "in_review": "in review", "approved": "approved"}[status]
    elif ended_on and ended_on <= on:
        standing = f"ended on {ended_on}"
    elif start and start > on:
        standing = f"in effect from {start}"
    elif not start:
        standing = "effective date not stated"
    address = reverse("policies:version_detail", args=[number, ordinal])
    return VersionFound(number, ordinal, standing, address)


def _passage(row: Any, place: Place, address: str, pattern: Any) -> PassageFound:
    _, _, anchor, heading, marked, ground, kind = row
    return PassageFound(
        address=f"{address}#{anchor}",
        anchor=anchor,
        heading=heading.rstrip(" :"),
        snippet=shown(read_marked(marked, pattern)),
        note=_note(heading, ground, kind, is_background=place.is_behind),
        is_heading=place.kind == HEADING,
        is_background=place.is_behind and kind != "related",
    )


def _note(heading: str, ground: str, kind: str, *, is_background: bool) -> str:
    if not ground:
        return "in the background" if is_background and kind not in _TOLD else ""
    label = str(StanceType(ground).label)
    return label if label.casefold() != heading.rstrip(" :").casefold() else ""
