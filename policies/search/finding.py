"""Where a question's words stand: titles, then headings, then policy text, then background.

One statement, written out, since it is the heart of the search and the ORM would take as long to
word it as Postgres to answer it. Of very common words so many passages are compared and no more;
of exact phrases fewer, for of each the index knows only that its words stand there.
"""

# ruff: noqa: S608  what is put into the statement is written here; what was typed is a parameter

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection

from policies.models.words import words_in_sql
from policies.prepared import Row
from policies.search.filters import Filters, versions_in_sql
from policies.search.wanted import Parameters, Wanted

MOST = 500  # passages that are compared
MOST_EXACT = 200
MOST_OF_PAGE = 20_000  # passages of the bulletins on one page
_TITLED = 20  # bulletins whose title has some of the words are read for the others
_BEHIND = "('background', 'appendix', 'references', 'related', 'codes')"
_TITLE_WORDS = words_in_sql("b.title")
TITLE, HEADING, PASSAGE = range(3)


class Place(NamedTuple):
    """A heading or a passage that holds words; `mask` has a bit for each group it holds."""

    kind: int
    pk: int
    is_behind: bool
    rank: float
    mask: int


@dataclass(slots=True)
class Candidate:
    """A version in which words stand."""

    version: int
    bulletin: int
    title_mask: int = 0
    places: list[Place] = field(default_factory=list)

    def strength(self, every: int) -> tuple[float, ...]:
        """Sorts the strongest first: all the words together, then by where they stand."""
        titled = reached = self.title_mask
        tier, strongest = (0 if titled == every else 4), 0.0
        for kind, _, is_behind, rank, mask in self.places:
            reached |= mask
            # Where the title holds some of the words, the others are as good as in a heading.
            if titled and titled | mask == every:
                own = 3 if is_behind else 1
            else:
                own = (4 if is_behind else 2) - (kind == HEADING)
            if own < tier:
                tier = own
            if is_behind:
                rank /= 10
            if rank > strongest:
                strongest = rank
        return (-reached.bit_count(), tier, -titled.bit_count(), -strongest, self.bulletin)

    def best(self) -> list[Place]:
        """Its places, the best first."""
        return sorted(
            self.places,
            key=lambda one: (-one.mask.bit_count(), one.is_behind, one.kind, -one.rank, one.pk),
        )


@dataclass(frozen=True, slots=True)
class Found:
    candidates: list[Candidate]
    is_capped: bool


def find(
    wanted: Wanted,
    filters: Filters,
    *,
    any_of: bool = False,
    versions: Iterable[int] | None = None,
    within: str = "",
    most: int | None = None,
) -> Found:
    """The versions that hold the words, the strongest first.

    `any_of`: some of them are enough. `versions`: only these. `within`: only this bulletin.
    `most`: how many passages are compared, where that is not for the words to say.
    """
    most = most or (MOST_EXACT if any(one.exact for one in wanted.groups) else MOST)
    parameters: Parameters = {**wanted.parameters, "most": most}
    live = _live(filters, wanted, parameters, within=within, only=versions)
    parts = [_titles(filters), _headings(wanted, filters), _passages(wanted, filters)]
    if any_of:
        parts[1:] = [
            _headings(wanted, filters, any_of=True),
            _passages(wanted, filters, any_of=True),
        ]
    elif len(wanted.groups) > 1:
        parts.append(_beside_titles(wanted, filters))
    if filters.stance_type:
        parameters["stance_type"] = filters.stance_type
    # In a large library most of what is live is never looked at: it is asked where words stand.
    statement = f"WITH live AS NOT MATERIALIZED ({live})"
    statement += f", titled AS MATERIALIZED ({_titled(wanted)})"
    statement += " UNION ALL ".join(["", *parts])[len(" UNION ALL") :]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    return _gathered(rows, every=(1 << len(wanted.groups)) - 1, any_of=any_of, most=most)


def _gathered(rows: Iterable[Row], *, every: int, any_of: bool, most: int) -> Found:
    candidates: dict[int, Candidate] = {}
    places: set[tuple[int, int]] = set()
    passages = 0
    for version, bulletin, kind, pk, is_behind, rank, mask in rows:
        one = candidates.get(version)
        if one is None:
            one = candidates[version] = Candidate(version, bulletin)
        if kind == TITLE:
            one.title_mask = mask
        elif (kind, pk) not in places:
            places.add((kind, pk))
            passages += kind == PASSAGE
            one.places.append(Place(kind, pk, is_behind, rank, mask))
    kept = [one for one in candidates.values() if any_of or one.places or one.title_mask == every]
    kept.sort(key=lambda one: one.strength(every))
    return Found(kept, passages >= most)


def _live(filters: Filters, wanted: Wanted, parameters: Parameters, *, within: str,
          only: Iterable[int] | None) -> str:  # fmt: skip
    sql, values = versions_in_sql(filters)
    names = [f"live_{at}" for at in range(len(values))]
    parameters.update(zip(names, values, strict=True))
    named = sql % tuple(f"%({name})s" for name in names)
    narrowed = ""
    if without := wanted.without().format(search=_TITLE_WORDS, text="b.title"):
        narrowed += (
            f" AND EXISTS (SELECT FROM policies_bulletin b WHERE b.id = bulletin_id{without})"
        )
    if within:
        parameters["within"] = within
        narrowed += (
            " AND bulletin_id = (SELECT id FROM policies_bulletin WHERE number = %(within)s)"
        )
    if only is not None:
        parameters["only"] = list(only)
        narrowed += " AND id = ANY(%(only)s)"
    return f"SELECT id, bulletin_id FROM ({named}) searched(id, bulletin_id) WHERE true{narrowed}"


