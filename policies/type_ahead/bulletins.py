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
_TITLED = _FOUND.format(
    condition=(
        f"{plain_words_in_sql('title')} @@ to_tsquery('simple', %(query)s)"
        f" OR {words_in_sql('title')} @@ plainto_tsquery('english', %(words)s)"
    ),
    order="is_in_effect DESC, starts_with(lower(title), %(asked)s) DESC, length(title), number",
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
        "limit": limit,
    }
    found = _asked(_TITLED, facts, on)
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
    sql = _FOUND.format(
        condition=f"{words_in_sql('title')} @@ ({' || '.join(queries)})",
        order="is_in_effect DESC, length(title), number",
    )
    return _asked(sql, facts | {"limit": limit}, on)


def _asked(sql: str, facts: dict[str, Any], on: date) -> tuple[BulletinSuggested, ...]:
    return tuple(_suggested(row) for row in ask_written(sql, facts | {"on": on}))


def _suggested(row: Row) -> BulletinSuggested:
    number, title, is_in_effect = row
    return BulletinSuggested(number, title, "" if is_in_effect else "not in effect")
