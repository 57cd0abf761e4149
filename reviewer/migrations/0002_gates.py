"""The gates: evidence is written once, signers are who they say, appeals are independent."""

from django.db import migrations

WRITTEN_ONCE = [
    "event", "accessentry", "determination", "citation", "appealdecision", "notice", "referral",
    "involvement",
]  # fmt: skip

# name, table, columns, referenced table, referenced columns
COMPOSITE_KEYS = [
    ("the_credential_is_the_signers", "determination",
     "credential_id, signed_by_id, credential_kind, credential_from, credential_to",
     "reviewer_credential", "id, reviewer_id, kind, valid_from, valid_to"),
    ("the_line_is_the_requests", "determination", "line_id, request_id",
     "reviewer_serviceline", "id, request_id"),
    ("a_replacement_is_of_the_same_line", "determination", "replaces_id, line_id",
     "reviewer_determination", "id, line_id"),
    ("the_version_has_that_hash", "determination", "version_id, version_hash",
     "policies_version", "id, content_hash"),
    ("the_decider_signs_what_follows_an_appeal", "determination", "appeal_decision_id, signed_by_id",
     "reviewer_appealdecision", "id, decided_by_id"),
    ("the_credential_is_the_deciders", "appealdecision",
     "credential_id, decided_by_id, credential_kind, credential_from, credential_to",
     "reviewer_credential", "id, reviewer_id, kind, valid_from, valid_to"),
    ("the_signer_and_ground_are_the_determinations", "appealdecision",
     "determination_id, original_signer_id, ground",
     "reviewer_determination", "id, signed_by_id, ground"),
    ("the_decision_is_of_the_appealed_determination", "appealdecision",
     "appeal_id, determination_id", "reviewer_appeal", "id, determination_id"),
    ("the_pointer_is_of_the_same_line", "activedetermination", "determination_id, line_id",
     "reviewer_determination", "id, line_id"),
]  # fmt: skip

FUNCTIONS = """
CREATE SEQUENCE reviewer_request_numbers;
CREATE SEQUENCE reviewer_appeal_numbers;
CREATE SEQUENCE reviewer_authorization_numbers;

CREATE FUNCTION reviewer_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'evidence_is_written_once';
END $$;

-- The moment of signing is the database's clock. Only the owner of the tables, who loads records
-- from elsewhere, may write another.
CREATE FUNCTION reviewer_refuse_other_clock(moment timestamptz, tables regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF abs(extract(epoch FROM clock_timestamp() - moment)) > 300
        AND NOT EXISTS (SELECT FROM pg_class WHERE oid = tables AND pg_get_userbyid(relowner) = current_user)
    THEN
        RAISE EXCEPTION 'the time of signing is the database''s clock'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'signing_goes_by_the_database_clock';
    END IF;
END $$;

CREATE FUNCTION reviewer_refuse_revoked(license bigint, day date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT revoked_on FROM reviewer_credential WHERE id = license FOR SHARE) AS c
               WHERE c.revoked_on <= day) THEN
        RAISE EXCEPTION 'the license was revoked'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_revoked_license_signs_nothing';
    END IF;
END $$;

CREATE FUNCTION reviewer_check_determination() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM reviewer_request WHERE id = NEW.request_id FOR UPDATE;
    PERFORM reviewer_refuse_other_clock(NEW.signed_at, TG_RELID);
    PERFORM reviewer_refuse_revoked(NEW.credential_id, NEW.signed_on);
    IF NEW.version_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM policies_version WHERE id = NEW.version_id AND status = 'published') THEN
        RAISE EXCEPTION 'a determination pins a published version'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_determination_pins_a_published_version';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reviewer_check_citation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM policies_passage AS p
            JOIN reviewer_determination AS d ON d.version_id = p.version_id
        WHERE p.id = NEW.passage_id AND d.id = NEW.determination_id
            AND p.anchor = NEW.anchor AND strpos(p.text, NEW.quote) > 0 AND NEW.quote <> ''
    ) THEN
        RAISE EXCEPTION 'a citation quotes the pinned version'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_citation_quotes_the_pinned_version';
    END IF;
    RETURN NEW;
END $$;

-- At commit: an adverse determination that pins a version cites a passage of it.
CREATE FUNCTION reviewer_check_cited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version_id IS NOT NULL AND NEW.outcome IN ('partially_approved', 'modified', 'denied')
        AND NOT EXISTS (SELECT FROM reviewer_citation WHERE determination_id = NEW.id) THEN
        RAISE EXCEPTION 'an adverse determination cites a passage'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_adverse_determination_cites_a_passage';
    END IF;
    RETURN NULL;
END $$;

-- The pointer begins at a first determination and moves only to the one that replaces it.
CREATE FUNCTION reviewer_check_pointer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    replaced bigint := (SELECT replaces_id FROM reviewer_determination WHERE id = NEW.determination_id);
BEGIN
    IF (TG_OP = 'INSERT' AND replaced IS NOT NULL)
        OR (TG_OP = 'UPDATE' AND (replaced IS DISTINCT FROM OLD.determination_id OR NEW.line_id <> OLD.line_id)) THEN
        RAISE EXCEPTION 'the pointer moves from a determination to the one that replaces it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'the_pointer_moves_to_the_replacement';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reviewer_note_involvement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'reviewer_referral' THEN
        INSERT INTO reviewer_involvement (request_id, reviewer_id, part, at)
            VALUES (NEW.request_id, NEW.referred_by_id, 'referred', NEW.referred_at)
            ON CONFLICT DO NOTHING;
    ELSIF TG_TABLE_NAME = 'reviewer_determination' THEN
        INSERT INTO reviewer_involvement (request_id, reviewer_id, part, at)
            VALUES (NEW.request_id, NEW.signed_by_id, 'determined', NEW.signed_at)
            ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO reviewer_involvement (request_id, reviewer_id, part, at)
            SELECT request_id, NEW.decided_by_id, 'decided_appeal', NEW.decided_at
            FROM reviewer_appeal WHERE id = NEW.appeal_id
            ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;

-- A referral takes the request's lock too, so that it cannot slip past an appeal decision.
CREATE FUNCTION reviewer_check_referral() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM reviewer_request WHERE id = NEW.request_id FOR UPDATE;
    RETURN NEW;
END $$;

-- The decider had no part in the request and reports, at any remove, to nobody who had one. The
-- rows of the people on the way up are locked, so that nobody can be moved meanwhile.
CREATE FUNCTION reviewer_check_independence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_request bigint := (SELECT request_id FROM reviewer_appeal WHERE id = NEW.appeal_id);
    person bigint := NEW.decided_by_id;
    steps int := 0;
BEGIN
    PERFORM FROM reviewer_request WHERE id = of_request FOR UPDATE;
    PERFORM reviewer_refuse_other_clock(NEW.decided_at, TG_RELID);
    PERFORM reviewer_refuse_revoked(NEW.credential_id, NEW.decided_on);
    WHILE person IS NOT NULL AND steps < 50 LOOP
        IF EXISTS (SELECT FROM reviewer_involvement WHERE request_id = of_request AND reviewer_id = person) THEN
            IF steps = 0 THEN
                RAISE EXCEPTION 'an appeal is decided by someone who had no part in the request'
                    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_appeal_is_decided_by_someone_uninvolved';
            END IF;
            RAISE EXCEPTION 'an appeal is not decided by a subordinate of someone involved'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_appeal_is_not_decided_by_a_subordinate';
        END IF;
        SELECT reports_to_id INTO person FROM reviewer_reviewer WHERE id = person FOR SHARE;
        steps := steps + 1;
    END LOOP;
    RETURN NEW;
END $$;

-- At commit: what was overturned has its new determination.
CREATE FUNCTION reviewer_check_overturned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outcome IN ('overturned', 'partly_overturned') AND NOT EXISTS (
        SELECT FROM reviewer_determination
        WHERE appeal_decision_id = NEW.id AND replaces_id = NEW.determination_id
    ) THEN
        RAISE EXCEPTION 'an overturned appeal makes a new determination'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_overturned_appeal_makes_a_new_determination';
    END IF;
    RETURN NULL;
END $$;
"""


