from django.db import migrations, models
from django.db.models.functions import Collate, Upper


class Migration(migrations.Migration):
    dependencies = [("policies", "0020_imports_stay_apart_from_what_people_write")]

    operations = [
        migrations.AddIndex(
            "bulletin",
            models.Index(Collate(Upper("number"), "C"), name="bulletin_number_typed"),
        ),
        migrations.AddIndex(
            "bulletin",
            models.Index(
                Collate(
                    models.Func(Upper("number"), models.Value("0"), function="ltrim"),
                    "C",
                ),
                name="bulletin_bare_number_typed",
            ),
        ),
    ]
