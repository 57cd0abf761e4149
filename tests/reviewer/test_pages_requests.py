"""The workspace: what governs and why, what was decided, and what a person may do."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reviewer.models import Request
from reviewer.workflow.criteria import point_to_evidence
from reviewer.workflow.requests import (
    claim_request,
    receive_information,
    release_request,
    request_information,
)
from tests import factories
from tests.reviewer.pages import load_few_codes, post, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast):
    return factories.make_version(cast)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_resolver_says_why_a_version_governs(cast, sign_in, version):
    request = factories.make_claimed(cast)
    day = request.lines.get().starts_on

    page = text(sign_in(cast.nurse).get(request.get_absolute_url()))

    assert (
        "0298 version 1, because this line of business goes by date of service "
        f"(<time>{day}</time>) and version 1 is in effect from <time>2025-01-01</time>." in page
    )
    assert "Not covered" in page
    assert "Exact code" in page
    assert "In range S00.00X+ - T88.9XX+" in page


def test_passages_lead_to_their_permanent_address(cast, sign_in, version):
    request = factories.make_claimed(cast)

    page = text(sign_in(cast.nurse).get(request.get_absolute_url()))

    assert "Work hardening and work conditioning programs, whether billed" in page
    assert 'href="/policies/0298/v1#criteria-I-A"' in page
    assert "any of these" in page
    assert "These programs" not in page


def test_a_near_miss_stands_under_the_sentence(cast, sign_in, version):
    start = timezone.localdate() + timedelta(days=400)
    factories.make_version(cast, file="0298-v1-vocational-rehabilitation.txt", effective_from=start)
    request = factories.make_claimed(cast)

    page = text(sign_in(cast.nurse).get(request.get_absolute_url()))

    assert f"Version 2 takes effect on <time>{start}</time>" in page


def test_a_near_miss_that_the_sentence_tells_is_not_told_again(cast, sign_in):
    factories.make_version(
        cast, file="1246-v1-peripheral-nerve-spinal-procedures.txt", effective_from=None
    )
    request = factories.make_claimed(cast, lines=[factories.line("64628")])

    page = text(sign_in(cast.nurse).get(request.get_absolute_url()))

    assert page.count("version 1 states no effective date.") == 1
    assert "Version 1 states no effective date." not in page


def test_what_excludes_is_a_list_and_not_a_rule(cast, sign_in):
    factories.make_version(
        cast, file="1246-v1-peripheral-nerve-spinal-procedures.txt", effective_from=None
    )
    request = factories.make_claimed(cast, lines=[factories.line("64628")])

    page = text(sign_in(cast.nurse).get(request.get_absolute_url()))

    assert "The plan considers each of the following experimental" in page
    assert "all of these" not in page


def test_that_no_bulletin_names_a_code_is_said(cast, sign_in, version):
    request = factories.make_claimed(cast, lines=[factories.line("99999")])

    page = text(sign_in(cast.nurse).get(request.get_absolute_url()))

    assert "No bulletin names 99999." in page
    assert "neither covered nor not covered" in page


def test_lines_that_the_same_bulletins_govern_stand_together(cast, sign_in, version):
    lines = [factories.line("97545"), factories.line("97546"), factories.line("99999")]
    request = factories.make_claimed(cast, lines=lines)

    response = sign_in(cast.nurse).get(request.get_absolute_url())

    assert [one.heading for one in response.context["bench"].groups] == ["Lines 1 and 2", "Line 3"]


def test_bulletins_that_differ_are_called_a_contradiction(cast, sign_in):
    factories.make_version(cast, file="0614-v1-outpatient-physical-therapy.txt")
    factories.make_version(cast, file="1246-v1-peripheral-nerve-spinal-procedures.txt")
    traction = factories.make_claimed(cast, lines=[factories.line("97012")])
    exercise = factories.make_claimed(cast, lines=[factories.line("97110")])
    client = sign_in(cast.nurse)

    page = text(client.get(traction.get_absolute_url()))

    assert "97012 is named with different stances" in page
    assert "covered if criteria met in 0614" in page
    assert "not covered in 1246" in page
    assert "Contradiction." not in text(client.get(exercise.get_absolute_url()))


def test_a_physician_reads_the_recommendation_first(cast, sign_in, version):
    request = factories.make_referral(cast).request

    page = text(sign_in(cast.physician).get(request.get_absolute_url()))

    assert page.index("Rosa Okafor recommends: deny") < page.index("Governing passages")
    assert "The plan of care names a job, not daily living." in page


def test_the_timeline_uses_the_names_of_the_events(cast, sign_in, version):
    request = factories.make_referral(cast).request

    page = text(sign_in(cast.physician).get(request.get_absolute_url()))

    assert "Clinical review started" in page
    assert "Referred to a physician" in page


def test_the_due_time_shows_its_rule_and_arithmetic(cast, sign_in, version):
    request = factories.make_claimed(cast)

    page = text(sign_in(cast.nurse).get(request.get_absolute_url()))

    assert request.decision_rule in page
    assert "29 CFR 2560.503-1(f)(2)(iii)(A)" in page
    assert "15 calendar days" in page


def labels(response):
    actions = response.context["actions"]
    return [one.label for one in (*actions.shown, *actions.more)]


def test_who_has_the_request_may_ask_refer_and_decide(cast, sign_in):
    request = factories.make_claimed(cast)

    response = sign_in(cast.nurse).get(request.get_absolute_url())

    assert {"Ask for information", "Refer to a physician", "Give back to the queue"} <= set(
        labels(response)
    )
    assert reverse("reviewer:determination_sign", args=[request.number, 1]) in text(response)


def test_a_referral_that_waits_for_information_is_not_offered_to_a_nurse(cast, sign_in):
    request = factories.make_claimed(cast)
    factories.make_referral(cast, request)
    claim_request(request=request, by=cast.physician, at=timezone.now())
    request_information(request=request, wanted="A plan.", by=cast.physician, at=timezone.now())
    release_request(request=request, by=cast.physician, at=timezone.now())

    response = sign_in(cast.nurse).get(request.get_absolute_url())

    assert "Take this request" not in labels(response)
    assert "It was referred: a physician takes it from the queue." in text(response)


def test_whoever_has_not_taken_it_is_told_why_they_cannot_decide(cast, sign_in):
    request = factories.make_claimed(cast)

    response = sign_in(cast.physician).get(request.get_absolute_url())

    assert "Rosa Okafor has it." in text(response)
    assert reverse("reviewer:determination_sign", args=[request.number, 1]) not in text(response)


@pytest.mark.parametrize(
    ("role", "offered"),
    [("auditor", []), ("appeals_coordinator", ["Correct a time of receipt"])],
)
def test_readers_are_offered_nothing_to_do_but_what_they_know(cast, sign_in, role, offered):
    request = factories.make_claimed(cast)

    assert labels(sign_in(getattr(cast, role)).get(request.get_absolute_url())) == offered


def test_a_supervisor_may_assign_and_does_not_decide(cast, sign_in):
    request = factories.make_claimed(cast)

    response = sign_in(cast.supervisor).get(request.get_absolute_url())

    assert "Assign" in labels(response)
    assert "Decide" not in labels(response)


def test_governing_version_that_changed_since_it_was_read_is_marked(cast, sign_in, version):
    request = factories.make_claimed(cast)
    client = sign_in(cast.nurse)
    assert "changed since you last read it (" not in text(client.get(request.get_absolute_url()))
    client.get("/policies/0298/")
    on = request.lines.get().starts_on
    factories.make_version(cast, file="0298-v1-vocational-rehabilitation.txt", effective_from=on)

    page = text(client.get(request.get_absolute_url()))

    assert "0298 v2 changed since you last read it (version 1, on" in page
    assert 'href="/policies/0298/compare/1/2"' in page
    client.post("/policies/0298/v2/acknowledge")
    assert "changed since you last read it (" not in text(client.get(request.get_absolute_url()))


def test_a_workspace_takes_the_same_queries_whatever_the_bulletins_hold(cast, sign_in):
    load_few_codes()
    request = factories.make_claimed(cast)
    client = sign_in(cast.nurse)
    factories.make_version(cast)
    few = queries_of(client, request.get_absolute_url())

    for file in ["0614-v1-outpatient-physical-therapy.txt", "1312-v1-inpatient-rehabilitation.txt"]:
        factories.make_version(cast, file=file)

    assert queries_of(client, request.get_absolute_url()) == few


def fill(cast, version, *, codes, papers, answers):
    """A request with so much of everything that a workspace shows."""
    request = factories.make_claimed(
        cast,
        lines=[factories.line(one, diagnoses=(1, at % 2 + 1)) for at, one in enumerate(codes)],
        diagnoses=["S39.012A", "M54.50"],
    )
    for number in range(papers):
        paper = factories.make_document(cast, request, title=f"Note {number}", pages=[f"{number}"])
        at = timezone.now()
        request_information(request=request, wanted=f"Plan {number}.", by=cast.nurse, at=at)
        receive_information(request=request, what="The plan.", by=cast.nurse, at=at)
    review = factories.make_answers(cast, request, version, **answers)
    for one in review.answers.select_related("criterion"):
        facts = {"document": paper, "page": 1, "note": "", "by": cast.nurse, "at": timezone.now()}
        point_to_evidence(review=review, criterion=one.criterion, **facts)
    return request


@pytest.mark.parametrize("role", ["nurse", "physician"])
def test_a_workspace_takes_the_same_queries_however_much_the_request_holds(
    cast, sign_in, version, role
):
    load_few_codes()
    few = fill(cast, version, codes=["97545"], papers=1, answers={"I_A": "met"})
    codes = ["97545", "97546", "97110", "97537", "99999"]
    many = fill(cast, version, codes=codes, papers=4, answers={})
    client = sign_in(getattr(cast, role))

    assert queries_of(client, many.get_absolute_url()) == queries_of(client, few.get_absolute_url())


ASKED = {"recipient": "provider", "channel": "fax"}
REQUEST_VERBS = [
    ("request_refer", {"recommendation": "deny", "reasons": "No measure.", "specialty": ""},
     "reasons", Request.State.REFERRED),
    ("request_information", {"wanted": "The plan of care.", **ASKED}, "wanted",
     Request.State.INCOMPLETE),
    ("request_withdraw", {"reason": "By phone."}, "reason", Request.State.WITHDRAWN),
    ("request_dismiss", {"reason": "Sent twice."}, "reason", Request.State.DISMISSED),
    ("request_no_authorization_required", {"reason": "Not on the list."}, "reason",
     Request.State.NO_AUTHORIZATION_REQUIRED),
]  # fmt: skip


@pytest.mark.parametrize(("name", "typed", "needed", "state"), REQUEST_VERBS)
def test_a_verb_changes_the_state_with_its_words_on_record(
    cast, sign_in, name, typed, needed, state
):
    request = factories.make_claimed(cast)

    response = post(
        sign_in(cast.nurse), reverse(f"reviewer:{name}", args=[request.number]), **typed
    )

    assert response.headers["Location"] == request.get_absolute_url()
    request.refresh_from_db()
    assert request.state == state


@pytest.mark.parametrize(("name", "typed", "needed", "state"), REQUEST_VERBS)
def test_a_verb_without_its_words_comes_back(cast, sign_in, name, typed, needed, state):
    request = factories.make_claimed(cast)
    address = reverse(f"reviewer:{name}", args=[request.number])

    response = post(sign_in(cast.nurse), address, **typed | {needed: ""})

    assert "Nothing is " in text(response)
    request.refresh_from_db()
    assert request.state == Request.State.IN_REVIEW


def test_a_refusal_is_shown_at_the_form_and_what_was_typed_stays(cast, sign_in):
    request = factories.make_request(cast)
    address = reverse("reviewer:request_information", args=[request.number])

    response = post(sign_in(cast.nurse), address, wanted="The plan of care of 12 March.", **ASKED)

    assert "Reload the page to see what happened." in text(response)
    assert "The plan of care of 12 March." in text(response)


def test_information_that_came_in_lets_the_review_go_on(cast, sign_in):
    request = factories.make_claimed(cast)
    client = sign_in(cast.nurse)
    post(
        client,
        reverse("reviewer:request_information", args=[request.number]),
        wanted="A plan.",
        **ASKED,
    )

    address = reverse("reviewer:request_information_received", args=[request.number])
    post(client, address, what="Plan of care, 2 pages.", is_complete="no")

    request.refresh_from_db()
    assert request.state == Request.State.IN_REVIEW


def test_a_supervisor_assigns_only_to_who_sees_the_line_of_business(cast, sign_in):
    request = factories.make_request(cast)
    address = reverse("reviewer:request_assign", args=[request.number])
    client = sign_in(cast.supervisor)

    offered = set(client.get(address).context["form"].fields["to"].queryset)
    post(client, address, to=str(cast.nurse.pk))

    assert cast.nurse in offered
    assert cast.other_nurse not in offered
    request.refresh_from_db()
    assert request.assigned_to == cast.nurse


def test_what_is_given_back_is_in_the_queue_again(cast, sign_in):
    request = factories.make_claimed(cast)

    post(sign_in(cast.nurse), reverse("reviewer:request_release", args=[request.number]))

    request.refresh_from_db()
    assert request.assigned_to is None


def test_a_claim_that_is_refused_says_why_on_the_page(cast, sign_in):
    request = factories.make_claimed(cast)
    client = sign_in(cast.physician)

    post(client, reverse("reviewer:request_claim", args=[request.number]))

    assert "Rosa Okafor has taken request" in text(client.get(request.get_absolute_url()))


def test_closing_and_reopening(cast, sign_in, version):
    determination = factories.make_approved(cast, version)
    request = determination.request
    for recipient in ("member", "provider"):
        factories.make_notice(cast, determination, recipient=recipient)
    client = sign_in(cast.nurse)

    post(client, reverse("reviewer:request_close", args=[request.number]))
    request.refresh_from_db()
    assert request.state == Request.State.CLOSED

    reopen = reverse("reviewer:request_reopen", args=[request.number])
    post(client, reopen, reason="A second page was found.")
    request.refresh_from_db()
    assert request.state == Request.State.REOPENED


def keys_of(response):
    actions = response.context["actions"]
    return {one.key: one.label for one in (*actions.shown, *actions.more) if one.key}


def test_when_a_request_is_decided_the_next_is_a_key_away(cast, sign_in, version):
    decided = factories.make_approved(cast, version).request

    keys = keys_of(sign_in(cast.nurse).get(decided.get_absolute_url()))

    assert keys["n"] == "Take the next"
    assert not {"i", "d", "b"} & set(keys)


def test_what_is_in_hand_does_not_offer_the_next(cast, sign_in):
    keys = keys_of(sign_in(cast.nurse).get(factories.make_claimed(cast).get_absolute_url()))

    assert "n" not in keys
    assert (keys["i"], keys["r"], keys["b"]) == (
        "Ask for information",
        "Refer to a physician",
        "Give back to the queue",
    )


def test_criteria_that_nobody_answered_say_so_and_offer_to_begin(cast, sign_in, version):
    request = factories.make_request(cast)
    client = sign_in(cast.nurse)

    free = text(client.get(request.get_absolute_url()))
    assert "Nobody has answered these criteria." in free
    assert "Take it to answer" in free

    claim_request(request=request, by=cast.nurse, at=timezone.now())
    mine = text(client.get(request.get_absolute_url()))
    assert "Begin with I.A" in mine
    factories.make_answers(cast, request, version, I_A="met")
    assert "Nobody has answered" not in text(client.get(request.get_absolute_url()))


def test_code_rows_are_marked_with_the_line_or_the_diagnosis_that_they_name(cast, sign_in, version):
    lines = [factories.line("97545"), factories.line("97546"), factories.line("97545")]
    request = factories.make_claimed(cast, lines=lines)

    page = text(sign_in(cast.nurse).get(request.get_absolute_url()))

    assert '<span class="said">Names </span>lines 1 and 3</td>' in page
    assert '<span class="said">Names </span>line 2</td>' in page
    assert '<span class="said">Names </span>diagnosis of lines 1, 2 and 3</td>' in page
