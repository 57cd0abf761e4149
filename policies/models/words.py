"""The words of a text as Postgres keeps them: stemmed in English, parted at hyphens and slashes."""

from django.contrib.postgres.search import SearchVector
from django.db.models import F, Func, TextField, Value

# Left in, Postgres keeps "hip/knee" as one word, takes "-19" for a number and "<b>" for a tag.
PARTING = "/-\u2010\u2011\u2012\u2013\u2014<>+"
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
