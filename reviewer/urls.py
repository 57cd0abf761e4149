"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path, register_converter
from django.urls.converters import StringConverter

from reviewer.views import (
    absences,
    acts,
    appeal_criteria,
    appeal_notices,
    appeals,
    board,
    clocks,
    corrections,
    criteria,
    determinations,
    document_reader,
    documents,
    drafts,
    information,
    intake,
    intake_files,
    integrity,
    letters,
    member_history,
    notices,
    pages,
    peer_to_peer,
    policy_choices,
    receipts,
    recording,
    requests,
    rules,
    search,
    simulation,
    team,
    telling,
    type_ahead,
    verbs,
    what_if,
    work,
)

# One door for everyone: the admin has no sign-in form of its own.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class NumberConverter(StringConverter):
    """The number of a request or an appeal; whatever else stands in its place is not found."""

    regex = "[A-Za-z0-9-]+"


class RuleConverter(StringConverter):
    """The name of a row of the rules."""

    regex = r"[\w.-]+"


register_converter(NumberConverter, "number")
register_converter(RuleConverter, "rule")

REQUEST = "requests/<number:number>"
DOCUMENT = f"{REQUEST}/documents/<int:pk>"
DETERMINATION = f"{REQUEST}/determinations/<int:pk>"
APPEAL = "appeals/<number:number>"
CRITERIA = f"{REQUEST}/criteria/<int:version>"
APPEAL_CRITERIA = f"{APPEAL}/criteria/<int:version>"

