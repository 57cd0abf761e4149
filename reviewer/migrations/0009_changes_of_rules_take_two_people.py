"""A rule changes only by a proposal of one person that a second one approved; the database carries
it out. Shipped rows are written by the owner of the table alone.

How deep a statement stands in triggers says nothing of who asks, so each new version is held
against the proposal that it names.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

gates = import_module("reviewer.migrations.0002_gates")
paths = import_module("policies.migrations.0006_no_temporary_tables")

FUNCTIONS = """
CREATE FUNCTION reviewer_check_rule_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.change_id IS NULL AND NOT EXISTS (
            SELECT FROM pg_class
            WHERE oid = TG_RELID AND pg_get_userbyid(relowner) = current_user))
        OR (NEW.change_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM reviewer_rulechange AS c
            WHERE c.id = NEW.change_id AND c.is_approved AND c."table" = NEW."table"
                AND c.key = NEW.key AND c.row IS NOT DISTINCT FROM NEW.row))
    THEN
        RAISE EXCEPTION 'a rule changes only by two people'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_rule_takes_two_people';
    END IF;
    IF NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM reviewer_rulerow
            WHERE "table" = NEW."table" AND key = NEW.key) THEN
        RAISE EXCEPTION 'versions of a rule follow each other'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'versions_of_a_rule_follow_each_other';
    END IF;
    NEW.recorded_at := now();
    RETURN NEW;
END $$;

CREATE FUNCTION reviewer_check_rule_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.row IS NOT NULL AND (jsonb_typeof(NEW.row) <> 'object' OR EXISTS (
            SELECT FROM jsonb_each(NEW.row) WHERE jsonb_typeof(value) <> 'string')) THEN
            RAISE EXCEPTION 'a rule is columns of text'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_rule_is_columns_of_text';
        END IF;
        IF NEW.decided_at IS NULL THEN RETURN NEW; END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL
            AND (OLD.id, OLD."table", OLD.key, OLD.row, OLD.reason, OLD.proposed_by_id,
                    OLD.proposed_at, OLD.together_with_id)
                IS NOT DISTINCT FROM (NEW.id, NEW."table", NEW.key, NEW.row, NEW.reason,
                    NEW.proposed_by_id, NEW.proposed_at, NEW.together_with_id) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a proposal is decided once and never rewritten'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_change_of_a_rule_is_decided_once';
END $$;

CREATE FUNCTION reviewer_carry_out_change_of_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_approved THEN
        INSERT INTO reviewer_rulerow ("table", key, version, row, change_id)
            SELECT NEW."table", NEW.key, coalesce(max(version), 0) + 1, NEW.row, NEW.id
            FROM reviewer_rulerow WHERE "table" = NEW."table" AND key = NEW.key;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION reviewer_check_changes_together() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM reviewer_rulechange AS one
        JOIN reviewer_rulechange AS other ON other.id = one.together_with_id
        WHERE NEW.id IN (one.id, other.id) AND one.is_approved IS DISTINCT FROM other.is_approved
    ) THEN
        RAISE EXCEPTION 'changes made together are decided together'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'changes_made_together_are_decided_together';
    END IF;
    RETURN NULL;
END $$;
"""
NAMES = [
    "check_rule_row",
    "check_rule_change",
    "carry_out_change_of_rule",
    "check_changes_together",
]
TOGETHER = (
    "CREATE CONSTRAINT TRIGGER changes_made_together_are_decided_together"
    " AFTER INSERT OR UPDATE ON reviewer_rulechange DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION reviewer_check_changes_together();"
)

FORWARD = [
    FUNCTIONS,
    gates.trigger("rulerow", "a_rule_takes_two_people", "BEFORE INSERT", "reviewer_check_rule_row"),
    gates.trigger("rulechange", "a_change_of_a_rule_is_decided_once",
                  "BEFORE INSERT OR UPDATE OR DELETE", "reviewer_check_rule_change"),
    gates.trigger("rulechange", "an_approved_change_of_a_rule_is_carried_out", "AFTER UPDATE",
                  "reviewer_carry_out_change_of_rule"),
    gates.trigger("rulechange", "evidence_is_never_emptied", "BEFORE TRUNCATE",
                  "policies_refuse_truncate", "STATEMENT"),
    TOGETHER,
]  # fmt: skip
BACKWARD = [
    *[f"DROP FUNCTION reviewer_{name}() CASCADE;" for name in NAMES],
    "DROP TRIGGER evidence_is_never_emptied ON reviewer_rulechange;",
]


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0008_an_open_request_has_a_clock")]

    operations = [
        migrations.AddField(
            model_name="rulechange",
            name="together_with",
            field=models.OneToOneField(
                blank=True,
                help_text="The change that makes no sense without this one: both are decided at"
                " once.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="partner",
                to="reviewer.rulechange",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(paths.fixed_path("reviewer"), migrations.RunSQL.noop),
    ]
