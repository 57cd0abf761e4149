"""The access log also notes a member who is found by number; only the help text says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviewer", "0005_no_temporary_tables"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accessentry",
            name="requests",
            field=models.JSONField(
                default=list,
                help_text="The numbers of the requests shown, and of a member found at intake.",
            ),
        ),
    ]
