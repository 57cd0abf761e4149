"""Published bulletins by number, by words of their titles, and by synonyms of those."""

# ruff: noqa: S608  what is put into the statement is written here; what was typed is a parameter

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from policies.models.words import parted, plain_words_in_sql, words_in_sql
from policies.prepared import Row, ask_written
from policies.synonyms import synonyms_of
from policies.type_ahead.words import Words

LAST = "\U0010ffff"  # sorts after every other character
_STANDING = """
    EXISTS (
        SELECT FROM policies_publication published WHERE published.bulletin_id = bulletin.id
          AND (published.effective_from IS NULL OR published.effective_from <= %(on)s)
          AND (published.ended_on IS NULL OR published.ended_on > %(on)s)
    )
"""
_FOUND = f"""
    SELECT number, title, {_STANDING} AS is_in_effect FROM policies_bulletin bulletin
    WHERE ({{condition}}) AND EXISTS (
        SELECT FROM policies_publication published WHERE published.bulletin_id = bulletin.id
    )
    ORDER BY {{order}} LIMIT %(limit)s
"""
_BEGINS = '{number} COLLATE "C" >= %(asked)s AND {number} COLLATE "C" < %(end)s'
_NUMBERED = _FOUND.format(
    condition=" OR ".join(
        _BEGINS.format(number=one) for one in ("upper(number)", "ltrim(upper(number), '0')")
    ),
    order="upper(number) = %(asked)s DESC, is_in_effect DESC, number",
)
# Whether a bulletin stands is asked of those that are shown, not of all whose title matches: `IS
# TRUE` keeps the question from becoming a join, and the others are looked at where these are few.
_ORDERED = """
    (SELECT number, title, {is_in_effect} AS is_in_effect FROM (
        SELECT id, number, title, {begins} AS begins, length(title) AS size
        FROM policies_bulletin WHERE {condition}
        ORDER BY begins DESC, size, number
    ) bulletin
    WHERE ({standing}) IS TRUE ORDER BY begins DESC, size, number LIMIT %(limit)s)
"""
_NOT_STANDING = f"""
    NOT {_STANDING} AND EXISTS (
        SELECT FROM policies_publication published WHERE published.bulletin_id = bulletin.id
    )
"""
_TITLED = (
    f"({plain_words_in_sql('title')} @@ to_tsquery('simple', %(query)s)"
    f" OR {words_in_sql('title')} @@ plainto_tsquery('english', %(words)s))"
)


@dataclass(frozen=True, slots=True)
class BulletinSuggested:
    """A bulletin; `mark` says that no version of it is in effect on the day, or is empty."""

    number: str
    title: str
    mark: str

    def get_absolute_url(self) -> str:
        return reverse("policies:bulletin_detail", args=[self.number])


def bulletins_numbered(words: Words, on: date, limit: int) -> tuple[BulletinSuggested, ...]:
    """Bulletins whose number begins so, with its leading zeros or without."""
    asked = words.asked.upper()
    if " " in asked or not any(one.isdigit() for one in asked):
        return ()
    facts = {"asked": asked, "end": asked + LAST, "limit": limit}
    return _asked(_NUMBERED, facts, on)


def bulletins_titled(words: Words, on: date, limit: int) -> tuple[BulletinSuggested, ...]:
    """Bulletins with all of the words in their title, then those with what means the same."""
    facts = {
        "asked": words.asked.lower(),
        "query": words.query,
        "words": parted(words.asked),
    }
    found = _in_order(_TITLED, facts, on, limit, begins="starts_with(lower(title), %(asked)s)")
    if len(found) < limit:
        found += _synonymous(words, on, limit)
    return found


def _synonymous(words: Words, on: date, limit: int) -> tuple[BulletinSuggested, ...]:
    queries, facts = list[str](), dict[str, Any]()
    for meant in synonyms_of(words.all):
        around = " ".join((*words.all[: meant.start], *words.all[meant.end :]))
        for other in meant.others:
            facts |= {f"other_{len(queries)}": parted(other), f"around_{len(queries)}": around}
            rest = f" && plainto_tsquery('english', %(around_{len(queries)})s)" if around else ""
            queries.append(f"(phraseto_tsquery('english', %(other_{len(queries)})s){rest})")
    if not queries:
        return ()
    return _in_order(f"{words_in_sql('title')} @@ ({' || '.join(queries)})", facts, on, limit)


def _in_order(
    condition: str, facts: dict[str, Any], on: date, limit: int, *, begins: str = "true"
) -> tuple[BulletinSuggested, ...]:
    """Those in effect first, then those that begin so, then short ones."""
    sql = " UNION ALL ".join(
        _ORDERED.format(condition=condition, begins=begins, standing=standing, is_in_effect=words)
        for standing, words in ((_STANDING, "true"), (_NOT_STANDING, "false"))
    )
    return _asked(f"{sql} LIMIT %(limit)s", facts | {"limit": limit}, on)


def _asked(sql: str, facts: dict[str, Any], on: date) -> tuple[BulletinSuggested, ...]:
    return tuple(_suggested(row) for row in ask_written(sql, facts | {"on": on}))


def _suggested(row: Row) -> BulletinSuggested:
    number, title, is_in_effect = row
    return BulletinSuggested(number, title, "" if is_in_effect else "not in effect")
