"""What bodies outside the plan decided is written once, and only of appeals before them."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

gates = import_module("reviewer.migrations.0002_gates")
paths = import_module("policies.migrations.0006_no_temporary_tables")

FUNCTION = """
CREATE FUNCTION reviewer_check_place_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_the_plan boolean := (SELECT stage = 'appeal_decision' AND step <> 'ire'
        FROM reviewer_appeal WHERE id = NEW.appeal_id);
BEGIN
    IF of_the_plan IS DISTINCT FROM (TG_TABLE_NAME = 'reviewer_appealdecision') THEN
        RAISE EXCEPTION 'a decision is made where the appeal is'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_decision_is_made_where_the_appeal_is';
    END IF;
    RETURN NEW;
END $$;
"""
FORWARD = [
    FUNCTION,
    *[gates.trigger(table, "a_decision_is_made_where_the_appeal_is", "BEFORE INSERT",
                    "reviewer_check_place_of_decision")
      for table in ["appealdecision", "outsidedecision"]],
    gates.trigger("outsidedecision", "evidence_is_written_once", "BEFORE UPDATE OR DELETE",
                  "reviewer_refuse_change"),
    gates.trigger("outsidedecision", "evidence_is_never_emptied", "BEFORE TRUNCATE",
                  "policies_refuse_truncate", "STATEMENT"),
]  # fmt: skip
BACKWARD = [
    "DROP FUNCTION reviewer_check_place_of_decision() CASCADE;",
    "DROP TRIGGER evidence_is_written_once ON reviewer_outsidedecision;",
    "DROP TRIGGER evidence_is_never_emptied ON reviewer_outsidedecision;",
]


class Migration(migrations.Migration):
    dependencies = [
        ("reviewer", "0026_nothing_is_received_after_it_was_entered"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutsideDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "decided_by",
                    models.CharField(
                        help_text="The organization, or the officer of the hearing.",
                        max_length=160,
                        verbose_name="who decided",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True, help_text="Their number of the case.", max_length=60
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("upheld", "Upheld"),
                            ("overturned", "Overturned"),
                            ("partly_overturned", "Partly overturned"),
                            ("dismissed", "Dismissed"),
                        ],
                        max_length=17,
                    ),
                ),
                ("dated_on", models.DateField(help_text="The day that the decision bears.")),
                ("received_at", models.DateTimeField(help_text="When the plan received it.")),
                (
                    "summary",
                    models.TextField(help_text="What it says, and what it has the plan do."),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "appeal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outside_decision",
                        to="reviewer.appeal",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviewer.reviewer",
                    ),
                ),
            ],
            options={
                "ordering": ["appeal"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by", ""), _negated=True),
                            models.Q(("summary", ""), _negated=True),
                        ),
                        name="an_outside_decision_says_who_and_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("recorded_at__gte", models.F("received_at"))),
                        name="an_outside_decision_is_received_before_it_is_recorded",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(paths.fixed_path("reviewer"), migrations.RunSQL.noop),
    ]
