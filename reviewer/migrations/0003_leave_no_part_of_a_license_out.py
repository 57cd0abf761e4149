"""A comparison with nothing is no refusal: name the columns that must be there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviewer", "0002_gates"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="determination",
            name="a_signer_has_a_license_valid_that_day",
        ),
        migrations.RemoveConstraint(
            model_name="determination",
            name="an_approval_says_how_much_and_when",
        ),
        migrations.AddConstraint(
            model_name="determination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ("withdrawn", "dismissed")),
                    models.Q(
                        ("credential__isnull", False),
                        ("credential_from__isnull", False),
                        ("credential_from__lte", models.F("signed_on")),
                        ("credential_kind__isnull", False),
                        ("credential_to__gte", models.F("signed_on")),
                        ("credential_to__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_signer_has_a_license_valid_that_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="determination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome__in", ("approved", "partially_approved", "modified")),
                        _negated=True,
                    ),
                    models.Q(
                        models.Q(("authorization_number", ""), _negated=True),
                        ("ends_on__gte", models.F("starts_on")),
                        ("ends_on__isnull", False),
                        ("starts_on__isnull", False),
                        ("units_granted__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="an_approval_says_how_much_and_when",
            ),
        ),
    ]
