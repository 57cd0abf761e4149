"""What was answered, asked, filed and read stays with its case, and what was signed on is locked."""

from importlib import import_module

from django.db import migrations

gates = import_module("reviewer.migrations.0002_gates")
paths = import_module("policies.migrations.0006_no_temporary_tables")

WRITTEN_ONCE = [
    "attention", "document", "documentcontent", "documentpage", "documentsetaside", "intakerow",
    "peertopeerstep", "policychoice", "referralreturn", "seal",
]  # fmt: skip
KEPT = [
    "absence", "criteriareview", "criterionanswer", "informationitem", "informationrequest",
    "intakefile",
]  # fmt: skip


def refusal(name: str, sentence: str) -> str:
    return (
        f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation',"
        f" CONSTRAINT = '{name}';"
    )


LOCKED = refusal("a_signed_review_stays_so", "a criteria review that was signed on stays as it was")
OF_CASE = refusal("it_is_of_the_same_case", "what belongs to a case is of that case")
KEEPS = refusal("what_was_sent_stays_so", "what was sent stays as it was")

FUNCTIONS = f"""
CREATE FUNCTION reviewer_check_criteria_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.appeal_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM reviewer_appeal WHERE id = NEW.appeal_id AND request_id = NEW.request_id)
        THEN {OF_CASE} END IF;
        IF NOT EXISTS (SELECT FROM policies_version WHERE id = NEW.version_id AND status = 'published') THEN
            {refusal("criteria_are_a_published_versions", "criteria are answered by a published version")}
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.locked_at IS NOT NULL
        OR (NEW.request_id, NEW.version_id, NEW.began_by_id, NEW.began_at)
            IS DISTINCT FROM (OLD.request_id, OLD.version_id, OLD.began_by_id, OLD.began_at)
        OR (NEW.appeal_id, NEW.began_from_id) IS DISTINCT FROM (OLD.appeal_id, OLD.began_from_id)
    THEN {LOCKED} END IF;
    RETURN NEW;
END $$;

-- The review is locked for the moment, so that no answer slips past a signature.
CREATE FUNCTION reviewer_check_criterion_answer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    review reviewer_criteriareview;
BEGIN
    SELECT * INTO review FROM reviewer_criteriareview WHERE id = NEW.review_id FOR SHARE;
    IF review.appeal_id IS NULL THEN
        PERFORM FROM reviewer_request WHERE id = review.request_id FOR SHARE;
    END IF;
    IF review.locked_at IS NOT NULL THEN {LOCKED} END IF;
    IF TG_OP = 'UPDATE' AND (NEW.review_id, NEW.criterion_id) <> (OLD.review_id, OLD.criterion_id)
        OR NOT EXISTS (SELECT FROM policies_criterion
            WHERE id = NEW.criterion_id AND version_id = review.version_id)
    THEN {OF_CASE} END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reviewer_check_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_answer bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.answer_id ELSE NEW.answer_id END;
    review reviewer_criteriareview;
BEGIN
    SELECT r.* INTO review FROM reviewer_criteriareview AS r
        JOIN reviewer_criterionanswer AS a ON a.review_id = r.id WHERE a.id = of_answer FOR SHARE OF r;
    IF review.locked_at IS NOT NULL THEN {LOCKED} END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.answer_id <> OLD.answer_id OR NOT EXISTS (
        SELECT FROM reviewer_document AS d JOIN reviewer_documentcontent AS c ON c.id = d.content_id
        WHERE d.id = NEW.document_id AND d.request_id = review.request_id
            AND NEW.page BETWEEN 1 AND c.page_count
            AND NOT EXISTS (SELECT FROM reviewer_documentsetaside WHERE document_id = d.id))
    THEN {OF_CASE} END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reviewer_check_information_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ending <> ''
        OR to_jsonb(NEW) - '{{ending,ended_at,ended_by_id}}'::text[]
            <> to_jsonb(OLD) - '{{ending,ended_at,ended_by_id}}'::text[]
    THEN {KEEPS} END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reviewer_check_information_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.received_at IS NOT NULL
        OR to_jsonb(NEW) - '{{document_id,received_at}}'::text[]
            <> to_jsonb(OLD) - '{{document_id,received_at}}'::text[])
    THEN {KEEPS} END IF;
    IF NEW.document_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM reviewer_document AS d JOIN reviewer_informationrequest AS i ON i.request_id = d.request_id
        WHERE d.id = NEW.document_id AND i.id = NEW.information_request_id)
    THEN {OF_CASE} END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reviewer_check_attention() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.document_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM reviewer_document AS d JOIN reviewer_documentcontent AS c ON c.id = d.content_id
            WHERE d.id = NEW.document_id AND d.request_id = NEW.request_id
                AND NEW.page BETWEEN 1 AND c.page_count))
        OR (NEW.passage_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM policies_passage AS p JOIN policies_section AS s ON s.id = p.section_id
            WHERE p.id = NEW.passage_id AND s.version_id = NEW.version_id))
    THEN {OF_CASE} END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reviewer_check_policy_choice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM policies_version WHERE id = NEW.version_id AND status = 'published')
    THEN {refusal("a_published_version_is_chosen", "a published version is chosen, or none")} END IF;
    RETURN NEW;
END $$;

-- A determination is signed on answers of its own case, by the version that it pins.
CREATE FUNCTION reviewer_check_signed_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.criteria_review_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM reviewer_criteriareview AS r
        WHERE r.id = NEW.criteria_review_id AND r.request_id = NEW.request_id
            AND r.version_id = NEW.version_id
            AND (r.appeal_id IS NULL OR EXISTS (
                SELECT FROM reviewer_appealdecision AS d
                WHERE d.id = NEW.appeal_decision_id AND d.appeal_id = r.appeal_id)))
    THEN {OF_CASE} END IF;
    RETURN NEW;
END $$;

-- At commit: what was signed on is locked.
CREATE FUNCTION reviewer_check_review_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM reviewer_criteriareview
        WHERE id = NEW.criteria_review_id AND locked_at IS NULL)
    THEN {refusal("a_signature_locks_its_review", "a signature locks the criteria review it is on")} END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION reviewer_note_hand_in_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'reviewer_criterionanswer' THEN
        INSERT INTO reviewer_involvement (request_id, reviewer_id, part, at)
            SELECT request_id, NEW.answered_by_id, 'answered', NEW.answered_at
            FROM reviewer_criteriareview WHERE id = NEW.review_id AND appeal_id IS NULL
            ON CONFLICT DO NOTHING;
    ELSIF NEW.kind = 'held' THEN
        INSERT INTO reviewer_involvement (request_id, reviewer_id, part, at)
            SELECT id, NEW.recorded_by_id, 'spoke', NEW.recorded_at
            FROM reviewer_request WHERE id = NEW.request_id
                AND state IN ('received', 'incomplete', 'in_review', 'referred', 'reopened')
            ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;

-- At commit: what an appeal was decided on is locked.
CREATE FUNCTION reviewer_check_appeal_reviews_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM reviewer_criteriareview
        WHERE appeal_id = NEW.appeal_id AND locked_at IS NULL)
    THEN {refusal("an_appeal_decision_locks_its_review", "an appeal decision locks the criteria review it is on")} END IF;
    RETURN NULL;
END $$;
"""  # noqa: S608 (every part is a constant)
CHECKS = [
    ("criteriareview", "a_signed_review_stays_so", "INSERT OR UPDATE", "criteria_review"),
    ("criterionanswer", "an_answer_is_of_its_review", "INSERT OR UPDATE", "criterion_answer"),
    ("evidence", "evidence_is_of_its_case", "INSERT OR UPDATE OR DELETE", "evidence"),
    ("informationrequest", "what_was_asked_stays_so", "UPDATE", "information_request"),
    ("informationitem", "what_was_asked_stays_so", "INSERT OR UPDATE", "information_item"),
    ("attention", "attention_is_of_its_case", "INSERT", "attention"),
    ("policychoice", "a_published_version_is_chosen", "INSERT", "policy_choice"),
    ("determination", "a_determination_is_on_its_own_answers", "INSERT", "signed_review"),
]

