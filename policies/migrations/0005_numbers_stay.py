"""A bulletin that was ever published keeps its number: permanent addresses are made of it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION policies_refuse_change_of_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> OLD.number
        AND EXISTS (SELECT FROM policies_publication WHERE bulletin_id = OLD.id) THEN
        RAISE EXCEPTION 'a published bulletin keeps its number'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_published_bulletin_keeps_its_number';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_published_bulletin_keeps_its_number BEFORE UPDATE ON policies_bulletin
    FOR EACH ROW EXECUTE FUNCTION policies_refuse_change_of_number();
"""

BACKWARD = "DROP FUNCTION policies_refuse_change_of_number() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("policies", "0004_prefix_cover_of_code_ranges")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
