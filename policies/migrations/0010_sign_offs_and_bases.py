"""An edit withdraws a sign-off, whoever wrote cannot approve, and a basis in force takes two people.

Every rule holds for any statement under the site's role, not only for the library's own verbs.
"""

from importlib import import_module

from django.db import migrations

earlier = import_module("policies.migrations.0002_frozen_versions")
by_statement = import_module("policies.migrations.0007_parts_are_checked_once_a_statement")

WRITTEN_ONCE = ["edit", "mend", "acknowledgment", "reclassification"]

SIGN_OFFS = """
-- A version that waits for approval or publication is what its submitter sent: changed in any other
-- column it is a draft again, unless the same statement would move it on.
CREATE OR REPLACE FUNCTION policies_refuse_change_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unchanged policies_version;
BEGIN
    IF OLD.status = 'published' THEN
        RAISE EXCEPTION 'a published version never changes'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_published_version_never_changes';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.status = 'published' AND OLD.status <> 'approved' THEN
        RAISE EXCEPTION 'only an approved version can be published'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'only_an_approved_version_is_published';
    END IF;
    IF NEW.status = 'approved' AND OLD.status = 'draft' AND NEW.origin <> 'import' THEN
        RAISE EXCEPTION 'only a submitted version can be approved'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'only_a_submitted_version_is_approved';
    END IF;
    IF NEW.status IN ('approved', 'published') AND NEW.origin <> 'import'
        AND EXISTS (SELECT FROM policies_edit WHERE version_id = NEW.id AND by_id = NEW.approver_id) THEN
        RAISE EXCEPTION 'nobody approves what they wrote into'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'nobody_approves_what_they_wrote_into';
    END IF;
    IF OLD.status IN ('in_review', 'approved') AND NEW.status <> 'draft' THEN
        unchanged := NEW;
        unchanged.status := OLD.status;
        unchanged.approver_id := OLD.approver_id;
        unchanged.approved_at := OLD.approved_at;
        IF unchanged IS DISTINCT FROM OLD THEN
            IF NEW.status <> OLD.status THEN
                RAISE EXCEPTION 'a version goes on as it was submitted'
                    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_version_goes_on_as_it_was_submitted';
            END IF;
            NEW.status := 'draft';
            NEW.approver_id := NULL;
            NEW.approved_at := NULL;
        ELSIF OLD.status = 'approved' AND (NEW.approver_id, NEW.approved_at)
            IS DISTINCT FROM (OLD.approver_id, OLD.approved_at) THEN
            RAISE EXCEPTION 'an approval is not rewritten'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_approval_is_not_rewritten';
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- The first statement withdraws a sign-off and takes the lock; the second waits for a publication.
CREATE OR REPLACE FUNCTION policies_refuse_change_of_published_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    versions bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.version_id]
        WHEN 'DELETE' THEN ARRAY[OLD.version_id]
        ELSE ARRAY[OLD.version_id, NEW.version_id] END;
    state text;
BEGIN
    UPDATE policies_version SET status = 'draft', approver_id = NULL, approved_at = NULL
        WHERE id = ANY (versions) AND status IN ('in_review', 'approved');
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

CREATE OR REPLACE FUNCTION policies_refuse_new_parts_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state text;
BEGIN
    UPDATE policies_version SET status = 'draft', approver_id = NULL, approved_at = NULL
        WHERE id IN (SELECT version_id FROM added) AND status IN ('in_review', 'approved');
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

-- The end says when it was written, and once: by whom, why, and which version took the place.
CREATE OR REPLACE FUNCTION policies_refuse_change_of_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM policies_version WHERE id = NEW.version_id AND status = 'published') THEN
            RAISE EXCEPTION 'only a published version has a publication'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'only_a_published_version_takes_effect';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.ended_on IS NULL AND NEW.ended_on IS NOT NULL AND NEW.end_reason <> ''
        AND NEW.ended_at IS NOT NULL
        AND (OLD.id, OLD.version_id, OLD.bulletin_id, OLD.published_at)
            = (NEW.id, NEW.version_id, NEW.bulletin_id, NEW.published_at)
        AND OLD.effective_from IS NOT DISTINCT FROM NEW.effective_from
        AND OLD.published_by_id IS NOT DISTINCT FROM NEW.published_by_id
        AND (NEW.successor_id IS NULL OR NEW.successor_id <> NEW.version_id AND EXISTS (
            SELECT FROM policies_version WHERE id = NEW.successor_id AND bulletin_id = NEW.bulletin_id
        )) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a publication never changes; its end is written once, with a reason'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'the_end_of_a_version_is_written_once';
END $$;
"""