def _titled(wanted: Wanted) -> str:
    by_group = " UNION ALL ".join(
        f"SELECT b.id, {1 << at} AS bit FROM policies_bulletin b WHERE "
        + group.holds().format(search=_TITLE_WORDS, text="b.title")
        for at, group in enumerate(wanted.groups)
    )
    return (
        "SELECT live.id, live.bulletin_id, bit_or(bit) AS mask"
        f" FROM ({by_group}) held(id, bit) JOIN live ON live.bulletin_id = held.id GROUP BY 1, 2"
    )


def _titles(filters: Filters) -> str:
    narrowed = ""
    if filters.stance_type:
        narrowed = (
            " WHERE EXISTS (SELECT FROM policies_passage p WHERE p.version_id = titled.id"
            " AND p.stance_type = %(stance_type)s)"
        )
    return f" SELECT id, bulletin_id, {TITLE}, id AS pk, false, 0::real, mask FROM titled{narrowed}"


def _headings(wanted: Wanted, filters: Filters, *, any_of: bool = False) -> str:
    narrowed = _without(wanted, "s", "heading")
    if filters.stance_type:
        narrowed += (
            " AND EXISTS (SELECT FROM policies_passage p WHERE p.section_id = s.id"
            " AND p.stance_type = %(stance_type)s)"
        )
    held, mask = _held(wanted, "s.search", "s.heading", any_of=any_of)
    inner = (
        f"SELECT s.id, s.version_id, live.bulletin_id, s.id AS section_id,"
        f" {_rank(wanted, 's.search')} AS rank, {mask} AS mask"
        " FROM policies_section s JOIN live ON live.id = s.version_id"
        f" WHERE {held}{narrowed} LIMIT %(most)s"
    )
    return _placed(HEADING, inner)


def _passages(wanted: Wanted, filters: Filters, *, any_of: bool = False) -> str:
    held, mask = _held(wanted, "p.search", "p.text", any_of=any_of)
    inner = (
        f"SELECT p.id, p.version_id, live.bulletin_id, p.section_id,"
        f" {_rank(wanted, 'p.search')} AS rank, {mask} AS mask"
        " FROM policies_passage p JOIN live ON live.id = p.version_id"
        f" WHERE {held}{_of_passages(wanted, filters)} LIMIT %(most)s"
    )
    return _placed(PASSAGE, inner)


def _beside_titles(wanted: Wanted, filters: Filters) -> str:
    """Passages with the words that the title of their bulletin does not hold."""
    every = (1 << len(wanted.groups)) - 1
    mask = f"({wanted.mask().format(search='p.search', text='p.text')})"
    inner = (
        f"SELECT p.id, p.version_id, near.bulletin_id, p.section_id,"
        f" {_rank(wanted, 'p.search')} AS rank, {mask} AS mask FROM (SELECT * FROM titled"
        f" WHERE mask <> {every} ORDER BY bit_count(mask::bit(32)) DESC, id LIMIT {_TITLED}) near"
        " JOIN policies_passage p ON p.version_id = near.id"
        f" WHERE (near.mask | {mask}) = {every}{_of_passages(wanted, filters)} LIMIT %(most)s"
    )
    return _placed(PASSAGE, inner)


def _placed(kind: int, inner: str) -> str:
    """With what only the section tells. The limits keep Postgres from reading every section."""
    return (
        f"(SELECT p.version_id, p.bulletin_id, {kind}, p.id, s.is_behind, p.rank, p.mask"
        f" FROM ({inner}) p CROSS JOIN LATERAL (SELECT s.kind IN {_BEHIND} OR EXISTS"
        f" (SELECT FROM policies_section up WHERE up.id = s.parent_id AND up.kind IN {_BEHIND})"
        " FROM policies_section s WHERE s.id = p.section_id LIMIT 1) s(is_behind))"
    )


def _held(wanted: Wanted, search: str, text: str, *, any_of: bool) -> tuple[str, str]:
    """The condition that a text is found by, and the groups it then holds."""
    if any_of:
        columns = {"search": search, "text": text}
        return f"({wanted.some().format(**columns)})", f"({wanted.mask().format(**columns)})"
    every = wanted.every().format(search=search, text=text)
    return every, str((1 << len(wanted.groups)) - 1)


def _of_passages(wanted: Wanted, filters: Filters) -> str:
    narrowed = _without(wanted, "p", "text")
    if wanted.excluded:
        under = _without(wanted, "head", "heading")
        narrowed += (
            f" AND EXISTS (SELECT FROM policies_section head WHERE head.id = p.section_id{under})"
        )
    if filters.stance_type:
        narrowed += " AND p.stance_type = %(stance_type)s"
    return narrowed


def _without(wanted: Wanted, row: str, text: str) -> str:
    return wanted.without().format(search=f"{row}.search", text=f"{row}.{text}")


def _rank(wanted: Wanted, search: str) -> str:
    queries = [group.query for group in wanted.groups if group.query]
    return f"ts_rank({search}, {' || '.join(queries)})" if queries else "0::real"
