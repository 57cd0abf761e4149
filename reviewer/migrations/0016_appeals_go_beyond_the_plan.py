"""An appeal keeps what lets its initiator appeal, and may open with an outside body's receipt."""

from importlib import import_module

from django.db import migrations, models

former = import_module("reviewer.migrations.0012_appeals_are_received_when_their_event_says")
paths = import_module("policies.migrations.0006_no_temporary_tables")

OPENINGS = "e.type IN ('appeal_received', 'ire_received', 'external_review_requested')"


def function(opens: str) -> str:
    created = former.FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    return created.replace("e.type = 'appeal_received'", opens)


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0015_corrections_are_of_what_came_from_outside")]

    operations = [
        migrations.AddField(
            model_name="appeal",
            name="standing",
            field=models.CharField(
                blank=True,
                help_text="What lets someone other than the member appeal.",
                max_length=200,
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="ended",
            field=models.CharField(
                blank=True,
                choices=[
                    ("withdrawn", "Withdrawn"),
                    ("dismissed", "Dismissed"),
                    ("not_required", "No authorization required"),
                    ("replaced", "Replaced by another determination"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunSQL(function(OPENINGS), function("e.type = 'appeal_received'")),
        migrations.RunSQL(paths.fixed_path("reviewer"), migrations.RunSQL.noop),
    ]
