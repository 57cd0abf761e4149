"""Adding to a published version is refused once a statement: a bulletin has thousands of parts.

Every version that got a part is locked against its publication, as before, but once for all rows
of a COPY. Changing and deleting parts stay refused row by row: only drafts do that, and rarely.
"""

from django.db import migrations

PARTS = [
    "section", "passage", "reference", "criterion", "codegroup", "coderow", "codespan",
]  # fmt: skip

FUNCTION = """
CREATE FUNCTION policies_refuse_new_parts_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state text;
BEGIN
    FOR state IN SELECT status FROM policies_version
        WHERE id IN (SELECT version_id FROM added) ORDER BY id FOR SHARE
    LOOP
        IF state = 'published' THEN
            RAISE EXCEPTION 'a published version never changes'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_published_version_never_changes';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- Reads the schema's own tables, never temporary ones of that name (0006).
DO $$ BEGIN
    EXECUTE format('ALTER FUNCTION policies_refuse_new_parts_of_published() SET search_path = %I, pg_temp',
        current_schema());
END $$;
"""


def by_row(part: str, events: str) -> str:
    return (
        f"DROP TRIGGER a_published_version_never_changes ON policies_{part};"
        f"CREATE TRIGGER a_published_version_never_changes BEFORE {events} ON policies_{part}"
        " FOR EACH ROW EXECUTE FUNCTION policies_refuse_change_of_published_part();"
    )


def by_statement(part: str) -> str:
    return (
        f"CREATE TRIGGER a_published_version_gains_nothing AFTER INSERT ON policies_{part}"
        " REFERENCING NEW TABLE AS added"
        " FOR EACH STATEMENT EXECUTE FUNCTION policies_refuse_new_parts_of_published();"
    )


FORWARD = [
    FUNCTION,
    *[by_statement(part) for part in PARTS],
    *[by_row(part, "UPDATE OR DELETE") for part in PARTS],
]
BACKWARD = [
    *[by_row(part, "INSERT OR UPDATE OR DELETE") for part in PARTS],
    "DROP FUNCTION policies_refuse_new_parts_of_published() CASCADE;",
]


class Migration(migrations.Migration):
    dependencies = [("policies", "0006_no_temporary_tables")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
