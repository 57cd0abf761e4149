"""The words of a text as Postgres keeps them: stemmed in English, parted at hyphens and slashes.

What is being typed is not a word yet and has no stem: for it the words are kept as they stand.
"""

import re

from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func, TextField, Value

# Left in, Postgres keeps "hip/knee" as one word, takes "-19" for a number and "<b>" for a tag.
PARTING = "/-\u2010\u2011\u2012\u2013\u2014<>+"
# Words that Postgres leaves out of its English vectors.
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        i me my myself we our ours ourselves you your yours yourself yourselves he him his himself
        she her hers herself it its itself they them their theirs themselves what which who whom
        this that these those am is are was were be been being have has had having do does did
        doing a an the and but if or because as until while of at by for with about against
        between into through during before after above below to from up down in out on off over
        under again further then once here there when where why how all any both each few more
        most other some such no nor not only own same so than too very s t can will just don
        should now
        """,
    )
)
_BLANKS = str.maketrans(PARTING, " " * len(PARTING))


def words_of(field: str) -> SearchVector:
    """The vector of a field; a query's words go through `parted` to be found in it."""
    blanks = " " * len(PARTING)
    blank = Func(
        F(field), Value(PARTING), Value(blanks), function="translate", output_field=TextField()
    )
    return SearchVector(blank, config="english")


def parted(words: str) -> str:
    return words.translate(_BLANKS)


def words_in_sql(column: str) -> str:
    """The same vector in SQL as `words_of` gives, so that its index is used."""
    blanks = " " * len(PARTING)
    said = f"COALESCE((translate({column}, '{PARTING}', '{blanks}'))::text, '')"
    return f"to_tsvector('english'::regconfig, {said})"


# Whatever else Postgres would take for part of a number, an address or a path.
PLAIN_PARTING = PARTING + ".:@&=?_#~"


def plain_words_of(*fields: str) -> SearchVector:
    """The vector of fields with their words as they stand, for words that are still typed."""
    blanks = Value(" " * len(PLAIN_PARTING))
    parts = [
        Func(F(one), Value(PLAIN_PARTING), blanks, function="translate", output_field=TextField())
        for one in fields
    ]
    return SearchVector(*parts, config="simple")


def plain_words_in_sql(*columns: str) -> str:
    """The same vector in SQL as `plain_words_of` gives, so that its index is used."""
    blanks = " " * len(PLAIN_PARTING)
    said = [
        f"COALESCE((translate({column}, '{PLAIN_PARTING}', '{blanks}'))::text, '')"
        for column in columns
    ]
    joined = " || ' ' || ".join(said)
    return f"to_tsvector('simple'::regconfig, {joined})"
