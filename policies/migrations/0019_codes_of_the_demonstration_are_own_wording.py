from django.db import migrations


def mark(apps, schema_editor):
    releases = apps.get_model("policies", "Release").objects.using(schema_editor.connection.alias)
    releases.filter(source="policies/demo/codes.csv").update(is_own_wording=True)


class Migration(migrations.Migration):
    dependencies = [("policies", "0018_single_codes_of_authorization_rows_are_found")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
