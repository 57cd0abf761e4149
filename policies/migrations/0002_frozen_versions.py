"""Published versions never change: triggers, composite keys, and the end that is written once."""

from django.db import migrations

# Tables that hang on a version by `version_id`.
PARTS = [
    "section", "passage", "reference", "criterion", "codegroup", "coderow", "codespan",
]  # fmt: skip

# A part belongs to the version of what it stands in, so that no part of a draft can be hung under
# a published version.
SAME_VERSION = [
    ("section", "parent_id", "section"),
    ("passage", "section_id", "section"),
    ("criterion", "parent_id", "criterion"),
    ("coderow", "group_id", "codegroup"),
    ("codespan", "row_id", "coderow"),
]

FUNCTIONS = """
CREATE FUNCTION policies_refuse_change_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'published' THEN
        RAISE EXCEPTION 'a published version never changes'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_published_version_never_changes';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.status = 'published' AND OLD.status <> 'approved' THEN
        RAISE EXCEPTION 'only an approved version can be published'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'only_an_approved_version_is_published';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION policies_refuse_birth_as_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'published' THEN
        RAISE EXCEPTION 'a version is not born published'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_version_is_not_born_published';
    END IF;
    RETURN NEW;
END $$;

-- Locks the version, so that nothing can be added while it is being published.
CREATE FUNCTION policies_refuse_change_of_published_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    versions bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.version_id]
        WHEN 'DELETE' THEN ARRAY[OLD.version_id]
        ELSE ARRAY[OLD.version_id, NEW.version_id] END;
    state text;
BEGIN
    FOR state IN SELECT status FROM policies_version WHERE id = ANY (versions) ORDER BY id FOR SHARE
    LOOP
        IF state = 'published' THEN
            RAISE EXCEPTION 'a published version never changes'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_published_version_never_changes';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION policies_refuse_change_of_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM policies_version WHERE id = NEW.version_id AND status = 'published') THEN
            RAISE EXCEPTION 'only a published version has a publication'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'only_a_published_version_takes_effect';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.ended_on IS NULL AND NEW.ended_on IS NOT NULL AND NEW.end_reason <> ''
        AND (OLD.id, OLD.version_id, OLD.bulletin_id, OLD.published_at)
            = (NEW.id, NEW.version_id, NEW.bulletin_id, NEW.published_at)
        AND OLD.effective_from IS NOT DISTINCT FROM NEW.effective_from
        AND OLD.published_by_id IS NOT DISTINCT FROM NEW.published_by_id THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a publication never changes; its end is written once, with a reason'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'the_end_of_a_version_is_written_once';
END $$;

-- TRUNCATE fires no row triggers. A test database, and only it, says in its comment that it may be
-- emptied; only its owner can write that.
CREATE FUNCTION policies_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_database WHERE datname = current_database()
            AND shobj_description(oid, 'pg_database') = 'a test database: may be emptied'
    ) THEN
        RAISE EXCEPTION '% is never emptied', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'evidence_is_never_emptied';
    END IF;
    RETURN NULL;
END $$;
"""


def trigger(table: str, name: str, when: str, function: str, level: str = "ROW") -> str:
    return (
        f"CREATE TRIGGER {name} {when} ON policies_{table}"
        f" FOR EACH {level} EXECUTE FUNCTION {function}();"
    )


PUBLICATION_KEY = """
ALTER TABLE policies_publication ADD CONSTRAINT a_publication_has_its_own_bulletin
    FOREIGN KEY (version_id, bulletin_id) REFERENCES policies_version (id, bulletin_id);
"""

FORWARD = [
    FUNCTIONS,
    trigger("version", "a_published_version_never_changes", "BEFORE UPDATE OR DELETE",
            "policies_refuse_change_of_published"),
    trigger("version", "a_version_is_not_born_published", "BEFORE INSERT",
            "policies_refuse_birth_as_published"),
    trigger("publication", "a_publication_never_changes", "BEFORE INSERT OR UPDATE OR DELETE",
            "policies_refuse_change_of_publication"),
    *[trigger(part, "a_published_version_never_changes", "BEFORE INSERT OR UPDATE OR DELETE",
              "policies_refuse_change_of_published_part") for part in PARTS],
    *[trigger(table, "evidence_is_never_emptied", "BEFORE TRUNCATE", "policies_refuse_truncate",
              "STATEMENT") for table in ["version", "publication", *PARTS]],
    *[f"ALTER TABLE policies_{part} ADD CONSTRAINT {part}_stands_in_its_own_version"
      f" FOREIGN KEY ({column}, version_id) REFERENCES policies_{whole} (id, version_id)"
      " DEFERRABLE INITIALLY DEFERRED;" for part, column, whole in SAME_VERSION],
    PUBLICATION_KEY,
]  # fmt: skip

BACKWARD = [
    "ALTER TABLE policies_publication DROP CONSTRAINT a_publication_has_its_own_bulletin;",
    *[f"ALTER TABLE policies_{part} DROP CONSTRAINT {part}_stands_in_its_own_version;"
      for part, _, _ in SAME_VERSION],
    *[f"DROP FUNCTION {name}() CASCADE;" for name in [
        "policies_refuse_change_of_published", "policies_refuse_birth_as_published",
        "policies_refuse_change_of_published_part", "policies_refuse_change_of_publication",
        "policies_refuse_truncate"]],
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_library")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
