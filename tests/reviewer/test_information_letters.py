"""The letter that asks for information: to whom, what it says, and what it does to the clock."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from policies.models import LineOfBusiness
from reviewer.clocks import EventType
from reviewer.models import Clock, ClockEvent, InformationRequest, Notice, Urgency
from reviewer.workflow.acts.urgency import attest_urgency
from reviewer.workflow.acts.writing import keep_letter
from reviewer.workflow.capsules import sha256
from reviewer.workflow.clocks import decision_clock, recompute
from reviewer.workflow.criteria import open_review
from reviewer.workflow.information import Wanted, ask_for_information, open_criteria
from tests import factories
from tests.cast import enter_coverage
from tests.factories import now
from tests.reviewer.pages import post

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def claimed(cast):
    return factories.make_claimed(cast)


def urgent(cast, **facts):
    """An urgent claim of a group plan: 29 CFR 2560.503-1(f)(2)(i)."""
    coverage = enter_coverage(cast.member, LineOfBusiness.COMMERCIAL_SELF_FUNDED, "Harbor Plan")
    attested = {"urgency": Urgency.EXPEDITED, "urgency_attested_by": "Dr. L. Shore"}
    return factories.make_claimed(cast, coverage=coverage, **attested | facts)


def asked_of(request, by, **facts):
    at = factories.now()
    usual = {
        "items": [Wanted("The plan of care.")],
        "recipient": "provider",
        "channel": "fax",
        "words": "",
        "answer_due_at": at + 3 * DAY,
    }
    return ask_for_information(request=request, by=by, at=at, **usual | facts)


def day(moment):
    return f"{timezone.localtime(moment):%B} {timezone.localtime(moment).day}, {moment:%Y}"


def flat(body):
    return " ".join(body.split())


def test_the_letter_is_kept_with_its_exact_words_and_hash(cast, claimed):
    asked = asked_of(claimed, cast.nurse)

    letter = asked.letter
    assert (letter.kind, letter.recipient, letter.channel) == (
        "information_request",
        "provider",
        "fax",
    )
    assert letter.sha256 == sha256(letter.body)
    assert asked.milestone.after["letters"] == [{"letter": letter.pk, "sha256": letter.sha256}]


def test_it_says_what_why_until_when_how_and_what_if_nothing_comes(cast, claimed):
    version = factories.make_version(cast)
    open_review(request=claimed, version=version, by=cast.nurse, at=factories.now())
    criterion = open_criteria(claimed)[0]
    items = [Wanted(criterion.text, criterion), Wanted("The plan of care.")]

    asked = asked_of(claimed, cast.nurse, items=items, words="Please send the newest.")

    body, due = flat(asked.letter.body), asked.answer_due_at
    assert f"1. Records that show whether this is so: “{flat(criterion.text)}”" in body
    assert "Why: this is I.A of policy 0298, " in body
    assert f"version {version.ordinal}. What we have does not show it." in body
    assert "2. The plan of care." in body
    assert "Please send the newest." in body
    assert f"Send it by {day(due)}" in body
    assert f"Write {claimed.number} on every page." in body
    decided_by = decision_clock(claimed).due_at
    assert f"We must decide by {day(decided_by)}" in body
    assert "this letter gives us no more time" in body
    # 29 CFR 2560.503-1(f)(2)(iii): an extension is told by a notice of its own
    assert "If we take more time, another letter says so." in body
    assert "Dear Lakeside Clinic," in body


def test_to_the_member_it_speaks_to_the_member(cast, claimed):
    body = flat(asked_of(claimed, cast.nurse, recipient="member", channel="mail").letter.body)

    assert "Dear Ada Winter," in body
    assert "Your doctor may send it for you." in body


def test_without_a_day_it_says_when_we_decide(cast, claimed):
    body = flat(asked_of(claimed, cast.nurse, answer_due_at=None).letter.body)

    assert "Send it as soon as you can." in body


def test_what_is_asked_for_by_telephone_has_no_letter(cast, claimed):
    asked = asked_of(claimed, cast.nurse, channel="phone")

    assert asked.letter is None
    assert not Notice.objects.exists()


def test_of_a_plain_request_only_who_is_asked_has_the_letter_and_no_clock_waits(cast, claimed):
    before = decision_clock(claimed).due_at

    asked_of(claimed, cast.nurse)

    assert [one.recipient for one in Notice.objects.all()] == ["provider"]
    assert decision_clock(claimed).due_at == before
    assert not ClockEvent.objects.filter(type=EventType.DEFICIENCY_NOTICE_SENT.value).exists()


def test_of_an_urgent_claim_the_claimant_is_told_too_and_the_clock_waits_by_its_rule(cast):
    # (f)(2)(i): the claimant is told what is missing; 48 hours to answer, then 48 to decide
    request = urgent(cast)

    asked = asked_of(request, cast.nurse)

    provider, member = Notice.objects.order_by("pk")
    assert (provider.recipient, provider.channel) == ("provider", "fax")
    assert (member.recipient, member.channel) == ("member", "mail")
    assert "We ask Lakeside Clinic for what follows" in flat(member.body)
    assert "We ask Lakeside Clinic" not in flat(provider.body)
    for letter in (provider, member):
        assert "We decide within 48 hours after we receive it." in flat(letter.body)
        assert "This time is yours by law (29 CFR 2560.503-1(f)(2)(i)" in flat(letter.body)
    clock = decision_clock(request)
    assert clock.applied_rule_id == "ERISA.URG.INC"
    assert clock.due_at == asked.sent_at + timedelta(hours=96)
    notice = Clock.objects.get(request=request, duty="deficiency_notice")
    assert notice.stopped_at == asked.sent_at
    assert recompute([request], at=factories.now()) == []


def test_after_24_hours_the_letter_is_no_notice_and_says_when_we_must_decide(cast):
    request = urgent(cast, received_at=factories.now() - timedelta(hours=25))
    before = decision_clock(request).due_at

    asked = asked_of(request, cast.nurse)

    assert decision_clock(request).due_at == before
    assert f"We must decide by {day(before)}" in flat(asked.letter.body)
    assert "within 48 hours after" not in flat(asked.letter.body)


def test_of_a_request_that_was_made_urgent_no_more_time_is_spoken_of(cast, claimed):
    # 29 CFR 2560.503-1(f)(2)(i) has no extension, though the standard row that came before has
    attest_urgency(
        of=claimed, attested_by="Dr. L. Shore", asked_by="physician", by=cast.nurse, at=now()
    )

    body = flat(asked_of(claimed, cast.nurse, answer_due_at=None).letter.body)

    assert f"We must decide by {day(decision_clock(claimed).due_at)}" in body
    assert "another letter says so" not in body


ASKED = {"wanted": "The plan of care.", "recipient": "provider", "channel": "fax"}


def address(request):
    return reverse("reviewer:request_information", args=[request.number])


def test_the_letter_is_read_before_it_goes_and_reading_has_no_effect(cast, sign_in, claimed):
    client = sign_in(cast.nurse)

    read = post(client, address(claimed), **ASKED, act="read").content.decode()

    assert "WE NEED INFORMATION TO DECIDE A REQUEST" in read
    assert "The plan of care." in read
    assert not InformationRequest.objects.exists()
    assert not Notice.objects.exists()


def test_what_was_read_is_what_goes_and_is_shown_as_it_went(cast, sign_in, claimed):
    client = sign_in(cast.nurse)
    read = post(client, address(claimed), **ASKED, act="read").content.decode()

    post(client, address(claimed), **ASKED)

    letter = Notice.objects.get()
    shown = reverse("reviewer:letter_detail", args=[claimed.number, letter.pk])
    page = client.get(shown).content.decode()
    as_it_was_read = read.partition('<pre class="letter">')[2].partition("</pre>")[0]
    assert as_it_was_read == page.partition('<pre class="letter">')[2].partition("</pre>")[0]
    assert shown in client.get(claimed.get_absolute_url()).content.decode()


@pytest.mark.parametrize("typed", [{"wanted": ""}, {"recipient": ""}, {"channel": ""}])
def test_a_letter_without_its_facts_is_not_shown(cast, sign_in, claimed, typed):
    page = post(sign_in(cast.nurse), address(claimed), **ASKED | typed, act="read")

    assert page.status_code == 200
    assert "WE NEED INFORMATION" not in page.content.decode()


@pytest.mark.parametrize("who", ["intake", "auditor", "policy_editor"])
def test_who_reviews_nothing_reads_no_letter(cast, sign_in, claimed, who):
    assert post(sign_in(getattr(cast, who)), address(claimed), **ASKED, act="read").status_code in (
        403,
        404,
    )


def test_a_letter_is_not_shown_under_the_number_of_another_request(cast, sign_in, claimed):
    letter, other = asked_of(claimed, cast.nurse).letter, factories.make_claimed(cast)
    client = sign_in(cast.nurse)

    for request, status in ((claimed, 200), (other, 404)):
        shown = reverse("reviewer:letter_detail", args=[request.number, letter.pk])
        assert client.get(shown).status_code == status


def test_who_sees_no_appeals_reads_no_letter_of_one(cast, sign_in, claimed):
    letter = asked_of(claimed, cast.nurse).letter
    appeal = factories.make_appeal(cast, factories.make_denied(cast, request=claimed))
    of_appeal = keep_letter(
        appeal, kind="expedite_refusal", body="Not urgent.\n", channel="mail",
        recipient="member", by=cast.physician, at=factories.now(),
    )  # fmt: skip

    for one, status in ((letter, 200), (of_appeal, 404)):
        shown = reverse("reviewer:letter_detail", args=[claimed.number, one.pk])
        assert sign_in(cast.intake).get(shown).status_code == status
