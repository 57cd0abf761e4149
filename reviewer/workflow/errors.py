"""What the workflow refuses, and the sentences for what the database refuses."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from django.db import IntegrityError, connection, transaction

from reviewer.workflow.rule_book import one_book

P = ParamSpec("P")
T = TypeVar("T")


class Refused(Exception):
    """One sentence or two: what is wrong, and what to do."""

    @property
    def sentence(self) -> str:
        return str(self)


SENTENCES: Final = {
    "evidence_is_written_once": "What was signed or sent is never altered. Write a correction.",
    "evidence_is_never_emptied": "What was signed or sent is never deleted.",
    "the_pointer_stays": "A line keeps its determination. Write a correction.",
    "the_credential_is_the_signers": "The license is not the signer's. Sign under your own.",
    "the_credential_is_the_deciders": "The license is not the decider's. Sign under your own.",
    "a_signer_has_a_license_valid_that_day": "A signature needs a license that is valid today."
    " Have yours entered, or hand the request on.",
    "a_decider_has_a_license_valid_that_day": "A decision needs a license that is valid today."
    " Have yours entered, or hand the appeal on.",
    "a_revoked_license_signs_nothing": "The license was revoked. Hand the request on.",
    "medical_necessity_denial_needs_a_physician": "On this ground only a physician may decide"
    " against the request. Refer it to a physician.",
    "a_clinical_appeal_needs_a_physician": "On this ground only a physician may decide the appeal."
    " Assign it to a physician.",
    "signing_goes_by_the_database_clock": "A signature carries the time at which it is given."
    " Sign again.",
    "signing_goes_by_the_plans_time_zone": "The site's time zone is not the one in the database."
    " Tell an administrator: migrate must run after the zone was changed.",
    "signed_on_is_the_day_of_signing": "The day of signing is not the day of its time. Sign again.",
    "decided_on_is_the_day_of_deciding": "The day of deciding is not the day of its time."
    " Decide again.",
    "an_appeal_is_decided_by_someone_else": "Whoever signed a determination never decides its"
    " appeal. Assign it to someone who had no part in the request.",
    "an_appeal_is_decided_by_someone_uninvolved": "Whoever had a part in the request never decides"
    " its appeal. Assign it to someone who had none.",
    "an_appeal_is_not_decided_by_a_subordinate": "A subordinate of someone who had a part in the"
    " request never decides its appeal. Assign it to someone else.",
    "an_overturned_appeal_names_its_cause": "Name the cause for which the determination did not"
    " stand.",
    "an_overturned_appeal_makes_a_new_determination": "An overturned appeal makes a new"
    " determination. Say what is granted.",
    "a_determination_is_appealed_once_a_level": "This determination is under appeal already."
    " Open that appeal.",
    "a_line_has_one_first_determination": "The line was decided meanwhile. Read that determination,"
    " and correct it if it is wrong.",
    "the_pointer_moves_to_the_replacement": "The determination was replaced meanwhile. Read the one"
    " that holds now.",
    "a_determination_pins_a_published_version": "A determination goes by a published version."
    " Choose one.",
    "the_version_has_that_hash": "The policy's text is not the one that was read. Open the version"
    " again.",
    "a_determination_pins_its_version": "Name the version that governs, or say why no bulletin"
    " does.",
    "a_citation_quotes_the_pinned_version": "A quotation is not in the text of the version."
    " Mark the words in the passage again.",
    "an_adverse_determination_cites_a_passage": "A decision against the request cites the passage"
    " it relies on. Mark one.",
    "a_passage_is_cited_once": "A passage is cited twice. Keep one of the two.",
    "an_adverse_determination_names_its_ground": "Say on what ground the decision is against the"
    " request.",
    "an_approval_says_how_much_and_when": "An approval says how many units and from when to when.",
    "a_denial_grants_nothing": "What is not approved has no units. Leave them empty.",
    "an_expedited_request_says_who_attested_it": "Say who attested that the request is urgent.",
    "a_line_asks_for_units": "A line asks for one unit or more.",
    "a_line_ends_after_it_starts": "A service does not end before it starts. Mend the days.",
    "an_open_request_has_a_clock": "An open request has a limit to go by. Reload the page, and look"
    " at its clocks.",
    "an_open_appeal_has_a_clock": "An open appeal has a limit to go by. Reload the page, and look"
    " at its clocks.",
    "a_signed_review_stays_so": "These answers were signed on and stay as they are. Begin again"
    " from them to go on.",
    "criteria_are_a_published_versions": "Criteria are answered by a published version. Choose"
    " one.",
    "a_stopped_clock_stays_so": "This was done already. Reload the page.",
    "one_open_change_of_a_rule": "A change of this row is proposed already. Approve or decline that"
    " first.",
    "nobody_approves_an_own_change_of_a_rule": "Nobody approves an own change. Ask a second one.",
    "a_change_of_a_rule_is_decided_once": "This change was decided meanwhile. Reload the page.",
    "one_open_correction_of_an_event": "A correction of this time waits already: have it approved"
    " or declined.",
    "a_correction_is_decided_once": "This correction was decided meanwhile. Reload the page.",
    "a_correction_is_of_what_came_from_outside": "What the plan did itself has the time of doing"
    " it. Only the time of what came from outside is corrected.",
    "a_request_is_received_while_covered": "The member did not have this coverage on that day. Mend"
    " the time.",
    "a_request_is_received_before_it_is_decided": "The request was decided before that time. Mend"
    " the time.",
    "what_is_received_is_entered_later": "What is in the record has come: nothing is received after"
    " it was entered. Mend the time.",
    "an_appeal_is_received_between_its_decisions": "An appeal is received after the determination"
    " and before it is decided. Mend the time.",
    "a_notice_of_an_appeals_decision_has_both": "Say which appeal the notice is of.",
    "a_notice_of_an_appeals_decision_follows_it": "The appeal is not decided so. Reload the page.",
    "an_appeals_decision_is_told_a_person_once": "This person was told already. Open the notice.",
    "a_decision_is_made_where_the_appeal_is": "This appeal is decided elsewhere. Reload the page.",
    "an_outside_decision_says_who_and_what": "Say who decided, and what the decision says.",
    "an_outside_decision_is_received_before_it_is_recorded": "What lies in the future has not"
    " happened. Mend the time.",
    "a_notice_of_a_determination_has_it": "Say which determination the notice is of.",
    "a_document_is_filed_once": "This document is in the file of the request already. Open it"
    " there.",
    "a_document_is_what_its_hash_says": "The bytes that arrived are not those that were sent. Add"
    " the document again.",
    "it_is_of_the_same_case": "What you chose is not of this case. Reload the page, and"
    " choose again.",
    "absences_of_a_person_do_not_overlap": "The person is out on some of these days already. Change"
    " that absence.",
    "one_intent_has_one_effect": "This was already done. Reload the page.",
}  # fmt: skip
UNKNOWN: Final = (
    "The database refused this, and nothing was changed. Reload the page and look at what is there;"
    " if it comes again, tell your administrator."
)


def explain(error: IntegrityError) -> Refused:
    """The sentence for a constraint or trigger that refused a row."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    return Refused(SENTENCES.get(name or "", UNKNOWN))


def verb(function: Callable[P, T]) -> Callable[P, T]:
    """A change of state: whole or not at all, by one book of rules, and what the database refuses
    is told in words.

    What it checks only at commit is checked here, while the sentence can still be given.
    """

    @wraps(function)
    def carried_out(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            with transaction.atomic(), one_book():
                result = function(*args, **kwargs)
                connection.check_constraints()
                return result
        except IntegrityError as error:
            raise explain(error) from error

    return carried_out