review = [
    path("", work.work_mine, name="work_mine"),
    path("queue", work.work_queue, name="work_queue"),
    path("board", board.board, name="board"),
    path("board/decided/<slug:week>/<slug:which>", board.board_decided, name="board_decided"),
    path("board/<slug:cut>/<slug:part>", board.board_list, name="board_list"),
    path("team", team.team, name="team"),
    path("absences", absences.absence_list, name="absence_list"),
    path("absences/<int:pk>", absences.absence_detail, name="absence_detail"),
    path("absences/<int:pk>/cancel", absences.absence_cancel, name="absence_cancel"),
    path("next", work.work_next, name="work_next"),
    path("to-tell", telling.work_to_tell, name="work_to_tell"),
    path("search", search.search, name="search"),
    path("search/suggest", type_ahead.search_suggest, name="search_suggest"),
    path("drafts", drafts.draft_list, name="draft_list"),
    path("drafts/<int:pk>/discard", drafts.draft_discard, name="draft_discard"),
    path("specimen", pages.specimen, name="specimen"),
    path("rules/<rule:rule_id>", rules.rule_detail, name="rule_detail"),
    path("requests/new", intake.request_new, name="request_new"),
    path("intake-files", intake_files.intake_file_list, name="intake_file_list"),
    path(
        "intake-files/template.csv", intake_files.intake_file_template, name="intake_file_template"
    ),
    path("intake-files/<int:pk>", intake_files.intake_file_detail, name="intake_file_detail"),
    path("intake-files/<int:pk>/go-on", intake_files.intake_file_go_on, name="intake_file_go_on"),
    path("intake-files/<int:pk>/enter", intake_files.intake_file_enter, name="intake_file_enter"),
    path(
        "intake-files/<int:pk>/to-mend.csv",
        intake_files.intake_file_to_mend,
        name="intake_file_to_mend",
    ),
    path(REQUEST, requests.request_detail, name="request_detail"),
    path(f"{REQUEST}/history", member_history.request_history, name="request_history"),
    path(f"{REQUEST}/clocks", clocks.request_clocks, name="request_clocks"),
    path(f"{REQUEST}/clocks/<int:pk>", clocks.clock_detail, name="clock_detail"),
    path(f"{REQUEST}/documents", document_reader.request_documents, name="request_documents"),
    path(f"{REQUEST}/documents/new", documents.request_document_new, name="request_document_new"),
    path(DOCUMENT, document_reader.request_document, name="request_document"),
    path(
        f"{DOCUMENT}/pages/<int:page>.png",
        document_reader.request_document_page,
        name="request_document_page",
    ),
    path(f"{DOCUMENT}/file", document_reader.request_document_file, name="request_document_file"),
    path(
        f"{DOCUMENT}/set-aside",
        documents.request_document_set_aside,
        name="request_document_set_aside",
    ),
    path(f"{REQUEST}/attention", document_reader.request_attention, name="request_attention"),
    path(f"{REQUEST}/claim", verbs.request_claim, name="request_claim"),
    path(f"{REQUEST}/release", verbs.request_release, name="request_release"),
    path(f"{REQUEST}/assign", verbs.request_assign, name="request_assign"),
    path(f"{REQUEST}/refer", verbs.request_refer, name="request_refer"),
    path(f"{REQUEST}/return", verbs.request_return, name="request_return"),
    path(f"{REQUEST}/information", information.request_information, name="request_information"),
    path(
        f"{REQUEST}/information/received",
        information.request_information_received,
        name="request_information_received",
    ),
    path(
        f"{REQUEST}/missing-information",
        acts.request_missing_information,
        name="request_missing_information",
    ),
    path(f"{REQUEST}/extend", acts.request_extend, name="request_extend"),
    path(f"{REQUEST}/more-time", acts.request_more_time, name="request_more_time"),
    path(
        f"{REQUEST}/extension/withdraw",
        acts.request_extension_withdraw,
        name="request_extension_withdraw",
    ),
    path(f"{REQUEST}/urgency", acts.request_urgency, name="request_urgency"),
    path(
        f"{REQUEST}/expedite/refuse", acts.request_expedite_refuse, name="request_expedite_refuse"
    ),
    path(f"{REQUEST}/receipt", receipts.request_receipt, name="request_receipt"),
    path(f"{REQUEST}/events/new", recording.request_event_new, name="request_event_new"),
    path(f"{REQUEST}/clocks/what-if", what_if.clock_what_if, name="clock_what_if"),
    path(
        f"{REQUEST}/clocks/start/<slug:duty>",
        recording.request_clock_start,
        name="request_clock_start",
    ),
    path(f"{REQUEST}/letters/<int:pk>", letters.letter_detail, name="letter_detail"),
    path(
        f"{REQUEST}/letters/not-decided",
        letters.request_letter_not_decided,
        name="request_letter_not_decided",
    ),
    path(
        f"{REQUEST}/letters/refusal", letters.request_letter_refusal, name="request_letter_refusal"
    ),
    path(f"{REQUEST}/peer-to-peer", peer_to_peer.request_peer_to_peer, name="request_peer_to_peer"),
    path(CRITERIA, criteria.request_criteria, name="request_criteria"),
    path(f"{CRITERIA}/open", criteria.request_criteria_open, name="request_criteria_open"),
    path(
        f"{CRITERIA}/take-over",
        criteria.request_criteria_take_over,
        name="request_criteria_take_over",
    ),
    path(f"{CRITERIA}/<int:pk>", criteria.request_criterion, name="request_criterion"),
    path(
        f"{CRITERIA}/<int:pk>/evidence",
        criteria.request_criterion_evidence,
        name="request_criterion_evidence",
    ),
    path(
        f"{CRITERIA}/<int:pk>/evidence/<int:evidence>/remove",
        criteria.request_criterion_evidence_remove,
        name="request_criterion_evidence_remove",
    ),
    path(f"{REQUEST}/withdraw", verbs.request_withdraw, name="request_withdraw"),
    path(f"{REQUEST}/dismiss", verbs.request_dismiss, name="request_dismiss"),
    path(
        f"{REQUEST}/no-authorization-required",
        verbs.request_no_authorization_required,
        name="request_no_authorization_required",
    ),
    path(f"{REQUEST}/close", verbs.request_close, name="request_close"),
    path(f"{REQUEST}/reopen", verbs.request_reopen, name="request_reopen"),
    path(
        f"{REQUEST}/lines/<int:position>/policy",
        policy_choices.policy_choose,
        name="policy_choose",
    ),
    path(
        f"{REQUEST}/lines/<int:position>/determination",
        determinations.determination_sign,
        name="determination_sign",
    ),
    path(DETERMINATION, determinations.determination_detail, name="determination_detail"),
    path(
        f"{DETERMINATION}/capsule.json",
        determinations.determination_capsule,
        name="determination_capsule",
    ),
    path(
        f"{DETERMINATION}/correct",
        determinations.determination_correct,
        name="determination_correct",
    ),
    path(f"{DETERMINATION}/notices/send", notices.notice_send, name="notice_send"),
    path(f"{DETERMINATION}/notices/<int:notice>", notices.notice_detail, name="notice_detail"),
    path(
        f"{DETERMINATION}/told-by-phone",
        letters.determination_told_by_phone,
        name="determination_told_by_phone",
    ),
    path(f"{DETERMINATION}/appeal", appeals.appeal_new, name="appeal_new"),
    path("clocks/simulation", simulation.clock_simulation, name="clock_simulation"),
    path("corrections", corrections.correction_list, name="correction_list"),
    path("corrections/<int:pk>/approve", corrections.correction_approve, name="correction_approve"),
    path("corrections/<int:pk>/decline", corrections.correction_decline, name="correction_decline"),
    path(
        "reports/information-integrity",
        integrity.information_integrity,
        name="information_integrity",
    ),
    path(
        "reports/information-integrity/csv",
        integrity.information_integrity_csv,
        name="information_integrity_csv",
    ),
    path("appeals/", appeals.appeal_list, name="appeal_list"),
    path(APPEAL, appeals.appeal_detail, name="appeal_detail"),
    path(f"{APPEAL}/clocks", clocks.appeal_clocks, name="appeal_clocks"),
    path(f"{APPEAL}/assign", appeals.appeal_assign, name="appeal_assign"),
    path(f"{APPEAL}/decide", appeals.appeal_decide, name="appeal_decide"),
    path(APPEAL_CRITERIA, appeal_criteria.appeal_criteria, name="appeal_criteria"),
    path(
        f"{APPEAL_CRITERIA}/open", appeal_criteria.appeal_criteria_open, name="appeal_criteria_open"
    ),
    path(
        f"{APPEAL_CRITERIA}/take-over",
        appeal_criteria.appeal_criteria_take_over,
        name="appeal_criteria_take_over",
    ),
    path(f"{APPEAL_CRITERIA}/<int:pk>", appeal_criteria.appeal_criterion, name="appeal_criterion"),
    path(
        f"{APPEAL_CRITERIA}/<int:pk>/evidence",
        appeal_criteria.appeal_criterion_evidence,
        name="appeal_criterion_evidence",
    ),
    path(
        f"{APPEAL_CRITERIA}/<int:pk>/evidence/<int:evidence>/remove",
        appeal_criteria.appeal_criterion_evidence_remove,
        name="appeal_criterion_evidence_remove",
    ),
    path(f"{APPEAL}/withdraw", appeals.appeal_withdraw, name="appeal_withdraw"),
    path(
        f"{APPEAL}/outside-decision",
        appeals.appeal_outside_decision,
        name="appeal_outside_decision",
    ),
    path(f"{APPEAL}/notice", appeal_notices.appeal_notice_send, name="appeal_notice_send"),
    path(
        f"{APPEAL}/notice/<int:pk>",
        appeal_notices.appeal_notice_detail,
        name="appeal_notice_detail",
    ),
    path(
        f"{APPEAL}/told-by-phone",
        appeal_notices.appeal_told_by_phone,
        name="appeal_told_by_phone",
    ),
    path(f"{APPEAL}/extend", acts.appeal_extend, name="appeal_extend"),
    path(f"{APPEAL}/more-time", acts.appeal_more_time, name="appeal_more_time"),
    path(
        f"{APPEAL}/extension/withdraw",
        acts.appeal_extension_withdraw,
        name="appeal_extension_withdraw",
    ),
    path(f"{APPEAL}/urgency", acts.appeal_urgency, name="appeal_urgency"),
    path(f"{APPEAL}/expedite/refuse", acts.appeal_expedite_refuse, name="appeal_expedite_refuse"),
    path(f"{APPEAL}/receipt", receipts.appeal_receipt, name="appeal_receipt"),
    path(f"{APPEAL}/events/new", recording.appeal_event_new, name="appeal_event_new"),
    path(f"{APPEAL}/clocks/what-if", what_if.appeal_what_if, name="appeal_what_if"),
    path(
        f"{APPEAL}/clocks/start/<slug:duty>",
        recording.appeal_clock_start,
        name="appeal_clock_start",
    ),
    path(f"{APPEAL}/letters/refusal", letters.appeal_letter_refusal, name="appeal_letter_refusal"),
]

urlpatterns = [
    path("", include((review, "reviewer"))),
    path("", include("policies.urls")),
    re_path("^accounts/(?:email|confirm-email|password/reset)/", pages.by_mail),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
]
