"""The functions behind the gates read the schema's own tables, never temporary ones of that name.

A session may make temporary tables, and an unqualified name means those first: without this, one
named `policies_version` would tell the triggers that everything is a draft.
"""

from django.db import migrations

ALTER = """
DO $$
DECLARE
    gate regprocedure;
BEGIN
    FOR gate IN
        SELECT p.oid FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
        WHERE p.pronamespace = current_schema()::regnamespace AND l.lanname = 'plpgsql' AND p.provolatile = 'v'
            AND starts_with(p.proname, '%(app)s_')
    LOOP
        EXECUTE format('ALTER FUNCTION %%s %(what)s', gate%(argument)s);
    END LOOP;
END $$;
"""


def fixed_path(app: str) -> str:
    what = "SET search_path = %I, pg_temp"
    return ALTER % {"app": app, "what": what, "argument": ", current_schema()"}


def free_path(app: str) -> str:
    return ALTER % {"app": app, "what": "RESET search_path", "argument": ""}


class Migration(migrations.Migration):
    dependencies = [("policies", "0005_numbers_stay")]

    operations = [migrations.RunSQL(fixed_path("policies"), free_path("policies"))]
