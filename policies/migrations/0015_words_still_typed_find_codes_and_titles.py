"""Descriptors of codes and titles of bulletins are found by words that are still being typed."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations
from django.db.models import F, Func, TextField, Value

PARTING = "/-\u2010\u2011\u2012\u2013\u2014<>+.:@&=?_#~"


def plain_words_of(*fields: str) -> SearchVector:
    blanks = Value(" " * len(PARTING))
    parts = [
        Func(F(one), Value(PARTING), blanks, function="translate", output_field=TextField())
        for one in fields
    ]
    return SearchVector(*parts, config="simple")


class Migration(migrations.Migration):
    dependencies = [("policies", "0014_accept_lines_with_a_doubt")]

    operations = [
        migrations.AddIndex(
            "descriptor",
            GinIndex(plain_words_of("short", "long"), name="descriptor_plain_words"),
        ),
        migrations.AddIndex(
            "bulletin",
            GinIndex(plain_words_of("title"), name="bulletin_title_plain_words"),
        ),
    ]
