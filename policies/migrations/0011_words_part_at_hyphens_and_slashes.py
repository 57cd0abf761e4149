"""A word in "hip/knee" or "COVID-19" is found by itself."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations
from django.db.models import F, Func, GeneratedField, TextField, Value

PARTING = "/-\u2010\u2011\u2012\u2013\u2014<>+"


def words_of(field: str) -> SearchVector:
    blanks = " " * len(PARTING)
    blank = Func(
        F(field), Value(PARTING), Value(blanks), function="translate", output_field=TextField()
    )
    return SearchVector(blank, config="english")


def made_anew(model: str, field: str, index: str) -> list[migrations.operations.base.Operation]:
    """A generated column cannot be altered: it goes, with its index, and comes back."""
    generated = GeneratedField(
        expression=words_of(field), output_field=SearchVectorField(), db_persist=True
    )
    return [
        migrations.RemoveIndex(model, index),
        migrations.RemoveField(model, "search"),
        migrations.AddField(model, "search", generated),
        migrations.AddIndex(model, GinIndex("search", name=index)),
    ]


class Migration(migrations.Migration):
    dependencies = [("policies", "0010_sign_offs_and_bases")]

    operations = [
        *made_anew("section", "heading", "section_words"),
        *made_anew("passage", "text", "passage_words"),
        migrations.RemoveIndex("bulletin", "bulletin_title_words"),
        migrations.AddIndex("bulletin", GinIndex(words_of("title"), name="bulletin_title_words")),
    ]
