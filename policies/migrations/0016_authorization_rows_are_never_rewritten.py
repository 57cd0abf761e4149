"""A row of the authorization list is never rewritten and never deleted: its end is written once, or
brought forward. A row that is not to begin ends on the day before it would.
"""

import datetime
from importlib import import_module

from django.db import migrations, models

earlier = import_module("policies.migrations.0010_sign_offs_and_bases")
TABLES = ["authorizationlist", "authorizationrule"]

RULES = """
CREATE FUNCTION policies_refuse_change_of_authorization_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unchanged policies_authorizationrule;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        unchanged := NEW;
        unchanged.valid_to := OLD.valid_to;
        IF unchanged IS NOT DISTINCT FROM OLD AND NEW.valid_to IS NOT NULL
            AND (OLD.valid_to IS NULL OR NEW.valid_to < OLD.valid_to) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a row of the authorization list is never rewritten; it ends, or ends sooner'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_authorization_rule_is_never_rewritten';
END $$;
"""

FORWARD = [
    RULES,
    earlier.fix_paths(["policies_refuse_change_of_authorization_rule"]),
    earlier.trigger("authorizationrule", "an_authorization_rule_is_never_rewritten",
                    "BEFORE UPDATE OR DELETE", "policies_refuse_change_of_authorization_rule"),
    earlier.trigger("authorizationlist", "evidence_is_written_once", "BEFORE UPDATE OR DELETE",
                    "policies_refuse_rewriting"),
    *[earlier.trigger(table, "evidence_is_never_emptied", "BEFORE TRUNCATE",
                      "policies_refuse_truncate", "STATEMENT") for table in TABLES],
]  # fmt: skip
BACKWARD = [
    "DROP FUNCTION policies_refuse_change_of_authorization_rule() CASCADE;",
    "DROP TRIGGER evidence_is_written_once ON policies_authorizationlist;",
    *[f"DROP TRIGGER evidence_is_never_emptied ON policies_{table};" for table in TABLES],
]


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0015_words_still_typed_find_codes_and_titles"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="authorizationrule",
            name="an_authorization_rule_ends_after_it_begins",
        ),
        migrations.RemoveConstraint(
            model_name="authorizationrule",
            name="an_authorization_rule_begins_once_a_day",
        ),
        migrations.AddConstraint(
            model_name="authorizationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from") - datetime.timedelta(days=1)),
                    _connector="OR",
                ),
                name="an_authorization_rule_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorizationrule",
            constraint=models.UniqueConstraint(
                models.F("system"),
                models.F("lower"),
                models.F("upper"),
                models.F("line_of_business"),
                models.F("plan"),
                models.F("state"),
                models.F("valid_from"),
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="an_authorization_rule_begins_once_a_day",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