EVIDENCE = """
CREATE FUNCTION policies_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'evidence_is_written_once';
END $$;
"""

# Only the approval of a change writes a basis in force: its trigger does, which the depth tells.
# The site's role owns no table, so it can hang no trigger of its own beneath a statement.
BASES = """
CREATE FUNCTION policies_refuse_basis_by_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() > 1 THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_TABLE_NAME = 'policies_bulletin' THEN
        IF NEW.effective_basis = OLD.effective_basis
            OR NOT EXISTS (SELECT FROM policies_publication WHERE bulletin_id = OLD.id) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a basis in force changes only by two people'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_basis_in_force_takes_two_people';
END $$;

CREATE FUNCTION policies_refuse_change_of_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.decided_at IS NULL THEN RETURN NEW; END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL
            AND (OLD.id, OLD.line_of_business, OLD.basis, OLD.reason, OLD.proposed_by_id, OLD.proposed_at)
                = (NEW.id, NEW.line_of_business, NEW.basis, NEW.reason, NEW.proposed_by_id, NEW.proposed_at)
            AND OLD.bulletin_id IS NOT DISTINCT FROM NEW.bulletin_id THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a proposal is decided once and never rewritten'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_change_of_basis_is_decided_once';
END $$;

CREATE FUNCTION policies_carry_out_change_of_basis() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.is_approved THEN RETURN NULL; END IF;
    IF NEW.bulletin_id IS NOT NULL THEN
        UPDATE policies_bulletin SET effective_basis = NEW.basis WHERE id = NEW.bulletin_id;
    ELSE
        INSERT INTO policies_linebasis (line_of_business, basis) VALUES (NEW.line_of_business, NEW.basis)
            ON CONFLICT (line_of_business) DO UPDATE SET basis = NEW.basis;
    END IF;
    RETURN NULL;
END $$;
"""

NEW_FUNCTIONS = [
    "policies_refuse_rewriting",
    "policies_refuse_basis_by_one",
    "policies_refuse_change_of_proposal",
    "policies_carry_out_change_of_basis",
]
REPLACED = [
    "policies_refuse_change_of_published",
    "policies_refuse_change_of_published_part",
    "policies_refuse_new_parts_of_published",
    "policies_refuse_change_of_publication",
]


def fix_paths(functions: list[str]) -> str:
    """The functions read the schema's own tables, never temporary ones of that name (0006)."""
    statements = (
        f"EXECUTE format('ALTER FUNCTION {one}() SET search_path = %I, pg_temp', current_schema());"
        for one in functions
    )
    return f"DO $$ BEGIN {' '.join(statements)} END $$;"


def replaced(functions: str) -> str:
    return functions.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


trigger = earlier.trigger
FORWARD = [
    SIGN_OFFS,
    EVIDENCE,
    BASES,
    fix_paths([*NEW_FUNCTIONS, *REPLACED]),
    *[trigger(table, "evidence_is_written_once", "BEFORE UPDATE OR DELETE",
              "policies_refuse_rewriting") for table in WRITTEN_ONCE],
    *[trigger(table, "evidence_is_never_emptied", "BEFORE TRUNCATE", "policies_refuse_truncate",
              "STATEMENT") for table in [*WRITTEN_ONCE, "basischange", "linebasis"]],
    trigger("bulletin", "a_basis_in_force_takes_two_people", "BEFORE UPDATE",
            "policies_refuse_basis_by_one"),
    trigger("linebasis", "a_basis_in_force_takes_two_people", "BEFORE INSERT OR UPDATE OR DELETE",
            "policies_refuse_basis_by_one"),
    trigger("basischange", "a_change_of_basis_is_decided_once", "BEFORE INSERT OR UPDATE OR DELETE",
            "policies_refuse_change_of_proposal"),
    trigger("basischange", "an_approved_change_of_basis_is_carried_out", "AFTER UPDATE",
            "policies_carry_out_change_of_basis"),
]  # fmt: skip
BACKWARD = [
    *[f"DROP FUNCTION {name}() CASCADE;" for name in NEW_FUNCTIONS],
    *[f"DROP TRIGGER evidence_is_never_emptied ON policies_{table};"
      for table in [*WRITTEN_ONCE, "basischange", "linebasis"]],
    replaced(earlier.FUNCTIONS),
    replaced(by_statement.FUNCTION),
    fix_paths(REPLACED),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("policies", "0009_drafts_bases_and_readers")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