def trigger(table: str, name: str, when: str, function: str, level: str = "ROW") -> str:
    return (
        f"CREATE TRIGGER {name} {when} ON reviewer_{table}"
        f" FOR EACH {level} EXECUTE FUNCTION {function}();"
    )


def at_commit(table: str, name: str, function: str) -> str:
    return (
        f"CREATE CONSTRAINT TRIGGER {name} AFTER INSERT ON reviewer_{table}"
        f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}();"
    )


FORWARD = [
    FUNCTIONS,
    *[trigger(table, "evidence_is_written_once", "BEFORE UPDATE OR DELETE",
              "reviewer_refuse_change") for table in WRITTEN_ONCE],
    *[trigger(table, "evidence_is_never_emptied", "BEFORE TRUNCATE", "policies_refuse_truncate",
              "STATEMENT") for table in [*WRITTEN_ONCE, "activedetermination"]],
    trigger("activedetermination", "the_pointer_stays", "BEFORE DELETE", "reviewer_refuse_change"),
    trigger("determination", "a_determination_is_sound", "BEFORE INSERT",
            "reviewer_check_determination"),
    trigger("citation", "a_citation_quotes_the_pinned_version", "BEFORE INSERT",
            "reviewer_check_citation"),
    trigger("activedetermination", "the_pointer_moves_to_the_replacement",
            "BEFORE INSERT OR UPDATE", "reviewer_check_pointer"),
    trigger("referral", "a_referral_takes_its_turn", "BEFORE INSERT", "reviewer_check_referral"),
    trigger("appealdecision", "an_appeal_is_decided_by_someone_independent", "BEFORE INSERT",
            "reviewer_check_independence"),
    *[trigger(table, "involvement_is_noted", "AFTER INSERT", "reviewer_note_involvement")
      for table in ["referral", "determination", "appealdecision"]],
    at_commit("determination", "an_adverse_determination_cites_a_passage", "reviewer_check_cited"),
    at_commit("appealdecision", "an_overturned_appeal_makes_a_new_determination",
              "reviewer_check_overturned"),
    *[f"ALTER TABLE reviewer_{table} ADD CONSTRAINT {name} FOREIGN KEY ({columns})"
      f" REFERENCES {whole} ({keys});" for name, table, columns, whole, keys in COMPOSITE_KEYS],
]  # fmt: skip

BACKWARD = [
    *[f"ALTER TABLE reviewer_{table} DROP CONSTRAINT {name};"
      for name, table, *_ in COMPOSITE_KEYS],
    *[f"DROP FUNCTION {name} CASCADE;" for name in [
        "reviewer_refuse_change()", "reviewer_refuse_other_clock(timestamptz, regclass)",
        "reviewer_refuse_revoked(bigint, date)", "reviewer_check_determination()",
        "reviewer_check_citation()", "reviewer_check_cited()", "reviewer_check_pointer()",
        "reviewer_note_involvement()", "reviewer_check_referral()",
        "reviewer_check_independence()", "reviewer_check_overturned()"]],
    *[f"DROP SEQUENCE reviewer_{name}_numbers;" for name in ["request", "appeal", "authorization"]],
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0001_review"), ("policies", "0002_frozen_versions")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
