"""A basis in force is what was approved last; a published version gains no edit and no mend; a
version takes effect no sooner than its notice.

How deep a statement stands in triggers says nothing of who asks: the site's role may hang a trigger
on a temporary table of its own. So what is in force is held against the proposals themselves.
"""

from importlib import import_module

from django.db import migrations

earlier = import_module("policies.migrations.0010_sign_offs_and_bases")

# The proposals of one subject follow one another, for only one may be open: the last approved is
# the one with the highest number.
BASES = """
CREATE OR REPLACE FUNCTION policies_refuse_basis_by_one() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    approved text;
BEGIN
    IF TG_TABLE_NAME = 'policies_bulletin' THEN
        IF NEW.effective_basis = OLD.effective_basis
            OR NOT EXISTS (SELECT FROM policies_publication WHERE bulletin_id = OLD.id) THEN
            RETURN NEW;
        END IF;
        SELECT basis INTO approved FROM policies_basischange
            WHERE bulletin_id = NEW.id AND is_approved ORDER BY id DESC LIMIT 1;
        IF NEW.effective_basis = approved THEN RETURN NEW; END IF;
    ELSIF TG_OP <> 'DELETE' THEN
        SELECT basis INTO approved FROM policies_basischange
            WHERE line_of_business = NEW.line_of_business AND is_approved ORDER BY id DESC LIMIT 1;
        IF NEW.basis = approved
            AND (TG_OP = 'INSERT' OR NEW.line_of_business = OLD.line_of_business) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a basis in force changes only by two people'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_basis_in_force_takes_two_people';
END $$;
"""

# The day of publication is the plan's, and the database keeps none but UTC: a day is left to it.
NOTICE = """
CREATE FUNCTION policies_refuse_effect_before_notice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    days integer;
BEGIN
    SELECT notice_days INTO days FROM policies_version
        WHERE id = NEW.version_id AND origin = 'library';
    IF days > 0 AND (NEW.effective_from IS NULL
        OR NEW.effective_from < (NEW.published_at AT TIME ZONE 'UTC')::date - 1 + days) THEN
        RAISE EXCEPTION 'a version takes effect no sooner than its notice'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_version_takes_effect_after_its_notice';
    END IF;
    RETURN NEW;
END $$;
"""


def gains_nothing(table: str) -> str:
    return (
        f"CREATE TRIGGER a_published_version_gains_nothing AFTER INSERT ON policies_{table}"
        " REFERENCING NEW TABLE AS added"
        " FOR EACH STATEMENT EXECUTE FUNCTION policies_refuse_new_parts_of_published();"
    )


FORWARD = [
    BASES,
    NOTICE,
    earlier.fix_paths(["policies_refuse_basis_by_one", "policies_refuse_effect_before_notice"]),
    *[gains_nothing(table) for table in ["edit", "mend"]],
    earlier.trigger("publication", "a_version_takes_effect_after_its_notice", "BEFORE INSERT",
                    "policies_refuse_effect_before_notice"),
]  # fmt: skip
BEFORE = earlier.BASES[: earlier.BASES.index("CREATE FUNCTION policies_refuse_change_of_proposal")]
BACKWARD = [
    "DROP FUNCTION policies_refuse_effect_before_notice() CASCADE;",
    *[f"DROP TRIGGER a_published_version_gains_nothing ON policies_{table};"
      for table in ["edit", "mend"]],
    earlier.replaced(BEFORE),
    earlier.fix_paths(["policies_refuse_basis_by_one"]),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("policies", "0011_words_part_at_hyphens_and_slashes")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
