"""Bulletins are found by the words of their titles."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("policies", "0002_frozen_versions")]

    operations = [
        migrations.AddIndex(
            "bulletin",
            GinIndex(SearchVector("title", config="english"), name="bulletin_title_words"),
        ),
    ]
