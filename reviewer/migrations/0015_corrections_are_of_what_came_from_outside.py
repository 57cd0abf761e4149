"""Only the time of what came from outside is corrected, and to none at which it cannot have come."""

from importlib import import_module

from django.db import migrations, models

gates = import_module("reviewer.migrations.0002_gates")
paths = import_module("policies.migrations.0006_no_temporary_tables")

FUNCTIONS = """
CREATE FUNCTION reviewer_check_corrected_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM reviewer_clockevent AS e WHERE e.id = NEW.event_id AND e.type IN (
            'received', 'misfiled_received', 'necessary_information_received',
            'information_received', 'extension_requested', 'urgency_attested', 'notice_received',
            'appeal_received', 'ire_received', 'reversal_notice_received',
            'external_review_requested', 'iro_notice_received', 'claimant_information_received',
            'iro_received', 'explanation_requested', 'immediate_review_rejected',
            'grievance_received', 'incident_occurred', 'peer_to_peer_requested'))
    THEN
        RAISE EXCEPTION 'what the plan did itself has the time of doing it'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_correction_is_of_what_came_from_outside';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reviewer_check_possible_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    former timestamptz := (SELECT at FROM reviewer_clockevent WHERE id = NEW.corrects_id);
    day date := (NEW.at AT TIME ZONE reviewer_plan_zone())::date;
BEGIN
    IF NEW.corrects_id IS NULL THEN RETURN NEW; END IF;
    IF NEW.type = 'received' AND NOT EXISTS (
        SELECT FROM reviewer_request AS r JOIN reviewer_coverage AS c ON c.id = r.coverage_id
        WHERE r.id = NEW.request_id AND day >= c.starts_on AND (c.ends_on IS NULL OR day <= c.ends_on))
    THEN
        RAISE EXCEPTION 'a request is received while the member is covered'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_request_is_received_while_covered';
    END IF;
    IF NEW.type = 'received' AND EXISTS (
        SELECT FROM reviewer_determination AS d
        WHERE d.request_id = NEW.request_id AND (d.signed_at >= former) <> (d.signed_at >= NEW.at))
    THEN
        RAISE EXCEPTION 'a request is received before it is decided'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_request_is_received_before_it_is_decided';
    END IF;
    IF NEW.type = 'appeal_received' AND EXISTS (
        SELECT FROM reviewer_appeal AS a JOIN reviewer_determination AS d ON d.id = a.determination_id
            LEFT JOIN reviewer_appealdecision AS decided ON decided.appeal_id = a.id
        WHERE a.id = NEW.appeal_id AND (day < d.signed_on OR NEW.at > decided.decided_at))
    THEN
        RAISE EXCEPTION 'an appeal is received between the determination and its decision'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_appeal_is_received_between_its_decisions';
    END IF;
    RETURN NEW;
END $$;
"""
NAMES = ["check_corrected_fact", "check_possible_receipt"]
FORWARD = [
    FUNCTIONS,
    gates.trigger("receiptcorrection", "a_correction_is_of_what_came_from_outside",
                  "BEFORE INSERT", "reviewer_check_corrected_fact"),
    gates.trigger("clockevent", "received_when_it_can_have_been", "BEFORE INSERT",
                  "reviewer_check_possible_receipt"),
]  # fmt: skip
BACKWARD = [f"DROP FUNCTION reviewer_{name}() CASCADE;" for name in NAMES]


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0014_review_gates")]

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
                    ("policy_chosen", "Policy chosen"),
                    ("document_added", "Document added"),
                    ("document_set_aside", "Document set aside"),
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
                    ("referral_returned", "Returned with a question"),
                    ("peer_to_peer_requested", "Peer-to-peer requested"),
                    ("peer_to_peer_offered", "Peer-to-peer offered"),
                    ("peer_to_peer_attempted", "Peer-to-peer attempted"),
                    ("peer_to_peer_held", "Peer-to-peer held"),
                    ("peer_to_peer_declined", "Peer-to-peer declined"),
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
                    ("time_corrected", "Time corrected"),
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
