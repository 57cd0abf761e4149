"""Tell the planner what a cover costs, so that it reads the index and computes none per row."""

from django.db import migrations

FORWARD = "ALTER FUNCTION policies_code_cover(text, text) COST 10000"
BACKWARD = "ALTER FUNCTION policies_code_cover(text, text) COST 100"


class Migration(migrations.Migration):
    dependencies = [("policies", "0007_parts_are_checked_once_a_statement")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
