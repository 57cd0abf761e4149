"""The notice of an appeal's decision: it has both, follows the decision, and goes to a person once."""

from importlib import import_module

from django.db import migrations, models

gates = import_module("reviewer.migrations.0002_gates")
paths = import_module("policies.migrations.0006_no_temporary_tables")

FUNCTION = """
CREATE FUNCTION reviewer_check_appeal_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind IN ('appeal', 'appeal_oral') AND num_nulls(NEW.appeal_id, NEW.determination_id) = 0 AND NOT EXISTS (
        SELECT FROM reviewer_appealdecision AS d
            JOIN reviewer_appeal AS a ON a.id = d.appeal_id
            JOIN reviewer_determination AS told ON told.id = NEW.determination_id
        WHERE a.id = NEW.appeal_id AND a.request_id = NEW.request_id
            AND (told.appeal_decision_id = d.id
                OR (told.id = d.determination_id AND d.outcome IN ('upheld', 'dismissed'))))
    THEN
        RAISE EXCEPTION 'a notice of an appeal''s decision follows it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_notice_of_an_appeals_decision_follows_it';
    END IF;
    RETURN NEW;
END $$;
"""
FORWARD = [
    FUNCTION,
    gates.trigger("notice", "a_notice_of_an_appeals_decision_follows_it", "BEFORE INSERT",
                  "reviewer_check_appeal_notice"),
]  # fmt: skip
BACKWARD = ["DROP FUNCTION reviewer_check_appeal_notice() CASCADE;"]
OF_APPEALS = models.Q(("kind__in", ["appeal", "appeal_oral"]))


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0021_files_of_requests_are_entered_in_parts")]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("determination", "Decision"),
                    ("oral", "Decision, by telephone"),
                    ("confirmation", "Written confirmation"),
                    ("extension", "Extension"),
                    ("missing_information", "Missing information"),
                    ("expedite_refusal", "Expediting refused"),
                    ("not_decided", "No decision in time"),
                    ("appeal", "Decision of an appeal"),
                    ("appeal_oral", "Decision of an appeal, by telephone"),
                ],
                default="determination",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["appeal", "appeal_oral"]), _negated=True)
                | models.Q(("appeal__isnull", False), ("determination__isnull", False)),
                name="a_notice_of_an_appeals_decision_has_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                models.F("appeal"),
                models.F("determination"),
                models.F("recipient"),
                models.F("kind"),
                condition=OF_APPEALS,
                name="an_appeals_decision_is_told_a_person_once",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(paths.fixed_path("reviewer"), migrations.RunSQL.noop),
    ]
