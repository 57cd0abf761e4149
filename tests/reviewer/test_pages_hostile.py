"""No page fails on what a hostile browser sends: NUL bytes, huge numbers, days that are none."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from tests import factories
from tests.policies.library import published
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db

NUL, HUGE = "a\x00b", "9" * 30
WORDS = [NUL, HUGE, "-1", "x" * 5000, "0001-01-01", "9999-12-31", "%", "²"]


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    "path",
    [
        "/requests/{}",
        "/requests/{}/claim",
        "/requests/{}/determinations/1",
        "/requests/R-26-00001/determinations/{}",
        "/requests/R-26-00001/lines/{}/determination",
        "/appeals/{}",
        "/policies/{}/",
        "/policies/{}/v1",
        "/policies/0907/v{}",
        "/policies/{}/v1/source",
        "/codes/{}/",
        "/codes/cpt/{}/",
        "/codes/{}/97545/",
    ],
)
def test_an_address_of_nothing_is_not_found(path, cast, sign_in):
    client = sign_in(cast.nurse)
    for word in WORDS:
        response = client.get(path.format(quote(word, safe="")), follow=True)

        assert response.status_code in (404, 405), word


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/", ["due", "after", "state", "urgency", "line"]),
        (
            "/queue",
            [
                "due",
                "after",
                "state",
                "urgency",
                "line",
                "assignee",
                "specialty",
                "code",
                "bulletin",
            ],
        ),
        ("/search", ["q"]),
        ("/appeals/", ["show"]),
        ("/policies/", ["words", "after"]),
        ("/policies/0907/", ["on", "code"]),
        ("/policies/0907/v1", ["on", "code"]),
        ("/codes/cpt/", ["starts", "after"]),
        ("/codes/cpt/97545/", ["on", "diagnosis", "line_of_business", "state"]),
    ],
)
def test_a_hostile_query_string_is_answered(path, names, cast, sign_in):
    client = sign_in(cast.nurse)
    published()
    factories.make_request(cast)
    for name in names:
        for word in WORDS:
            response = client.get(path, {name: word}, follow=True)

            assert response.status_code < 500, (name, word)


@pytest.mark.parametrize(
    "key",
    ["0_0001-01-01T00:00_1", "0_9999-12-31T23:59:59-14:00_1", f"{HUGE}__{HUGE}", "0_\x00_1",
     "-1__-1", "0_2026-01-01T00:00_5", "1_0001-01-01T00:00+14:00_5"],
)  # fmt: skip
def test_a_key_that_no_page_gave_begins_anywhere(key, cast, sign_in):
    factories.make_request(cast)
    assert sign_in(cast.nurse).get("/queue", {"after": key}).status_code == 200


@pytest.fixture
def address(cast):
    appeal = factories.make_assigned_appeal(cast)
    number, pk = appeal.request.number, appeal.determination.pk

    def find(name):
        if name.startswith("appeal_") and name != "appeal_new":
            words = [appeal.number]
        elif name == "determination_sign":
            words = [number, 1]
        elif name.startswith(("determination_", "notice_")) or name == "appeal_new":
            words = [number, pk]
        elif name == "request_new":
            words = []
        else:
            words = [number]
        return reverse(f"reviewer:{name}", args=words)

    return find


FORMS = {
    "request_claim": ("nurse", ["line"]),
    "request_assign": ("supervisor", ["to"]),
    "request_refer": ("nurse", ["recommendation", "reasons", "specialty"]),
    "request_information": ("nurse", ["wanted", "criteria", "answer_due_at", "channel"]),
    "request_peer_to_peer": ("nurse", ["clinician", "happened_at", "proposed_for"]),
    "request_return": ("physician", ["question"]),
    "request_information_received": ("nurse", ["what", "items", "is_all"]),
    "request_withdraw": ("nurse", ["reason"]),
    "request_reopen": ("nurse", ["reason"]),
    "determination_sign": (
        "physician",
        ["ground", "outcome", "reason", "reason_text", "units_granted", "starts_on", "ends_on",
         "rationale_clinical", "rationale_plain", "version", "version_note", "passages",
         "password"],
    ),
    "determination_correct": ("physician", ["correction-reason", "version", "passages", "reason"]),
    "notice_send": ("nurse", ["recipient", "channel"]),
    "appeal_new": (
        "appeals_coordinator",
        ["initiator", "initiator_name", "urgency", "channel", "received_at", "grounds"],
    ),
    "appeal_assign": ("supervisor", ["to"]),
    "appeal_decide": (
        "other_physician",
        ["outcome", "root_cause", "substance", "rationale_clinical", "new-outcome", "new-version",
         "new-passages", "new-reason"],
    ),
    "appeal_withdraw": ("appeals_coordinator", ["reason"]),
    "appeal_notice_send": ("nurse", ["recipient", "channel"]),
    "appeal_told_by_phone": ("nurse", ["recipient", "told"]),
    "request_new": (
        "intake",
        ["act", "member-number", "member-given_name", "member-born_on", "member-coverage",
         "member-jurisdiction", "member-covered_from", "requesting-npi", "requesting-name",
         "servicing-npi", "review_type", "urgency", "channel", "received_at", "summary",
         "lines-TOTAL_FORMS", "lines-INITIAL_FORMS", "lines-0-code", "lines-0-modifiers",
         "lines-0-units", "lines-0-starts_on", "lines-0-ends_on", "lines-0-pointers",
         "diagnoses-TOTAL_FORMS", "diagnoses-0-code"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_hostile_form_comes_back(name, cast, sign_in, address):
    role, fields = FORMS[name]
    client, at = sign_in(getattr(cast, role)), address(name)
    for word in [*WORDS, "9" * 999]:
        for field in fields:
            assert post(client, at, **{field: word}).status_code < 500, (field, word)


@pytest.mark.parametrize("act", ["find", "line", "diagnosis"])
def test_a_hostile_intake_goes_on(act, cast, sign_in):
    client = sign_in(cast.intake)
    for word in WORDS:
        for field in [
            "member-number",
            "requesting-npi",
            "lines-TOTAL_FORMS",
            "diagnoses-TOTAL_FORMS",
        ]:
            response = post(client, "/requests/new", act=act, **{field: word})

            assert response.status_code == 200, (field, word)


@pytest.mark.parametrize(
    "path", ["email/", "confirm-email/", "confirm-email/x/", "password/reset/"]
)
def test_a_mailbox_is_no_way_into_an_account(path, cast, client, mailoutbox):
    cast.nurse.user.email = "rosa@example.org"
    cast.nurse.user.save()
    typed = {"email": "rosa@example.org", "action_add": ""}

    assert client.post(f"/accounts/{path}", typed).headers["Location"].startswith("/accounts/login")
    client.force_login(cast.nurse.user)
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}", typed).status_code == 404
    assert mailoutbox == []
