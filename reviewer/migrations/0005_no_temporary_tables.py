"""The functions behind the gates read the schema's own tables, never temporary ones of that name."""

from importlib import import_module

from django.db import migrations

policies = import_module("policies.migrations.0006_no_temporary_tables")


class Migration(migrations.Migration):
    dependencies = [
        ("reviewer", "0004_plan_time_zone"),
        ("policies", "0006_no_temporary_tables"),
    ]

    operations = [
        migrations.RunSQL(policies.fixed_path("reviewer"), policies.free_path("reviewer"))
    ]
