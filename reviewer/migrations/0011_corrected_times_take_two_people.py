"""Another time stands only by a correction of one person that a second one approved."""

from importlib import import_module

from django.db import migrations, models

gates = import_module("reviewer.migrations.0002_gates")
paths = import_module("policies.migrations.0006_no_temporary_tables")

FUNCTIONS = """
CREATE FUNCTION reviewer_check_corrected_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM reviewer_receiptcorrection AS c JOIN reviewer_clockevent AS e ON e.id = c.event_id
        WHERE c.id = NEW.correction_id AND c.is_approved AND c.event_id = NEW.corrects_id
            AND c.at = NEW.at AND e.type = NEW.type AND e.request_id = NEW.request_id
            AND e.appeal_id IS NOT DISTINCT FROM NEW.appeal_id
            AND e.facts = NEW.facts AND e.recipient = NEW.recipient)
    THEN
        RAISE EXCEPTION 'a corrected time takes two people'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_corrected_time_takes_two_people';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reviewer_check_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.decided_at IS NULL THEN RETURN NEW; END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL
            AND (OLD.id, OLD.event_id, OLD.at, OLD.reason, OLD.evidence, OLD.proposed_by_id, OLD.proposed_at)
                = (NEW.id, NEW.event_id, NEW.at, NEW.reason, NEW.evidence, NEW.proposed_by_id, NEW.proposed_at)
        THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'a correction is decided once and never rewritten'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_correction_is_decided_once';
END $$;

CREATE FUNCTION reviewer_check_received_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.received_at <> OLD.received_at AND NOT EXISTS (
        SELECT FROM reviewer_clockevent AS e JOIN reviewer_clockevent AS former ON former.id = e.corrects_id
        WHERE e.request_id = NEW.id AND e.type = 'received' AND e.appeal_id IS NULL
            AND e.at = NEW.received_at AND former.at = OLD.received_at
            AND NOT EXISTS (SELECT FROM reviewer_clockevent AS later WHERE later.corrects_id = e.id))
    THEN
        RAISE EXCEPTION 'the time of receipt is the one that stands'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'the_time_of_receipt_is_the_one_that_stands';
    END IF;
    RETURN NEW;
END $$;
"""
NAMES = ["check_corrected_time", "check_correction", "check_received_at"]
FORWARD = [
    FUNCTIONS,
    gates.trigger("clockevent", "a_corrected_time_takes_two_people", "BEFORE INSERT",
                  "reviewer_check_corrected_time"),
    gates.trigger("receiptcorrection", "a_correction_is_decided_once",
                  "BEFORE INSERT OR UPDATE OR DELETE", "reviewer_check_correction"),
    gates.trigger("receiptcorrection", "evidence_is_never_emptied", "BEFORE TRUNCATE",
                  "policies_refuse_truncate", "STATEMENT"),
    gates.trigger("request", "the_time_of_receipt_is_the_one_that_stands",
                  "BEFORE UPDATE", "reviewer_check_received_at"),
]  # fmt: skip
BACKWARD = [
    *[f"DROP FUNCTION reviewer_{name}() CASCADE;" for name in NAMES],
    "DROP TRIGGER evidence_is_never_emptied ON reviewer_receiptcorrection;",
]


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0010_notices_that_move_clocks")]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="name",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("entered", "Entered"),
                    ("claimed", "Taken for review"),
                    ("assigned", "Assigned"),
                    ("released", "Given back to the queue"),
                    ("review_started", "Clinical review started"),
                    ("information_requested", "Information requested"),
                    ("information_received", "Information received"),
                    ("missing_told", "Missing information told"),
                    ("extended", "Decision extended"),
                    ("extension_requested", "More time asked for"),
                    ("extension_withdrawn", "Extension withdrawn"),
                    ("urgency_attested", "Urgency attested"),
                    ("expedite_refused", "Expediting refused"),
                    ("limit_expired", "Limit passed"),
                    ("referred", "Referred to a physician"),
                    ("determined", "Determination signed"),
                    ("told_by_phone", "Told by phone"),
                    ("notice_sent", "Notice sent"),
                    ("letter_sent", "Letter sent"),
                    ("event_recorded", "Event recorded"),
                    ("closed", "Closed"),
                    ("reopened", "Reopened"),
                    ("withdrawn", "Withdrawn"),
                    ("dismissed", "Dismissed"),
                    ("no_authorization_required", "No authorization required"),
                    ("time_corrected", "Time of receipt corrected"),
                    ("appeal_received", "Appeal received"),
                    ("appeal_assigned", "Appeal assigned"),
                    ("appeal_decided", "Appeal decided"),
                    ("appeal_withdrawn", "Appeal withdrawn"),
                ],
                max_length=30,
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(paths.fixed_path("reviewer"), migrations.RunSQL.noop),
    ]
