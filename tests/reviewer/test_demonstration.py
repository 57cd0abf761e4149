"""The demonstration: what it promises to show, and that loading it is safe."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password

from policies.models import Bulletin, LineOfBusiness, Version
from reviewer.demonstration import PASSWORD, SIGN_INS, loading
from reviewer.demonstration.members import npi
from reviewer.demonstration.steps import Case, Claim
from reviewer.models import (
    ActiveDetermination,
    Appeal,
    AppealDecision,
    Clock,
    Credential,
    Determination,
    Document,
    Event,
    Ground,
    InformationItem,
    InformationRequest,
    Outcome,
    Provider,
    Referral,
    Request,
    Reviewer,
    ReviewType,
    Role,
    Urgency,
)
from reviewer.time import now
from reviewer.views.referrals import referrals_of
from reviewer.workflow.capsules import verify
from reviewer.workflow.clocks import recompute

pytestmark = [pytest.mark.usefixtures("demonstration"), pytest.mark.django_db]


def values(model, field):
    return set(model.objects.values_list(field, flat=True))


def test_every_role_has_a_person_and_at_least_fourteen_work_here():
    assert values(Reviewer, "role") == set(Role)
    assert Reviewer.objects.count() >= 14


def test_one_sign_in_for_every_role_with_a_password_that_the_site_would_accept():
    roles = [User.objects.get(username=name).reviewer.role for name, _ in SIGN_INS]

    assert set(roles) == set(Role)
    for name, words in SIGN_INS:
        user = authenticate(username=name, password=PASSWORD)
        assert words.startswith(user.reviewer.get_role_display())
        validate_password(PASSWORD, user)


def test_documents_of_every_kind_of_file_are_there_with_one_that_nobody_opened():
    kinds = {one.content.media_type for one in Document.objects.told()}
    unread = Document.objects.told().in_use().filter(attention=None)

    assert {"application/pdf", "image/png", "text/plain"} <= kinds
    assert unread.exists()
    assert Document.objects.filter(set_aside__isnull=False, dated_on__isnull=False).exists()
    assert Document.objects.filter(dated_on=None).exists()


def test_licenses_include_one_that_has_ended_and_one_that_ends_soon():
    today = now().date()
    ends = [one.valid_to for one in Credential.objects.all()]

    assert any(day < today for day in ends)
    assert any(today <= day < today + timedelta(days=30) for day in ends)


def test_some_physicians_report_to_others_and_scopes_differ():
    physicians = Reviewer.objects.filter(role=Role.PHYSICIAN_REVIEWER)

    assert physicians.filter(reports_to__role=Role.PHYSICIAN_REVIEWER).count() >= 2
    assert len({tuple(one.lines_of_business) for one in physicians}) >= 3


def test_check_digit_is_that_of_the_standard():
    assert npi(123456789) == "1234567893"  # the example in CMS's own description of the digit


def test_every_provider_has_its_own_number():
    assert len(values(Provider, "npi")) == Provider.objects.count() >= 10


def test_sixty_requests_or_more_in_every_state_line_of_business_urgency_and_review_type():
    assert Request.objects.count() >= 60
    assert values(Request, "state") == set(Request.State)
    assert values(Request, "line_of_business") == set(LineOfBusiness)
    assert values(Request, "urgency") == set(Urgency)
    assert values(Request, "review_type") == set(ReviewType)
    assert len(values(Request, "channel")) >= 4


def test_every_milestone_happened_to_some_request():
    assert values(Event, "name") == set(Event.Name)


def test_a_talk_that_was_asked_for_has_its_limit_and_was_made_available_in_time():
    clock = Clock.objects.get(duty="peer_to_peer")

    assert clock.rule_id == "URAC.P2P"
    assert clock.stopped_at < clock.due_at


def test_information_is_asked_for_by_letter_and_no_longer_awaited_once_it_was_decided():
    assert InformationRequest.objects.filter(letter__kind="information_request").exists()
    assert InformationRequest.objects.filter(ending="overtaken").exists()
    assert not InformationRequest.objects.waiting().exclude(request__state="incomplete").exists()


def test_a_referral_shows_criteria_that_stand_against_the_request():
    shown = [
        one
        for referral in Referral.objects.exclude(criteria_review=None)
        for one in referrals_of(referral.request, referral.referred_by)
    ]
    assert any(one.against for one in shown)


def test_determinations_show_every_outcome_and_every_ground():
    assert values(Determination, "outcome") == set(Outcome)
    assert values(Determination, "ground") == {*Ground, ""}
    assert Determination.objects.filter(replaces__isnull=False, appeal_decision=None).exists()


def test_appeals_show_every_state_and_every_outcome():
    assert values(Appeal, "state") == set(Appeal.State)
    assert values(AppealDecision, "outcome") == set(AppealDecision.Outcome)


def test_overturned_appeal_left_its_new_determination_active():
    for decision in AppealDecision.objects.filter(outcome=AppealDecision.Outcome.OVERTURNED):
        held = ActiveDetermination.objects.get(line=decision.determination.line).determination
        assert held.replaces == decision.determination
        assert held.outcome == Outcome.APPROVED


def test_decisions_are_due_all_around_today():
    at = now()
    due = [one - at for one in values(Request, "decision_due_at") if one]

    assert Request.objects.overdue(at).exists()
    assert any(timedelta(0) < left < timedelta(hours=8) for left in due)
    assert any(timedelta(days=2) < left < timedelta(days=20) for left in due)
    assert Determination.objects.filter(signed_at__lt=at - timedelta(weeks=3)).exists()


def test_one_request_names_a_code_that_no_bulletin_names():
    assert Request.objects.filter(lines__code="98940").exists()
    assert not Version.objects.filter(code_groups__rows__spans__low="98940").exists()


def test_information_is_asked_for_thing_by_thing():
    asked = Event.objects.filter(name=Event.Name.INFORMATION_REQUESTED)
    named = InformationItem.objects.values_list("information_request__milestone", flat=True)

    assert asked
    assert set(asked.values_list("pk", flat=True)) == set(named)


def test_every_capsule_agrees_with_the_record():
    assert [verify(one) for one in Determination.objects.all() if verify(one)] == []


def test_every_limit_is_kept_as_it_is_computed_whenever_that_is():
    assert Clock.objects.count() > Request.objects.count()
    assert recompute(Request.objects.all(), at=now() + timedelta(days=400)) == []


def test_plain_rationales_are_short_sentences():
    for text in values(Determination, "rationale_plain"):
        sentences = [one for one in text.replace("?", ".").split(".") if one.strip()]
        words = len(text.split())
        assert words / len(sentences) <= 20, text


def test_second_loading_changes_nothing():
    before = (Event.objects.count(), User.objects.count(), Bulletin.objects.count())

    loading.load(at=now())

    assert (Event.objects.count(), User.objects.count(), Bulletin.objects.count()) == before


def test_step_in_the_future_is_refused(monkeypatch):
    story = Case("winter", "lakeside", "bridge", 4, ("M54.2",), (), "", (Claim("rokafor", 5),))
    monkeypatch.setattr(loading, "EVERY", (story,))

    with pytest.raises(ValueError, match="in the future"):
        loading.in_order_of_time(now())
