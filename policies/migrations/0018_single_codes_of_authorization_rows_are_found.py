import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0017_findings_are_settled_once"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="authorizationrule",
            name="authorization_rule_cover",
        ),
        migrations.AddIndex(
            model_name="authorizationrule",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    models.F("lower"),
                    models.F("upper"),
                    function="policies_code_cover",
                    output_field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                fastupdate=False,
                name="authorization_rule_cover",
            ),
        ),
        migrations.AddIndex(
            model_name="authorizationrule",
            index=models.Index(models.F("lower"), name="authorization_rule_lower"),
        ),
    ]
