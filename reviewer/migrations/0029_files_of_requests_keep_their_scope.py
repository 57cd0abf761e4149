"""A file of requests is seen by who still sees every line of business that its sender saw."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

# Files from before: what their sender sees now, and what their requests are of.
KNOWN = """
UPDATE reviewer_intakefile AS file SET lines_of_business = ARRAY(
    SELECT unnest(sender.lines_of_business) FROM reviewer_reviewer AS sender WHERE sender.id = file.sent_by_id
    UNION
    SELECT request.line_of_business FROM reviewer_intakerow AS done
        JOIN reviewer_request AS request ON request.id = done.request_id
        WHERE done.file_id = file.id);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reviewer", "0028_worklists_are_quick_at_a_million_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="intakefile",
            name="lines_of_business",
            field=ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("commercial_insured", "Commercial, insured"),
                        ("commercial_self_funded", "Commercial, self-funded"),
                        ("marketplace", "Marketplace"),
                        ("medicare_advantage", "Medicare Advantage"),
                        ("integrated_dsnp", "Integrated D-SNP"),
                        ("medicaid", "Medicaid managed care"),
                    ],
                    max_length=30,
                ),
                default=list,
                help_text="The scope of who sent it, at that time. None named: nobody sees it.",
                size=None,
            ),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