FORWARD = [
    FUNCTIONS,
    *[gates.trigger(table, "evidence_is_written_once", "BEFORE UPDATE OR DELETE",
                    "reviewer_refuse_change") for table in WRITTEN_ONCE],
    *[gates.trigger(table, "the_record_is_never_deleted", "BEFORE DELETE",
                    "reviewer_refuse_change") for table in KEPT],
    *[gates.trigger(table, "evidence_is_never_emptied", "BEFORE TRUNCATE",
                    "policies_refuse_truncate", "STATEMENT") for table in [*WRITTEN_ONCE, *KEPT]],
    *[gates.trigger(table, name, f"BEFORE {when}", f"reviewer_check_{function}")
      for table, name, when, function in CHECKS],
    gates.at_commit("determination", "a_signature_locks_its_review", "reviewer_check_review_locked"),
    gates.at_commit("appealdecision", "an_appeal_decision_locks_its_review",
                    "reviewer_check_appeal_reviews_locked"),
    gates.trigger("criterionanswer", "involvement_is_noted", "AFTER INSERT OR UPDATE",
                  "reviewer_note_hand_in_review"),
    gates.trigger("peertopeerstep", "involvement_is_noted", "AFTER INSERT",
                  "reviewer_note_hand_in_review"),
]  # fmt: skip
BACKWARD = [
    f"DROP FUNCTION reviewer_{name}() CASCADE;"
    for name in [*[f"check_{function}" for *_, function in CHECKS], "check_review_locked",
                 "check_appeal_reviews_locked",
                 "note_hand_in_review"]
] + [
    f"DROP TRIGGER {name} ON reviewer_{table};"
    for tables, names in [
        (WRITTEN_ONCE, ["evidence_is_written_once", "evidence_is_never_emptied"]),
        (KEPT, ["the_record_is_never_deleted", "evidence_is_never_emptied"]),
    ]
    for table in tables
    for name in names
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0013_workspace")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(paths.fixed_path("reviewer"), migrations.RunSQL.noop),
    ]
