"""A determination that carries out an appeal's decision is not signed on the first answers."""

from importlib import import_module

from django.db import migrations

before = import_module("reviewer.migrations.0014_review_gates")
paths = import_module("policies.migrations.0006_no_temporary_tables")

HEAD = "CREATE OR REPLACE FUNCTION reviewer_check_signed_review()"
EARLIER = (
    HEAD
    + before.FUNCTIONS.partition("FUNCTION reviewer_check_signed_review()")[2].partition("$$;")[0]
    + "$$;"
)
FORWARD = f"""
{HEAD} RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.criteria_review_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM reviewer_criteriareview AS r
        WHERE r.id = NEW.criteria_review_id AND r.request_id = NEW.request_id
            AND r.version_id = NEW.version_id
            AND r.appeal_id IS NOT DISTINCT FROM (
                SELECT d.appeal_id FROM reviewer_appealdecision AS d
                WHERE d.id = NEW.appeal_decision_id))
    THEN {before.OF_CASE} END IF;
    RETURN NEW;
END $$;
"""  # noqa: S608 (every part is a constant)
PATH = paths.fixed_path("reviewer")


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0024_end_what_is_not_awaited")]

    operations = [
        migrations.RunSQL(FORWARD, EARLIER),
        migrations.RunSQL(PATH, PATH),
    ]
